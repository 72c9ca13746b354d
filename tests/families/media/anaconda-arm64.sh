# SPDX-License-Identifier: GPL-2.0-or-later
# openEuler 24.03, aarch64: GRUB for EFI alone.

label 'openEuler-24.03-LTS-aarch64'
empty /.treeinfo
kernel /images/pxeboot/vmlinuz 6.6.0-28.0.0.34.oe2403.aarch64 arm64
dracut_initrd /images/pxeboot/initrd.img xz 6.6.0-28.0.0.34.oe2403.aarch64 'dmsquash-live livenet nfs anaconda'
squashfs /images/install.img LiveOS/rootfs.img=ext4
empty /repodata/repomd.xml
file /EFI/BOOT/BOOTAA64.EFI 2000
file /EFI/BOOT/grubaa64.efi 2000
text /EFI/BOOT/grub.cfg <<'EOF'
set default="0"
set timeout=60
search --no-floppy --set=root -l 'openEuler-24.03-LTS-aarch64'
menuentry 'Install openEuler 24.03-LTS' --class red --class gnu-linux --class gnu --class os {
	linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=openEuler-24.03-LTS-aarch64 ro inst.geoloc=0 console=tty0 smmu.bypassdev=0x1000:0x17 fpi_to_tail=off
	initrd /images/pxeboot/initrd.img
}
EOF
