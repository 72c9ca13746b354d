# SPDX-License-Identifier: GPL-2.0-or-later
# Proxmox Backup Server's installer.

label 'PBS'
text /.cd-info <<'TEXT'
PRODUCT='pbs'
PRODUCTLONG='Proxmox Backup Server'
RELEASE='3.2'
TEXT
empty /auto-installer-capable
kernel /boot/linux26 6.8.4-2-pve
initrd /boot/initrd.img zstd init='#!/bin/sh
if [ -f /proxmox.iso ]; then mount -t iso9660 -o ro,loop /proxmox.iso /mnt; fi'
squashfs /pbs-base.squashfs etc/os-release='ID=debian' sbin/init
squashfs /pbs-installer.squashfs usr/bin/proxinstall
dir /proxmox/packages
kernel /boot/memtest86+x64.bin memtest86+
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry 'Install Proxmox Backup Server (Graphical)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox Backup Server ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
menuentry 'Install Proxmox Backup Server (Terminal UI)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox Backup Server ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent proxmox-tui-mode vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
submenu 'Advanced Options' {
menuentry 'Install Proxmox Backup Server (Graphical, Debug Mode)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox Backup Server ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=verbose proxmox-debug vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
menuentry 'Test memory (Legacy BIOS)' {
	linux16 /boot/memtest86+x64.bin
}
}
MENU
