#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The time of a folder moves whenever what it lists does, because an NFS client that sees no newer time goes on
# with the list that it has. Files come with times of their own: older than what was there before, or of the
# future.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

need_fuse
requires xorriso
mkdir folder mnt tree stage stage/sub
echo one >tree/file
make_iso tree stage/sub/older.iso -R -V OLDER
echo two >tree/file
make_iso tree stage/future.iso -R -V FUTURE
touch -d '2 years' stage/future.iso
echo three >tree/file
make_iso tree folder/first.iso -R -V FIRST
echo four >tree/file
make_iso tree stage/last.iso -R -V LAST
mount_pxefs folder mnt -o state=,grace=4

# moves WHAT CMD...: after CMD the root is listed with another, later time than before.
moves()
{
	what=$1
	shift
	before=$(stat -c %.Y mnt)
	"$@"
	wait_for 20 newer || :
	check "$what: $before, then $(stat -c %.Y mnt)" newer
}

old_moved()
{
	[ "$(stat -c %.Y mnt/.old)" != "$before" ]
}

newer()
{
	stat -c %.Y mnt | awk -v before="$before" '{ split($0, a, "."); split(before, b, ".")
		exit !(a[1] > b[1] || (a[1] == b[1] && a[2] > b[2])) }'
}

# A folder's move leaves the times of what is in it alone.
moves "an older ISO comes" mv stage/sub folder/sub
wait_for 20 test -d mnt/sub/older
moves "one of the future comes" mv stage/future.iso folder
wait_for 20 test -d mnt/future
moves "one of today comes after it" mv stage/last.iso folder
wait_for 20 test -d mnt/last
moves "something that is no ISO comes" sh -c 'head -c 100000 /dev/zero >folder/bad.iso'
wait_for 20 grep -q bad mnt/status
moves "an ISO goes" rm folder/first.iso
before=$(stat -c %.Y mnt/.old)
check "its grace ends, and .old has another time" wait_for 30 old_moved
plan
