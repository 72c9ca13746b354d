#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Somebody writes into an ISO that is served, or cuts it: a writer waits until the image is withdrawn; where it
# cannot be made to wait, readers get errors; nobody gets the new bytes for the old ones, and nothing dies of it.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"
strike=$TOP_BUILDDIR/tests/mount/strike
[ -x "$strike" ] || skip "the helpers are not built"

make_live old first
make_live new other
make_live by stand
mkdir folder mnt
cp old.iso folder/x.iso
cp by.iso folder/by.iso
mount_pxefs folder mnt -o "loader=,state=$tmp/state,grace=3600"
keeper=$pxefs_pid
check "both images are served" wait_for 20 test -e mnt/x/root/usr/share/data -a -e mnt/by/root/usr/share/data
server=$(server_of "$keeper")
# But for those of what is held open below, which the kernel needs not ask for.
handles_of mnt/x | grep -v -e ' mnt/x/grub.cfg$' -e ' mnt/x/boot.ipxe$' -e ' mnt/x$' -e ' mnt/x/iso\(/docs\(/deep\(/er\(/manual\)\?\)\?\)\?\)\?$' \
	-e ' mnt/x/root\(/usr\(/share\(/data\)\?\)\?\)\?$' >saved
all=$(wc -l <saved)

# Reads on in a file that is open, past what the kernel has of it.
read_on()	# read_on FD
{
	dd iflag=nocache count=0 status=none <&"$1"
	cat <&"$1"
}
fails_to_read()
{
	! read_on "$1" >/dev/null
}

# Read all the time, by name and by handle. What is read without an error is noted.
watching()	# watching NAME COMMAND...
{
	seen=$1
	shift
	while [ ! -e stop ]; do
		if "$@" >"$seen.now" 2>/dev/null; then sum <"$seen.now" >>"$seen.sums"; fi
		drop_caches
	done
}
data=$("$fh" of mnt/x/root/usr/share/data)
manual=$("$fh" of mnt/x/iso/docs/deep/er/manual)
old_data=$(sum <old.root/usr/share/data) new_data=$(sum <new.root/usr/share/data)
old_manual=$(sum <old.d/docs/deep/er/manual)
watching by-name cat mnt/x/root/usr/share/data &
watchers=$!
watching by-handle "$fh" cat mnt "$data" &
watchers="$watchers $!"
watching in-iso "$fh" cat mnt "$manual" &
watchers="$watchers $!"
for w in $watchers; do cleanup_fn end_process "$w"; done
check "readers are at work" wait_for 10 test -s by-name.sums -a -s by-handle.sums -a -s in-iso.sums
exec 7<mnt/x/root/usr/share/data 8<mnt/x/iso/docs/deep/er/manual
head -c 100000 <&7 >/dev/null

# The writer: it gets in when nobody can read the image any more.
exec 9<>folder/x.iso
is "$(maps_of "$server" '/x\.iso')" 0 "the server has let go of it"
is "$(find "/proc/$server/fd" -lname '*/x.iso' | wc -l)" 0 "in every way"
check "it goes from the tree" wait_for 2 test ! -e mnt/x
check "the log says why" grep -q '"x.iso" is being written: withdrawn at once' "$pxefs_log"
is "$(ls mnt/.old | wc -l)" 0 "it has no grace: its bytes are going"
dd if=new.iso bs=65536 status=none >&9
drop_caches
is "$(outcomes mnt saved)" "ESTALE $all" "its handles are stale while it is written"
check "who had a file open gets an error: squashfs" fails_to_read 7
check "incomplete, says status" wait_for 10 grep -q 'x.iso.*writing' mnt/status
exec 9>&-
served_again()
{
	[ "$(sum <mnt/x/iso/docs/readme)" = "$(sum <new.d/docs/readme)" ]
}
check "after the writer it comes back" wait_for 10 served_again
list_of new mnt/x | grep -v -e '/file-[0-9]*[1-9] ' | sed 's|[^ ]*new\.iso$|'"$tmp/folder/x.iso"'|' >files
bad=
while read -r path reference; do
	cmp -s "$path" "$reference" || bad="$bad $path"
done <files
is "$bad" "" "with the new bytes throughout"
handles_of mnt/x | cut -d ' ' -f 1 | sort >handles.new
cut -d ' ' -f 1 saved | sort | comm -12 - handles.new >both
is "$(cat both)" "" "under other handles"
drop_caches
is "$(outcomes mnt saved)" "ESTALE $all" "the old ones stay stale"
check "what was open of the old one does not give the new" fails_to_read 7
check "nor does a file of the ISO" fails_to_read 8
wait_for 10 grep -q "$new_data" by-name.sums || :
: >stop
for w in $watchers; do wait "$w"; done
is "$(sort -u by-name.sums | grep -v -x -e "$old_data" -e "$new_data")" "" "by name only old or new was read, whole"
is "$(uniq by-name.sums | wc -l)" 2 "first the one, then the other"
is "$(sort -u by-handle.sums)" "$old_data" "by old handle only old was ever read: squashfs"
is "$(sort -u in-iso.sums)" "$old_manual" "by old handle only old was ever read: ISO"
exec 7<&- 8<&-

# A writer that changes nothing: the same image comes back with the handles that it had.
handles_of mnt/x >saved
all=$(wc -l <saved)
exec 9<>folder/x.iso
check "opened for writing again" wait_for 10 test ! -e mnt/x
exec 9>&-
check "nothing was written" wait_for 10 served_again
drop_caches
is "$(outcomes mnt saved)" "ok $all" "its handles open again"

# truncate(1) opens with O_NONBLOCK: the kernel refuses it where it would make others wait, and nothing is lost.
check_not "who does not wait is refused" truncate -s 1M folder/x.iso
check "nothing was cut" cmp folder/x.iso new.iso
check "it is served again" wait_for 10 served_again
drop_caches
is "$(outcomes mnt saved)" "ok $all" "with the handles that it had"

# Cut off by one who waits.
exec 7<mnt/x/root/usr/share/data 8<mnt/x/image.iso
head -c 4096 <&7 >/dev/null
dd if=/dev/null of=folder/x.iso bs=1M seek=1 status=none
is "$(stat -c %s folder/x.iso)" 1048576 "it is cut"
check "and gone" wait_for 10 test ! -e mnt/x
drop_caches
check "and cannot be read: squashfs" fails_to_read 7
check "nor raw" fails_to_read 8
exec 7<&- 8<&-
check "status says why" wait_for 10 grep '^x\.iso' mnt/status
cp new.iso folder/.x.part
mv folder/.x.part folder/x.iso
check "a whole one comes back" wait_for 10 served_again
drop_caches
is "$(outcomes mnt saved)" "ok $all" "with the handles that it had"
is "$(server_of "$keeper")" "$server" "all by one server"
is "$(sum <mnt/by/root/usr/share/data)" "$(sum <by.root/usr/share/data)" "and the bystander is well"

# An indexer that dies is that ISO's misfortune alone.
cp new.iso folder/.y.part
"$strike" "$keeper" pxefs-indexer 9 >struck &
striker=$!
mv folder/.y.part folder/y.iso
if wait "$striker"; then
	check "a killed indexer is in status" wait_for 10 grep -q '^y\.iso.*signal 9' mnt/status
	check "and its image is not served" test ! -e mnt/y
	is "$(server_of "$keeper")" "$server" "the server is the same"
	is "$(sum <mnt/x/root/usr/share/data)" "$new_data" "and serves the others"
	touch folder/y.iso
	check "looked at again, it is served" wait_for 10 test -e mnt/y/root/usr/share/data
else
	not_ok "an indexer could be killed"
fi
check "it is unmounted" unmount_pxefs mnt

# Without leases: a file that is somebody else's, and no right to lease those. The keeper is stopped, so that the
# server meets the cut file by itself.
if command -v setpriv >/dev/null 2>&1; then
	mkdir folder2
	cp old.iso folder2/x.iso
	chown 12345 folder2/x.iso
	program=$PXEFS
	printf '#!/bin/sh\nexec setpriv --bounding-set=-lease --inh-caps=-lease -- "%s" "$@"\n' "$program" >no-leases
	chmod 755 no-leases
	PXEFS=$tmp/no-leases
	mount_pxefs folder2 mnt -o loader=,state=,poll=1,grace=5
	keeper=$pxefs_pid
	check "without leases it is served when it has been quiet" wait_for 20 test -e mnt/x/root/usr/share/data
	server=$(server_of "$keeper")
	exec 7<mnt/x/root/usr/share/data 8<mnt/x/image.iso 6<mnt/x/iso/live/vmlinuz
	kill -STOP "$keeper"
	cleanup_fn kill -CONT "$keeper"
	truncate -s 100K folder2/x.iso
	drop_caches
	for fd in 6:iso 7:squashfs 8:raw; do
		status=0
		timeout 20 cat "/dev/fd/${fd%:*}" >got 2>err || status=$?
		is "$status: $(sed 's/.*: //' err)" "1: Input/output error" "${fd#*:}: a cut file is an I/O error"
	done
	is "$(head -c 50000 mnt/x/image.iso | sum)" "$(head -c 50000 old.iso | sum)" "what is left of it can be read"
	for try in 1 2 3; do ls -lR mnt/x >/dev/null 2>&1 || :; done
	is "$(server_of "$keeper")" "$server" "the server lives"
	exec 6<&- 7<&- 8<&-
	kill -CONT "$keeper"
	check "seen by the keeper, it goes" wait_for 10 test ! -e mnt/x
	cp new.iso folder2/x.iso
	check "another one in its place is served" wait_for 20 served_again
	is "$(server_of "$keeper")" "$server" "by the same server"
	is "$(grep -c 'ended by signal' "$pxefs_log" || :)" 0 "nothing was ended by a signal"
fi

plan
