# SPDX-License-Identifier: GPL-2.0-or-later
# Linux Mint 21.3: isolinux still, and its own boot=casper.

label 'Linux Mint 21.3 Cinnamon 64-bit'
text /.disk/info <<'TEXT'
Linux Mint 21.3 "Virginia" - Release amd64 20240110
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 5.15.0-91-generic
casper_initrd /casper/initrd.lz early+lzma 5.15.0-91-generic
squashfs /casper/filesystem.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
empty /preseed/linuxmint.seed
text /boot/grub/grub.cfg <<'MENU'
set timeout=10
menuentry "Start Linux Mint 21.3 Cinnamon 64-bit" --class linuxmint {
	set gfxpayload=keep
	linux	/casper/vmlinuz file=/cdrom/preseed/linuxmint.seed boot=casper iso-scan/filename=${iso_path} quiet splash --
	initrd	/casper/initrd.lz
}
menuentry "Start Linux Mint 21.3 Cinnamon 64-bit (compatibility mode)" {
	linux	/casper/vmlinuz file=/cdrom/preseed/linuxmint.seed boot=casper iso-scan/filename=${iso_path} noapic noacpi nosplash irqpoll nomodeset --
	initrd	/casper/initrd.lz
}
menuentry "OEM install (for manufacturers)" {
	linux	/casper/vmlinuz oem-config/enable=true only-ubiquity boot=casper iso-scan/filename=${iso_path} quiet splash --
	initrd	/casper/initrd.lz
}
MENU
text /isolinux/isolinux.cfg <<'MENU'
default vesamenu.c32
timeout 100
label live
	menu label Start Linux Mint
	kernel /casper/vmlinuz
	append  file=/cdrom/preseed/linuxmint.seed boot=casper initrd=/casper/initrd.lz quiet splash --
	menu default
label integritycheck
	menu label Integrity check
	kernel /casper/vmlinuz
	append  boot=casper integrity-check initrd=/casper/initrd.lz quiet splash --
MENU
