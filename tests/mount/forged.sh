#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# File handles that a client made up or spoilt: each is ESTALE and nothing else, and does the server no harm.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"

make_live one first
mkdir -p folder/sub mnt
cp one.iso folder/one.iso
ln one.iso folder/sub/two.iso
mount_pxefs folder mnt -o loader=,state=
check "both images are served" wait_for 20 test -d mnt/one/root/etc -a -d mnt/sub/two/root/etc
handles_of mnt >saved

drop_caches
tried()		# tried ID GENERATION WANTED DESCRIPTION
{
	is "$("$fh" try mnt "$("$fh" make "$1" "$2")")" "$3" "$4"
}
set -- $("$fh" ids "$(handle_in saved mnt/one/root)")
squash=$(($1 >> 32 << 32)) squash_root=$1 generation=$2
set -- $("$fh" ids "$(handle_in saved mnt/one/iso/docs/readme)")
iso=$(($1 >> 32 << 32)) readme=$1
is "$2" "$generation" "an image has one generation"
set -- $("$fh" ids "$(handle_in saved mnt/boot/grub/grub.cfg)")
menu=$1 menu_generation=$2
set -- $("$fh" ids "$(handle_in saved mnt/sub)")
folder=$1 folder_generation=$2
inodes=$(unsquashfs -s one.d/live/filesystem.squashfs | sed -n 's/^Number of inodes //p')

tried 0 0 ESTALE "all zero"
tried 0xffffffffffffffff 0xffffffff ESTALE "all ones"
tried 0x7fffffffffffffff 0 ESTALE "all ones but the sign"
tried 0x8000000000000001 0 ESTALE "the root with the sign set"
tried 1 1 ESTALE "the root with another generation"
tried 2 0 ESTALE "id 2"
tried 0x100000001 0 ESTALE "object 1 of the server's own volume"
tried "$squash_root" "$generation" ok "a real one, put together again"
tried "$squash_root" $((generation ^ 1)) ESTALE "right id, wrong generation: a squashfs"
tried "$readme" $((generation ^ 0x80000000)) ESTALE "right id, wrong generation: a file of an ISO"
tried "$menu" $((menu_generation ^ 1)) ESTALE "right id, wrong generation: a menu"
tried "$folder" $((folder_generation ^ 1)) ESTALE "right id, wrong generation: a folder"
tried "$readme" 0 ESTALE "generation 0"
tried $((squash | inodes)) "$generation" ok "the squashfs's last inode"
tried $((squash | 0)) "$generation" ESTALE "its inode 0"
tried $((squash | (inodes + 1))) "$generation" ESTALE "its inodes + 1"
tried $((squash | 0xffffffff)) "$generation" ESTALE "its inode 2^32 - 1"
tried $((iso | 0)) "$generation" ok "the image's directory"
for object in 6 15 100000 $((0xffffffff)); do
	tried $((iso | object)) "$generation" ESTALE "object $object of the ISO"
done
# The ISO's entries end somewhere: everything up to there opens, nothing behind.
object=16
while [ "$("$fh" try mnt "$("$fh" make $((iso | object)) "$generation")")" = ok ]; do
	object=$((object + 1))
done
is $((object - 16)) "$(find mnt/one/iso | wc -l)" "an ISO has as many objects as entries"
tried $((object + 1 | iso)) "$generation" ESTALE "and none behind the last"

drop_caches
is "$("$fh" storm mnt 1000000 "$(handle_in saved mnt/one/root/etc/os-release)" "$(handle_in saved mnt/one/iso/docs/readme)" \
	"$(handle_in saved mnt/boot/grub/grub.cfg)" "$(handle_in saved mnt/sub/two/root)")" "ESTALE 1000000" \
	"a million random ones are all stale"
is "$(grep -c 'ended by signal' "$pxefs_log")" 0 "and did the server no harm"
drop_caches
is "$(outcomes mnt saved)" "ok $(wc -l <saved)" "all real ones open in the end"

plan
