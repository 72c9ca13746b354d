# SPDX-License-Identifier: GPL-2.0-or-later
# A virtualization host made with live-build: its kernel under Xen, or alone; the words are the kernel's in both.

text /.disk/info <<'TEXT'
Xen host, a live system
TEXT
xen_live_medium <<'MENU'
set default=0
set timeout=5
menuentry "Xen host" {
	multiboot2 /live/xen-4.17-amd64.gz dom0_mem=1024M,max:1024M console=vga
	module2 /live/vmlinuz-6.1.0-27-amd64 boot=live components quiet findiso=${iso_path}
	module2 /live/initrd.img-6.1.0-27-amd64
}
menuentry "Xen host, all in memory" {
	multiboot2 /live/xen-4.17-amd64.gz dom0_mem=4096M,max:4096M console=vga
	module2 /live/vmlinuz-6.1.0-27-amd64 boot=live components toram
	module2 /live/initrd.img-6.1.0-27-amd64
}
menuentry "Xen on the first disk" {
	multiboot2 /live/xen-4.17-amd64.gz console=vga
	module2 /live/vmlinuz-6.1.0-27-amd64 root=/dev/sda1 ro
	module2 /live/initrd.img-6.1.0-27-amd64
}
menuentry "Without Xen" {
	linux /live/vmlinuz-6.1.0-27-amd64 boot=live components quiet findiso=${iso_path}
	initrd /live/initrd.img-6.1.0-27-amd64
}
MENU
