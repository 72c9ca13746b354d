#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The harness itself: a failing point fails, a dying test is no success, and cleanup runs on every way out.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

# inner NAME: runs the shell test on stdin with a directory of its own as TMPDIR; its output goes to NAME.out,
# its status to $status.
inner()
{
	mkdir "$1.tmp"
	{ echo ". '$TOP_SRCDIR/tests/functions.sh'"; cat; } >"$1.sh"
	status=0
	TMPDIR=$tmp/$1.tmp sh "$1.sh" >"$1.out" 2>&1 || status=$?
	is "$(ls -A "$1.tmp")" "" "$1: its directory is gone"
}

inner pass <<'TEST'
ok one
is a a two
check three true
check_not four false
plan
TEST
is "$status" 0 "a test that passes ends with 0"
is "$(tail -n 1 pass.out)" 1..4 "and with its plan"

inner fail <<'TEST'
is "a b" "a  b" "one"
check two sh -c 'echo words; exit 3'
check_not three true
not_ok four
plan
TEST
is "$status" 1 "a test with failed points ends with 1"
is "$(grep -c '^not ok' fail.out)" 4 "each failed point says so"
check "what a command said is shown" grep -qx '# words' fail.out

inner die <<'TEST'
ok one
false
plan
TEST
is "$status" 1 "a command that fails unasked ends the test"
check_not "and there is no plan" grep -q '^1\.\.' die.out

inner cleanup <<'TEST'
cleanup_fn touch "$TMPDIR/../it's  here"
cleanup_fn false
cleanup_fn sh -c 'echo "$0" >>"$1"' 'two
lines' "$TMPDIR/../order"
exit 3
TEST
is "$status" 3 "cleanup keeps the status"
check "cleanup runs with its words as given" test -e "it's  here"
is "$(cat order)" 'two
lines' "a failing cleanup does not keep the others from running"

inner signal <<'TEST'
cleanup_fn touch "$TMPDIR/../cleaned"
kill -TERM $$
wait_for 5 false
TEST
is "$status" 143 "SIGTERM ends a test"
check "and cleanup runs" test -e cleaned

inner skipped <<'TEST'
requires sh no-such-program-at-all
ok one
plan
TEST
is "$status" 0 "a skipped test is no failure"
is "$(cat skipped.out)" "1..0 # SKIP no-such-program-at-all is not installed" "and says why"

check_not "wait_for gives up" wait_for 0 false
(sleep 0.3; : >ready) &
check "wait_for waits" wait_for 10 test -e ready
check "/proc is a mount point" is_mounted /proc
check_not "a made-up directory is not" is_mounted "$tmp/none"

sleep 100 &
process=$!
check_not "a running process is not gone" is_gone "$process"
end_process "$process"
wait "$process" 2>/dev/null || :
check "end_process ends it" is_gone "$process"

plan
