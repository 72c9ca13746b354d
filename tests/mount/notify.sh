#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a service manager is told.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

requires xorriso python3
need_fuse
mkdir folder mnt
mini folder/one.iso one
echo none >folder/short.iso
seq 50000 >folder/text.iso

# A manager: prints what it is told, a line each. With what was there of the mount at that moment.
cat >manager.py <<'END'
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("\0" + sys.argv[1][1:] if sys.argv[1].startswith("@") else sys.argv[1])
print("listening", flush=True)
while True:
    text = s.recv(4096).decode()
    seen = os.path.exists(sys.argv[2] + "/one/iso/words") if text == "READY=1" else ""
    print(text, seen, flush=True)
    if text == "STOPPING=1":
        break
END
manager()	# manager ADDRESS LOG
{
	python3 manager.py "$1" "$tmp/mnt" >"$2" 2>&1 &
	manager_pid=$!
	cleanup_fn end_process "$manager_pid"
	wait_for 10 grep -q listening "$2"
	NOTIFY_SOCKET=$1
	export NOTIFY_SOCKET
}

manager "$tmp/socket" told
mount_pxefs folder mnt -o state=,nfs=/pxe
check "READY=1 comes when it serves" wait_for 5 grep -qx 'READY=1 True' told
check "STATUS= counts" wait_for 5 grep -qx 'STATUS=1 image, 1 rejected, 1 incomplete ' told
cp folder/one.iso folder/two.iso
check "again when it changes" wait_for 5 grep -qx 'STATUS=2 images, 1 rejected, 1 incomplete ' told
rm folder/text.iso folder/short.iso
check "again and again" wait_for 5 grep -qx 'STATUS=2 images, 0 rejected, 0 incomplete ' told
unmount_pxefs mnt
check "STOPPING=1 comes in the end" wait_for 5 grep -qx 'STOPPING=1 ' told
is "$(grep -c READY told)" 1 "READY=1 came once"

manager "@pxefs-test-$$" abstract
mount_pxefs folder mnt -o state=,nfs=/pxe
check "an abstract address does as well" wait_for 5 grep -qx 'READY=1 True' abstract
unmount_pxefs mnt
NOTIFY_SOCKET=$tmp/nobody-there
mount_pxefs folder mnt -o state=,nfs=/pxe
is "$(cat mnt/one/iso/words)" one "a manager that is gone is no obstacle"

plan
