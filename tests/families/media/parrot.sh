# SPDX-License-Identifier: GPL-2.0-or-later
# Parrot Security.

label 'Parrot security 6.1'
text /.disk/info <<'TEXT'
Parrot 6.1 security amd64
TEXT
kernel /live/vmlinuz 6.5.0-13parrot1-amd64
live_boot_initrd /live/initrd.img gzip 6.5.0-13parrot1-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=parrot' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Try / Install" {
	linux	/live/vmlinuz boot=live components quiet splash noeject findiso=${iso_path} hostname=parrot username=user
	initrd	/live/initrd.img
}
menuentry "RAM Mode" {
	linux	/live/vmlinuz boot=live components quiet splash toram findiso=${iso_path} hostname=parrot username=user
	initrd	/live/initrd.img
}
MENU
