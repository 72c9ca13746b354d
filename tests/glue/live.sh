#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A real tree with pxefs-loader's images, the distribution's own atftpd at the real port and nginx with our sample, in
# a network of their own: pxefs-check finds all of it, and what is taken away.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

need_root
own_network || skip "no right to a network of its own"
need_fuse
requires xorriso atftpd atftp curl setpriv

mkdir folder mnt tree loader
echo 'a kernel' >tree/ipxe.krn
printf 'default ipxe\nlabel ipxe\n\tkernel ipxe.krn\n' >tree/isolinux.cfg
make_iso tree folder/disc.iso
if sh "$TOP_SRCDIR/tftp-glue/pxefs-loader" --dir "$tmp/loader" >made 2>&1 && [ -e loader/grub.pxe ]; then
	real_images=1
else
	real_images=
	mkdir -p loader/i386-pc
	echo image >loader/grub.pxe
	echo module >loader/i386-pc/normal.mod
fi
mount_pxefs folder mnt -o state=,loader="$tmp/loader",http
tree=$tmp/mnt

status=0
look()
{
	status=0
	sh "$TOP_SRCDIR/tftp-glue/pxefs-check" "$@" "$tree" >said 2>errors || status=$?
}
says()		# says DESCRIPTION PATTERN
{
	if grep -qE -e "$2" said; then
		ok "$1"
	else
		not_ok "$1"
		sed 's/^/# /' said errors
	fi
}

look --without nfs,http
is "$status" 1 "without servers something is missing"
says "and what" '^MISSING  tftp: nobody listens on UDP port 69'
says "the mount is seen" "^ok       mount: pxefs is mounted on $tree"
says "open to all" '^ok       mount: open to all'
says "without links" '^ok       mount: links inside'
says "and readable by nobody" '^ok       tree: readable by the user nobody'
says "with its ISO" '^ok       tree: 1 served, 0 not'

atftpd_serves()	# atftpd_serves DIR
{
	atftpd --daemon --no-fork --user nobody --group nogroup --logfile - "$1" >atftpd.log 2>&1 &
	server=$!
	cleanup_fn end_process "$server"
	wait_for 10 sh -c 'grep -q ":0045 " /proc/net/udp /proc/net/udp6'
}
mkdir other
cp -r loader other/boot
chmod 755 other
atftpd_serves "$tmp/other"
look --without nfs,http
says "a server of another directory is found" "^MISSING  tftp: port 69 is held by atftpd \(process [0-9]*\) and serves $tmp/other"
says "and that the image does not come" '^MISSING  tftp: boot/grub/grub.pxe cannot be fetched'
end_process "$server"

atftpd_serves "$tree"
look --without nfs,http
is "$status $(grep -c MISSING said) $(cat errors)" "0 0 " "with atftpd nothing is missing"
says "the server is known" "^ok       tftp: port 69 is held by atftpd \(process [0-9]*\) and serves $tree"
says "the image comes" '^ok       tftp: boot/grub/grub.pxe comes from 127.0.0.1'
mkdir without-curl
for tool in awk cat cmp cut find grep head id mktemp printf rm sed setpriv sh sort tail timeout tr atftp; do
	ln -s "$(command -v $tool)" without-curl/$tool 2>/dev/null || :
done
sed 's/^PATH=.*/PATH=$TEST_PATH/' "$TOP_SRCDIR/tftp-glue/pxefs-check" >check-without-curl
status=0
TEST_PATH=$tmp/without-curl sh check-without-curl --without nfs,http "$tree" >said 2>errors || status=$?
is "$status $(cat errors)" "0 " "with atftp as the client too"
says "the image comes that way" '^ok       tftp: boot/grub/grub.pxe comes from 127.0.0.1'

check "the menu is also where signed GRUB images look" cmp mnt/grub/grub.cfg mnt/boot/grub/grub.cfg
if [ -n "$real_images" ]; then
	for file in grub.pxe $(cd loader && ls ./*/core.efi 2>/dev/null); do
		curl -sf --max-time 60 -o got "tftp://127.0.0.1/boot/grub/$file" || :
		check "$file comes as it was made" cmp got "loader/$file"
	done
else
	ok "pxefs-loader's images over TFTP # SKIP $(tail -n 1 made)"
fi

look --without nfs
is "$status" 1 "the menus say HTTP, and there is none"
says "which is said" '^MISSING  http: http://127.0.0.1/boot/grub/grub.cfg cannot be fetched'
if command -v nginx >/dev/null; then
	sed "s|root /pxe;|root $tree;|" "$TOP_SRCDIR/tftp-glue/nginx.conf" >site.conf
	mkdir body
	cat >nginx.conf <<-CONF
	daemon off;
	pid $tmp/nginx.pid;
	error_log stderr;
	user nobody nogroup;
	events {}
	http {
		access_log off;
		client_body_temp_path $tmp/body;
		proxy_temp_path $tmp/body;
		fastcgi_temp_path $tmp/body;
		uwsgi_temp_path $tmp/body;
		scgi_temp_path $tmp/body;
		include $tmp/site.conf;
	}
	CONF
	check "nginx accepts its sample" nginx -t -e stderr -c "$tmp/nginx.conf"
	nginx -e stderr -c "$tmp/nginx.conf" 2>nginx.log &
	server=$!
	cleanup_fn end_process "$server"
	wait_for 10 sh -c 'grep -q ":0050 " /proc/net/tcp' || :
	look --without nfs
	is "$status" 0 "with nginx nothing is missing"
	says "and it is the tree" '^ok       http: http://127.0.0.1 is the tree'
	is "$(curl -sf http://127.0.0.1/disc/kernel/ipxe.krn)" 'a kernel' "a kernel comes over HTTP"
	is "$(curl -sf -r 2-7 http://127.0.0.1/disc/kernel/ipxe.krn)" kernel "and a part of it"
	check "as GRUB wants it" sh -c 'curl -sfI http://127.0.0.1/disc/kernel/ipxe.krn | grep -q "^HTTP/1.1 200"'
	check "the catalogue is the page" sh -c 'curl -sf http://127.0.0.1/ | cmp - "$0/index.html"' "$tree"
else
	ok "nginx # SKIP nginx is not installed"
fi

unmount_pxefs mnt
look --without nfs,http
says "an unmounted tree is found" "^MISSING  mount: nothing is mounted on $tree"

plan
