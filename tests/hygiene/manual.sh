#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every option that the program's help lists is an item of the manual page, and the reverse; the help is for
# people with 80 columns, and goes to stdout; the page is clean mdoc.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

page=$TOP_SRCDIR/fs/pxefs.8
[ -e "$PXEFS" ] || skip "the program is not built"

status=0
"$PXEFS" --help >help 2>errors || status=$?
is "$status" 0 "--help ends with status 0"
is "$(cat errors)" "" "--help says nothing on stderr"
is "$(expand help | awk 'length > 80')" "" "--help is at most 80 columns wide"

# "  -h, --help     words" and "  -o server=ADDR   words": all that stands before two blanks, one option a line.
expand help | sed -n 's/^ \{1,8\}\(-.*\)/\1/p' | sed -e 's/  .*//' -e 's/, */\
/g' | sed -e 's/^\(-o [a-z_-]*\).*/\1/' -e 's/^\(--[a-z-]*\).*/\1/' -e 's/^\(-[a-zA-Z]\)$/\1/' |
	grep -vxE -- '-o *(key)?' | LC_ALL=C sort -u >in-help
# ".It Fl h , Fl -help", ".It Fl -list Ar WATCHDIR", ".It Fl o Cm server Ns = Ns Ar ADDR"
sed -n 's/^\.It \(Fl .*\)/\1/p' "$page" | sed 's/ , /\
/g' | sed -e 's/^Fl o Cm \([a-z_-]*\).*/-o \1/' -e 's/^Fl \(-[a-z-]*\).*/-\1/' -e 's/^Fl \([a-zA-Z]\).*/-\1/' |
	grep -vx -- '-o' | LC_ALL=C sort -u >in-page
check "the help lists options" test -s in-help
is "$(LC_ALL=C comm -23 in-help in-page)" "" "every option of the help is in the manual page"
is "$(LC_ALL=C comm -13 in-help in-page)" "" "every option of the manual page is in the help"

status=0
"$PXEFS" --no-such-option >out 2>errors || status=$?
is "$status" 2 "an unknown option ends with status 2"
is "$(cat out)" "" "and says nothing on stdout"
is "$(wc -l <errors)" 1 "and one line on stderr"

if command -v mandoc >/dev/null 2>&1; then
	is "$(mandoc -T lint -W warning "$page" 2>&1)" "" "mandoc finds nothing in the manual page"
fi

plan
