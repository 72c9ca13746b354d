# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's mini.iso, arm64: its EFI program is in the boot image alone, and GRUB's modules tell the processor.

label 'ISOIMAGE'
text /.disk/info <<'TEXT'
Debian GNU/Linux 12 (bookworm) arm64 - netboot mini.iso 20230607+deb12u15
TEXT
kernel /linux 6.1.0-50-arm64 arm64
initrd /initrd.gz gzip init sbin/debian-installer usr/lib/debian-installer/retriever/net-retriever \
	lib/modules/6.1.0-50-arm64/kernel/drivers/net/virtio_net.ko
file /boot/grub/efi.img 3000
empty /boot/grub/arm64-efi/moddep.lst
text /EFI/debian/grub.cfg <<'MENU'
search --file --set=root /.disk/info
set prefix=($root)/boot/grub
source $prefix/arm64-efi/grub.cfg
MENU
text /boot/grub/arm64-efi/grub.cfg <<'MENU'
insmod part_gpt
source /boot/grub/grub.cfg
MENU
text /boot/grub/grub.cfg <<'MENU'
insmod gzio

menuentry 'Install' {
	set background_color=black
	linux    /linux --- quiet
	initrd   /initrd.gz
}
submenu --hotkey=a 'Advanced options ...' {
	menuentry '... Rescue mode' {
		linux    /linux rescue/enable=true --- quiet
		initrd   /initrd.gz
	}
}
MENU
