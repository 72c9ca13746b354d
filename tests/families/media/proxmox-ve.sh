# SPDX-License-Identifier: GPL-2.0-or-later
# Proxmox VE's installer.

label 'PVE'
text /.cd-info <<'TEXT'
PRODUCT='pve'
PRODUCTLONG='Proxmox VE'
RELEASE='8.2'
TEXT
empty /auto-installer-capable
kernel /boot/linux26 6.8.4-2-pve
initrd /boot/initrd.img zstd init='#!/bin/sh
if [ -f /proxmox.iso ]; then mount -t iso9660 -o ro,loop /proxmox.iso /mnt; fi'
squashfs /pve-base.squashfs etc/os-release='ID=debian' sbin/init
squashfs /pve-installer.squashfs usr/bin/proxinstall
dir /proxmox/packages
kernel /boot/memtest86+x64.bin memtest86+
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry 'Install Proxmox VE (Graphical)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox VE ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
menuentry 'Install Proxmox VE (Terminal UI)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox VE ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent proxmox-tui-mode vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
submenu 'Advanced Options' {
menuentry 'Install Proxmox VE (Graphical, Debug Mode)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading Proxmox VE ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=verbose proxmox-debug vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
menuentry 'Rescue Boot' --class debian {
	insmod lvm
	insmod ext2
	linux /boot/pve/vmlinuz ro ramdisk_size=16777216 root=/dev/mapper/pve-root
	initrd /boot/pve/initrd.img
}
menuentry 'Test memory (Legacy BIOS)' {
	linux16 /boot/memtest86+x64.bin
}
}
MENU
