# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu 25.04 for arm64, with the layer on its line as in 23.04.

label 'Ubuntu 25.04 arm64'
text /.disk/info <<'TEXT'
Ubuntu 25.04 "Plucky Puffin" - Release arm64 (20250415)
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 6.14.0-15-generic arm64
casper_initrd /casper/initrd early+zstd 6.14.0-15-generic
squashfs /casper/minimal.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
squashfs /casper/minimal.standard.squashfs usr/bin/standard
squashfs /casper/minimal.standard.live.squashfs usr/bin/installer
empty /EFI/boot/bootaa64.efi
text /boot/grub/grub.cfg <<'MENU'
set timeout=30
menuentry "Try or Install Ubuntu" {
	set gfxpayload=keep
	linux	/casper/vmlinuz layerfs-path=minimal.standard.live.squashfs --- quiet splash console=tty0
	initrd	/casper/initrd
}
MENU
