#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a reader may expect of every file: a licence line, a bearable length, tabs, no overlong line.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

cd "$TOP_SRCDIR"
find fs tftp-glue tests examples m4 .ci bootstrap configure.ac Makefile.am -type f \
	! -path '*.corpus/*' ! -path '*/.deps/*' ! -name '*.[oa]' ! -name '*.log' ! -name '*.trs' \
	! -name '.dirstamp' >"$tmp/files"
grep -E '\.[ch]$' "$tmp/files" >"$tmp/sources"
grep '^fs/' "$tmp/sources" | grep -vx 'fs/main\.c' >"$tmp/room-sources"
check "there are sources to look at" test -s "$tmp/room-sources"

# A build in the source tree leaves its programs beside their sources.
is_program()
{
	[ "$(head -c 4 "$1" | tr -d '\177')" = ELF ]
}

no_licence()
{
	while read -r file; do
		case $file in tests/fixtures/expected/* | tests/fixtures/menus/* | tests/families/expected/*) continue ;; esac
		! is_program "$file" || continue
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$file"
	done <"$tmp/files"
}

longer_than()
{
	xargs wc -l <"$tmp/sources" | awk -v most="$1" '$2 != "total" && $1 > most'
}

wider_than()
{
	while read -r file; do
		expand "$file" | awk -v file="$file" -v most="$1" 'length > most { print file ":" NR ": " length }'
	done <"$tmp/sources"
}

# A file that no Makemodule.am names is neither built nor in the tarball.
unnamed()
{
	sed 's/\\$//' fs/Makemodule.am tests/Makemodule.am examples/Makemodule.am | tr -s '[:blank:]' '\n' >"$tmp/named"
	grep -E '^(fs|tests|examples)/' "$tmp/files" | grep -v '/Makemodule.am$' | while read -r file; do
		name=${file%.c}
		until grep -qxF -e "$file" -e "$name" "$tmp/named"; do
			name=${name%/*}
			case $name in
			*/*) ;;
			*) echo "$file"; break ;;
			esac
		done
	done
}

having()
{
	xargs grep -nE "$2" <"$tmp/$1" || :
}

is "$(no_licence)" "" "every file has its SPDX line"
is "$(longer_than 600)" "" "no source has more than 600 lines"
is "$(wider_than 120)" "" "no line of a source is wider than 120 columns"
is "$(having sources '[[:blank:]]+$')" "" "no blanks at the end of a line"
is "$(having sources '^ {4,}[^ *]')" "" "indentation is by tabs"
is "$(having room-sources '(^|[^a-zA-Z_])(assert|abort|exit) ?\(' | grep -vE ':[[:blank:]]*/?\*')" "" \
	"no assert, abort or exit outside main.c and tests"
is "$(unnamed)" "" "every file is named in a Makemodule.am"

plan
