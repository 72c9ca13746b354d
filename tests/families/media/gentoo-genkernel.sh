# SPDX-License-Identifier: GPL-2.0-or-later
# Gentoo's minimal install CD of 2023 and 2024, amd64: GRUB for both firmwares, genkernel's linuxrc.

label 'Gentoo Linux - AMD64'
empty /livecd
text /README.txt <<'TEXT'
The kernels on this medium are below boot/.
TEXT
kernel /boot/gentoo 6.6.30-gentoo-x86_64
empty /boot/gentoo-config
empty /boot/System-gentoo.map
initrd /boot/gentoo.igz xz init 'linuxrc->init' etc/initrd.defaults='GK_VERSION="4.3.10"' etc/initrd.scripts bin/busybox \
	lib/modules/6.6.30-gentoo-x86_64/modules.builtin='kernel/fs/nfs/nfs.ko' \
	lib/modules/6.6.30-gentoo-x86_64/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko
squashfs /image.squashfs etc/os-release='ID=gentoo' etc/gentoo-release='Gentoo Base System release 2.14' sbin/init
kernel /memtest64.bios memtest86
empty /memtest.efi64
text /boot/grub/grub.cfg <<'MENU'
set default=0
set gfxpayload=keep
set timeout=10
insmod all_video

menuentry 'Boot LiveCD (kernel: gentoo)' --class gnu-linux --class os {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot
	initrd /boot/gentoo.igz
}

menuentry 'Boot LiveCD (kernel: gentoo) (cached)' --class gnu-linux --class os {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot docache
	initrd /boot/gentoo.igz
}

if [ "x$grub_platform" = xpc ]; then
	menuentry "Memtest86+ 64bit BIOS" {
		linux "/memtest64.bios"
	}
fi
if [ "x$grub_platform" = xefi ]; then
	menuentry "Memtest86+ 64bit UEFI" {
		chainloader "/memtest.efi64"
	}
fi
MENU
