# SPDX-License-Identifier: GPL-2.0-or-later
# Proxmox Mail Gateway's installer.

proxmox_medium PMG 8.1 'Proxmox Mail Gateway'
