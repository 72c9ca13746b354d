# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: as the part ipxe, by a UEFI client.

ipxe_menus ipxe-uefi
table_begin
uefi_client_start ipxe-uefi 52:54:00:00:00:19
ipxe_boots ipxe-uefi
table_row "$pressed" debian-live "Debian Live, small; iPXE's menu" "$uefi_client" TFTP "squashfs of \`iso/\`, NFSv3"
machine_end ipxe-uefi
dhcp_as_before ipxe-uefi
