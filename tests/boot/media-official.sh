# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made.

fixture live-build
cp "$made" "$tmp/srv/later/official-live.iso"
