# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by families.sh, behind tests/functions.sh: what the scripts of media are written with. Each is a sh
# fragment that fills an empty directory with one medium's files; all paths are within it, with or without the
# slash before, and directories above them come by themselves.
#
#	label 'Gentoo-amd64-20250316'
#	empty /livecd
#	kernel /boot/gentoo 6.12.16-gentoo-dist
#	initrd /boot/gentoo.igz early+xz init usr/lib/dracut/modules.txt='dmsquash-live'
#	squashfs /image.squashfs etc/os-release='ID=gentoo' usr/bin/bash
#	text /boot/grub/grub.cfg <<'MENU'
#	...
#	MENU

# label TEXT: the volume identifier.
label()
{
	printf '%s' "$1" >"$medium.label"
}

# place PATH: sets $file to where it is, its directory made.
place()
{
	file=$medium/${1#/}
	mkdir -p "${file%/*}"
}

dir()		# dir PATH
{
	mkdir -p "$medium/${1#/}"
}

empty()		# empty PATH
{
	place "$1"
	: >"$file"
}

file()		# file PATH SIZE: so many bytes that mean nothing
{
	place "$1"
	truncate -s "$2" "$file"
}

text()		# text PATH <<'EOF'
{
	place "$1"
	cat >"$file"
}

link()		# link PATH TARGET
{
	place "$1"
	ln -s "$2" "$file"
}

# kernel PATH [VERSION [arm64]]: the header of a Linux kernel without its code: a bzImage
# (Documentation/arch/x86/boot.rst), or an arm64 Image with an EFI stub (Documentation/arch/arm64/booting.rst).
kernel()
{
	place "$1"
	if [ "${3:-}" = arm64 ]; then
		{
			printf 'MZ'
			head -c 54 /dev/zero
			printf 'ARM\144\100\000\000\000'
			head -c 8128 /dev/zero
		} >"$file"
		return
	fi
	{
		head -c 497 /dev/zero
		printf '\004'
		head -c 12 /dev/zero
		printf '\125\252\353\146HdrS\017\002'
		head -c 6 /dev/zero
		printf '\000\006\000\001'
		head -c 1518 /dev/zero
		printf '%s (builder@host) #1 SMP\000' "${2:-6.1.0-28-amd64}"
		head -c 6000 /dev/zero
	} >"$file"
}

# members DIRECTORY MEMBER...: files in it: "name" is an empty one, "name=text" has that and a newline, "name/" is a
# directory, "name->target" a symbolic link.
members()
{
	into=$1
	shift
	for member; do
		case $member in
		*-\>*)
			name=${member%%->*}
			mkdir -p "$into/$(dirname "$name")"
			ln -s "${member#*->}" "$into/$name"
			continue
			;;
		*=*) name=${member%%=*} ;;
		*/)
			mkdir -p "$into/$member"
			continue
			;;
		*) name=$member ;;
		esac
		mkdir -p "$into/$(dirname "$name")"
		case $member in
		*=*) printf '%s\n' "${member#*=}" >"$into/$name" ;;
		*) : >"$into/$name" ;;
		esac
		chmod 755 "$into/$name"
	done
}

newc()		# newc DIRECTORY: its archive on stdout
{
	(cd "$1" && find . | LC_ALL=C sort | sed 's,^\./,,' | cpio --quiet -o -H newc)
}

# initrd PATH COMPRESSION MEMBER...: compressed by gzip, xz, zstd, lz4, bzip2, lzma or none; "early+xz" has an
# uncompressed archive with microcode before it.
initrd()
{
	place "$1"
	compression=${2#early+}
	if [ "$compression" != "$2" ]; then
		members "$medium.early" kernel/x86/microcode/GenuineIntel.bin=microcode
		newc "$medium.early" >"$file"
		rm -r "$medium.early"
	else
		: >"$file"
	fi
	shift 2
	mkdir "$medium.initrd"
	members "$medium.initrd" "$@"
	case $compression in
	none) newc "$medium.initrd" ;;
	gzip) newc "$medium.initrd" | gzip -n ;;
	xz) newc "$medium.initrd" | xz -0 --check=crc32 ;;
	lzma) newc "$medium.initrd" | xz -0 --format=lzma ;;
	bzip2) newc "$medium.initrd" | bzip2 ;;
	zstd) newc "$medium.initrd" | zstd -q -1 ;;
	lz4) newc "$medium.initrd" | lz4 -q -l ;; # the format of the kernel's own decompressor
	*) false ;;
	esac >>"$file"
	rm -r "$medium.initrd"
}

# squashfs PATH MEMBER...
squashfs()
{
	place "$1"
	shift
	mkdir "$medium.root"
	members "$medium.root" "$@"
	mksquashfs "$medium.root" "$file" -quiet -no-progress -all-root -noappend -comp gzip >"$medium.log" 2>&1 || {
		sed 's/^/# /' "$medium.log"
		false
	}
	rm -r "$medium.root"
}

# Initrds as the generators make them, with the members that tell what they can do: PATH COMPRESSION RELEASE.
live_boot_initrd()
{
	initrd "$1" "$2" init conf/initramfs.conf='BOOT=local' scripts/local scripts/nfs scripts/live usr/bin/live-boot \
		usr/lib/live/boot/9990-netboot.sh usr/bin/nfsmount usr/bin/ipconfig 'bin->usr/bin' 'lib->usr/lib' \
		"usr/lib/modules/$3/kernel/fs/nfs/nfs.ko" \
		"usr/lib/modules/$3/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko"
}

casper_initrd()
{
	initrd "$1" "$2" init conf/uuid.conf=9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00 \
		conf/conf.d/default-boot-to-casper.conf='export BOOT=${BOOT:-casper}' scripts/local scripts/nfs scripts/casper \
		scripts/casper-bottom/ORDER usr/bin/nfsmount usr/bin/ipconfig 'bin->usr/bin' 'lib->usr/lib' \
		"usr/lib/modules/$3/kernel/fs/nfs/nfs.ko.zst" \
		"usr/lib/modules/$3/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.zst"
}

debian_installer_initrd()
{
	initrd "$1" "$2" init sbin/debian-installer lib/debian-installer/menu var/lib/dpkg/info/cdrom-detect.postinst \
		lib/debian-installer-startup.d/S30initrd-preseed "lib/modules/$3/kernel/drivers/cdrom/cdrom.ko" \
		"lib/modules/$3/kernel/fs/isofs/isofs.ko"
}

# dracut's, PATH COMPRESSION RELEASE MODULES [MEMBER...]: of its modules, "dmsquash-live", "livenet", "nfs", "anaconda".
dracut_initrd()
{
	path=$1 packed=$2 release=$3 modules=$4
	shift 4
	set -- "$@" init usr/lib/dracut-lib.sh 'lib->usr/lib' 'sbin->usr/sbin' 'bin->usr/bin'
	for module in $modules; do
		case $module in
		dmsquash-live) set -- "$@" usr/sbin/dmsquash-live-root ;;
		livenet) set -- "$@" usr/sbin/livenetroot usr/lib/url-lib.sh usr/bin/curl usr/sbin/NetworkManager \
			usr/libexec/nm-initrd-generator \
			"usr/lib/modules/$release/kernel/drivers/net/ethernet/realtek/r8169.ko.xz" ;;
		nfs) set -- "$@" usr/lib/nfs-lib.sh usr/sbin/nfsroot usr/sbin/mount.nfs \
			"usr/lib/modules/$release/kernel/fs/nfs/nfs.ko.xz" ;;
		anaconda) set -- "$@" usr/lib/anaconda-lib.sh usr/sbin/anaconda-netroot ;;
		esac
	done
	initrd "$path" "$packed" "$@"
}

# mkinitcpio's with all that archiso has for a network.
archiso_initrd()
{
	initrd "$1" "$2" init init_functions hooks/udev hooks/archiso hooks/archiso_loop_mnt hooks/archiso_pxe_common \
		hooks/archiso_pxe_nbd hooks/archiso_pxe_http hooks/archiso_pxe_nfs usr/bin/ipconfig usr/bin/nfsmount \
		usr/bin/curl 'bin->usr/bin' 'lib->usr/lib' "usr/lib/modules/$3/kernel/fs/nfs/nfs.ko.zst" \
		"usr/lib/modules/$3/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.zst"
}

linuxrc_initrd()
{
	initrd "$1" "$2" init scripts/early_setup etc/linuxrc.d/10_repo \
		"lib/modules/$3/kernel/fs/nfs/nfs.ko.zst" \
		"lib/modules/$3/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.zst"
}

# A virtualization host made with live-build, whose kernel is to run under Xen; its menu is on standard input.
xen_live_medium()
{
	label 'xenhost 12'
	file /live/xen-4.17-amd64.gz 4096
	kernel /live/vmlinuz-6.1.0-27-amd64 6.1.0-27-amd64
	live_boot_initrd /live/initrd.img-6.1.0-27-amd64 gzip 6.1.0-27-amd64
	squashfs /live/filesystem.squashfs etc/os-release='ID=debian' usr/sbin/init
	text /boot/grub/grub.cfg
}

# Alpine's media: LABEL MEMBER..., what this one's initrd has beside what all have.
alpine_medium()
{
	label "$1"
	shift
	text /.alpine-release <<'EOF'
alpine-std 3.22.0 250530
EOF
	kernel /boot/vmlinuz-lts 6.12.31-0-lts
	initrd /boot/initramfs-lts gzip init bin/busybox sbin/nlplug-findfs "$@"
	squashfs /boot/modloop-lts modules/6.12.31-0-lts/modules.dep
	empty /apks/.boot_repository
	empty /apks/x86_64/APKINDEX.tar.gz
	text /boot/syslinux/syslinux.cfg <<'EOF'
TIMEOUT 10
PROMPT 1
DEFAULT lts

LABEL lts
MENU LABEL Linux lts
KERNEL /boot/vmlinuz-lts
INITRD /boot/initramfs-lts
FDTDIR /boot/dtbs-lts
APPEND modules=loop,squashfs,sd-mod,usb-storage quiet
EOF
	text /boot/grub/grub.cfg <<'EOF'
set timeout=1
menuentry "Linux lts" {
	linux	/boot/vmlinuz-lts modules=loop,squashfs,sd-mod,usb-storage quiet
	initrd	/boot/initramfs-lts
}
EOF
}

# Discs of Debian's installer, with its kernel's loop module among their packages: ARCHITECTURE LABEL INFO KERNEL VERSION,
# the kernel's release without the architecture and the version of that package.
debian_disc_medium()
{
	case $1 in
	amd64) install=/install.amd ;;
	arm64) install=/install.a64 ;;
	esac
	label "$2"
	text /.disk/info <<TEXT
$3
TEXT
	kernel $install/vmlinuz "$4-$1" "$1"
	debian_installer_initrd $install/initrd.gz gzip "$4-$1"
	debian_installer_initrd $install/gtk/initrd.gz gzip "$4-$1"
	dir /dists/bookworm
	text "/pool/main/l/linux-signed-$1/loop-modules-$4-$1-di_$5_$1.udeb" <<'TEXT'
the module
TEXT
	link /debian .
	text /boot/grub/grub.cfg <<MENU
set default=0
menuentry --hotkey=g 'Graphical install' {
	set background_color=black
	linux    $install/vmlinuz vga=788 --- quiet
	initrd   $install/gtk/initrd.gz
}
menuentry --hotkey=i 'Install' {
	set background_color=black
	linux    $install/vmlinuz vga=788 --- quiet
	initrd   $install/initrd.gz
}
submenu --hotkey=a 'Advanced options ...' {
	menuentry '... Rescue mode' {
		linux    $install/vmlinuz vga=788 rescue/enable=true --- quiet
		initrd   $install/initrd.gz
	}
}
MENU
	[ "$1" = amd64 ] || return 0
	text /isolinux/isolinux.cfg <<'MENU'
path
include menu.cfg
default vesamenu.c32
prompt 0
timeout 0
MENU
	text /isolinux/menu.cfg <<'MENU'
include gtk.cfg
include txt.cfg
MENU
	text /isolinux/gtk.cfg <<MENU
label installgui
	menu label ^Graphical install
	menu default
	kernel $install/vmlinuz
	append vga=788 initrd=$install/gtk/initrd.gz --- quiet
MENU
	text /isolinux/txt.cfg <<MENU
label install
	menu label ^Install
	kernel $install/vmlinuz
	append vga=788 initrd=$install/initrd.gz --- quiet
MENU
}

# Proxmox' installers: LABEL RELEASE NAME [ENTRY], an entry of the product's own behind those that all have.
proxmox_medium()
{
	product=$(echo "$1" | tr '[:upper:]' '[:lower:]')
	label "$1"
	text /.cd-info <<TEXT
PRODUCT='$product'
PRODUCTLONG='$3'
RELEASE='$2'
TEXT
	empty /auto-installer-capable
	kernel /boot/linux26 6.8.4-2-pve
	initrd /boot/initrd.img zstd init='#!/bin/sh
if [ -f /proxmox.iso ]; then mount -t iso9660 -o ro,loop /proxmox.iso /mnt; fi'
	squashfs "/$product-base.squashfs" etc/os-release='ID=debian' sbin/init
	squashfs "/$product-installer.squashfs" usr/bin/proxinstall
	dir /proxmox/packages
	kernel /boot/memtest86+x64.bin memtest86+
	text /boot/grub/grub.cfg <<MENU
set default=0
set timeout=10
menuentry 'Install $3 (Graphical)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading $3 ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
menuentry 'Install $3 (Terminal UI)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading $3 ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=silent proxmox-tui-mode vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
submenu 'Advanced Options' {
menuentry 'Install $3 (Graphical, Debug Mode)' --class debian --class gnu-linux --class gnu --class os {
	echo 'Loading $3 ...'
	linux /boot/linux26 ro ramdisk_size=16777216 rw quiet splash=verbose proxmox-debug vga=788
	echo 'Loading initial ramdisk ...'
	initrd /boot/initrd.img
}
${4:-}
menuentry 'Test memory (Legacy BIOS)' {
	linux16 /boot/memtest86+x64.bin
}
}
MENU
}

# Ubuntu's server media: LABEL INFO KERNEL HWE-KERNEL.
ubuntu_server_medium()
{
	label "$1"
	text /.disk/info <<TEXT
$2
TEXT
	text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
	kernel /casper/vmlinuz "$3"
	casper_initrd /casper/initrd early+zstd "$3"
	squashfs /casper/ubuntu-server-minimal.squashfs etc/os-release='ID=ubuntu' usr/sbin/init
	squashfs /casper/ubuntu-server-minimal.ubuntu-server.squashfs usr/bin/server
	squashfs /casper/ubuntu-server-minimal.ubuntu-server.installer.squashfs usr/bin/subiquity
	squashfs /casper/ubuntu-server-minimal.ubuntu-server.installer.generic.squashfs lib/modules/
	kernel /casper/hwe-vmlinuz "$4"
	casper_initrd /casper/hwe-initrd early+zstd "$4"
	text /boot/grub/grub.cfg <<'MENU'
set timeout=30
menuentry "Try or Install Ubuntu Server" {
	set gfxpayload=keep
	linux	/casper/vmlinuz  ---
	initrd	/casper/initrd
}
menuentry "Ubuntu Server with the HWE kernel" {
	set gfxpayload=keep
	linux	/casper/hwe-vmlinuz  ---
	initrd	/casper/hwe-initrd
}
MENU
}
