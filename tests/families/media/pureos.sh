# SPDX-License-Identifier: GPL-2.0-or-later
# PureOS.

label 'PureOS 10 GNOME'
text /.disk/info <<'TEXT'
PureOS 10.3 Byzantium
TEXT
kernel /live/vmlinuz-5.10.0-23-amd64 5.10.0-23-amd64
live_boot_initrd /live/initrd.img-5.10.0-23-amd64 xz 5.10.0-23-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=pureos' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Test or Install PureOS" {
	linux	/live/vmlinuz-5.10.0-23-amd64 boot=live components quiet splash findiso=${iso_path}
	initrd	/live/initrd.img-5.10.0-23-amd64
}
MENU
