#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An ISO is replaced by one that differs in file data only. Who holds handles, files or directories of the old one
# reads the old bytes during its grace, also cold; then they are stale; and they never mean the new bytes. What the
# old one took is given back.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"

make_live old first
make_live new other
is "$(stat -c %s old.iso)" "$(stat -c %s new.iso)" "both ISOs have one size"
is "$(head -c 65536 old.iso | sum)" "$(head -c 65536 new.iso | sum)" "and one beginning"
is "$(cd old.d && find . -printf '%P %s %T@ %m\n' | LC_ALL=C sort)" "$(cd new.d && find . -printf '%P %s %T@ %m\n' | LC_ALL=C sort)" \
	"and the same names, sizes and times"

grace=6
mkdir folder mnt
mount_pxefs folder mnt -o "loader=,state=$tmp/state,grace=$grace"
keeper=$pxefs_pid
cp old.iso folder/.x.part
check "nothing is served yet" test ! -e mnt/x
server=$(server_of "$keeper")
# Texts that were withdrawn have a grace of their own, and the keeper a descriptor for each.
quiet()
{
	fds="$(fds_of "$keeper") $(fds_of "$server")"
	sleep 3
	[ "$(fds_of "$keeper") $(fds_of "$server")" = "$fds" ]
}
check "and that of its texts" wait_for 30 quiet
keeper_fds=$(fds_of "$keeper") server_fds=$(fds_of "$server")
mv folder/.x.part folder/x.iso
check "the old one is served" wait_for 10 test -e mnt/x/root/usr/share/data
image_fds=$(($(fds_of "$keeper") - keeper_fds))
# The menu is left out: its text is one in both, and so it is one file.
handles_of mnt/x | grep -v -e ' mnt/x/grub.cfg$' -e ' mnt/x/boot.ipxe$' >saved
all=$(wc -l <saved)
list_of old mnt/x >files
directories_of old mnt/x >directories

# Removed, and the same bytes back within the grace: the same image again.
old_is_gone()
{
	[ "$(ls mnt/.old | wc -l)" = 0 ]
}
rm folder/x.iso
check "a removed one is in .old/" wait_for 10 test ! -e mnt/x -a "$(ls mnt/.old | wc -l)" -le 1
is "$(ls mnt/.old | wc -l)" 1 "for its grace"
drop_caches
is "$(outcomes mnt saved)" "ok $all" "its handles open there"
cp old.iso folder/.x.part
mv folder/.x.part folder/x.iso
check "it is back" wait_for 10 test -e mnt/x/root/usr/share/data
check "and in .old/ no more" wait_for 10 old_is_gone
drop_caches
is "$(outcomes mnt saved)" "ok $all" "its handles open as before"

# Held open, and read in part only: the second half must come from the same image.
exec 7<mnt/x/root/usr/share/data 8<mnt/x/grub.cfg
head -c 65536 <&7 >half
cd mnt/x/root/usr/share

cp "$tmp/new.iso" "$tmp/folder/.x.part"
mv "$tmp/folder/.x.part" "$tmp/folder/x.iso"
replaced()
{
	[ "$(sum <"$tmp/mnt/x/iso/docs/readme")" = "$(sum <"$tmp/new.d/docs/readme")" ]
}
check "the new one is served under its name" wait_for 10 replaced
since=$(date +%s)

# At once: names mean the new one in every part.
is "$(sum <data)" "$(sum <"$tmp/old.root/usr/share/data")" "who stands in the old one reads the old bytes there"
is "$(ls many | wc -l)" 300 "and lists it"
ls "$tmp"/mnt/.old/*/root >"$tmp/listed"
is "$(/bin/pwd -P | sed 's|/[0-9a-f]*/root/|/ID/root/|')" "$tmp/mnt/.old/ID/root/usr/share" "and stands in .old/"
is "$(cat ../../../iso/docs/readme)" "words of first" "and climbs about in the old one"
cd "$tmp"
for pair in root/usr/share/data:new.root/usr/share/data image.iso:new.iso iso/live/vmlinuz:new.d/live/vmlinuz; do
	check "by name ${pair%%:*} is the new one" cmp "mnt/x/${pair%%:*}" "${pair#*:}"
done
handles_of mnt/x | grep -v -e ' mnt/x/grub.cfg$' -e ' mnt/x/boot.ipxe$' >saved.new
cut -d ' ' -f 1 saved | sort >handles
cut -d ' ' -f 1 saved.new | sort >handles.new
is "$(comm -12 handles handles.new)" "" "no handle of the new one is one of the old one"

# by_handle LIST: compares each file of the old image, opened by its old handle, with the old bytes.
by_handle()
{
	drop_caches
	bad=
	while read -r path reference; do
		"$fh" cat mnt "$(handle_in saved "$path")" 2>&1 | cmp -s - "$reference" || bad="$bad $path"
	done <"$1"
	echo "$bad"
}
grep -v -e '/file-[0-9]*[1-9] ' files >some-files
is "$(by_handle some-files)" "" "during the grace, cold: every old handle gives the old bytes"
listed_by_handle()
{
	bad=
	while read -r path reference; do
		drop_caches
		"$fh" ls mnt "$(handle_in saved "$path")" 2>/dev/null | LC_ALL=C sort | cmp -s - "$reference" || bad="$bad $path"
	done <directories
	echo "$bad"
}
is "$(listed_by_handle)" "" "every old directory lists as it did, each cold"
drop_caches
is "$(outcomes mnt saved)" "ok $all" "and every other handle opens"
dd iflag=fullblock bs=65536 status=none <&7 | cat half - >whole
check "what was open is read to its end from the old image" cmp whole old.root/usr/share/data
check "so is its menu" test -s /dev/fd/8
is "$(ls mnt | grep -c -x x)" 1 "in the tree it stands once"
is "$(stat -c %a mnt/.old)" 711 ".old is closed to lists"
is "$(ls mnt/.old | wc -l)" 1 "the old one is in .old/"
check_not "no menu names it" grep -rq "$(ls mnt/.old)" mnt/boot mnt/grub mnt/boot.ipxe mnt/index.html mnt/status
check "all that was within the grace" test $(($(date +%s) - since)) -lt $grace

exec 7<&- 8<&-
check "the grace ends" wait_for $((grace + 10)) old_is_gone
check_not "not before its time" test $(($(date +%s) - since)) -lt $((grace - 1))
drop_caches
is "$(outcomes mnt saved)" "ESTALE $all" "after it every old handle is stale"
drop_caches
is "$(outcomes mnt saved.new)" "ok $(wc -l <saved.new)" "and the new ones are not"
given_back()
{
	[ "$(fds_of "$keeper")" -le $((keeper_fds + image_fds)) ] && [ "$(fds_of "$server")" -le $((server_fds + image_fds)) ] &&
		[ "$(maps_of "$server" deleted.*x.part)" = 0 ] && [ "$(maps_of "$server" 'x\.iso')" -le 1 ]
}
check "descriptors and maps are given back" wait_for 10 given_back
is "$(find /proc/"$keeper"/fd /proc/"$server"/fd -lname "$tmp/folder/*(deleted)" | wc -l)" 0 "nobody holds the deleted file"

# Many times over, so that a small loss shows. Each waits for its image, and the last for the end of its grace.
check "it goes on being the same server" test "$(server_of "$keeper")" = "$server"
check "the rest is unmounted" unmount_pxefs mnt
mount_pxefs folder mnt -o "loader=,state=,grace=1"
keeper=$pxefs_pid
check "served again" wait_for 10 test -e mnt/x/root/usr/share/data
server=$(server_of "$keeper")
settled()
{
	old_is_gone && [ "$(find /proc/"$keeper"/fd /proc/"$server"/fd -lname '*(deleted)' -lname "$tmp/folder/*" | wc -l)" = 0 ]
}
round()
{
	cp "$1.iso" folder/.x.part
	mv folder/.x.part folder/x.iso
	wait_for 10 shows "$1" || return
	cat mnt/x/root/usr/bin/program | cmp - "$1.root/usr/bin/program" || return
	"$fh" of mnt/x/root/usr/bin/program >>"handles.$1"
}
shows()
{
	[ "$(sum <mnt/x/iso/docs/readme)" = "$(sum <"$1.d/docs/readme")" ]
}
: >handles.old
: >handles.new
check "replaced by the old one" round old
check "and its grace ends" wait_for 10 settled
keeper_fds=$(fds_of "$keeper") server_fds=$(fds_of "$server") server_maps=$(wc -l <"/proc/$server/maps")
for i in 1 2 3 4 5 6; do
	check "to and fro $i: the new one" round new
	check "to and fro $i: the old one" round old
done
is "$(sort -u handles.old | wc -l) $(sort -u handles.new | wc -l)" "1 1" "each has the same handles whenever it is there"
check "the last grace ends" wait_for 10 settled
as_before()
{
	fds="$(fds_of "$keeper") $(fds_of "$server")"
	echo "# keeper and server have $fds descriptors, and had $keeper_fds $server_fds"
	[ "$fds" = "$keeper_fds $server_fds" ]
}
check "no descriptor was lost on the way" wait_for 10 as_before
check "no map was lost on the way" test "$(wc -l <"/proc/$server/maps")" -le $((server_maps + 16))
is "$(server_of "$keeper")" "$server" "by one server throughout"

plan
