# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: the tree is unmounted as the README says and mounted with -o http, nginx serves it, and a UEFI client
# gets kernel and initrd over HTTP.

remount_pxe uefi http
check "uefi: nginx is started" on server 60 'systemctl start nginx'
checked=0
on server 120 'pxefs-check' >report || checked=$?
sed 's/^/# /' report
is "$checked" 0 "uefi: pxefs-check finds nothing missing"
check "uefi: HTTP neither" grep -q '^ok  *http: ' report

table_begin
uefi_client_start uefi 52:54:00:00:00:0e
check "uefi: the main menu is on the screen" wait_screen uefi 400 'debian-live: Debian Live'
mark uefi
press uefi ret
check "uefi: the ISO's own menu" wait_screen uefi 60 'Live system (amd64)'
mark uefi
press uefi ret
pressed=$(date +%s)
live_is_up uefi
table_row "$pressed" debian-live "Debian Live, small" "$uefi_client" HTTP "squashfs of \`iso/\`, NFSv3"
on server 20 'cat /var/log/nginx/access.log' >access || :
sed 's/^/# /' access
check "uefi: the kernel came over HTTP" grep -qE '"GET /debian-live/kernel/vmlinuz[^ ]* HTTP/1.1" 200 .*GRUB' access
check "uefi: and the initrd" grep -qE '"GET /debian-live/initrd/initrd[^ ]* HTTP/1.1" 200 .*GRUB' access
machine_end uefi
