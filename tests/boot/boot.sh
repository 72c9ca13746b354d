#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A server machine with Debian's stock kernel, nfsd, atftpd and dnsmasq, set up as the README says, and client
# machines with an empty disk that boot from it. Needs root (the server's disk is made of root's files), QEMU, and
# apt for the first run; nothing of this machine's own network or kernel is used.
#
# With PXEFS_BOOT_KERNEL=PACKAGE in the environment the server has that kernel instead of Debian's usual one.
#
#	boot.sh [PART...]	parts: bios nfs gentoo tools ipxe hostile uefi; without one, all these. More, for
#				boot-all.sh: ipxe-uefi, uefi-tftp, nfsroot, dracut, installer, debian-cd, xen, official,
#				secureboot, ia32, arm64, uuid, httpboot, preseed, proxy, setup
#
# A part is part-NAME.sh; where it needs more on the server's disk than the two ISOs that all have, media-NAME.sh puts
# that into $tmp/srv/later, from where the part takes it.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/boot/machine.sh"
. "$TOP_SRCDIR/tests/boot/server.sh"
. "$TOP_SRCDIR/tests/boot/clients.sh"
. "$TOP_SRCDIR/tests/boot/table.sh"

[ $# != 0 ] || set -- bios nfs gentoo tools ipxe hostile uefi
parts=" $* "
has_part()
{
	case $parts in *" $1 "*) return 0 ;; esac
	return 1
}

need_root
requires "$qemu" mke2fs mmdebstrap xorriso mksquashfs cpio xz zstd
[ -e "$PXEFS" ] || skip "the program is not built"

made_by()	# made_by SCRIPT [ARG...]: as fixture does, for the scripts of this directory
{
	fixtures=$TOP_SRCDIR/tests/boot
	fixture "$@"
	fixtures=$TOP_SRCDIR/tests/fixtures
}
say "images (made once, then kept)"
made_by image
machine_tar=$made
fixture debian-live
live_iso=$made
made_by gentoo "$machine_tar"
gentoo_iso=$made
if [ -n "${PXEFS_BOOT_KERNEL:-}" ]; then
	made_by image "$PXEFS_BOOT_KERNEL"
	machine_tar=$made
fi

mkdir -p "$tmp/srv/iso" "$tmp/srv/later"
cp "$live_iso" "$tmp/srv/iso/debian-live.iso"
cp "$gentoo_iso" "$tmp/srv/iso/gentoo-minimal.iso"
cp "$gentoo_iso" "$tmp/srv/later/zz-added-later.iso"
cp "$TOP_SRCDIR/tftp-glue/dnsmasq-proxy.conf" "$tmp/srv/later/"
for part in $parts; do
	[ ! -e "$TOP_SRCDIR/tests/boot/media-$part.sh" ] || . "$TOP_SRCDIR/tests/boot/media-$part.sh"
done
if has_part setup; then
	mkdir -p "$tmp/srv-setup/iso"
	cp "$gentoo_iso" "$tmp/srv-setup/iso/gentoo-minimal.iso"
	disk_of "$tmp/srv-setup" "$tmp/srv-setup.img" 100 -L srv
	rm -rf "$tmp/srv-setup"
	server_make "$machine_tar" "$tmp/untouched.img"
else
	server_make "$machine_tar"
fi
server_disk "$tmp/srv"
rm -rf "$tmp/srv"

live_facts()	# live_facts NAME: what the live system told the serial port
{
	screen_text "$1" | sed -n '/^pxefs-live-ready/,/^pxefs-live-end/p'
}

# live_is_up NAME: the points that every boot of the live system must pass.
live_is_up()
{
	check "$1: the live system starts" wait_screen "$1" 900 pxefs-live-end
	live_facts "$1" >facts
	sed 's/^/# /' facts
	check "$1: the medium is the ISO's tree over NFS" \
		grep -qE "^$server:/pxe/debian-live/iso /run/live/medium nfs ro,.*vers=3" facts
	check "$1: the squashfs in it is what the loop device reads" \
		grep -qE '^/sys/block/loop0/loop/backing_file .*/live/filesystem.squashfs$' facts
	check "$1: that is mounted" grep -qE '^/dev/loop0 /run/live/rootfs/filesystem.squashfs squashfs ro' facts
	check "$1: and is the root's lower layer" \
		grep -qE '^overlay / overlay .*lowerdir=/run/live/rootfs/filesystem.squashfs' facts
	check "$1: the words of the ISO's own menu are in its kernel line" grep -q ' components quiet splash' facts
}

. "$TOP_SRCDIR/tests/boot/part-server.sh"
for part in $parts; do
	say "part $part"
	. "$TOP_SRCDIR/tests/boot/part-$part.sh"
done
check "the server's kernel warns of nothing" kernel_is_quiet server
table_write
say "boot: $((points - failures)) of $points points passed"
plan
