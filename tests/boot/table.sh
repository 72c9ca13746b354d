# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh: the table of what was booted. A row is written by the part that booted it, and only if all points
# since table_begin passed; the numbers are the server's own counters.

: >"$tmp/table"

# counters: bytes that the server's nfsd has read for its clients, and that its card has sent.
counters()
{
	on server 20 'sed -n "s/^io \([0-9]*\) .*/\1/p" /proc/net/rpc/nfsd; cat /sys/class/net/eth0/statistics/tx_bytes' | xargs
}

# table_begin: before a client's power is switched on.
table_begin()
{
	table_failures=$failures
	table_counters=$(counters)
	table_until=
}

# table_ready: the client is up; where more is looked at before its row is written.
table_ready()
{
	table_until=$(date +%s)
	table_counters="$table_counters $(counters)"
}

# kernel_version NAME: what the first kernel of that ISO says of itself: one for x86 at the place that its boot protocol
# gives (the word at 0x20e, and 512 bytes behind), one for ARM, which is not packed, somewhere.
kernel_version()
{
	on server 60 'f=$(ls -d /pxe/'"$1"'/kernel/* | head -n 1);
		if [ "$(dd if="$f" bs=1 skip=56 count=3 2>/dev/null)" = ARM ]; then
			grep -aom 1 "Linux version [0-9][^ ]*" "$f" | sed "s/.* //"; exit;
		fi;
		o=$(od -A n -t u2 -j 526 -N 2 "$f");
		dd if="$f" bs=1 skip=$((o + 512)) count=200 2>/dev/null | tr "\000" "\n" | head -n 1' | sed -n '1{s/ .*//;p;}'
}

# made_of PACKAGE: the version of this machine's package, where it has packages.
made_of()
{
	version=$(dpkg-query -W -f '${Version}' "$1" 2>/dev/null) || version=unknown
	echo "$1 $version"
}

mebibytes()
{
	awk -v n="$1" 'BEGIN { printf "%.1f", n / 1048576 }'
}

# table_row PRESSED NAME WHAT CLIENT LOADED ROOT: when the client is up; PRESSED is the second in which its entry was
# chosen, NAME the ISO's in the tree.
table_row()
{
	[ -n "$table_until" ] || table_ready
	row_seconds=$((table_until - $1))
	row_kernel=$(kernel_version "$2")
	[ "$failures" = "$table_failures" ] || return 0
	# shellcheck disable=SC2086 # four numbers
	set -- "$3" "$4" "$5" "$6" $table_counters
	printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "$row_kernel" "$row_seconds" \
		"$(mebibytes $(($7 - $5)))" "$(mebibytes $(($8 - $6)))" >>"$tmp/table"
	say "$1: $row_seconds seconds from the chosen entry to the live system"
}

# table_write: all rows with what they ran on, to the build directory; those of a kernel that was asked for are apart.
table_write()
{
	[ -s "$tmp/table" ] || return 0
	mkdir -p "$TOP_BUILDDIR/tests/boot"
	table_file=$TOP_BUILDDIR/tests/boot/table${PXEFS_BOOT_KERNEL:+-$PXEFS_BOOT_KERNEL}.md
	server_versions=$(on server 60 'dpkg-query -W -f "\${Package} \${Version}, " grub-pc-bin grub-efi-amd64-bin atftpd
		nfs-kernel-server dnsmasq nginx-light; uname -r' | xargs)
	table_arm=
	! has_part arm64 || table_arm=", $(made_of qemu-system-arm), $(made_of qemu-efi-aarch64)"
	{
		echo '| what | client | kernel and initrd | root | its kernel | s | MiB by NFS | MiB sent |'
		echo '| --- | --- | --- | --- | --- | --- | --- | --- |'
		cat "$tmp/table"
		echo
		echo "Server: $server_versions. Clients: $(made_of qemu-system-x86), software emulation, one processor, 1 GiB;" \
			"$(made_of seabios), $(made_of ipxe-qemu), $(made_of ovmf)$table_arm."
		echo "s: seconds from the chosen entry until the system said that it is up."
		echo "MiB by NFS: what nfsd read for the client (\`io\` in /proc/net/rpc/nfsd). MiB sent: all that left the server's" \
			"card from the client's power-on (tx_bytes), so boot loader, kernel, initrd, NFS and packet headers."
	} >"$table_file"
	sed 's/^/# /' "$table_file"
}
