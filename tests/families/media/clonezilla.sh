# SPDX-License-Identifier: GPL-2.0-or-later
# Clonezilla live, amd64: GRUB for UEFI, isolinux for a BIOS; values in quotes, and an empty ip=.

label '3.1.3-16-amd64'
empty /Clonezilla-Live-Version
kernel /live/vmlinuz 6.9.7-amd64
live_boot_initrd /live/initrd.img early+zstd 6.9.7-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
kernel /live/memtest memtest86
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=30
menuentry "Clonezilla live (VGA 800x600)" --id live-default {
	search --set -f /live/vmlinuz
	linux /live/vmlinuz boot=live union=overlay username=user config components quiet loglevel=0 noswap edd=on nomodeset enforcing=0 locales= keyboard-layouts= ocs_live_run="ocs-live-general" ocs_live_extra_param="" ocs_live_batch="no" vga=788 ip= net.ifnames=0 splash i915.blacklist=yes
	initrd /live/initrd.img
}
menuentry "Clonezilla live (To RAM, boot media can be removed later)" {
	search --set -f /live/vmlinuz
	linux /live/vmlinuz boot=live union=overlay username=user config components quiet noswap edd=on nomodeset locales= keyboard-layouts= ocs_live_run="ocs-live-general" ocs_live_extra_param="" ocs_live_batch="no" vga=788 toram=live,syslinux,EFI,boot,.disk,utils ip= net.ifnames=0 splash
	initrd /live/initrd.img
}
MENU
text /syslinux/isolinux.cfg <<'MENU'
default vesamenu.c32
timeout 300
label Clonezilla live
	MENU DEFAULT
	MENU LABEL Clonezilla live (VGA 800x600)
	kernel /live/vmlinuz
	append initrd=/live/initrd.img boot=live union=overlay username=user config components quiet loglevel=0 noswap edd=on nomodeset enforcing=0 locales= keyboard-layouts= ocs_live_run="ocs-live-general" ocs_live_extra_param="" ocs_live_batch="no" vga=788 ip= net.ifnames=0 splash i915.blacklist=yes
label memtest
	MENU LABEL Memory test using Memtest86+
	kernel /live/memtest
MENU
