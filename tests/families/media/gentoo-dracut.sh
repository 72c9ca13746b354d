# SPDX-License-Identifier: GPL-2.0-or-later
# Gentoo's minimal install CD of 2025, amd64: dracut, and NetworkManager and nfs-utils were there when it was made.

label 'Gentoo-amd64-20250316'
empty /livecd
kernel /boot/gentoo 6.12.16-gentoo-dist
initrd /boot/gentoo.igz early+xz init usr/lib/dracut-lib.sh usr/lib/dracut/modules.txt='dmsquash-live nfs network-manager' \
	usr/sbin/dmsquash-live-root usr/lib/nfs-lib.sh usr/sbin/nfsroot usr/sbin/netroot usr/sbin/NetworkManager \
	usr/libexec/nm-initrd-generator var/lib/dracut/hooks/pre-pivot/20-mount-overlayfs.sh 'lib->usr/lib' 'sbin->usr/sbin' \
	usr/sbin/mount.nfs usr/lib/modules/6.12.16-gentoo-dist/kernel/fs/nfs/nfs.ko.xz \
	usr/lib/modules/6.12.16-gentoo-dist/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.xz
squashfs /image.squashfs etc/os-release='ID=gentoo' sbin/init
kernel /memtest64.bios memtest86
empty /memtest.efi64
text /boot/grub/grub.cfg <<'MENU'
set default=0
set gfxpayload=keep
set timeout=10
insmod all_video

menuentry 'Boot LiveCD (kernel: gentoo)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Gentoo-amd64-20250316
	linux /boot/gentoo dokeymap nodhcp root=live:CDLABEL=Gentoo-amd64-20250316 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot
	initrd /boot/gentoo.igz
}

menuentry 'Boot LiveCD (kernel: gentoo) (cached)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Gentoo-amd64-20250316
	linux /boot/gentoo dokeymap nodhcp root=live:CDLABEL=Gentoo-amd64-20250316 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot rd.live.ram=1
	initrd /boot/gentoo.igz
}

menuentry 'Boot LiveCD (kernel: gentoo) (accessibility)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Gentoo-amd64-20250316
	linux /boot/gentoo dokeymap nodhcp root=live:CDLABEL=Gentoo-amd64-20250316 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot dospeakup
	initrd /boot/gentoo.igz
}

if [ "x$grub_platform" = xpc ]; then
	menuentry "Memtest86+ 64bit BIOS" {
		linux "/memtest64.bios"
	}
fi
if [ "x$grub_platform" = xefi ]; then
	menuentry "Memtest86+ 64bit UEFI" {
		chainloader "/memtest.efi64"
	}
fi
MENU
