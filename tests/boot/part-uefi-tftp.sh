# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a UEFI client that gets everything over TFTP, from atftpd, and uses its firmware's own PXE.

on server 20 'cat /var/log/nginx/access.log 2>/dev/null | wc -l' >http_before || :
table_begin
# shellcheck disable=SC2086 # two words
uefi_client_start uefi-tftp 52:54:00:00:00:0f $own_pxe
check "uefi-tftp: the main menu is on the screen" wait_screen uefi-tftp 400 'debian-live: Debian Live'
live_boots uefi-tftp
table_row "$pressed" debian-live "Debian Live, small" "$uefi_client" TFTP "squashfs of \`iso/\`, NFSv3"
is "$(on server 20 'cat /var/log/nginx/access.log 2>/dev/null | wc -l')" "$(cat http_before)" \
	"uefi-tftp: the web server had no part in it"
machine_end uefi-tftp
