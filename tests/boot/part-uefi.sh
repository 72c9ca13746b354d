# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: the tree is unmounted as the README says and mounted with -o http, nginx serves it, and a UEFI client
# gets kernel and initrd over HTTP.

for firmware in /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/OVMF/OVMF_CODE.fd; do
	[ ! -e "$firmware" ] || break
done
cp "$(echo "$firmware" | sed s/CODE/VARS/)" "$tmp/uefi.vars"

check "uefi: what is exported is unmounted with two commands" on server 60 'exportfs -u 192.0.2.0/24:/pxe && umount /pxe'
check "uefi: mounted again with http, by fstab" on server 120 \
	'sed -i "/fuse.pxefs/s/nofail/nofail,http/" /etc/fstab && systemctl daemon-reload && mount /pxe && exportfs -ra && exportfs | grep -q /pxe'
check "uefi: nginx serves it" on server 60 \
	'systemctl start nginx && for i in $(seq 100); do grep -q "^debian-live	served" /pxe/status && exit 0; sleep 0.1; done; exit 1'
checked=0
on server 120 'pxefs-check' >report || checked=$?
sed 's/^/# /' report
is "$checked" 0 "uefi: pxefs-check finds nothing missing"
check "uefi: HTTP neither" grep -q '^ok  *http: ' report

pxe_client_start uefi 52:54:00:00:00:0e -drive "if=pflash,format=raw,readonly=on,file=$firmware" \
	-drive "if=pflash,format=raw,file=$tmp/uefi.vars"
check "uefi: the main menu is on the screen" wait_screen uefi 400 'debian-live: Debian Live'
mark uefi
press uefi ret
check "uefi: the ISO's own menu" wait_screen uefi 60 'Live system (amd64)'
mark uefi
press uefi ret
pressed=$(date +%s)
live_is_up uefi
say "uefi: $(($(date +%s) - pressed)) seconds from the chosen entry to the live system"
on server 20 'cat /var/log/nginx/access.log' >access || :
sed 's/^/# /' access
check "uefi: the kernel came over HTTP" grep -qE '"GET /debian-live/kernel/vmlinuz[^ ]* HTTP/1.1" 200 .*GRUB' access
check "uefi: and the initrd" grep -qE '"GET /debian-live/initrd/initrd[^ ]* HTTP/1.1" 200 .*GRUB' access
machine_end uefi
