# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a BIOS client boots a medium of Gentoo's genkernel generation.

table_begin
pxe_client_start gentoo 52:54:00:00:00:0c
check "gentoo: the main menu is on the screen" wait_screen gentoo 300 'gentoo-minimal: Gentoo'
mark gentoo
press gentoo down ret
check "gentoo: the ISO's own menu" wait_screen gentoo 60 'Boot LiveCD (kernel: gentoo) (cached)'
mark gentoo
press gentoo ret
pressed=$(date +%s)
check "gentoo: the live system starts" wait_screen gentoo 600 pxefs-gentoo-end
table_ready
screen_text gentoo | sed -n '/^pxefs-gentoo-ready/,/^pxefs-gentoo-end/p' >facts
sed 's/^/# /' facts
check "gentoo: the medium is the ISO's tree over NFS" \
	grep -qE "^$server:/pxe/gentoo-minimal/iso /mnt/cdrom nfs ro,.*vers=3" facts
check "gentoo: the squashfs in it is what the loop device reads" \
	grep -qE '^/sys/block/loop0/loop/backing_file .*/mnt/cdrom/image.squashfs$' facts
check "gentoo: that is mounted" grep -qE '^/dev/loop0 /mnt/livecd squashfs ro' facts
check "gentoo: the card was chosen by its address" grep -qi ' gk.net.iface=52:54:00:00:00:0c ' facts
is "$(sed -n 's|  /usr/share/numbers$||p' facts)" \
	"$(on server 120 'md5sum </pxe/gentoo-minimal/root/usr/share/numbers' | cut -c1-32)" \
	"gentoo: a file of some megabytes has the same sum there and in the server's root/"
table_row "$pressed" gentoo-minimal "a tree like Gentoo's minimal CD (genkernel)" "$bios_client" \
	TFTP "squashfs of \`iso/\`, NFSv3"
machine_end gentoo
