#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Starting in the background: it returns when the mount serves, or says why it does not.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

requires xorriso findmnt
need_fuse
need_root
mkdir -p folder mnt
for name in a b c d; do
	mini folder/$name.iso $name
done

# Its processes, told by the mount point in their arguments (a zombie has none).
processes()
{
	for p in /proc/[0-9]*; do
		{ tr '\0' ' ' <"$p/cmdline"; } 2>/dev/null | grep -qF "$tmp/mnt" && echo "${p#/proc/}"
	done || :
}
end_all()
{
	umount -l "$tmp/mnt" 2>/dev/null || :
	for p in $(processes); do
		kill "$p" 2>/dev/null || :
	done
}
cleanup_fn end_all
nobody_left()
{
	[ -z "$(processes)" ]
}

# A pipe: the command substitution ends when nobody has the other end any more.
said=$(timeout 60 "$PXEFS" -o state= "$tmp/folder" "$tmp/mnt" 2>&1) && status=0 || status=$?
is "$status,$said" 0, "in the background it returns 0, silently, and lets go of its terminal"
is "$(grep -c served mnt/status)" 4 "and then everything is served"
is "$(cat mnt/a/iso/words mnt/d/iso/words | tr '\n' ' ')" "a d " "each file at once"
check "it has processes" test -n "$(processes)"
keeper=$(processes | head -n 1)
is "$(readlink "/proc/$keeper/cwd")" / "which stand in no directory of anybody's"
check "and in no session of ours" test "$(ps -o sid= -p "$keeper" | tr -d ' ')" != "$(ps -o sid= -p $$ | tr -d ' ')"
for fd in 0 1 2; do
	readlink "/proc/$keeper/fd/$fd"
done >fds
is "$(sort -u fds)" /dev/null "and hold no terminal"
umount mnt
check "unmounted, all of them end" wait_for 10 nobody_left

# --- who is what ---
"$PXEFS" -o state= "$tmp/folder" "$tmp/mnt"
users=$(for p in $(processes); do stat -c %U "/proc/$p"; done | sort -u | tr '\n' ' ')
check "root keeps, another serves ($users)" test "$(echo $users | wc -w)" = 2
for p in $(processes); do
	grep -q '^CapEff:	0*$' "/proc/$p/status" && cat "/proc/$p/status"
done >server.status
is "$(grep -E '^(NoNewPrivs|Seccomp|CapPrm):' server.status | tr -d '\t ' | tr '\n' ' ')" \
	"CapPrm:0000000000000000 NoNewPrivs:1 Seccomp:2 " "the server has no capabilities and is filtered"

# --- what the mount is ---
has()
{
	case ,$(findmnt -n -o OPTIONS --mountpoint "$tmp/mnt"), in
	*,"$1",*) return 0 ;;
	esac
	return 1
}
for option in ro nosuid nodev nosymfollow allow_other default_permissions; do
	check "the mount is $option" has $option
done
is "$(findmnt -n -o FSTYPE,SOURCE --mountpoint "$tmp/mnt" | tr -s ' ')" "fuse.pxefs $tmp/folder" "it says whose it is"
kill "$(processes | head -n 1)"
check "asked to end, it unmounts" wait_for 10 not is_mounted "$tmp/mnt"
check "and ends" wait_for 10 nobody_left

# Every option of mount(8) that comes along; none makes a difference.
"$PXEFS" -o rw,dev,suid,exec,async,relatime,nofail,_netdev,user,auto,defaults,x-systemd.automount,X-any=thing,comment=words,state= \
	"$tmp/folder" "$tmp/mnt"
for option in ro nosuid nodev nosymfollow; do
	check "with rw, dev, suid and more it is $option still" has $option
done
check_not "nothing can be made in it" mkdir mnt/new
check_not "nor written" sh -c 'echo x >>mnt/status'
mount -i -o remount,rw mnt 2>/dev/null || :
check_not "remounted rw, nothing can be made in it" sh -c ': >mnt/new'
check_not "nor written" sh -c 'echo x >>mnt/a/iso/words'
check_not "nor removed" rm -f mnt/a/iso/words
check_not "nor changed" chmod 600 mnt/a/iso/words
is "$(cat mnt/a/iso/words)" a "and all is as it was"
umount mnt
check "and it ends" wait_for 10 nobody_left

mkdir links
ln -s words links/link
echo target >links/words
make_iso links folder/links.iso -R -V LINKS
"$PXEFS" -s -o symfollow,state= "$tmp/folder" "$tmp/mnt"
check_not "-o symfollow: the mount follows links" has nosymfollow
is "$(cat mnt/links/iso/link)" target "of the ISO"
umount mnt
wait_for 10 nobody_left

# --- why not ---
# Root without the right to mount.
if command -v setpriv >/dev/null; then
	status=0
	said=$(timeout 60 setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$PXEFS" -o state= "$tmp/folder" "$tmp/mnt" 2>&1) ||
		status=$?
	is "$status" 1 "when it cannot mount, status is 1"
	is "$said" "pxefs: cannot mount on $tmp/mnt: Operation not permitted" "and a line says why"
	check "no process stays" wait_for 10 nobody_left
fi
status=0
said=$(timeout 60 unshare --mount sh -c 'mount --bind /dev/null /dev/fuse && exec "$0" -o state= "$1" "$2"' \
	"$PXEFS" "$tmp/folder" "$tmp/mnt" 2>&1) || status=$?
is "$status" 1 "without FUSE too"
check "with a line" test "$(printf '%s\n' "$said" | grep -c '^pxefs: ')" = 1
check "and no process stays" wait_for 10 nobody_left

# --- foreground ---
mount_pxefs folder mnt -d -o state=
check "-d is in the foreground" kill -0 "$pxefs_pid"
check "and tells more on stderr" grep -q '^pxefs: ' "$pxefs_log"
unmount_pxefs mnt
mount_pxefs folder mnt -o state=
check "the log is on stderr" grep -q '^pxefs: "a.iso" is served$' "$pxefs_log"
end_process "$pxefs_pid"
check "a foreground one that is ended unmounts" not is_mounted "$tmp/mnt"

plan
