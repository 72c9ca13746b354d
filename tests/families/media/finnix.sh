# SPDX-License-Identifier: GPL-2.0-or-later
# Finnix.

label 'FINNIX_126'
text /.disk/info <<'TEXT'
Finnix 126
TEXT
kernel /live/vmlinuz 6.8.12-amd64
live_boot_initrd /live/initrd.img gzip 6.8.12-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=finnix' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Live system (amd64)" {
	linux	/live/vmlinuz boot=live quiet findiso=${iso_path}
	initrd	/live/initrd.img
}
menuentry "Live system (amd64) (toram)" {
	linux	/live/vmlinuz boot=live quiet toram findiso=${iso_path}
	initrd	/live/initrd.img
}
MENU
