# SPDX-License-Identifier: GPL-2.0-or-later
# A medium made with live-boot whose system is in two squashfs, one above the other.

label 'TWO LAYERS'
kernel /live/vmlinuz 6.1.0-27-amd64
live_boot_initrd /live/initrd.img gzip 6.1.0-27-amd64
squashfs /live/10-base.squashfs etc/os-release='ID=debian' usr/sbin/init
squashfs /live/20-desktop.squashfs usr/bin/desktop
text /live/filesystem.module <<'TEXT'
10-base.squashfs
20-desktop.squashfs
TEXT
text /boot/grub/grub.cfg <<'MENU'
set default=0
menuentry "Live system" {
	linux	/live/vmlinuz boot=live components quiet
	initrd	/live/initrd.img
}
MENU
