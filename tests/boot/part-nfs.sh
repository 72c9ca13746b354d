# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a client that mounts the tree by NFSv3 and NFSv4 beside each other. The truth that it is compared
# with is what the server's own kernel finds in the ISOs: isofs and squashfs over loop devices, without pxefs.

nfs_client_start
check "nfs: the client starts" wait_screen client 120 pxefs-client-ready
check "nfs: version 3 mounts" on client 60 \
	"mkdir -p /mnt/v3 /mnt/v4 && mount -t nfs -o vers=3,nolock,ro $server:/pxe /mnt/v3"
check "nfs: version 4.2 mounts" on client 60 "mount -t nfs -o vers=4.2,ro $server:/pxe /mnt/v4"
check "nfs: as the versions that were asked for" on client 20 \
	'grep -q " /mnt/v3 nfs .*vers=3" /proc/mounts && grep -q " /mnt/v4 nfs4 .*vers=4.2" /proc/mounts'

check "nfs: the server's kernel mounts the ISOs and what is in them" on server 60 'set -e;
	for n in debian-live gentoo-minimal; do mkdir -p /run/truth/$n/iso /run/truth/$n/root;
		mount -o loop,ro /srv/iso/$n.iso /run/truth/$n/iso; done;
	mount -o loop,ro /run/truth/debian-live/iso/live/filesystem.squashfs /run/truth/debian-live/root;
	mount -o loop,ro /run/truth/gentoo-minimal/iso/image.squashfs /run/truth/gentoo-minimal/root'

# same_tree VERSION data|all SECONDS TREE
same_tree()
{
	sums=/usr/local/lib/boot-test/tree-sums
	wanted=$(on server "$3" "$sums $2 /run/truth/$4 >/run/truth/sums; cd /run/truth; wc -l <sums; md5sum <sums")
	got=$(on client "$3" "$sums $2 /mnt/$1/$4 >/tmp/sums; wc -l </tmp/sums; md5sum </tmp/sums")
	is "$got" "$wanted" "nfs: $1: $4 is what the kernel finds in the ISO ($(echo "$wanted" | head -n 1) lines)"
	if [ "$got" != "$wanted" ]; then
		on server 60 'gzip -c /run/truth/sums | base64 -w 0' | base64 -d | gzip -d >wanted
		on client 60 'gzip -c /tmp/sums | base64 -w 0' | base64 -d | gzip -d >got
		diff wanted got | head -n 40 | sed 's/^/# /' || :
	fi
}
same_tree v3 data 300 gentoo-minimal/iso
same_tree v4 all 300 gentoo-minimal/root
same_tree v4 data 300 debian-live/iso
same_tree v3 all 600 debian-live/root
on server 30 'for n in debian-live gentoo-minimal; do umount /run/truth/$n/root /run/truth/$n/iso; done' >unmounted ||
	cat unmounted

# What no copy was made of, an ISO with one file more, is an ISO for a kernel, over a loop device.
check "nfs: an ISO that takes an answer is there" on server 20 'mv /srv/later/answered.iso /srv/iso/'
echo 'fqdn = "one.lab"' | put_file /srv/iso/answered.answer.toml
check "nfs: the archive with that answer in it" await server 30 'ls -l /pxe/answered/answer.cpio'
check "nfs: the server's kernel mounts the ISO out of it, and the one that it was made of" on server 60 'set -e;
	mkdir -p /run/answered /run/truth/with /run/truth/without; cd /run/answered;
	cpio --quiet -i </pxe/answered/answer.cpio; ls -l;
	mount -o loop,ro proxmox.iso /run/truth/with; mount -o loop,ro /srv/iso/answered.iso /run/truth/without'
is "$(on server 20 'cd /run/truth/with && cat answer.toml auto-installer-mode.toml' | tr -s '\n')" \
	"$(printf 'fqdn = "one.lab"\nmode = "iso"')" "nfs: and finds the answer"
check "nfs: all else is as it was" on server 60 'set -e; cd /run/answered; sums=/usr/local/lib/boot-test/tree-sums;
	$sums data /run/truth/without >without; $sums data /run/truth/with >with; grep linux26 with;
	grep answer.toml with; grep -vE " ?[.]/(answer|auto-installer-mode)[.]toml( |$)" with >rest; diff without rest'
check "nfs: no word of it in its log" on server 20 '! dmesg | grep -iE "isofs|rock|iso9660.*(error|fail)"'
is "$(on client 60 'cd /tmp && cpio --quiet -i </mnt/v3/answered/answer.cpio && md5sum <proxmox.iso; rm -f proxmox.iso')" \
	"$(on server 20 'md5sum </run/answered/proxmox.iso')" "nfs: a client has the same ISO of it"
on server 20 'umount /run/truth/with /run/truth/without; rm -r /run/answered; rm /srv/iso/answered.*' >unmounted ||
	cat unmounted

for version in v3 v4; do
	check "nfs: $version: ls -lR over everything" on client 300 "cd /mnt/$version &&
		ls -lR >/tmp/list.$version 2>/tmp/errors && ! grep . /tmp/errors && grep -q busybox /tmp/list.$version"
done
check "nfs: and both versions list the same" on client 60 \
	'cd /tmp; diff list.v3 list.v4 >list.diff || { wc -l <list.diff; head -n 40 list.diff; exit 1; }'

# What is open stays open: over dropped caches, and over a server process that is killed again and again.
wanted=$(on server 120 'md5sum </pxe/gentoo-minimal/root/usr/share/numbers; ls /pxe/gentoo-minimal/iso/boot;
	md5sum </pxe/gentoo-minimal/iso/boot/grub/grub.cfg;
	head -c 120065536 /srv/iso/debian-live.iso | tail -c +65537 | md5sum' | tr -s '\n')
keeper=$(on server 20 'pgrep -o -x pxefs')
for version in v3 v4; do
	on client 20 "echo 3 >/proc/sys/vm/drop_caches; rm -f /tmp/$version.*;
		/usr/local/lib/boot-test/hold-open /mnt/$version $version >/tmp/$version.log 2>&1 &" >/dev/null || :
	check "nfs: $version: files are opened" await client 60 "cat /tmp/$version.log; [ -e /tmp/$version.open ]"
done
check "nfs: the server drops its caches" on server 60 'sync; echo 3 >/proc/sys/vm/drop_caches'
first=$(on server 20 'pgrep -f ^pxefs-server')
check "nfs: and its pxefs-server is killed" on server 60 'kill -9 $(pgrep -f ^pxefs-server)'
on client 20 'echo 2 >/proc/sys/vm/drop_caches; touch /tmp/v3.go /tmp/v4.go' >/dev/null || :
# Each time when the clients have read on for some megabytes: more than the caches hold ready for them.
for time in second third fourth fifth; do
	read_before=$(on server 20 'sed -n "s/^io \([0-9]*\) .*/\1/p" /proc/net/rpc/nfsd' | grep .)
	check "nfs: it is killed a $time time while the clients read" await server 60 \
		"read=\$(sed -n 's/^io \([0-9]*\) .*/\1/p' /proc/net/rpc/nfsd); echo \$read after $read_before;
		[ \$read -ge $((read_before + 8388608)) ] && kill -9 \$(pgrep -f ^pxefs-server)"
done
read_before=$(on server 20 'sed -n "s/^io \([0-9]*\) .*/\1/p" /proc/net/rpc/nfsd' | grep .)
check "nfs: and they still read after that" await server 60 \
	"[ \$(sed -n 's/^io \([0-9]*\) .*/\1/p' /proc/net/rpc/nfsd) -ge $((read_before + 8388608)) ]"
for version in v3 v4; do
	await client 300 "[ -e /tmp/$version.done ]" >/dev/null || :
	got=$(on client 20 "cat /tmp/$version.done" | tr -s '\n')
	is "$got" "$wanted" "nfs: $version: what was open is read on, with the right bytes"
done
is "$(on server 20 'pgrep -o -x pxefs')" "$keeper" "nfs: the keeper is the one it was"
check "nfs: the server process is another" await server 30 \
	"p=\$(pgrep -f ^pxefs-server) && [ \"\$p\" != '$(echo "$first" | xargs)' ]"
for version in v3 v4; do
	check "nfs: $version: the client has no error in its kernel's log and goes on" on client 60 \
		"cat /mnt/$version/status >/dev/null &&
		! dmesg | grep -iE 'nfs: server .* (not responding|error)|stale'"
done
check "nfs: the client unmounts" on client 60 'umount /mnt/v3 && umount /mnt/v4'
machine_end client
