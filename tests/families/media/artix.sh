# SPDX-License-Identifier: GPL-2.0-or-later
# Artix with OpenRC: dracut, the squashfs under another name.

label 'ARTIX_BASE_OPENRC'
kernel /boot/vmlinuz-x86_64 6.12.10-artix1-1
dracut_initrd /boot/initramfs-x86_64.img zstd 6.12.10-artix1-1 dmsquash-live
squashfs /LiveOS/rootfs.img etc/os-release='ID=artix' sbin/init
text /boot/grub/grub.cfg <<'EOF'
set default=0
set timeout=10
menuentry "From CD/DVD/ISO: artix.x86_64" --class artix {
	linux /boot/vmlinuz-x86_64 root=live:LABEL=ARTIX_BASE_OPENRC rd.live.squashimg=rootfs.img rd.live.image rootflags=auto tz=UTC lang=en_US keytable=us
	initrd /boot/initramfs-x86_64.img
}
EOF
