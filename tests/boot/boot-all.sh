#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The long suite: all parts of boot.sh on one server. Parts that leave the server as it was come first; then pxefs is mounted
# anew for HTTP, and last with the network's addresses from somewhere else.

here=$(dirname "$0")
: "${PXEFS_BOOT_SECONDS:=14000}"
export PXEFS_BOOT_SECONDS
status=0
sh "$here/boot.sh" bios gentoo tools hostile ipxe ipxe-uefi uefi-tftp nfsroot dracut installer debian-cd xen official \
	secureboot ia32 arm64 uuid nfs uefi httpboot preseed proxy setup || status=$?

# What depends on the server's kernel once more, with the newer one that this release of Debian packages, if there is one.
kernel=$(apt-cache pkgnames linux-image- 2>/dev/null |
	grep -E "^linux-image-[0-9]+\.[0-9]+-$(dpkg --print-architecture)\$" | sort -V | tail -n 1)
if [ -n "$kernel" ]; then
	echo "# $kernel"
	PXEFS_BOOT_KERNEL=$kernel sh "$here/boot.sh" nfs bios setup || status=$?
fi
exit "$status"
