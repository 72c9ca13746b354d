# SPDX-License-Identifier: GPL-2.0-or-later
# Rescuezilla.

label 'Rescuezilla'
text /.disk/info <<'TEXT'
Rescuezilla 2.5 64bit.jammy
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 5.15.0-107-generic
casper_initrd /casper/initrd.lz lzma 5.15.0-107-generic
squashfs /casper/filesystem.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set timeout=10
menuentry "Start Rescuezilla" {
	linux	/casper/vmlinuz boot=casper quiet splash fastboot fsck.mode=skip noprompt edd=on locale=en_US.UTF-8 bootkbd=us console-setup/layoutcode=us --
	initrd	/casper/initrd.lz
}
menuentry "Graphical Fallback Mode" {
	linux	/casper/vmlinuz boot=casper nomodeset quiet splash fastboot fsck.mode=skip noprompt toram edd=on locale=en_US.UTF-8 bootkbd=us console-setup/layoutcode=us --
	initrd	/casper/initrd.lz
}
MENU
