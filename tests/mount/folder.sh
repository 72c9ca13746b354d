#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The watch folder end to end: whatever becomes of a file there becomes of the tree, the menus and status.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

requires xorriso
need_fuse
mkdir folder mnt made state
mini made/one.iso one
mini made/two.iso two
mini made/three.iso three
mini made/slow.iso slow

mount_pxefs folder mnt -o state="$tmp/state",nfs=/pxe
is "$(ls -A mnt | tr '\n' ' ')" ".old boot boot.ipxe grub index.html status " "an empty folder is an empty tree"
is "$(cat mnt/status)" "# name	state	family	boots	reason" "and an empty status"

# --- copied in ---
cp made/one.iso folder/one.iso
check "copied in, it is served within two seconds" wait_for 2 test -e mnt/one/iso/words
is "$(cat mnt/one/iso/words)" one "with its files"
check "it is in every menu" in_menus one
is "$(status_of one)" "served ipxe kernel alone -" "and in status"

# --- copied in slowly ---
size=$(stat -c %s made/slow.iso)
exec 5>folder/slow.iso
head -c 50000 made/slow.iso >&5
check "one that is being written is incomplete" wait_for 2 status_is slow.iso "incomplete - - another program has it open for writing"
check_not "and not served" test -e mnt/slow
check_not "nor in a menu" in_menus slow
tail -c +50001 made/slow.iso >&5
is "$(stat -c %s folder/slow.iso)" "$size" "its size is there"
# Whatever is noticed late would have been noticed when this is.
cp made/two.iso folder/two.iso
check "another one comes meanwhile" wait_for 2 test -e mnt/two/iso/words
is "$(status_of slow.iso)" "incomplete - - another program has it open for writing" \
	"whose size is there but is still open for writing is incomplete"
check_not "and not served" test -e mnt/slow
exec 5>&-
check "closed, it is served" wait_for 2 test -e mnt/slow/iso/words
check_not "its old line is gone" grep -q '^slow\.iso' mnt/status
rm folder/slow.iso
head -c 100000 made/slow.iso >folder/slow.iso
check "a half-copied one that nobody writes is incomplete" wait_for 2 status_like slow.iso "incomplete - - *"
check_not "and not served" test -e mnt/slow
check_not "and no error" grep -q 'slow.iso" is not served:' "$pxefs_log"
tail -c +100001 made/slow.iso >>folder/slow.iso
check "the rest makes it whole" wait_for 2 test -e mnt/slow/iso/words

# --- renamed in, renamed ---
mv made/three.iso folder/three.iso
check "renamed into the folder" wait_for 2 test -e mnt/three/iso/words
is "$(cat mnt/three/iso/words)" three "it is served"
mv folder/three.iso folder/drei.iso
check "renamed in the folder" wait_for 2 test -e mnt/drei/iso/words
check "the old name is gone" wait_for 2 test ! -e mnt/three
check "from the menus too" not_in_menus three
check "which have the new one" in_menus drei

# --- removed ---
exec 6<mnt/drei/iso/words
rm folder/drei.iso
check "removed" wait_for 2 test ! -e mnt/drei
check "it is in no menu" not_in_menus drei
check_not "and not in status" grep -q '^drei' mnt/status
is "$(cat <&6)" three "who had a file open reads on"
exec 6<&-
if [ "$(id -u)" = 0 ]; then
	is "$(cat mnt/.old/*/iso/words | sort | tr '\n' ' ')" "three three " "what was withdrawn is in .old, but for what came back"
fi
is "$(stat -c %a mnt/.old)" 711 ".old is for those who know"

# --- replaced ---
mini made/two-new.iso new
mv made/two-new.iso folder/two.iso
check "replaced by renaming" wait_for 2 words_are mnt/two new
mini made/two-newer.iso newer
cat made/two-newer.iso >folder/two.iso
check "overwritten in place" wait_for 3 words_are mnt/two newer
check "the image is the new one" cmp made/two-newer.iso mnt/two/image.iso

# --- links ---
mkdir elsewhere
mv made/two-newer.iso elsewhere/target.iso
ln -s ../elsewhere/target.iso folder/link.iso
check "a link to an ISO" wait_for 4 words_are mnt/link newer
ln -s ../elsewhere folder/linked-folder
check "a link to a folder" wait_for 4 words_are mnt/linked-folder/target newer
ln -s ../nowhere.iso folder/dangling.iso
check "a link to nothing is refused" wait_for 4 status_is dangling.iso "rejected - - it is a link to a file that is not there"
cp made/one.iso nowhere.iso
check "until there is something" wait_for 4 words_are mnt/dangling one
rm folder/linked-folder folder/dangling.iso folder/link.iso
check "without the links nothing is left" wait_for 4 test ! -e mnt/link -a ! -e mnt/linked-folder -a ! -e mnt/dangling

# --- one under two names ---
cp made/one.iso folder/same.iso
ln folder/one.iso folder/hard.iso
check "the same ISO under another name" wait_for 2 words_are mnt/same one
check "and a hard link" wait_for 2 words_are mnt/hard one
set -- $(stat -c %i mnt/one mnt/same mnt/hard mnt/one/iso/words mnt/same/iso/words mnt/hard/iso/words | sort -u)
is $# 6 "each is an image of its own"
check "the first is still served" words_are mnt/one one
rm folder/hard.iso folder/same.iso

# --- what is none ---
: >folder/empty.iso
echo 'no ISO' >folder/short.iso
seq 50000 >folder/text.iso
head -c 200000 /dev/zero >folder/zeros.iso
mkdir folder/directory.iso
mkfifo folder/fifo.iso
ln -s loop.iso folder/loop.iso
cp made/one.iso folder/.hidden.iso
cp made/one.iso folder/one.iso.part
cp made/one.iso folder/download.iso.crdownload
echo notes >folder/notes.txt
cp made/one.iso folder/UPPER.ISO
check "the last of them is served" wait_for 3 words_are mnt/UPPER one
check "an empty file" wait_for 2 status_is empty.iso "rejected - - it is empty"
check "a short text" wait_for 2 status_like short.iso "* - - *"
check "a long text" wait_for 2 status_like text.iso "rejected - - *not an ISO*"
check "zeros" wait_for 2 status_like zeros.iso "rejected - - *not an ISO*"
check "a fifo" wait_for 2 status_is fifo.iso "rejected - - it is not a regular file"
check "a link to itself" wait_for 2 status_like loop.iso "rejected - - it cannot be looked at: *"
for name in empty text zeros fifo loop; do
	check "the log names $name.iso" grep -q "\"$name.iso\" is not served: ." "$pxefs_log"
done
is "$(grep -cE 'hidden|part|crdownload|notes|directory' mnt/status)" 0 "the rest is passed over"
is "$(ls mnt | grep -cE 'hidden|part|crdownload|notes|empty|text|zeros|fifo|loop|short')" 0 "and not shown"
rm -r folder/*.txt folder/empty.iso folder/short.iso folder/text.iso folder/zeros.iso folder/directory.iso \
	folder/fifo.iso folder/loop.iso folder/UPPER.ISO folder/one.iso.part folder/download* folder/.hidden.iso

# --- folders ---
mkdir -p folder/a/b/c/d
cp made/one.iso folder/a/b/c/d/deep.iso
check "an ISO four folders down" wait_for 2 words_are mnt/a/b/c/d/deep one
check "its menu names its place" grep -q '"$pxefs_files"/a/b/c/d/deep/kernel/ipxe.krn' mnt/a/b/c/d/deep/grub.cfg
mv folder/a folder/z
check "a folder renamed" wait_for 2 words_are mnt/z/b/c/d/deep one
check "has no old name" wait_for 2 test ! -e mnt/a
mkdir folder/z/b/c/d/e
cp made/one.iso folder/z/b/c/d/e/deeper.iso
check "five folders down is too deep" wait_for 2 status_is z/b/c/d/e/deeper.iso "rejected - - it lies more than 4 folders deep"
mv folder/z elsewhere/z
check "a folder moved out" wait_for 2 test ! -e mnt/z
mv elsewhere/z folder/y
check "and in again with all in it" wait_for 2 words_are mnt/y/b/c/d/deep one
rm -r folder/y
check "a folder removed" wait_for 2 test ! -e mnt/y

# --- again ---
cat mnt/status >before
ls -i mnt mnt/one mnt/one/iso mnt/boot/grub >>before
unmount_pxefs mnt
mount_pxefs folder mnt -o state="$tmp/state",nfs=/pxe
cat mnt/status >after
ls -i mnt mnt/one mnt/one/iso mnt/boot/grub >>after
check "mounted again, all is the same, numbers too" cmp before after

plan
