#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Includes point down: a file of fs/ includes headers of its own layer or a lower one, never a higher one; a
# library's headers are included where the design says, and nowhere else; every .c file includes config.h
# first and then its own header (or one of its room's inner headers, which does). A new file needs a row here: that is the moment to think where it belongs.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

cat >layers <<'TABLE'
base	base log segment
format	conf volume squash initrd cpio cpu bootcfg identity names
model	recipe menu index image catalog tree snapshot loader state
edge	watch indexer judge sandbox inspect session keeper proto notify ops options job mount server main
TABLE

# Which headers of a library belong to one file (or to that file's parts: volume_x.c is a part of volume.c).
cat >libraries <<'TABLE'
archive.h	volume initrd
ini.h	conf
archive_entry.h	volume initrd
squashfuse.h	squash
squashfuse/	squash
fuse_lowlevel.h	ops session mount
TABLE

# layer_of NAME: the number of the layer, 1 the lowest; file base_part.c belongs to the room called base.
layer_of()
{
	awk -v name="$1" '
		{ for (i = 2; i <= NF; i++) { room = $i
			if ((name == room || index(name, room "_") == 1) && length(room) > best) { best = length(room); at = NR }
		} }
		END { print at + 0 }' layers
}

wrong=
unknown=
first=
for file in "$TOP_SRCDIR"/fs/*.[ch]; do
	name=${file##*/}
	room=${name%.*}
	layer=$(layer_of "$room")
	[ "$layer" != 0 ] || unknown="$unknown $name"
	for header in $(sed -n 's/^#[[:space:]]*include[[:space:]]*"\([^"]*\)\.h".*/\1/p' "$file"); do
		case $header in
		config | squashfuse | archive*) continue ;;
		esac
		below=$(layer_of "$header")
		if [ ! -e "$TOP_SRCDIR/fs/$header.h" ]; then
			wrong="$wrong $name:$header.h(no-such-file)"
		elif [ "$layer" -lt "$below" ]; then
			wrong="$wrong $name:$header.h"
		fi
	done
	case $name in
	*.c)
		includes=$(sed -n 's/^#[[:space:]]*include[[:space:]]*["<]\([^">]*\)[">].*/\1/p' "$file")
		set -- $includes
		[ "${1-}" = config.h ] || first="$first $name"
		[ ! -e "$TOP_SRCDIR/fs/$room.h" ] || printf '%s\n' "$includes" | grep -qE "^$room(_[a-z]*)?\.h$" ||
			first="$first $name($room.h)"
		;;
	esac
done
is "$unknown" "" "every file of fs/ has a layer"
is "$wrong" "" "includes point to the same layer or down"
is "$first" "" "every .c file includes config.h first, and its own header"

while read -r header rooms; do
	users=
	for file in $(grep -lE "^#[[:space:]]*include[[:space:]]*[<\"]([^>\"]*/)?$header" "$TOP_SRCDIR"/fs/*.[ch] || :); do
		name=$(basename "$file")
		allowed=no
		for room in $rooms; do
			case $name in "$room".* | "$room"_*) allowed=yes ;; esac
		done
		[ $allowed = yes ] || users="$users $name"
	done
	is "$users" "" "<$header> is included by $rooms alone"
done <libraries

plan
