# SPDX-License-Identifier: GPL-2.0-or-later
# AlmaLinux 10 boot.iso: the second stage and no packages.

label 'AlmaLinux-10-0-x86_64-dvd'
text /.discinfo <<'EOF'
1747000000.000000
10.0
x86_64
EOF
kernel /images/pxeboot/vmlinuz 6.12.0-55.9.1.el10_0.x86_64
dracut_initrd /images/pxeboot/initrd.img early+xz 6.12.0-55.9.1.el10_0.x86_64 'dmsquash-live livenet nfs anaconda'
squashfs /images/install.img etc/os-release='ID=almalinux' usr/sbin/init
text /boot/grub2/grub.cfg <<'EOF'
set default="1"
set timeout=60
menuentry 'Install AlmaLinux 10.0' --class fedora --class gnu-linux --class gnu --class os {
	linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=AlmaLinux-10-0-x86_64-dvd quiet
	initrd /images/pxeboot/initrd.img
}
menuentry 'Test this media & install AlmaLinux 10.0' --class fedora --class gnu-linux --class gnu --class os {
	linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=AlmaLinux-10-0-x86_64-dvd rd.live.check quiet
	initrd /images/pxeboot/initrd.img
}
EOF
