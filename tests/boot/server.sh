# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after machine.sh: the server of the boot tests, and a second machine of the same make as its client.
# It is set up as the README tells an administrator, before its power is first switched on.

server=192.0.2.1
loader=/var/lib/pxefs/loader

# server_make TAR: from image.sh's archive makes $tmp/root.img, $tmp/vmlinuz and $tmp/initrd.
server_make()
{
	mkdir "$tmp/root"
	tar -C "$tmp/root" -xf "$1" --numeric-owner
	cp "$tmp/root"/boot/vmlinuz-* "$tmp/vmlinuz"
	cp "$tmp/root"/boot/initrd.img-* "$tmp/initrd"
	server_machine "$tmp/root"
	server_administrate "$tmp/root"
	mke2fs -q -t ext4 -O ^has_journal -m 0 -E root_owner=0:0 -d "$tmp/root" "$tmp/root.img" \
		$(($(du -sm "$tmp/root" | cut -f1) + 300))m >/dev/null
	rm -rf "$tmp/root"
}

# What makes it a machine, and one that a test can look into: nothing of this is about booting clients.
server_machine()
{
	cat >"$1/etc/fstab" <<'TEXT'
/dev/vda / ext4 rw 0 1
LABEL=srv /srv ext4 rw 0 2
TEXT
	echo pxefs-server >"$1/etc/hostname"
	echo "$server pxefs-server" >>"$1/etc/hosts"
	cat >"$1/etc/systemd/network/10-wire.network" <<TEXT
[Match]
Type=ether

[Network]
Address=$server/24
ConfigureWithoutCarrier=yes
TEXT
	chroot "$1" systemctl --quiet enable systemd-networkd.service
	mkdir -p "$1/usr/local/lib/boot-test"
	cp "$TOP_SRCDIR/tests/boot/agent" "$TOP_SRCDIR/tests/boot/client-init" "$TOP_SRCDIR/tests/boot/tree-sums" "$TOP_SRCDIR/tests/boot/hold-open" \
		"$1/usr/local/lib/boot-test/"
	chmod 755 "$1"/usr/local/lib/boot-test/*
	cat >"$1/etc/systemd/system/boot-test-agent.service" <<'TEXT'
[Unit]
Description=Lets the boot test look into this machine
DefaultDependencies=no
After=systemd-udevd.service
StartLimitIntervalSec=0

[Service]
ExecStart=/usr/local/lib/boot-test/agent
StandardOutput=journal
Restart=always
RestartSec=1

[Install]
WantedBy=sysinit.target
TEXT
	cat >"$1/etc/systemd/system/boot-test-ready.service" <<'TEXT'
[Unit]
Description=Tells the first serial port that this machine has started
After=multi-user.target

[Service]
Type=oneshot
ExecStart=/bin/sh -c '{ echo; echo pxefs-server-ready; systemctl --failed --no-legend; cat /proc/uptime; } >/dev/ttyS0'

[Install]
WantedBy=multi-user.target
TEXT
	chroot "$1" systemctl --quiet enable boot-test-agent.service boot-test-ready.service
	# Nothing of a test machine is to be waited for.
	chroot "$1" systemctl --quiet mask systemd-networkd-wait-online.service e2scrub_reap.service apt-daily.timer \
		apt-daily-upgrade.timer getty@tty1.service
	chroot "$1" systemctl --quiet disable nginx.service
}

# What the README tells an administrator, with the project's files as they are: they work unedited on the network
# that they are written for, and that is this wire.
server_administrate()
{
	glue=$TOP_SRCDIR/tftp-glue
	install -m 755 "$PXEFS" "$1/usr/local/bin/pxefs"
	install -m 755 "$glue/pxefs-loader" "$glue/pxefs-check" "$1/usr/local/sbin/"
	mkdir -p "$1/pxe" "$1/etc/exports.d"
	grep -v '^#' "$TOP_SRCDIR/examples/fstab" >>"$1/etc/fstab"
	cp "$TOP_SRCDIR/examples/pxe.exports" "$1/etc/exports.d/pxe.exports"
	cp "$glue/atftpd.default" "$1/etc/default/atftpd"
	chroot "$1" pxefs-loader >"$tmp/loader.log" || {
		sed 's/^/# pxefs-loader: /' "$tmp/loader.log"
		return 1
	}
	# The router's part.
	cp "$glue/dnsmasq-dhcp.conf" "$1/etc/dnsmasq.d/pxefs.conf"
	# For the part over HTTP, and started there.
	cp "$glue/nginx.conf" "$1/etc/nginx/sites-available/pxefs"
	ln -s ../sites-available/pxefs "$1/etc/nginx/sites-enabled/pxefs"
	rm "$1/etc/nginx/sites-enabled/default"
}

# server_disk DIR: the server's second disk, $tmp/srv.img, from a directory that becomes /srv.
server_disk()
{
	mke2fs -q -t ext4 -O ^has_journal -m 0 -L srv -E root_owner=0:0 -d "$1" "$tmp/srv.img" \
		$(($(du -sm "$1" | cut -f1) * 21 / 20 + 400))m >/dev/null
}

server_start()
{
	machine_start server 1024 -kernel "$tmp/vmlinuz" -initrd "$tmp/initrd" \
		-append "root=/dev/vda console=ttyS0 net.ifnames=0 quiet systemd.show_status=yes" \
		-drive "file=$tmp/root.img,format=raw,if=virtio,snapshot=on" \
		-drive "file=$tmp/srv.img,format=raw,if=virtio" \
		-netdev "stream,id=wire,server=on,addr.type=unix,addr.path=$tmp/wire" \
		-device virtio-net-pci,netdev=wire,mac=52:54:00:00:00:01,romfile=
}

# wired: arguments of a client's card on the server's wire; one client at a time.
wired="-netdev stream,id=wire,server=off,addr.type=unix,addr.path=$tmp/wire"

# nfs_client_start: a machine of the same make that only has an address and the agent; booted from its disk.
nfs_client_start()
{
	machine_start client 768 -kernel "$tmp/vmlinuz" -initrd "$tmp/initrd" \
		-append "root=/dev/vda ro console=ttyS0 net.ifnames=0 quiet init=/usr/local/lib/boot-test/client-init" \
		-drive "file=$tmp/root.img,format=raw,if=virtio,snapshot=on" \
		$wired -device virtio-net-pci,netdev=wire,mac=52:54:00:00:00:03,romfile=
}

# pxe_client_start NAME MAC QEMU-ARG...: a machine with an empty disk that knows nothing but its network card.
pxe_client_start()
{
	name=$1
	mac=$2
	shift 2
	truncate -s 64M "$tmp/$name.disk"
	machine_start "$name" 1024 -boot n -drive "file=$tmp/$name.disk,format=raw,if=virtio" \
		$wired -device "virtio-net-pci,netdev=wire,mac=$mac" "$@"
}
