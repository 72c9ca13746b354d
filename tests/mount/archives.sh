#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Generated archives in initrd/generated/: what cpio takes out of one is the squashfs or the ISO byte for byte; reads
# that cross the borders of its parts, handles as nfsd keeps them, --dump, menus, TFTP; and images for which none can
# be made.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires cpio gzip grub-script-check
mkdir -p folder/sub mnt out

# initrd FILE MEMBER...: one with empty files of these names, or with the text that follows a '='.
initrd()
{
	to=$PWD/$1
	shift
	rm -rf .initrd
	mkdir .initrd
	for member; do
		mkdir -p ".initrd/$(dirname "${member%%=*}")"
		case $member in
		*=*) printf '%s\n' "${member#*=}" >".initrd/${member%%=*}" ;;
		*) : >".initrd/$member" ;;
		esac
	done
	(cd .initrd && find . | cpio --quiet -o -H newc) | gzip -1 >"$to"
}

# Gentoo with dracut, whose initrd has no network: the squashfs goes into the initramfs. An initrd of a hostile name
# lies where the archives' directory is.
make_root gentoo.root gentoo
mkdir -p gentoo.d/boot/grub
: >gentoo.d/livecd
mksquashfs gentoo.root gentoo.d/image.squashfs -noappend -no-progress -quiet -comp gzip -Xcompression-level 1 \
	-processors 1 -all-root >/dev/null
noise kernel 300000 >gentoo.d/boot/gentoo
initrd gentoo.d/boot/gentoo.igz init sbin/dmsquash-live-root
cp gentoo.d/boot/gentoo.igz gentoo.d/boot/generated
words='root=live:CDLABEL=TEST rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot'
cat >gentoo.d/boot/grub/grub.cfg <<MENU
menuentry 'Boot LiveCD' {
	linux /boot/gentoo $words
	initrd /boot/gentoo.igz
}
menuentry 'Boot LiveCD (another initrd)' {
	linux /boot/gentoo $words
	initrd /boot/generated
}
MENU
make_iso gentoo.d folder/gentoo.iso -R -J -V TEST

# Proxmox: the ISO itself does. One of odd length above 3 GiB, nearly all of it a hole, and one of 4 GiB.
mkdir -p proxmox.d/boot/grub
noise proxmox-kernel 100000 >proxmox.d/boot/linux26
initrd proxmox.d/boot/initrd.img init='search /proxmox.iso'
noise base 5000 >proxmox.d/pve-base.squashfs
cat >proxmox.d/boot/grub/grub.cfg <<'MENU'
menuentry 'Install Proxmox VE (Graphical)' {
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent
	initrd /boot/initrd.img
}
MENU
make_iso proxmox.d small.iso -R -J -V PVE
cp small.iso folder/sub/odd.iso
truncate -s 3221225475 folder/sub/odd.iso
cp small.iso folder/large.iso
truncate -s 4294967296 folder/large.iso
# An image of no family that has any.
make_live plain seed
cp plain.iso folder/plain.iso

start()		# start [options]
{
	mount_pxefs folder mnt -o loader=,nfs=/pxe "$@"
	check "they are served" wait_for 30 test -d mnt/gentoo/iso -a -d mnt/sub/odd/iso -a -d mnt/plain/iso -a -d mnt/large/iso
}

start -o "state=$tmp/state"
a=mnt/gentoo/initrd/generated/image.squashfs.img.cpio
p=mnt/sub/odd/initrd/generated/proxmox.iso.cpio

# --- what is in it
is "$(ls mnt/gentoo/initrd/generated)" image.squashfs.img.cpio "Gentoo has one archive"
is "$(cpio -it --quiet <$a)" image.squashfs.img "one file is in it"
is "$(cpio -itvn --quiet <$a | cut -c 1-30)" "$(printf -- '-rw-r--r--   1 0        0     ' | cut -c 1-30)" "it is root's"
(cd out && cpio -id --quiet) <$a
check "cpio takes the squashfs out of it" cmp out/image.squashfs.img gentoo.d/image.squashfs
size=$(stat -c %s $a)
is $((size % 4)) 0 "its length is a multiple of 4"
is "$(wc -c <$a)" "$size" "and as many bytes are read"
check_not "an image of no such family has none" test -e mnt/plain/initrd
is "$(find mnt/gentoo/initrd -mindepth 1 -maxdepth 1 -printf '%f\n' | sed 's/-[0-9]*$/-N/' | LC_ALL=C sort | tr '\n' ' ')" \
	"generated generated-N gentoo.igz " "an initrd called like the directory is beside it under another name"
# As a boot loader puts it: behind an initrd, filled up to a multiple of 4, and another one behind it.
{
	cat mnt/gentoo/initrd/gentoo.igz
	head -c $((-$(stat -c %s mnt/gentoo/initrd/gentoo.igz) & 3)) /dev/zero
} >before
is $(($(stat -c %s before) % 4)) 0 "what is before it is filled up"
# What a first cpio takes out of a pipe beyond its own archive depends on the moment, so the second gets its own bytes.
cat $a $a >both
mkdir twice
tail -c +$((size + 1)) both | (cd twice && cpio -id --quiet)
check "the second of two is read too" cmp twice/image.squashfs.img gentoo.d/image.squashfs

# --- reads at every border: the header's end, the file's end, the padding, the end
file=$(stat -c %s gentoo.d/image.squashfs)
cat $a >whole
head=132
is "$(tail -c +$((head + 1)) whole | head -c "$file" | cmp - gentoo.d/image.squashfs && echo same)" same \
	"the file begins behind $head bytes"
for at in 0 1 $((head - 1)) $head $((head + 1)) 4095 4096 $((head + file - 1)) $((head + file)) $((head + file + 1)) \
	$((size - 1)) "$size" $((size + 1)) $((size + 5000)); do
	for n in 1 2 137 5000; do
		tail -c +$((at + 1)) whole | head -c $n >wanted
		drop_caches
		dd if=$a of=got bs=$n count=1 skip="$at" iflag=skip_bytes,fullblock 2>/dev/null
		cmp -s wanted got || echo "$at+$n"
		dd if=$a of=got bs=$n count=1 skip="$at" iflag=skip_bytes,fullblock,direct 2>/dev/null
		cmp -s wanted got || echo "$at+$n direct"
	done
done >odd
is "$(cat odd)" "" "reads at odd places"

# --- nodes
is "$(stat -c '%a %h %F' mnt/gentoo/initrd mnt/gentoo/initrd/generated $a)" "555 3 directory
555 2 directory
444 1 regular file" "modes and link counts"
is "$(stat -c %Y $a)" "$(stat -c %Y folder/gentoo.iso)" "its time is the ISO's"
is "$(find mnt/gentoo/initrd mnt/sub/odd/initrd -printf '%i\n' | sort | uniq -d)" "" "no two share a number"
is "$(find mnt/gentoo/initrd/generated -mindepth 1 -printf '%i')" "$(stat -c %i $a)" "it is listed under its number"
check_not "it cannot be written" sh -c ": >$a"
check_not "nothing can be made beside it" touch mnt/gentoo/initrd/generated/new

# --- menus: the archive behind the initrd
check "the menu loads it behind the initrd" grep -q 'initrd.*gentoo\.igz.*/initrd/generated/image\.squashfs\.img\.cpio' \
	mnt/gentoo/grub.cfg
check "with the word for it" grep -q 'root=live:/image\.squashfs\.img' mnt/gentoo/grub.cfg
check "and that of Proxmox too" grep -q 'generated/proxmox\.iso\.cpio' mnt/sub/odd/grub.cfg
check_menus mnt

# --- --dump says where the bytes are
"$PXEFS" --dump -o loader=,nfs=/pxe folder >dump
line=$(grep '^/gentoo/initrd/generated/image.squashfs.img.cpio ' dump)
where=${line#*" text+"}
is "${where%% *}" $head "--dump: first the header"
extent=${where#*" iso "}
extent=${extent%% *}
check "--dump: then the range of the ISO" sh -c "tail -c +$((${extent%+*} + 1)) folder/gentoo.iso | head -c ${extent#*+} | cmp - gentoo.d/image.squashfs"
is "${extent#*+}" "$file" "all of the file"
is "${where##*" text+"}" $((size - head - file)) "and the end"
is "$(echo "$line" | cut -d ' ' -f 3,5,6,7)" "100444 1 $size $(stat -c %Y $a)" "--dump: mode, links, size and time"
is "$(echo "$line" | cut -d ' ' -f 2 | cut -d . -f 1)" "$(printf '%016x' "$(stat -c %i $a)")" "--dump: its id is the same without a mount"
is "$(grep -c '^/plain/initrd/generated' dump || :)" 0 "--dump: none where there is none"

# --- the whole ISO
is "$(od -An -c -N 6 $p | tr -d ' ')" 070701 "an archive of an ISO above 3 GiB"
is "$(dd if=$p bs=1 skip=54 count=8 2>/dev/null)" C0000003 "has its length in its header"
is "$(stat -c %s $p)" $((124 + 3221225475 + 1 + 124)) "its own length is right"
same_range()	# same_range OFFSET COUNT: of the ISO and of the archive
{
	dd if=folder/sub/odd.iso of=wanted bs="$2" count=1 skip="$1" iflag=skip_bytes,fullblock 2>/dev/null
	dd if=$p of=got bs="$2" count=1 skip=$(($1 + 124)) iflag=skip_bytes,fullblock 2>/dev/null
	[ -s wanted ] && cmp wanted got
}
check "its first megabyte is the ISO's" same_range 0 1000000
printf there | dd of=mark bs=5 2>/dev/null
check "it has the ISO's bytes around 2 GiB" same_range 2147483000 2000
check "and those at its end" same_range 3221225400 75
is "$(tail -c 124 $p | head -c 110 | cut -c 1-6)$(tail -c 14 $p | tr -d '\000')" 070701'TRAILER!!!' "then comes the archive's end"

# --- an image that is too large says so
check_not "none is made of 4 GiB" test -e mnt/large/initrd/generated
is "$(stat -c %h mnt/large/initrd)" 2 "and the directory is not there"
check "status says why" grep -q "^large	.*proxmox\.iso would be 4 GiB or more" mnt/status
check_not "nothing is offered for it" grep -q linux26 mnt/large/grub.cfg

# --- over TFTP
serve_tftp mnt
curl -sf --max-time 60 -o got "$tftp/${a#mnt/}"
check "atftpd sends all of it" cmp got whole

# --- handles: as nfsd opens them, after a cache drop, and of another process with and without what was kept
find mnt/gentoo/initrd mnt/sub/odd/initrd -xdev | "$fh" save-all >saved
all=$(wc -l <saved)
of_archive=$(handle_in saved $a)
of_dir=$(handle_in saved mnt/gentoo/initrd/generated)
is "$all" 9 "there are handles of two directories each, and of what is in them"
cold_same()
{
	drop_caches
	"$fh" cat mnt "$of_archive" >got
	check "$1: the archive opens by its handle alone" cmp got whole
	drop_caches
	is "$("$fh" ls mnt "$of_dir")" image.squashfs.img.cpio "$1: its directory too"
	drop_caches
	is "$(outcomes mnt saved)" "ok $all" "$1: and all others"
	find mnt/gentoo/initrd mnt/sub/odd/initrd -xdev | "$fh" save-all >again
	check "$1: every path has the handle that it had" cmp saved again
}
cold_same "after a cache drop"
# Up from the directory, whose parents nobody has looked up.
drop_caches
exec 7<mnt
ids=$("$fh" ids "$of_dir")
is "$((${ids%% *} & 0xffffffff))" 5 "the directory is a fixed one"
cd -P mnt/gentoo/initrd/generated
drop_caches
is "$(stat -c %i ..) $(stat -c %i ../..)" "$(stat -c '%i' "$tmp/mnt/gentoo/initrd" "$tmp/mnt/gentoo" | tr '\n' ' ' | sed 's/ $//')" "its .. is initrd/"
cd "$tmp"
exec 7<&-
end_process "$tftp_pid"
check "it is unmounted" unmount_pxefs mnt
start -o "state=$tmp/state"
cold_same "restarted, with its state"
check "it is unmounted" unmount_pxefs mnt
rm -rf state
start -o state=
cold_same "restarted, without its state"

# A made-up archive's id, and the archive's id with another generation.
id=${ids%% *}
last=$("$fh" ids "$of_archive")
is "$("$fh" try mnt "$("$fh" make $((${last%% *} + 1)) "${last#* }")")" ESTALE "an id beside it is stale"
is "$("$fh" try mnt "$("$fh" make "${last%% *}" $((${last#* } ^ 1)))")" ESTALE "and one of another generation"
is "$("$fh" try mnt "$("$fh" make $((id + 1)) "${ids#* }")")" ESTALE "and object 6 of the image"

plan
