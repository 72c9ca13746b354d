#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# pxefs-loader: the images are made, once; what the menus use is in them; and nothing of others' is touched.

. "${TOP_SRCDIR:-.}/tests/functions.sh"

real=$(command -v grub-mkimage) || skip "grub-mkimage is not installed"
platforms=
for platform in i386-pc x86_64-efi i386-efi arm64-efi; do
	[ ! -e "/usr/lib/grub/$platform/normal.mod" ] || platforms="$platforms $platform"
done
[ -n "$platforms" ] || skip "no platform of GRUB is installed"

# What grub-mkimage is told, one call a line.
mkdir bin
cat >bin/grub-mkimage <<TOOL
#!/bin/sh
echo "\$*" >>'$tmp/calls'
exec '$real' "\$@"
TOOL
chmod +x bin/grub-mkimage
PATH=$tmp/bin:$PATH

status=0
loader()
{
	status=0
	sh "$TOP_SRCDIR/tftp-glue/pxefs-loader" "$@" >out 2>errors || status=$?
}

# Everything about a directory that must not change when nothing does.
state_of()
{
	find "$1" -printf '%p %y %i %s %m %T@\n' | LC_ALL=C sort
}

image_of()
{
	case $1 in
	i386-pc) echo grub.pxe ;;
	*) echo "$1/core.efi" ;;
	esac
}

loader --dir "$tmp/loader"
is "$status" 0 "it makes what is installed"
is "$(cat errors)" "" "and has no complaint"
LC_ALL=C sort calls >told
is "$(wc -l <told)" "$(set -- $platforms; echo $#)" "one image for each platform"

# all_in PLATFORM: the modules in its image, with those that they need.
all_in()
{
	grep -E -- "-O $1(-pxe)? " told | sed "s|.* -o [^ ]* ||" | tr ' ' '\n' >image
	before=0
	while [ "$(wc -l <image)" != "$before" ]; do
		before=$(wc -l <image)
		awk 'FNR == NR { in_image[$1] = 1; print $1; next }
			{ sub(/:$/, "", $1) } $1 in in_image { for (i = 2; i <= NF; i++) print $i }' \
			image "loader/$1/moddep.lst" | LC_ALL=C sort -u >more
		mv more image
	done
	cat image
}
# What the menus load by name, and which commands they use: from their writer and from those that it wrote.
cat "$TOP_SRCDIR/fs/menu_grub.c" "$TOP_SRCDIR"/tests/fixtures/expected/*grub* >menus 2>/dev/null || :
grep -oE 'insmod [a-z0-9_]+' menus | awk '{ print $2 }' | LC_ALL=C sort -u >loaded
check "the menus load modules" grep -qx regexp loaded
for platform in $platforms; do
	image=loader/$(image_of "$platform")
	case $platform in
	i386-pc)
		only='linux16 biosdisk'
		check "$platform: an image of some size that fits below 640 KiB" \
			sh -c '[ "$(wc -c <"$0")" -gt 60000 ] && [ "$(wc -c <"$0")" -lt 480000 ]' "$image"
		;;
	*)
		only='all_video'
		is "$(head -c 2 "$image")" MZ "$platform: an EFI program"
		check "$platform: its prefix has no device" grep -qaP '\x00/boot/grub\x00' "$image"
		;;
	esac
	check "$platform: grub-mkimage was told the prefix" grep -qE -- "-O $platform(-pxe)? -p /boot/grub " told
	all_in "$platform" >image-modules
	for module in $(cat loaded); do
		[ -s "loader/$platform/$module.mod" ] || [ "$module" = biosdisk ] || echo "$module"
	done >absent
	is "$(cat absent)" "" "$platform: every module that the menus load is there"
	for module in $only $(grep -vxE 'biosdisk|all_video' loaded); do
		grep -qx "$module" image-modules || echo "$module"
	done >absent
	is "$(cat absent)" "" "$platform: those that it needs are in the image"
	for command in menuentry submenu set export configfile regexp test echo sleep linux initrd chainloader exit; do
		case $command in set | export) continue ;; esac # the kernel's and the parser's own
		module=$(sed -n "s/^\*\{0,1\}$command: //p" "loader/$platform/command.lst")
		grep -qx "${module:-none}" image-modules || echo "$command"
	done >absent
	is "$(cat absent)" "" "$platform: every command of the menus is in the image"
	for file in /usr/lib/grub/$platform/*.mod /usr/lib/grub/$platform/*.lst; do
		cmp "$file" "loader/$platform/${file##*/}" || :
	done >different 2>&1
	is "$(cat different)" "" "$platform: all modules and lists, as they are"
done
is "$(find loader -type f ! -name '.?*' | sed 's|^loader/||' | grep -E '[^A-Za-z0-9._+/-]|(^|/)\.')" "" \
	"every name is one that pxefs shows"
is "$(find loader -type f ! -perm 644)" "" "everybody may read the files"
is "$(find loader -type f -size +64M)" "" "none is larger than pxefs takes"
is "$(find loader -name '.new*')" "" "nothing temporary stays"
check "what was made is written down" sh -c 'cd loader && sha256sum --quiet --check .pxefs-loader'

state_of loader | grep -v '^loader d' >before
loader --dir "$tmp/loader"
is "$status" 0 "a second run"
state_of loader | grep -v '^loader d' >after
is "$(LC_ALL=C comm -3 before after)" "" "touches no file"
check "and says so" grep -q ' 0 new, 0 changed, 0 removed' out

# A system of our own, which we can change.
set -- $platforms
first=$1
image=$(image_of "$first")
mkdir -p system/usr/lib/grub system/usr/share/grub "system/usr/lib/ipxe" empty
cp -r "/usr/lib/grub/$first" system/usr/lib/grub/
echo font >system/usr/share/grub/unicode.pf2
echo undionly >system/usr/lib/ipxe/undionly.kpxe
echo other >system/usr/lib/ipxe/other.rom
from_system()
{
	loader --from "$tmp/system" --dir "$tmp/ours" "$@"
}
mkdir ours
echo 'menu of one machine' >ours/grub.cfg-01-02-00-00-00-70-78
from_system
is "$status" 0 "from another system"
is "$(cat ours/fonts/unicode.pf2 ours/ipxe/undionly.kpxe)" "font
undionly" "with its font and its iPXE"
check_not "but not what clients do not load" test -e ours/ipxe/other.rom

cp ours/$image was
state_of ours >before
printf x >>"system/usr/lib/grub/$first/hello.mod"
rm "system/usr/lib/grub/$first/gcry_twofish.mod" "system/usr/lib/ipxe/undionly.kpxe"
echo new >"system/usr/lib/grub/$first/a-new-one.mod"
from_system
is "$(sed -n '$s/.*: //p' out | sed 's/, [0-9]* as they were//')" "1 new, 1 changed, 2 removed" "an upgrade changes what it must"
check "a changed module" cmp "system/usr/lib/grub/$first/hello.mod" "ours/$first/hello.mod"
check "a new one" cmp "system/usr/lib/grub/$first/a-new-one.mod" "ours/$first/a-new-one.mod"
check_not "one that is gone" test -e "ours/$first/gcry_twofish.mod"
check_not "and a directory that is empty then" test -e ours/ipxe
state_of ours >after
is "$(LC_ALL=C comm -3 before after | awk '$2 == "f" { print $1 }' | grep -vE 'hello|twofish|a-new-one|undionly|\.pxefs-loader')" "" \
	"all others are the same files"

# For proxy DHCP: the prefix has the device that GRUB would else make from what the DHCP server says.
: >calls
from_system --server 192.0.2.1
is "$status $(cat errors)" "0 " "with a server of its own"
check "grub-mkimage is told so" grep -qF -- "-p (tftp,192.0.2.1)/boot/grub " calls
check_not "and the image is another" cmp -s "ours/$image" was
from_system
check "without it the image is the old one again" cmp "ours/$image" was
for address in '192.0.2.1)/x' '192.0.2.1,69' '2001:db8::1' '-p x'; do
	from_system --server "$address"
	is "$status" 2 "not a server's address: $address"
done

# What is somebody else's.
echo mine >"ours/$image"
cp "/usr/lib/grub/$first/normal.mod" "ours/$first/normal.mod"
echo mine >ours/shimx64.efi
from_system
is "$status" 0 "with an image of the administrator's own"
is "$(cat "ours/$image")" mine "it stays"
check "with a note" grep -q "^note: .*/$image is not from here" out
from_system --force
check "--force replaces it" cmp "ours/$image" was
loader --remove --dir "$tmp/empty/none"
is "$status" 0 "nothing to remove is no failure"
check_not "and makes nothing" test -e empty/none
echo changed >"ours/$first/hello.mod"
from_system --remove
is "$status" 0 "--remove"
is "$(cd ours && find . -type f | LC_ALL=C sort)" "$(printf './%s\n' grub.cfg-01-02-00-00-00-70-78 "$first/hello.mod" shimx64.efi |
	LC_ALL=C sort)" "leaves what is not, or no longer, from here"
check "with a note about the changed one" grep -q "^note: .*/hello.mod was changed" out
loader --dir "$tmp/loader" --remove
check_not "--remove leaves nothing where all was made here" test -e loader

# A link in the directory leads nowhere.
rm -r ours
mkdir ours elsewhere
ln -s ../elsewhere "ours/$first"
from_system
is "$status" 1 "a directory that is a link is refused"
is "$(ls elsewhere)" "" "and nothing is put behind it"
rm -r ours

# Failures leave all as it is.
from_system
cp "/usr/lib/grub/$first/hello.mod" "system/usr/lib/grub/$first/hello.mod"
mv "system/usr/lib/grub/$first/tftp.mod" kept.mod
state_of ours | grep -v '^ours d' >before
from_system
is "$status" 1 "a module that grub-mkimage does not find is a failure"
state_of ours | grep -v '^ours d' >after
check "which changes nothing" cmp before after
loader --from "$tmp/empty" --dir "$tmp/ours"
is "$status" 1 "no GRUB at all is a failure"
check "which names the packages" grep -q 'apt-get install grub-common grub-pc-bin' errors
state_of ours | grep -v '^ours d' >after
check "and changes nothing" cmp before after
mv kept.mod "system/usr/lib/grub/$first/tftp.mod"
for wrong in --no-such-option operand --dir "--from" "--dir=" --server "--server=192.0.2.1"; do
	loader "$wrong"
	is "$status $(cat out) $(wc -l <errors)" "2  1" "wrong usage: $wrong"
done

# Secure Boot: signed files under the names by which they look for each other.
mkdir -p system/usr/lib/shim system/usr/lib/grub/x86_64-efi-signed
echo shim >system/usr/lib/shim/shimx64.efi.signed
echo manager >system/usr/lib/shim/mmx64.efi.signed
from_system
check_not "shim without a signed GRUB is not offered" test -e ours/shimx64.efi
check "and what is missing is said" grep -q 'install grub-efi-amd64-signed' out
echo netgrub >system/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed
echo diskgrub >system/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed
from_system
is "$(cat ours/shimx64.efi ours/grubx64.efi ours/mmx64.efi)" "shim
netgrub
manager" "shim, the GRUB that knows the network, and the key manager"
signed=/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed
if [ -e $signed ]; then
	check "Debian's signed GRUB looks in /grub" grep -qaP '\x00/grub\x00' $signed
else
	ok "Debian's signed GRUB looks in /grub # SKIP grub-efi-amd64-signed is not installed"
fi
check "by default it fills the directory that pxefs shows" \
	sh -c 'dir=$(sed -n "s/^#define PXEFS_STATEDIR \"\(.*\)\"/\1/p" "$0/fs/options.c") && grep -qx "dir=$dir/loader" "$0/tftp-glue/pxefs-loader"' \
	"$TOP_SRCDIR"

plan
