#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# "make bench": measures the built program and prints one table in markdown. Not a test: nothing passes or
# fails, and no figure of one machine says anything about another, so reads are told as ratios to a copy
# within the same run.
#
# visible	stat() of an image's grub.cfg through the mount succeeds (asked again and again, 0.2 ms between),
#		from the moment when rename(2) or the copy's last close(2) has returned
# start-up	from fork(2) of the program to all images listed in the tree's status
# first		nothing of the file is in the tree's page cache, while the ISO is all in memory; its ratio is to
#		a copy in memory, which is the worst case: nothing but pxefs is between
# hot		the same again
# all cold	neither ISO nor copy in memory: both come from the disk
# memory	Pss of all processes of ours, and their memory files whole (indexes, request slots)
#
# Four readers are four processes: sequentially each has a quarter of the file, at random every fourth place.
# PXEFS_BENCH_KEEP=1 keeps the two largest ISOs in the tests' cache for the next run. Needs root and 12 GB.

export PXEFS_TEST_CACHE="${PXEFS_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/pxefs-tests}"
mkdir -p "$PXEFS_TEST_CACHE"
# Here, because a drop by rename and the local copies want the file system that the ISOs are on.
TMPDIR=$PXEFS_TEST_CACHE
. "${TOP_SRCDIR:-.}/tests/functions.sh"
requires mksquashfs xorriso awk
need_root
need_fuse
BENCH_HELPER=${BENCH_HELPER:-$TOP_BUILDDIR/tests/bench/bench}
export BENCH_HELPER
[ -x "$BENCH_HELPER" ] || skip "the helper is not built"
[ "$(df -Pk "$tmp" | awk 'NR == 2 { print $4 }')" -gt 12582912 ] || skip "needs 12 GB below $PXEFS_TEST_CACHE"

say()
{
	echo "$*" >&2
}

image()		# image KIND WHAT: $made is the ISO's path, or the directory's
{
	say "- ISOs: $*"
	made=$("$TOP_SRCDIR/tests/bench/isos.sh" "$@" 2>"$tmp/isos.log") || {
		tail -n 20 "$tmp/isos.log" >&2
		exit 1
	}
}

large()		# large MIB: the same of one that does not stay
{
	image size "$1"
	[ -n "${PXEFS_BENCH_KEEP:-}" ] || cleanup_fn rm -f "$made"
}

# serve COUNT FOLDER: starts the program and waits until that many images are visible. Sets $visible,
# milliseconds, and $daemon, its process.
serve()
{
	rm -f "$tmp/started" "$tmp/failed"
	{
		"$BENCH_HELPER" start "$mnt/status" "$1" "$PXEFS" -f \
			-o "state=$tmp/state,loader=$tmp/loader,grace=0" "$2" "$mnt" \
			>"$tmp/started" 2>"$tmp/pxefs.log" || : >"$tmp/failed"
	} &
	starter=$!
	wait_for 90 test -s "$tmp/started" -o -e "$tmp/failed"
	if ! read -r ready visible daemon <"$tmp/started"; then
		tail -n 20 "$tmp/pxefs.log" >&2
		exit 1
	fi
}

# Somebody else's look at all mounts may hold it for a moment.
unserve()
{
	wait_for 10 umount "$mnt"
	wait "$starter"
}

leave()
{
	! is_mounted "$mnt" || umount "$mnt" || umount -l "$mnt"
	is_gone "${daemon:-0}" || end_process "$daemon"
}

row()		# row WHAT FIGURE AIM
{
	echo "| $1 | $2 | $3 |" >>"$tmp/table"
	say "| $1 | $2 | $3 |"
}

median()
{
	"$BENCH_HELPER" median
}

load=$(cut -d ' ' -f 1 /proc/loadavg)
mkdir "$tmp/mnt" "$tmp/folder" "$tmp/loader" "$tmp/copy"
mnt=$(cd "$tmp/mnt" && pwd -P)
cleanup_fn leave
image many 500
many=$made
image root zstd
zstd=$made
image root gzip
gzip=$made
image root xz
xz=$made
image size 100
mib100=$made
large 1024
mib1024=$made
large 4096
mib4096=$made
sync

# --- drop to visible ---

# drop HOW ISO REPEATS: the median. HOW is rename, evicted (rename of one that is not in memory), or copy.
drop()
{
	: >"$tmp/times"
	try=0
	while [ $try -lt "$3" ]; do
		try=$((try + 1))
		name=dropped-$1-$try
		case $1 in
		copy)
			how=copy
			from=$2
			;;
		*)
			how=rename
			from=$tmp/staged.iso
			ln "$2" "$from"
			if [ "$1" = rename ]; then cat "$2" >/dev/null; else "$BENCH_HELPER" evict "$2"; fi
			;;
		esac
		"$BENCH_HELPER" drop $how "$from" "$folder/$name.iso" "$mnt/$name/grub.cfg" >>"$tmp/times"
		rm "$folder/$name.iso"
		# The next one must find the server at rest, and no map of this one.
		wait_for 10 is_absent "$mnt/$name"
	done
	median <"$tmp/times"
}

is_absent()
{
	! [ -e "$1" ]
}

drop_row()	# drop_row WORDS ISO REPEATS
{
	renamed=$(drop rename "$2" "$3")
	evicted=$(drop evicted "$2" "$3")
	copied=$(drop copy "$2" "$3")
	row "dropped to visible, $1: renamed in; the same with the ISO not in memory; closed after a copy" \
		"$renamed ms; $evicted ms; $copied ms" "100 ms"
}

say "- drop to visible"
folder=$tmp/folder
serve 0 "$folder"
drop_row "100 MB" "$mib100" 7
drop_row "1 GB" "$mib1024" 5
drop_row "4 GB" "$mib4096" 3
unserve
sync

# --- start-up, memory ---

say "- start-up"
for count in 1 100 500; do
	mkdir "$tmp/folder-$count"
	n=1
	while [ $n -le $count ]; do
		ln "$many/live-$n.iso" "$tmp/folder-$count/"
		n=$((n + 1))
	done
	cat "$tmp/folder-$count"/*.iso >/dev/null
	: >"$tmp/cold"
	: >"$tmp/warm"
	: >"$tmp/memory"
	for try in 1 2 3; do
		rm -rf "$tmp/state"
		serve $count "$tmp/folder-$count"
		echo "$visible" >>"$tmp/cold"
		unserve
		for again in 1 2; do
			serve $count "$tmp/folder-$count"
			echo "$visible" >>"$tmp/warm"
			# Until two looks agree it is not at rest.
			before=
			now=
			until [ -n "$before" ] && [ "$before" = "$now" ]; do
				before=$now
				sleep 0.3
				now=$("$BENCH_HELPER" memory "$daemon")
			done
			echo "$now" >>"$tmp/memory"
			unserve
		done
	done
	aim="warm 1 s"
	[ $count = 500 ] || aim=
	row "start-up with $count ISO$([ $count = 1 ] || echo s): indexes not kept; kept" \
		"$(median <"$tmp/cold") ms; $(median <"$tmp/warm") ms" "$aim"
done
read -r all anonymous mapped memfd <<WORDS
$(median <"$tmp/memory")
WORDS
mib()		# mib KIB
{
	awk "BEGIN { printf \"%.1f\", $1 / 1024 }"
}
row "memory at rest with 500 ISOs" "$(mib "$all") MiB: $(mib "$anonymous") anonymous, $(mib "$mapped") of mapped \
files, $(mib "$memfd") indexes and slots" "64 MB"
folder=$tmp/folder-500
serve 500 "$folder"
row "dropped to visible, 100 MB, renamed in beside 500 others" "$(drop rename "$mib100" 7) ms" "100 ms"
unserve

# --- reading ---

# read_row WHAT PATTERN READERS MIB REPEATS SERVED COPY ISO FILLER COLD: FILLER may be empty; COLD is "yes" or
# not.
read_row()
{
	case $2 in
	seq) words=sequential ;;
	*) words="random $(($2 / 1024)) KiB" ;;
	esac
	words="$1, $words, $3 reader$([ "$3" = 1 ] || echo s)"
	read -r first hot copy first_ratio hot_ratio <<-WORDS
	$("$BENCH_HELPER" read "$2" "$3" "$4" "$5" "$6" "$7" "$8" ${9:+"$9"})
	WORDS
	figure="first $first_ratio, hot $hot_ratio"
	speeds="$first, $hot, of $copy MB/s"
	if [ "${10}" = yes ]; then
		: >"$tmp/cold"
		for try in 1 2 3; do
			# A server that has read the ISO has it mapped, and what is mapped stays in memory.
			unserve
			serve 4 "$tmp/folder"
			"$BENCH_HELPER" cold "$2" "$3" "$4" "$6" "$7" "$8" >>"$tmp/cold"
		done
		read -r cold cold_copy cold_ratio <<-WORDS
		$(median <"$tmp/cold")
		WORDS
		figure="$figure, all cold $cold_ratio"
		speeds="$speeds; $cold of $cold_copy MB/s"
	fi
	row "read $words" "$figure of the copy ($speeds)" "first 0.15, hot 0.75"
}

say "- reading"
ln "$mib1024" "$tmp/folder/data.iso"
ln "$zstd" "$tmp/folder/zstd.iso"
ln "$gzip" "$tmp/folder/gzip.iso"
ln "$xz" "$tmp/folder/xz.iso"
serve 4 "$tmp/folder"
noise=$mnt/data/iso/data/noise
filler=$mnt/data/root/usr/share/filler
programs=root/usr/share/programs
cp "$noise" "$tmp/copy/noise"
cp "$mnt/zstd/$programs" "$tmp/copy/programs"
sync
for readers in 1 4; do
	read_row "iso/" seq $readers 512 5 "$noise" "$tmp/copy/noise" "$mib1024" "" yes
	read_row "iso/" 131072 $readers 512 5 "$noise" "$tmp/copy/noise" "$mib1024" "" yes
	read_row "iso/" 4096 $readers 64 5 "$noise" "$tmp/copy/noise" "$mib1024" "" no
done
# What cp writes lies in large folios where the file system has them (ext4 since Linux 6.16), which FUSE has not;
# what is written a page at a time does not.
dd if="$tmp/copy/noise" of="$tmp/copy/pages" bs=4k 2>/dev/null
for readers in 1 4; do
	read_row "iso/, copy in single pages" seq $readers 512 5 "$noise" "$tmp/copy/pages" "$mib1024" "" no
done
rm "$tmp/copy/pages"
for codec in zstd gzip xz; do
	case $codec in
	zstd) iso=$zstd ;;
	gzip) iso=$gzip ;;
	xz) iso=$xz ;;
	esac
	for readers in 1 4; do
		for pattern in "seq 64 yes" "131072 64 no" "4096 2 no"; do
			# shellcheck disable=SC2086
			set -- $pattern
			read_row "root/ ($codec)" "$1" $readers "$2" 3 "$mnt/$codec/$programs" \
				"$tmp/copy/programs" "$iso" "$filler" "$3"
		done
	done
done
unserve

model=$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)
memory=$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo)
files=$(df --output=fstype "$tmp" | tail -n 1)
echo "Linux $(uname -r), $(getconf _NPROCESSORS_ONLN) processors${model:+ ($model)}, $memory of memory, $files;" \
	"medians of one run, before which the load was $load."
echo
echo "| what | figure | aim |"
echo "| --- | --- | --- |"
cat "$tmp/table"
