# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after machine.sh: the server of the boot tests, and a second machine of the same make as its client.
# It is set up as the README tells an administrator, before its power is first switched on.

server=192.0.2.1
loader=/var/lib/pxefs/loader

# server_make TAR [UNTOUCHED]: from image.sh's archive makes $tmp/root.img, $tmp/vmlinuz and $tmp/initrd; and UNTOUCHED,
# the same disk before an administrator touched it.
server_make()
{
	mkdir "$tmp/root"
	tar -C "$tmp/root" -xf "$1" --numeric-owner
	cp "$tmp/root"/boot/vmlinuz-* "$tmp/vmlinuz"
	cp "$tmp/root"/boot/initrd.img-* "$tmp/initrd"
	server_machine "$tmp/root"
	server_programs "$tmp/root"
	[ -z "${2:-}" ] || disk_of "$tmp/root" "$2" 300
	server_administrate "$tmp/root"
	disk_of "$tmp/root" "$tmp/root.img" 300
	rm -rf "$tmp/root"
}

# disk_of DIR DISK MEGABYTES [mke2fs's option...]: a disk with that directory's content and so much room beside it.
disk_of()
{
	from=$1
	disk=$2
	room=$3
	shift 3
	mke2fs -q -t ext4 -O ^has_journal -m 0 -E root_owner=0:0 "$@" -d "$from" "$disk" \
		$(($(du -sm "$from" | cut -f1) * 21 / 20 + room))m >/dev/null
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
	for file in agent client-init hold-open tree-sums; do
		install -m 755 "$TOP_SRCDIR/tests/boot/$file" "$1/usr/local/lib/boot-test/"
	done
	cat >"$1/etc/systemd/system/boot-test-agent.service" <<'TEXT'
[Unit]
Description=Lets the boot test look into this machine
DefaultDependencies=no
After=systemd-udevd.service
StartLimitIntervalSec=0

[Service]
ExecStart=/usr/local/lib/boot-test/agent
StandardOutput=journal
IgnoreSIGPIPE=no
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
ExecStart=/bin/sh -c '{ echo; systemctl --failed --no-legend; echo pxefs-server-ready; } >/dev/ttyS0'

[Install]
WantedBy=multi-user.target
TEXT
	chroot "$1" systemctl --quiet enable boot-test-agent.service boot-test-ready.service
	# Nothing of a test machine is to be waited for; and a login prompt takes the serial port away from who is writing.
	chroot "$1" systemctl --quiet mask systemd-networkd-wait-online.service e2scrub_reap.service apt-daily.timer \
		apt-daily-upgrade.timer getty@tty1.service serial-getty@ttyS0.service
	chroot "$1" systemctl --quiet disable nginx.service
}

# What "make install" puts there.
server_programs()
{
	glue=$TOP_SRCDIR/tftp-glue
	install -m 755 "$PXEFS" "$1/usr/local/bin/pxefs"
	install -m 755 "$glue/pxefs-loader" "$glue/pxefs-check" "$1/usr/local/sbin/"
	# That is in a checkout, for who runs bootstrap there.
	mkdir "$1/usr/local/lib/boot-test/tftp-glue"
	cp "$glue/setup.sh" "$glue/pxefs-loader" "$1/usr/local/lib/boot-test/tftp-glue/"
}

# What the README tells an administrator, with the project's files as they are: they work unedited on the network
# that they are written for, and that is this wire.
server_administrate()
{
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
	disk_of "$1" "$tmp/srv.img" 400 -L srv
}

# server_start [NAME DISK SRV-DISK]: on a wire of its own, on which the next client will be. Without arguments the
# server, whose root disk is as before when it is switched on again. The kernel's watchdogs have more patience than
# usual: a virtual processor that the host does not run for half a minute has no fault.
server_start()
{
	[ $# != 0 ] || set -- server "$tmp/root.img,snapshot=on" "$tmp/srv.img"
	wire=$tmp/wire-$1
	machine_start "$1" 1024 -kernel "$tmp/vmlinuz" -initrd "$tmp/initrd" \
		-append "root=/dev/vda console=ttyS0 net.ifnames=0 quiet systemd.show_status=yes \
			rcupdate.rcu_cpu_stall_timeout=300 watchdog_thresh=60" \
		-drive "format=raw,if=virtio,file=$2" -drive "format=raw,if=virtio,file=$3" \
		-netdev "stream,id=wire,server=on,addr.type=unix,addr.path=$wire" \
		-device virtio-net-pci,netdev=wire,mac=52:54:00:00:00:01,romfile=
}

# remount_pxe PART OPTIONS: takes the tree down as the README says, gives its line in fstab these options too, and has
# it served again. The unmounting may take some minutes, as the README says too.
remount_pxe()
{
	check "$1: what is exported is unmounted with two commands" on server 400 "exportfs -u 192.0.2.0/24:/pxe &&
		timeout $((360 * slowness)) sh -c 'until umount /pxe; do sleep 5; done'"
	check "$1: mounted again, with $2, by fstab" on server 120 \
		"sed -i '/fuse.pxefs/s/nofail/nofail,$2/' /etc/fstab && systemctl daemon-reload && mount /pxe &&
		exportfs -ra && exportfs | grep -q /pxe"
	check "$1: and served" await server 60 'grep -q "^debian-live	served" /pxe/status'
}

# What a kernel tells of the virtual machine that it is in, and not of a fault.
kernel_is_harmless()
{
	grep -v \
		-e '^tsc: ' -e '^TSC ' \
		-e '^clocksource: ' -e '^hrtimer: interrupt took ' -e '^sched_clock: Marking unstable ' \
		-e '^APIC calibration not consistent with PM-Timer: ' \
		-e '^amd_pstate: the _CPC object is not present in SBIOS or ACPI disabled' \
		-e "^acpi PNP0A03:00: fail to add MMCONFIG information, can't access extended" || :
	# The first six: the host did not run the virtual processor, or its timers, for a while. The others: QEMU's "pc" has
	# no such tables and no such configuration space.
}

# kernel_is_quiet NAME: nothing from that machine's kernel is a warning or worse, but for what is harmless; prints it.
kernel_is_quiet()
{
	on "$1" 30 'dmesg --kernel --notime --level=emerg,alert,crit,err,warn' >"$tmp/said" || return 1
	! grep . "$tmp/said" | kernel_is_harmless | grep .
}

# nfs_client_start: a machine of the same make that only has an address and the agent; booted from its disk.
nfs_client_start()
{
	machine_start client 768 -kernel "$tmp/vmlinuz" -initrd "$tmp/initrd" \
		-append "root=/dev/vda ro console=ttyS0 net.ifnames=0 quiet init=/usr/local/lib/boot-test/client-init" \
		-drive "file=$tmp/root.img,format=raw,if=virtio,snapshot=on" \
		-netdev "stream,id=wire,server=off,addr.type=unix,addr.path=$wire" \
		-device virtio-net-pci,netdev=wire,mac=52:54:00:00:00:03,romfile=
}

# pxe_client_start NAME MAC QEMU-ARG...: a machine with an empty disk that knows nothing but its network card.
pxe_client_start()
{
	name=$1
	mac=$2
	shift 2
	truncate -s 64M "$tmp/$name.disk"
	machine_start "$name" 1024 -boot n -drive "file=$tmp/$name.disk,format=raw,if=virtio" \
		-netdev "stream,id=wire,server=off,addr.type=unix,addr.path=$wire" \
		-device "virtio-net-pci,netdev=wire,mac=$mac" "$@"
}
