# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a Xen host, whose hypervisor, kernel and initrd come from the tree and whose root is over NFS.

check "xen: the ISO is dropped" on server 60 'mv /srv/later/xen-live.iso /srv/iso/'
check "xen: and served" await server 120 'cat /pxe/status; grep "^xen-live	served	debian-live	over NFS" /pxe/status'
on server 30 'sed -n "/^if .*grub_platform. != efi/,/^fi/p" /pxe/xen-live/grub.cfg' | sed 's/^/# /'

table_begin
# QEMU before 9.1 has Linux, which Xen starts without the rights of a kernel, stumble over SMAP. And its emulation does not
# promise, as processors do, that their counter has one rate, though it is the real processor's; so Xen steers its clock by
# the HPET, and was seen to take an error for a turn of that timer that it missed, after which its time ran away.
pxe_client_start xen 52:54:00:00:00:16 -m 2048 -cpu max,smap=off,+invtsc,x-force-features=on
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
# The hypervisor puts its name before what it passes on.
screen_text xen | sed -n '/pxefs-live-ready/,/pxefs-live-end/p' | sed 's/^(XEN) //' >facts
sed 's/^/# /' facts
check "xen: it is a system under Xen, as its host" \
	grep -qE '^hypervisor: xen 4\.[0-9]+, guest type PV, capabilities: control_d$' facts
check "xen: the medium is the ISO's tree over NFS" \
	grep -qE "^$server:/pxe/xen-live/iso /run/live/medium nfs ro,.*vers=3" facts
check "xen: the squashfs in it is what the loop device reads" \
	grep -qE '^/sys/block/loop0/loop/backing_file .*/live/filesystem.squashfs$' facts
check "xen: and is the root's lower layer" \
	grep -qE '^overlay / overlay .*lowerdir=/run/live/rootfs/filesystem.squashfs' facts
table_row "$pressed" xen-live "Xen host, Debian Live" "$bios_client" TFTP "squashfs of \`iso/\`, NFSv3"
check "xen: its tools see it" await xen 120 'xl info && xl list'
sed 's/^/# /' "$tmp/.check"
check "xen: its clock is the processor's, and did not run away" await xen 60 \
	'xl debug-keys s; xl dmesg | grep "TSC marked as reliable" && ! xl dmesg | grep "unexpectedly wrapped"'
machine_end xen
check "xen: the ISO is taken out again" on server 60 'mv /srv/iso/xen-live.iso /srv/later/'
check "xen: and gone" await server 60 '! grep "^xen-live	" /pxe/status'
