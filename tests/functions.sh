# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced first by every shell test (POSIX sh; "make check" runs them). The test then stands in an empty
# directory of its own, $tmp, which is removed in the end; what it started is ended and what it mounted
# is unmounted on every way out. A command that fails unasked ends the test, and the lack of a plan then
# says so.
#
#	. "${TOP_SRCDIR:-.}/tests/functions.sh"
#	requires xorriso
#	need_fuse
#	mkdir folder mnt tree
#	echo hello >tree/hello
#	make_iso tree folder/x.iso
#	mount_pxefs folder mnt
#	is "$(cat mnt/x/iso/hello)" hello "a file of the ISO reads as it was written"
#	plan

set -eu

: "${TOP_SRCDIR:=$PWD}"
: "${TOP_BUILDDIR:=$TOP_SRCDIR/build}"
: "${PXEFS:=$TOP_BUILDDIR/fs/pxefs}"
fixtures=$TOP_SRCDIR/tests/fixtures

# Looking for leaks ends with system calls that a confined process of ours does not have; the unit tests look for them.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

# cleanup_fn CMD...: runs CMD on every way out, the latest first, whatever the others did.
cleanups=
cleanup_fn()
{
	quoted=
	for word; do
		quoted="$quoted '$(printf %s "$word" | sed "s/'/'\\\\''/g")'"
	done
	cleanups="$quoted || :
$cleanups"
}

run_cleanups()
{
	status=$?
	trap '' HUP INT TERM
	set +e
	cd /
	eval "$cleanups"
	exit "$status"
}
trap run_cleanups EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

tmp=$(mktemp -d "${TMPDIR:-/tmp}/pxefs-test-XXXXXX")
cleanup_fn rm -rf --one-file-system "$tmp"
# Servers that a test starts run as nobody and reach what is in here.
chmod 711 "$tmp"
cd "$tmp"

# Test points. Each takes a description last or first as shown; what went wrong follows as comments.
points=0
failures=0

ok()		# ok DESCRIPTION
{
	points=$((points + 1))
	echo "ok $points - $*"
}

not_ok()	# not_ok DESCRIPTION
{
	points=$((points + 1))
	failures=$((failures + 1))
	echo "not ok $points - $*"
}

is()		# is GOT WANTED DESCRIPTION
{
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3"
		printf 'got:    %s\nwanted: %s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

check()		# check DESCRIPTION CMD...: CMD must succeed
{
	description=$1
	shift
	if "$@" >"$tmp/.check" 2>&1; then
		ok "$description"
	else
		not_ok "$description"
		{ echo "failed ($?): $*"; head -c 4096 "$tmp/.check"; } | sed 's/^/# /'
	fi
}

check_not()	# check_not DESCRIPTION CMD...: CMD must fail
{
	description=$1
	shift
	if "$@" >"$tmp/.check" 2>&1; then
		not_ok "$description"
		{ echo "succeeded: $*"; head -c 4096 "$tmp/.check"; } | sed 's/^/# /'
	else
		ok "$description"
	fi
}

plan()		# the last command of a test
{
	echo "1..$points"
	[ "$failures" = 0 ] || exit 1
}

skip()		# skip REASON: the whole test; only before its first point
{
	echo "1..0 # SKIP $*"
	exit 0
}

requires()	# requires CMD...: skips unless all of these programs are there
{
	for program; do
		command -v "$program" >/dev/null 2>&1 || skip "$program is not installed"
	done
}

need_root()
{
	[ "$(id -u)" = 0 ] || skip "needs root"
}

# own_network: begins the test anew in a network of its own, with nothing but a loopback interface that is up. Directly
# after sourcing this file; fails where that cannot be had, and the test then stands in this machine's network.
own_network()
{
	[ -z "${PXEFS_TEST_NETWORK:-}" ] || return 0
	{ [ "$(id -u)" = 0 ] && command -v ip && unshare --net true; } >/dev/null 2>&1 || return 1
	PXEFS_TEST_NETWORK=1
	export PXEFS_TEST_NETWORK
	# The shell that takes this one's place makes a directory of its own, and knows its own name from where it began.
	cd "$OLDPWD"
	rm -rf --one-file-system "$tmp"
	exec unshare --net sh -c 'ip link set lo up && exec sh "$0"' "$0"
}

# Something that can mount FUSE file systems: as root with the right to mount, else through fusermount3.
need_fuse()
{
	[ -e "$PXEFS" ] || skip "the program is not built"
	[ -w /dev/fuse ] || skip "/dev/fuse cannot be opened"
	if [ "$(id -u)" = 0 ]; then
		unshare --mount true 2>/dev/null || skip "no right to mount"
	else
		requires fusermount3
	fi
}

# wait_for SECONDS CMD...: runs CMD until it succeeds; fails when it has not by then.
wait_for()
{
	deadline=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -le "$deadline" ] || return 1
		sleep 0.05
	done
}

is_mounted()	# is_mounted DIR (without blanks), as this process sees it
{
	awk -v dir="$1" '$5 == dir { found = 1 } END { exit !found }' /proc/self/mountinfo
}

is_gone()	# is_gone PID
{
	! kill -0 "$1" 2>/dev/null
}

# end_process PID: asks it to end, makes it after ten seconds.
end_process()
{
	kill "$1" 2>/dev/null || :
	wait_for 10 is_gone "$1" || kill -KILL "$1" 2>/dev/null || :
}

# fixture NAME [ARG...]: runs tests/fixtures/NAME.sh and sets $made to the path it prints; skips when this
# machine cannot make it.
fixture()
{
	name=$1
	shift
	status=0
	made=$("$fixtures/$name.sh" "$@" 2>"$tmp/.fixture") || status=$?
	case $status in
	0) return ;;
	77) skip "$name: $(tail -n 1 "$tmp/.fixture")" ;;
	esac
	tail -n 20 "$tmp/.fixture" | sed 's/^/# /'
	echo "Bail out! fixture $name failed"
	exit 1
}

# package_iso PACKAGE: sets $made to the ISO that this Debian package installs; skips where it is not installed.
package_iso()
{
	requires dpkg
	made=$(dpkg -L "$1" 2>/dev/null | grep '\.iso$' | LC_ALL=C sort -r | head -n 1)
	[ -n "$made" ] && [ -s "$made" ] || skip "Debian's package $1 is not installed"
}

# make_iso DIR ISO [xorriso's mkisofs options]: with Rock Ridge and Joliet unless options are given.
make_iso()
{
	requires xorriso
	source=$1
	target=$2
	shift 2
	[ $# != 0 ] || set -- -R -J -V TEST
	xorriso -as mkisofs -quiet "$@" -o "$target.part" "$source" 2>"$tmp/.xorriso" || {
		sed 's/^/# /' "$tmp/.xorriso"
		return 1
	}
	mv "$target.part" "$target"
}

# mount_pxefs WATCHDIR MOUNTPOINT [option...]: starts the built program in the foreground, with $pxefs_pid its
# process and $pxefs_log what it says, and returns when it serves. Unmounted in the end.
mount_pxefs()
{
	need_fuse
	folder=$1
	mnt=$(cd "$2" && pwd -P)
	shift 2
	pxefs_log=$tmp/pxefs-$points.log
	"$PXEFS" -f "$@" "$folder" "$mnt" >"$pxefs_log" 2>&1 &
	pxefs_pid=$!
	cleanup_fn leave_pxefs "$mnt" "$pxefs_pid" "$pxefs_log"
	if ! wait_for 60 serves_or_ended "$mnt" "$pxefs_pid" || is_gone "$pxefs_pid"; then
		echo "# pxefs did not come up:"
		sed 's/^/# /' "$pxefs_log"
		return 1
	fi
}

serves_or_ended()
{
	is_gone "$2" || { is_mounted "$1" && [ -r "$1/status" ]; }
}

# unmount_pxefs MOUNTPOINT: as an administrator would; fails when that fails or the program does not end.
unmount_pxefs()
{
	mnt=$(cd "$1" && pwd -P)
	if [ "$(id -u)" = 0 ]; then umount "$mnt"; else fusermount3 -u "$mnt"; fi
	wait_for 30 is_gone "$pxefs_pid"
}

# The way out of mount_pxefs: whatever became of it, nothing stays. What a sanitizer found, and the log of a
# failed test, come out as comments.
leave_pxefs()
{
	if is_mounted "$1"; then
		umount "$1" 2>/dev/null || fusermount3 -u "$1" 2>/dev/null || umount -l "$1"
	fi
	wait_for 10 is_gone "$2" || end_process "$2"
	found=0
	! grep -qE 'Sanitizer|runtime error:' "$3" || found=1
	if [ "$found" = 1 ] || [ "$failures" != 0 ] || [ "$status" != 0 ]; then
		tail -n 200 "$3" | sed 's/^/# pxefs: /'
	fi
	if [ "$found" = 1 ]; then
		echo "Bail out! a sanitizer found something"
		[ "$status" != 0 ] || status=1
	fi
}

# serve_tftp DIR: starts the distribution's atftpd on a free port of the loopback address, $tftp its URL, and
# returns when it answers. DIR has a file called "status", as a mounted tree has.
serve_tftp()
{
	requires atftpd curl
	root=$(cd "$1" && pwd -P)
	set --
	[ "$(id -u)" != 0 ] || set -- --user nobody --group nogroup
	for try in 1 2 3 4 5 6 7 8 9; do
		port=$((20000 + ($$ * 7 + try * 1009) % 20000))
		atftpd --daemon --no-fork --bind-address 127.0.0.1 --port "$port" --logfile - "$@" "$root" >"$tmp/atftpd.log" 2>&1 &
		tftp_pid=$!
		tftp=tftp://127.0.0.1:$port
		if wait_for 10 answers_or_ended && ! is_gone "$tftp_pid"; then
			cleanup_fn end_process "$tftp_pid"
			return
		fi
		end_process "$tftp_pid"
	done
	tail -n 20 "$tmp/atftpd.log" | sed 's/^/# /'
	return 1
}

answers_or_ended()
{
	is_gone "$tftp_pid" || curl -sf --max-time 5 -o "$tmp/.answer" "$tftp/status"
}
