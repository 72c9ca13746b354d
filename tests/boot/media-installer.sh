# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made.

fixture debian-installer
cp "$made" "$tmp/srv/later/debian-installer.iso"
