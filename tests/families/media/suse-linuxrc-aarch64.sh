# SPDX-License-Identifier: GPL-2.0-or-later
# SLE 15 SP6, aarch64, offline installer.

label 'SLE-15-SP6-Full-aarch64'
kernel /boot/aarch64/linux 6.4.0-150600.21-default arm64
linuxrc_initrd /boot/aarch64/initrd xz 6.4.0-150600.21-default
squashfs /boot/aarch64/root usr/bin/yast2
empty /repodata/repomd.xml
file /EFI/BOOT/bootaa64.efi 2000
text /EFI/BOOT/grub.cfg <<'EOF'
set timeout=60
set default=0
menuentry 'Installation' --class sle --class gnu-linux --class gnu --class os {
	linux /boot/aarch64/linux splash=silent
	initrd /boot/aarch64/initrd
}
EOF
