# SPDX-License-Identifier: GPL-2.0-or-later
# Proxmox Mail Gateway's installer.

label 'PMG'
text /.cd-info <<'TEXT'
PRODUCT='pmg'
PRODUCTLONG='Proxmox Mail Gateway'
RELEASE='8.1'
TEXT
empty /auto-installer-capable
kernel /boot/linux26 6.8.4-2-pve
initrd /boot/initrd.img zstd init='#!/bin/sh
if [ -f /proxmox.iso ]; then mount -t iso9660 -o ro,loop /proxmox.iso /mnt; fi'
squashfs /pmg-base.squashfs etc/os-release='ID=debian' sbin/init
squashfs /pmg-installer.squashfs usr/bin/proxinstall
dir /proxmox/packages
kernel /boot/memtest86+x64.bin memtest86+
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry 'Install Proxmox Mail Gateway (Graphical)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox Mail Gateway ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
menuentry 'Install Proxmox Mail Gateway (Terminal UI)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox Mail Gateway ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent proxmox-tui-mode vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
submenu 'Advanced Options' {
menuentry 'Install Proxmox Mail Gateway (Graphical, Debug Mode)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox Mail Gateway ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=verbose proxmox-debug vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
menuentry 'Test memory (Legacy BIOS)' {
	linux16 /boot/memtest86+x64.bin
}
}
MENU
