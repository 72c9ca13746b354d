#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A real Debian Live ISO: the whole of its root file system, its kernel, initrd and menu.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires xorriso isoinfo unsquashfs sha256sum grub-script-check
need_fuse
need_root
fixture debian-live
mkdir folder mnt
ln -s "$made" folder/live.iso
mount_pxefs folder mnt -o state=,nfs=/pxe,poll=1
check "it is served" wait_for 30 test -d mnt/live/root
is "$(grep '^live' mnt/status)" "live	served	debian-live	over NFS	also root/ as NFS root, read-only" "it is known and boots over NFS"

extract_iso "$made" iso
same_iso mnt/live/iso iso "the ISO"
unsquashfs -quiet -no-progress -dest root iso/live/filesystem.squashfs >unsquash.log 2>&1
same_root mnt/live/root root "the root file system"
devices root >wanted
devices mnt/live/root >got
check "device nodes" cmp got wanted

for kind in kernel initrd; do
	for file in mnt/live/$kind/*; do
		isoinfo -R -i "$made" -x "/live/${file##*/}" >wanted
		check "$file" cmp wanted "$file"
	done
done
set -- mnt/live/kernel/vmlinuz-* mnt/live/initrd/initrd.img-*
is $# 2 "one kernel and one initrd"
check_menus mnt
check "the kernel line names the NFS root" grep -q \
	'boot=live netboot=nfs nfsroot="$pxefs_server":/pxe/live/iso ' mnt/live/grub.cfg
check "the title is the ISO's own" grep -q "menuentry 'Live system (amd64)'" mnt/live/grub.cfg
"$PXEFS" --dump folder >dump
for path in /live/root/etc/os-release /live/root/usr/lib/os-release /live/iso/live/filesystem.squashfs /live/image.iso; do
	check "--dump has $path" grep -q "^$path " dump
done
is "$(grep -c ' squashfs ' dump)" "$(find root ! -type l | wc -l)" "and everything in the root"

plan
