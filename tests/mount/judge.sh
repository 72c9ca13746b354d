#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An ISO is served at once by what its layout tells; what its initrds can do comes later, changes its menu and nothing
# else, and is kept. The archives are made by the tools that make real ones.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"

requires cpio gzip bzip2 xz zstd lz4 objcopy
mkdir folder mnt state made

# archive FILE MEMBER...: a newc archive with these empty files and their directories.
archive()
{
	out=$1
	shift
	rm -rf tree.tmp
	mkdir tree.tmp
	for member; do
		mkdir -p "tree.tmp/$(dirname "$member")"
		: >"tree.tmp/$member"
	done
	(cd tree.tmp && find . | LC_ALL=C sort | cpio --quiet -o -H newc) >"$out"
	# The oracle for the archive itself.
	for member; do
		cpio --quiet -t <"$out" | sed 's|^\./||' | grep -qxF "$member" || echo "$member" >>missing
	done
}

# live NAME INITRD...: an ISO with Debian Live's layout and an entry for each of the initrds.
live()
{
	name=$1
	shift
	rm -rf iso.tmp
	mkdir -p iso.tmp/live iso.tmp/isolinux iso.tmp/.disk
	make_root root.tmp "$name"
	mksquashfs root.tmp iso.tmp/live/filesystem.squashfs -noappend -no-progress -quiet -comp gzip -processors 1 >/dev/null
	echo "Debian GNU/Linux Live $name" >iso.tmp/.disk/info
	noise "$name kernel" 70000 >iso.tmp/live/vmlinuz
	echo 'default live-0' >iso.tmp/isolinux/isolinux.cfg
	n=0
	for initrd; do
		cp "$initrd" "iso.tmp/live/$initrd"
		printf 'label live-%s\n\tlinux /live/vmlinuz\n\tinitrd /live/%s\n\tappend boot=live components number=%s\n' \
			$n "$initrd" $n >>iso.tmp/isolinux/isolinux.cfg
		n=$((n + 1))
	done
	make_iso iso.tmp "made/$name.iso" -R -J -V "LIVE"
	rm -rf iso.tmp root.tmp
}

modules=lib/modules/6.1.0-1-amd64/kernel
set -- bin/live-boot scripts/live scripts/nfs usr/bin/nfsmount $modules/fs/nfs/nfs.ko \
	$modules/drivers/net/ethernet/intel/e1000e/e1000e.ko
archive able "$@"
archive unable scripts/casper usr/bin/nfsmount
archive early kernel/x86/microcode/GenuineIntel.bin
is "$(cat missing 2>/dev/null || :)" "" "cpio lists what was put in"

# --- every compression, by the tools themselves ---
pad()
{
	truncate -s %512 "$1"
}
pad early
cp able initrd.plain
gzip -9c able >initrd.gz
bzip2 -c able >initrd.bz2
xz --check=crc32 -c able >initrd.xz
xz --format=lzma -c able >initrd.lzma
zstd -qc able >initrd.zst
lz4 -qc able >initrd.lz4
lz4 -qlc able >initrd.lz4l
for kind in plain gz bz2 xz lzma zst lz4 lz4l; do
	cat early initrd.$kind >initrd.early-$kind
	# As some distributions append what they forgot: behind zeros, another archive.
	cp initrd.$kind initrd.twice-$kind
	pad initrd.twice-$kind
	gzip -c unable >>initrd.twice-$kind
done
live every initrd.*
"$PXEFS" --explain made/every.iso >explained
abilities='live-boot, initramfs-tools: NFS root, mounts NFS, NFS in the kernel, network drivers'
for kind in plain gz bz2 xz lzma zst lz4 lz4l; do
	is "$(grep "^initrd/initrd.$kind: " explained)" "initrd/initrd.$kind: $abilities" "$kind: explained"
	is "$(grep "^initrd/initrd.early-$kind: " explained)" "initrd/initrd.early-$kind: $abilities" "$kind: behind microcode"
	is "$(grep "^initrd/initrd.twice-$kind: " explained)" \
		"initrd/initrd.twice-$kind: $(echo "$abilities" | sed 's/live-boot,/live-boot, casper,/')" "$kind: before another"
done

# --- served first, judged then ---
cat early initrd.zst >good
gzip -c unable >bad
head -c 5000 initrd.xz >damaged
# Some seconds of work, and a few kilobytes.
truncate -s 200M zeros
echo zeros | cpio --quiet -o -H newc | bzip2 -1 >part
rm zeros
cat part part part part part part part part initrd.bz2 >slow
live able good
live unable bad
live broken initrd.plain damaged
live slow slow
cp made/slow.iso made/able.iso made/unable.iso made/broken.iso folder/

start()
{
	mount_pxefs folder mnt -o "state=$tmp/state,loader=,nfs=/pxe"
}

judged()
{
	grep -c 'its initrds are judged$' "$pxefs_log" || :
}

all_judged()
{
	[ "$(judged)" = "$1" ]
}

offers()	# offers IMAGE: how many entries that boot over NFS
{
	grep -c '^[^#]*netboot=nfs' "mnt/$1/grub.cfg" || :
}

# Ids of all of an image but its menus.
ids()
{
	find "mnt/$1" ! -name grub.cfg ! -name boot.ipxe -printf '%i %P\n' | LC_ALL=C sort
}

judge_of()
{
	children_of "$1" pxefs-judge | head -n 1
}

has_judge()
{
	[ -n "$(judge_of "$pxefs_pid")" ]
}

no_judge()
{
	! has_judge
}

# Whatever the judge finds out, nobody is told while the keeper stands still. On a busy host it may have been quicker
# than we were.
for _ in 1 2 3 4 5; do
	start
	kill -STOP "$pxefs_pid"
	[ "$(judged)" != 0 ] || break
	kill -CONT "$pxefs_pid"
	unmount_pxefs mnt
	rm -rf "$tmp/state"
done
is "$(judged)" 0 "served, and nothing is judged yet"
for name in able unable; do
	check "$name: is offered by its layout" test "$(offers $name)" = 1
	ids $name >ids.$name
done
check "the initrds are there" cmp mnt/able/initrd/good good
exec 4<mnt/unable/grub.cfg
head -c 50 <&4 >open.menu
cat mnt/unable/grub.cfg >first.menu
cat mnt/able/grub.cfg >able.menu
first=$(stat -c '%i %.Y' mnt/unable/grub.cfg)
first_dir=$(stat -c %.Y mnt/unable)
kill -CONT "$pxefs_pid"

locked_judge()
{
	at=/proc/$(judge_of "$pxefs_pid")
	cat "$at/stat" >judge.stat && cat "$at/status" >judge.status && grep -q '^Seccomp:.2' judge.status
}
check "then the judge looks" wait_for 20 locked_judge
is "$(awk '{ print $19 }' judge.stat)" 19 "behind everybody"
is "$(grep -E '^(NoNewPrivs|CapEff|CapPrm):' judge.status | tr -d '\t ' | tr '\n' ' ')" \
	"CapPrm:0000000000000000 CapEff:0000000000000000 NoNewPrivs:1 " "without any right"
is "$(children_of "$pxefs_pid" pxefs-judge | wc -l)" 1 "one at a time"
check "and finds out of all of them" wait_for 120 all_judged 4
check "a child is no more" wait_for 10 no_judge

not_offered()
{
	[ "$(offers "$1")" = 0 ]
}
check "one that cannot do it is offered no more" wait_for 5 not_offered unable
check "and its menu says so" grep -q 'Cannot boot over the network' mnt/unable/grub.cfg
check "one that can is offered as before" cmp mnt/able/grub.cfg able.menu
is "$(offers broken)" 2 "what is damaged is offered by its layout"
for name in able unable; do
	ids $name >ids.now
	is "$(diff ids.$name ids.now)" "" "$name: no id has changed"
done
is "$(ls -A mnt/.old)" "" "nothing was withdrawn"
check_not "the other menu is another file" test "$(stat -c %i mnt/unable/grub.cfg)" = "${first% *}"
later()
{
	awk -v a="$1" -v b="$2" 'BEGIN { split(a, x, "."); split(b, y, ".")
		exit !(y[1] > x[1] || (y[1] == x[1] && y[2] > x[2])) }'
}
check "of a later time" later "${first#* }" "$(stat -c %.Y mnt/unable/grub.cfg)"
check "and so is its directory" later "$first_dir" "$(stat -c %.Y mnt/unable)"
cat <&4 >>open.menu
exec 4<&-
check "who has the old one open reads it to its end" cmp open.menu first.menu
for name in able unable slow broken; do
	is "$(grep -nE "\"$name.iso\"(: its initrds are judged| is served)\$" "$pxefs_log" | sed 's/.*\(served\|judged\)$/\1/' | tr '\n' ' ')" \
		"served judged " "$name: served, then judged, once"
done
menu=$(sum <mnt/unable/grub.cfg)
menu_id=$(stat -c '%i %.Y' mnt/unable/grub.cfg)

# --- another server ---
server=$(server_of "$pxefs_pid")
kill -KILL "$server"
check "a server dies" wait_for 10 other_server "$pxefs_pid" "$server"
drop_caches
is "$(sum <mnt/unable/grub.cfg) $(stat -c '%i %.Y' mnt/unable/grub.cfg)" "$menu $menu_id" "the next one knows, too"
unmount_pxefs mnt

# --- the verdict is kept ---
start
is "$(sum <mnt/unable/grub.cfg) $(stat -c '%i %.Y' mnt/unable/grub.cfg)" "$menu $menu_id" "mounted again it is known at once"
ids able >ids.now
check "with the same ids" cmp ids.able ids.now
sleep 1
is "$(judged)" 0 "without judging again"
unmount_pxefs mnt

# --- another build of the program ---
# It may know more, so it looks for itself. Builds differ in what their linker noted in them.
cp "$PXEFS" other
objcopy --remove-section=.note.gnu.build-id other
this=$PXEFS
for build in "$tmp/other" "$this"; do
	PXEFS=$build
	start
	check "${build##*/}: it judges for itself" wait_for 60 all_judged 4
	ids able >ids.now
	check "${build##*/}: the ids are the same" cmp ids.able ids.now
	unmount_pxefs mnt
done

# --- an index of an earlier version ---
for index in state/*/*.idx; do
	printf '\001' | dd of="$index" bs=1 seek=8 conv=notrunc status=none
done
start
check "an index of another version is made again" wait_for 30 test -e mnt/unable/grub.cfg
is "$(grep -c 'kept index not used: index: of another version' "$pxefs_log")" 4 "which is said"
ids able >ids.now
check "the ids are the same" cmp ids.able ids.now

# --- a judge that does not survive ---
rm folder/able.iso folder/unable.iso folder/broken.iso
check "it is judged again" wait_for 120 grep -q '"slow.iso": its initrds are judged' "$pxefs_log"
live slower slow initrd.gz
mv made/slower.iso folder/
check "and so is another" wait_for 30 has_judge
kill -KILL "$(judge_of "$pxefs_pid")"
check "a judge that dies is no loss" wait_for 30 grep -q '"slower.iso": its initrds are not judged: its judge was ended by signal 9' "$pxefs_log"
check "it ends with a verdict" wait_for 30 grep -q '"slower.iso": its initrds are judged' "$pxefs_log"
is "$(offers slower)" 2 "and the image is offered by its layout"
unmount_pxefs mnt
start
wait_for 10 test -e mnt/slower/grub.cfg
sleep 1
is "$(judged),$(grep -c 'not judged' "$pxefs_log" || :)" 0,0 "which is kept: nobody tries again"

# --- an image that goes while it is judged ---
live going slow
mv made/going.iso folder/
check "one more" wait_for 30 has_judge
mv folder/going.iso folder/going.part
check "gone, and its judge with it" wait_for 10 no_judge
check "withdrawn as ever" wait_for 10 test ! -e mnt/going
mv folder/going.part folder/going.iso
check "back, and judged from the beginning" wait_for 120 grep -q '"going.iso": its initrds are judged' "$pxefs_log"
unmount_pxefs mnt

plan
