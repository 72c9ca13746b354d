# SPDX-License-Identifier: GPL-2.0-or-later
# Pentoo: catalyst and genkernel, with an overlay over the squashfs.

label 'Pentoo Linux'
empty /livecd
kernel /boot/pentoo 6.6.21-pentoo
initrd /boot/pentoo.igz xz init 'linuxrc->init' etc/initrd.defaults='GK_VERSION="4.3.10"' etc/initrd.scripts bin/busybox
squashfs /image.squashfs etc/os-release='ID=pentoo' sbin/init
text /boot/grub/grub.cfg <<'MENU'
set default=0
set timeout=10

menuentry 'Boot LiveCD (kernel: pentoo)' --class gnu-linux --class os {
	linux /boot/pentoo root=/dev/ram0 init=/linuxrc nox aufs max_loop=256 dokeymap looptype=squashfs loop=/image.squashfs cdroot video=uvesafb:mtrr:3,ywrap
	initrd /boot/pentoo.igz
}

menuentry 'Boot LiveCD (kernel: pentoo) (overlay)' --class gnu-linux --class os {
	linux /boot/pentoo overlayfs secureconsole max_loop=256 dokeymap looptype=squashfs loop=/image.squashfs cdroot docache
	initrd /boot/pentoo.igz
}
MENU
