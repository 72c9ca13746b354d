# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu Server 24.04.

label 'Ubuntu-Server 24.04.1 LTS amd64'
text /.disk/info <<'TEXT'
Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827)
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 6.8.0-41-generic
casper_initrd /casper/initrd early+zstd 6.8.0-41-generic
squashfs /casper/ubuntu-server-minimal.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
squashfs /casper/ubuntu-server-minimal.ubuntu-server.squashfs usr/bin/server
squashfs /casper/ubuntu-server-minimal.ubuntu-server.installer.squashfs usr/bin/subiquity
squashfs /casper/ubuntu-server-minimal.ubuntu-server.installer.generic.squashfs lib/modules/
kernel /casper/hwe-vmlinuz 6.8.0-41-generic
casper_initrd /casper/hwe-initrd early+zstd 6.8.0-41-generic
text /boot/grub/grub.cfg <<'MENU'
set timeout=30
menuentry "Try or Install Ubuntu Server" {
	set gfxpayload=keep
	linux	/casper/vmlinuz  ---
	initrd	/casper/initrd
}
menuentry "Ubuntu Server with the HWE kernel" {
	set gfxpayload=keep
	linux	/casper/hwe-vmlinuz  ---
	initrd	/casper/hwe-initrd
}
MENU
