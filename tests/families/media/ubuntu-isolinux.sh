# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu 20.04: isolinux on a BIOS, GRUB on UEFI.

label 'Ubuntu 20.04.6 LTS amd64'
text /.disk/info <<'TEXT'
Ubuntu 20.04.6 LTS "Focal Fossa" - Release amd64 (20230316)
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 5.15.0-67-generic
casper_initrd /casper/initrd early+lz4 5.15.0-67-generic
squashfs /casper/filesystem.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
kernel /install/mt86plus memtest86+
text /boot/grub/grub.cfg <<'MENU'
set timeout=5
menuentry "Ubuntu" {
	set gfxpayload=keep
	linux	/casper/vmlinuz file=/cdrom/preseed/ubuntu.seed maybe-ubiquity quiet splash ---
	initrd	/casper/initrd
}
menuentry "Ubuntu (safe graphics)" {
	set gfxpayload=keep
	linux	/casper/vmlinuz nomodeset file=/cdrom/preseed/ubuntu.seed maybe-ubiquity quiet splash ---
	initrd	/casper/initrd
}
MENU
text /isolinux/isolinux.cfg <<'MENU'
path
include menu.cfg
default vesamenu.c32
prompt 0
timeout 50
ui gfxboot bootlogo
MENU
text /isolinux/menu.cfg <<'MENU'
include txt.cfg
MENU
text /isolinux/txt.cfg <<'MENU'
default live
label live
  menu label ^Ubuntu
  kernel /casper/vmlinuz
  append  file=/cdrom/preseed/ubuntu.seed initrd=/casper/initrd quiet splash ---
label live-nomodeset
  menu label ^Ubuntu (safe graphics)
  kernel /casper/vmlinuz
  append  file=/cdrom/preseed/ubuntu.seed initrd=/casper/initrd quiet splash nomodeset ---
label check
  menu label ^Check disc for defects
  kernel /casper/vmlinuz
  append  integrity-check initrd=/casper/initrd quiet splash ---
label memtest
  menu label Test ^memory
  kernel /install/mt86plus
label hd
  menu label ^Boot from first hard disk
  localboot 0x80
MENU
