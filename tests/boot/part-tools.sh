# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: real ISOs of two programs that are complete in themselves, iPXE and Memtest86+, by the menus made for
# them; and one that cannot be booted, of which the client's menu says so. iPXE asks the network what to boot, and so
# comes back to the main menu.

if [ "$tools_there" != 3 ]; then
	ok "tools: their ISOs # SKIP not all of Debian's packages ipxe, memtest86+ and grub-rescue-pc are installed"
	return
fi

check "tools: three ISOs are dropped" on server 60 \
	'cd /srv/later && mv 0-ipxe.iso 0-memtest.iso zz-grub-rescue.iso /srv/iso/'
check "tools: one is iPXE's" await server 60 'grep "^0-ipxe	served	ipxe	kernel alone	" /pxe/status'
check "tools: one is Memtest86+" await server 60 'grep "^0-memtest	served	memtest	kernel alone	" /pxe/status'
check "tools: the third is of no known family" await server 60 \
	'grep "^zz-grub-rescue	served	unknown	not known	no family" /pxe/status'

table_begin
pxe_client_start tools 52:54:00:00:00:14
check "tools: the main menu is on the screen" wait_screen tools 300 '0-ipxe: iPXE'
check_not "tools: and does not offer what cannot be booted" shows tools 'zz-grub-rescue'
mark tools
check "tools: the menu of iPXE's ISO" enter tools '*ipxe.lkrn' home ret
mark tools
check "tools: GRUB loads it" enter tools 'Loading ...' ret
pressed=$(date +%s)
check "tools: iPXE runs" wait_screen tools 120 'iPXE 1.'
table_ready
check "tools: and has a card to boot from" wait_screen tools 60 'net0: 52:54:00:00:00:14 using'
check "tools: it boots, and the main menu is there again" wait_screen tools 120 '0-memtest: Memtest86+'
table_row "$pressed" 0-ipxe "iPXE's own ISO" "$bios_client" TFTP "none"

mark tools
check "tools: what cannot be booted is in a menu of its own" enter tools 'zz-grub-rescue: no family' end up ret
mark tools
check "tools: whose entry says why in full" enter tools 'Escape goes back.' ret
check "tools: in words" shows tools 'zz-grub-rescue: no family that this version knows'
mark tools
check "tools: back in the main menu" enter tools '0-memtest: Memtest86+' esc
mark tools
check "tools: the menu of Memtest86+'s ISO" enter tools '*Memtest86+' home down ret
table_begin
mark tools
check "tools: GRUB loads it" enter tools 'Loading ...' ret
pressed=$(date +%s)
check "tools: Memtest86+ runs" wait_vga tools 120 'Memtest86+ v'
table_ready
check "tools: and tests memory" wait_vga tools 60 'Status: Testing'
vga_text tools | grep '[^ ]' | sed 's/^/# /'
table_row "$pressed" 0-memtest "Memtest86+'s own ISO" "$bios_client" TFTP "none"
machine_end tools

table_begin
uefi_client_start tools-uefi 52:54:00:00:00:15
check "tools-uefi: the main menu is on the screen" wait_screen tools-uefi 400 '0-memtest: Memtest86+'
check_not "tools-uefi: without iPXE's ISO, which is for BIOS machines" shows tools-uefi '0-ipxe'
mark tools-uefi
check "tools-uefi: the menu of Memtest86+'s ISO" enter tools-uefi '*Memtest86+' home ret
before=$(vga_blue tools-uefi)
check "tools-uefi: the screen is not blue ($before percent of it)" test "$before" -lt 30
mark tools-uefi
check "tools-uefi: GRUB loads it" enter tools-uefi 'Loading ...' ret
pressed=$(date +%s)
# It draws its letters itself.
check "tools-uefi: now it is, as Memtest86+ has it" wait_blue tools-uefi 120 60
table_row "$pressed" 0-memtest "Memtest86+'s own ISO" "$uefi_client" TFTP "none"
machine_end tools-uefi

# An entry that the administrator wrote, which starts by itself.
put_file /srv/iso/0-memtest.conf <<'TEXT'
title = Memory test of the lab
default = On the serial port
timeout = 2

[entry serial]
title = On the serial port
kernel = /EFI/BOOT/bootx64.efi
append = console=ttyS0,115200
TEXT
check "tools: a .conf is put beside Memtest86+'s ISO" await server 60 \
	"grep -F \"menuentry '0-memtest: Memory test of the lab'\" /pxe/boot/grub/grub.cfg"
pxe_client_start tools-conf 52:54:00:00:00:14
check "tools-conf: its title is in the main menu" wait_screen tools-conf 300 '0-memtest: Memory test of the lab'
mark tools-conf
check "tools-conf: its entry is in the ISO's menu" enter tools-conf '*On the serial port' home down ret
check "tools-conf: and starts by itself, with the word that it has more" wait_screen tools-conf 120 'Memtest86+ v'
check "tools-conf: to test memory" wait_screen tools-conf 60 'Status: Testing'
machine_end tools-conf

check "tools: the ISOs are taken away" on server 60 'cd /srv/iso && rm 0-memtest.conf &&
	mv 0-ipxe.iso 0-memtest.iso zz-grub-rescue.iso /srv/later/'
check "tools: and out of the menu" await server 60 \
	'! grep -E "^(0-ipxe|0-memtest|zz-grub-rescue)	" /pxe/status'
