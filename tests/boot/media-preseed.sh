# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made.

. "$TOP_SRCDIR/tests/boot/media-installer.sh"
