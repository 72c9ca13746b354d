# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a client with a 64-bit ARM processor and UEFI, of a server that is a PC. Debian's installer for it, to
# an address and the question for name servers, which this network has none of. The administrator's NAME.conf answers
# the questions before that, and lets the kernel speak; of a console it needs to say nothing, because the firmware's
# tables name the serial port.

check "arm64: pxefs-loader makes its image" on server 200 "pxefs-loader --from / --from /srv/later/arm64"
check "arm64: it is in the tree" await server 60 "cmp $loader/arm64-efi/core.efi /pxe/boot/grub/arm64-efi/core.efi"
printf '%s\n' 'append = locale=en_US.UTF-8 keymap=us' 'remove = quiet' | put_file /srv/iso/arm64-installer.conf
check "arm64: an ISO for ARM is dropped, beside a conf file" on server 60 'mv /srv/later/arm64-installer.iso /srv/iso/'
check "arm64: and served" await server 60 \
	'cat /pxe/status; grep "^arm64-installer	served	debian-netboot	kernel alone	" /pxe/status'
on server 20 "grep -m 1 '^	linux ' /pxe/arm64-installer/grub.cfg" | sed 's/^/# /' || :
table_begin
cp /usr/share/AAVMF/AAVMF_VARS.fd "$tmp/arm64.vars"
pc=$qemu
qemu="qemu-system-aarch64"
# The board has neither a screen nor the PC's keyboard.
# shellcheck disable=SC2086 # two words
pxe_client_start arm64 52:54:00:00:00:1a $own_pxe \
	-machine virt -cpu cortex-a57 -vga none -device qemu-xhci -device usb-kbd \
	-drive "if=pflash,format=raw,readonly=on,file=/usr/share/AAVMF/AAVMF_CODE.fd" \
	-drive "if=pflash,format=raw,file=$tmp/arm64.vars"
qemu=$pc
check "arm64: the main menu is on the screen" wait_screen arm64 500 'arm64-installer: Debian or Ubuntu installer'
check "arm64: with the entry that always is its last" wait_screen arm64 20 'Local disk'
check_not "arm64: without the live system for PCs" shows arm64 'debian-live'
check_not "arm64: and without the other ISO for PCs" shows arm64 'gentoo-minimal'
mark arm64
check "arm64: the ISO's own menu" enter arm64 'Graphical install' home ret
mark arm64
check "arm64: its first entry is chosen" enter arm64 'Loading ...' home ret
pressed=$(date +%s)
mark arm64
check "arm64: the kernel starts" wait_screen arm64 300 'Booting Linux on physical CPU 0x'
check "arm64: it is the ISO's" wait_screen arm64 60 '-arm64 (debian-kernel@'
check "arm64: with the words of the generated menu" wait_screen arm64 60 ' --- locale=en_US.UTF-8 keymap=us'
check "arm64: the installer's drivers and DHCP client get it an address" \
	wait_screen arm64 900 'Name server addresses'
table_row "$pressed" arm64-installer "Debian's installer for arm64 (mini.iso), until it has its network" \
	"UEFI, 64-bit ARM" TFTP "the initrd"
machine_end arm64
check "arm64: the ISO is taken out again" on server 60 \
	'mv /srv/iso/arm64-installer.iso /srv/later/ && rm /srv/iso/arm64-installer.conf'
check "arm64: and gone" await server 60 '! grep "^arm64-installer	" /pxe/status'
