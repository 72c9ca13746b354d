# SPDX-License-Identifier: GPL-2.0-or-later
# Debian Live, arm64: GRUB alone.

label 'd-live 13.1.0 gn arm64'
text /.disk/info <<'TEXT'
Official Debian GNU/Linux Live 13.1.0 gnome 2025-09-06T08:51
TEXT
kernel /live/vmlinuz-6.12.43+deb13-arm64 6.12.43 arm64
live_boot_initrd /live/initrd.img-6.12.43+deb13-arm64 zstd 6.12.43+deb13-arm64
squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
empty /EFI/boot/bootaa64.efi
text /boot/grub/grub.cfg <<'MENU'
set default=0
menuentry "Live system (arm64)" --hotkey=l {
	linux	/live/vmlinuz-6.12.43+deb13-arm64 boot=live components quiet splash findiso=${iso_path}
	initrd	/live/initrd.img-6.12.43+deb13-arm64
}
MENU
