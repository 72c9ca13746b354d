#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds an ISO with the layout of Gentoo's minimal install CD in the days of genkernel that does boot: with
# Debian's kernel, an initramfs of our own that follows genkernel's rules (genkernel-init), and a root
# that only says what it booted from. Prints the ISO's path.
#
#	gentoo.sh MACHINE.tar	the archive that image.sh made, for kernel, drivers and busybox

here=$(dirname "$0")
. "$here/../fixtures/cache.sh"

machine=$1
needs mksquashfs xorriso cpio xz tar
cache_open boot-gentoo.iso "${machine##*/}" "$(cat "$here/genkernel-init" "$here/genkernel-lease" "$here/gentoo-init")"

iso=$work/iso
from=$work/from
mkdir -p "$iso/boot/grub" "$from"
tar -C "$from" -xf "$machine" --wildcards './boot/vmlinuz-*' './*bin/busybox' './*lib/modules/*/modules.dep'
kernel=$(ls "$from"/boot/vmlinuz-*)
busybox=$(find "$from" -name busybox -type f | head -n 1)
list=$(find "$from" -name modules.dep -type f)
modules=${list%/modules.dep}
cp "$kernel" "$iso/boot/gentoo"
: >"$iso/livecd"
echo 'This is a medium for boot tests.' >"$iso/README.txt"

# Each driver's files with what they need before them. The list has for each file what it needs, the
# needed last.
for name in virtio_pci virtio_net af_packet e1000 nfsv3 nfsv4 nfs squashfs loop overlay; do
	awk -F: -v name="$name" '{
		file = $1; sub(/.*\//, "", file); sub(/\.ko.*/, "", file)
		if (file == name) { n = split($2, needed, " "); for (i = n; i > 0; i--) print needed[i]; print $1 }
	}' "$list"
done | awk '!seen[$0]++' >"$work/files"

initrd=$work/initrd
mkdir -p "$initrd/bin" "$initrd/lib/modules" "$initrd/etc" "$initrd/proc" "$initrd/sys" "$initrd/dev" "$initrd/sbin"
# shellcheck disable=SC2046 # a list of names without blanks
tar -C "$from" -xf "$machine" $(sed "s|^|.${modules#"$from"}/|" "$work/files")
while read -r file; do
	flat=${file##*/}
	case $flat in
	*.xz) flat=${flat%.xz}; xz -dc "$modules/$file" >"$initrd/lib/modules/$flat" ;;
	*) cp "$modules/$file" "$initrd/lib/modules/$flat" ;;
	esac
	echo "$flat"
done <"$work/files" >"$initrd/lib/modules/load-order"
cp "$busybox" "$initrd/bin/busybox"
ln -s busybox "$initrd/bin/sh"
cp "$here/genkernel-init" "$initrd/init"
cp "$here/genkernel-lease" "$initrd/bin/lease"
chmod 755 "$initrd/init" "$initrd/bin/lease" "$initrd/bin/busybox"
ln -s init "$initrd/linuxrc"
echo 'GK_VERSION="4.3.10"' >"$initrd/etc/initrd.defaults"
(cd "$initrd" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) | xz --check=crc32 >"$iso/boot/gentoo.igz"

root=$work/root
mkdir -p "$root/bin" "$root/dev" "$root/etc" "$root/home" "$root/mnt" "$root/proc" "$root/root" "$root/sbin" \
	"$root/sys" "$root/tmp" "$root/usr/bin" "$root/usr/share" "$root/var/log" "$root/run"
chmod 1777 "$root/tmp"
cp "$busybox" "$root/bin/busybox"
for name in $("$busybox" --list); do
	[ "$name" = busybox ] || ln -s busybox "$root/bin/$name"
done
cp "$here/gentoo-init" "$root/sbin/init"
chmod 755 "$root/sbin/init" "$root/bin/busybox"
printf 'NAME=Gentoo\nID=gentoo\nPRETTY_NAME="Gentoo/Linux"\n' >"$root/etc/os-release"
echo 'Gentoo Base System release 2.14' >"$root/etc/gentoo-release"
# Some megabytes that do not compress to nothing, so that the loop device reads across NFS in earnest.
awk 'BEGIN { for (i = 0; i < 1000000; i++) print (i * 2654435761) % 4294967296 }' >"$root/usr/share/numbers"
mksquashfs "$root" "$iso/image.squashfs" -quiet -no-progress -comp xz -all-root -noappend \
	-p 'dev/console c 600 0 0 5 1' -p 'dev/null c 666 0 0 1 3' >&2

cat >"$iso/boot/grub/grub.cfg" <<'MENU'
set default=0
set gfxpayload=keep
set timeout=10
insmod all_video

menuentry 'Boot LiveCD (kernel: gentoo)' --class gnu-linux --class os {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot console=tty0 console=ttyS0
	initrd /boot/gentoo.igz
}

menuentry 'Boot LiveCD (kernel: gentoo) (cached)' --class gnu-linux --class os {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot docache console=tty0 console=ttyS0
	initrd /boot/gentoo.igz
}
MENU
xorriso -as mkisofs -quiet -R -J -iso-level 3 -V "Gentoo-amd64-20240526" -o "$work/result.iso" "$iso" >&2
cache_keep "$work/result.iso"
