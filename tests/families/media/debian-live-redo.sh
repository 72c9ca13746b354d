# SPDX-License-Identifier: GPL-2.0-or-later
# Redo Rescue: made with live-boot, kernel and initrd in the root.

label 'REDO_RESCUE'
kernel /vmlinuz 6.1.0-18-amd64
live_boot_initrd /initrd gzip 6.1.0-18-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Start Redo Rescue" {
	linux	/vmlinuz boot=live quiet splash
	initrd	/initrd
}
menuentry "Start Redo Rescue in memory" {
	linux	/vmlinuz boot=live toram quiet
	initrd	/initrd
}
MENU
