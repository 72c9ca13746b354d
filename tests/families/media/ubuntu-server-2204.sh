# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu Server 22.04, whose casper has no iso-url= yet; its label says nothing.

ubuntu_server_medium CDROM \
	'Ubuntu-Server 22.04.4 LTS "Jammy Jellyfish" - Release amd64 (20240216.1)' 5.15.0-94-generic 6.5.0-18-generic
