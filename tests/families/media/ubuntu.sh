# SPDX-License-Identifier: GPL-2.0-or-later
# Kubuntu 22.04: casper with one squashfs, GRUB alone.

label 'Kubuntu 22.04.4 LTS amd64'
text /.disk/info <<'TEXT'
Kubuntu 22.04.4 LTS "Jammy Jellyfish" - Release amd64 (20240220)
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 6.5.0-18-generic
casper_initrd /casper/initrd early+zstd 6.5.0-18-generic
squashfs /casper/filesystem.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
kernel /boot/memtest86+.bin memtest86+
text /boot/grub/grub.cfg <<'MENU'
set timeout=30
menuentry "Try or Install Kubuntu" {
	set gfxpayload=keep
	linux	/casper/vmlinuz file=/cdrom/preseed/kubuntu.seed maybe-ubiquity quiet splash ---
	initrd	/casper/initrd
}
menuentry "Kubuntu (safe graphics)" {
	set gfxpayload=keep
	linux	/casper/vmlinuz nomodeset file=/cdrom/preseed/kubuntu.seed maybe-ubiquity quiet splash ---
	initrd	/casper/initrd
}
menuentry "OEM install (for manufacturers)" {
	set gfxpayload=keep
	linux	/casper/vmlinuz file=/cdrom/preseed/kubuntu.seed only-ubiquity oem-config/enable=true quiet splash ---
	initrd	/casper/initrd
}
menuentry 'Boot from next volume' {
	exit 1
}
menuentry "Test memory" {
	linux16 /boot/memtest86+.bin
}
MENU
text /boot/grub/loopback.cfg <<'MENU'
menuentry "Try or Install Kubuntu" {
	linux	/casper/vmlinuz file=/cdrom/preseed/kubuntu.seed maybe-ubiquity iso-scan/filename=${iso_path} quiet splash ---
	initrd	/casper/initrd
}
MENU
