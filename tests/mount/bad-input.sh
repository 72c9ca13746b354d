#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A folder full of broken images: each gets a line in status and in the log, or is served as far as it goes, and
# a good one beside them is served whole all the time. The damage is the same in every run.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires xorriso mksquashfs unsquashfs sha256sum od
need_fuse
need_root
mkdir -p folder corpus state mnt tree/live tree/boot/LOOPDIR/below tree/isolinux root/etc root/many
: "${PXEFS_TEST_VARIANTS:=100}" # of each kind; the nightly run has more

# --- the good one ---
echo ID=good >root/etc/os-release
seq 3000 >root/etc/numbers
ln -s numbers root/etc/link
mknod root/null c 1 3
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	echo "$i" >"root/many/file $i"
done
mksquashfs root tree/live/filesystem.squashfs -noappend -no-progress -quiet -comp gzip -b 4k >/dev/null
seq 300 >tree/boot/vmlinuz
seq 400 >tree/boot/initrd.img
ln -s boot/vmlinuz tree/vmlinuz
echo deep >tree/boot/LOOPDIR/below/file
printf 'default live\nlabel live\n\tkernel /boot/vmlinuz\n\tappend initrd=/boot/initrd.img boot=live quiet\n' >tree/isolinux/isolinux.cfg
make_iso tree good.iso -R -J -V GOOD -no-pad
make_iso tree plain.iso --norock -V PLAIN -no-pad
size=$(stat -c %s good.iso)
cp good.iso folder/good.iso

# --- how to damage ---
# put FILE OFFSET BYTE...: BYTEs in octal
put()
{
	file=$1
	at=$2
	shift 2
	printf "$(printf '\\%s' "$@")" | dd of="$file" bs=1 seek="$at" conv=notrunc 2>/dev/null
}
# at FILE TEXT: where it is first
at()
{
	LC_ALL=C grep -obUaF -e "$2" "$1" | head -n 1 | cut -d: -f1
}
# number FILE OFFSET LENGTH: of little-endian bytes
number()
{
	od -An -v -tu"$3" -j "$2" -N "$3" "$1" | tr -d ' '
}
# broken NAME: a copy to be damaged; sets $it
broken()
{
	it=corpus/$1.iso
	cp "${2:-good.iso}" "$it"
}

# --- not an ISO, or not the whole of one ---
: >corpus/empty.iso
printf x >corpus/one-byte.iso
seq 20000 >corpus/text.iso
head -c 300000 /dev/zero >corpus/zeros.iso
head -c 300000 /dev/urandom >corpus/noise.iso
gzip -c good.iso >corpus/gzipped.iso
cp tree/live/filesystem.squashfs corpus/squashfs.iso
for n in 100 32768 32769 32774 34815 34816 36864 40000 65536 $((size / 2)) $((size - 2048)) $((size - 1)); do
	head -c "$n" good.iso >"corpus/cut-at-$n.iso"
done
refused="empty text zeros noise gzipped squashfs one-byte cut-at-100 cut-at-32768 cut-at-40000 cut-at-$((size - 1))"

# --- the volume descriptor: block size, volume size, root ---
pvd=32768
broken no-magic
put "$it" $((pvd + 1)) 130 130 130 130 130
refused="$refused no-magic"
broken volume-huge
put "$it" $((pvd + 80)) 377 377 377 377 377 377 377 377
refused="$refused volume-huge"
broken volume-zero
put "$it" $((pvd + 80)) 0 0 0 0 0 0 0 0
broken block-size-zero
put "$it" $((pvd + 128)) 0 0 0 0
broken block-size-odd
put "$it" $((pvd + 128)) 1 0 0 1
broken root-far
put "$it" $((pvd + 158)) 377 377 377 177 177 377 377 377
broken root-huge
put "$it" $((pvd + 166)) 377 377 377 377 377 377 377 377
broken root-empty
put "$it" $((pvd + 166)) 0 0 0 0 0 0 0 0
broken root-is-descriptor
put "$it" $((pvd + 158)) 20 0 0 0 0 0 0 20
broken root-record-short
put "$it" $((pvd + 156)) 0
broken path-table-huge
put "$it" $((pvd + 132)) 377 377 377 377 377 377 377 377
broken no-terminator
for sector in 17 18 19; do
	put "$it" $((sector * 2048)) 2 103 104 60 60 61 1
done

# --- directories: a loop, one as its own child, sizes that cannot be ---
loop=$(at plain.iso LOOPDIR)
record=$((loop - 33))
set -- $(od -An -v -to1 -j $((pvd + 158)) -N 8 plain.iso)
broken directory-loop plain.iso
put "$it" $((record + 2)) "$@"
broken directory-huge plain.iso
put "$it" $((record + 10)) 377 377 377 177 177 377 377 377
broken directory-far plain.iso
put "$it" $((record + 2)) 377 377 377 77 77 377 377 377
broken directory-record-long plain.iso
put "$it" $record 377
broken directory-name-long plain.iso
put "$it" $((record + 32)) 377
broken directory-name-slash plain.iso
put "$it" $((record + 33)) 57 56 56 57
broken directory-record-zero plain.iso
put "$it" $record 0
below=$(at plain.iso BELOW)
broken directory-own-child plain.iso
put "$it" $((below - 33 + 2)) $(od -An -v -to1 -j $((record + 2)) -N 8 plain.iso)
kernel=$(at plain.iso VMLINUZ)
broken file-far plain.iso
put "$it" $((kernel - 33 + 2)) 377 377 377 77 77 377 377 377
broken file-huge plain.iso
put "$it" $((kernel - 33 + 10)) 377 377 377 377 377 377 377 377
# Rock Ridge: a continuation that continues itself, lengths of 0, 3 and 255.
name=$(at good.iso NM)
for n in 0 3 377; do
	broken rock-ridge-length-$n
	put "$it" $((name + 2)) $n
done
link=$(at good.iso SL)
broken link-length
put "$it" $((link + 2)) 377
broken link-part-length
put "$it" $((link + 6)) 377
continued=$(at good.iso CE)
broken continuation-far
put "$it" $((continued + 4)) 377 377 377 177 177 377 377 377

# --- squashfs: each field of the superblock with everything set, and zero ---
squash=$(at good.iso hsqs)
squash_size=$(stat -c %s tree/live/filesystem.squashfs)
for field in 4:4 8:4 12:4 16:4 20:2 22:2 24:2 26:2 28:2 30:2 32:8 40:8 48:8 56:8 64:8 72:8 80:8 88:8; do
	for byte in 0 377 1; do
		broken "squash-field-${field%:*}-$byte"
		n=${field#*:}
		set --
		while [ $n -gt 0 ]; do
			set -- "$@" $byte
			n=$((n - 1))
		done
		put "$it" $((squash + ${field%:*})) "$@"
	done
done
# --- and anything, anywhere: seeded ---
# flips COUNT FROM LENGTH SEED: lines of an offset and a byte
flips()
{
	awk -v count="$1" -v from="$2" -v length_="$3" -v seed="$4" 'BEGIN {
		srand(seed)
		for (i = 0; i < count; i++)
			printf "%d %o\n", from + int(rand() * length_), int(rand() * 256)
	}'
}
v=0
while [ $v -lt "$PXEFS_TEST_VARIANTS" ]; do
	broken "flipped-directories-$v"
	flips $((1 + v % 7)) 32768 40960 "$v" >flips
	while read -r offset byte; do
		put "$it" "$offset" "$byte"
	done <flips
	broken "flipped-squashfs-$v"
	# More than half of it is tables.
	flips $((1 + v % 5)) $((squash + (v % 2) * squash_size * 2 / 3)) $((squash_size / 3)) "$((v + 100000))" >flips
	while read -r offset byte; do
		put "$it" "$offset" "$byte"
	done <flips
	v=$((v + 1))
done
files=$(find corpus folder -type f | wc -l)

# --- all of them at once ---
extract_iso good.iso good
unsquashfs -quiet -no-progress -dest good.root tree/live/filesystem.squashfs >unsquash.log 2>&1
mount_pxefs folder mnt -o state="$tmp/state",nfs=/pxe
keeper=$pxefs_pid
settled()
{
	[ "$(grep -c '^[^#]' mnt/status)" = "$files" ] && ! grep -q 'another program' mnt/status
}
# In they come, and the good one is read all the while.
cat root/etc/os-release root/etc/numbers root/many/* good/boot/vmlinuz good/isolinux/isolinux.cfg good.iso >wanted
mv corpus/* folder
reads=0
bad=0
until settled || [ $reads -gt 5000 ]; do
	(cd mnt/good && cat root/etc/os-release root/etc/numbers root/many/* iso/boot/vmlinuz iso/isolinux/isolinux.cfg image.iso) >got 2>&1 ||
		bad=$((bad + 1))
	cmp -s got wanted || bad=$((bad + 1))
	reads=$((reads + 1))
done
check "every one of $files files comes to a line in status" settled
check "meanwhile the good one was read" test $reads -gt 1
is $bad 0 "and right every time"
echo "# $reads times"
state_of()
{
	awk -F '\t' -v file="$1.iso" -v name="$1" '$1 == name || $1 == file { print $2 }' mnt/status
}
is "$(state_of good)" served "the good one is served"
for name in $refused; do
	case $(state_of "$name") in
	rejected | incomplete) ;;
	*) echo "$name: $(state_of "$name")" ;;
	esac
done >wrong
is "$(cat wrong)" "" "what is no whole ISO is not"
is "$(awk -F '\t' '!/^#/ && $2 != "served" && (length($5) < 5 || NF != 5)' mnt/status)" "" "with a reason for each"
awk -F '\t' '!/^#/ && $2 != "served" { print $1 }' mnt/status | while read -r name; do
	grep -qF "\"$name\" is not served" "$pxefs_log" || echo "$name"
done >unlogged
is "$(cat unlogged)" "" "and a line in the log that names it"
echo "# $(awk -F '\t' '!/^#/ { print $2 }' mnt/status | sort | uniq -c | tr -s ' \n' ' ')"

# --- everything that is shown is read, whatever comes of it ---
whole()
{
	same_iso "$1/good/iso" good "the good one, $2"
	same_root "$1/good/root" good.root "the good one's root, $2"
}
whole mnt "beside them"
timeout 200 find mnt -type d -exec ls -la {} + >walked 2>walk.err || :
check "everything can be walked" test "$(wc -l <walked)" -gt 1000
timeout 200 sh -c 'find mnt -xdev -type f -exec cat {} + 2>/dev/null | wc -c' >read
check "everything can be read" test "$(cat read)" -gt 1000000
timeout 200 find mnt -xdev -type l -exec readlink {} + >links 2>/dev/null || :
timeout 200 find mnt -xdev -exec getfattr -h -d {} + >attributes 2>/dev/null || :
timeout 200 tar -C mnt -cf - . 2>/dev/null | wc -c >tarred
whole mnt "after all of that"
loop=$(find mnt -mindepth 40 -print -quit 2>/dev/null || :)
is "$loop" "" "no directory goes round"

check "the program is still there" kill -0 "$keeper"
is "$(grep -E 'the server (was ended|ended with)' "$pxefs_log")" "" "its server never went away"
is "$(grep -E 'ended by signal' "$pxefs_log")" "" "nor did an indexer crash"
check_menus mnt
cp mnt/status before
unmount_pxefs mnt
mount_pxefs folder mnt -o state="$tmp/state",nfs=/pxe
check "mounted again, from what is kept, status says the same" wait_for 60 cmp before mnt/status
whole mnt "mounted again"
unmount_pxefs mnt

# --- the same without a mount ---
"$PXEFS" --list folder >list 2>list.err
is "$?,$(cat list.err)" 0, "--list goes through all of them"
is "$(grep -c '^[^#]' list)" "$files" "with a line for each"
timeout 200 "$PXEFS" --dump folder >dump 2>dump.err && status=0 || status=$?
is "$status,$(cat dump.err)" 0, "--dump too"
status=0

plan
