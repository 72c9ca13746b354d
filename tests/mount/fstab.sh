#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# mount(8), as a command and from an fstab line. mount(8) looks for the program in its own PATH, so this runs
# in a mount namespace of its own where it lies there.

if [ -z "${PXEFS_TEST_NAMESPACE:-}" ] && [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	PXEFS_TEST_NAMESPACE=1
	export PXEFS_TEST_NAMESPACE
	exec unshare --mount --propagation private sh "$0"
fi
. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

need_root
need_fuse
requires xorriso findmnt mount.fuse3
[ "${PXEFS_TEST_NAMESPACE:-}" ] || skip "no mount namespace of its own can be had"
mkdir -p folder mnt 'a folder' 'a mount'
mini folder/one.iso one
cp folder/one.iso 'a folder/two.iso'
mount -t tmpfs pxefs-test /usr/local/sbin
cp "$PXEFS" /usr/local/sbin/pxefs
PATH=/usr/local/sbin:$PATH
away()
{
	umount mnt 2>/dev/null || :
	umount 'a mount' 2>/dev/null || :
}
cleanup_fn away
cd "$tmp"
gone()
{
	! is_mounted "$tmp/mnt"
}
options()
{
	findmnt -n -o OPTIONS --mountpoint "${1:-$tmp/mnt}"
}

check "mount -t fuse.pxefs" mount -t fuse.pxefs -o state=,nfs=/pxe "$tmp/folder" "$tmp/mnt"
is "$(cat mnt/one/iso/words)" one "serves when it returns"
is "$(findmnt -n -o FSTYPE,SOURCE --mountpoint "$tmp/mnt" | tr -s ' ')" "fuse.pxefs $tmp/folder" "and says whose it is"
check "umount" umount mnt
check "has it gone" gone
check "mount -t fuse.pxefs with mount's own options" \
	mount -t fuse.pxefs -o rw,dev,suid,exec,noatime,nofail,_netdev,x-systemd.automount,state= "$tmp/folder" "$tmp/mnt"
case ,$(options), in
*,ro,*) ok "is read-only with rw" ;;
*) not_ok "is read-only with rw" ;;
esac
case $(options) in
*nosuid*nodev*nosymfollow*) ok "and nosuid, nodev and nosymfollow with dev and suid" ;;
*) not_ok "and nosuid, nodev and nosymfollow with dev and suid"; options | sed 's/^/# /' ;;
esac
check_not "nothing can be made" mkdir mnt/new
umount mnt
# Its own options, and a comma within one.
check "options of its own" mount -t fuse.pxefs -o server=192.0.2.1,http=http://192.0.2.1:8080/pxe,grace=5,timeout=7,poll=1,state= \
	"$tmp/folder" "$tmp/mnt"
check "come through" grep -q '192\.0\.2\.1' mnt/one/grub.cfg
umount mnt
status=0
mount -t fuse.pxefs -o bogus=1,state= "$tmp/folder" "$tmp/mnt" >out 2>&1 || status=$?
check "an unknown option makes mount(8) fail" test "$status" != 0
check "with our line" grep -q '^pxefs: unknown option -o bogus' out
check "and nothing is mounted" gone
status=0

# --- fstab ---
cat >fstab <<END
# as in the manual
$tmp/folder $tmp/mnt fuse.pxefs nofail,x-systemd.requires-mounts-for=$tmp/folder,state= 0 0
$tmp/a\\040folder $tmp/a\\040mount fuse.pxefs noauto,ro,state=,nfs=/pxe 0 0
END
check "an fstab line" mount -T fstab "$tmp/mnt"
is "$(cat mnt/one/iso/words)" one "is a mount"
umount mnt
check "mount --all" mount -T fstab --all
is "$(cat mnt/one/iso/words)" one "mounts it"
check_not "but not what is noauto" is_mounted "$tmp/a\\040mount"
check "mount --all again" mount -T fstab --all
is "$(grep -c " $tmp/mnt " /proc/self/mountinfo)" 1 "mounts it no second time"
umount mnt
check "blanks in a line" mount -T fstab "$tmp/a mount"
is "$(cat 'a mount/two/iso/words')" one "are no obstacle"
umount 'a mount'
check "the manual's own line is understood" sh -c '
	line=$(sed -n "s/^\(\/srv\/iso .*fuse\.pxefs .*\)$/\1/p" "$TOP_SRCDIR/fs/pxefs.8")
	test -n "$line" && echo "$line" | sed "s|^/srv/iso /pxe|$1 $2|; s|requires-mounts-for=/srv/iso|&,state=|" >line &&
	mount -T line "$2"' sh "$tmp/folder" "$tmp/mnt"
is "$(cat mnt/one/iso/words 2>&1)" one "and serves"
umount mnt
# What mount.fuse3 can do of itself: it opens the device and mounts, the program gets a descriptor.
if mount -t fuse.pxefs -o drop_privileges,allow_other,default_permissions,ro,state= "$tmp/folder" "$tmp/mnt" >out 2>&1; then
	check "drop_privileges: it serves" wait_for 10 grep -q one mnt/one/iso/words
	check "drop_privileges: and unmounts" umount mnt
else
	not_ok "drop_privileges"
	sed 's/^/# /' out
fi

plan
