# SPDX-License-Identifier: GPL-2.0-or-later
# Tails.

label 'TAILS 6.5'
empty /live/Tails.module
kernel /live/vmlinuz 6.1.0-22-amd64
initrd /live/initrd.img zstd init scripts/live usr/bin/live-boot scripts/nfs usr/bin/nfsmount etc/modprobe.d/all-net-blocklist.conf \
	'bin->usr/bin' 'lib->usr/lib' usr/lib/modules/6.1.0-22-amd64/kernel/fs/squashfs/squashfs.ko
squashfs /live/filesystem.squashfs etc/os-release='ID=tails' usr/sbin/init
text /EFI/debian/grub.cfg <<'MENU'
set default=0
set timeout=4
menuentry 'Tails' {
	linux /live/vmlinuz initrd=/live/initrd.img boot=live config live-media=removable nopersistence noprompt timezone=Etc/UTC splash noautologin module=Tails slab_nomerge quiet
	initrd /live/initrd.img
}
MENU
text /isolinux/isolinux.cfg <<'MENU'
default live
label live
	menu label Tails
	kernel /live/vmlinuz
	append initrd=/live/initrd.img boot=live config live-media=removable nopersistence noprompt timezone=Etc/UTC splash noautologin module=Tails slab_nomerge quiet
MENU
