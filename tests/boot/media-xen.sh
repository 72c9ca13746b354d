# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made.

fixture xen-live
cp "$made" "$tmp/srv/later/xen-live.iso"
