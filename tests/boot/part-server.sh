# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: power on, and service without a hand.

server_start
check "the server starts" wait_screen server 300 pxefs-server-ready
is "$(on server 60 'systemctl --failed --no-legend')" "" "no unit failed"
say "server: up $(on server 20 'cut -d" " -f1 /proc/uptime') s, $(on server 20 'uname -r')"

check "both ISOs are served" await server 60 'cat /pxe/status; [ "$(grep -c "	served	" /pxe/status)" = 2 ]'
is "$(on server 20 'grep -c "	over NFS	" /pxe/status')" 2 "and boot over NFS"
mount_options=$(on server 20 "awk '\$5 == \"/pxe\" { print \$6 }' /proc/self/mountinfo")
for option in ro nosymfollow nosuid nodev; do
	case ,$mount_options, in
	*,$option,*) ok "/pxe is mounted $option" ;;
	*) not_ok "/pxe is mounted $option"; echo "# $mount_options" ;;
	esac
done
is "$(on server 20 'findmnt -no FSTYPE /pxe')" fuse.pxefs "and it is pxefs, by its line in fstab"

# The machine's own card may come up a moment later than its servers.
exported=$(await server 60 'exportfs -v; showmount -e' || :)
echo "$exported" | sed 's/^/# /'
check "exportfs has it with its fsid" sh -c 'echo "$1" | tr -d "\n" | grep -q "/pxe.*fsid=7078"' sh "$exported"
check "showmount has it" sh -c 'echo "$1" | grep -qx "/pxe 192.0.2.0/24"' sh "$exported"
check "nfsd speaks versions 3 and 4" on server 20 \
	'grep -q "+3" /proc/fs/nfsd/versions && grep -q "+4" /proc/fs/nfsd/versions'
is "$(on server 20 "ss -Hlunp 'sport = :69' | grep -o '\"[a-z]*\"' | head -n 1")" '"systemd"' \
	"port 69 is the stock socket unit's"
check "the main menu comes over TFTP, from atftpd" on server 60 \
	'cd /tmp && atftp --get -r boot/grub/grub.cfg -l menu localhost && cmp menu /pxe/boot/grub/grub.cfg'
check "the boot image comes over TFTP" on server 60 \
	'cd /tmp && atftp --get -r boot/grub/grub.pxe -l image localhost && cmp image /var/lib/pxefs/loader/grub.pxe'
checked=0
on server 120 'pxefs-check --without http' >report || checked=$?
sed 's/^/# /' report
is "$checked" 0 "pxefs-check finds nothing missing"
used()		# used: kilobytes in use on the server's disks
{
	on server 30 'sync; df -k --output=used / /srv | awk "{ sum += \$1 } END { print sum }"'
}
used_before=$(used)
