# SPDX-License-Identifier: GPL-2.0-or-later
# Slackware Live, 64 bit: one /init does all, squashfs layers.

label 'LIVESLAK'
kernel /boot/generic 6.6.50
# shellcheck disable=SC2016 # the text is looked through as it is
initrd /boot/initrd.img xz init='#!/bin/sh
LIVEMAIN="liveslak"
case $ARG in nfsroot=*) ;; esac' bin/busybox lib/modules/6.6.50/kernel/fs/nfs/nfs.ko \
	lib/modules/6.6.50/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko
squashfs /liveslak/system/0099-slackware_base.sxz etc/slackware-version='Slackware 15.0' sbin/init
squashfs /liveslak/system/0099-slackware_zzzconf.sxz etc/hostname=darkstar
text /boot/syslinux/isolinux.cfg <<'EOF'
default vesamenu.c32
timeout 300
menu title Slackware Live
label live
  menu label Start (SLACKWARE) Live (15.0)
  menu default
  kernel /boot/generic
  append initrd=/boot/initrd.img load_ramdisk=1 prompt_ramdisk=0 rw printk.time=0 kbd=us tz=US/Pacific locale=en_US.utf8
EOF
text /EFI/BOOT/grub.cfg <<'EOF'
set default=0
set timeout=20
menuentry 'Start (SLACKWARE) Live (15.0)' --class slackware {
	linux /boot/generic load_ramdisk=1 prompt_ramdisk=0 rw printk.time=0 kbd=us tz=US/Pacific locale=en_US.utf8
	initrd /boot/initrd.img
}
EOF
