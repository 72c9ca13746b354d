# SPDX-License-Identifier: GPL-2.0-or-later
# A Manjaro edition whose profile leaves the network hooks out; GRUB's entries say their words themselves.

label 'MANJARO_XFCE_2401'
kernel /boot/vmlinuz-x86_64 6.6.8-2-MANJARO
initrd /boot/initramfs-x86_64.img zstd init hooks/miso hooks/miso_loop_mnt
initrd /boot/intel_ucode.img none kernel/x86/microcode/GenuineIntel.bin=microcode
squashfs /manjaro/x86_64/rootfs.sfs etc/os-release='ID=manjaro' usr/bin/init
squashfs /manjaro/x86_64/livefs.sfs etc/hostname=manjaro
text /boot/grub/grub.cfg <<'EOF'
set default=0
set timeout=10
menuentry "Boot with open source drivers" --class=manjaro {
	set gfxpayload=keep
	linux /boot/vmlinuz-x86_64 misobasedir=manjaro misolabel=MANJARO_XFCE_2401 quiet driver=free nouveau.modeset=1 lang=en_US
	initrd /boot/intel_ucode.img /boot/initramfs-x86_64.img
}
EOF
