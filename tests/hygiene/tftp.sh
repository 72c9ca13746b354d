#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The harness's TFTP server: what the other tests fetch comes out of the directory that was named.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

requires atftpd curl
mkdir -p served/boot
chmod 755 served served/boot
echo serving >served/status
head -c 3000000 /dev/urandom >served/boot/kernel
chmod 644 served/status served/boot/kernel

serve_tftp served
is "$(curl -sf "$tftp/status")" serving "a small file comes through"
curl -sf -o got "$tftp/boot/kernel" || :
check "a large one comes through whole" cmp got served/boot/kernel
check_not "an absent file is an error" curl -sf "$tftp/absent"
echo secret >outside
chmod 644 outside
check_not "nothing outside the directory is served" curl -sf --path-as-is "$tftp/../outside"

plan
