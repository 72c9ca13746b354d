# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's netinst, arm64, with packages of two kernels.

label 'Debian 12.8.0 arm64 n'
text /.disk/info <<'TEXT'
Debian GNU/Linux 12.8.0 "Bookworm" - Official arm64 NETINST with firmware 20241109-11:05
TEXT
kernel /install.a64/vmlinuz 6.1.0-27-arm64 arm64
debian_installer_initrd /install.a64/initrd.gz gzip 6.1.0-27-arm64
debian_installer_initrd /install.a64/gtk/initrd.gz gzip 6.1.0-27-arm64
dir /dists/bookworm
text /pool/main/l/linux-signed-arm64/loop-modules-6.1.0-26-arm64-di_6.1.112-1_arm64.udeb <<'TEXT'
the older module
TEXT
text /pool/main/l/linux-signed-arm64/loop-modules-6.1.0-27-arm64-di_6.1.115-1_arm64.udeb <<'TEXT'
the module
TEXT
link /debian .
text /boot/grub/grub.cfg <<'MENU'
set default=0
menuentry --hotkey=g 'Graphical install' {
	set background_color=black
	linux    /install.a64/vmlinuz vga=788 --- quiet
	initrd   /install.a64/gtk/initrd.gz
}
menuentry --hotkey=i 'Install' {
	set background_color=black
	linux    /install.a64/vmlinuz vga=788 --- quiet
	initrd   /install.a64/initrd.gz
}
submenu --hotkey=a 'Advanced options ...' {
	menuentry '... Rescue mode' {
		linux    /install.a64/vmlinuz vga=788 rescue/enable=true --- quiet
		initrd   /install.a64/initrd.gz
	}
}
MENU
