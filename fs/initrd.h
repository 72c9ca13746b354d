/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INITRD_H
#define PXEFS_INITRD_H

#include "base.h"

/* What an initrd can do, told by the names of its members: the judge of what menus may offer. Each bit is
 * true only where the file that does it was seen, so a bit that is absent means "no" once INITRD_JUDGED is
 * there. The names are those of the initramfs generators' own files; initrd_names.c says which. */

#define INITRD_JUDGED	     (UINT64_C(1) << 0)  /* every member's name was seen */
#define INITRD_LIVE_BOOT     (UINT64_C(1) << 1)  /* live-boot's scripts */
#define INITRD_CASPER	     (UINT64_C(1) << 2)  /* casper's scripts */
#define INITRD_GENKERNEL     (UINT64_C(1) << 3)  /* genkernel's linuxrc */
#define INITRD_DRACUT	     (UINT64_C(1) << 4)  /* any dracut */
#define INITRD_DMSQUASH	     (UINT64_C(1) << 5)  /* dracut: dmsquash-live, a live root from a squashfs */
#define INITRD_LIVENET	     (UINT64_C(1) << 6)  /* dracut: livenet, root=live:http:// (and nfs:// with the next) */
#define INITRD_DRACUT_NFS    (UINT64_C(1) << 7)  /* dracut: nfs, root=nfs: and nfs:// URLs */
#define INITRD_DRACUT_NET    (UINT64_C(1) << 8)  /* dracut: some network module that can bring an interface up */
#define INITRD_OVERLAYFS     (UINT64_C(1) << 9)  /* dracut: overlayfs over a network root, too (since 100) */
#define INITRD_KIWI_LIVE     (UINT64_C(1) << 10) /* dracut: kiwi-live */
#define INITRD_ANACONDA	     (UINT64_C(1) << 11) /* dracut: anaconda */
#define INITRD_COREOS	     (UINT64_C(1) << 12) /* dracut: Fedora CoreOS' live rootfs over HTTP */
#define INITRD_ARCHISO	     (UINT64_C(1) << 13) /* archiso, a medium of its own */
#define INITRD_ARCHISO_NFS   (UINT64_C(1) << 14)
#define INITRD_ARCHISO_HTTP  (UINT64_C(1) << 15)
#define INITRD_MISO	     (UINT64_C(1) << 16) /* Manjaro's fork of archiso */
#define INITRD_MISO_NFS	     (UINT64_C(1) << 17)
#define INITRD_MISO_HTTP     (UINT64_C(1) << 18)
#define INITRD_LINUXRC	     (UINT64_C(1) << 19) /* SUSE's linuxrc */
#define INITRD_DI	     (UINT64_C(1) << 20) /* debian-installer */
#define INITRD_DI_NET	     (UINT64_C(1) << 21) /* debian-installer that fetches the rest of itself from the network */
#define INITRD_ALPINE	     (UINT64_C(1) << 22) /* mkinitfs */
#define INITRD_ALPINE_NET    (UINT64_C(1) << 23) /* mkinitfs: with a DHCP client */
#define INITRD_LIVESLAK	     (UINT64_C(1) << 24)
#define INITRD_PROXMOX	     (UINT64_C(1) << 25)
#define INITRD_INITRAMFS_NFS (UINT64_C(1) << 26) /* initramfs-tools: scripts/nfs, boot=nfs */
#define INITRD_NFS_CLIENT    (UINT64_C(1) << 27) /* a program that mounts NFS: nfsmount, mount.nfs */
#define INITRD_NFS_MODULE    (UINT64_C(1) << 28) /* the kernel's NFS client as a module, or listed as built in */
#define INITRD_NET_DRIVERS   (UINT64_C(1) << 29) /* drivers of wired cards (not virtual ones), or listed as built in */
#define INITRD_NM_GENERATOR  (UINT64_C(1) << 30) /* dracut: nm-initrd-generator, without which NetworkManager hangs */
#define INITRD_EROFS	     (UINT64_C(1) << 31) /* dracut: a live root from EROFS too */
#define INITRD_MGALIVE	     (UINT64_C(1) << 32) /* Mageia's live media */
#define INITRD_CUT	     (UINT64_C(1) << 33) /* damaged, or over a limit: what follows was not seen */
#define INITRD_KIWI_HTTP     (UINT64_C(1) << 34) /* dracut: kiwi-live that fetches its ISO by HTTP */
#define INITRD_DI_DISC	     (UINT64_C(1) << 35) /* debian-installer that takes the rest of itself from a disc */
#define INITRD_DI_PRESEED    (UINT64_C(1) << 36) /* debian-installer: does what a file /preseed.cfg in it says */
#define INITRD_PUPPY	     (UINT64_C(1) << 37) /* Puppy's init that looks for its .sfs files in the initrd, too */
#define INITRD_ALL	     ((UINT64_C(1) << 38) - 1)

/* Judges the initrd of size bytes at p: microcode archives first, any number of archives one after the other,
 * each plain or compressed as the kernel's own list has it (gzip, bzip2, lzma, xz, lzo where libarchive has it, lz4,
 * zstd). At most limit bytes are decompressed; then, or where the bytes make no sense, INITRD_CUT is set and
 * INITRD_JUDGED is not, and *can has what was seen so far. Pure computation, seconds for a large one; memory is
 * bounded whatever p says: a decompressor's window of 256 MiB and a little. p may be a map of a hostile file.
 * 0; -ENOMEM, and *can is set as for damage. */
int initrd_judge(const void *p, size_t size, uint64_t limit, uint64_t *can);

/* The bits' names for people ("live-boot", "dracut: nfs"), in a fixed order; NULL past the end. */
const char *initrd_can_name(unsigned i, uint64_t *bit);

#endif
