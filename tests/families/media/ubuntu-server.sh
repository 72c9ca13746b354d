# SPDX-License-Identifier: GPL-2.0-or-later
# Ubuntu Server 24.04.

ubuntu_server_medium 'Ubuntu-Server 24.04.1 LTS amd64' \
	'Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827)' 6.8.0-41-generic 6.8.0-41-generic
