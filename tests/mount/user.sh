#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Mounted by a user through fusermount3: that user's alone. And files that this user may not read. Run by root it
# becomes a user first, in a mount namespace where that user may open the device.

if [ "$(id -u)" = 0 ] && [ -z "${PXEFS_TEST_USER:-}" ]; then
	. "${TOP_SRCDIR:-.}/tests/functions.sh"
	requires setpriv fusermount3
	need_fuse
	[ "$(stat -L -c %a "$(command -v fusermount3)")" = 4755 ] || skip "fusermount3 is not set-user-ID"
	mkdir bin work
	cp "$PXEFS" bin/pxefs
	mknod fuse c 10 229
	chmod 666 fuse
	user=$(id -u nobody 2>/dev/null) || skip "there is no user nobody"
	chown "$user" work
	chmod 711 .
	# The copy of the harness is for a user who cannot look into the source directory.
	mkdir -p source/tests/mount
	cp "$TOP_SRCDIR/tests/functions.sh" source/tests
	cp "$TOP_SRCDIR/tests/mount/mini.sh" "$TOP_SRCDIR/tests/mount/user.sh" source/tests/mount
	chmod -R a+rX source bin
	status=0
	PXEFS_TEST_USER=1 PXEFS=$tmp/bin/pxefs TOP_SRCDIR=$tmp/source TMPDIR=$tmp/work HOME=$tmp/work \
		unshare --mount --propagation private sh -c '
		mount --bind "$0/fuse" /dev/fuse || exit
		exec setpriv --reuid "$1" --regid "$1" --clear-groups sh "$0/source/tests/mount/user.sh"' "$tmp" "$user" || status=$?
	exit "$status"
fi
. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

requires xorriso fusermount3 findmnt
need_fuse
mkdir -p folder/sub mnt home
HOME=$tmp/home
export HOME
unset XDG_STATE_HOME
mini folder/one.iso one

mount_pxefs folder mnt
is "$(cat mnt/one/iso/words)" one "a user mounts"
options=,$(findmnt -n -o OPTIONS --mountpoint "$tmp/mnt"),
for option in ro nosuid nodev; do
	case $options in
	*,$option,*) ok "it is $option" ;;
	*) not_ok "it is $option" ;;
	esac
done
case $options in
*,allow_other,*) not_ok "it is not for others" ;;
*) ok "it is not for others" ;;
esac
is "$(findmnt -n -o FSTYPE --mountpoint "$tmp/mnt")" fuse.pxefs "it says what it is"
check "what it knows is kept in the user's own place" test -d home/.local/state/pxefs
check_not "nothing can be made" mkdir mnt/new

cp folder/one.iso folder/secret.iso
check "an ISO comes" wait_for 3 words_are mnt/secret one
chmod 000 folder/secret.iso
rm folder/secret.iso
cp folder/one.iso folder/.making
chmod 000 folder/.making
mv folder/.making folder/unreadable.iso
check "one that may not be read" wait_for 3 status_is unreadable.iso "rejected - - it cannot be opened: Permission denied"
check "is in the log" grep -q '"unreadable.iso" is not served: it cannot be opened' "$pxefs_log"
check "the others are served" words_are mnt/one one
chmod 644 folder/unreadable.iso
check "and this one when it may" wait_for 4 words_are mnt/unreadable one
cp folder/one.iso folder/sub/below.iso
check "one in a sub-folder" wait_for 3 words_are mnt/sub/below one
chmod 000 folder/sub
check "a folder that may not be read" wait_for 4 status_like sub "rejected - - *Permission denied*"
check "does not hide the others" words_are mnt/one one
chmod 755 folder/sub
check "until it may" wait_for 4 words_are mnt/sub/below one

unmount_pxefs mnt
check "fusermount3 -u ends it" is_gone "$pxefs_pid"
said=$("$PXEFS" -o state= "$tmp/folder" "$tmp/mnt" 2>&1) && status=0 || status=$?
is "$status,$said" 0, "in the background too"
is "$(cat mnt/one/iso/words)" one "it serves when it returns"
fusermount3 -u mnt
status=0

plan
