#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The main menu and what it leads to: folders, families, processors, the default, what does not boot.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires xorriso mksquashfs grub-script-check
need_fuse
mkdir -p folder/rescue/old mnt root/etc

# live ISO KERNEL: in the shape of Debian Live, with that file as its kernel.
echo 'ID=debian' >root/etc/os-release
live()
{
	rm -rf tree
	mkdir -p tree/live tree/boot/grub
	mksquashfs root tree/live/filesystem.squashfs -quiet -no-progress -noappend -all-root >/dev/null
	cp "$2" tree/live/vmlinuz
	echo initrd >tree/live/initrd.img
	cat >tree/boot/grub/grub.cfg <<-'MENU'
	menuentry "Live system" {
		linux /live/vmlinuz boot=live components quiet
		initrd /live/initrd.img
	}
	MENU
	[ -z "${3-}" ] || { mkdir -p tree/EFI/BOOT && echo loader >"tree/EFI/BOOT/$3"; }
	make_iso tree "$1"
}

# Headers of kernels: x86 with 64 bits, ARM; and something packed that does not say.
{ head -c 514 /dev/zero; printf 'HdrS\017\002'; head -c 46 /dev/zero; printf '\001\000'; head -c 600 /dev/zero; } >x86
{ head -c 56 /dev/zero; printf 'ARM\144'; head -c 1000 /dev/zero; } >arm
head -c 1000 /dev/zero | gzip -n >packed
live folder/x86.iso x86
live folder/arm.iso arm
live folder/packed.iso packed
live folder/packed-arm.iso packed bootaa64.efi
mini folder/rescue/tool-10.iso ten
mini folder/rescue/tool-9.iso nine
mini folder/rescue/old/tool.iso old
echo nothing >folder/nothing.iso

main=mnt/boot/grub/grub.cfg

# guard_of NAME: the conditions that an image's entry stands under.
guard_of()
{
	awk -v name="$1" '
		/^if \[/ { guard[++depth] = $0 }
		/^fi$/ { depth-- }
		index($0, "menuentry '\''" name ": ") == 1 {
			for (i = 1; i <= depth; i++) print guard[i]
			found = 1
		}
		END { exit !found }' $main
}

entries()	# entries FILE: titles, on one line
{
	sed -n "s/^menuentry '\([^']*\)' {/\1/p" "$1" | tr '\n' ';'
}

mount_pxefs folder mnt -o state=,loader=,nfs=/pxe,menu-timeout=7,menu-default=rescue/tool-9
check "all are served" wait_for 20 test -e mnt/x86/iso -a -e mnt/arm/iso -a -e mnt/packed/iso -a -e mnt/packed-arm/iso \
	-a -e mnt/rescue/old/tool/iso -a -e mnt/rescue/tool-9/iso -a -e mnt/rescue/tool-10/iso
check "and what is not is known" wait_for 10 grep -q '^nothing' mnt/status
check_menus mnt
is "$(guard_of x86)" 'if [ "$pxefs_cpu" = x86 ]; then' "a kernel for x86 is for x86"
is "$(guard_of arm)" 'if [ "$pxefs_cpu" = arm64 ]; then' "one for ARM is for ARM"
is "$(guard_of packed-arm)" 'if [ "$pxefs_cpu" = arm64 ]; then' "of a packed one the EFI loader beside it says it"
is "$(guard_of packed)" "" "what is not known is shown everywhere"
check "iPXE is told the same" grep -qx 'iseq ${pxefs-cpu} arm64 && item ./arm/boot.ipxe arm: Debian Live ||' mnt/boot.ipxe
check "people, too" grep -q 'ARM, 64 bit' mnt/index.html

is "$(entries $main)" "rescue/tool-9: iPXE;arm: Debian Live;packed: Debian Live;packed-arm: Debian Live;rescue/ (3);\
x86: Debian Live;Not bootable (1): why;Local disk;" "the default comes first, the local disk last"
is "$(grep -A 1 '^set default=' $main | tr '\n' ';')" "set default='Local disk';set timeout=7;--;set default=0;\
menuentry 'rescue/tool-9: iPXE' {;" "it is started after its time-out, where it can be, else the local disk"
is "$(grep -B 1 '^set default=0' $main | head -n 1)" 'if [ "$grub_platform" != efi ]; then' "which is on a BIOS"
is "$(entries mnt/rescue/grub.cfg)" "old/ (1);tool-9: iPXE;tool-10: iPXE;Back to the main menu;" "the folder's menu"
is "$(entries mnt/rescue/old/grub.cfg)" "tool: iPXE;Back to the main menu;" "the folder's in it"
check "what does not boot says why" grep -q "^menuentry 'nothing.iso: incomplete: 8 bytes are no ISO yet' {" mnt/boot/not-bootable.cfg
check "the main menu does not" sh -c '! grep -q "are no ISO yet" "$0" mnt/boot.ipxe' $main

log_says()	# log_says TIMES: that the default is not there
{
	[ "$(grep -c 'menu-default=rescue/tool-9: there is no such image' "$pxefs_log")" = "$1" ]
}
check "nothing is wrong with the default" log_says 0
mv folder/rescue/tool-9.iso tool-9.iso
check "it goes, which is said" wait_for 10 log_says 1
check "then the local disk is the default" wait_for 2 sh -c '! grep -q "^set default=0" "$0"' $main
mv folder/nothing.iso folder/more-nothing.iso
check "another change" wait_for 10 grep -q '^more-nothing' mnt/status
check "is no reason to say it again" log_says 1
mv tool-9.iso folder/rescue/tool-9.iso
check "it is back" wait_for 10 grep -qx "menuentry 'rescue/tool-9: iPXE' {" $main
rm -r folder/rescue
check "its folder goes" wait_for 10 test ! -e mnt/rescue
check "which is said, too" wait_for 2 log_says 2
check "and leaves no menu" sh -c '! grep -q rescue "$0" mnt/boot.ipxe' $main
rm folder/more-nothing.iso
check "without anything that does not boot there is no such menu" wait_for 10 test ! -e mnt/boot/not-bootable.cfg \
	-a ! -e mnt/boot/not-bootable.ipxe
unmount_pxefs mnt

# As many as the main menu has one by one, and one more.
n=4
while [ $n -lt 60 ]; do
	n=$((n + 1))
	cp folder/x86.iso "folder/more-$n.iso"
done
mount_pxefs folder mnt -o state=,loader=,nfs=/pxe
check "60 are served" wait_for 60 test "$(find mnt -maxdepth 1 -name 'more-*' | wc -l)" = 56
check "each is in the main menu" test "$(grep -c ': Debian Live' $main)" = 60
check_not "and in no other" test -e mnt/boot/family
mini folder/ipxe.iso ipxe
check "one more" wait_for 10 test -e mnt/ipxe/iso
check "is one too many" wait_for 2 grep -qx "menuentry 'Debian Live (60)' {" $main
is "$(entries $main)" "Debian Live (60);iPXE (1);Local disk;" "there is an entry for each family"
is "$(grep -c ': Debian Live' mnt/boot/family/debian-live.cfg)" 60 "which leads to its images"
check_menus mnt
plan
