# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: Debian's installer for the network, unattended: a NAME.answer.cfg beside the ISO is its preseed file,
# which it fetches over HTTP once it has set up the network. It stands behind the part "uefi", whose mount with -o http
# it takes; without that it mounts the tree so itself, and leaves it so. Nothing is installed: the mirror that the
# file names is the server, which has none, so the installer's request for it shows that it went on by the file.

if ! on server 20 'grep -q "fuse.pxefs .*,http," /etc/fstab' >/dev/null; then
	remount_pxe preseed http
fi
check "preseed: nginx is started" on server 60 'systemctl start nginx'

put_file /srv/iso/debian-installer.answer.cfg <<PRESEED
d-i preseed/early_command string { echo; echo pxefs-preseed-early; cat /proc/cmdline; ip -4 addr; \
echo "file: \$(debconf-get preseed/url)"; echo "country: \$(debconf-get mirror/country)"; \
echo pxefs-preseed-end; } >/dev/ttyS0
d-i debian-installer/locale string en_GB.UTF-8
d-i keyboard-configuration/xkb-keymap select gb
d-i mirror/country string manual
d-i mirror/protocol select http
d-i mirror/http/hostname string $server
d-i mirror/http/directory string /pxefs-mirror
d-i mirror/http/proxy string
PRESEED
# The network's DHCP names no name server, and the installer asks for one before it fetches the file: a word answers it.
echo "append = console=ttyS0 netcfg/get_nameservers=$server" | put_file /srv/iso/debian-installer.conf
check "preseed: the ISO is dropped, beside a preseed file" on server 60 'mv /srv/later/debian-installer.iso /srv/iso/'
check "preseed: and served" await server 60 \
	'cat /pxe/status; grep "^debian-installer	served	debian-netboot	kernel alone	" /pxe/status'
check "preseed: the preseed file is in the tree" on server 20 \
	'cmp /srv/iso/debian-installer.answer.cfg /pxe/debian-installer/answer.cfg'
on server 20 "grep -m 1 '^	linux ' /pxe/debian-installer/grub.cfg" | sed 's/^/# /' || :
on server 20 'cat /var/log/nginx/access.log | wc -l' | grep . >asked_before || :
table_begin
pxe_client_start preseed 52:54:00:00:00:15
check "preseed: it is in the main menu" wait_screen preseed 300 'debian-installer: Debian or Ubuntu installer'
# shellcheck disable=SC2046 # keys
leads preseed "its own menu" 'Advanced options > Expert install' $(keys_to debian-installer)
chooses preseed "its first entry" home ret
mark preseed
check "preseed: the command in the preseed file is run" wait_screen preseed 600 pxefs-preseed-end
table_ready
screen_text preseed | sed -n '/pxefs-preseed-early/,/pxefs-preseed-end/p' >facts
sed 's/^/# /' facts
check "preseed: with an address that the server gave" grep -qE 'inet 192\.0\.2\.[0-9]+/24 .*global' facts
check "preseed: the words of the generated menu are in its kernel line" \
	grep -qF " auto=true priority=critical url=http://$server/debian-installer/answer.cfg --- quiet console=ttyS0" facts
check "preseed: the file that it obeys is the tree's" grep -qF "file: http://$server/debian-installer/answer.cfg" facts
check "preseed: which answers its questions" grep -qx "country: manual" facts
check "preseed: it goes on without asking, to the mirror that the file names" await server 300 \
	'grep -aE "\"GET /pxefs-mirror/dists/[a-z]+/Release " /var/log/nginx/access.log'
check_not "preseed: no question about the language was asked" shows preseed 'Select a language'
on server 20 'cat /var/log/nginx/access.log' | tail -n +"$(($(cat asked_before) + 1))" >access || :
sed 's/^/# /' access
check "preseed: the file came over HTTP, whole" grep -aqE '"GET /debian-installer/answer.cfg HTTP/1.[01]" 200 ' access
table_row "$pressed" debian-installer "Debian's installer (mini.iso), unattended, to its preseed file" \
	"$bios_client" HTTP "the initrd"
machine_end preseed
check "preseed: the ISO is taken out again" on server 60 'mv /srv/iso/debian-installer.iso /srv/later/ &&
	rm /srv/iso/debian-installer.conf /srv/iso/debian-installer.answer.cfg'
check "preseed: and gone" await server 60 '! grep "^debian-installer	" /pxe/status'
