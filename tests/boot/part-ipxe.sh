# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a BIOS client whose card has iPXE is given our menu in iPXE's own language, by DHCP, and boots a live
# system with it. There is no GRUB.

ipxe_menus ipxe
table_begin
pxe_client_start ipxe 52:54:00:00:00:18
ipxe_boots ipxe
table_row "$pressed" debian-live "Debian Live, small; iPXE's menu" "$bios_client" TFTP "squashfs of \`iso/\`, NFSv3"
machine_end ipxe
dhcp_as_before ipxe
