# SPDX-License-Identifier: GPL-2.0-or-later
# Q4OS.

label 'Q4OS 5.5 x64'
text /.disk/info <<'TEXT'
Q4OS 5.5
TEXT
kernel /live/vmlinuz-6.1.0-21-amd64 6.1.0-21-amd64
live_boot_initrd /live/initrd.img-6.1.0-21-amd64 gzip 6.1.0-21-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=q4os' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Q4OS Live" {
	linux	/live/vmlinuz-6.1.0-21-amd64 boot=live components quiet splash findiso=${iso_path}
	initrd	/live/initrd.img-6.1.0-21-amd64
}
MENU
