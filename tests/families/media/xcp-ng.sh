# SPDX-License-Identifier: GPL-2.0-or-later
# XCP-ng 8.3: a hypervisor, its kernel, and the installer in an initramfs; packages beside them.

label 'XCP-ng 8.3.0'
text /.treeinfo <<'TEXT'
[platform]
name = XCP
version = 3.4.0
TEXT
file /boot/xen.gz 4096
kernel /boot/vmlinuz 4.19.0+1
kernel /boot/alt/vmlinuz 4.19.227
initrd /install.img gzip init opt/xensource/installer/init etc/init.d/installer
dir /Packages
dir /repodata
empty /boot/memtest.efi
text /EFI/xenserver/grub.cfg <<'MENU'
set default="0"
set timeout=5
insmod gzio

menuentry "install" {
	multiboot2 /boot/xen.gz dom0_max_vcpus=1-16 dom0_mem=max:8192M com1=115200,8n1 console=com1,vga
	module2 /boot/vmlinuz console=hvc0 console=tty0
	module2 /install.img
}
menuentry "no-serial" {
	multiboot2 /boot/xen.gz dom0_max_vcpus=1-16 dom0_mem=max:8192M console=vga
	module2 /boot/vmlinuz console=tty0
	module2 /install.img
}
menuentry "install with alternate/debug kernel (kernel-alt)" {
	multiboot2 /boot/xen.gz dom0_max_vcpus=1-16 dom0_mem=max:8192M com1=115200,8n1 console=com1,vga
	module2 /boot/alt/vmlinuz console=hvc0 console=tty0 kernel-alt
	module2 /install.img
}
menuentry "memtest" {
	chainloader /boot/memtest.efi
}
MENU
text /boot/isolinux/isolinux.cfg <<'MENU'
default mboot.c32
prompt 1
timeout 50
label install
	kernel mboot.c32
	append /boot/xen.gz dom0_max_vcpus=1-16 dom0_mem=max:8192M com1=115200,8n1 console=com1,vga --- /boot/vmlinuz console=hvc0 console=tty0 --- /install.img
MENU
