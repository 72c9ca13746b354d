# SPDX-License-Identifier: GPL-2.0-or-later
# MemTest86 by PassMark.

label 'MemTest86'
file /EFI/BOOT/BOOTX64.efi 4000
file /EFI/BOOT/mt86.png 1000
