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

# enter NAME TEXT KEY...: presses the keys until the machine shows the text: a menu that is not drawn to its end, or only
# just, drops them. Fails when ten times were not enough.
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

# put_file SERVER-PATH: standard input becomes that file of the server, whole at once.
put_file()
{
	on server 30 "echo $(base64 -w 0) | base64 -d >$1.part && mv $1.part $1" >/dev/null
}
