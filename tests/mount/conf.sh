#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what is looked for has variables of GRUB's and iPXE's
# The administrator's word: a .conf beside an ISO, or in a folder for all below it, and files for unattended
# installations. They change menus and status, and nothing else of an image.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/kit.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

umask 022
mkdir -p folder/sub/deep mnt tree/live tree/isolinux root/etc
echo ID=test >root/etc/os-release
mksquashfs root tree/live/filesystem.squashfs -noappend -no-progress -quiet -processors 1 >/dev/null
noise kernel 5000 >tree/live/vmlinuz
noise initrd 5000 >tree/live/initrd
noise memtest 5000 >tree/live/memtest
cat >tree/isolinux/isolinux.cfg <<'MENU'
default one
label one
	menu label Live system
	linux /live/vmlinuz
	initrd /live/initrd
	append boot=live components quiet splash vga=788
label two
	menu label Live system (fail-safe)
	linux /live/vmlinuz
	initrd /live/initrd
	append boot=live components nomodeset
MENU
make_iso tree folder/live.iso -R -J -V LIVE
cp folder/live.iso folder/sub/near.iso
cp folder/live.iso folder/sub/deep/deepest.iso

# An installer that takes a kickstart.
mkdir -p installer/images/pxeboot installer/isolinux installer/repodata
noise install 5000 >installer/images/install.img
noise kernel 5000 >installer/isolinux/vmlinuz
noise initrd 5000 >installer/isolinux/initrd.img
echo '<repomd/>' >installer/repodata/repomd.xml
cat >installer/isolinux/isolinux.cfg <<'MENU'
default linux
label linux
	menu label Install
	kernel vmlinuz
	append initrd=initrd.img inst.stage2=hd:LABEL=INST quiet
MENU
make_iso installer folder/installer.iso -R -J -V INST
# One that a script starts.
mkdir -p arch/arch/x86_64 arch/isolinux
noise airootfs 5000 >arch/arch/x86_64/airootfs.sfs
noise kernel 5000 >arch/isolinux/vmlinuz
noise initrd 5000 >arch/isolinux/initrd
cat >arch/isolinux/isolinux.cfg <<'MENU'
default arch
label arch
	menu label Arch
	kernel vmlinuz
	append initrd=initrd archisobasedir=arch archisolabel=ARCH quiet
MENU
make_iso arch folder/arch.iso -R -J -V ARCH
mount_pxefs folder mnt -o loader=,state=,nfs=/pxe,server=10.0.0.1
served()
{
	grep -q "^$1	served" mnt/status
}
for name in live installer arch sub/near sub/deep/deepest; do
	check "$name is served" wait_for 20 served "$name"
	check "$name has entries" wait_for 10 grep -q 'quiet' "mnt/$name/grub.cfg"
done

# What no .conf may change: every node but the generated texts.
ids()
{
	find mnt -mindepth 1 ! -name grub.cfg ! -name boot.ipxe ! -name status ! -name index.html ! -name 'answer*' \
		! -path 'mnt/boot/family*' -printf '%p %i %m %s\n' | LC_ALL=C sort
}

menus_parse()
{
	command -v grub-script-check >/dev/null || return 0
	find mnt -name '*.cfg' ! -path '*/iso/*' ! -path '*/root/*' >menus
	[ -s menus ] || return 1
	while read -r menu; do
		grub-script-check "$menu" || return 1
	done <menus
}

# write NAME: stdin becomes folder/NAME in one step.
write()
{
	cat >folder/.write
	mv folder/.write "folder/$1"
}

# menu_has NAME TEXT, menu_lacks NAME TEXT: in the image's menus, both of them, soon.
menu_has()
{
	wait_for 5 grep -qF -e "$2" "mnt/$1/grub.cfg" && wait_for 2 grep -qF -e "$2" "mnt/$1/boot.ipxe"
}

menu_lacks()
{
	wait_for 5 not grep -qF -e "$2" "mnt/$1/grub.cfg" && wait_for 2 not grep -qF -e "$2" "mnt/$1/boot.ipxe"
}

status_says()	# status_says NAME TEXT
{
	wait_for 5 line_has "$1" "$2"
}

line_has()
{
	grep "^$1	" mnt/status | grep -qF -e "$2"
}

ids >ids.before
cp mnt/live/grub.cfg plain.cfg
cp mnt/boot/grub/grub.cfg plain.main
cp mnt/status plain.status

# --- words, title, default, time-out ---
write live.conf <<'CONF'
title = Rescue "system" of $lab's `top`
append = console=ttyS0,115200 lab=1;2
remove = quiet vga=*
default = Live system (fail-safe)
timeout = 5
CONF
check "append" menu_has live "console=ttyS0,115200"
check "a word with a semicolon is quoted for GRUB" grep -qF "'lab=1;2'" mnt/live/grub.cfg
check "and comes to iPXE as it is" grep -qF " lab=1;2" mnt/live/boot.ipxe
check "remove" menu_lacks live quiet
check "remove what begins so" menu_lacks live vga=
check "other words stay" menu_has live splash
check "default" grep -qx 'set default=1' mnt/live/grub.cfg
check "time-out" grep -qx 'set timeout=5' mnt/live/grub.cfg
check "time-out of iPXE" grep -qF -e '--timeout 5000' mnt/live/boot.ipxe
check "the title is in the main menu" wait_for 2 grep -qF 'Rescue "system" of $lab' mnt/boot/grub/grub.cfg
check "and in iPXE's" grep -qF 'Rescue "system" of' mnt/boot.ipxe
check "menus parse" menus_parse
check "no image is withdrawn" test -z "$(ls -A mnt/.old 2>/dev/null)"
ids >ids.after
check "no node has another id" cmp ids.before ids.after
check_not "the .conf is nothing of the tree" grep -q conf ids.after
check "the others' menus stay" not grep -q ttyS0 mnt/sub/near/grub.cfg mnt/installer/grub.cfg

# Whoever serves.
cp mnt/live/grub.cfg changed.cfg
cp mnt/boot/grub/grub.cfg changed.main
server=$(server_of "$pxefs_pid")
kill -KILL "$server"
check "a server dies" wait_for 10 other_server "$pxefs_pid" "$server"
check "the next one says the same of the image" cmp mnt/live/grub.cfg changed.cfg
check "and of all" cmp mnt/boot/grub/grub.cfg changed.main

printf 'timeout = never\n' | write live.conf
check "changed: what is not said any more is as before" menu_has live quiet
check "never" wait_for 5 grep -qx 'set timeout=-1' mnt/live/grub.cfg
printf 'default = No such entry\n' | write live.conf
check "a default that is not there is told" status_says live "a default entry that it does not have"
rm folder/live.conf
check "removed: the menu is as before" wait_for 5 cmp mnt/live/grub.cfg plain.cfg
check "and the main menu" wait_for 5 cmp mnt/boot/grub/grub.cfg plain.main
check "and status" wait_for 5 cmp mnt/status plain.status

# --- hidden, way ---
printf 'hidden = yes\n' | write live.conf
check "hidden: not in the main menu" wait_for 5 not grep -qF '"$pxefs_base"/live/grub.cfg' mnt/boot/grub/grub.cfg
check "nor in iPXE's" not grep -qF ' ./live/' mnt/boot.ipxe
check "but served" cmp mnt/live/iso/live/vmlinuz tree/live/vmlinuz
check "and status says why" status_says live "in no menu, as its .conf says"
mv folder/live.conf folder/installer.conf
check "renamed: it is of another image" wait_for 5 not grep -qF '"$pxefs_base"/installer/grub.cfg' mnt/boot/grub/grub.cfg
check "and not of the first" wait_for 5 grep -qF '"$pxefs_base"/live/grub.cfg' mnt/boot/grub/grub.cfg
rm folder/installer.conf
check "back" wait_for 5 cmp mnt/boot/grub/grub.cfg plain.main

# --- entries ---
write live.conf <<'CONF'
append = not-for-them
[entry serial]
title = Serial 'line' {now}
kernel = /live/vmlinuz
initrd = /live/initrd
append = boot=live netboot=nfs nfsroot=@server@:@iso@
	console=ttyS0 odd=a;b|c
[entry test]
title = Test
kernel = /live/memtest
CONF
check "an entry of one's own" wait_for 5 grep -qF "menuentry 'Serial '\\''line'\\'' {now}'" mnt/live/grub.cfg
check "its placeholders are filled" grep -qF 'nfsroot=${pxefs-server}:/pxe/live/iso' mnt/live/boot.ipxe
check "for GRUB too" grep -q 'nfsroot="$pxefs_server":/pxe/live/iso' mnt/live/grub.cfg
check "its kernel is the ISO's file" grep -qF '"$pxefs_files"/live/iso/live/vmlinuz' mnt/live/grub.cfg
check "its line goes on" grep -q "nfsroot.*console=ttyS0 'odd=a;b|c'" mnt/live/grub.cfg
is "$(grep -c 'nfsroot=.*not-for-them' mnt/live/boot.ipxe)" 4 "what is appended is for the ISO's own entries"
check "one without an initrd" grep -qF '"$pxefs_files"/live/iso/live/memtest' mnt/live/grub.cfg
check "menus parse" menus_parse
write live.conf <<'CONF'
[entry a]
title = Absent
kernel = /live/nothing
initrd = /live/initrd
[entry b]
title = Directory
kernel = /live
[entry c]
title = Outside
kernel = /../../../etc/passwd
[entry d]
title = There
kernel = /live/vmlinuz
initrd = /live/initrd
CONF
check "an entry whose file is not there is told" status_says live 'has an entry "Absent" whose files are not in the ISO'
check "the others are there" wait_for 5 grep -q There mnt/live/grub.cfg
check "it is not" not grep -qE "menuentry '(Absent|Directory|Outside)'" mnt/live/grub.cfg
ids >ids.after
check "still no node has another id" cmp ids.before ids.after

# --- what cannot be understood ---
for bad in 'titel = x' 'hidden = perhaps' 'timeout = soon' '[section]' 'no value at all' 'answer = ../../etc/passwd'; do
	printf '%s\nappend = a\n' "$bad" | write live.conf
	check "\"$bad\" is told" status_says live "live.conf is not used"
done
sed '/live\.conf is not used/d; /conf/d' mnt/live/grub.cfg | grep -v '^# ' >without-note
grep -v '^# ' plain.cfg >plain-without
check "and everything else is as before" cmp without-note plain-without
printf 'a\000b = c\n' | write live.conf
check "bytes that are no text" status_says live "not a text"
{ echo 'title = x'; yes '# a comment' | head -c 70000; } | write live.conf
check "too large" status_says live "more than 65536 bytes"
printf 'title = %s\n' "$(yes x | tr -d '\n' | head -c 300)" | write live.conf
check "too long a line" status_says live "line 1 is longer"
printf 'append = fine %s\n' 'bad"quote' | write live.conf
check "a word that cannot travel is told" status_says live 'cannot travel'
check "and left out" menu_has live " fine"
check "and nothing else is" not grep -q '^kernel.*bad' mnt/live/boot.ipxe
check "menus parse" menus_parse
printf 'title = \033[31m<b>&amp;%s\n' "$(printf '\342\200\256gnp')" | write live.conf
check "a hostile title" wait_for 5 grep -qF '&lt;b&gt;' mnt/index.html
check "loses what deceives" not grep -q "$(printf '\033\\|\342\200\256')" mnt/index.html mnt/boot/grub/grub.cfg mnt/boot.ipxe
check "menus parse" menus_parse
rm folder/live.conf
check "back" wait_for 5 cmp mnt/live/grub.cfg plain.cfg

# --- folders ---
printf 'title = Of all\ntimeout = 7\nappend = from=top\n' | write pxefs.conf
for name in live sub/near sub/deep/deepest; do
	check "the top folder's is for $name" menu_has "$name" "from=top"
done
printf 'timeout = 8\nappend = from=sub\n' | write sub/pxefs.conf
check "a sub-folder's comes behind" menu_has sub/near "from=top from=sub"
check "for what is below it" menu_has sub/deep/deepest "from=top from=sub"
check "and nearer wins" wait_for 5 grep -qx 'set timeout=8' mnt/sub/deep/deepest/grub.cfg
check "not beside it" menu_lacks live "from=sub"
printf 'timeout = 9\nremove = from=top\n' | write sub/near.conf
check "the image's own is the nearest" wait_for 5 grep -qx 'set timeout=9' mnt/sub/near/grub.cfg
is "$(grep -c '^live	served' mnt/status)" 1 "a folder's file is no image"
rm folder/pxefs.conf folder/sub/pxefs.conf folder/sub/near.conf
check "all gone" wait_for 5 cmp mnt/live/grub.cfg plain.cfg
check "there too" menu_lacks sub/deep/deepest "from="

# --- being written ---
printf 'append = first=word\n' >folder/live.conf
check "written in place" menu_has live first=word
exec 4<>folder/live.conf
check "while it is open for writing it says nothing" menu_lacks live first=word
printf 'append = other=word\nremove = quiet\n' >&4
check "nor what is half written" not grep -q other=word mnt/live/grub.cfg
exec 4>&-
check "closed, it is read anew" menu_has live other=word
i=0
while [ $i -lt 20 ]; do
	printf 'append = a=%s b=%s\n' $i $i >folder/live.conf
	i=$((i + 1))
done
check "often rewritten, the last word counts" menu_has live "a=19 b=19"
rm folder/live.conf

# --- answer files ---
noise kickstart 20000 | base64 >answer
cp mnt/installer/grub.cfg installer.cfg
{ cat answer; printf 'no newline at the end'; } >kickstart
write installer.answer.ks <kickstart
check "an answer file is in the tree" wait_for 5 cmp mnt/installer/answer.ks kickstart
check "its size too" test "$(stat -c %s mnt/installer/answer.ks)" = "$(stat -c %s kickstart)"
is "$(stat -c %a mnt/installer/answer.ks)" 444 "everybody can read it"
check "it is listed" test -n "$(find mnt/installer -maxdepth 1 -name answer.ks)"
check "the installer is told, in iPXE" wait_for 5 grep -qF 'inst.ks=nfs:${pxefs-server}:/pxe/installer/answer.ks' mnt/installer/boot.ipxe
check "in GRUB" wait_for 5 grep -qF 'inst.ks=nfs:"$pxefs_server":/pxe/installer/answer.ks' mnt/installer/grub.cfg
check_not "others have none" ls mnt/live/answer.ks
check "menus parse" menus_parse
exec 5<mnt/installer/answer.ks
echo '# another' >>kickstart
write installer.answer.ks <kickstart
check "changed" wait_for 5 cmp mnt/installer/answer.ks kickstart
check "who has it open reads what it was" test "$(wc -c <&5)" = $(($(wc -c <kickstart) - 10))
exec 5<&-
server=$(server_of "$pxefs_pid")
kill -KILL "$server"
check "a server dies" wait_for 10 other_server "$pxefs_pid" "$server"
check "the next one has it" wait_for 5 cmp mnt/installer/answer.ks kickstart
head -c 1200000 /dev/zero | write installer.answer.ks
check "too large a file is told" status_says installer "installer.answer.ks is not used: more than 1048576 bytes"
check "and is not there" wait_for 5 test ! -e mnt/installer/answer.ks
rm folder/installer.answer.ks
check "gone, the menu is as before" wait_for 5 cmp mnt/installer/grub.cfg installer.cfg
# archinstall's configuration comes with the script that fetches it.
write arch.answer.JSON <<'JSON'
{"hostname": "of the lab"}
JSON
check "a configuration of another kind is in the tree" wait_for 5 grep -q 'of the lab' mnt/arch/answer.json
check "and a script beside it" wait_for 5 cp mnt/arch/answer.sh script
mkdir bin
cat >bin/cat <<'SH'
#!/bin/sh
echo quiet script=http://10.0.0.1:81/pxe/arch/answer.sh script=later
SH
cat >bin/curl <<'SH'
#!/bin/sh
echo "curl $*" >>did
! [ -e fails ]
SH
cat >bin/archinstall <<'SH'
#!/bin/sh
echo "archinstall $*" >>did
SH
chmod +x bin/*
PATH=$PWD/bin:$PATH sh -eu script
grep -oE 'http:.*' did >asked
is "$(head -n 1 asked)" "http://10.0.0.1:81/pxe/arch/answer.json" "that asks for it where it comes from"
is "$(tail -n 1 did)" "archinstall --config /tmp/pxefs-answer.json --silent" "and installs as it says"
: >fails
: >did
check_not "what cannot be fetched installs nothing" env PATH="$PWD/bin:$PATH" sh -eu script
check_not "nothing at all" grep -q archinstall did
write arch.answer.sh <<'SH'
#!/bin/sh
SH
rm folder/arch.answer.JSON
check "a script of the administrator's stands alone" wait_for 5 test ! -e mnt/arch/answer.json
check "and is what it is" wait_for 5 cmp mnt/arch/answer.sh folder/arch.answer.sh

write lab.answer.xml </dev/null
write common.answer.seed <kickstart
printf 'answer = common.answer.seed\n' | write sub/pxefs.conf
printf 'answer = common.answer.seed\n' | write installer.conf
check "one for several, by its name" wait_for 5 cmp mnt/installer/answer.seed kickstart
check "from a folder above" wait_for 5 cmp mnt/sub/near/answer.seed kickstart
echo own | write sub/near.answer.own
check "an image's own is nearer than what its folder names" wait_for 5 test -e mnt/sub/near/answer.own
check_not "and it is the only one" ls mnt/sub/near/answer.seed
check "the others of the folder have the folder's" cmp mnt/sub/deep/deepest/answer.seed kickstart
printf 'answer = common.answer.seed\n' | write sub/near.conf
check "unless its own conf names another" wait_for 5 cmp mnt/sub/near/answer.seed kickstart
rm folder/sub/near.conf folder/sub/near.answer.own
check "where no way is known to tell of it, that is said" status_says sub/near "how its installer takes an answer file is not known"
printf 'answer = absent.answer\n' | write installer.conf
check "one that is not there is told" status_says installer 'the answer file "absent.answer" is not there'
rm folder/installer.conf folder/common.answer.seed folder/sub/pxefs.conf
printf 'x\n' >'folder/installer.answer.a b$(c)'
check "a hostile suffix is not in the tree" wait_for 5 test -e mnt/installer/answer
check "menus parse" menus_parse
rm folder/installer.answer*
check "and gone again" wait_for 5 test ! -e mnt/installer/answer
check "everything is as it was" wait_for 5 cmp mnt/installer/grub.cfg installer.cfg
ids >ids.after
check "with every id as it was" cmp ids.before ids.after
check "and nothing withdrawn" test -z "$(ls -A mnt/.old 2>/dev/null)"

# --- an image that goes and comes back ---
printf 'append = said=before\n' | write live.conf
write live.answer.ks <kickstart
check "said before" menu_has live said=before
"$fh" of mnt/live/image.iso >handle
mv folder/live.iso away
check "it goes" wait_for 10 test ! -e mnt/live
old=$(ls mnt/.old)
check "its last menu is there for its clients" grep -q said=before "mnt/.old/$old/grub.cfg"
check "and its answer file" cmp "mnt/.old/$old/answer.ks" kickstart
printf 'append = said=meanwhile\n' | write live.conf
rm folder/live.answer.ks
mv away folder/live.iso
check "and comes back" wait_for 10 test -e mnt/live/grub.cfg
check "with what was said meanwhile" menu_has live said=meanwhile
check "without what was taken back" wait_for 5 test ! -e mnt/live/answer.ks
is "$("$fh" of mnt/live/image.iso)" "$(cat handle)" "and is the same image"
rm folder/live.conf
check "back" wait_for 5 cmp mnt/live/grub.cfg plain.cfg

# --- cloud-init looks for two files ---
mkdir -p noble/casper noble/boot/grub
cp tree/live/filesystem.squashfs noble/casper/ubuntu-server-minimal.squashfs
noise kernel 5000 >noble/casper/vmlinuz
noise initrd 5000 >noble/casper/initrd
cat >noble/boot/grub/grub.cfg <<'MENU'
menuentry "Try or Install Ubuntu Server" {
	linux /casper/vmlinuz ---
	initrd /casper/initrd
}
MENU
make_iso noble folder/noble.iso -R -J -V 'Ubuntu-Server 24.04.1 LTS amd64'
printf '#cloud-config\nautoinstall:\n  version: 1\n' | write noble.answer.yaml
check "Ubuntu's installer gets its file" wait_for 10 cmp folder/noble.answer.yaml mnt/noble/user-data
check "with another beside it" test -f mnt/noble/meta-data
is "$(wc -c <mnt/noble/meta-data)" 0 "that is empty"
check "which it gets over HTTP alone" status_says noble "over HTTP, which -o http switches on"
"$PXEFS" --explain -o http,server=10.0.0.1,nfs=/pxe folder/noble.iso >explain
check "and with it is told so" grep -qF 'autoinstall ds=nocloud-net\;s=http://"$pxefs_server"/noble/ ---' explain
rm folder/noble.answer.yaml
check "gone, both are" wait_for 5 test ! -e mnt/noble/user-data -a ! -e mnt/noble/meta-data
rm folder/noble.iso
check "the image too" wait_for 5 test ! -e mnt/noble

# --- the sample and the manual ---
cp "$TOP_SRCDIR/examples/NAME.conf" folder/live.conf
cp kickstart folder/lab.answer.ks
check "the sample: its title" wait_for 5 grep -qF 'Rescue system of the lab' mnt/boot/grub/grub.cfg
check "its words" menu_has live "console=tty0 console=ttyS0,115200"
check "its answer file" wait_for 5 cmp mnt/live/answer.ks kickstart
check "all of it is understood" not grep -q 'is not used' mnt/status
check "an entry whose files this ISO lacks is told" status_says live '"Live system on the serial line"'
missing=
keys=$(sed -n 's/.*strcmp(key, "\([a-z]*\)").*/\1/p' "$TOP_SRCDIR/fs/conf.c" | LC_ALL=C sort -u)
for key in $keys; do
	grep -q "^$key = " "$TOP_SRCDIR/examples/NAME.conf" || missing="$missing $key(sample)"
	grep -qE "^\.It Cm $key( |$)" "$TOP_SRCDIR/fs/pxefs.8" || missing="$missing $key(manual)"
done
is "$(echo "$keys" | wc -l)$missing" 10 "every key is in the sample and in the manual"
told=$(sed -n '/^\.Sh IMAGE CONFIGURATION/,/^\.Sh FILES/s/^\.It Cm \([a-z]*\).*/\1/p' "$TOP_SRCDIR/fs/pxefs.8" | sort -u)
for key in $told; do
	echo "$keys" | grep -qx "$key" || missing="$missing $key"
done
is "$missing" "" "and the manual has no other"
rm folder/live.conf folder/lab.answer.ks
check "back" wait_for 5 cmp mnt/live/grub.cfg plain.cfg

# --- without a mount ---
rm folder/lab.answer.xml
"$PXEFS" --list folder >before
printf 'title = Explained\nappend = explained=yes\nhidden = yes\n' | write live.conf
write live.answer.ks <kickstart
"$PXEFS" --list folder >list
check "--list honours it" grep -q 'in no menu, as its .conf says' list
is "$(grep -c '^live	' list)" 1 "--list has no line for it"
"$PXEFS" --dump folder >dump
check "--dump has the answer file" grep -q '^/live/answer.ks ' dump
"$PXEFS" --explain folder/live.iso >explain
check "--explain names it" grep -qx 'conf: live.conf' explain
check "and the menu is as it says" grep -q explained=yes explain
printf 'titel = x\n' | write live.conf
"$PXEFS" --list folder >list 2>err
check "--list tells of a mistake" grep -q 'live.conf is not used: titel' list
rm folder/live.conf folder/live.answer.ks
"$PXEFS" --list folder >list
check "and without them it is as before" cmp list before

plan
