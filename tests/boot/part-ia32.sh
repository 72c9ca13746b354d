# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a client with 32-bit UEFI and a 64-bit processor, as in tablets and small machines of some years ago. Its
# kernel has 64 bits and is entered in mixed mode.

check "ia32: pxefs-loader makes its image" on server 200 "pxefs-loader --from / --from /srv/later/ia32"
check "ia32: it is in the tree" await server 60 "cmp $loader/i386-efi/core.efi /pxe/boot/grub/i386-efi/core.efi"
table_begin
cp /usr/share/OVMF/OVMF32_VARS_4M.fd "$tmp/ia32.vars"
# The only 32-bit firmware that Debian packages has Secure Boot in it, off, and wants a machine with memory for that.
# shellcheck disable=SC2086 # two words
pxe_client_start ia32 52:54:00:00:00:14 $own_pxe \
	-machine q35,smm=on -global driver=cfi.pflash01,property=secure,value=on \
	-drive "if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF32_CODE_4M.secboot.fd" \
	-drive "if=pflash,format=raw,file=$tmp/ia32.vars"
check "ia32: the main menu is on the screen" wait_screen ia32 500 'debian-live: Debian Live'
live_boots ia32
table_row "$pressed" debian-live "Debian Live, small" "UEFI, 32 bit" TFTP "squashfs of \`iso/\`, NFSv3"
machine_end ia32
