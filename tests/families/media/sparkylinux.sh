# SPDX-License-Identifier: GPL-2.0-or-later
# SparkyLinux.

label 'SparkyLinux 7.4'
text /.disk/info <<'TEXT'
SparkyLinux 7.4
TEXT
kernel /live/vmlinuz 6.1.0-22-amd64
live_boot_initrd /live/initrd.img gzip 6.1.0-22-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=sparky' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "SparkyLinux (amd64)" {
	linux	/live/vmlinuz boot=live components username=live user-fullname=live hostname=sparky quiet splash
	initrd	/live/initrd.img
}
MENU
