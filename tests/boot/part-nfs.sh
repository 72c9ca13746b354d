# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a client that mounts the tree by NFSv3 and NFSv4 beside each other. The truth that it is compared with
# is what the server's own kernel finds in the ISOs: isofs and squashfs over loop devices, without pxefs.

nfs_client_start
check "nfs: the client starts" wait_screen client 120 pxefs-client-ready
check "nfs: version 3 mounts" on client 60 "mkdir -p /mnt/v3 /mnt/v4 && mount -t nfs -o vers=3,nolock,ro $server:/pxe /mnt/v3"
check "nfs: version 4.2 mounts" on client 60 "mount -t nfs -o vers=4.2,ro $server:/pxe /mnt/v4"
check "nfs: as the versions that were asked for" on client 20 \
	'grep -q " /mnt/v3 nfs .*vers=3" /proc/mounts && grep -q " /mnt/v4 nfs4 .*vers=4.2" /proc/mounts'

check "nfs: the server's kernel mounts the ISOs and what is in them" on server 60 'set -e; for n in debian-live gentoo-minimal; do
	mkdir -p /run/truth/$n/iso /run/truth/$n/root; mount -o loop,ro /srv/iso/$n.iso /run/truth/$n/iso; done;
	mount -o loop,ro /run/truth/debian-live/iso/live/filesystem.squashfs /run/truth/debian-live/root;
	mount -o loop,ro /run/truth/gentoo-minimal/iso/image.squashfs /run/truth/gentoo-minimal/root'

# same_tree VERSION data|all SECONDS TREE
same_tree()
{
	wanted=$(on server "$3" "/usr/local/lib/boot-test/tree-sums $2 /run/truth/$4 >/run/truth/sums; wc -l </run/truth/sums; md5sum </run/truth/sums")
	got=$(on client "$3" "/usr/local/lib/boot-test/tree-sums $2 /mnt/$1/$4 >/tmp/sums; wc -l </tmp/sums; md5sum </tmp/sums")
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
on server 30 'for n in debian-live gentoo-minimal; do umount /run/truth/$n/root /run/truth/$n/iso; done' >unmounted || cat unmounted

for version in v3 v4; do
	check "nfs: $version: ls -lR over everything" on client 300 \
		"cd /mnt/$version && ls -lR >/tmp/list.$version 2>/tmp/list.err && ! grep . /tmp/list.err && grep -q busybox /tmp/list.$version"
done
check "nfs: and both versions list the same" on client 60 \
	'diff /tmp/list.v3 /tmp/list.v4 >/tmp/list.diff || { wc -l </tmp/list.diff; head -n 40 /tmp/list.diff; exit 1; }'

# What is open stays open: over dropped caches, and over a server process that is killed again and again.
wanted=$(on server 120 'i=/srv/iso/gentoo-minimal.iso; md5sum </pxe/gentoo-minimal/root/usr/share/numbers; ls /pxe/gentoo-minimal/iso/boot;
	cd /pxe/gentoo-minimal/iso/boot && md5sum grub/grub.cfg; tail -c +65537 $i | md5sum' | tr -s '\n')
keeper=$(on server 20 'pgrep -o -x pxefs')
for version in v3 v4; do
	on client 60 "echo 3 >/proc/sys/vm/drop_caches; /usr/local/lib/boot-test/hold-open /mnt/$version/gentoo-minimal $version >/tmp/$version.log 2>&1 &
		for i in \$(seq 100); do [ -e /tmp/$version.open ] && exit 0; sleep 0.1; done; cat /tmp/$version.log; exit 1" >opened || {
		not_ok "nfs: $version: files are opened"
		sed 's/^/# /' opened
	}
done
check "nfs: the server drops its caches" on server 60 'sync; echo 3 >/proc/sys/vm/drop_caches'
first=$(on server 20 'pgrep -f ^pxefs-server')
check "nfs: and its pxefs-server is killed" on server 60 'kill -9 $(pgrep -f ^pxefs-server)'
on client 20 'echo 2 >/proc/sys/vm/drop_caches; touch /tmp/v3.go /tmp/v4.go' || :
check "nfs: four times more, while the clients read" on server 120 \
	'for i in 1 2 3 4; do sleep 0.7; p=; for j in $(seq 100); do p=$(pgrep -f ^pxefs-server) && break; sleep 0.1; done; kill -9 $p || exit 1; done'
for version in v3 v4; do
	got=$(on client 300 "for i in \$(seq 2500); do [ -e /tmp/$version.done ] && break; sleep 0.1; done; cat /tmp/$version.done" | tr -s '\n')
	is "$got" "$wanted" "nfs: $version: what was open is read on, with the right bytes"
done
is "$(on server 20 'pgrep -o -x pxefs')" "$keeper" "nfs: the keeper is the one it was"
check "nfs: the server process is another" on server 30 \
	"for i in \$(seq 100); do p=\$(pgrep -f ^pxefs-server) && [ \"\$p\" != '$first' ] && exit 0; sleep 0.1; done; exit 1"
for version in v3 v4; do
	check "nfs: $version: the client has no error in its kernel's log and goes on" on client 60 \
		"cat /mnt/$version/status >/dev/null && ! dmesg | grep -iE 'nfs: server .* (not responding|error)|stale'"
done
check "nfs: the client unmounts" on client 60 'umount /mnt/v3 && umount /mnt/v4'
machine_end client
