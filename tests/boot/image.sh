#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the root file system of the machines that tests/boot starts, as a tar archive: Debian's minimal
# system with its stock kernel and stock servers, as their packages leave them. Nothing of pxefs is in it,
# so it is made once and kept. Prints the archive's path.
#
#	image.sh [KERNEL]	the package of another kernel than Debian's usual one

here=$(dirname "$0")
. "$here/../fixtures/cache.sh"
. "$here/../fixtures/debian.sh"

needs mmdebstrap
debian_kernel "$@"
# The libraries that a program which was built here needs, as this release of Debian calls their packages.
libraries=$(apt-cache depends libarchive-dev libfuse3-dev libinih-dev libseccomp-dev libsquashfuse-dev nettle-dev |
	sed -n 's/^  Depends: \(lib[^ ]*[0-9][^ ]*\)$/\1/p' | grep -v -e '-dev$' | sort -u | tr '\n' ',')
cache_open "boot-machine${1:+-$1}.tar" "$kernel" "$version" "$libraries" "$(cat "$here/../fixtures/debian.sh")"

# What a machine of QEMU never has.
set --
for driver in gpu media scsi net/wireless net/ethernet infiniband staging iio usb hwmon mtd isdn ata md target; do
	set -- "$@" --dpkgopt="path-exclude=/lib/modules/*/kernel/drivers/$driver/*"
done
for other in kernel/sound kernel/net/wireless kernel/net/mac80211 kernel/net/bluetooth; do
	set -- "$@" --dpkgopt="path-exclude=/lib/modules/*/$other/*"
done

packages=$kernel,initramfs-tools,systemd-sysv,udev,kmod,iproute2,procps,busybox-static
packages=$packages,nfs-kernel-server,atftpd,atftp,dnsmasq,nginx-light,curl
packages=$packages,fuse3,$libraries
packages=${packages%,},grub-common,grub-pc-bin,grub-efi-amd64-bin
debian_system "$work/root.tar" "$packages" "$@" \
	--setup-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"' \
	--setup-hook='echo MODULES=list >"$1/etc/initramfs-tools/conf.d/machine"' \
	--setup-hook='printf "%s\n" virtio_pci virtio_blk ext4 >"$1/usr/share/initramfs-tools/modules.d/machine"' \
	--customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin' \
	--customize-hook='passwd --root "$1" --delete root'
cache_keep "$work/root.tar"
