# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: Debian's installer from the image of its disc, which comes along in memory, past the search for the
# disc and with the network drivers that it takes from there to an address, and to the question for name servers, which
# this network has none of. The administrator's NAME.conf beside the ISO gives the serial console, the answers to the
# questions before that, and the file on the disc that tells what the disc is (tests/fixtures/debian-cd.sh).

words="console=ttyS0 locale=en_US.UTF-8 keymap=us file=/cdrom/preseed/facts.cfg"
echo "append = $words" | put_file /srv/iso/debian-cd.conf
check "debian-cd: the ISO is dropped" on server 60 'mv /srv/later/debian-cd.iso /srv/iso/'
check "debian-cd: and served" await server 60 'grep "^debian-cd	served	debian-installer	in memory	" /pxe/status'
check "debian-cd: its initrds are judged" await server 120 '/usr/local/bin/pxefs --explain /srv/iso/debian-cd.iso |
	grep "^initrd/.*debian-installer: from a disc"'
on server 30 'cat /pxe/debian-cd/grub.cfg; cat /pxe/status' | sed 's/^/# /'
table_begin
pxe_client_start debian-cd 52:54:00:00:00:15
check "debian-cd: it is in the main menu" wait_screen debian-cd 300 'debian-cd: Debian installer'
leads debian-cd "its own menu" 'Expert install' home ret
chooses debian-cd "its first entry" home ret
mark debian-cd
check "debian-cd: the installer has its disc" wait_screen debian-cd 900 pxefs-installer-end
screen_text debian-cd | sed -n '/^pxefs-installer-facts/,/^pxefs-installer-end/p' >facts
sed 's/^/# /' facts
check "debian-cd: a loop device" grep -qE '^/dev/loop0 /cdrom iso9660 ro' facts
check "debian-cd: of the image in memory" grep -qxF '/sys/block/loop0/loop/backing_file /pxefs.iso' facts
check "debian-cd: which was mounted before the installer looked for one" \
	grep -q 'log: .*pxefs: the image in memory is the disc' facts
check "debian-cd: it will have the disc in its apt" grep -qx 'queued: apt-cdrom-setup' facts
check_not "debian-cd: no other disc was looked for" grep -q 'Searching for Debian installation media' facts
mark debian-cd
check "debian-cd: with network drivers from the disc it has an address" wait_screen debian-cd 900 'Name server addresses'
table_row "$pressed" debian-cd "Debian's installer for discs, to its network" "$bios_client" TFTP \
	"ISO in memory"
machine_end debian-cd
check "debian-cd: the ISO is taken out again" on server 60 \
	'mv /srv/iso/debian-cd.iso /srv/later/ && rm /srv/iso/debian-cd.conf'
check "debian-cd: and gone" await server 60 '! grep "^debian-cd	" /pxe/status'
