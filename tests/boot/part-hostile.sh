# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: an ISO whose name, titles and kernel words want to be commands of the boot loaders. They are shown as
# they are, nothing of them is run, and what the kernel gets is each word as the ISO has it; through GRUB and through
# iPXE. What could not come through unchanged is not offered, and why is said.

put_file "$hostile_there.conf" <<'TEXT'
title = ';set hostile=3;' $(reboot) ${x} } <b>%s
append = last=a;b {o} last=${x}
timeout = never
TEXT
check "hostile: the ISO is dropped" on server 60 "mv /srv/later/hostile.iso $hostile_there.iso"
check "hostile: and served" await server 60 \
	"grep '^$hostile	served	gentoo-genkernel	over NFS	' /pxe/status"
check "hostile: its status says which word of its .conf is left out" on server 20 \
	"grep -F 'its .conf appends \"last=\${x}\", which cannot travel' /pxe/status"
for word in 'A quote gets lost": its word "x"y"' 'A setting is filled in": its word "x=${net0/mac}"' \
	'A command ends": its word "&&"'; do
	check "hostile: its menu says why it is left out: \"$word" on server 20 \
		"grep -F '# Left out: \"$word cannot travel through boot loaders unchanged' /pxe/$hostile/grub.cfg"
done
check "hostile: the page for people shows its title, and makes no tag of it" on server 20 \
	'grep -F "&lt;b&gt;%s" /pxe/index.html && ! grep -F "<b>" /pxe/index.html'

# What comes after the words of the family, which are not the same everywhere.
hostile_words='a;reboot b|halt c&d {e} <f> g`reboot` [h]* ? ~i !j %2f%s } if --help k=(hd0) l#m grüß @n last=a;b {o}'

# hostile_is_up NAME ADDRESS BEFORE: the points that its boot must pass; BEFORE is what the boot loader puts first.
hostile_is_up()
{
	check "$1: the live system starts" wait_screen "$1" 600 pxefs-gentoo-end
	screen_text "$1" | sed -n '/^pxefs-gentoo-ready/,/^pxefs-gentoo-end/p' >facts
	is "$(sed -n 2p facts)" "$3 dokeymap cdroot real_root=/dev/nfs nfsroot=$server:/pxe/$hostile/iso \
gk.net.iface=$2 net.ifnames=0 nodhcp looptype=squashfs loop=/image.squashfs console=tty0 console=ttyS0 $hostile_words" \
		"$1: its kernel has each word as the ISO and its .conf have it"
	check "$1: the medium is the ISO's tree over NFS" \
		grep -qE "^$server:/pxe/$hostile/iso /mnt/cdrom nfs ro,.*vers=3" facts
	echo 0 >"$tmp/$1.mark"
	check_not "$1: and no title was run" shows "$1" PWNED
}

# hostile_grub NAME VARIABLE BACK WHERE: asks GRUB for its variables; VARIABLE is one that the menu sets there.
hostile_grub()
{
	leads "$1" "GRUB's command line, $4" 'grub>' c
	leads "$1" "lists its variables, $4" "$2" s e t ret
	check "$1: to their end, $4" wait_screen "$1" 20 'grub>'
	screen_text "$1" >variables
	check "$1: ours as it should be, $4" grep -q "^$2" variables
	check_not "$1: none that a title has set, $4" grep -q '^hostile' variables
	leads "$1" "back $4" "$3" esc
}

pxe_client_start hostile 52:54:00:00:00:16
check "hostile: the main menu has its title as it is" wait_screen hostile 300 \
	"$hostile: ';set hostile=3;' \$(reboot) \${x} } <b>%s"
hostile_grub hostile "pxefs_base=(tftp,$server)" "$hostile: " "in the main menu"
leads hostile "its own menu" "'; set hostile=1; echo PWN\${x}ED; reboot; '" home ret
check "hostile: with its second title" wait_screen hostile 20 '$(reboot) `reboot` && reboot || halt; } { # <b>%s</b>'
check "hostile: its third, in one line" wait_screen hostile 20 'linesset hostile=2reboot'
check "hostile: and its fourth" wait_screen hostile 20 '"; halt; " \n\x1b[2J ${net_default_server} $prefix \'
check_not "hostile: what would lose a quote is not there" shows hostile 'A quote'
check_not "hostile: nor what would have something filled in" shows hostile 'A setting'
check_not "hostile: nor what would end a command" shows hostile 'A command'
hostile_grub hostile "pxefs_server=$server" '$(reboot) `reboot`' "in its own menu"
chooses hostile "its first entry" home ret
hostile_is_up hostile 52:54:00:00:00:16 "BOOT_IMAGE=(tftp,$server)/$hostile/kernel/gentoo"
machine_end hostile

ipxe_menus hostile
pxe_client_start hostile-ipxe 52:54:00:00:00:17
check "hostile-ipxe: the main menu has its title, but for what iPXE would fill in" wait_screen hostile-ipxe 300 \
	"$hostile: ';set hostile=3;' \$(reboot) _{x} } <b>%s"
leads hostile-ipxe "its own menu" "'; set hostile=1; echo PWN_{x}ED; reboot; '" home ret
check "hostile-ipxe: with its second title" wait_screen hostile-ipxe 20 \
	'$(reboot) `reboot` +& reboot _| halt; } { _ <b>%s</b>'
check "hostile-ipxe: its third, in one line" wait_screen hostile-ipxe 20 'linesset hostile=2reboot'
check "hostile-ipxe: and its fourth" wait_screen hostile-ipxe 20 '"; halt; " /n/x1b[2J _{net_default_server} $prefix /'
check_not "hostile-ipxe: what would lose a quote is not there" shows hostile-ipxe 'A quote'
check_not "hostile-ipxe: nor what would have something filled in" shows hostile-ipxe 'A setting'
check_not "hostile-ipxe: nor what would end a command" shows hostile-ipxe 'A command'
leads hostile-ipxe "its first entry is chosen" 'gentoo.igz' home ret
hostile_is_up hostile-ipxe 52:54:00:00:00:17 "initrd=gentoo.igz"
machine_end hostile-ipxe
dhcp_as_before hostile

check "hostile: the ISO is taken away" on server 60 "rm $hostile_there.iso $hostile_there.conf"
check "hostile: and out of the menu" await server 60 "! grep -q '^$hostile	' /pxe/status"
