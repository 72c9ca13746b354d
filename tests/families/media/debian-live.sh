# SPDX-License-Identifier: GPL-2.0-or-later
# Debian Live 12, amd64: GRUB and isolinux as live-build writes them, with Debian's installer.

label 'd-live 12.8.0 st amd64'
text /.disk/info <<'TEXT'
Official Debian GNU/Linux Live 12.8.0 standard 2024-11-09T10:30
TEXT
kernel /live/vmlinuz-6.1.0-27-amd64 6.1.0-27-amd64
live_boot_initrd /live/initrd.img-6.1.0-27-amd64 early+zstd 6.1.0-27-amd64
squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
kernel /install/vmlinuz 6.1.0-27-amd64
debian_installer_initrd /install/gtk/initrd.gz gzip 6.1.0-27-amd64
text /boot/grub/config.cfg <<'MENU'
set default=0
set timeout=5
MENU
text /boot/grub/loopback.cfg <<'MENU'
source /boot/grub/grub.cfg
MENU
text /boot/grub/grub.cfg <<'MENU'
source /boot/grub/config.cfg

menuentry "Live system (amd64)" --hotkey=l {
	linux	/live/vmlinuz-6.1.0-27-amd64 boot=live components quiet splash findiso=${iso_path}
	initrd	/live/initrd.img-6.1.0-27-amd64
}
menuentry "Live system (amd64 fail-safe mode)" {
	linux	/live/vmlinuz-6.1.0-27-amd64 boot=live components memtest noapic noapm nodma nomce nosplash vga=788
	initrd	/live/initrd.img-6.1.0-27-amd64
}
submenu 'Advanced install options ...' --hotkey=a {
	menuentry 'Start installer' {
		linux	/install/vmlinuz vga=788 --- quiet
		initrd	/install/gtk/initrd.gz
	}
}
submenu 'Utilities...' --hotkey=u {
	menuentry "Verify integrity of the boot medium" {
		linux	/live/vmlinuz-6.1.0-27-amd64 boot=live components verify-checksums
		initrd	/live/initrd.img-6.1.0-27-amd64
	}
}
MENU
text /isolinux/isolinux.cfg <<'MENU'
include menu.cfg
default vesamenu.c32
prompt 0
timeout 0
MENU
text /isolinux/menu.cfg <<'MENU'
menu title Boot menu
include live.cfg
MENU
text /isolinux/live.cfg <<'MENU'
label live-amd64
	menu label ^Live system (amd64)
	menu default
	linux /live/vmlinuz-6.1.0-27-amd64
	initrd /live/initrd.img-6.1.0-27-amd64
	append boot=live components quiet splash

label live-amd64-failsafe
	menu label Live system (amd64 fail-safe mode)
	linux /live/vmlinuz-6.1.0-27-amd64
	initrd /live/initrd.img-6.1.0-27-amd64
	append boot=live components memtest noapic noapm nodma nomce nosplash vga=788
MENU
