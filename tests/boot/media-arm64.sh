# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made: an ISO for ARM, and what the server would have of GRUB's packages.

requires qemu-system-aarch64
[ -e /usr/share/AAVMF/AAVMF_CODE.fd ] || skip "Debian's package qemu-efi-aarch64 is not installed"
fixture debian-installer arm64
cp "$made" "$tmp/srv/later/arm64-installer.iso"
fixture grub-arm64
mkdir "$tmp/srv/later/arm64"
tar -C "$tmp/srv/later/arm64" -xf "$made"
