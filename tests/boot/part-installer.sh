# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: Debian's installer for the network, to its first question. Kernel and initrd are all there is of it;
# its menu names no serial console, and the administrator's NAME.conf beside the ISO adds one.

echo 'append = console=ttyS0' | put_file /srv/iso/debian-installer.conf
check "installer: the ISO is dropped, beside a conf file" on server 60 \
	'mv /srv/later/debian-installer.iso /srv/iso/'
check "installer: and served" await server 60 \
	'cat /pxe/status; grep "^debian-installer	served	debian-netboot	kernel alone	" /pxe/status'
check "installer: the conf file's word is in its menu" on server 20 \
	'grep -E "^	linux .*/kernel/linux vga=788 --- quiet console=ttyS0$" /pxe/debian-installer/grub.cfg'
table_begin
pxe_client_start installer 52:54:00:00:00:14
check "installer: it is in the main menu" wait_screen installer 300 'debian-installer: Debian or Ubuntu installer'
# shellcheck disable=SC2046 # keys
leads installer "its own menu" 'Advanced options > Expert install' $(keys_to debian-installer)
chooses installer "its first entry" home ret
mark installer
check "installer: it asks its first question, on the serial port" wait_screen installer 600 'Select a language'
screen_text installer | grep -aoE 'Select a language|Choose the language [a-z ]*|English' | sed 's/^/# /' || :
table_row "$pressed" debian-installer "Debian's installer (mini.iso), to its first question" \
	"$bios_client" TFTP "the initrd"
machine_end installer
check "installer: the ISO is taken out again" on server 60 \
	'mv /srv/iso/debian-installer.iso /srv/later/ && rm /srv/iso/debian-installer.conf'
check "installer: and gone" await server 60 '! grep "^debian-installer	" /pxe/status'
