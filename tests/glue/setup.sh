#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What "bootstrap run --serve" changes on a system, on one that is made up; and that --undo gives back that system, byte
# by byte, but leaves what somebody changed since.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
# A make that runs this test is not to talk to the makes that the test runs.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

mkdir bin
for tool in systemctl exportfs umount; do
	printf '#!/bin/sh\necho "%s $*" >>"%s/called"\n' "$tool" "$tmp" >bin/$tool
done
cat >>bin/systemctl <<TOOL
case "\$1" in is-active) [ -e '$tmp/nfs-runs' ] ;; esac
TOOL
echo ": >'$tmp/r/proc/self/mountinfo'" >>bin/umount
chmod +x bin/*
PATH=$tmp/bin:$PATH
PXEFS_ROOT=$tmp/r
export PXEFS_ROOT

status=0
setup()
{
	status=0
	sh "$TOP_SRCDIR/tftp-glue/setup.sh" "$@" >out 2>errors || status=$?
}

atftpd_line='OPTIONS="--port 69 --tftpd-timeout 300 --maxthread 100 --verbose=5 /srv/tftp"'
system()
{
	rm -rf r called nfs-runs
	mkdir -p r/etc/default r/proc/self r/run/systemd/system
	printf '# a table\n/dev/sda1 / ext4 defaults 0 1' >r/etc/fstab # without an end of line
	printf '## Options for atftpd:\n%s\n' "$atftpd_line" >r/etc/default/atftpd
	: >r/etc/exports
	chmod 640 r/etc/default/atftpd
	: >r/proc/self/mountinfo
	: >called
}

# all_of DIR: names, kinds, modes and bytes.
all_of()
{
	(cd "$1" && find . -printf '%p %y %m\n' && find . -type f -exec sha256sum {} +) | LC_ALL=C sort
}

system
all_of r >before
setup serve /srv/iso /pxe 192.0.2.0/24
is "$status $(cat errors)" "0 " "serve"
is "$(cat r/etc/fstab)" '# a table
/dev/sda1 / ext4 defaults 0 1
/srv/iso /pxe fuse.pxefs nofail,x-systemd.requires-mounts-for=/srv/iso,x-systemd.before=nfs-server.service 0 0' "fstab"
is "$(cat r/etc/exports.d/pxe.exports)" "$(grep '^/pxe' "$TOP_SRCDIR/examples/pxe.exports")" "the export is the one of our sample"
is "$(tail -n 1 r/etc/default/atftpd)" "$(echo "$atftpd_line" | sed 's|/srv/tftp|/pxe|')" "atftpd's root, and nothing else of its options"
is "$(stat -c %a r/etc/default/atftpd)" 640 "with the file's mode"
is "$(cat called)" 'systemctl daemon-reload
systemctl stop atftpd.service atftpd.socket
systemctl start atftpd.socket
systemctl is-active --quiet nfs-server
systemctl enable --quiet --now nfs-server
exportfs -ra' "the servers are started, the socket not while its server runs"

cp r/etc/fstab fstab.once
cp r/etc/default/atftpd atftpd.once
setup serve /srv/iso /pxe 192.0.2.0/24
is "$status" 0 "a second time"
check "changes nothing: fstab" cmp fstab.once r/etc/fstab
check "changes nothing: atftpd" cmp atftpd.once r/etc/default/atftpd
is "$(ls r/etc/exports.d)" pxe.exports "changes nothing: exports"

: >called
setup undo
is "$status $(cat errors)" "0 " "undo"
# That the last line of fstab has an end now is all that may differ.
is "$(cat r/etc/fstab)" '# a table
/dev/sda1 / ext4 defaults 0 1' "fstab is as before"
printf '# a table\n/dev/sda1 / ext4 defaults 0 1' >r/etc/fstab
all_of r >after
# var/lib was not there on the made-up system.
is "$(LC_ALL=C comm -3 before after)" "$(printf '\t%s\n' './var d 755' './var/lib d 755')" "and so is all else"
is "$(grep -v daemon-reload called)" 'systemctl disable --quiet --now nfs-server
systemctl stop atftpd.service atftpd.socket
systemctl start atftpd.socket
exportfs -u 192.0.2.0/24:/pxe
exportfs -f' "the servers know"
setup undo
is "$status $(cat out)" "0 == There is nothing to take back" "a second undo has nothing to do"

# What is there already stays.
system
: >nfs-runs
echo '/srv/other /pxe fuse.pxefs nofail 0 0' >r/etc/fstab
echo '/pxe *(ro,fsid=1)' >r/etc/exports
cp -r r/etc etc.before
setup serve /srv/iso /pxe 192.0.2.0/24
check "an fstab line that is there stays" cmp etc.before/fstab r/etc/fstab
check_not "an export that is there is not doubled" test -e r/etc/exports.d/pxe.exports
check_not "an NFS server that runs is not enabled" grep -q 'enable' called
setup undo
check_not "nor stopped by undo" grep -q 'disable' called
check "and all is as before" diff -r etc.before r/etc

# What somebody changed since stays.
system
setup serve /srv/iso /pxe 192.0.2.0/24
echo '# mine' >>r/etc/exports.d/pxe.exports
echo '# mine' >>r/etc/default/atftpd
echo '# mine' >>r/etc/fstab
setup undo
is "$status" 0 "undo after changes by hand"
is "$(tail -n 1 r/etc/exports.d/pxe.exports)" '# mine' "a changed exports file stays"
is "$(tail -n 1 r/etc/default/atftpd)" '# mine' "a changed atftpd file too"
is "$(cat r/var/lib/pxefs/atftpd.before | tail -n 1)" "$atftpd_line" "beside which the one from before is kept"
is "$(cat r/etc/fstab)" '# a table
/dev/sda1 / ext4 defaults 0 1
# mine' "of fstab our line alone goes"
is "$(grep -c 'it stays' out)" 3 "each of them is told, and the directory that is not empty"

# Refusals change nothing.
system
all_of r | grep -v ' ./var' >before
for network in '192.0.2.0/24 *' '$(reboot)' ''; do
	setup serve /srv/iso /pxe "$network"
	is "$status" 1 "no network: \"$network\""
done
all_of r >after
check "and nothing was changed" cmp before after
printf 'OPTIONS="--port 69"\n' >r/etc/default/atftpd
setup serve /srv/iso /pxe 192.0.2.0/24
is "$status" 1 "options of atftpd that are not as the package writes them are not guessed at"
is "$(cat r/etc/default/atftpd)" 'OPTIONS="--port 69"' "and stay"

# The other things that bootstrap writes down.
system
mkdir -p r/srv/iso r/pxe r/build r/kept r/loader
printf 'uninstall:\n\ttouch %s/uninstalled\n' "$tmp" >r/build/Makefile
echo iso >'r/srv/iso/a b.iso'
echo iso >r/srv/iso/changed.iso
echo file >r/kept/file
setup did packages gcc make
setup did install "$tmp/r/build"
setup did dir "$tmp/r/srv/iso"
setup did dir "$tmp/r/pxe"
setup did dir "$tmp/r/kept"
setup did file "$tmp/r/srv/iso/a b.iso" "$(sha256sum <'r/srv/iso/a b.iso' | cut -c 1-64)"
setup did file "$tmp/r/srv/iso/changed.iso" "$(echo before | sha256sum | cut -c 1-64)"
setup did loader "$tmp/r/loader"
setup did mount /pxe
setup did mount /pxe
setup did packages atftpd
is "$(wc -l <r/var/lib/pxefs/undo)" 11 "a thing that is done twice is written down once"
mkdir -p r/var/lib/pxefs/0123456789abcdef
: >r/var/lib/pxefs/0123456789abcdef/names
: >r/var/lib/pxefs/0123456789abcdef/fedcba9876543210.idx
echo '43 27 0:40 / /pxe ro - fuse.pxefs iso ro' >r/proc/self/mountinfo
: >called
setup undo
is "$status $(cat errors)" "0 " "undo of all that"
is "$(cat called)" 'umount /pxe' "the tree is unmounted"
check "make uninstall was run" test -e uninstalled
check_not "a copied ISO is gone" test -e 'r/srv/iso/a b.iso'
check "one that was replaced stays" test -e r/srv/iso/changed.iso
check_not "the mount point is gone" test -e r/pxe
check "a directory with something in it stays" test -e r/kept/file
check_not "what pxefs kept is gone" test -e r/var/lib/pxefs
is "$(tail -n 1 out)" 'apt-get purge atftpd gcc make' "the packages are named, not removed"

# It goes on where it stopped.
system
setup did dir "$tmp/r/never"
setup did mount /pxe
echo '43 27 0:40 / /pxe ro - fuse.pxefs iso ro' >r/proc/self/mountinfo
mv bin/umount umount.kept
printf '#!/bin/sh\nexit 1\n' >bin/umount
# Minutes, for who sleeps.
printf '#!/bin/sh\necho "$*" >>"%s/slept"\n' "$tmp" >bin/sleep
chmod +x bin/umount bin/sleep
setup undo
is "$status" 1 "a tree in use stops undo"
check "with a sentence" grep -q '/pxe is in use' errors
is "$(awk '{ sum += $1 } END { print (sum >= 150 && sum <= 200) }' slept)" 1 \
	"but not before the kernel's NFS server can have forgotten it"
rm bin/sleep
mv umount.kept bin/umount
setup undo
is "$status" 0 "which goes on the next time"
check_not "to its end" test -e r/var/lib/pxefs
printf 'evil\t/etc\n' >list
mkdir -p r/var/lib/pxefs
mv list r/var/lib/pxefs/undo
setup undo
is "$status" 1 "a line of other origin is not obeyed"

unset PXEFS_ROOT
# bootstrap's own arguments: all of these are wrong, and nothing is begun.
for wrong in 'run --serve' 'run --undo /srv/iso' 'run --no-such' 'run a b c' 'walk'; do
	status=0
	# shellcheck disable=SC2086 # words
	"$TOP_SRCDIR/bootstrap" $wrong >out 2>errors || status=$?
	is "$status $(cat out)" "2 " "bootstrap $wrong"
done

if command -v shellcheck >/dev/null; then
	(cd "$TOP_SRCDIR" && shellcheck -s sh -S warning -e SC2086,SC2115 bootstrap tftp-glue/setup.sh tftp-glue/pxefs-loader \
		tftp-glue/pxefs-check) >shellchecked 2>&1 || :
	is "$(cat shellchecked)" "" "shellcheck finds nothing in the scripts"
else
	ok "shellcheck # SKIP shellcheck is not installed"
fi
if command -v mandoc >/dev/null; then
	is "$(mandoc -T lint -W warning "$TOP_SRCDIR"/tftp-glue/*.8 2>&1)" "" "mandoc finds nothing in the manual pages"
fi
for command in pxefs-loader pxefs-check; do
	sh "$TOP_SRCDIR/tftp-glue/$command" --help | grep -oE -- '--[a-z]+' | LC_ALL=C sort -u >in-help
	sed -n 's/^\.It \(Fl .*\)/\1/p' "$TOP_SRCDIR/tftp-glue/$command.8" | grep -oE 'Fl -[a-z]+' | sed 's/^Fl -/--/' |
		LC_ALL=C sort -u >in-page
	is "$(LC_ALL=C comm -3 in-help in-page)" "" "$command: its help and its manual page list the same options"
done

plan
