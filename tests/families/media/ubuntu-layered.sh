# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu 24.04: layers, and the initrd knows which one is on top.

label 'Ubuntu 24.04.1 LTS amd64'
text /.disk/info <<'TEXT'
Ubuntu 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827)
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 6.8.0-41-generic
casper_initrd /casper/initrd early+zstd 6.8.0-41-generic
squashfs /casper/minimal.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
squashfs /casper/minimal.standard.squashfs usr/bin/standard
squashfs /casper/minimal.standard.live.squashfs usr/bin/installer
kernel /boot/memtest86+x64.bin memtest86+
text /boot/grub/grub.cfg <<'MENU'
set timeout=30
menuentry "Try or Install Ubuntu" {
	set gfxpayload=keep
	linux	/casper/vmlinuz --- quiet splash
	initrd	/casper/initrd
}
menuentry "Ubuntu (safe graphics)" {
	set gfxpayload=keep
	linux	/casper/vmlinuz nomodeset --- quiet splash
	initrd	/casper/initrd
}
grub_platform
if [ "$grub_platform" = "efi" ]; then
menuentry 'Boot from next volume' {
	exit 1
}
menuentry 'UEFI Firmware Settings' {
	fwsetup
}
else
menuentry 'Test memory' {
	linux16 /boot/memtest86+x64.bin
}
fi
MENU
