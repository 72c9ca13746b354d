# SPDX-License-Identifier: GPL-2.0-or-later
# Gentoo's minimal install CD for arm64 of 2025: dracut without a network.

label 'Gentoo-arm64-20250309'
empty /livecd
kernel /boot/gentoo 6.12.16-gentoo-dist arm64
initrd /boot/gentoo.igz xz init usr/lib/dracut-lib.sh usr/lib/dracut/modules.txt='dmsquash-live' \
	usr/sbin/dmsquash-live-root 'lib->usr/lib' 'sbin->usr/sbin'
squashfs /image.squashfs etc/os-release='ID=gentoo' sbin/init
empty /EFI/BOOT/BOOTAA64.EFI
text /boot/grub/grub.cfg <<'MENU'
set default=0
set gfxpayload=keep
set timeout=10

menuentry 'Boot LiveCD (kernel: gentoo)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Gentoo-arm64-20250309
	linux /boot/gentoo dokeymap root=live:CDLABEL=Gentoo-arm64-20250309 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot
	initrd /boot/gentoo.igz
}
MENU
