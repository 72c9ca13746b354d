# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's mini.iso: the installer for the network, which fetches the rest of itself.

label 'ISOIMAGE'
kernel /linux 6.1.0-27-amd64
initrd /initrd.gz gzip init sbin/debian-installer usr/lib/debian-installer/retriever/net-retriever \
	lib/modules/6.1.0-27-amd64/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko
text /isolinux.cfg <<'MENU'
include txt.cfg
default install
prompt 0
timeout 0
MENU
text /txt.cfg <<'MENU'
label install
	menu label ^Install
	menu default
	kernel linux
	append vga=788 initrd=initrd.gz --- quiet
MENU
text /boot/grub/grub.cfg <<'MENU'
menuentry 'Install' {
	set background_color=black
	linux    /linux vga=788 --- quiet
	initrd   /initrd.gz
}
MENU
