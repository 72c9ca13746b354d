# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a Xen host, whose hypervisor, kernel and initrd come from the tree and whose root is over NFS; and in
# it a guest, whose kernel and initrd are files of the host's medium, so of the same tree, and which has the same ISO's
# root over NFS by a card of its own behind a bridge on the host's.

check "xen: the ISO is dropped" on server 60 'mv /srv/later/xen-live.iso /srv/iso/'
check "xen: and served" await server 120 'cat /pxe/status; grep "^xen-live	served	debian-live	over NFS" /pxe/status'
on server 30 'sed -n "/^if .*grub_platform. != efi/,/^fi/p" /pxe/xen-live/grub.cfg' | sed 's/^/# /'

# xen_facts: what the live system told its console, and so the hypervisor's or the host's file.
xen_facts()
{
	sed -n '/pxefs-live-ready/,/pxefs-live-end/p' | sed 's/^(XEN) //'
}

# xen_is_up NAME HOST-OR-GUEST PATTERN: the points that a live system under the hypervisor must pass, by the file "facts".
xen_is_up()
{
	sed 's/^/# /' facts
	check "$1: it is a system under Xen, as its $2" grep -qE "^hypervisor: xen 4\.[0-9]+, guest type PV, $3" facts
	check "$1: the medium is the ISO's tree over NFS" \
		grep -qE "^$server:/pxe/xen-live/iso /run/live/medium nfs ro,.*vers=3" facts
	check "$1: the squashfs in it is what the loop device reads" \
		grep -qE '^/sys/block/loop0/loop/backing_file .*/live/filesystem.squashfs$' facts
	check "$1: and is the root's lower layer" \
		grep -qE '^overlay / overlay .*lowerdir=/run/live/rootfs/filesystem.squashfs' facts
}

table_begin
# QEMU before 9.1 has Linux, which Xen starts without the rights of a kernel, stumble over SMAP.
pxe_client_start xen 52:54:00:00:00:16 -m 2048 -cpu max,smap=off
check "xen: it is in the main menu" wait_screen xen 300 'xen-live: Debian Live'
mark xen
# shellcheck disable=SC2046 # keys
check "xen: its own menu" enter xen 'Without Xen' $(keys_to xen-live)
mark xen
check "xen: its first entry, with the hypervisor, is chosen" enter xen 'Loading ...' home ret
pressed=$(date +%s)
mark xen
check "xen: the live system starts" wait_screen xen 1200 pxefs-live-end
table_ready
screen_text xen | xen_facts >facts
xen_is_up xen host 'capabilities: control_d$'
table_row "$pressed" xen-live "Xen host, Debian Live" "$bios_client" TFTP "squashfs of \`iso/\`, NFSv3"
check "xen: its tools see it" await xen 120 'xl info && xl list'
sed 's/^/# /' "$tmp/.check"

# The card's address moves to the bridge in one step of one program: the program itself, like all else, is read over it.
check "xen: a bridge on its card, over which it keeps reading" on xen 120 'set -- $(ip -o -4 addr show scope global);
	modprobe bridge; printf "%s\n" "link add guests type bridge" "link set $2 master guests" "addr del $4 dev $2"
	"addr add $4 dev guests" "link set guests up" >/run/bridge && ip -batch /run/bridge &&
	echo 3 >/proc/sys/vm/drop_caches && ip addr show guests && md5sum /run/live/medium/live/vmlinuz-*'
guest_counters=$(counters)
guest_began=$(date +%s)
check "xen: a guest is created, with kernel and initrd of the medium" on xen 300 "cd /run/live/medium/live &&
	printf '%s\n' 'name = \"guest\"' 'memory = 640' \"kernel = '\$(echo \$PWD/vmlinuz-*)'\"
	\"ramdisk = '\$(echo \$PWD/initrd.img-*)'\" \"vif = [ 'mac=00:16:3e:00:00:17,bridge=guests' ]\"
	\"extra = 'boot=live components netboot=nfs nfsroot=$server:/pxe/xen-live/iso quiet console=hvc0'\" \
	>/run/guest.cfg && cat /run/guest.cfg && xl create /run/guest.cfg"
sed 's/^/# /' "$tmp/.check"
console=/var/log/xen/console/guest-guest.log
# Looked at seldom: host and guest share one processor, and who looks takes it from the guest.
check "xen: its live system starts" on xen 1260 "end=\$((\$(date +%s) + $((1200 * slowness))));
	until grep -q pxefs-live-end $console; do [ \$(date +%s) -le \$end ] || { tail -n 40 $console; xl list; exit 1; };
	sleep 10; done"
say "xen: the guest is up, $(($(date +%s) - guest_began)) seconds after it was created; the server read and sent for it" \
	"$(echo "$guest_counters $(counters)" | awk '{ printf "%d and %d MiB", ($3 - $1) / 1048576, ($4 - $2) / 1048576 }')"
on xen 30 "cat $console" | tr -d '\r' | xen_facts >facts
xen_is_up guest guest 'capabilities: *$'
check "guest: it runs beside the host" on xen 60 \
	'xl list; xl list guest | awk "NR == 2 && \$5 !~ /[scd]/ { runs = 1 } END { exit !runs }"'
check "guest: the server gave it an address of its own" on server 60 \
	'journalctl -u dnsmasq -o cat | grep -E "DHCPACK.* 00:16:3e:00:00:17"'
machine_end xen
check "xen: the ISO is taken out again" on server 60 'mv /srv/iso/xen-live.iso /srv/later/'
check "xen: and gone" await server 60 '! grep "^xen-live	" /pxe/status'
