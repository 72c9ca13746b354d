#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# From file names in the watch folder to names in the tree.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

requires xorriso grub-script-check
need_fuse
mkdir -p folder mnt made state 'folder/ein Ordner'
mini made/x.iso x
put()
{
	cp made/x.iso "folder/$1"
}
# suffixes NAME COUNT: COUNT names in the tree are NAME and a suffix of four hex digits.
suffixes()
{
	[ "$(ls mnt | grep -cxE "$1-[0-9a-f]{4}")" = "$2" ]
}

put 'My Disc (1).ISO'
put 'größer.iso'
put 'ein Ordner/a&b;c.iso'
put "it's \$HOME \`id\`.iso"
put 'plain+1.2_3-x.iso'
put 'twice.iso.iso'
put "$(printf '%0100d' 9).iso"
put 'boot.iso'
put 'status.iso'
put '-dash.iso'
put "new
line.iso"
put "$(printf 'latin-\374.iso')"
put '.iso.iso'
put 'ein Ordner/grub.cfg.iso'
put 'ein Ordner/boot.ipxe.iso'
mount_pxefs folder mnt -o state="$tmp/state",nfs=/pxe
is "$(stat -c %F mnt/My_Disc__1_ 2>&1)" directory "blanks and brackets"
check "UTF-8: one letter, one sign" test -e mnt/gr__er/iso
check "folders are named the same way" test -e mnt/ein_Ordner/a_b_c/iso
check "what shells would see" test -e 'mnt/it_s__HOME__id_/iso'
check "what needs nothing" test -e mnt/plain+1.2_3-x/iso
check "one .iso is taken off" test -e mnt/twice.iso/iso
check "a newline" test -e mnt/new_line/iso
check "bytes that are no UTF-8" test -e mnt/latin-_/iso
check "a dash in front" test -e mnt/-dash/iso
long=$(ls mnt | grep -E '^0{20}')
is "${#long}" 64 "a long name is cut"
check "and told apart by six digits" sh -c 'printf %s "$0" | grep -qxE "0+-[0-9a-f]{6}"' "$long"
check "fixed entries keep their names" test -f mnt/status -a -d mnt/boot/grub -a ! -e mnt/boot/iso
check "and images get others: boot" suffixes boot 1
check "and images get others: status" suffixes status 1
check "in a folder, too, the menus keep their names" test -f mnt/ein_Ordner/grub.cfg -a -f mnt/ein_Ordner/boot.ipxe
is "$(ls mnt/ein_Ordner | grep -cxE '(grub.cfg|boot.ipxe)-[0-9a-f]{4}')" 2 "and images get others"
is "$(find mnt -maxdepth 2 | sed 's|.*/||' | LC_ALL=C grep -c '[^A-Za-z0-9._+-]')" 0 "no other sign is in any name"
for menu in mnt/boot/grub/grub.cfg mnt/*/grub.cfg mnt/ein_Ordner/*/grub.cfg mnt/boot/*.cfg; do
	[ -e "$menu" ] || continue
	grub-script-check "$menu" || echo "$menu"
done >bad 2>&1
is "$(cat bad)" "" "grub-script-check passes every menu"
is "$(grep -c . mnt/status)" $((1 + $(find folder -iname '*.iso' -type f -print0 | tr -dc '\0' | wc -c) - 1)) \
	"status has a line for each, and a line is a line (one is a dot-file)"
check "no boot menu has what a file name says" not grep -q '`id`' mnt/boot.ipxe mnt/boot/grub/grub.cfg mnt/it_s__HOME__id_/grub.cfg

# --- collisions ---
put 'a b.iso'
check "alone in its name, it has the plain one" wait_for 3 test -e mnt/a_b/iso
put 'a?b.iso'
check "of two, neither has it" wait_for 3 suffixes a_b 2
check_not "neither of them" test -e mnt/a_b
put 'a_b.iso'
check "who is called so, is called so" wait_for 3 words_are mnt/a_b x
is "$(cmp made/x.iso mnt/a_b/image.iso && echo same)" same "and is served"
kept=$(ls mnt | grep '^a_b-')
is "$(printf '%s\n' "$kept" | wc -l)" 2 "both others have suffixes"
rm folder/a_b.iso 'folder/a?b.iso'
check "what is recorded stays" wait_for 3 test ! -e mnt/a_b
left=$(ls mnt | grep '^a_b-')
is "$(printf '%s\n' "$kept" | grep -cxF -e "$left")" 1 "the other keeps its suffix"
unmount_pxefs mnt
mount_pxefs folder mnt -o state="$tmp/state",nfs=/pxe
is "$(ls mnt | grep '^a_b')" "$left" "after a restart too"
mkdir folder/folder-name
put folder-name.iso
put folder-name/inside.iso
check "a folder has its name before a file" wait_for 3 test -e mnt/folder-name/inside/iso
check "which gets a suffix" wait_for 3 suffixes folder-name 1

plan
