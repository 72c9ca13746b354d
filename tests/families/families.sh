#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A medium of each family (media/<medium>.sh), made here with its layout, its own menus, what its initrd is told by and
# a real squashfs: what pxefs makes of it is expected/<medium>.txt to the letter, GRUB's own parser takes its menus, and
# every path that they name is there.
#
#	FAMILIES='gentoo-* pentoo' families.sh	those media alone
#	PXEFS_UPDATE=1 families.sh		writes what comes out as what is expected, to be read before it is kept

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/families/functions.sh"

requires xorriso mksquashfs cpio gzip xz zstd lz4 bzip2 grub-script-check
[ -e "$PXEFS" ] || skip "the program is not built"

families=$TOP_SRCDIR/tests/families
mkdir folder

# build NAME: folder/NAME.iso. In a subshell, so that no medium's words are another's.
build()
(
	medium=$tmp/medium
	rm -rf "$medium" "$medium.label"
	mkdir "$medium"
	label TEST
	# shellcheck source=/dev/null
	. "$families/media/$1.sh"
	make_iso "$medium" "folder/$1.iso" -R -J -joliet-long -iso-level 3 -V "$(cat "$medium.label")"
)

# What a generated menu has that depends on the medium: titles, commands that load, conditions around them, what is
# left out and why, the default. The frame is the same for all and tested elsewhere; what an entry costs in memory
# depends on how well tools pack.
essence()	# essence FILE KIB
{
	awk '/These entries cannot work/ { next }
	     /^[ \t]*if / { held = $0; next }
	     held != "" && !/^[ \t]*(insmod|regexp|set|echo|sleep) / && held !~ /z "\$/ { print held }
	     { held = "" }
	     /^[ \t]*(#|menuentry |submenu |linux|initrd|multiboot|module|chainloader|set default)/' "$1" |
		grep -v -e '^# .*made by pxefs' |
		sed -E -e 's/[0-9]+(\.[0-9]+)? (KiB|MiB|GiB)/N \2/g' -e "s/=$2( |\$)/=KIB\\1/g"
}

# explained NAME: what is to be compared, on stdout. Leaves the whole menus in NAME.cfg and NAME-http.cfg.
explained()
{
	kib=$((($(stat -c %s "folder/$1.iso") + 1023) / 1024))
	"$PXEFS" --explain "folder/$1.iso" >"$1.out" 2>&1 || echo "status $?" >>"$1.out"
	"$PXEFS" -o http --explain "folder/$1.iso" >"$1-http.out" 2>&1 || echo "status $?" >>"$1-http.out"
	sed '1,/^generated /d' "$1.out" >"$1.cfg"
	sed '1,/^generated /d' "$1-http.out" >"$1-http.cfg"
	sed -e '/^generated /,$d' -e '/^\(file\|size\): /d' "$1.out" |
		sed -E 's/[0-9]+(\.[0-9]+)? (KiB|MiB|GiB)/N \2/g'
	echo "menu:"
	essence "$1.cfg" "$kib" | tee "$1.menu"
	essence "$1-http.cfg" "$kib" >"$1-http.menu"
	cmp -s "$1.menu" "$1-http.menu" || {
		echo
		echo "menu with -o http, what differs:"
		diff "$1.menu" "$1-http.menu" | grep '^[<>]'
	}
}

# named FILE: paths below the tree's root that a menu names: by commands, and behind the server's address or URL in
# kernel words.
named()
{
	grep -oE '("\$pxefs_files"|"\$pxefs_server"(:|,directory:)?/pxe|http://"\$pxefs_server")/[A-Za-z0-9._+/-]*' "$1" |
		sed -E -e 's;^("\$pxefs_files"|http://"\$pxefs_server"|"\$pxefs_server"(:|,directory:)?/pxe);;' -e 's,/$,,' | LC_ALL=C sort -u
}

is_wanted()
(
	set -f
	for pattern in ${FAMILIES:-*}; do
		# shellcheck disable=SC2254 # a pattern
		case $1 in
		$pattern) exit 0 ;;
		esac
	done
	exit 1
)

# The tests of this directory have a first line that says what runs them; media have none.
media=$(cd "$families/media" && printf '%s\n' *.sh | sed 's/\.sh$//')
for name in $media; do
	is_wanted "$name" || continue
	build "$name"
	explained "$name" >"$name.got"
	if [ -n "${PXEFS_UPDATE:-}" ]; then
		cp "$name.got" "$families/expected/$name.txt"
	fi
	if cmp -s "$name.got" "$families/expected/$name.txt"; then
		ok "$name: is what is expected"
	else
		not_ok "$name: is what is expected"
		diff "$families/expected/$name.txt" "$name.got" | sed 's/^/# /' || :
	fi
	check "$name: GRUB takes its menu" grub-script-check "$name.cfg"
	check "$name: GRUB takes its menu with HTTP" grub-script-check "$name-http.cfg"
	named "$name.cfg" >>"named"
	named "$name-http.cfg" >>"named"
done

"$PXEFS" --dump folder | awk '!/^#/ { print $1 }' | LC_ALL=C sort -u >there
is "$(LC_ALL=C sort -u named | LC_ALL=C comm -23 - there)" "" "every path that a menu names is in the tree"
check "and there were some" test -s named

if [ -z "${FAMILIES:-}" ]; then
	is "$(cd "$families/expected" && printf '%s\n' *.txt | sed 's/\.txt$//')" "$media" "no expected text is without its medium"
fi
plan
