# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made.

fixture dracut-live
cp "$made" "$tmp/srv/later/dracut-live.iso"
fixture dracut-live "$gentoo_iso"
cp "$made" "$tmp/srv/later/dracut-gentoo.iso"
