# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by tests that compare whole trees with what other programs extract.

# What the format keeps of a tree, one line an entry, sorted. Directories' sizes are each file system's own.
# listing DIR [FIELDS]: FIELDS are find(1)'s, beside path, type, size and link target.
listing()
{
	(
		cd "$1"
		find . -mindepth 1 -type d -printf "%P\t%y\t-\t%l\t${2:-}\n"
		find . -mindepth 1 ! -type d ! -type b ! -type c -printf "%P\t%y\t%s\t%l\t${2:-}\n"
		find . -mindepth 1 \( -type b -o -type c \) -printf "%P\t%y\t-\t%l\t${2:-}\n"
	) | sed 's/\.0*\t/\t/; s/\.0*$//' | LC_ALL=C sort
}

# digests DIR: every file's content, sorted.
digests()
{
	(cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum)
}

# devices DIR: numbers of device nodes, sorted.
devices()
{
	(cd "$1" && find . \( -type b -o -type c \) -exec stat -c '%n %F %t:%T' {} + | LC_ALL=C sort)
}

# extended DIR: user.* attributes of everything, sorted.
extended()
{
	(cd "$1" && find . ! -type l -print0 | LC_ALL=C sort -z | xargs -0r getfattr -h -d -m '^user\.' -- 2>/dev/null)
}

# same_listing GOT WANTED DESCRIPTION: two texts; the first lines that differ are shown.
same_text()
{
	if [ -s "$2" ] && cmp -s "$1" "$2"; then
		ok "$3"
	else
		not_ok "$3"
		[ -s "$2" ] || echo "# nothing to compare with"
		diff "$2" "$1" | head -n 20 | sed 's/^/# /'
	fi
}

# same_content GOT WANTED WHAT: every byte of every file.
same_content()
{
	digests "$1" >"$tmp/.got"
	digests "$2" >"$tmp/.wanted"
	same_text "$tmp/.got" "$tmp/.wanted" "$3: every byte"
}

# same_iso SHOWN EXTRACTED WHAT: the ISO's own tree. Its modes are the contract's: 0555, and 0444 with the image's
# x bits. (xorriso sets no link's time, and makes the directory that only held what was relocated.)
same_iso()
{
	listing "$1" '%m\t%T@' | awk -F '\t' -v OFS='\t' '$2 == "l" { $6 = "" } { print }' >"$tmp/.got"
	listing "$2" '%m\t%T@' | awk -F '\t' -v OFS='\t' '
		$1 == "rr_moved" { next }
		$2 == "l" { $6 = "" }
		$2 == "d" { $5 = "555" }
		$2 == "f" {
			n = length($5); mode = ""
			for (i = n - 2; i <= n; i++)
				mode = mode (4 + substr($5, i, 1) % 2)
			$5 = mode
		}
		{ print }' >"$tmp/.wanted"
	same_text "$tmp/.got" "$tmp/.wanted" "$3: names, types, sizes, links, modes and times"
	same_content "$1" "$2" "$3"
}

# same_root SHOWN EXTRACTED WHAT: a root file system, with all that a running system needs of it.
same_root()
{
	listing "$1" '%m\t%U:%G\t%n\t%T@' >"$tmp/.got"
	listing "$2" '%m\t%U:%G\t%n\t%T@' >"$tmp/.wanted"
	same_text "$tmp/.got" "$tmp/.wanted" "$3: names, types, sizes, links, modes, owners, link counts and times"
	same_content "$1" "$2" "$3"
}

# extract_iso ISO DIR [xorriso's options]: the oracle.
extract_iso()
{
	from=$1
	to=$2
	shift 2
	xorriso -osirrox on "$@" -indev "$from" -extract / "$to" >"$tmp/.xorriso" 2>&1 || {
		sed 's/^/# /' "$tmp/.xorriso"
		return 1
	}
	chmod -R u+rwX "$to" 2>/dev/null || :
}

# Every path that a menu names is a file or directory of the tree. menu_paths FILE...: the paths, one a line.
menu_paths()
{
	sed -n 's/^[[:blank:]]*[a-z0-9]* "\$pxefs_\(base\|files\)"\/\([^ ]*\).*/\2/p' "$@"
	sed -n 's/^[[:blank:]]*initrd[a-z0-9]* .*"\$pxefs_files"\/\([^ ]*\)$/\1/p' "$@"
	sed -n 's/.*"\$pxefs_server":\/pxe\/\([^ ,"]*\).*/\1/p' "$@"
}

# script_paths MNT SCRIPT: what an iPXE script names, as paths below MNT; what it says is against its own place.
script_paths()
{
	dir=$(dirname "$2")
	sed -n -e 's/^\(.* && \)\?item \(\.\.\?\/[^ ]*\) .*/\2/p' \
		-e 's/^kernel \([^ ]*\).*/\1/p' -e 's/^initrd --name [^ ]* \([^ ]*\) .*/\1/p' \
		-e 's/^chain --replace --autofree \([^ $]*\) .*/\1/p' -e 's/^chain \([^- $][^ ]*\) .*/\1/p' "$1/$2" |
		while read -r path; do
			realpath -m --relative-to="$1" "$1/$dir/$path"
		done
}

# check_menus MNT: every generated menu of a tree that was mounted with -o nfs=/pxe.
check_menus()
{
	find "$1" \( -name iso -o -name root -o -name layers -o -name grub \) -prune -o \( -name '*.cfg' -o -name '*.ipxe' \) \
		-printf '%P\n' >"$tmp/.menus" 2>/dev/null || :
	printf '%s\n' boot/grub/grub.cfg grub/grub.cfg >>"$tmp/.menus"
	bad=
	while read -r menu; do
		case $menu in *.cfg) grub-script-check "$1/$menu" || bad="$bad $menu" ;; esac
	done <"$tmp/.menus" 2>"$tmp/.grub"
	is "$bad" "" "grub-script-check passes every menu"
	while read -r menu; do
		case $menu in
		*.cfg) menu_paths "$1/$menu" ;;
		*.ipxe) script_paths "$1" "$menu" ;;
		esac
	done <"$tmp/.menus" | LC_ALL=C sort -u >"$tmp/.named"
	grep -o 'href="\./[^"]*"' "$1/index.html" | sed 's/^href="\.\/\(.*\)"$/\1/' >>"$tmp/.named"
	check "the menus name something" test -s "$tmp/.named"
	missing=
	while read -r path; do
		[ -e "$1/$path" ] || missing="$missing $path"
	done <"$tmp/.named"
	is "$missing" "" "every path named in a menu is there"
}
