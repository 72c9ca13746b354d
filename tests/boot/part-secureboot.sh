# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a client with Microsoft's keys enrolled and Secure Boot on. Debian's signed shim, its signed GRUB, its
# signed kernel.

check "secure: pxefs-loader takes shim and the signed GRUB" on server 200 "pxefs-loader --from / --from /srv/later/signed"
check "secure: they are in the tree" await server 60 \
	"cmp $loader/shimx64.efi /pxe/boot/grub/shimx64.efi && cmp $loader/grubx64.efi /pxe/boot/grub/grubx64.efi"
# The line for it stands in the sample, to be used in place of another.
check "secure: DHCP names shim, as the sample says" on server 60 'cp /etc/dnsmasq.d/pxefs.conf /run/pxefs.conf &&
	sed -i -e "/^dhcp-boot=tag:x64,/d" -e "s/^#\(dhcp-boot=tag:x64,.*shim.*\)/\1/" /etc/dnsmasq.d/pxefs.conf &&
	grep -q ^dhcp-boot=tag:x64,.*shim /etc/dnsmasq.d/pxefs.conf && systemctl restart dnsmasq'
table_begin
# Firmware that keeps its keys out of the system's reach needs the machine that has such memory.
cp /usr/share/OVMF/OVMF_VARS_4M.ms.fd "$tmp/secure.vars"
# shellcheck disable=SC2086 # two words
pxe_client_start secure 52:54:00:00:00:13 $own_pxe \
	-machine q35,smm=on -global driver=cfi.pflash01,property=secure,value=on \
	-drive "if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.secboot.fd" \
	-drive "if=pflash,format=raw,file=$tmp/secure.vars"
check "secure: the main menu is on the screen" wait_screen secure 500 'debian-live: Debian Live'
leads secure "GRUB's command line" 'grub>' c
leads secure "GRUB is locked down" 'lockdown=y' s e t ret
leads secure "back in the menu" 'debian-live: Debian Live' esc
live_boots secure
table_row "$pressed" debian-live "Debian Live, small" "UEFI, Secure Boot, shim" TFTP "squashfs of \`iso/\`, NFSv3"
on server 60 'journalctl -u atftpd -o cat' | grep -a 'Serving.*192\.0\.2\.1[0-9]' | tail -n 20 | sed 's/^/# /'
machine_end secure
dhcp_as_before secure
