#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file for an unattended installation that belongs into the ISO itself (Proxmox): the archive that takes the ISO into
# memory has it then, and whoever reads that ISO finds it and everything else as it was. What is in it is asked of
# xorriso and isoinfo.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"
. "$TOP_SRCDIR/tests/families/functions.sh"

requires cpio xorriso isoinfo mksquashfs grub-script-check zstd
umask 022
mkdir folder mnt plain taken

# medium NAME: the family's own, and what then stands in $tmp/medium.
medium=$tmp/medium
make_medium()
(
	label TEST
	# shellcheck source=/dev/null
	. "$TOP_SRCDIR/tests/families/media/$1.sh"
)
mkdir "$medium"
make_medium proxmox-ve
make_iso "$medium" folder/few.iso -R -J -V PVE
# A root directory of several blocks, with names that stand before, between and behind those of the new files, with
# links and long names; and one that has the files already, of other content.
for n in $(seq 100); do
	echo "$n" >"$medium/another-file-with-a-rather-long-name-of-its-own-number-$n.deb"
	echo "$n" >"$medium/zz$n"
done
ln -s pve-base.squashfs "$medium/base"
echo 'mode = "http"' >"$medium/auto-installer-mode.toml"
seq 5000 >"$medium/answer.toml"
make_iso "$medium" folder/many.iso -R -J -V PVE
# Not a whole number of blocks, as a copy over HTTP may be.
cp folder/few.iso folder/odd.iso
printf 'padding' >>folder/odd.iso
# Its installer is too old to look for such a file; and an ISO without Rock Ridge, whose names are not to be had.
rm "$medium/auto-installer-capable"
make_iso "$medium" folder/old.iso -R -J -V PVE
: >"$medium/auto-installer-capable"
make_iso "$medium" folder/joliet.iso -J -V PVE --norock
rm -rf "$medium"
make_answer()
{
	printf '[global]\nkeyboard = "de"\nfqdn = "%s.lab"\n' "$1"
	noise "$1" "$2" | base64 | sed 's/^/# /'
}

mount_pxefs folder mnt -o loader=,state=,nfs=/pxe,server=10.0.0.1
for name in few many odd old joliet; do
	check "$name is served" wait_for 20 status_like "$name" 'served proxmox-ve *'
	check_not "$name: without an answer there is no archive with one" test -e "mnt/$name/answer.cpio"
done
cp mnt/few/grub.cfg plain.cfg
check "its menu takes the plain ISO" grep -qF '/few/initrd/generated/proxmox.iso.cpio' plain.cfg

# take NAME: the ISO of its archive, as cpio has it, becomes taken/NAME.iso.
take()
{
	(cd taken && rm -f proxmox.iso && cpio --quiet -i <"../mnt/$1/answer.cpio" && mv proxmox.iso "$1.iso")
}

listed()	# listed ISO: its paths, modes, sizes and links as isoinfo sees them, without the changed root and the two files
{
	isoinfo -i "$1" -R -l | grep -v -e '^d.* \.\.\? *$' -e ' auto-installer-mode\.toml *$' -e ' answer\.toml *$' |
		sed -E 's/\[ *[0-9]+ [0-9]+\]//'
}

extract()	# extract ISO DIRECTORY
{
	xorriso -osirrox on -indev "$1" -extract / "$2" >"$2.log" 2>&1 && chmod -R u+w "$2"
}

for name in few many odd; do
	make_answer "$name" 3000 >answer
	cp answer "folder/.answer" && mv folder/.answer "folder/$name.answer.toml"
	check "$name: the answer file is in the tree" wait_for 5 cmp "mnt/$name/answer.toml" answer
	check "$name: and the archive" wait_for 2 test -s "mnt/$name/answer.cpio"
	check "$name: cpio takes the ISO out of it" take "$name"
	is "$(($(stat -c %s "taken/$name.iso") % 2048))" 0 "$name: of whole blocks"
	check "$name: xorriso reads all of it" extract "taken/$name.iso" "taken/$name"
	check "$name: it has the answer" cmp "taken/$name/answer.toml" answer
	is "$(cat "taken/$name/auto-installer-mode.toml")" 'mode = "iso"' "$name: and says that it is there"
	check "$name: xorriso reads the plain one" extract "folder/$name.iso" "plain/$name"
	rm -f "taken/$name/answer.toml" "taken/$name/auto-installer-mode.toml" \
		"plain/$name/answer.toml" "plain/$name/auto-installer-mode.toml"
	check "$name: everything else is the same" diff -r --no-dereference "plain/$name" "taken/$name"
	check "$name: and there was something" test -s "taken/$name/boot/linux26"
	listed "folder/$name.iso" >plain.list
	listed "taken/$name.iso" >taken.list
	check "$name: isoinfo lists the rest alike" cmp plain.list taken.list
	check "$name: and there was something to list" grep -q 'linux26' taken.list
	is "$(isoinfo -i "taken/$name.iso" -R -x /answer.toml | cksum)" "$(cksum <answer)" "$name: isoinfo reads the answer"
	is "$(isoinfo -i "taken/$name.iso" -R -f | grep -c '^/answer.toml$')" 1 "$name: which is there once"
	check "$name: no note of xorriso's about damage" \
		not grep -iE 'corrupt|damag|mismatch|SORRY|FAILURE' "taken/$name.log"
	check "$name: the menu takes that archive" wait_for 5 grep -qF "/$name/answer.cpio" "mnt/$name/grub.cfg"
	check_not "$name: and not the plain one" grep -qF 'initrd/generated/' "mnt/$name/grub.cfg"
	check "$name: in iPXE too" grep -qF 'answer.cpio' "mnt/$name/boot.ipxe"
	check "$name: the installer is told to begin" grep -qE 'linux .*/linux26 .* proxmox-start-auto-installer' \
		"mnt/$name/grub.cfg"
	check "$name: the memory test is as it was" grep -qE 'memtest86\+x64.bin$' "mnt/$name/grub.cfg"
	check "$name: GRUB takes the menu" grub-script-check "mnt/$name/grub.cfg"
	check_not "$name: status has nothing to complain of" status_like "$name" '*answer*'
done
for name in old joliet; do
	cp answer "folder/$name.answer.toml"
	check "$name: where it cannot be, status says so" \
		wait_for 5 status_like "$name" '*how its installer takes an answer file is not known here*'
	check_not "$name: and there is no archive" test -e "mnt/$name/answer.cpio"
	check "$name: its menu is the plain one" grep -qF 'initrd/generated/proxmox.iso.cpio' "mnt/$name/grub.cfg"
done

# Reads at any place are those of the whole.
size=$(stat -c %s mnt/many/answer.cpio)
cat mnt/many/answer.cpio >whole
is "$(stat -c %s whole)" "$size" "it has the size that it says"
iso=$(stat -c %s folder/many.iso)
for at in 0 100 32700 32768 34815 34816 $((iso - 1)) $((iso + 100)) $((iso + 130)) $((iso + 2048)) $((size - 200)) \
	$((size - 1)) "$size"; do
	is "$(tail -c +$((at + 1)) mnt/many/answer.cpio | head -c 5000 | cksum)" \
		"$(tail -c +$((at + 1)) whole | head -c 5000 | cksum)" "bytes from $at on"
done
"$PXEFS" --dump folder >dump
check "--dump says where its bytes are" grep -q '^/many/answer.cpio .* iso 0+32768 text+2048 iso 34816+' dump

# Another answer is another file under the same name; the same again is the same one.
id=$(stat -c %i mnt/few/answer.cpio)
make_answer other 60000 >answer
cp answer folder/.answer && mv folder/.answer folder/few.answer.toml
check "another answer" wait_for 5 cmp mnt/few/answer.toml answer
check "is in another archive" test "$(stat -c %i mnt/few/answer.cpio)" != "$id"
take few
is "$(isoinfo -i taken/few.iso -R -x /answer.toml | cksum)" "$(cksum <answer)" "which has it"
id=$(stat -c %i mnt/few/answer.cpio)
server=$(server_of "$pxefs_pid")
kill -KILL "$server"
check "a server dies" wait_for 10 other_server "$pxefs_pid" "$server"
is "$(stat -c %i mnt/few/answer.cpio)" "$id" "the next one has the same archive"
check "with the same bytes" sh -c 'cd taken && rm -f proxmox.iso && cpio --quiet -i <../mnt/few/answer.cpio &&
	cmp proxmox.iso few.iso'

# An archive that somebody reads does not hold up who writes to the ISO, nor a removal.
exec 5<mnt/few/answer.cpio
head -c 4096 <&5 >/dev/null
check "a writer of the ISO is let in" timeout 20 sh -c ': >>folder/few.iso'
exec 5<&-
check "the ISO is back" wait_for 30 test -s mnt/few/answer.cpio
rm folder/few.answer.toml
check "without the answer the menu is as before" wait_for 5 cmp mnt/few/grub.cfg plain.cfg
check_not "and the archive is gone" test -e mnt/few/answer.cpio
rm folder/many.iso
check "a removed ISO takes it along" wait_for 10 not test -e mnt/many
check "it unmounts" unmount_pxefs mnt
plan
