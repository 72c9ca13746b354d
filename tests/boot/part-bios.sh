# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a BIOS client with an empty disk. SeaBIOS, its card's PXE, DHCP, GRUB over TFTP, the generated
# menus, kernel and initrd over TFTP, root over NFS. While it sits in the menu, an ISO is dropped.

table_begin
pxe_client_start bios 52:54:00:00:00:0b
check "bios: the main menu is on the screen" wait_screen bios 300 'debian-live: Debian Live'
check "bios: with the other ISO" wait_screen bios 20 'gentoo-minimal: Gentoo'
check_not "bios: and without the one that is not there" shows bios zz-added-later

check "bios: an ISO is dropped while the menu is on the screen" on server 60 \
	'cp /srv/later/zz-added-later.iso /srv/iso/'
check "bios: and served" await server 60 'grep "^zz-added-later	served" /pxe/status'
mark bios
press bios ret
check "bios: the ISO's own menu" wait_screen bios 60 'Live system (amd64)'
mark bios
press bios esc
check "bios: back in the main menu, the dropped ISO is there" wait_screen bios 60 'zz-added-later: Gentoo'
mark bios
press bios ret
check "bios: the ISO's menu again" wait_screen bios 60 'Live system (amd64)'
mark bios
press bios ret
pressed=$(date +%s)
check "bios: GRUB loads" wait_screen bios 60 'Loading ...'
live_is_up bios
table_row "$pressed" debian-live "Debian Live, small" "$bios_client" TFTP "squashfs of \`iso/\`, NFSv3"
machine_end bios
dropped=$(on server 20 'du -k /srv/iso/zz-added-later.iso | cut -f1')
grown=$(($(used) - used_before - dropped))
check "bios: nothing was copied: the server's disks grew by $grown KiB beside the ISO that was dropped" \
	test "$grown" -lt 8192
check "bios: and what pxefs keeps is small" on server 20 \
	'test "$(du -k /var/lib/pxefs --exclude=loader | tail -n 1 | cut -f1)" -lt 8192'
