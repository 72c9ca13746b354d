# SPDX-License-Identifier: GPL-2.0-or-later
# Artix of 2019: its own hooks for mkinitcpio.

label 'ARTIX_201908'
kernel /boot/vmlinuz-x86_64 5.2.9-artix1-1
initrd /boot/initramfs-x86_64.img xz init hooks/artix hooks/artix_loop_mnt
squashfs /LiveOS/rootfs.img etc/os-release='ID=artix' sbin/init
squashfs /LiveOS/livefs.img etc/hostname=artix
text /boot/grub/grub.cfg <<'EOF'
set default=0
menuentry "From CD/DVD/ISO: artix.x86_64" --class artix {
	linux /boot/vmlinuz-x86_64 label=ARTIX_201908 overlay=livefs quiet
	initrd /boot/initramfs-x86_64.img
}
EOF
