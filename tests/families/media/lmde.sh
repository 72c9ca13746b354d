# SPDX-License-Identifier: GPL-2.0-or-later
# Linux Mint Debian Edition: names of casper, words of live-boot.

label 'LMDE 6 Faye 64-bit'
text /.disk/info <<'TEXT'
LMDE 6 Faye - Release 64-bit
TEXT
kernel /live/vmlinuz 6.1.0-12-amd64
live_boot_initrd /live/initrd.lz lzma 6.1.0-12-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Start LMDE 6 64-bit" {
	linux	/live/vmlinuz boot=live live-config live-media-path=/live quiet splash --
	initrd	/live/initrd.lz
}
menuentry "Start LMDE 6 64-bit (compatibility mode)" {
	linux	/live/vmlinuz boot=live config live-media-path=/live noapic noacpi nosplash irqpoll nomodeset --
	initrd	/live/initrd.lz
}
menuentry "Verify the medium" {
	linux	/live/vmlinuz boot=live config verify-checksums quiet
	initrd	/live/initrd.lz
}
MENU
