# SPDX-License-Identifier: GPL-2.0-or-later
# OpenMediaVault: Debian's installer with its packages.

label 'openmediavault 7.0-32'
text /.disk/info <<'TEXT'
Debian GNU/Linux 12 - OpenMediaVault 7.0-32 amd64
TEXT
kernel /install.amd/vmlinuz 6.1.0-18-amd64
debian_installer_initrd /install.amd/initrd.gz gzip 6.1.0-18-amd64
debian_installer_initrd /install.amd/gtk/initrd.gz gzip 6.1.0-18-amd64
dir /dists/bookworm
text /pool/main/l/linux-signed-amd64/loop-modules-6.1.0-18-amd64-di_6.1.76-1_amd64.udeb <<'TEXT'
the module
TEXT
link /debian .
text /boot/grub/grub.cfg <<'MENU'
set default=0
menuentry --hotkey=g 'Graphical install' {
	set background_color=black
	linux    /install.amd/vmlinuz vga=788 --- quiet
	initrd   /install.amd/gtk/initrd.gz
}
menuentry --hotkey=i 'Install' {
	set background_color=black
	linux    /install.amd/vmlinuz vga=788 --- quiet
	initrd   /install.amd/initrd.gz
}
submenu --hotkey=a 'Advanced options ...' {
	menuentry '... Rescue mode' {
		linux    /install.amd/vmlinuz vga=788 rescue/enable=true --- quiet
		initrd   /install.amd/initrd.gz
	}
}
MENU
text /isolinux/isolinux.cfg <<'MENU'
path
include menu.cfg
default vesamenu.c32
prompt 0
timeout 0
MENU
text /isolinux/menu.cfg <<'MENU'
include gtk.cfg
include txt.cfg
MENU
text /isolinux/gtk.cfg <<'MENU'
label installgui
	menu label ^Graphical install
	menu default
	kernel /install.amd/vmlinuz
	append vga=788 initrd=/install.amd/gtk/initrd.gz --- quiet
MENU
text /isolinux/txt.cfg <<'MENU'
label install
	menu label ^Install
	kernel /install.amd/vmlinuz
	append vga=788 initrd=/install.amd/initrd.gz --- quiet
MENU
