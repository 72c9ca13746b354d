# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: initrds that dracut made. A medium with the layout of Fedora's boots in both ways that its generated
# menu has, over NFS and copied to memory, and its root/ as a plain NFS root, by a menu that the administrator wrote for
# one machine. One with the layout of Gentoo's, whose initrd has no network at all, boots as its generated menu says:
# its squashfs comes with the initrd.

check "dracut: two ISOs are dropped" on server 60 'mv /srv/later/dracut-live.iso /srv/later/dracut-gentoo.iso /srv/iso/'
check "dracut: one is served, to boot over NFS" await server 180 \
	'cat /pxe/status; grep "^dracut-live	served	dracut-live	over NFS" /pxe/status'
check "dracut: the other too, to boot in memory" await server 180 \
	'cat /pxe/status; grep "^dracut-gentoo	served	gentoo-dracut	in memory" /pxe/status'

dracut_facts()	# dracut_facts FROM TO: what the started system told, from the one line to the other
{
	screen_text "$client" | sed -n "/^$1/,/^$2/p" >facts
	sed 's/^/# /' facts
}

# The other medium's kernel and squashfs are not those of this one, so that what is read is this one's.
dracut_sum=$(on server 60 'md5sum </pxe/dracut-live/root/usr/sbin/NetworkManager' | cut -c1-32)

dracut_has_sum()
{
	is "$(sed -n 's|  /usr/sbin/NetworkManager$||p' facts)" "$dracut_sum" \
		"$client: a file of some megabytes has the same sum there and in the server's root/"
}

table_begin
client=dracut
pxe_client_start "$client" 52:54:00:00:00:21
check "$client: it is in the main menu" wait_screen "$client" 300 'dracut-live: Fedora Live'
leads "$client" "its own menu" 'Troubleshooting' home down down ret
check_not "$client: without the entry that checks its disc" shows "$client" 'Test this media'
chooses "$client" "its first entry" home ret
check "$client: the live system starts" wait_screen "$client" 900 pxefs-live-end
table_ready
dracut_facts pxefs-live-ready pxefs-live-end
check "$client: its kernel line names the squashfs on the server" \
	grep -q " root=live:nfs://$server/pxe/dracut-live/iso/LiveOS/squashfs.img " facts
check "$client: and the card, by its address" grep -q ' BOOTIF=01-52:54:00:00:00:21 ' facts
check "$client: and the ISO's own words" grep -q ' rd.live.image .*quiet' facts
check "$client: the kernel's NFS client has the server" grep -qiE '^volume: v4 c0000201 ' facts
check "$client: the squashfs is what the loop device reads" \
	grep -qE '^/sys/block/loop0/loop/backing_file .*/squashfs.img$' facts
check "$client: that is mounted" grep -qE '^/dev/loop0 /run/rootfsbase squashfs ro' facts
check "$client: and is the root's lower layer" grep -qE '^LiveOS_rootfs / overlay rw,.*lowerdir=/run/rootfsbase,' facts
check "$client: the root takes files" grep -q '^the root takes files' facts
dracut_has_sum
table_row "$pressed" dracut-live "a tree like Fedora's live media (dracut)" "$bios_client" TFTP \
	"squashfs of \`iso/\`, NFSv4.2"
machine_end "$client"

table_begin
client=dracut-copy
# What the menu asks for, as dracut of this age copies to what may take a fifth of the memory.
pxe_client_start "$client" 52:54:00:00:00:24 -m 1844
check "$client: it is in the main menu" wait_screen "$client" 300 'dracut-live: Fedora Live'
leads "$client" "its own menu" 'Troubleshooting' home down down ret
leads "$client" "its other ways to boot" 'over NFS, copied to memory' end ret
chooses "$client" "the first of them" home ret
check "$client: the live system starts" wait_screen "$client" 900 pxefs-live-end
table_ready
dracut_facts pxefs-live-ready pxefs-live-end
check "$client: the loop device reads the copy" \
	grep -qE '^/sys/block/loop0/loop/backing_file /run/initramfs/squashed.img$' facts
check "$client: that is mounted" grep -qE '^/dev/loop0 /run/rootfsbase squashfs ro' facts
check "$client: and is the root's lower layer" grep -qE '^LiveOS_rootfs / overlay rw,.*lowerdir=/run/rootfsbase,' facts
check_not "$client: and the kernel's NFS client has no server any more" grep -q '^volume: v' facts
dracut_has_sum
table_row "$pressed" dracut-live "a tree like Fedora's live media (dracut)" "$bios_client" TFTP \
	"squashfs of \`iso/\`, copied to memory over NFSv4.2; 1.8 GiB"
machine_end "$client"

menu=grub.cfg-01-52-54-00-00-00-22
put_file "$loader/$menu" <<MENU
menuentry 'Plain NFS root, by dracut' {
	echo 'Loading ...'
	linux /dracut-live/kernel/vmlinuz root=nfs:$server:/pxe/dracut-live/root ip=dhcp rd.neednet=1 \
BOOTIF=01-\$net_default_mac quiet console=tty0 console=ttyS0
	initrd /dracut-live/initrd/initrd.img
}
MENU
check "dracut: a menu for one machine, put into the loader directory, is in the tree" await server 60 \
	"cmp $loader/$menu /pxe/boot/grub/$menu"
table_begin
client=dracut-root
pxe_client_start "$client" 52:54:00:00:00:22
check "$client: the menu of this machine is on the screen" wait_screen "$client" 300 'Plain NFS root, by dracut'
chooses "$client" "its entry" home ret
check "$client: the system starts" wait_screen "$client" 900 pxefs-live-end
table_ready
dracut_facts pxefs-live-ready pxefs-live-end
check "$client: the root is root/ over NFS" grep -qE "^$server:/pxe/dracut-live/root / nfs4 ro,.*vers=4.2" facts
check_not "$client: there is no overlay" grep -q ' / overlay ' facts
check_not "$client: no loop device reads a squashfs" grep -q 'squashfs.img$' facts
check_not "$client: and it takes no files" grep -q '^the root takes files' facts
dracut_has_sum
table_row "$pressed" dracut-live "a tree like Fedora's live media (dracut)" "$bios_client" TFTP \
	"\`root/\` itself, NFSv4.2, read-only"
machine_end "$client"
on server 20 "rm $loader/$menu" || :

nfsd_read()	# nfsd_read: bytes that the server's nfsd has read for its clients
{
	on server 20 'sed -n "s/^io \([0-9]*\) .*/\1/p" /proc/net/rpc/nfsd' | grep .
}

table_begin
client=dracut-memory
read_before=$(nfsd_read)
pxe_client_start "$client" 52:54:00:00:00:23
check "$client: it is in the main menu" wait_screen "$client" 300 'dracut-gentoo: Gentoo (dracut)'
leads "$client" "its own menu" 'Boot LiveCD (kernel: gentoo) (cached)' home down ret
chooses "$client" "its first entry" home ret
check "$client: the live system starts" wait_screen "$client" 900 pxefs-gentoo-end
table_ready
dracut_facts pxefs-gentoo-ready pxefs-gentoo-end
check "$client: its kernel line names the squashfs that came with the initrd" \
	grep -q ' root=live:/image.squashfs.img ' facts
check "$client: and the ISO's own words" grep -q ' dokeymap ' facts
check "$client: that is what the loop device reads" \
	grep -qE '^/sys/block/loop0/loop/backing_file /image.squashfs.img( \(deleted\))?$' facts
check "$client: it is mounted" grep -qE '^/dev/loop0 /run/rootfsbase squashfs ro' facts
check "$client: and is the root's lower layer" grep -qE '^LiveOS_rootfs / overlay rw,.*lowerdir=/run/rootfsbase,' facts
check_not "$client: nothing is mounted over NFS" grep -qE ' nfs4? ' facts
is "$(nfsd_read)" "$read_before" "$client: and nobody read a byte over NFS meanwhile"
is "$(sed -n 's|  /usr/share/numbers$||p' facts)" \
	"$(on server 120 'md5sum </pxe/dracut-gentoo/root/usr/share/numbers' | cut -c1-32)" \
	"$client: a file of some megabytes has the same sum there and in the server's root/"
table_row "$pressed" dracut-gentoo "a tree like Gentoo's minimal CD (dracut)" "$bios_client" TFTP \
	"squashfs in the initrd's second archive"
machine_end "$client"

check "dracut: both ISOs are removed" on server 60 'rm /srv/iso/dracut-live.iso /srv/iso/dracut-gentoo.iso'
check "dracut: and are not served any more" await server 120 'cat /pxe/status; ! grep ^dracut /pxe/status'
# Clients of NFSv4 that were switched off with files open would hold the tree for a day.
check "dracut: the server forgets the clients" await server 60 'cd /proc/fs/nfsd/clients; cat */info;
	for client in */ctl; do [ ! -e "$client" ] || echo expire >"$client"; done; [ -z "$(ls)" ]'
