# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu Server 22.04, whose casper has no iso-url= yet; its label says nothing.

label 'CDROM'
text /.disk/info <<'TEXT'
Ubuntu-Server 22.04.4 LTS "Jammy Jellyfish" - Release amd64 (20240216.1)
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 5.15.0-94-generic
casper_initrd /casper/initrd early+zstd 5.15.0-94-generic
squashfs /casper/ubuntu-server-minimal.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
squashfs /casper/ubuntu-server-minimal.ubuntu-server.squashfs usr/bin/server
squashfs /casper/ubuntu-server-minimal.ubuntu-server.installer.squashfs usr/bin/subiquity
squashfs /casper/ubuntu-server-minimal.ubuntu-server.installer.generic.squashfs lib/modules/
kernel /casper/hwe-vmlinuz 6.5.0-18-generic
casper_initrd /casper/hwe-initrd early+zstd 6.5.0-18-generic
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
