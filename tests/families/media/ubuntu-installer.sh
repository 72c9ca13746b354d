# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu Server 18.04 with the old installer; its install/netboot has another kernel and initrd, made for the network.

label 'Ubuntu-Server 18.04.6 LTS amd64'
text /.disk/info <<'TEXT'
Ubuntu-Server 18.04.6 LTS "Bionic Beaver" - Release amd64 (20210912)
TEXT
kernel /install/vmlinuz 4.15.0-156-generic
debian_installer_initrd /install/initrd.gz gzip 4.15.0-156-generic
kernel /install/netboot/ubuntu-installer/amd64/linux 4.15.0-156-generic
initrd /install/netboot/ubuntu-installer/amd64/initrd.gz gzip init sbin/debian-installer \
	usr/lib/debian-installer/retriever/net-retriever lib/modules/4.15.0-156-generic/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko
squashfs /install/filesystem.squashfs etc/os-release='ID=ubuntu' sbin/init
dir /dists/bionic
text /isolinux/isolinux.cfg <<'MENU'
include txt.cfg
default install
timeout 300
MENU
text /isolinux/txt.cfg <<'MENU'
label install
  menu label ^Install Ubuntu Server
  kernel /install/vmlinuz
  append  file=/cdrom/preseed/ubuntu-server.seed vga=788 initrd=/install/initrd.gz quiet ---
label check
  menu label ^Check disc for defects
  kernel /install/vmlinuz
  append   MENU=/bin/cdrom-checker-menu vga=788 initrd=/install/initrd.gz quiet ---
MENU
