# SPDX-License-Identifier: GPL-2.0-or-later
# Memtest86+ 6: one program that is a PE file and a bzImage, started by El Torito.

label 'MT86PLUS_64'
file /boot/floppy.img 147456
kernel /EFI/BOOT/bootx64.efi memtest86
kernel /EFI/BOOT/bootia32.efi memtest86
