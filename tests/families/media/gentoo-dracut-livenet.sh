# SPDX-License-Identifier: GPL-2.0-or-later
# A medium made with catalyst whose makers asked dracut for livenet.

label 'Penguin-amd64-2026.1'
empty /livecd
kernel /boot/penguin 6.12.16-penguin
dracut_initrd /boot/penguin.igz early+xz 6.12.16-penguin 'dmsquash-live livenet nfs' \
	var/lib/dracut/hooks/pre-pivot/20-mount-overlayfs.sh
squashfs /image.squashfs etc/os-release='ID=gentoo' sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry 'Boot LiveCD (kernel: penguin)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Penguin-amd64-2026.1
	linux /boot/penguin root=live:CDLABEL=Penguin-amd64-2026.1 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot
	initrd /boot/penguin.igz
}
menuentry 'Boot LiveCD (kernel: penguin) (cached)' --class gnu-linux --class os {
	search --no-floppy --set=root -l Penguin-amd64-2026.1
	linux /boot/penguin root=live:CDLABEL=Penguin-amd64-2026.1 rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot rd.live.ram=1
	initrd /boot/penguin.igz
}
MENU
