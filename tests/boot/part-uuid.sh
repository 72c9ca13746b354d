# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a menu for one machine by its UUID, which the DHCP server sends back by a line that is a comment in
# the sample; that menu is the sample for one, with an ISO that is there.

uuid=7726a678-7fc0-4853-a4f6-c85ac36a120a
# On the wire, and so for GRUB, the first three numbers have their lowest byte first.
menu=grub.cfg-78a62677-c07f-5348-a4f6-c85ac36a120a
sed 's,/rescue/live/,/debian-live/,' "$TOP_SRCDIR/examples/grub.cfg-client" | put_file "$loader/$menu"
check "uuid: a menu for one machine is in the tree" await server 60 "cmp $loader/$menu /pxe/boot/grub/$menu"
check "uuid: and names an ISO that is there" on server 20 "grep -F '/debian-live/grub.cfg' /pxe/boot/grub/$menu"
check "uuid: DHCP sends the UUID back, by the sample's line for that" on server 60 \
	'cp /etc/dnsmasq.d/pxefs.conf /run/pxefs.conf &&
	sed -i "s/^#\(pxe-service=Alpha,\)/\1/" /etc/dnsmasq.d/pxefs.conf &&
	[ "$(grep -c "^pxe-service=" /etc/dnsmasq.d/pxefs.conf)" = 1 ] && systemctl restart dnsmasq'

# uuid_menu NAME: that client, just switched on, gets the menu of its own, which after its time starts the ISO's.
uuid_menu()
{
	check "$1: the menu of this machine is on the screen" wait_screen "$1" 500 'The system of this desk'
	check_not "$1: and not the common one" shows "$1" 'debian-live: Debian Live'
	check "$1: after its time, the ISO's own menu" wait_screen "$1" 60 'Live system (amd64)'
	machine_end "$1"
}
pxe_client_start uuid 52:54:00:00:00:1b -uuid "$uuid"
uuid_menu uuid
# shellcheck disable=SC2086 # two words
uefi_client_start uuid-uefi 52:54:00:00:00:1c $own_pxe -uuid "$uuid"
uuid_menu uuid-uefi
pxe_client_start uuid-other 52:54:00:00:00:1b -uuid 7726a678-7fc0-4853-a4f6-c85ac36a120b
check "uuid-other: a machine with another UUID has the common one" wait_screen uuid-other 300 'debian-live: Debian Live'
check_not "uuid-other: at once" shows uuid-other 'The system of this desk'
machine_end uuid-other
on server 30 'journalctl -b -o cat -u atftpd.service' | grep -oE 'grub\.cfg-[0-9a-f]+-[0-9a-f-]+' | sort | uniq -c |
	sed 's/^/# asked for: /' || :
dhcp_as_before uuid
check "uuid: the menu is taken away" on server 20 "rm $loader/$menu"
