# SPDX-License-Identifier: GPL-2.0-or-later
# Gentoo's minimal install CD of about 2019: isolinux alone, words of the days before initramfs.

label 'Gentoo Linux - AMD64'
empty /livecd
kernel /boot/gentoo 4.19.97-gentoo
initrd /boot/gentoo.igz xz init 'linuxrc->init' etc/initrd.defaults='GK_VERSION="3.5.10"' etc/initrd.scripts bin/busybox
squashfs /image.squashfs etc/os-release='ID=gentoo' sbin/init
kernel /isolinux/memtest86 memtest86
text /isolinux/kernels.msg <<'TEXT'
Available kernels: gentoo gentoo-nofb
TEXT
text /isolinux/isolinux.cfg <<'MENU'
default gentoo
timeout 150
ontimeout localhost
prompt 1

display boot.msg
F1 kernels.msg

label gentoo
  kernel /boot/gentoo
  append root=/dev/ram0 init=/linuxrc  dokeymap looptype=squashfs loop=/image.squashfs  cdroot initrd=/boot/gentoo.igz vga=791

label gentoo-nofb
  kernel /boot/gentoo
  append root=/dev/ram0 init=/linuxrc  dokeymap looptype=squashfs loop=/image.squashfs  cdroot initrd=/boot/gentoo.igz

label localhost
  localboot -1
  MENU HIDE

label memtest86
  kernel memtest86
MENU
