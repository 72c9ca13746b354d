# SPDX-License-Identifier: GPL-2.0-or-later
# The UEFI shell where firmware looks for it.

label 'UEFI_SHELL'
file /efi/boot/bootx64.efi 3000
file /efi/boot/bootaa64.efi 3000
