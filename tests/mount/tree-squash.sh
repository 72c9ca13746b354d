#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is inside a squashfs against what unsquashfs extracts, for every compressor, at an offset inside an ISO.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/trees.sh"

requires xorriso mksquashfs unsquashfs sha256sum getfattr setfattr
need_fuse
need_root
mkdir folder mnt iso iso/live root

cd root
mkdir -p etc dev usr/bin usr/sbin var/empty many 'a name' tmp deep/1/2/3/4/5/6/7/8/9/10/11/12
printf 'ID=test\n' >etc/os-release
mknod dev/null c 1 3
mknod dev/sda b 8 0
mknod dev/high c 259 70000
mkfifo var/fifo
for n in 0 1 4095 4096 4097 131071 131072 131073 1048576 2500001; do
	head -c "$n" /dev/urandom >"usr/of-$n"
done
seq 200000 >usr/text
truncate -s 5M var/sparse
printf 'end' >>var/sparse
i=0
while [ $i -lt 700 ]; do
	echo "$i" >"many/a-rather-long-file-name-to-fill-the-directory-$i"
	i=$((i + 1))
done
ln usr/text usr/second-name
ln usr/text usr/third-name
ln -s ../../usr/text usr/bin/relative
ln -s /usr/bin/absolute usr/sbin/init
ln -s "$(printf '%01000d' 5)" usr/long-link
printf 'grün' >'a name/größer'
cp "$(command -v sh)" usr/bin/sh
chmod 4755 usr/bin/sh
chmod 1777 tmp
chmod 600 etc/os-release
chmod 700 var/empty
chown 1000:1001 many usr/of-4096
chown 100000:65534 usr/of-1
setfattr -n user.short -v value usr/text
setfattr -n user.big -v "$(printf '%02000d' 3)" usr/text
setfattr -n user.dir -v 'of a directory' var/empty
setfattr -n user.empty usr/of-1
setfattr -n user.dir -v 'of a directory' many
attributes=yes
getfattr -d usr/text | grep -q user.short || attributes=no
find . -exec touch -h -d '2011-12-13 14:15:16 UTC' {} +
touch -d '1970-01-01 00:00:01 UTC' usr/of-0
cd ..

# name, options
squash()
{
	name=$1
	shift
	mksquashfs root "iso/live/$name.squashfs" -noappend -no-progress -quiet -processors 2 "$@" >squash.log 2>&1 ||
		rm -f "iso/live/$name.squashfs"
}
squash gzip -comp gzip -Xcompression-level 1
squash lz4 -comp lz4
squash lzo -comp lzo -Xalgorithm lzo1x_1
squash xz -comp xz -b 64k
squash zstd -comp zstd -Xcompression-level 1 -b 1M
squash plain -noI -noD -noF -noX
squash no-fragments -comp zstd -Xcompression-level 1 -no-fragments -b 4k
squash tail-ends -comp lz4 -always-use-fragments
squash no-numbers -comp gzip -Xcompression-level 1 -no-exports
all=$(cd iso/live && ls | sed 's/\.squashfs$//')
is "$(echo $all)" "gzip lz4 lzo no-fragments no-numbers plain tail-ends xz zstd" "mksquashfs made all of them"
make_iso iso folder/layers.iso -R -V LAYERS
mkdir one one/casper
cp iso/live/xz.squashfs one/casper/filesystem.squashfs
make_iso one folder/one.iso -R -V ONE
rm -rf one
# Three layers whose names in the tree would be one.
mkdir -p alike/x alike/y alike/z small
for place in 'x/a b' 'y/a_b' 'z/a&b'; do
	echo "$place" >small/place
	mksquashfs small "alike/$place.squashfs" -noappend -no-progress -quiet >squash.log 2>&1
done
make_iso alike folder/alike.iso -R -V ALIKE
rm -rf alike small

mount_pxefs folder mnt -o state=,nfs=/pxe

# One extraction is the measure of all, since each was checked by its maker's checksums or is bit for bit the same.
unsquashfs -quiet -no-progress -dest wanted iso/live/gzip.squashfs >unsquash.log 2>&1
listing wanted '%m\t%U:%G\t%n\t%T@' >wanted.listing
digests wanted >wanted.digests
devices wanted >wanted.devices
extended wanted >wanted.extended
check "the oracle has devices" grep -q 'character special file 103:11170' wanted.devices
[ $attributes = no ] || check "and attributes" grep -q 'user.big="000' wanted.extended

for name in $all root; do
	at=mnt/layers/layers/$name.squashfs
	if [ $name = root ]; then
		at=mnt/one/root
	elif [ ! -e "$at" ]; then
		# The lowest of several roots is the root.
		at=mnt/layers/root
	fi
	listing "$at" '%m\t%U:%G\t%n\t%T@' >got
	same_text got wanted.listing "$name: names, types, sizes, links, modes, owners, link counts and times"
	digests "$at" >got
	same_text got wanted.digests "$name: every byte"
	devices "$at" >got
	same_text got wanted.devices "$name: device numbers"
	[ $attributes = no ] || {
		extended "$at" >got
		same_text got wanted.extended "$name: attributes"
	}
done
is "$(stat -c '%a %u:%g' mnt/one/root)" "$(stat -c '%a %u:%g' root)" "the root's own mode and owner"
is "$(stat -c %i mnt/one/root/usr/text)" "$(stat -c %i mnt/one/root/usr/third-name)" "hard links are one file"
is "$(stat -c %h mnt/one/root/usr/text)" 3 "with its count"
check_not "a device is not opened here" sh -c 'exec <mnt/one/root/dev/null'
check "and links are not followed" sh -c '! cat mnt/one/root/usr/bin/relative'
is "$(readlink mnt/one/root/usr/long-link)" "$(printf '%01000d' 5)" "a long link"
check "users are held to modes" sh -c \
	'! setpriv --reuid 12345 --regid 12345 --clear-groups cat mnt/one/root/etc/os-release'
check "or let through by them" setpriv --reuid 12345 --regid 12345 --clear-groups cat mnt/one/root/usr/text

for tool in "find mnt/one -ls" "du -s mnt/one" "ls -laR mnt/one" "tar -C mnt/one/root -cf - ."; do
	$tool >/dev/null 2>tool.err || :
	is "$(cat tool.err)" "" "$tool says nothing amiss"
done
pax=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime
tar -C mnt/one/root --sort=name --xattrs --format=posix --pax-option=$pax -cf - usr var many >got.tar
tar -C wanted --sort=name --xattrs --format=posix --pax-option=$pax -cf - usr var many >wanted.tar
check "an archive of both is the same" cmp got.tar wanted.tar
if command -v rsync >/dev/null; then
	is "$(rsync -aHDXn --checksum --delete -i wanted/ mnt/one/root/)" "" "rsync finds no difference"
fi
for at in 0 1 4095 131071 131072 1048575 2499999 2500000; do
	dd if=root/usr/of-2500001 of=wanted.part bs=3000 count=1 skip="$at" iflag=skip_bytes,fullblock 2>/dev/null
	dd if=mnt/one/root/usr/of-2500001 of=got bs=3000 count=1 skip="$at" iflag=skip_bytes,fullblock 2>/dev/null
	cmp -s got wanted.part || echo "$at"
done >odd
is "$(cat odd)" "" "reads at odd places"
is "$(awk -F '\t' '!/^#/ { print $1, $2, $3, $4 }' mnt/status | tr '\n' ',')" \
	"alike served unknown not known,layers served unknown not known,one served ubuntu not possible," "what does not boot is said to, known or not"
check "and the ISOs are there all the same" cmp folder/one.iso mnt/one/image.iso
is "$(cat mnt/alike/layers/*/place | LC_ALL=C sort | tr '\n' ,)" "x/a b,y/a_b,z/a&b," "layers whose names are made alike are told apart"
is "$(ls mnt/one | tr '\n' ' ')" "boot.ipxe grub.cfg image.iso iso root " "with all that can be shown"
check_menus mnt

plan
