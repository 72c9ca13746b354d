# SPDX-License-Identifier: GPL-2.0-or-later
# Grml, 64 bit: its squashfs one directory deeper, its boot files below boot/<name>.

label 'grml64-full 2024.02'
kernel /boot/grml64full/vmlinuz 6.6.15-amd64
live_boot_initrd /boot/grml64full/initrd.img early+zstd 6.6.15-amd64
squashfs /live/grml64-full/grml64-full.squashfs etc/os-release='ID=debian' usr/sbin/init
text /live/grml64-full/filesystem.module <<'TEXT'
grml64-full.squashfs
TEXT
text /conf/bootid.txt <<'TEXT'
grml64full202402
TEXT
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=20
source /boot/grub/grml64full_default.cfg
source /boot/grub/grml64full_options.cfg
MENU
text /boot/grub/grml64full_default.cfg <<'MENU'
menuentry "grml64-full - 2024.02" --class=grml {
	set gfxpayload=keep
	linux  /boot/grml64full/vmlinuz apm=power-off boot=live live-media-path=/live/grml64-full/ bootid=grml64full202402 nomce
	initrd /boot/grml64full/initrd.img
}
MENU
text /boot/grub/grml64full_options.cfg <<'MENU'
submenu "grml64-full - advanced options  -> " --class=submenu {
	menuentry "grml64-full - copy Grml to RAM" --class=grml {
		linux  /boot/grml64full/vmlinuz apm=power-off boot=live live-media-path=/live/grml64-full/ bootid=grml64full202402 nomce toram=grml64-full.squashfs
		initrd /boot/grml64full/initrd.img
	}
}
MENU
