#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Menus change while they are read: who has one open reads that version to its end, who opens it anew gets another
# whole one, and soon the new one; no size belongs to another text.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"

mkdir -p tree folder mnt
noise words 200000 >tree/file
noise kernel 5000 >tree/ipxe.krn
printf 'default ipxe\nlabel ipxe\n\tkernel ipxe.krn\n' >tree/isolinux.cfg
make_iso tree small.iso
i=0
while [ $i -lt 40 ]; do
	cp small.iso "folder/image-$i.iso"
	i=$((i + 1))
done
mount_pxefs folder mnt -o loader=,state=,grace=15
check "40 images are served" wait_for 30 test -d mnt/image-39/iso -a -d mnt/image-0/iso
texts="boot/grub/grub.cfg grub/grub.cfg boot.ipxe index.html status"

for text in $texts; do
	cat "mnt/$text" >"old.$(echo "$text" | tr / _)"
done
check "a menu is longer than one piece of it" test "$(stat -c %s mnt/index.html)" -gt 4096
"$fh" of mnt/index.html >old.handle
exec 4<mnt/boot/grub/grub.cfg 5<mnt/index.html 6<mnt/status
head -c 100 <&4 >read.4
head -c 100 <&5 >read.5
old_time=$(stat -c %Y mnt/index.html)

# Read all the time, each reading kept; then an ISO comes.
watching()
{
	n=0
	while [ ! -e stop ]; do
		cat mnt/index.html >"seen.$n" 2>"error.$n" || echo failed >>"error.$n"
		n=$((n + 1))
	done
}
watching &
watcher=$!
cleanup_fn end_process $watcher
cp small.iso folder/.new.part
mv folder/.new.part folder/new-image.iso
check "it comes" wait_for 10 test -d mnt/new-image/iso
for text in $texts; do
	was=old.$(echo "$text" | tr / _)
	check "$text: the new one names it" wait_for 2 grep -q new-image "mnt/$text"
	is "$(stat -c %s "mnt/$text")" "$(wc -c <"mnt/$text")" "$text: its size is that of its bytes"
	check_not "$text: it is another text" cmp -s "mnt/$text" "$was"
done
cat mnt/index.html >new.index.html
check "its time does not go back" test "$(stat -c %Y mnt/index.html)" -ge "$old_time"
: >stop
wait $watcher
strange=
for seen in seen.*; do
	cmp -s "$seen" old.index.html || cmp -s "$seen" new.index.html || strange="$strange $seen"
	[ ! -s "error.${seen#seen.}" ] || strange="$strange error.${seen#seen.}"
done
is "$strange" "" "each of $(ls seen.* | wc -l) readings meanwhile got one version whole"

# What is open stays what it was, with nothing of it in the caches.
drop_caches
dd iflag=nocache count=0 status=none <&4 2>/dev/null || :
dd iflag=nocache count=0 status=none <&5 2>/dev/null || :
cat <&4 >>read.4
cat <&5 >>read.5
check "an open menu is read to its end as it was" cmp read.4 old.boot_grub_grub.cfg
check "an open page is read to its end as it was" cmp read.5 old.index.html
check "an open status is read as it was" cmp /dev/fd/6 old.status
is "$("$fh" cat mnt "$(cat old.handle)" | sum)" "$(sum <old.index.html)" "by handle the old text is there for a while"
exec 4<&- 5<&- 6<&-

# Whoever serves: a text that a server has withdrawn is the next one's, too.
exec 4<mnt/index.html
head -c 100 <&4 >read.4
cp small.iso folder/.new.part
mv folder/.new.part folder/newer-image.iso
check "another change" wait_for 10 grep -q newer-image mnt/index.html
server=$(server_of "$pxefs_pid")
kill -KILL "$server"
check "and a death" wait_for 10 other_server "$pxefs_pid" "$server"
dd iflag=nocache count=0 status=none <&4 2>/dev/null || :
cat <&4 >>read.4 || :
check "an open page is read to its end as it was, by another server" cmp read.4 new.index.html
exec 4<&-
rm folder/newer-image.iso
check "back" wait_for 10 cmp mnt/index.html new.index.html

old_is_stale()
{
	drop_caches
	[ "$("$fh" try mnt "$(cat old.handle)")" = ESTALE ]
}
check "and stale after that" wait_for 40 old_is_stale
check "which the new one is not" cmp mnt/index.html new.index.html

# Back to what it was: the same text is the same file again.
time=$(stat -c %Y mnt/index.html)
rm folder/new-image.iso
check "an ISO goes" wait_for 10 test ! -e mnt/new-image
check "and leaves the menu" wait_for 2 cmp mnt/index.html old.index.html
is "$("$fh" of mnt/index.html)" "$(cat old.handle)" "which has the handle that it had"
check "and a time that does not go back" test "$(stat -c %Y mnt/index.html)" -ge "$time"

# Many changes, one behind the other: what is opened after the name is seen knows the name.
for i in 1 2 3 4 5 6 7 8; do
	cp small.iso folder/.more.part
	mv folder/.more.part "folder/more-$i.iso"
	check "change $i: it is seen" wait_for 10 grep -q "more-$i" mnt/boot/grub/grub.cfg
	is "$(stat -c %s mnt/boot/grub/grub.cfg)" "$(wc -c <mnt/boot/grub/grub.cfg)" "change $i: size and text are of one version"
	check "change $i: and leads somewhere" test -s "mnt/more-$i/grub.cfg"
done

plan
