#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The command without a mount: usage, --help, --list, --dump and --explain, which need no root.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

requires xorriso grub-script-check
[ -e "$PXEFS" ] || skip "the program is not built"
mkdir -p bin folder/sub mnt
cp "$PXEFS" bin/pxefs
PXEFS=$tmp/bin/pxefs
mini folder/good.iso good
cp folder/good.iso 'folder/sub/a b.iso'
seq 50000 >folder/text.iso
head -c 100000 folder/good.iso >folder/half.iso
: >folder/empty.iso
chmod -R a+rX "$tmp"
# As nobody where that can be done: what follows needs no rights.
as=
[ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null || as="setpriv --reuid 65534 --regid 65534 --clear-groups"

# wrong WHAT ARG...: one line that says WHAT, and status 2
wrong()
{
	what=$1
	shift
	status=0
	"$PXEFS" "$@" >out 2>err || status=$?
	case "$status,$(wc -l <err),$(wc -c <out),$(cat err)" in
	2,1,0,"pxefs: "*"$what"*) ok "wrong usage: $*" ;;
	*)
		not_ok "wrong usage: $*"
		printf 'status %s\n%s\n' "$status" "$(cat out err)" | sed 's/^/# /'
		;;
	esac
	status=0
}

wrong "want WATCHDIR and MOUNTPOINT"
wrong "want WATCHDIR and MOUNTPOINT" folder
wrong "want WATCHDIR and MOUNTPOINT" folder mnt more
wrong "--bogus" --bogus folder mnt
wrong "-Z" -Z folder mnt
wrong "-o" folder mnt -o
wrong "bogus" -o bogus folder mnt
wrong "bogus" -o ro,bogus=1,rw folder mnt
wrong "-o timeout wants a number of seconds" -o timeout=soon folder mnt
wrong "-o grace wants a number of seconds" -o grace=-1 folder mnt
wrong "-o poll wants a number of seconds" -o poll=99999999999999999999 folder mnt
wrong "-o poll wants" -o poll folder mnt
wrong "-o server wants a value" -o server folder mnt
wrong "-o server wants a value" -o server= folder mnt
wrong "not an IPv4 address" -o server=here.example folder mnt
wrong "absolute path" -o nfs=pxe folder mnt
wrong "nfs=" -o "nfs=/p xe" folder mnt
wrong "http://" -o http=ftp://x/ folder mnt
wrong "-o symfollow takes no value" -o symfollow=yes folder mnt
wrong "No such file or directory" folder nowhere
wrong "is not a directory" folder folder/good.iso
wrong "one WATCHDIR" --list
wrong "one WATCHDIR" --list folder more
wrong "one WATCHDIR" --dump
wrong "one FILE.iso" --explain
# Places that would show or hide themselves.
mkdir -p mnt/below folder/below
ln -s mnt/below way-in
wrong "is below MOUNTPOINT" mnt/below mnt
wrong "is below MOUNTPOINT" mnt mnt
wrong "is below MOUNTPOINT" way-in mnt
wrong "is below MOUNTPOINT" folder .
wrong "is below WATCHDIR" folder folder/below
wrong "is below MOUNTPOINT" -o loader=mnt/below folder mnt
wrong "is below MOUNTPOINT" -o loader="$tmp/mnt/not/there" folder mnt
wrong "is below MOUNTPOINT" -o state=mnt folder mnt
wrong "is below MOUNTPOINT" -o state="$tmp/mnt/not/there" folder mnt
rmdir folder/below
check "nothing was mounted by any of these" not is_mounted "$tmp/mnt"

for option in --help -h; do
	check "$option" "$PXEFS" $option
done
"$PXEFS" --help >help 2>err
is "$(cat err)" "" "--help is for stdout"
is "$(awk 'length > 80' help)" "" "in 80 columns"
for word in --list --dump --explain server= nfs= http loader= state= timeout= grace= poll= symfollow pxefs\(8\); do
	check "--help tells of $word" grep -qF -e "$word" help
done
check "--version" sh -c '"$1" --version | grep -qE "^pxefs [0-9]"' sh "$PXEFS"

# --- --list ---
$as "$PXEFS" --list folder >list 2>err
is "$?,$(cat err)" 0, "--list"
is "$(head -n 1 list)" "# name	state	family	boots	reason" "has a line that says what is what"
is "$(grep -c '^[^#]' list)" 5 "and a line for every file"
check "what is served" grep -qx 'good	served	ipxe	kernel alone	-' list
check "in sub-folders" grep -q '^sub/a_b	served' list
check "what is no ISO" grep -qP '^text\.iso\trejected\t-\t-\tnot an ISO: .' list
check "what is empty" grep -qP '^empty\.iso\trejected\t-\t-\tit is empty$' list
check "what is not all there" grep -qP '^half\.iso\tincomplete\t-\t-\tincomplete: 100000 of \d+ bytes$' list
exec 5>>folder/sub/a\ b.iso
"$PXEFS" --list folder >list
check "what is being written" grep -qP '^sub/a b\.iso\tincomplete\t-\t-\tanother program has it open for writing' list
check "beside what is not" grep -q '^good	served' list
exec 5>&-
status=0
"$PXEFS" --list nowhere >out 2>err || status=$?
is "$status,$(wc -l <err),$(cat out)" 1,1, "--list of nothing fails with a line"
check "that names it" grep -q "nowhere: No such file or directory" err
status=0

# --- --explain ---
$as "$PXEFS" --explain folder/good.iso >explain 2>err
is "$?,$(cat err)" 0, "--explain"
for line in 'file: good.iso' 'family: iPXE (ipxe)' 'boots: kernel alone' 'entry: ipxe (default)' '  kernel: kernel/ipxe.krn' \
	'  from: /isolinux.cfg, for BIOS' 'generated good/grub.cfg:'; do
	check "says \"$line\"" grep -qxF -e "$line" explain
done
mkdir linked
ln -s ../folder/good.iso linked/by-link.iso
$as "$PXEFS" --explain linked/by-link.iso >out 2>err
is "$?,$(sed -n '1,2p' out | tr '\n' ,)" "0,file: by-link.iso,name: by-link," "--explain of a link: by the name that the tree has"
sed '1,/^generated/d' explain >menu
check "and has a menu that GRUB takes" grub-script-check menu
check "which boots it" grep -q 'linux16 "$pxefs_files"/good/kernel/ipxe.krn' menu
for file in text half empty nothing; do
	status=0
	timeout 10 "$PXEFS" --explain folder/$file.iso >out 2>err || status=$?
	is "$status,$(wc -l <err),$(wc -c <out)" 1,1,0 "--explain of $file.iso fails with a line"
	check "that names it and says why" grep -qE "^pxefs: .*/$file\.iso: .+" err
done
mkfifo fifo
status=0
timeout 10 "$PXEFS" --explain fifo >out 2>err || status=$?
is "$status" 1 "--explain waits for nothing"
status=0

# --- --dump ---
$as "$PXEFS" --dump folder >dump 2>err
is "$?,$(cat err)" 0, "--dump"
set -- $(grep '^/good/iso/words ' dump)
is "$3 $4 $6" "100444 0:0 5" "mode, owner and size"
is "$8" iso "and where the bytes are"
dd if=folder/good.iso bs=1 skip="${9%+*}" count="${9#*+}" 2>/dev/null >words
is "$(cat words)" good "which is where they are"
check "the generated ones too" grep -q '^/boot/grub/grub.cfg .* text$' dump
"$PXEFS" --dump folder >again
check "it is the same each time" cmp dump again

if [ "$(id -u)" = 0 ] && [ -w /dev/fuse ] && unshare --mount true 2>/dev/null; then
	mount_pxefs folder mnt -o state=,nfs=/pxe
	# What --dump says and what the mount shows are one thing. (The folder's own dates are of the watch.)
	find mnt -mindepth 1 -printf '/%P %y %m %n %s %i\n' | sed 's/ /\\040/g; s/\\040\([a-z]\)\\040\([0-7]*\)\\040\([0-9]*\)\\040\([0-9]*\)\\040\([0-9]*\)$/ \1 \2 \3 \4 \5/' |
		LC_ALL=C sort >shown
	awk '!/^#/ {
		split($2, id, "."); kind = substr($3, 1, length($3) - 4)
		y = kind == "04" ? "d" : kind == "10" ? "f" : kind == "12" ? "l" : "?"
		mode = substr($3, length($3) - 3) + 0
		print $1, y, mode, $5, $6, id[1]
	}' dump | while read -r path y mode links size id; do
		echo "$path $y $mode $links $size $(printf %d "0x$id")"
	done | LC_ALL=C sort >dumped
	check "there is something to compare" test -s dumped
	diff dumped shown >different || :
	is "$(cat different)" "" "--dump and the mount are one tree: types, modes, links, sizes and numbers"
	tail -n +2 mnt/status >mounted
	"$PXEFS" --list folder | tail -n +2 >listed
	check "--list and status are one text" cmp listed mounted
fi

plan
