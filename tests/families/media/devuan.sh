# SPDX-License-Identifier: GPL-2.0-or-later
# Devuan's desktop-live.

label 'devuan_daedalus_5.0.1'
text /.disk/info <<'TEXT'
devuan_daedalus_5.0.1_amd64_desktop-live
TEXT
kernel /live/vmlinuz 6.1.0-13-amd64
live_boot_initrd /live/initrd.img gzip 6.1.0-13-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=devuan' usr/sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Devuan (amd64)" {
	linux	/live/vmlinuz boot=live username=devuan
	initrd	/live/initrd.img
}
menuentry "Devuan (amd64) - toram" {
	linux	/live/vmlinuz boot=live username=devuan toram
	initrd	/live/initrd.img
}
MENU
