#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The half of "bootstrap run" that changes a system, and its way back. Each change is written down before it is made;
# "undo" goes through that list from its end, and leaves what somebody changed since.
#
#	setup.sh did KIND WHAT...                   writes down what the caller is about to do
#	setup.sh serve WATCHDIR MOUNTPOINT NETWORK  fstab, exports, atftpd's root; then starts the servers
#	setup.sh undo
#
# As root. With PXEFS_ROOT=DIR in the environment, on the system below DIR.

set -eu
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
umask 022

here=$(cd "$(dirname "$0")" && pwd -P)
root=${PXEFS_ROOT:-}
kept=$root/var/lib/pxefs
list=$kept/undo
tab='	'

say()
{
	printf '== %s\n' "$*"
}

fail()
{
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

# As fstab, exports and etab write a path.
escaped()
{
	printf '%s\n' "$1" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/	/\\011/g'
}

sum_of()
{
	sha256sum <"$1" 2>/dev/null | cut -c 1-64
}

did()
{
	kind=$1
	shift
	[ -d "$kept" ] || {
		mkdir -p "$kept"
		printf 'state%s%s\n' "$tab" "$kept" >"$list"
	}
	entry=$kind$tab$*
	[ -e "$list" ] && grep -qxF -e "$entry" "$list" || printf '%s\n' "$entry" >>"$list"
}

has_systemd()
{
	[ -d "$root/run/systemd/system" ] && command -v systemctl >/dev/null
}

# has_line FILE FIELD VALUE: a line that is no comment has VALUE in this field.
has_line()
{
	VALUE=$3 awk -v field="$2" '$1 !~ /^#/ && $field == ENVIRON["VALUE"] { found = 1 } END { exit !found }' "$1" 2>/dev/null
}

# replace FILE NEW: puts NEW into FILE's place in one step, with FILE's mode and owner.
replace()
{
	[ ! -e "$1" ] || {
		chmod --reference="$1" "$2"
		chown --reference="$1" "$2"
	}
	mv -f "$2" "$1"
}

serve_fstab()
{
	if has_line "$root/etc/fstab" 2 "$(escaped "$2")"; then
		say "/etc/fstab has a line for $2 already: it stays"
		return
	fi
	line="$(escaped "$1") $(escaped "$2") fuse.pxefs nofail,x-systemd.requires-mounts-for=$(escaped "$1"),x-systemd.before=nfs-server.service 0 0"
	say "/etc/fstab: a line for $2"
	did fstab "$line"
	{
		# shellcheck disable=SC1003 # no quote is meant: a line end is added if the last line has none
		[ ! -e "$root/etc/fstab" ] || sed -e '$a\' "$root/etc/fstab"
		printf '%s\n' "$line"
	} >"$root/etc/fstab.pxefs-new"
	replace "$root/etc/fstab" "$root/etc/fstab.pxefs-new"
}

serve_exports()
{
	file=$root/etc/exports.d/pxe.exports
	if has_line "$root/etc/exports" 1 "$(escaped "$1")" ||
		for other in "$root"/etc/exports.d/*.exports; do has_line "$other" 1 "$(escaped "$1")" && break; done
	then
		say "$1 is exported already: that stays"
		return
	fi
	[ ! -e "$file" ] || fail "/etc/exports.d/pxe.exports is there and is about something else: please add the export of $1 yourself"
	[ -d "${file%/*}" ] || did dir "${file%/*}"
	mkdir -p "${file%/*}"
	printf '%s %s(ro,no_root_squash,no_subtree_check,fsid=7078,mountpoint)\n' "$(escaped "$1")" "$2" >"$kept/new"
	say "/etc/exports.d/pxe.exports: $1 for $2"
	did file "$file" "$(sum_of "$kept/new")"
	did export "$2:$1"
	mv -f "$kept/new" "$file"
}

serve_tftp()
{
	file=$root/etc/default/atftpd
	case $1 in *[!A-Za-z0-9._/+-]*) fail "atftpd cannot be told to serve $1: a blank or special character is in its name" ;; esac
	[ -e "$file" ] || fail "/etc/default/atftpd is not there: is the package atftpd installed?"
	grep -q '^OPTIONS="\([^"]*[[:blank:]]\)\{0,1\}/[^[:blank:]"]*"[[:blank:]]*$' "$file" ||
		fail "/etc/default/atftpd has no line OPTIONS=\"... /srv/tftp\" as the package writes it: please make $1 its last word yourself"
	sed "s|^\(OPTIONS=\"\([^\"]*[[:blank:]]\)\{0,1\}\)/[^[:blank:]\"]*\"[[:blank:]]*\$|\1$1\"|" "$file" >"$kept/new"
	if cmp -s "$file" "$kept/new"; then
		rm "$kept/new"
		return
	fi
	say "/etc/default/atftpd: $1 is the last word of OPTIONS"
	[ -e "$kept/atftpd.before" ] || cp -p "$file" "$kept/atftpd.before"
	did atftpd "$(sum_of "$kept/new")"
	replace "$file" "$kept/new"
}

restart_tftp()
{
	# The socket refuses to start while a server of before runs.
	systemctl stop atftpd.service atftpd.socket && systemctl start atftpd.socket
}

serve()
{
	watch=$1
	mnt=$2
	network=$3
	case $network in
	'' | *[!A-Za-z0-9.:/*@_-]*) fail "$network is no network as exports(5) has them, such as 192.0.2.0/24" ;;
	esac
	serve_fstab "$watch" "$mnt"
	serve_exports "$mnt" "$network"
	serve_tftp "$mnt"
	if ! has_systemd; then
		say "No systemd here: please (re)start atftpd and the NFS server, then exportfs -ra"
		return
	fi
	systemctl daemon-reload
	restart_tftp
	systemctl is-active --quiet nfs-server || {
		did service nfs-server
		systemctl enable --quiet --now nfs-server
	}
	exportfs -ra
}

# The ways back, one for each kind of line.

undo_state()
{
	rm -f "$1"/????????????????/*.idx "$1"/????????????????/names
	rmdir "$1"/???????????????? "$1/loader" 2>/dev/null || :
}

undo_dir()
{
	rmdir "$1" 2>/dev/null || [ ! -e "$1" ] || say "$1 is not empty: it stays"
}

# undo_file "PATH SUM": PATH may have blanks.
undo_file()
{
	path=${1% *}
	[ -e "$path" ] || return 0
	if [ "$(sum_of "$path")" = "${1##* }" ]; then
		rm -f "$path"
	else
		say "$path was changed since: it stays"
	fi
}

undo_fstab()
{
	LINE=$1 awk '$0 != ENVIRON["LINE"]' "$root/etc/fstab" >"$root/etc/fstab.pxefs-new"
	replace "$root/etc/fstab" "$root/etc/fstab.pxefs-new"
	! has_systemd || systemctl daemon-reload
}

undo_export()
{
	command -v exportfs >/dev/null || return 0
	exportfs -u "$1" 2>/dev/null || :
	# The kernel forgets what it holds of the tree, so that it can be unmounted.
	exportfs -f || :
}

undo_atftpd()
{
	file=$root/etc/default/atftpd
	[ -e "$file" ] && [ -e "$kept/atftpd.before" ] || return 0
	if [ "$(sum_of "$file")" != "$1" ]; then
		say "/etc/default/atftpd was changed since: it stays; as it was before is $kept/atftpd.before"
		return
	fi
	cp -p "$kept/atftpd.before" "$kept/new"
	replace "$file" "$kept/new"
	rm -f "$kept/atftpd.before"
	! has_systemd || restart_tftp || say "atftpd could not be started again"
}

undo_service()
{
	! has_systemd || systemctl disable --quiet --now "$1" || say "$1 could not be stopped"
}

undo_mount()
{
	dir=$(escaped "$1")
	DIR=$dir awk '$5 == ENVIRON["DIR"] { found = 1 } END { exit !found }' "$root/proc/self/mountinfo" || return 0
	# The kernel's NFS server keeps a note of each directory that a client mounted by NFSv3, for two and a half minutes.
	tries=0
	until umount "$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 36 ] ||
			fail "$1 is in use; end what uses it (or: systemctl stop nfs-server), and say --undo again"
		[ "$tries" != 1 ] || say "$1 is in use; waiting three minutes at most"
		sleep 5
	done
}

undo_loader()
{
	sh "$here/pxefs-loader" --dir "$1" --remove
}

undo_install()
{
	if [ -e "$1/Makefile" ]; then
		make -s -C "$1" uninstall
	else
		say "$1 is gone: what make install put into /usr/local stays; build again and run make uninstall"
	fi
}

undo_packages()
{
	printf '%s\n' "$1" >>"$kept/packages"
}

undo()
{
	if [ ! -e "$list" ]; then
		say "There is nothing to take back"
		return
	fi
	rm -f "$kept/packages"
	# What was taken back leaves the list, so that this can be said again after a failure.
	while line=$(tail -n 1 "$list") && [ -n "$line" ]; do
		kind=${line%%"$tab"*}
		case $kind in
		atftpd | dir | export | file | fstab | install | loader | mount | packages | service | state) ;;
		*) fail "$list has a line that is not from here: $line" ;;
		esac
		say "Undo: $(printf '%s\n' "$line" | tr '\t' ' ')"
		"undo_$kind" "${line#*"$tab"}"
		sed '$d' "$list" >"$list.new"
		mv -f "$list.new" "$list"
	done
	if [ -e "$kept/packages" ]; then
		say "Packages stay, because other things may need them by now. To remove what was installed for this:"
		echo "apt-get purge$(tr '\n' ' ' <"$kept/packages" | sed -e 's/^ */ /' -e 's/ *$//')"
	fi
	rm -f "$list" "$kept/packages"
	rmdir "$kept" 2>/dev/null || :
}

command=${1-}
[ $# = 0 ] || shift
case $command in
did)
	[ $# -ge 2 ] || fail "did KIND WHAT..."
	did "$@"
	;;
serve)
	[ $# = 3 ] || fail "serve WATCHDIR MOUNTPOINT NETWORK"
	serve "$@"
	;;
undo) undo ;;
*) fail "want did, serve or undo" ;;
esac
