#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The server dies by SIGKILL, again and again, or gives way to a newer one, while readers compare files through
# paths, open files and handles, and walk directories: no error, no wrong byte, the same mount.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"

make_live one first
make_live two other
mkdir -p folder mnt bin taken

# The references come out of the ISO by other programs' hands.
xorriso -osirrox on -indev one.iso -extract / taken/iso >xorriso.log 2>&1 || { cat xorriso.log; exit 1; }
unsquashfs -quiet -no-progress -dest taken/root one.d/live/filesystem.squashfs >/dev/null
check "what xorriso takes out is what went in" diff -r --no-dereference one.d taken/iso
check "what unsquashfs takes out is what went in" diff -r --no-dereference one.root taken/root

cp one.iso folder/one.iso
program=$PXEFS
cp "$program" bin/pxefs
PXEFS=$tmp/bin/pxefs
mount_pxefs folder mnt -o "loader=,state=$tmp/state,grace=3600"
keeper=$pxefs_pid
check "the image is served" wait_for 20 test -e mnt/one/root/usr/share/data
mount_id=$(awk -v dir="$tmp/mnt" '$5 == dir { print $1, $3 }' /proc/self/mountinfo)
cp mnt/boot/grub/grub.cfg mnt/status .
cp mnt/one/grub.cfg one.grub.cfg
list_of one mnt/one | grep -v -e '/file-[0-9]*[1-9] ' >files
{
	echo "mnt/boot/grub/grub.cfg $tmp/grub.cfg"
	echo "mnt/one/grub.cfg $tmp/one.grub.cfg"
	echo "mnt/status $tmp/status"
} >menus
directories_of one mnt/one >directories
handles_of mnt >saved

readers=
reader()	# reader MODE LIST NAME
{
	"$reread" "$1" mnt <"$2" >"reader.$3" 2>&1 &
	readers="$readers $!:$3"
	cleanup_fn end_process $!
}
start_readers()
{
	reader paths files paths
	reader open files open
	reader handles files handles
	reader walk directories walk
	grep '/root/' files >squash
	reader open squash squash
	reader paths menus menus
	for r in $readers; do
		check "reader ${r#*:} is at work" wait_for 30 grep -q reading "reader.${r#*:}"
	done
}
stop_readers()	# stop_readers WHEN: each has seen no error and no wrong byte
{
	for r in $readers; do
		kill -TERM "${r%%:*}" 2>/dev/null || :
	done
	for r in $readers; do
		status=0
		wait "${r%%:*}" || status=$?
		is "$status: $(tail -n 1 "reader.${r#*:}" | sed 's/^[1-9][0-9]* rounds$/rounds/')" "0: rounds" \
			"$1: reader ${r#*:} saw no error and no wrong byte"
	done
	readers=
}
answers()
{
	timeout 20 stat -f mnt
}

start_readers
killed=0
while [ $killed -lt 30 ]; do
	now=$(server_of "$keeper")
	kill -KILL "$now"
	killed=$((killed + 1))
	wait_for 20 other_server "$keeper" "$now" || break
	case $((killed % 3)) in
	0) answers >/dev/null ;;	# the next dies when it serves
	1) drop_caches ;;		# or, as likely, while it replays
	2) sleep "0.0$((killed % 7))" ;;	# or is made ready
	esac
done
is "$killed" 30 "the server was killed 30 times"
check "there is one after that, and it answers" answers
stop_readers "kill -9"
check "who killed it is in the log" grep -q 'ended by signal 9' "$pxefs_log"
is "$(grep -c 'gets an I/O error' "$pxefs_log" || :)" 0 "no request was given up"
is "$(awk -v dir="$tmp/mnt" '$5 == dir { print $1, $3 }' /proc/self/mountinfo)" "$mount_id" "the mount is the same"
check "the keeper is the same" kill -0 "$keeper"
drop_caches
is "$(outcomes mnt saved)" "ok $(wc -l <saved)" "all handles from before open"

# What the folder was told while nobody served is known to the next one.
server=$(server_of "$keeper")
kill -KILL "$server"
mv two.iso folder/two.iso
check "an ISO dropped at the moment of a death is served" wait_for 20 test -e mnt/two/root/usr/share/data
kill -KILL "$(server_of "$keeper")"
rm folder/two.iso
check "one removed then goes" wait_for 20 test ! -e mnt/two
cp grub.cfg now
check "the menu is as it was" wait_for 20 cmp mnt/boot/grub/grub.cfg grub.cfg

# SIGHUP: a newer program takes over. More bytes behind an ELF file change nothing but the file.
exe_of()
{
	readlink "/proc/$1/exe"
}
start_readers
for i in 1 2 3 4 5; do
	cp "$program" bin/next
	echo "build $i" >>bin/next
	mv bin/next bin/pxefs
	server=$(server_of "$keeper")
	kill -HUP "$keeper"
	check "SIGHUP $i: another server" wait_for 20 other_server "$keeper" "$server"
	check "SIGHUP $i: it answers" answers
	is "$(exe_of "$(server_of "$keeper")")" "$tmp/bin/pxefs" "SIGHUP $i: it is the program that is on disk now"
	drop_caches
done
is "$(exe_of "$keeper")" "$tmp/bin/pxefs (deleted)" "the keeper is still the first"

two_servers()
{
	[ "$(children_of "$keeper" pxefs-server | wc -l)" = 2 ]
}

# Deaths in the middle of it: of the old one, of the next one, of both.
for i in 1 2 3 4 5 6 7 8 9; do
	kill -HUP "$keeper"
	case $((i % 3)) in
	0) slain=$(children_of "$keeper" pxefs-server) ;;
	1) slain=$(server_of "$keeper") ;;
	2)
		wait_for 2 two_servers || :
		slain=$(children_of "$keeper" pxefs-server | tail -n 1)
		;;
	esac
	# One that is gone already was quicker.
	kill -KILL $slain 2>/dev/null || :
	sleep "0.0$i"
done
check "deaths during SIGHUP leave a server that answers" answers
one_server()
{
	[ "$(children_of "$keeper" pxefs-server | wc -l)" = 1 ]
}
check "and only one in the end" wait_for 20 one_server
stop_readers "SIGHUP"
is "$(awk -v dir="$tmp/mnt" '$5 == dir { print $1, $3 }' /proc/self/mountinfo)" "$mount_id" "the mount is the same"
drop_caches
is "$(outcomes mnt saved)" "ok $(wc -l <saved)" "all handles from before open"

# Programs that are no good: the running server goes on.
start_readers
broken()	# broken WHAT
{
	server=$(server_of "$keeper")
	chmod 755 bin/next
	mv bin/next bin/pxefs
	lines=$(grep -c 'the old one goes on' "$pxefs_log" || :)
	kill -HUP "$keeper"
	check "$1: the log says so" wait_for 20 said_again "$lines"
	is "$(server_of "$keeper")" "$server" "$1: the old server goes on"
	check "$1: and answers" answers
}
said_again()
{
	[ "$(grep -c 'the old one goes on' "$pxefs_log" || :)" -gt "$1" ]
}
printf '#!/bin/sh\nexit 3\n' >bin/next
broken "a program that ends at once"
head -c 5000 "$program" >bin/next
broken "half a program"
cp "$program" bin/next
dd if=/dev/zero of=bin/next bs=4096 seek=2 count=8 conv=notrunc status=none
broken "a damaged program"
rm bin/pxefs
server=$(server_of "$keeper")
lines=$(grep -c 'the old one goes on' "$pxefs_log" || :)
kill -HUP "$keeper"
check "no program: the log says so" wait_for 20 said_again "$lines"
is "$(server_of "$keeper")" "$server" "no program: the old server goes on"

# And when it dies while there is no good program, the running one's own file serves.
for i in 1 2 3; do
	server=$(server_of "$keeper")
	kill -KILL "$server"
	check "no program on disk, death $i: there is a server again" wait_for 20 other_server "$keeper" "$server"
	check "no program on disk, death $i: it answers" answers
done
cp "$program" bin/next
mv bin/next bin/pxefs
server=$(server_of "$keeper")
kill -HUP "$keeper"
check "a good program takes over" wait_for 20 other_server "$keeper" "$server"
check "and answers" answers
stop_readers "bad programs"
is "$(awk -v dir="$tmp/mnt" '$5 == dir { print $1, $3 }' /proc/self/mountinfo)" "$mount_id" "the mount is the same in the end"

# Without a keeper nobody would see a change of the folder, but what is there stays.
start_readers
server=$(server_of "$keeper")
kill -KILL "$keeper"
check "the keeper dies" wait_for 10 is_gone "$keeper"
drop_caches
check "the server goes on" answers
is "$(outcomes mnt saved)" "ok $(wc -l <saved)" "all handles open"
check "and so does status" cmp mnt/status status
stop_readers "no keeper"
check "it can be unmounted" umount mnt
check "which ends the server" wait_for 20 is_gone "$server"

plan
