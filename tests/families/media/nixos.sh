# SPDX-License-Identifier: GPL-2.0-or-later
# NixOS 25.11, minimal.

label 'nixos-minimal-25.11-x86_64'
kernel /boot/bzImage 6.12.58
initrd /boot/initrd zstd init nix/store/x-extra-utils/bin/ash
squashfs /nix-store.squashfs abc-nixos-system/init
empty /EFI/nixos-installer-image
text /EFI/boot/grub.cfg <<'EOF'
set timeout=10
menuentry 'NixOS 25.11 Installer' --class installer {
	linux /boot/bzImage ${isoboot} init=/nix/store/abc-nixos-system/init root=LABEL=nixos-minimal-25.11-x86_64 boot.shell_on_fail nohibernate loglevel=4
	initrd /boot/initrd
}
EOF
