# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after tests/functions.sh by the tests of handles, caches and hand-over: images to serve, the daemon's
# processes, the kernel's caches.

need_root
requires xorriso mksquashfs unsquashfs sha256sum
fh=$TOP_BUILDDIR/tests/mount/fh
reread=$TOP_BUILDDIR/tests/mount/reread
[ -x "$fh" ] && [ -x "$reread" ] || skip "the helpers are not built"
[ -w /proc/sys/vm/drop_caches ] || skip "caches cannot be dropped here"

# make_root DIR SEED: a small root file system; what is in its files depends on SEED, their names and sizes do not.
make_root()
{
	mkdir -p "$1/etc" "$1/usr/bin" "$1/usr/share/many" "$1/dev" "$1/empty"
	printf 'ID=test\nNAME="%s"\n' "$2" >"$1/etc/os-release"
	ln -s etc/os-release "$1/release"
	noise "$2-program" 700000 >"$1/usr/bin/program"
	noise "$2-data" 3000000 >"$1/usr/share/data"
	chmod 755 "$1/usr/bin/program"
	i=0
	while [ $i -lt 300 ]; do
		echo "$2 number $i" >"$1/usr/share/many/file-$i"
		i=$((i + 1))
	done
	: >"$1/usr/share/nothing"
}

# noise SEED BYTES: bytes that do not compress, the same for the same seed.
noise()
{
	openssl enc -aes-128-ctr -nosalt -pass "pass:$1" -pbkdf2 -iter 1 </dev/zero 2>/dev/null | head -c "$2"
}
requires openssl

# make_live NAME SEED: the tree NAME.d of an ISO and the tree NAME.root of the squashfs in it, and NAME.iso. Two of
# different seeds and one length of seed differ in file data only.
make_live()
{
	make_root "$1.root" "$2"
	mkdir -p "$1.d/live" "$1.d/docs/deep/er"
	find "$1.root" -exec touch -h -d @1700000000 {} +
	mksquashfs "$1.root" "$1.d/live/filesystem.squashfs" -noappend -no-progress -quiet -comp gzip -Xcompression-level 1 \
		-processors 1 -all-root -mkfs-time 1700000000 >/dev/null
	noise "$2-kernel" 500000 >"$1.d/live/vmlinuz"
	noise "$2-doc" 300000 >"$1.d/docs/deep/er/manual"
	echo "words of $2" >"$1.d/docs/readme"
	: >"$1.d/docs/nothing"
	find "$1.d" -exec touch -h -d @1700000000 {} +
	SOURCE_DATE_EPOCH=1700000000 make_iso "$1.d" "$1.iso" -R -J -V TEST
}

# list_of NAME TREE: lines "path reference" of all regular files of image NAME shown at TREE, for reread.
list_of()
{
	find "$1.d" -type f | sed "s|^$1\.d\(.*\)|$2/iso\1 $PWD/$1.d\1|"
	find "$1.root" -type f | sed "s|^$1\.root\(.*\)|$2/root\1 $PWD/$1.root\1|"
	echo "$2/image.iso $PWD/$1.iso"
}

# directories_of NAME TREE: the same of its directories; the references are made in NAME.names.
directories_of()
{
	mkdir -p "$1.names"
	for part in d:iso root:root; do
		find "$1.${part%:*}" -type d | while read -r dir; do
			below=${dir#"$1.${part%:*}"}
			reference=$1.names/${part#*:}$(printf %s "$below" | tr / =)
			LC_ALL=C ls -A "$dir" | LC_ALL=C sort >"$reference"
			echo "$2/${part#*:}$below $PWD/$reference"
		done
	done
}

# What the kernel has of names, inodes, and the pages of inodes that nobody has open. Once more, because an inode
# whose last name goes in the first pass goes in the second.
drop_caches()
{
	echo 2 >/proc/sys/vm/drop_caches
	echo 2 >/proc/sys/vm/drop_caches
}

# children_of PID NAME: its children that are called so, the oldest first.
children_of()
{
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		{ tr '\0' '\n' <"/proc/$child/cmdline" | head -n 1 | grep -qx "$2"; } 2>/dev/null && echo "$child"
	done
	:
}

server_of()	# server_of KEEPER: the server that it started first
{
	children_of "$1" pxefs-server | head -n 1
}

other_server()	# other_server KEEPER PID: there is one, and it is not that
{
	now=$(server_of "$1")
	[ -n "$now" ] && [ "$now" != "$2" ]
}

fds_of()
{
	ls "/proc/$1/fd" | wc -l
}

maps_of()	# maps_of PID FILE: how many of its mappings are of that file
{
	grep -c -e "$2" "/proc/$1/maps" || :
}

# handles_of DIR: lines "handle path" of everything at and below it that has a mode we may read.
handles_of()
{
	find "$1" -xdev | "$fh" save-all
}

# outcomes MOUNT FILE: how many of the file's handles end how, on one line.
outcomes()
{
	"$fh" try-all "$1" <"$2" | cut -d ' ' -f 1 | sort | uniq -c | awk '{ printf "%s%s %s", sep, $2, $1; sep = ", " }'
}

handle_in()	# handle_in FILE PATH: the handle that was saved for a path
{
	awk -v path="$2" '$2 == path { print $1; exit }' "$1"
}

sum()
{
	sha256sum | cut -d ' ' -f 1
}
