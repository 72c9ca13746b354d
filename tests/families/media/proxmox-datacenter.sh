# SPDX-License-Identifier: GPL-2.0-or-later
# Proxmox Datacenter Manager's installer.

proxmox_medium PDM 1.0 'Proxmox Datacenter Manager'
