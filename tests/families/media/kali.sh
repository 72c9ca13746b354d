# SPDX-License-Identifier: GPL-2.0-or-later
# Kali Linux, its live medium.

label 'Kali Live'
text /.disk/info <<'TEXT'
Kali GNU/Linux 2024.3 "Kali-live" - live
TEXT
kernel /live/vmlinuz 6.8.11-amd64
live_boot_initrd /live/initrd.img zstd 6.8.11-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=kali' usr/sbin/init
kernel /install/vmlinuz 6.8.11-amd64
debian_installer_initrd /install/initrd.gz gzip 6.8.11-amd64
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry "Live system (amd64)" {
	linux	/live/vmlinuz boot=live components quiet splash noeject findiso=${iso_path} hostname=kali username=kali
	initrd	/live/initrd.img
}
menuentry "Live system with USB persistence  (check kali.org/prst)" {
	linux	/live/vmlinuz boot=live components quiet splash noeject findiso=${iso_path} persistence hostname=kali username=kali
	initrd	/live/initrd.img
}
menuentry "Live system (amd64 forensic mode)" {
	linux	/live/vmlinuz boot=live components quiet splash noeject findiso=${iso_path} noswap noautomount hostname=kali username=kali
	initrd	/live/initrd.img
}
MENU
