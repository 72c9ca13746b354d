#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# pxefs-check on made-up machines: a sound one has nothing missing, and each thing taken from it is found, alone.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

# Tools that say what a machine would; each reads the file of its name in $tmp/m.
mkdir bin
for tool in rpcinfo nft iptables; do
	printf '#!/bin/sh\ncat "%s/said/%s" 2>/dev/null\n' "$tmp" "$tool" >bin/$tool
done
# curl PROTOCOL://ADDRESS/PATH: TFTP and HTTP serve the directories $tmp/tftp and $tmp/http.
cat >bin/curl <<TOOL
#!/bin/sh
[ "\$1" != -V ] || { echo 'Protocols: http tftp'; exit; }
while [ \$# != 1 ]; do [ "\$1" != -o ] || out=\$2; shift; done
echo "\$1" >>'$tmp/asked'
case \$1 in
tftp://*) cp '$tmp/tftp'/"\${1#tftp://*/}" "\$out" ;;
http://*) cp '$tmp/http'/"\${1#http://*/}" "\$out" ;;
esac 2>/dev/null
TOOL
chmod +x bin/*
PATH=$tmp/bin:$PATH

mountinfo='43 27 0:40 / /pxe ro,nosuid,nodev,relatime,nosymfollow - fuse.pxefs /srv/iso ro,user_id=0,group_id=0,default_permissions,allow_other'
etab='/pxe	192.0.2.0/24(ro,sync,wdelay,hide,nocrossmnt,secure,no_root_squash,no_all_squash,no_subtree_check,secure_locks,acl,no_pnfs,fsid=7078,mountpoint,anonuid=65534,anongid=65534,sec=sys,ro,secure,no_root_squash,no_all_squash)'

# sound: the machine $tmp/m, on which nothing is missing.
sound()
{
	cd "$tmp"
	rm -rf m said tftp http asked
	mkdir -p m/proc/self m/proc/net m/proc/1/fd m/proc/812/fd m/proc/fs/nfsd m/etc/default m/etc/exports.d m/var/lib/nfs \
		m/pxe/boot/grub/i386-pc m/pxe/boot/grub/x86_64-efi m/pxe/disc m/sys said
	echo "$mountinfo" >m/proc/self/mountinfo
	printf '# name\tstate\tfamily\tboots\treason\ndisc\tserved\tmemtest\tkernel alone\t-\nbad\trejected\t-\t-\tno volume\n' \
		>m/pxe/status
	echo image >m/pxe/boot/grub/grub.pxe
	echo menu >m/pxe/boot/grub/grub.cfg
	echo image >m/pxe/boot/grub/x86_64-efi/core.efi
	echo module >m/pxe/boot/grub/i386-pc/normal.mod
	echo 'set pxefs_files="$pxefs_base"' >m/pxe/disc/grub.cfg
	cp -r m/pxe tftp
	cp -r m/pxe http
	printf '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n' \
		>m/proc/net/udp
	printf ' 300: 00000000:0045 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 77001 2 0000 0\n' \
		>>m/proc/net/udp
	printf ' 301: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 66001 2 0000 0\n' \
		>>m/proc/net/udp
	ln -s 'socket:[77001]' m/proc/812/fd/0
	ln -s 'socket:[66001]' m/proc/1/fd/3
	echo systemd >m/proc/1/comm
	echo atftpd >m/proc/812/comm
	printf '/usr/sbin/atftpd\0--daemon\0--maxthread\000100\0/pxe\0' >m/proc/812/cmdline
	echo 8 >m/proc/fs/nfsd/threads
	echo '-2 +3 +4 +4.1 +4.2' >m/proc/fs/nfsd/versions
	echo "$etab" >m/var/lib/nfs/etab
	echo '/srv/iso /pxe fuse.pxefs nofail,x-systemd.before=nfs-server.service 0 0' >m/etc/fstab
	printf '   program vers proto   port  service\n    100000    4   tcp    111  portmapper\n    100005    3   udp  20048  mountd\n    100003    3   tcp   2049  nfs\n' \
		>said/rpcinfo
	chmod -R a+rX m
}

# look [option...]: runs the command on it; what is missing goes to the file missing, notes to notes.
look()
{
	status=0
	sh "$TOP_SRCDIR/tftp-glue/pxefs-check" --root "$tmp/m" "$@" >said.txt 2>errors || status=$?
	sed -n 's/^MISSING  //p' said.txt >missing
	sed -n 's/^note     //p' said.txt >notes
}

# finds DESCRIPTION PATTERN: this and nothing else is missing.
finds()
{
	look
	if [ "$status $(wc -l <missing) $(cat errors)" = "1 1 " ] && grep -qE -e "$2" missing; then
		ok "found: $1"
	else
		not_ok "found: $1"
		{ echo "status $status, wanted $2:"; cat said.txt errors; } | sed 's/^/# /'
	fi
	sound
}

# notes DESCRIPTION PATTERN: nothing is missing, but there is a note.
notes()
{
	look
	if [ "$status$(cat errors)" = 0 ] && grep -qE -e "$2" notes; then
		ok "noted: $1"
	else
		not_ok "noted: $1"
		{ echo "status $status, wanted $2:"; cat said.txt errors; } | sed 's/^/# /'
	fi
	sound
}

sound
look
is "$status $(cat missing errors)" "0 " "a sound machine has nothing missing"
is "$(grep -v 'kernels over TFTP\|was not tried: that needs root' notes)" "" "and nothing to note but that HTTP is faster"
is "$(sed 's/ .*//' said.txt | LC_ALL=C sort -u | tr '\n' ' ')" "note ok " "each line begins with its kind"
check "it counts what is served" grep -q '1 served, 1 not' said.txt
check "it asks the port of this machine" grep -qx 'tftp://127.0.0.1:69/boot/grub/grub.pxe' asked

# The mount.
: >m/proc/self/mountinfo
finds "nothing mounted, a line in fstab" 'nothing is mounted on /pxe, but fstab.*mount /pxe'
: >m/proc/self/mountinfo
: >m/etc/fstab
finds "nothing mounted" 'nothing is mounted on /pxe: pxefs WATCHDIR'
echo '43 27 8:1 / /pxe rw - ext4 /dev/sda1 rw' >m/proc/self/mountinfo
finds "another file system" 'is ext4, not fuse.pxefs'
echo '44 27 8:1 / /pxe rw - ext4 /dev/sda1 rw' >>m/proc/self/mountinfo
finds "another one upon it" 'is ext4, not fuse.pxefs'
sed -i 's/,allow_other//' m/proc/self/mountinfo
finds "a user's mount" 'open to the user alone'
sed -i 's/,nosymfollow//' m/proc/self/mountinfo
notes "links followed" 'not nosymfollow'
sed -i '1i 42 27 0:39 / /pxe rw - autofs systemd-1 rw,fd=51' m/proc/self/mountinfo
finds "an automount below it" 'automount at /pxe'
sed -i '1i 42 27 0:39 / / rw - ext4 /dev/sda1 rw' m/proc/self/mountinfo
look
is "$(cat missing)" "" "what is no automount is none"
mkdir -p m/net
mv m/pxe m/net/pxe
sed -i -e 's| /pxe | /net/pxe |' -e '1i 42 27 0:39 / /net rw - autofs auto.net rw,fd=51' m/proc/self/mountinfo
sed -i 's|/pxe|/net/pxe|' m/var/lib/nfs/etab m/etc/fstab m/proc/812/cmdline
look /net/pxe/
is "$status $(cat missing)" "1 mount: an automount at /net: an automount at or above an exported path is not supported, clients get its empty directory; take x-systemd.automount (or autofs's line) out" \
	"found: an automount above it, at another mount point"
sound
: >m/etc/fstab
notes "not in fstab" 'not there after a restart'
: >m/etc/fstab
mkdir -p m/etc/systemd/system
: >m/etc/systemd/system/pxefs.service
look
check "a service does as well" grep -q '^ok .*pxefs.service' said.txt
sound
echo '/srv/iso /pxe fuse.pxefs nofail 0 0' >m/etc/fstab
notes "no order in fstab" 'x-systemd.before=nfs-server.service'
echo '/srv/iso /pxe fuse.pxefs noauto 0 0' >m/etc/fstab
notes "noauto in fstab" 'says noauto'

# The tree.
rm m/pxe/status
finds "no status" '/pxe/status cannot be read'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 700 m/pxe
	finds "a tree that is root's alone" 'the user nobody cannot read'
fi
rm m/pxe/boot/grub/grub.pxe
finds "no image" 'no boot/grub/grub.pxe: install grub-pc-bin, then run pxefs-loader'
rm m/pxe/boot/grub/i386-pc/normal.mod
finds "no modules" 'its modules .* are not'
rm m/pxe/boot/grub/x86_64-efi/core.efi
notes "nothing for UEFI" 'UEFI clients cannot boot'
echo shim >m/pxe/boot/grub/shimx64.efi
finds "half of a Secure Boot" 'grubx64.efi, which it loads, is not'

# TFTP.
sed -i '/:0045/d' m/proc/net/udp
finds "nobody at port 69" 'nobody listens on UDP port 69: apt-get install atftpd'
sed -i '/:0045/d' m/proc/net/udp
printf ' 1: 00000000000000000000000000000000:0045 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 77001 2 0 0\n' >m/proc/net/udp6
look
check "a server at IPv6's port 69 is one too" grep -q '^ok .*held by atftpd (process 812) and serves /pxe' said.txt
sound
rm m/proc/812/fd/0
notes "an owner that cannot be seen" 'cannot be seen: run this as root'
printf '/usr/sbin/in.tftpd\0--listen\0/srv/tftp\0' >m/proc/812/cmdline
echo in.tftpd >m/proc/812/comm
finds "another root" 'held by in.tftpd \(process 812\) and serves /srv/tftp, not /pxe'
mv m/proc/812/fd/0 m/proc/1/fd/9
echo 'OPTIONS="--tftpd-timeout 300 --verbose=5 /srv/tftp"' >m/etc/default/atftpd
finds "systemd's socket with another root" 'socket unit of systemd, which starts atftpd for /srv/tftp: in /etc/default/atftpd make /pxe'
mv m/proc/812/fd/0 m/proc/1/fd/9
cp "$TOP_SRCDIR/tftp-glue/atftpd.default" m/etc/default/atftpd
look
check "our sample is what it wants there" grep -q '^ok .*a socket unit of systemd and serves /pxe' said.txt
sound
echo dnsmasq >m/proc/812/comm
printf '# tftp-root=/no\nenable-tftp\ntftp-root=/srv/dnsmasq\n' >m/etc/dnsmasq.conf
finds "dnsmasq with another root" 'held by dnsmasq .* serves /srv/dnsmasq'
echo some-server >m/proc/812/comm
notes "a server that is not known" 'held by some-server .* not known here'
rm -r tftp
finds "a server that does not answer" 'grub.pxe cannot be fetched from 127.0.0.1'
echo other >tftp/boot/grub/grub.pxe
finds "a server of another tree" 'another file'
rm m/pxe/boot/grub/grub.pxe tftp/boot/grub/grub.pxe
look
check "without an image the menu is fetched" grep -qx 'tftp://127.0.0.1:69/boot/grub/grub.cfg' asked
sound
look --tftp 192.0.2.1:1069
check "from where one says" grep -qx 'tftp://192.0.2.1:1069/boot/grub/grub.pxe' asked
sed -i '/:0045/d' m/proc/net/udp
rm -r tftp
look --without tftp
is "$status" 0 "--without tftp"
sound

# NFS.
rm -r m/proc/fs
finds "no NFS server" 'NFS server does not run: apt-get install nfs-kernel-server'
echo 0 >m/proc/fs/nfsd/threads
finds "an NFS server without threads" 'NFS server does not run'
echo 2 >m/proc/fs/nfsd/threads
notes "few threads" '2 threads'
echo '-2 -3 +4 +4.1 +4.2' >m/proc/fs/nfsd/versions
finds "no version 3" 'version 3 is off: vers3=y'
echo '-2 +3 -4 -4.1 -4.2' >m/proc/fs/nfsd/versions
finds "no version 4" 'version 4 is off'
printf '#!/bin/sh\nexit 1\n' >said/rpcinfo
mv bin/rpcinfo rpcinfo.kept
printf '#!/bin/sh\nexit 1\n' >bin/rpcinfo
chmod +x bin/rpcinfo
finds "no rpcbind" 'rpcbind does not answer'
mv rpcinfo.kept bin/rpcinfo
sed -i '/mountd/d' said/rpcinfo
finds "no mountd" 'does not know mountd'
: >m/var/lib/nfs/etab
finds "no export" 'is not exported: put a line'
echo '/pxe2 192.0.2.0/24(ro,fsid=7)' >m/var/lib/nfs/etab
finds "an export of something else" 'is not exported: put a line'
rm m/var/lib/nfs/etab
cp "$TOP_SRCDIR/examples/pxe.exports" m/etc/exports.d/
finds "an export that is not in force" 'exports file, but is not exported: exportfs -ra'
sed -i 's/fsid=7078,//' m/var/lib/nfs/etab
finds "an export without fsid" 'without fsid='
sed -i 's/,mountpoint//' m/var/lib/nfs/etab
notes "an export without mountpoint" 'no "mountpoint"'
sed -i 's/no_root_squash/root_squash/g' m/var/lib/nfs/etab
notes "an export that squashes root" 'no "no_root_squash"'
sed -i 's/no_subtree_check/subtree_check/' m/var/lib/nfs/etab
notes "an export that checks subtrees" 'no "no_subtree_check"'
rm -r m/proc/fs
: >m/var/lib/nfs/etab
: >said/rpcinfo
look --without nfs
is "$status" 0 "--without nfs"
sound

# HTTP.
echo "set pxefs_files='(http,192.0.2.1:8080)/pxe'" >m/pxe/disc/grub.cfg
mkdir http/pxe
cp -r http/boot http/pxe
look
check "the menus' URL is asked" grep -qx 'http://192.0.2.1:8080/pxe/boot/grub/grub.cfg' asked
check "and is the tree" grep -q '^ok .*http://192.0.2.1:8080/pxe is the tree' said.txt
sound
echo 'set pxefs_files="(http,$pxefs_server)"' >m/pxe/disc/grub.cfg
rm -r http
finds "a web server that does not answer" 'http://127.0.0.1/boot/grub/grub.cfg cannot be fetched'
echo 'set pxefs_files="(http,$pxefs_server)"' >m/pxe/disc/grub.cfg
echo '<html>Welcome' >http/boot/grub/grub.cfg
finds "a web server with something else" 'is not this tree'
rm -r http
look --without http,tftp --http http://192.0.2.1/
is "$status" 0 "--without http"
sound

# Around.
mkdir -p m/sys/fs/selinux
echo 1 >m/sys/fs/selinux/enforce
notes "SELinux" 'public_content_t'
echo '	chain input { type filter hook input priority filter; policy drop; }' >said/nft
notes "a firewall of nft" 'firewall:.*2049'
printf -- '-P INPUT DROP\n' >said/iptables
notes "a firewall of iptables" 'firewall:.*2049'

for wrong in --no-such-option 'relative' '--without=nfs' '--tftp'; do
	look "$wrong"
	is "$status $(cat said.txt) $(wc -l <errors)" "2  1" "wrong usage: $wrong"
done
look --without nfs,smtp
is "$status" 2 "wrong usage: an unknown service"
look --help
is "$status" 0 "--help"
is "$(expand said.txt | awk 'length > 80')" "" "is at most 80 columns wide"

plan
