# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh, after uefi: a UEFI client whose firmware fetches GRUB itself over HTTP (UEFI HTTP boot), and GRUB its
# menus, kernel and initrd. PXE is given nothing here, as firmware tries it first.

has_part uefi || {
	remount_pxe httpboot http
	check "httpboot: nginx is started" on server 60 'systemctl start nginx'
}
check "httpboot: DHCP names it by its URL, as the sample says" on server 60 'cp /etc/dnsmasq.d/pxefs.conf /run/pxefs.conf &&
	sed -i -e "s/^#\(dhcp-[^#]*http-x64,\)/\1/" -e "s/^dhcp-boot=tag:x64,.*/dhcp-ignore=tag:x64/" /etc/dnsmasq.d/pxefs.conf &&
	grep -c "^dhcp-.*tag:http-x64,\|^dhcp-match=set:http-x64," /etc/dnsmasq.d/pxefs.conf | grep -qx 3 &&
	systemctl restart dnsmasq'
table_begin
# shellcheck disable=SC2086 # two words
uefi_client_start httpboot 52:54:00:00:00:15 $own_pxe
check "httpboot: the main menu is on the screen" wait_screen httpboot 600 'debian-live: Debian Live'
live_boots httpboot
table_row "$pressed" debian-live "Debian Live, small" "UEFI, HTTP boot" HTTP "squashfs of \`iso/\`, NFSv3"
on server 20 'cat /var/log/nginx/access.log' >access || :
check "httpboot: GRUB itself came over HTTP" grep -qE '"GET /boot/grub/x86_64-efi/core.efi HTTP/1.1" 200 .*[Uu][Ee][Ff][Ii]' access
check "httpboot: and so did the menu" grep -qE '"GET /boot/grub/grub.cfg HTTP/1.1" 200 .*GRUB' access
machine_end httpboot
dhcp_as_before httpboot
