# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made: what the server would have of a package.

[ -e /usr/lib/grub/i386-efi/kernel.img ] || skip "Debian's package grub-efi-ia32-bin is not installed"
[ -e /usr/share/OVMF/OVMF32_CODE_4M.secboot.fd ] || skip "Debian's package ovmf-ia32 is not installed"
mkdir -p "$tmp/srv/later/ia32/usr/lib/grub"
cp -r /usr/lib/grub/i386-efi "$tmp/srv/later/ia32/usr/lib/grub/"
