# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: root/, as it is, as a client's root over NFS: by initramfs-tools' own script, read-only; and by
# live-boot, which puts a writable overlay on any directory that a .module file names. Both lines are in a menu that the
# administrator wrote for one machine, in the loader directory; nothing else is told to client or server.

menu=grub.cfg-01-52-54-00-00-00-0d
booted=$(on server 30 'cd /pxe && echo debian-live/kernel/vmlinuz* debian-live/initrd/initrd*' | xargs)
# live-boot looks for the names in the .module file from the medium's live-media-path=, and for that file too.
echo ../../root | put_file "$loader/netroot.module"
put_file "$loader/$menu" <<MENU
menuentry 'Plain NFS root' {
	echo 'Loading ...'
	linux /${booted% *} boot=nfs root=/dev/nfs nfsroot=$server:/pxe/debian-live/root ro ip=dhcp quiet console=tty0 console=ttyS0
	initrd /${booted#* }
}
menuentry 'NFS root under an overlay' {
	echo 'Loading ...'
	linux /${booted% *} boot=live components netboot=nfs nfsroot=$server:/pxe live-media-path=debian-live/iso/live \
module=../../../boot/grub/netroot quiet console=tty0 console=ttyS0
	initrd /${booted#* }
}
MENU
check "nfsroot: a menu for one machine, put into the loader directory, is in the tree" await server 60 \
	"cmp $loader/$menu /pxe/boot/grub/$menu && cmp $loader/netroot.module /pxe/boot/grub/netroot.module"

nfsroot_boots()	# nfsroot_boots NAME KEY...
{
	name=$1
	shift
	table_begin
	client=$name
	pxe_client_start "$client" 52:54:00:00:00:0d
	check "$client: the menu of this machine is on the screen" wait_screen "$client" 300 'NFS root under an overlay'
	chooses "$client" "its entry" "$@"
	check "$client: the system starts" wait_screen "$client" 900 pxefs-live-end
	live_facts "$client" >facts
	sed 's/^/# /' facts
}

nfsroot_boots nfsroot home ret
check "nfsroot: the root is root/ over NFS" grep -qE "^$server:/pxe/debian-live/root / nfs ro,.*vers=3" facts
check_not "nfsroot: there is no overlay" grep -q '^overlay ' facts
check_not "nfsroot: and it takes no files" grep -q '^the root takes files' facts
table_row "$pressed" debian-live "Debian Live, small" "$bios_client" TFTP "\`root/\` itself, NFSv3, read-only"
machine_end nfsroot

nfsroot_boots overlay end ret
check "overlay: the tree is mounted over NFS" grep -qE "^$server:/pxe /run/live/medium nfs ro,.*vers=3" facts
check "overlay: its debian-live/root is the root's lower layer" \
	grep -qE '^overlay / overlay rw,.*lowerdir=/run/live/medium/debian-live/iso/live/../../root/?,' facts
check "overlay: the root takes files" grep -q '^the root takes files' facts
check_not "overlay: no loop device reads a squashfs" grep -qE '^/sys/block/loop.* .*squashfs$' facts
table_row "$pressed" debian-live "Debian Live, small" "$bios_client" TFTP "\`root/\` itself, NFSv3, under an overlay"
machine_end overlay
on server 20 "rm $loader/$menu $loader/netroot.module" || :
