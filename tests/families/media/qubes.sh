# SPDX-License-Identifier: GPL-2.0-or-later
# Qubes OS 4.2: Xen before Anaconda.

label 'QUBES-R4-2-3-X86-64'
empty /.discinfo
kernel /images/pxeboot/xen-4.17.5.gz xen
kernel /images/pxeboot/vmlinuz 6.6.48-1.qubes.fc37.x86_64
dracut_initrd /images/pxeboot/initrd.img early+xz 6.6.48-1.qubes.fc37.x86_64 'dmsquash-live livenet nfs anaconda'
squashfs /images/install.img LiveOS/rootfs.img=ext4
empty /repodata/repomd.xml
text /boot/grub2/grub.cfg <<'EOF'
set default="1"
set timeout=60
search --no-floppy --set=root -l 'QUBES-R4-2-3-X86-64'
menuentry 'Install Qubes OS R4.2.3' --class qubes --class gnu-linux --class gnu --class os {
	multiboot2 /images/pxeboot/xen-4.17.5.gz console=none
	module2 /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=QUBES-R4-2-3-X86-64 plymouth.ignore-serial-consoles quiet
	module2 /images/pxeboot/initrd.img
}
menuentry 'Test media and install Qubes OS R4.2.3' --class qubes --class gnu-linux --class gnu --class os {
	multiboot2 /images/pxeboot/xen-4.17.5.gz console=none
	module2 /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=QUBES-R4-2-3-X86-64 rd.live.check plymouth.ignore-serial-consoles quiet
	module2 /images/pxeboot/initrd.img
}
EOF
