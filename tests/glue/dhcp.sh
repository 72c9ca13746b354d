#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The DHCP samples, each in a running server on a wire of its own: what does a network card of each kind get? And
# whatever a sample names as a boot file is one that pxefs-loader makes.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

glue=$TOP_SRCDIR/tftp-glue
offer=$TOP_BUILDDIR/tests/glue/dhcp-offer
need_root
requires ip unshare
own_network || skip "no right to a network of its own"
[ -x "$offer" ] || skip "dhcp-offer is not built"

# A wire: the server's end here, the client's in another network.
ip link add server type veth peer name client 2>/dev/null || skip "no virtual wire (veth) to be had"
unshare --net sleep 1000 &
other=$!
cleanup_fn end_process "$other"
wait_for 5 ip link set client netns "$other"
ip address add 192.0.2.1/24 dev server
ip link set server up
in_client()
{
	nsenter --net="/proc/$other/ns/net" "$@"
}
in_client ip address add 192.0.2.250/24 dev client
in_client ip link set client up

# gets ARCHITECTURE [CLASS]: what the server offers, or "nothing".
gets()
{
	in_client "$offer" client "$@" || echo nothing
}

# The samples with their commented lines: those that begin with one # and no blank.
uncommented()
{
	sed 's/^#\([a-z]\)/\1/' "$1"
}

with_dnsmasq()	# with_dnsmasq CONFIG
{
	dnsmasq --keep-in-foreground --conf-file="$1" --pid-file= --user=root --interface=server --except-interface=lo \
		--bind-interfaces --no-ping --dhcp-leasefile="$tmp/leases" --log-facility=- >"$tmp/dnsmasq.log" 2>&1 &
	server=$!
	cleanup_fn end_process "$server"
	check "dnsmasq starts" wait_for 10 grep -qE 'DHCP, (IP range|proxy)' "$tmp/dnsmasq.log"
}

if command -v dnsmasq >/dev/null; then
	for sample in dnsmasq-dhcp.conf dnsmasq-proxy.conf; do
		check "$sample: dnsmasq accepts it" dnsmasq --test -C "$glue/$sample"
		uncommented "$glue/$sample" >all.conf
		check "$sample: with every commented line too" dnsmasq --test -C all.conf
	done

	with_dnsmasq "$glue/dnsmasq-dhcp.conf"
	is "$(gets 0)" "192.0.2.1 boot/grub/grub.pxe -" "dnsmasq: BIOS"
	is "$(gets 6)" "192.0.2.1 boot/grub/i386-efi/core.efi -" "dnsmasq: UEFI, 32 bit"
	is "$(gets 7)" "192.0.2.1 boot/grub/x86_64-efi/core.efi -" "dnsmasq: UEFI, 64 bit"
	is "$(gets 9)" "192.0.2.1 boot/grub/x86_64-efi/core.efi -" "dnsmasq: UEFI, 64 bit, by its other number"
	is "$(gets 11)" "192.0.2.1 boot/grub/arm64-efi/core.efi -" "dnsmasq: UEFI, 64-bit ARM"
	is "$(gets 16 HTTPClient)" "192.0.2.1 - -" "dnsmasq: HTTP boot gets no file unless it is set up"
	end_process "$server"

	uncommented "$glue/dnsmasq-dhcp.conf" | grep -v '^dhcp-match=set:ipxe\|tag:ipxe' >all.conf
	echo log-dhcp >>all.conf
	with_dnsmasq all.conf
	is "$(gets 16 HTTPClient)" "192.0.2.1 http://192.0.2.1/boot/grub/x86_64-efi/core.efi HTTPClient" \
		"dnsmasq: HTTP boot, where it is"
	is "$(gets 19 HTTPClient)" "192.0.2.1 http://192.0.2.1/boot/grub/arm64-efi/core.efi HTTPClient" \
		"dnsmasq: HTTP boot, 64-bit ARM"
	is "$(gets 0)" "192.0.2.1 boot/grub/grub.pxe PXEClient" "dnsmasq: BIOS, beside a PXE service for others"
	check "dnsmasq: which has the client's UUID sent back" grep -q 'sent size: 17 option: 97 ' dnsmasq.log
	end_process "$server"

	# The two pairs of lines for a router, which has the rest; and the three that bootstrap prints.
	{
		echo 'port=0'
		echo 'dhcp-range=192.0.2.100,192.0.2.199'
	} >router.conf
	{
		cat router.conf
		sed -n '/^Very old/q; /^dhcp-/p' "$glue/dd-wrt.txt" | sed 's/192\.0\.2\.1$/192.0.2.7/'
	} >all.conf
	with_dnsmasq all.conf
	is "$(gets 0)" "192.0.2.7 boot/grub/grub.pxe -" "the router's lines: BIOS"
	is "$(gets 7)" "192.0.2.7 boot/grub/x86_64-efi/core.efi -" "the router's lines: UEFI"
	end_process "$server"
	{
		cat router.conf
		sed -n '/^Three lines/,/^TEXT/s/^dhcp-/&/p' "$TOP_SRCDIR/bootstrap" | sed 's/\$address/192.0.2.7/'
	} >all.conf
	is "$(grep -c '192\.0\.2\.7$\|client-arch' all.conf)" 3 "bootstrap prints three lines"
	with_dnsmasq all.conf
	is "$(gets 0)" "192.0.2.7 boot/grub/grub.pxe -" "bootstrap's lines: BIOS"
	is "$(gets 7)" "192.0.2.7 boot/grub/x86_64-efi/core.efi -" "bootstrap's lines: UEFI"
	end_process "$server"

	with_dnsmasq "$glue/dnsmasq-proxy.conf"
	is "$(gets 0)" "192.0.2.1 boot/grub/grub.pxe PXEClient" "proxy: BIOS"
	for arch in 6:i386-efi 7:x86_64-efi 9:x86_64-efi 11:arm64-efi; do
		is "$(gets "${arch%:*}")" "192.0.2.1 boot/grub/${arch#*:}/core.efi PXEClient" "proxy: architecture ${arch%:*}"
	done
	end_process "$server"
else
	ok "dnsmasq's samples # SKIP dnsmasq is not installed"
fi

if command -v kea-dhcp4 >/dev/null; then
	sed "s|\"type\": \"memfile\"|&, \"name\": \"$tmp/kea.leases\"|" "$glue/kea-dhcp4.conf.json" >kea.conf
	check "Kea accepts its sample" kea-dhcp4 -t kea.conf
	mkdir kea
	KEA_PIDFILE_DIR=$tmp/kea KEA_LOCKFILE_DIR=none kea-dhcp4 -c kea.conf >kea.log 2>&1 &
	server=$!
	cleanup_fn end_process "$server"
	check "Kea starts" wait_for 10 grep -q DHCP4_STARTED kea.log
	is "$(gets 0)" "192.0.2.1 boot/grub/grub.pxe -" "Kea: BIOS"
	is "$(gets 6)" "192.0.2.1 boot/grub/i386-efi/core.efi -" "Kea: UEFI, 32 bit"
	is "$(gets 7)" "192.0.2.1 boot/grub/x86_64-efi/core.efi -" "Kea: UEFI, 64 bit"
	is "$(gets 9)" "192.0.2.1 boot/grub/x86_64-efi/core.efi -" "Kea: UEFI, 64 bit, by its other number"
	is "$(gets 11)" "192.0.2.1 boot/grub/arm64-efi/core.efi -" "Kea: UEFI, 64-bit ARM"
	is "$(gets 16 HTTPClient | cut -d ' ' -f 2-)" "http://192.0.2.1/boot/grub/x86_64-efi/core.efi HTTPClient" "Kea: HTTP boot"
	end_process "$server"
else
	ok "Kea's sample # SKIP kea-dhcp4 is not installed"
fi

# Every boot file in the samples, the README and what bootstrap prints is one that the loader builder knows to make.
sed -n "/^platforms='/,/'\$/p" "$glue/pxefs-loader" | awk -F '\t' '{ print "boot/grub/" $3 }' >made
printf 'boot/grub/%s\n' shimx64.efi grubx64.efi shimaa64.efi >>made
echo boot.ipxe >>made
cat "$glue"/*.conf "$glue"/*.json "$glue"/dd-wrt.txt "$TOP_SRCDIR/README.md" "$TOP_SRCDIR/bootstrap" |
	grep -oE 'boot/grub/[A-Za-z0-9_/-]*(\.efi|\.pxe)|boot\.ipxe' | LC_ALL=C sort -u >named
check "the samples name boot files" test -s named
is "$(grep -vxF -f made named)" "" "and each is one that pxefs-loader makes"

plan
