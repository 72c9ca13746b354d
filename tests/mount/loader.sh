#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The loader directory under boot/grub: it appears, changes and goes while the tree is served.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

need_fuse
mkdir folder mnt
mount_pxefs folder mnt -o state=,nfs=/pxe,loader="$tmp/loader"
is "$(ls mnt/boot/grub)" grub.cfg "without a loader directory there is the menu alone"

mkdir -p making/i386-pc making/x86_64-efi making/fonts
if [ -d /usr/lib/grub/i386-pc ]; then
	cp /usr/lib/grub/i386-pc/*.mod /usr/lib/grub/i386-pc/*.lst making/i386-pc
fi
head -c 300000 /dev/urandom >making/i386-pc/of-our-own.mod
head -c 4000 /dev/urandom >making/grub.pxe
: >making/x86_64-efi/empty.mod
echo font >making/fonts/unicode.pf2
ln -s grub.pxe making/inside
echo secret >secret
ln -s ../secret making/outside
ln -s /etc/passwd making/absolute
echo 'menuentry evil {}' >making/grub.cfg
echo hidden >making/.hidden
chmod 600 making/grub.pxe
mv making loader
check "made, it is shown" wait_for 12 cmp loader/i386-pc/of-our-own.mod mnt/boot/grub/i386-pc/of-our-own.mod
is "$(cd mnt/boot/grub && find . -type f ! -name grub.cfg | LC_ALL=C sort)" \
	"$(cd loader && { find . -type f ! -name grub.cfg ! -name .hidden; echo ./inside; } | LC_ALL=C sort)" "with all its files"
for file in $(cd loader && find . -type f ! -name grub.cfg ! -name .hidden); do
	cmp "loader/$file" "mnt/boot/grub/$file" || :
done >different 2>&1
is "$(cat different)" "" "every byte"
check "a link inside is what it names" cmp loader/grub.pxe mnt/boot/grub/inside
check_not "one to the outside is left out" test -e mnt/boot/grub/outside
check_not "an absolute one too" test -e mnt/boot/grub/absolute
check "and the log says so" grep -q '"outside" is left out' "$pxefs_log"
check_not "the generated menu wins" grep -q evil mnt/boot/grub/grub.cfg
is "$(stat -c %a mnt/boot/grub/grub.pxe)" 444 "whatever the mode, it can be fetched"
is "$(stat -c %Y mnt/boot/grub/fonts/unicode.pf2)" "$(stat -c %Y loader/fonts/unicode.pf2)" "times are the files' own"

# GRUB's own names for the menus of single clients: by UUID, hardware address, IP address and its beginnings.
for name in 78a62677-c07f-5348-a4f6-c85ac36a120a 01-52-54-00-ab-cd-ef 0A000082 0A0000; do
	cp "$TOP_SRCDIR/examples/grub.cfg-client" "loader/grub.cfg-$name"
	check "a client's menu grub.cfg-$name" wait_for 3 cmp "$TOP_SRCDIR/examples/grub.cfg-client" "mnt/boot/grub/grub.cfg-$name"
done
check_not "others have none" ls mnt/boot/grub/grub.cfg-01-52-54-00-ab-cd-ee
check "beside the common one" grep -q 'Made by pxefs' mnt/boot/grub/grub.cfg
if command -v grub-script-check >/dev/null; then
	check "the sample is one that GRUB takes" grub-script-check "$TOP_SRCDIR/examples/grub.cfg-client"
fi
rm loader/grub.cfg-*
check "and gone again" wait_for 3 test ! -e mnt/boot/grub/grub.cfg-0A0000

head -c 5000 /dev/urandom >new
cp new loader/i386-pc/of-our-own.mod
check "a file changed" wait_for 3 cmp new mnt/boot/grub/i386-pc/of-our-own.mod
echo added >loader/x86_64-efi/added.mod
check "one added" wait_for 3 grep -q added mnt/boot/grub/x86_64-efi/added.mod
mkdir -p loader/arm64-efi
echo arm >loader/arm64-efi/normal.mod
check "a platform added" wait_for 3 grep -q arm mnt/boot/grub/arm64-efi/normal.mod
echo 'arm again' >loader/arm64-efi/normal.mod
check "and changed" wait_for 3 grep -q again mnt/boot/grub/arm64-efi/normal.mod
rm loader/grub.pxe
check "one removed" wait_for 3 test ! -e mnt/boot/grub/grub.pxe
mv loader away
check "the directory removed" wait_for 3 test ! -e mnt/boot/grub/i386-pc
is "$(ls mnt/boot/grub)" grub.cfg "leaves the menu alone"
mv away loader
check "and there again" wait_for 12 cmp new mnt/boot/grub/i386-pc/of-our-own.mod

plan
