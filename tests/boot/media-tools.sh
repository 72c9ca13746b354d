# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made: the ISOs of three Debian packages, as they are. Their names put
# two of them before, and one behind, the other ISOs of the menu.

tools_there=0
for tool in "ipxe 0-ipxe" "memtest86+ 0-memtest" "grub-rescue-pc zz-grub-rescue"; do
	tool_iso=$(dpkg -L "${tool% *}" 2>/dev/null | grep '\.iso$' | LC_ALL=C sort -r | head -n 1)
	[ -s "$tool_iso" ] || continue
	cp "$tool_iso" "$tmp/srv/later/${tool#* }.iso"
	tools_there=$((tools_there + 1))
done
