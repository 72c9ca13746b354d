# SPDX-License-Identifier: GPL-2.0-or-later
# elementary OS 8.

label 'elementary OS 8.0'
text /.disk/info <<'TEXT'
elementary OS 8.0 "Circe" - Stable amd64
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 6.8.0-49-generic
casper_initrd /casper/initrd.gz gzip 6.8.0-49-generic
squashfs /casper/filesystem.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set timeout=10
menuentry "Try or Install elementary OS" {
	linux	/casper/vmlinuz boot=casper maybe-ubiquity quiet splash ---
	initrd	/casper/initrd.gz
}
MENU
