#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file over 4 GiB, in several extents; and files stored compressed (zisofs), which are refused and counted.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires xorriso
need_fuse
fixture huge
mkdir folder mnt tree
ln -s "$made" folder/huge.iso
"$fixtures/huge-file.sh" huge

echo plain >tree/plain
: >tree/empty
head -c 400000 /dev/zero >tree/zeros
seq 50000 >tree/numbers
seq 30000 >tree/vmlinuz
xorriso -outdev folder/zisofs.iso -map tree / -zisofs default -set_filter_r --zisofs / -- -commit >/dev/null 2>&1

mount_pxefs folder mnt -o state=,nfs=/pxe,poll=1
check "the large ISO comes up" wait_for 10 test -e mnt/huge/iso

file=mnt/huge/iso/huge
is "$(stat -c %s $file)" "$(stat -c %s huge)" "a file over 4 GiB has its size"
same_range()	# same_range OFFSET LENGTH
{
	dd if=$file bs=64k iflag=skip_bytes,count_bytes skip="$1" count="$2" 2>/dev/null >got
	dd if=huge bs=64k iflag=skip_bytes,count_bytes skip="$1" count="$2" 2>/dev/null >wanted
	cmp got wanted
}
check "its beginning" same_range 0 1000000
check "its middle" same_range 2147000000 1000000
check "around the extents' edge" same_range 4294900000 200000
check "from one byte before the edge" same_range 4294965247 3
check "the last byte of an extent" same_range 4294965247 1
check "the first byte of the next" same_range 4294965248 1
check "its end" same_range $((4300 * 1048576 - 1000000)) 2000000
is "$(tail -c 3 $file)" end "the last words"
is "$(cat mnt/huge/iso/small)" small "the file behind it"
is "$(stat -c %s mnt/huge/image.iso)" "$(stat -c %s "$made")" "the image as a whole"

is "$(cat mnt/zisofs/iso/plain)" plain "a file beside compressed ones"
is "$(cat mnt/zisofs/iso/empty)" "" "an empty one too"
is "$(LC_ALL=C cat mnt/zisofs/iso/numbers 2>&1 >got)" "cat: mnt/zisofs/iso/numbers: Input/output error" \
	"a compressed file is an I/O error"
is "$(wc -c <got)" 0 "and not a byte of something else"
check "status counts them" grep -qP '^zisofs\t.*\b3 files are stored compressed \(zisofs\)' mnt/status
"$PXEFS" --explain folder/zisofs.iso >explained
check "and so does --explain" grep -qx 'unreadable (zisofs): 3 files' explained

plan
