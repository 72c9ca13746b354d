# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh, the last one on its server: the network has a router that gives out addresses and knows nothing of booting; the server
# adds the boot file with our sample for dnsmasq as it is, and pxefs is told its own address. The router is a
# network of its own inside the server machine, with a card of its own on the wire.

check "proxy: a router is on the wire and gives out addresses" on server 60 'systemctl stop dnsmasq && ip netns add router &&
	ip link add link eth0 name wan netns router type macvlan mode bridge && ip -n router addr add 192.0.2.254/24 dev wan &&
	ip -n router link set lo up && ip -n router link set wan up &&
	ip netns exec router dnsmasq --conf-file=/dev/null --user=root --port=0 --dhcp-authoritative --log-dhcp
		--dhcp-range=192.0.2.100,192.0.2.199,255.255.255.0,12h --dhcp-option=option:router,192.0.2.254
		--dhcp-leasefile=/run/router.leases --pid-file=/run/router.pid --log-facility=/run/router.log'
check "proxy: the server's dnsmasq is a proxy, by the sample as it is" on server 60 \
	'cp /srv/later/dnsmasq-proxy.conf /etc/dnsmasq.d/pxefs.conf && echo log-dhcp >/etc/dnsmasq.d/log.conf && systemctl start dnsmasq &&
	systemctl is-active dnsmasq'
on server 20 "sed -i '/fuse.pxefs/s/,http,/,/' /etc/fstab" >/dev/null || :
remount_pxe proxy "server=$server"
check "proxy: GRUB is told the server's address, as the sample says" on server 200 "pxefs-loader --server $server"
check "proxy: and its images are in the tree" await server 60 "cmp $loader/grub.pxe /pxe/boot/grub/grub.pxe &&
	cmp $loader/x86_64-efi/core.efi /pxe/boot/grub/x86_64-efi/core.efi"

# proxy_answers NAME MAC: which of the two gave what.
proxy_answers()
{
	on server 30 'cat /run/router.log' >router || :
	# Since it was started as a proxy.
	on server 60 'journalctl -o cat _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID dnsmasq)' >added || :
	check "$1: its address came from the router" grep -qE "DHCPACK\(wan\) 192.0.2.1[0-9]* $2" router
	check "$1: which named no boot file" sh -c '! grep -qiE "bootfile name|next server: 192.0.2.1$" router'
	check "$1: that came from the server" grep -qE "PXE\(eth0\) ([0-9.]+ )?$2 " added
	check "$1: which gave no address" sh -c '! grep -qE "DHCP(OFFER|ACK)\(eth0\)" added'
	grep -E 'PXE\(|bootfile|next server' added | tail -n 20 | sed 's/^/# /'
}

table_begin
pxe_client_start proxy 52:54:00:00:00:11
check "proxy: the main menu is on the screen" wait_screen proxy 300 'debian-live: Debian Live'
proxy_answers proxy 52:54:00:00:00:11
live_boots proxy
table_row "$pressed" debian-live "Debian Live, small; proxy DHCP" "$bios_client" TFTP "squashfs of \`iso/\`, NFSv3"
machine_end proxy

table_begin
# shellcheck disable=SC2086 # two words
uefi_client_start proxy-uefi 52:54:00:00:00:12 $own_pxe
check "proxy-uefi: the main menu is on the screen" wait_screen proxy-uefi 400 'debian-live: Debian Live'
proxy_answers proxy-uefi 52:54:00:00:00:12
live_boots proxy-uefi
table_row "$pressed" debian-live "Debian Live, small; proxy DHCP" "$uefi_client" TFTP "squashfs of \`iso/\`, NFSv3"
machine_end proxy-uefi
