# SPDX-License-Identifier: GPL-2.0-or-later
# Proxmox VE's installer.

proxmox_medium PVE 8.2 'Proxmox VE' "$(cat <<'ENTRY'
menuentry 'Rescue Boot' --class debian {
	insmod lvm
	insmod ext2
	linux /boot/pve/vmlinuz ro ramdisk_size=16777216 root=/dev/mapper/pve-root
	initrd /boot/pve/initrd.img
}
ENTRY
)"
