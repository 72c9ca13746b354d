#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The folder itself: absent, made, removed, mounted over, unmounted, made again; and more events than the
# kernel keeps.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

requires xorriso
need_fuse
need_root
mkdir mnt made
mini made/one.iso one
mini made/two.iso two

# --- absent at first ---
mount_pxefs "$tmp/way/to/folder" mnt -o state=,nfs=/pxe,poll=1
is "$(cat mnt/status)" "# name	state	family	boots	reason" "without its folder the tree is empty, and there"
check "the log says so" grep -q 'way/to/folder": No such file or directory; waiting for it' "$pxefs_log"
mkdir -p way/to/folder
cp made/one.iso way/to/folder
check "the folder made, its ISO is served" wait_for 4 words_are mnt/one one
is "$(grep -c 'No such file or directory; waiting' "$pxefs_log")" 1 "and it said so only once"

# --- made again ---
rm -r way/to
check "the folder removed" wait_for 4 test ! -e mnt/one
mkdir -p way/to/folder
cp made/two.iso way/to/folder
check "and made again" wait_for 4 words_are mnt/two two

# --- renamed ---
mv way/to/folder way/to/old
check "the folder renamed" wait_for 4 test ! -e mnt/two
mkdir way/to/folder
cp made/one.iso way/to/folder
check "and another put in its place" wait_for 4 words_are mnt/one one
cp made/one.iso way/to/old/other.iso
check "whose contents count" wait_for 4 test ! -e mnt/two -a ! -e mnt/other

# --- mounted over ---
mount -t tmpfs pxefs-test way/to/folder
cleanup_fn sh -c 'umount -l "$0" 2>/dev/null' "$tmp/way/to/folder"
check "mounted over, what was in it is gone" wait_for 4 test ! -e mnt/one
cp made/two.iso way/to/folder
check "what is on it now is served" wait_for 4 words_are mnt/two two
rm way/to/folder/two.iso
check "and followed" wait_for 4 test ! -e mnt/two
cp made/two.iso way/to/folder
check "there and back" wait_for 4 words_are mnt/two two
# An image in its grace still has its file open: nothing else may hold the folder.
umount -l way/to/folder
check "unmounted, what was below is served" wait_for 4 words_are mnt/one one
check "alone" wait_for 4 test ! -e mnt/two
check "the program is the same one" kill -0 "$pxefs_pid"

# --- too many events ---
most=$(cat /proc/sys/fs/inotify/max_queued_events)
if [ "$most" -le 20000 ]; then
	kill -STOP "$pxefs_pid"
	mkdir heap
	rm way/to/folder/one.iso
	i=0
	while [ $i -le $((most / 2)) ]; do
		: >"way/to/folder/$i.txt"
		i=$((i + 1))
	done
	cp made/two.iso way/to/folder/late.iso
	is "$(cat mnt/one/iso/words)" one "who watches is held up, what is there is served"
	kill -CONT "$pxefs_pid"
	check "with more events than the kernel keeps, what came last is seen" wait_for 5 words_are mnt/late two
	check "and what went first" wait_for 5 test ! -e mnt/one
	find way/to/folder -name '*.txt' -delete
fi

# --- unmounted by root, remounted elsewhere ---
unmount_pxefs mnt
check_not "unmounted, the tree is gone" test -e mnt/status
check "with the program" is_gone "$pxefs_pid"

plan
