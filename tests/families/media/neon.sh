# SPDX-License-Identifier: GPL-2.0-or-later
# KDE neon.

label 'neon user 20240901'
text /.disk/info <<'TEXT'
neon user "Jammy Jellyfish" - Build amd64 20240901
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 6.5.0-45-generic
casper_initrd /casper/initrd early+zstd 6.5.0-45-generic
squashfs /casper/filesystem.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set timeout=10
menuentry "KDE neon" {
	linux	/casper/vmlinuz boot=casper maybe-ubiquity quiet splash ---
	initrd	/casper/initrd
}
MENU
