# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: a machine with Debian's packages as they come, and pxefs installed. It is set up as by "bootstrap run
# --serve", short of building; it is switched off and on; "bootstrap run --undo" takes all back. Then the sample unit
# instead of the line in fstab. All under the machine's own systemd.

setup="sh /usr/local/lib/boot-test/tftp-glue/setup.sh"

# setup_power: switches the machine on.
setup_power()
{
	server_start fresh "$tmp/untouched.img" "$tmp/srv-setup.img"
	check "setup: the machine starts" wait_screen fresh 300 pxefs-server-ready
	is "$(on fresh 60 'systemctl --failed --no-legend' | grep .)" "" "setup: no unit failed"
}

# setup_state: what serving changes on a system.
setup_state()
{
	on fresh 60 'cat /etc/fstab /etc/exports /etc/default/atftpd; stat -c "%n %A %U %G" /etc/exports.d/* /etc/fstab
		/etc/default/atftpd; ls -d /pxe /var/lib/pxefs; exportfs; grep -c " /pxe " /proc/mounts;
		systemctl is-enabled nfs-server atftpd.socket; systemctl is-active nfs-server atftpd.socket' 2>&1 || :
}

# setup_serves POINT: nothing is missing on the machine, and what a client gets by NFS and TFTP is right.
setup_serves()
{
	checked=0
	on fresh 120 'pxefs-check --without http' >report || checked=$?
	sed 's/^/# /' report
	is "$checked" 0 "setup: $1: pxefs-check finds nothing missing"
	wanted=$(on fresh 60 'md5sum </pxe/gentoo-minimal/iso/image.squashfs; md5sum </pxe/boot/grub/grub.cfg' | grep .)
	nfs_client_start
	check "setup: $1: a client starts" wait_screen client 120 pxefs-client-ready
	for version in 3 4.2; do
		got=$(on client 120 "mkdir -p /mnt/setup &&
			mount -t nfs -o vers=$version,nolock,ro $server:/pxe/gentoo-minimal/iso /mnt/setup && md5sum </mnt/setup/image.squashfs; umount /mnt/setup; cd /tmp && rm -f menu &&
			atftp --get -r boot/grub/grub.cfg -l menu $server && md5sum <menu" | grep . || :)
		is "$got" "$wanted" "setup: $1: it reads an ISO's file by NFS $version and the menu by TFTP"
	done
	machine_end client
	rm -f "$tmp"/client.*
}

setup_power
untouched=$(setup_state)
echo "$untouched" | tail -n 12 | sed 's/^/# /'
check "setup: GRUB's images and the mount, as bootstrap makes them" on fresh 300 "$setup did dir /pxe && mkdir /pxe &&
	$setup did loader /var/lib/pxefs/loader && pxefs-loader && $setup did mount /pxe && pxefs /srv/iso /pxe"
check "setup: serve" on fresh 120 "$setup serve /srv/iso /pxe 192.0.2.0/24"
setup_serves "served"

on fresh 20 'systemctl poweroff' >/dev/null || :
check "setup: it is switched off" wait_for $((180 * slowness)) machine_is_off fresh
machine_end fresh
rm -f "$tmp"/fresh.*
setup_power
is "$(on fresh 20 'findmnt -no FSTYPE /pxe' | grep .)" fuse.pxefs \
	"setup: switched on again, the tree is mounted by fstab"
setup_serves "switched on again"

check "setup: undo" on fresh 400 "$setup undo"
is "$(setup_state)" "$untouched" "setup: undo: the system is as it was"
is "$(on fresh 60 'systemctl --failed --no-legend; pgrep -a pxefs' | grep .)" "" \
	"setup: undo: nothing failed, nothing runs"

# The sample unit.
put_on_fresh()
{
	on fresh 30 "echo $(grep -v '^#' "$TOP_SRCDIR/examples/$1" | base64 -w 0) | base64 -d >$2"
}
check "setup: the sample unit is put in place" put_on_fresh pxefs.service /etc/systemd/system/pxefs.service
check "setup: there is a directory for the sample export" on fresh 20 'mkdir -p /etc/exports.d'
check "setup: and the sample export is in it" put_on_fresh pxe.exports /etc/exports.d/pxe.exports
check "setup: the unit starts, and is ready when it says so" on fresh 120 \
	'mkdir -p /pxe && systemctl daemon-reload && systemctl enable --now pxefs.service &&
	grep -q "^gentoo-minimal	served" /pxe/status'
check "setup: what it mounts is exported" on fresh 20 'exportfs | grep -q /pxe'
check "setup: atftpd serves it" on fresh 60 "sed -i 's|/srv/tftp\"|/pxe\"|' /etc/default/atftpd && pxefs-loader &&
	systemctl stop atftpd.service atftpd.socket && systemctl start atftpd.socket"
setup_serves "by the unit"
check "setup: a unit whose keeper is killed" on fresh 30 'kill -9 $(systemctl show -P MainPID pxefs.service)'
check "setup: comes back" await fresh 120 \
	'systemctl is-active pxefs.service && grep -q "^gentoo-minimal	served" /pxe/status'
check "setup: the unit stops" on fresh 300 'systemctl stop pxefs.service'
is "$(on fresh 60 'systemctl is-active pxefs.service; systemctl --failed --no-legend; grep " /pxe " /proc/mounts
	; pgrep -a pxefs' | grep .)" inactive "setup: cleanly, and nothing is mounted"
on fresh 60 'journalctl -b -u pxefs.service -o cat' | sed 's/^/# /' || :
check "setup: and starts again" on fresh 120 \
	'systemctl start pxefs.service && grep -q "^gentoo-minimal	served" /pxe/status'
check "setup: the machine's kernel warns of nothing" kernel_is_quiet fresh
machine_end fresh
wire=$tmp/wire-server
