# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by tests of the watch folder: very small ISOs that boot, and what is to be seen of them.

# mini ISO WORDS: an ISO with something to boot that has no needs, and WORDS in the file "words".
mini()
{
	mkdir -p "$tmp/.mini"
	seq 20000 >"$tmp/.mini/filler"
	echo "$2" >"$tmp/.mini/words"
	echo "kernel of $2" >"$tmp/.mini/ipxe.krn"
	printf 'default ipxe\nlabel ipxe\n\tkernel ipxe.krn\n' >"$tmp/.mini/isolinux.cfg"
	make_iso "$tmp/.mini" "$1" -R -J -V "MINI"
}

words_are()	# words_are IMAGE WORDS
{
	[ "$(cat "$1/iso/words" 2>/dev/null)" = "$2" ]
}

# status_of NAME: what status says behind the name, with blanks.
status_of()
{
	awk -F '\t' -v name="$1" '$1 == name { print $2, $3, $4, $5 }' mnt/status
}

status_is()	# status_is NAME TEXT
{
	[ "$(status_of "$1")" = "$2" ]
}

status_like()	# status_like NAME PATTERN
{
	case $(status_of "$1") in
	$2) return 0 ;;
	esac
	return 1
}

# menu_of PATH: the folder whose menu has the image, with a slash behind it; nothing for the top.
menu_of()
{
	case $1 in
	*/*) echo "${1%/*}/" ;;
	esac
}

in_menus()	# in_menus PATH: in all of them, as something to boot
{
	in_folder=$(menu_of "$1")
	if [ -n "$in_folder" ]; then
		wait_for 2 grep -qF "\"\$pxefs_base\"/$1/grub.cfg" "mnt/${in_folder}grub.cfg" || return 1
	else
		wait_for 2 grep -qF "\"\$pxefs_base\"/$1/grub.cfg" mnt/boot/grub/grub.cfg || return 1
	fi
	cmp mnt/boot/grub/grub.cfg mnt/grub/grub.cfg && grep -qF " ./${1#"$in_folder"}/boot.ipxe " "mnt/${in_folder}boot.ipxe" &&
		[ -s "mnt/$1/grub.cfg" ] && [ -s "mnt/$1/boot.ipxe" ] && grep -qF "./$1/image.iso" mnt/index.html
}

not_in_menus()	# not_in_menus PATH: in none of them
{
	in_folder=$(menu_of "$1")
	wait_for 2 not grep -qsF "/$1/" mnt/boot/grub/grub.cfg "mnt/${in_folder}grub.cfg" &&
		not grep -qF "/$1/" mnt/grub/grub.cfg && not grep -qF "./$1/" mnt/index.html &&
		not grep -qsF " ./${1#"$in_folder"}/" "mnt/${in_folder}boot.ipxe" mnt/boot.ipxe
}

not()
{
	! "$@"
}
