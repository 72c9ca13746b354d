# SPDX-License-Identifier: GPL-2.0-or-later
# OpenMediaVault: Debian's installer with its packages.

debian_disc_medium amd64 'openmediavault 7.0-32' 'Debian GNU/Linux 12 - OpenMediaVault 7.0-32 amd64' 6.1.0-18 6.1.76-1
