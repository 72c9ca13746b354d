#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the ISOs that the benchmark serves, in the shape of Debian Live: menus, a kernel, an initrd, a squashfs. Each is
# made once and kept in the tests' cache. Prints the path.
#
#	isos.sh size MIB	one ISO of that size: a squashfs of noise, and beside it data/noise
#	isos.sh root CODEC	one ISO whose squashfs holds 64 MiB of this machine's programs and libraries
#	isos.sh many COUNT	a directory of so many small ISOs, every one with other content
#
# BENCH_HELPER is the path of the program that belongs to the benchmark.

. "$(dirname "$0")/../fixtures/cache.sh"

usage()
{
	echo "usage: $0 size MIB | root CODEC | many COUNT" >&2
	exit 2
}

[ $# = 2 ] || usage
needs mksquashfs xorriso tar
: "${BENCH_HELPER:?}"
ROOT_MIB=64
case $1 in
size | root) cache_open "bench-$1-$2.iso" ;;
many) cache_open "bench-$1-$2.d" ;;
*) usage ;;
esac

# live_tree DIR SEED: what such an ISO has besides its squashfs, some 100 files.
live_tree()
{
	mkdir -p "$1/live" "$1/isolinux" "$1/boot/grub/i386-pc" "$1/.disk"
	"$BENCH_HELPER" fill "$1/live/vmlinuz" 65536 "$2"
	"$BENCH_HELPER" fill "$1/live/initrd.img" 131072 "$2"
	i=0
	while [ $i -lt 100 ]; do
		echo "module $i" >"$1/boot/grub/i386-pc/module-$i.mod"
		i=$((i + 1))
	done
	echo "Official Debian GNU/Linux Live $2" >"$1/.disk/info"
	cat >"$1/boot/grub/grub.cfg" <<-'MENU'
	menuentry "Live system" {
		linux	/live/vmlinuz boot=live components quiet splash findiso=${iso_path}
		initrd	/live/initrd.img
	}
	menuentry "Live system (fail-safe mode)" {
		linux	/live/vmlinuz boot=live components memtest noapic noapm nodma nomce nolapic nosmp nosplash vga=788
		initrd	/live/initrd.img
	}
	MENU
	cat >"$1/isolinux/isolinux.cfg" <<-'MENU'
	label live
		menu label Live system
		linux /live/vmlinuz
		initrd /live/initrd.img
		append boot=live components quiet splash
	MENU
}

root_tree()
{
	mkdir -p "$1/etc" "$1/usr/share"
	echo 'ID=debian' >"$1/etc/os-release"
}

make_squashfs()
{
	rm -f "$2"
	from=$1
	to=$2
	shift 2
	mksquashfs "$from" "$to" -quiet -no-progress -noappend -all-root "$@" >&2
}

make_image()
{
	xorriso -as mkisofs -quiet -R -J -iso-level 3 -V BENCH -o "$2" "$1" >&2
}

# many_lane FIRST STEP LAST
many_lane()
{
	tree=$work/iso-$1
	inside=$work/root-$1
	live_tree "$tree" "$1"
	root_tree "$inside"
	n=$1
	while [ $n -le "$3" ]; do
		echo "number $n" | tee "$inside/etc/hostname" >"$tree/.disk/number"
		"$BENCH_HELPER" fill "$tree/live/vmlinuz" 65536 $n
		make_squashfs "$inside" "$tree/live/filesystem.squashfs"
		make_image "$tree" "$work/result/live-$n.iso"
		n=$((n + $2))
	done
}

iso=$work/iso
root=$work/root
root_tree "$root"
case $1 in
size)
	live_tree "$iso" "$2"
	# A third in the squashfs, the rest beside it. filler is larger than what a server keeps unpacked.
	inside=$(($2 * 349525))
	if [ "$2" -ge 1000 ]; then
		"$BENCH_HELPER" fill "$root/usr/share/filler" 50331648 3
		inside=$((inside - 50331648))
	fi
	"$BENCH_HELPER" fill "$root/usr/share/noise" $inside "$2"
	make_squashfs "$root" "$iso/live/filesystem.squashfs" -noD -noF
	rm -rf "$root"
	mkdir "$iso/data"
	"$BENCH_HELPER" fill "$iso/data/noise" $(($2 * 699050)) "1$2"
	make_image "$iso" "$work/result"
	cache_keep "$work/result"
	;;
root)
	live_tree "$iso" 1
	# Real bytes, because how fast a codec is depends on what it unpacks. head ends the pipe when it has enough.
	tar -C / -cf - usr/bin usr/sbin usr/lib 2>/dev/null | head -c ${ROOT_MIB}M >"$root/usr/share/programs"
	make_squashfs "$root" "$iso/live/filesystem.squashfs" -comp "$2"
	make_image "$iso" "$work/result"
	cache_keep "$work/result"
	;;
many)
	mkdir "$work/result"
	# xorriso spends most of its time asleep, so a few go side by side; each needs a tree of its own.
	lanes=
	for lane in 1 2 3 4 5 6; do
		many_lane $lane 6 "$2" &
		lanes="$lanes $!"
	done
	for lane in $lanes; do
		wait "$lane"
	done
	for old in "${made%-*}"-????????????????.d; do
		rm -rf "$old"
	done
	cache_keep "$work/result"
	;;
esac
