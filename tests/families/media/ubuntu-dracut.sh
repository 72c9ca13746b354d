# SPDX-License-Identifier: GPL-2.0-or-later
# The layout of Ubuntu's live media with an initrd of dracut's: casper's words would do nothing.

label 'Ubuntu 26.10 amd64'
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper/vmlinuz 7.0.0-1-generic
initrd /casper/initrd zstd init usr/lib/dracut-lib.sh usr/sbin/dmsquash-live-root 'lib->usr/lib' 'sbin->usr/sbin'
squashfs /casper/minimal.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
squashfs /casper/minimal.standard.squashfs usr/bin/standard
squashfs /casper/minimal.standard.live.squashfs usr/bin/installer
text /boot/grub/grub.cfg <<'MENU'
set timeout=30
menuentry "Try or Install Ubuntu" {
	linux	/casper/vmlinuz --- quiet splash
	initrd	/casper/initrd
}
MENU
