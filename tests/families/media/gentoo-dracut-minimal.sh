# SPDX-License-Identifier: GPL-2.0-or-later
# Gentoo's minimal install CD of 2024, amd64: dracut without anything that starts a network.

label 'Gentoo-amd64-20240901'
empty /livecd
kernel /boot/gentoo 6.6.47-gentoo-dist
initrd /boot/gentoo.igz early+xz init usr/lib/dracut-lib.sh usr/lib/dracut/modules.txt='dmsquash-live' \
	usr/sbin/dmsquash-live-root 'lib->usr/lib' 'sbin->usr/sbin'
squashfs /image.squashfs etc/os-release='ID=gentoo' sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set gfxpayload=keep
set timeout=10
insmod all_video

menuentry 'Boot LiveCD (kernel: gentoo)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Gentoo-amd64-20240901
	linux /boot/gentoo dokeymap nodhcp root=live:CDLABEL=Gentoo-amd64-20240901 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot
	initrd /boot/gentoo.igz
}

menuentry 'Boot LiveCD (kernel: gentoo) (cached)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Gentoo-amd64-20240901
	linux /boot/gentoo dokeymap nodhcp root=live:CDLABEL=Gentoo-amd64-20240901 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot rd.live.ram=1
	initrd /boot/gentoo.igz
}
MENU
