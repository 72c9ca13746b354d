# SPDX-License-Identifier: GPL-2.0-or-later
# A disc of Debian's installer without the package of its kernel's loop module, and one entry with an initrd that looks
# for no disc.

label 'Debian 12.8.0 amd64 1'
text /.disk/info <<'TEXT'
Debian GNU/Linux 12.8.0 "Bookworm" - Unofficial amd64 BC
TEXT
kernel /install.amd/vmlinuz 6.1.0-27-amd64
debian_installer_initrd /install.amd/initrd.gz gzip 6.1.0-27-amd64
initrd /install.amd/hd-media.gz gzip init sbin/debian-installer var/lib/dpkg/info/iso-scan.postinst
dir /dists/bookworm
dir /pool/main
text /boot/grub/grub.cfg <<'MENU'
menuentry 'Install' {
	linux    /install.amd/vmlinuz vga=788 --- quiet
	initrd   /install.amd/initrd.gz
}
menuentry 'Install from a stick' {
	linux    /install.amd/vmlinuz vga=788 --- quiet
	initrd   /install.amd/hd-media.gz
}
MENU
