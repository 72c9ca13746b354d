# SPDX-License-Identifier: GPL-2.0-or-later
# Fedora Silverblue 42: no packages, but an OSTree repository on the disc.

label 'Fedora-SB-ostree-x86_64-42'
kernel /images/pxeboot/vmlinuz 6.14.0-63.fc42.x86_64
dracut_initrd /images/pxeboot/initrd.img early+xz 6.14.0-63.fc42.x86_64 'dmsquash-live livenet nfs anaconda'
squashfs /images/install.img etc/os-release='ID=fedora' usr/sbin/init
text /ostree/repo/config <<'EOF'
[core]
mode=archive-z2
EOF
text /boot/grub2/grub.cfg <<'EOF'
set default="0"
set timeout=60
search --no-floppy --set=root -l 'Fedora-SB-ostree-x86_64-42'
menuentry 'Install Fedora 42' --class fedora --class gnu-linux --class gnu --class os {
	linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=Fedora-SB-ostree-x86_64-42 quiet
	initrd /images/pxeboot/initrd.img
}
EOF
