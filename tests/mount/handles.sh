#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# File handles, as nfsd keeps them: each opens the same file or directory after a cache drop, a restart of the
# daemon with and without what it has kept, a removal and return of the ISO, and on another server with the same
# folder. And the same image under two names is two, each with its own "..".

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"

make_live one first
make_live two other
mkdir -p folder/sub mnt
cp one.iso folder/one.iso
cp two.iso folder/sub/two.iso

start()		# start [options]
{
	mount_pxefs folder mnt -o loader=,nfs=/pxe,grace=0 "$@"
	check "both images are served" wait_for 20 test -d mnt/one/root/etc -a -d mnt/sub/two/root/etc
}

stop()
{
	check "it is unmounted" unmount_pxefs mnt
}

start -o "state=$tmp/state"
m=$tmp/mnt

# Of everything there is: menus, folders, fixed directories, files of the ISO and of the squashfs.
handles_of mnt >saved
all=$(wc -l <saved)
check "there are handles of all kinds" test "$all" -gt 600
is "$(cut -d ' ' -f 1 saved | sort | uniq -d)" "" "no two paths share a handle"
is "$(handle_in saved mnt)" "$("$fh" make 1 0)" "the root's is id 1, generation 0"

# cold_same WHAT: all handles still open, without a path having been looked up, and mean what they meant.
cold_same()
{
	drop_caches
	is "$(outcomes mnt saved)" "ok $all" "$1: every handle opens"
	drop_caches
	for file in iso/docs/deep/er/manual:one.d/docs/deep/er/manual iso/docs/nothing:one.d/docs/nothing \
		root/usr/share/data:one.root/usr/share/data root/usr/share/many/file-7:one.root/usr/share/many/file-7 \
		image.iso:one.iso; do
		"$fh" cat mnt "$(handle_in saved "mnt/one/${file%%:*}")" >got 2>&1 || :
		check "$1: ${file%%:*} has its bytes" cmp got "${file#*:}"
	done
	drop_caches
	for dir in iso/docs:one.d/docs root/usr/share/many:one.root/usr/share/many iso:one.d root:one.root; do
		"$fh" ls mnt "$(handle_in saved "mnt/one/${dir%%:*}")" >got 2>&1 || :
		is "$(LC_ALL=C sort got)" "$(LC_ALL=C ls -A "${dir#*:}")" "$1: ${dir%%:*} lists as before, cold"
	done
	is "$("$fh" ls mnt "$("$fh" make 1 0)" | grep -c -x -e one -e sub)" 2 "$1: the root opens by handle"
	handles_of mnt >again
	check "$1: every path has the handle that it had" cmp saved again
}

cold_same "after a cache drop"

stop
start -o "state=$tmp/state"
cold_same "restarted, with its state"

stop
rm -rf state
start -o "state="
cold_same "restarted, without its state"

# The file goes and comes back as a copy: another inode, another time.
rm folder/one.iso
check "a removed ISO goes" wait_for 10 test ! -e mnt/one
drop_caches
grep -e ' mnt/one/' saved >of-one
is "$(outcomes mnt of-one)" "ESTALE $(wc -l <of-one)" "without grace its handles are stale at once"
grep -e ' mnt/sub/two/' saved >of-two
is "$(outcomes mnt of-two)" "ok $(wc -l <of-two)" "and those of the other image are not"
cp one.iso folder/.one.iso.part
mv folder/.one.iso.part folder/one.iso
check "it comes back" wait_for 10 test -d mnt/one/root/etc
cold_same "dropped again under its name"

# Another server: another folder and mount point, files of other inodes and times.
mkdir -p folder2/sub mnt2
cp two.iso folder2/sub/two.iso
cp one.iso folder2/one.iso
touch -d '2001-02-03 04:05:06' folder2/one.iso
first_pid=$pxefs_pid
mount_pxefs folder2 mnt2 -o loader=,nfs=/pxe,grace=0,state=
check "another daemon serves a copy of the folder" wait_for 20 test -d mnt2/one/root/etc -a -d mnt2/sub/two/root/etc
handles_of mnt2 | sed 's| mnt2| mnt|' >elsewhere
LC_ALL=C sort elsewhere >elsewhere.sorted
LC_ALL=C sort saved >saved.sorted
check "it hands out the same handles" cmp saved.sorted elsewhere.sorted
drop_caches
is "$(outcomes mnt2 saved)" "ok $all" "those of the first open on the second"
is "$("$fh" cat mnt2 "$(handle_in saved mnt/one/root/usr/share/data)" | sum)" "$(sum <one.root/usr/share/data)" \
	"and read the same bytes"
check "the second is unmounted" unmount_pxefs mnt2
pxefs_pid=$first_pid

# One directory under two names would have one "..": so these are two images, and a hard link or a copy too.
ln folder/one.iso folder/linked.iso
cp folder/one.iso folder/sub/copied.iso
check "the same bytes under three names are three images" \
	wait_for 10 test -d mnt/linked/root/usr/share -a -d mnt/sub/copied/root/usr/share
for dir in iso/docs/deep root/usr/share iso root kernel; do
	[ -d "mnt/one/$dir" ] || continue
	cd -P "mnt/one/$dir"
	here=$(pwd -P)
	ls -la "$m/linked/$dir" "$m/sub/copied/$dir" >"$tmp/listed"
	is "$here; $(/bin/pwd -P); $(ls -di .. | cut -d ' ' -f 1)" \
		"$m/one/$dir; $m/one/$dir; $(ls -di "$(dirname "$m/one/$dir")/." | cut -d ' ' -f 1)" \
		"$dir: pwd and .. are right while the others are listed"
	drop_caches
	ls -la "$m/sub/copied/$dir" >>"$tmp/listed"
	is "$(/bin/pwd -P)" "$m/one/$dir" "$dir: and after a cache drop"
	cd "$tmp"
	"$fh" ls mnt "$("$fh" of "mnt/linked/$dir")" >/dev/null
	is "$(cd -P "mnt/linked/$dir" && /bin/pwd -P)" "$m/linked/$dir" "$dir: the link is its own place"
done
is "$(find mnt/one mnt/linked mnt/sub/copied -exec stat -c %i {} + | sort | uniq -d)" "" \
	"no inode number is in two of them"

plan
