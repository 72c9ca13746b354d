#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The README's table of families is the one that the recipe table gives. PXEFS_UPDATE=1 writes it there.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

readme=$TOP_SRCDIR/README.md
begin='<!-- families: written by tests/families/readme.sh with PXEFS_UPDATE=1 -->'
end='<!-- families end -->'

check "the table is printed" sh -c '"$TOP_BUILDDIR/tests/families/table" >table'
check "the table has a row for every family" sh -c '[ "$(wc -l <table)" -gt 10 ]'
check "every row has five columns" awk -F'|' 'NF != 7 { print; bad = 1 } END { exit bad }' table
if [ -n "${PXEFS_UPDATE:-}" ]; then
	awk -v begin="$begin" -v end="$end" '
		$0 == begin { print; while ((getline line <"table") > 0) print line; skip = 1 }
		$0 == end { skip = 0 }
		!skip || $0 == end { if ($0 != begin) print }' "$readme" >written
	cat written >"$readme"
fi
awk -v begin="$begin" -v end="$end" '$0 == end { on = 0 } on { print } $0 == begin { on = 1 }' "$readme" >there
check "the README has it as it is" diff there table
plan
