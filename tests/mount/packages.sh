#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Real ISOs out of Debian packages: nothing here was made for this test.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires xorriso isoinfo grub-script-check sha256sum dpkg
need_fuse
need_root
mkdir folder mnt out

found=
for package in memtest86+ grub-rescue-pc ipxe; do
	for iso in $(dpkg -L "$package" 2>/dev/null | grep '\.iso$'); do
		[ ! -s "$iso" ] || {
			ln -s "$iso" "folder/${iso##*/}"
			found="$found $iso"
		}
	done
done
[ "$found" ] || skip "none of memtest86+, grub-rescue-pc and ipxe is installed"

mount_pxefs folder mnt -o state=,nfs=/pxe,poll=1
for iso in $found; do
	name=$(basename "$iso" .iso)
	check "$name is served" wait_for 20 test -d "mnt/$name/iso"
	extract_iso "$iso" "out/$name"
	same_iso "mnt/$name/iso" "out/$name" "$name"
	check "$name: the ISO itself" cmp "$iso" "mnt/$name/image.iso"
	check "$name has a line in status" grep -qP "^\Q$name\E\tserved\t[a-z-]+\t.+\t.+" mnt/status
	is "$(find "mnt/$name/kernel" "mnt/$name/initrd" -type f 2>/dev/null | while read -r file; do
		cmp -s "$file" "$(find "mnt/$name/iso" -type f -samefile "$file")" || echo "$file"
	done)" "" "$name: kernel/ and initrd/ are files of the ISO"
	"$PXEFS" --explain "$iso" >explained 2>&1
	check "$name: --explain tells its file" grep -qx "file: ${iso##*/}" explained
done
check_menus mnt
for iso in $found; do
	name=$(basename "$iso" .iso)
	grep -qsF -e "\"\$pxefs_base\"/$name/grub.cfg" -e "menuentry '$name: " mnt/boot/grub/grub.cfg mnt/boot/not-bootable.cfg ||
		echo "$name"
done >forgotten
is "$(cat forgotten)" "" "the main menu leads to each, or says why not"

if [ -e mnt/ipxe ]; then
	isoinfo -R -i folder/ipxe.iso -x /ipxe.krn >ipxe.krn
	check "iPXE's kernel is in kernel/" cmp ipxe.krn mnt/ipxe/kernel/ipxe.krn
	is "$(awk -F '\t' '$1 == "ipxe" { print $3 "," $4 }' mnt/status)" "ipxe,kernel alone" "and boots alone"
	check "its menu loads it" grep -q '^[[:blank:]]*linux16 "$pxefs_files"/ipxe/kernel/ipxe.krn$' mnt/ipxe/grub.cfg
	check "and the main menu leads there" grep -qxF '	configfile "$pxefs_base"/ipxe/grub.cfg' mnt/boot/grub/grub.cfg
fi
if [ -e mnt/grub-rescue-cdrom ]; then
	check "GRUB's own rescue disc cannot boot, and its menu says why" grep -q \
		"^menuentry 'Cannot boot over the network: " mnt/grub-rescue-cdrom/grub.cfg
	check_not "it is not offered in the main menu" grep -q "^menuentry 'grub-rescue" mnt/boot/grub/grub.cfg
	check "which leads to why" grep -qF '"$pxefs_base"/boot/not-bootable.cfg' mnt/boot/grub/grub.cfg
	check "in GRUB" grep -q "^menuentry 'grub-rescue-cdrom: " mnt/boot/not-bootable.cfg
	check "and in iPXE" grep -q "^item r[0-9]* grub-rescue-cdrom: " mnt/boot/not-bootable.ipxe
	is "$(awk -F '\t' '$1 == "grub-rescue-cdrom" { print $3 }' mnt/status)" unknown "an unknown family is said to be"
fi

plan
