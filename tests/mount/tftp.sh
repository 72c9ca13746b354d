#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The mounted tree behind the distribution's own atftpd, fetched by the distribution's own clients. In a network
# of its own where that can be had.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
own_network || :

need_root
need_fuse
requires xorriso atftpd curl
mkdir -p folder mnt tree/boot loader/i386-pc
chmod 711 .
echo secret >secret
chmod 644 secret

# An ISO that boots, with an initrd and kernel of real size, and with links that lead out of it.
head -c 9000001 /dev/urandom >tree/ipxe.krn
head -c 30000000 /dev/urandom >tree/boot/initrd
printf 'default ipxe\nlabel ipxe\n\tkernel ipxe.krn\n\tinitrd boot/initrd\n' >tree/isolinux.cfg
: >tree/empty
ln -s /etc/passwd tree/absolute
ln -s ../../../../../../../../../../etc/passwd tree/relative
ln -s .. tree/up
ln -s isolinux.cfg tree/inside
make_iso tree folder/disc.iso -R -V DISC
if [ -d /usr/lib/grub/i386-pc ]; then
	cp /usr/lib/grub/i386-pc/*.mod loader/i386-pc
else
	head -c 12345 /dev/urandom >loader/i386-pc/normal.mod
fi
head -c 65432 /dev/urandom >loader/grub.pxe
mount_pxefs folder mnt -o state=,nfs=/pxe,loader="$tmp/loader"
serve_tftp mnt

# Clients: fetch PATH FILE
fetch_curl()
{
	curl -sf --path-as-is --max-time 60 -o "$2" "$tftp/$1"
}
fetch_curl_large_blocks()
{
	curl -sf --path-as-is --max-time 60 --tftp-blksize 1428 -o "$2" "$tftp/$1"
}
fetch_atftp()
{
	atftp --option 'blksize 1428' --get --remote-file "$1" --local-file "$2" 127.0.0.1 "$port"
}
fetch_tftp_hpa()
{
	# Its status says nothing.
	tftp -m binary 127.0.0.1 "$port" -c get "$1" "$2" && [ -s "$2" ]
}
clients="curl curl_large_blocks"
! command -v atftp >/dev/null || clients="$clients atftp"
! tftp -V 2>&1 | grep -q tftp-hpa || clients="$clients tftp_hpa"
fetched()
{
	rm -f got
	"fetch_$1" "$2" got && cmp got "$3"
}
# gets CLIENT PATH: anything at all
gets()
{
	rm -f got
	"fetch_$1" "$2" got || :
	[ -s got ]
}
for client in $clients; do
	check "$client: the kernel" fetched $client disc/kernel/ipxe.krn tree/ipxe.krn
	check "$client: the main menu" fetched $client boot/grub/grub.cfg mnt/boot/grub/grub.cfg
	check "$client: the image's menu" fetched $client disc/grub.cfg mnt/disc/grub.cfg
	check "$client: GRUB's image" fetched $client boot/grub/grub.pxe loader/grub.pxe
	check "$client: a file of the ISO" fetched $client disc/iso/isolinux.cfg tree/isolinux.cfg
	for link in absolute relative up/status inside; do
		check_not "$client: not through a link: $link" gets $client "disc/iso/$link"
	done
	check_not "$client: not out of the tree" gets $client ../secret
	check_not "$client: not what is absent" gets $client disc/absent
done
check "the initrd" fetched curl_large_blocks disc/initrd/initrd tree/boot/initrd
check "a file that is large" fetched curl_large_blocks disc/iso/boot/initrd tree/boot/initrd
for file in loader/i386-pc/*.mod; do
	fetched curl_large_blocks "boot/grub/i386-pc/${file##*/}" "$file" || echo "$file"
done >different
is "$(cat different)" "" "every module ($(ls loader/i386-pc | wc -l))"
is "$(readlink mnt/disc/iso/absolute)" /etc/passwd "the links themselves are read as they are"
is "$(readlink mnt/disc/iso/relative)" ../../../../../../../../../../etc/passwd "the relative one too"
check "and the mount follows none" sh -c 'findmnt -n -o OPTIONS --mountpoint "$0" | grep -q nosymfollow' "$tmp/mnt"

# What is put into the folder can be fetched a moment later; what is taken out cannot.
cp folder/disc.iso folder/new.iso
check "a new ISO's menu" wait_for 5 fetched curl new/iso/isolinux.cfg tree/isolinux.cfg
rm folder/new.iso
check "a removed ISO's" wait_for 5 sh -c '! curl -sf --max-time 5 -o got "$0/new/grub.cfg"' "$tftp"

plan
