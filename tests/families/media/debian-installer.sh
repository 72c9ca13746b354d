# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's netinst, amd64.

debian_disc_medium amd64 'Debian 12.8.0 amd64 n' \
	'Debian GNU/Linux 12.8.0 "Bookworm" - Official amd64 NETINST with firmware 20241109-11:04' 6.1.0-27 6.1.115-1
