#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The ISO's own tree against what xorriso extracts: every way in which an ISO can name and place its files.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires xorriso sha256sum
need_fuse
need_root
mkdir folder mnt tree out

cd tree
: >empty
printf x >one
for n in 2047 2048 2049 4096 65536 100001; do
	head -c "$n" /dev/urandom >"of $n bytes"
done
head -c 3000000 /dev/urandom >big
mkdir -p many deep/1/2/3/4/5/6/7/8/9/10 'ein Verzeichnis' empty-dir .hidden
for i in $(seq 400); do
	echo "$i" >"many/file-$i"
done
echo deep >deep/1/2/3/4/5/6/7/8/9/10/file
echo seven >deep/1/2/3/4/5/6/7/eight
echo grün >'ein Verzeichnis/größer.txt'
echo hidden >.hidden/.file
long=$(printf '%0200d' 7)
echo long >"$long"
printf '#!/bin/sh\n' >program
chmod 755 program
printf 'x' >set-user
chmod 4711 set-user
printf 'x' >secret
chmod 600 secret
chmod 700 .hidden
ln -s one link
ln -s ../../many/file-7 deep/1/up
ln -s /etc/passwd absolute
ln -s "nowhere/$long" dangling
ln big second-name
touch -h -d '2001-02-03 04:05:06 UTC' one link
touch -d '1999-12-31 23:59:58 UTC' many/file-1 many
cd ..

# name, how it is made
xorriso -as mkisofs -quiet -R -J -joliet-long -V XORRISO -o folder/xorriso.iso tree 2>/dev/null
xorriso -outdev folder/hard-links.iso -hardlinks on -joliet off -map tree / -commit >/dev/null 2>&1
if command -v genisoimage >/dev/null; then
	genisoimage -quiet -R -J -joliet-long -cache-inodes -V GENISO -o folder/genisoimage.iso tree 2>/dev/null
	# Without -D, what lies deeper than eight levels is moved, and Rock Ridge says from where.
	genisoimage -quiet -R -V RELOCATED -o folder/relocated.iso tree 2>/dev/null
fi
# The same bytes: a tree of names that fit everywhere.
mkdir plain plain/SUB
head -c 5000 /dev/urandom >plain/FILE.BIN
head -c 77 /dev/urandom >plain/SUB/A.TXT
: >plain/EMPTY.DAT
echo grün >"plain/SUB/GR.TXT"
xorriso -as mkisofs -quiet -V PLAIN -iso-level 1 --norock -o folder/plain.iso plain 2>/dev/null
xorriso -as mkisofs -quiet -V JOLIET -J -joliet-long --norock -o folder/joliet.iso 'tree/ein Verzeichnis' 2>/dev/null

mount_pxefs folder mnt -o state=,nfs=/pxe

for name in xorriso hard-links genisoimage relocated; do
	[ -e "folder/$name.iso" ] || continue
	extract_iso "folder/$name.iso" "out/$name"
	same_iso "mnt/$name/iso" "out/$name" "$name"
	check "$name: the ISO itself" cmp "folder/$name.iso" "mnt/$name/image.iso"
done
# What an extraction by root has, the oracle's own mapping aside.
extract_iso folder/plain.iso out/plain -read_fs norock
same_content mnt/plain/iso out/plain plain
extract_iso folder/joliet.iso out/joliet -read_fs norock
same_content mnt/joliet/iso out/joliet joliet
check "Joliet names are UTF-8" test -f mnt/joliet/iso/größer.txt

is "$(stat -c %Y mnt/xorriso/iso/link)" 981173106 "a link has its time"
is "$(readlink mnt/xorriso/iso/dangling)" "nowhere/$long" "a link is read as it is written"
is "$(readlink mnt/xorriso/iso/absolute)" /etc/passwd "one out of the tree too"
check_not "and no link is followed here" cat mnt/xorriso/iso/link
is "$(stat -c %s mnt/xorriso/iso/empty)" 0 "an empty file is empty"
is "$(wc -c <mnt/xorriso/iso/empty)" 0 "and reads as such"
is "$(stat -c '%a %U' mnt/xorriso/iso/set-user)" "555 root" "no set-user-ID comes through"
check_not "nothing can be written" sh -c ': >mnt/xorriso/iso/one'
check_not "nothing can be made" mkdir mnt/xorriso/iso/new
check_not "nothing can be removed" rm -f mnt/xorriso/iso/one

# Each directory's own inode number is the one its parent says.
wrong=$(find mnt/xorriso mnt/relocated -printf '%i %D %p\n' | awk 'seen[$1]++' | head -n 5)
is "$wrong" "" "no two nodes have one number"
is "$(find mnt/xorriso/iso -type d -links -2)" "" "a directory has at least two links"
is "$(find mnt/xorriso/iso -type d -printf '%n %p\n' | while read -r n d; do
	[ "$n" = $((2 + $(find "$d" -mindepth 1 -maxdepth 1 -type d | wc -l))) ] || echo "$d"
done)" "" "and one for each sub-directory"

# What administrators' tools read.
for tool in "find mnt -ls" "du -s mnt" "tar -C mnt/xorriso -cf - iso" "ls -laR mnt"; do
	$tool >/dev/null 2>tool.err || :
	is "$(cat tool.err)" "" "$tool says nothing amiss"
done
tar -C mnt/xorriso -cf - iso | tar -C out --no-same-owner -xf -
same_content out/iso out/xorriso "through tar"
if command -v rsync >/dev/null; then
	is "$(rsync -aHn --checksum --omit-dir-times --omit-link-times --no-perms --no-owner --no-group --delete -i out/xorriso/ mnt/xorriso/iso/)" \
		"" "rsync finds no difference"
fi
if command -v isoinfo >/dev/null; then
	isoinfo -R -i folder/xorriso.iso -x /big >big.isoinfo
	check "isoinfo reads the same" cmp big.isoinfo mnt/xorriso/iso/big
fi
# Reads at odd places, by page and not.
for at in 0 1 2047 2048 4095 131071 2999999 3000000 3000001; do
	tail -c +$((at + 1)) tree/big | head -c 5000 >wanted
	dd if=mnt/xorriso/iso/big of=got bs=5000 count=1 skip="$at" iflag=skip_bytes,fullblock 2>/dev/null
	cmp -s got wanted || echo "$at"
done >odd
is "$(cat odd)" "" "reads at odd places"
check_menus mnt
is "$(awk -F '\t' '!/^#/ { print $2, $3, $4 }' mnt/status | sort -u)" "served unknown not known" \
	"status says that the families are unknown"

plan
