# SPDX-License-Identifier: GPL-2.0-or-later
# GParted Live.

label 'GParted-live'
kernel /live/vmlinuz 6.9.7-amd64
live_boot_initrd /live/initrd.img zstd 6.9.7-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
empty /GParted-Live-Version
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "GParted Live (Default settings)" {
	linux	/live/vmlinuz boot=live union=overlay username=user config components quiet noswap noeject ip= net.ifnames=0 vga=788
	initrd	/live/initrd.img
}
menuentry "GParted Live (To RAM. Boot media can be removed later)" {
	linux	/live/vmlinuz boot=live union=overlay username=user config components noswap noeject toram=filesystem.squashfs ip= net.ifnames=0 vga=788
	initrd	/live/initrd.img
}
MENU
