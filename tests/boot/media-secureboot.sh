# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made: what the server would have of two packages.

for file in lib/shim/shimx64.efi.signed lib/grub/x86_64-efi-signed/grubnetx64.efi.signed; do
	[ -e "/usr/$file" ] || skip "Debian's packages shim-signed and grub-efi-amd64-signed are not installed"
	mkdir -p "$tmp/srv/later/signed/usr/${file%/*}"
	cp "/usr/$file" "$tmp/srv/later/signed/usr/$file"
done
