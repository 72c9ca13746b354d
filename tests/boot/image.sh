#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the root file system of the machines that tests/boot starts, as a tar archive: Debian's minimal
# system with its stock kernel and stock servers, as their packages leave them. Nothing of pxefs is in it,
# so it is made once and kept. Prints the archive's path.

. "$(dirname "$0")/../fixtures/cache.sh"

needs apt-get apt-cache mmdebstrap dpkg
arch=$(dpkg --print-architecture)
kernel=${1:-linux-image-$arch}
version=$(apt-cache policy "$kernel" 2>/dev/null | sed -n 's/^  Candidate: //p')
case $version in
''|'(none)') cannot "apt knows no package $kernel (is its package list empty?)" ;;
esac
cache_open boot-machine.tar "$kernel" "$version"

# Debian's own archives alone, so that a third party's repository on this machine takes no part in it.
apt-get indextargets 'Origin: Debian' 'Created-By: Packages' 'Component: main' |
	awk '/^Repo-URI: / { uri = $2 } /^Release: / { release = $2 }
	     uri != "" && release != "" { print "deb " uri " " release " main"; uri = release = "" }' |
	sort -u >"$work/sources.list"
[ -s "$work/sources.list" ] || cannot "apt has no package list of Debian's main archive"
# A proxy and the like, which this machine's apt needs.
apt-config dump | grep -E '^Acquire::(http|https|ftp|Retries|Check-)' >"$work/apt.conf" || :

set -- --variant=minbase --format=tar --aptopt="$work/apt.conf"
for keyring in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
	[ ! -e "$keyring" ] || set -- "$@" --keyring="$keyring"
done
# What a machine of QEMU never has.
for driver in gpu media scsi net/wireless net/ethernet infiniband staging iio usb hwmon mtd isdn ata md target; do
	set -- "$@" --dpkgopt="path-exclude=/lib/modules/*/kernel/drivers/$driver/*"
done
for other in kernel/sound kernel/net/wireless kernel/net/mac80211 kernel/net/bluetooth; do
	set -- "$@" --dpkgopt="path-exclude=/lib/modules/*/$other/*"
done

packages=$kernel,initramfs-tools,systemd-sysv,udev,kmod,iproute2,procps,busybox-static
packages=$packages,nfs-kernel-server,atftpd,atftp,dnsmasq,nginx-light,curl
packages=$packages,fuse3,libfuse3-3,libsquashfuse0,libinih1,libnettle8,libseccomp2,libarchive13
packages=$packages,grub-common,grub-pc-bin,grub-efi-amd64-bin
mmdebstrap "$@" --include="$packages" \
	--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
	--setup-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"' \
	--setup-hook='echo MODULES=list >"$1/etc/initramfs-tools/conf.d/machine"' \
	--setup-hook='printf "%s\n" virtio_pci virtio_blk ext4 >"$1/usr/share/initramfs-tools/modules.d/machine"' \
	--customize-hook='rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap' \
	--customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin' \
	--customize-hook=': >"$1/etc/apt/sources.list"' \
	--customize-hook='passwd --root "$1" --delete root' \
	'' "$work/root.tar" "$work/sources.list" >&2
cache_keep "$work/root.tar"
