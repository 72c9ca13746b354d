# SPDX-License-Identifier: GPL-2.0-or-later
# Proxmox Backup Server's installer.

proxmox_medium PBS 3.2 'Proxmox Backup Server'
