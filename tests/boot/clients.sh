# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after server.sh: what the parts of the long suite share.

bios_client="BIOS"
uefi_client="UEFI"

# QEMU's cards carry iPXE; without it UEFI's own PXE is used, as in machines from a shop.
own_pxe="-global virtio-net-pci.romfile="

# uefi_client_start NAME MAC QEMU-ARG...: as pxe_client_start, with UEFI and variables of its own.
uefi_client_start()
{
	for firmware in /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/OVMF/OVMF_CODE.fd; do
		[ ! -e "$firmware" ] || break
	done
	cp "$(echo "$firmware" | sed s/CODE/VARS/)" "$tmp/$1.vars"
	vars=$tmp/$1.vars
	pxe_client_start "$@" \
		-drive "if=pflash,format=raw,readonly=on,file=$firmware" -drive "if=pflash,format=raw,file=$vars"
}

# enter NAME TEXT KEY...: presses the keys until the machine shows the text: a menu that is not drawn to its end, or
# only just, drops them. Fails when ten times were not enough.
enter()
{
	entered=$1
	wanted_text=$2
	shift 2
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		press "$entered" "$@"
		! wait_screen "$entered" 6 "$wanted_text" || return 0
	done
	return 1
}

# leads NAME WHERE TEXT KEY...: the point that the keys lead that client to WHERE, which is when it shows the text; what
# it showed before does not count.
leads()
{
	led=$1
	where=$2
	shift 2
	mark "$led"
	check "$led: $where" enter "$led" "$@"
}

# chooses NAME ENTRY KEY...: the point that the keys choose ENTRY of the menu on the screen, and GRUB loads it; sets
# $pressed to the second in which that was.
chooses()
{
	chooser=$1
	chosen=$2
	shift 2
	leads "$chooser" "$chosen is chosen" 'Loading ...' "$@"
	pressed=$(date +%s)
}

# live_boots NAME: that client, which shows the main menu, boots debian-live's first entry by GRUB; sets $pressed.
live_boots()
{
	leads "$1" "the ISO's own menu" 'Live system (amd64)' ret
	chooses "$1" "its first entry" ret
	live_is_up "$1"
}

# put_file SERVER-PATH: standard input becomes that file of the server, whole at once.
put_file()
{
	on server 30 "echo $(base64 -w 0) | base64 -d >$1.part && mv $1.part $1" >/dev/null
}

# Programs that write to the screen's memory themselves are not on the serial port. What such a one shows:
vga_text()	# vga_text NAME: where the screen has text
{
	rm -f "$tmp/$1.vga"
	tell "$1" "pmemsave 0xb8000 4000 \"$tmp/$1.vga\""
	wait_for 5 test -s "$tmp/$1.vga" || return 0
	od -A n -v -t u1 -w2 "$tmp/$1.vga" | awk '{
		printf("%c", $1 >= 32 && $1 < 127 ? $1 : 32)
		if (NR % 80 == 0) print "" }'
}

wait_vga()	# wait_vga NAME SECONDS TEXT: until it stands there
{
	deadline=$(($(date +%s) + $2 * slowness))
	until vga_text "$1" | grep -qF -e "$3"; do
		if machine_is_off "$1" || [ "$(date +%s)" -gt "$deadline" ]; then
			return 1
		fi
		sleep 1
	done
}

vga_blue()	# vga_blue NAME: how many percent of the screen's dots are a plain blue
{
	rm -f "$tmp/$1.ppm"
	tell "$1" "screendump \"$tmp/$1.ppm\""
	wait_for 5 test -s "$tmp/$1.ppm" || return 0
	# Behind three lines of text, three bytes for each.
	tail -n +4 "$tmp/$1.ppm" | od -A n -v -t u1 -w3 | awk '
		$1 < 64 && $2 < 64 && $3 >= 128 { blue++ }
		END { printf "%d\n", NR ? 100 * blue / NR : 0 }'
}

wait_blue()	# wait_blue NAME SECONDS PERCENT: until so many are
{
	deadline=$(($(date +%s) + $2 * slowness))
	until [ "$(vga_blue "$1" || :)" -ge "$3" ] 2>/dev/null; do
		if machine_is_off "$1" || [ "$(date +%s)" -gt "$deadline" ]; then
			vga_blue "$1"
			return 1
		fi
		sleep 1
	done
}

# ipxe_menus PART: from now on clients that run iPXE get our menu in its own language, by the sample's lines for that,
# which are comments as it comes.
ipxe_menus()
{
	check "$1: DHCP names iPXE's menu to clients that run it, as the sample says" on server 60 \
		'cp /etc/dnsmasq.d/pxefs.conf /run/pxefs.conf &&
		sed -i "s/^#\(dhcp-[a-z]*=[a-z]*:ipxe,\)/\1/" /etc/dnsmasq.d/pxefs.conf &&
		[ "$(grep -c "^dhcp-[a-z]*=[a-z]*:ipxe," /etc/dnsmasq.d/pxefs.conf)" = 2 ] && systemctl restart dnsmasq'
}

dhcp_as_before()	# dhcp_as_before PART
{
	check "$1: DHCP is as it was" on server 60 \
		'cp /run/pxefs.conf /etc/dnsmasq.d/pxefs.conf && systemctl restart dnsmasq'
}

# ipxe_boots NAME: that client, just switched on, gets iPXE's menus and boots debian-live's first entry; sets $pressed.
ipxe_boots()
{
	check "$1: iPXE loads our menu over TFTP" wait_screen "$1" 300 "tftp://$server/boot.ipxe"
	check "$1: the main menu is on the screen" wait_screen "$1" 60 'debian-live: Debian Live'
	check "$1: and it is iPXE's" shows "$1" 'iPXE shell'
	leads "$1" "the ISO's own menu" 'Live system (amd64)' home ret
	check "$1: leads back" wait_screen "$1" 20 'Back to the main menu'
	leads "$1" "its first entry is chosen" 'initrd.img' home ret
	pressed=$(date +%s)
	live_is_up "$1"
	check "$1: and the client came here without GRUB" sh -c '! grep -q BOOT_IMAGE= facts'
}

# keys_to NAME: the keys that choose that image in the main menu, as it is now.
keys_to()
{
	on server 20 'grep "^menuentry" /pxe/boot/grub/grub.cfg' | sed -n "s/^menuentry '\([^:']*\).*/\1/p" |
		awk -v name="$1" 'BEGIN { keys = "home" } $1 == name { exit } { keys = keys " down" } END { print keys, "ret" }'
}
