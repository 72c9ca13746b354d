# SPDX-License-Identifier: GPL-2.0-or-later
# Zorin OS 17, made anew by somebody who gave it a label of his own.

label 'CLASSROOM'
text /.disk/info <<'TEXT'
Zorin OS 17.1 Core "Jammy Jellyfish" - Release amd64
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 6.5.0-26-generic
casper_initrd /casper/initrd early+zstd 6.5.0-26-generic
squashfs /casper/filesystem.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set timeout=10
menuentry "Try or Install Zorin OS" {
	linux	/casper/vmlinuz file=/cdrom/preseed/ubuntu.seed maybe-ubiquity quiet splash ---
	initrd	/casper/initrd
}
menuentry "Try or Install Zorin OS (safe graphics)" {
	linux	/casper/vmlinuz nomodeset file=/cdrom/preseed/ubuntu.seed maybe-ubiquity quiet splash ---
	initrd	/casper/initrd
}
MENU
