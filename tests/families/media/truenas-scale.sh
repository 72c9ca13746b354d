# SPDX-License-Identifier: GPL-2.0-or-later
# TrueNAS SCALE's installer: a live system, and what it installs is looked for on drives.

label 'TRUENAS'
empty /.disk/info
kernel /vmlinuz 6.6.32-production+truenas
live_boot_initrd /initrd.img gzip 6.6.32-production+truenas
squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
squashfs /TrueNAS-SCALE.update rootfs.squashfs manifest.json
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10
menuentry --hotkey=i --id=video 'Start TrueNAS SCALE Installation' {
	linux /vmlinuz gfxpayload=text quiet nomodeset boot=live toram=filesystem.squashfs console=tty0
	initrd /initrd.img
}
menuentry --id=serial 'Start TrueNAS SCALE Installation (115200 baud)' {
	linux /vmlinuz gfxpayload=text quiet nomodeset boot=live toram=filesystem.squashfs console=tty0 console=ttyS0,115200n8
	initrd /initrd.img
}
MENU
