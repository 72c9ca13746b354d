/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include "initrd_private.h"

/* Which files tell what. A generator puts its own scripts at places of its own, so that a name is enough; where a
 * distribution wrote one big /init, that is looked through. Paths are without "usr/" in front, because some
 * have merged it with the root and some have not. */

enum initrd_how { INITRD_WHOLE, INITRD_BASE, INITRD_DIRECTORY };

static const struct {
	uint64_t mark;
	enum initrd_how how; /* is it the whole path, its last component, or a directory's whole path */
	const char *name;
} initrd_rows[] = {
	/* live-boot, its hook for initramfs-tools */
	{INITRD_LIVE_BOOT, INITRD_WHOLE, "bin/live-boot"},
	{INITRD_LIVE_BOOT, INITRD_WHOLE, "scripts/live"},
	/* casper */
	{INITRD_CASPER, INITRD_WHOLE, "scripts/casper"},
	/* initramfs-tools, klibc-utils, nfs-utils */
	{INITRD_INITRAMFS_NFS, INITRD_WHOLE, "scripts/nfs"},
	{INITRD_NFS_CLIENT, INITRD_BASE, "nfsmount"},
	{INITRD_NFS_CLIENT, INITRD_BASE, "mount.nfs"},
	/* genkernel: defaults/ */
	{INITRD_MARK_GENKERNEL, INITRD_WHOLE, "etc/initrd.defaults"},
	{INITRD_MARK_LINUXRC, INITRD_WHOLE, "linuxrc"},
	{INITRD_MARK_BUSYBOX, INITRD_WHOLE, "bin/busybox"},
	/* dracut: modules.d/, each module's install() */
	{INITRD_DRACUT, INITRD_WHOLE, "lib/dracut-lib.sh"},
	{INITRD_DMSQUASH, INITRD_WHOLE, "sbin/dmsquash-live-root"},
	{INITRD_DMSQUASH, INITRD_WHOLE, "bin/dmsquash-live-root"},
	{INITRD_LIVENET, INITRD_WHOLE, "sbin/livenetroot"},
	{INITRD_LIVENET, INITRD_WHOLE, "bin/livenetroot"},
	{INITRD_DRACUT_NFS, INITRD_WHOLE, "lib/nfs-lib.sh"},
	{INITRD_MARK_IFUP, INITRD_WHOLE, "sbin/ifup"},
	{INITRD_MARK_IFUP, INITRD_WHOLE, "bin/ifup"},
	{INITRD_MARK_NM, INITRD_BASE, "NetworkManager"},
	{INITRD_NM_GENERATOR, INITRD_BASE, "nm-initrd-generator"},
	{INITRD_MARK_NETWORKD, INITRD_WHOLE, "lib/systemd/systemd-networkd"},
	{INITRD_MARK_NETGEN, INITRD_WHOLE, "lib/systemd/systemd-network-generator"},
	{INITRD_MARK_CONNMAN, INITRD_BASE, "connmand"},
	/* dracut modules of others: kiwi, anaconda, fedora-coreos-config, Mageia's mgalive */
	{INITRD_KIWI_LIVE, INITRD_WHOLE, "lib/kiwi-live-lib.sh"},
	{INITRD_MARK_CURL, INITRD_WHOLE, "bin/curl"},
	{INITRD_ANACONDA, INITRD_WHOLE, "lib/anaconda-lib.sh"},
	{INITRD_COREOS, INITRD_WHOLE, "sbin/coreos-livepxe-rootfs"},
	{INITRD_COREOS, INITRD_WHOLE, "bin/coreos-livepxe-rootfs"},
	{INITRD_MGALIVE, INITRD_WHOLE, "sbin/mgalive-root"},
	/* mkinitcpio-archiso, manjaro-tools */
	{INITRD_ARCHISO, INITRD_WHOLE, "hooks/archiso"},
	{INITRD_ARCHISO_NFS, INITRD_WHOLE, "hooks/archiso_pxe_nfs"},
	{INITRD_ARCHISO_HTTP, INITRD_WHOLE, "hooks/archiso_pxe_http"},
	{INITRD_MISO, INITRD_WHOLE, "hooks/miso"},
	{INITRD_MISO_NFS, INITRD_WHOLE, "hooks/miso_pxe_nfs"},
	{INITRD_MISO_HTTP, INITRD_WHOLE, "hooks/miso_pxe_http"},
	/* openSUSE installation-images: data/initrd/initrd.file_list; there linuxrc is /init itself */
	{INITRD_LINUXRC, INITRD_WHOLE, "scripts/early_setup"},
	{INITRD_LINUXRC, INITRD_DIRECTORY, "etc/linuxrc.d"},
	/* debian-installer: rootskel, net-retriever, cdrom-detect, initrd-preseed */
	{INITRD_DI, INITRD_WHOLE, "sbin/debian-installer"},
	{INITRD_DI_NET, INITRD_WHOLE, "lib/debian-installer/retriever/net-retriever"},
	{INITRD_DI_DISC, INITRD_WHOLE, "var/lib/dpkg/info/cdrom-detect.postinst"},
	{INITRD_DI_PRESEED, INITRD_WHOLE, "lib/debian-installer-startup.d/S30initrd-preseed"},
	/* Alpine's mkinitfs: features.d/base.files, network.files */
	{INITRD_ALPINE, INITRD_WHOLE, "sbin/nlplug-findfs"},
	{INITRD_MARK_UDHCPC, INITRD_WHOLE, "share/udhcpc/default.script"},
};

static const char *initrd_path(const char *name)
{
	while (*name == '/' || (name[0] == '.' && name[1] == '/'))
		name++;
	return strncmp(name, "usr/", 4) ? name : name + 4;
}

/* Wired cards of real machines. A driver of virtual ones alone (Alpine's initrd has such) boots no classroom. The
 * names are for kernels and initrds that keep modules elsewhere than in drivers/net/ethernet. */
static bool initrd_is_net_driver(const char *module, const char *base)
{
	static const char *const cards[] = {"e100.",  "e1000.", "e1000e.", "igb.",     "igc.",	   "ixgbe.", "r8169.",
					    "8139too.", "tg3.",	"bnx2.",   "forcedeth.", "pcnet32.", "sky2."};

	if (strstr(module, "drivers/net/ethernet/"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(cards); i++)
		if (!strncmp(base, cards[i], strlen(cards[i])))
			return true;
	return false;
}

/* A kernel module's path, from an archive or from the list of those that are built in. */
static uint64_t initrd_module_marks(const char *module)
{
	const char *base = path_base(module), *ko = strstr(base, ".ko");

	if (!ko || (ko[3] && ko[3] != '.'))
		return 0;
	return (strncmp(base, "nfs.ko", 6) ? 0 : INITRD_NFS_MODULE) |
	       (initrd_is_net_driver(module, base) ? INITRD_NET_DRIVERS : 0);
}

uint64_t initrd_name_marks(const char *name, uint32_t mode)
{
	const char *path = initrd_path(name), *base = path_base(path);
	uint64_t marks = 0;

	for (size_t i = 0; i < ARRAY_SIZE(initrd_rows); i++)
		if (S_ISDIR(mode) == (initrd_rows[i].how == INITRD_DIRECTORY) &&
		    !strcmp(initrd_rows[i].how == INITRD_BASE ? base : path, initrd_rows[i].name))
			marks |= initrd_rows[i].mark;
	if (S_ISDIR(mode))
		return marks;
	/* dracut-ng puts its hooks below var/. The module was always there; the hook that comes after a network
	 * root is mounted, since version 100. */
	if (!fnmatch("*dracut/hooks/pre-pivot/*-mount-overlayfs.sh", path, 0))
		marks |= INITRD_OVERLAYFS;
	if (!strncmp(path, "lib/modules/", 12))
		marks |= initrd_module_marks(path);
	return marks;
}

enum initrd_text initrd_name_text(const char *name, uint32_t mode)
{
	const char *path = initrd_path(name);

	if (!S_ISREG(mode))
		return INITRD_TEXT_NONE;
	if (!strcmp(path, "init"))
		return INITRD_TEXT_INIT;
	if (!strncmp(path, "lib/modules/", 12) && !strcmp(path_base(path), "modules.builtin"))
		return INITRD_TEXT_BUILTIN;
	if (!strcmp(path_base(path), "dmsquash-live-root"))
		return INITRD_TEXT_DMSQUASH;
	return INITRD_TEXT_NONE;
}

static bool initrd_says(const char *text, size_t len, const char *words)
{
	return memmem(text, len, words, strlen(words)) != NULL;
}

static uint64_t initrd_builtin_marks(const char *text, size_t len)
{
	uint64_t marks = 0;
	char module[256];

	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;

		if (n < sizeof(module)) {
			memcpy(module, text, n);
			module[n] = 0;
			marks |= initrd_module_marks(module);
		}
		n += end != NULL;
		text += n;
		len -= n;
	}
	return marks;
}

uint64_t initrd_text_marks(enum initrd_text kind, const char *text, size_t len)
{
	switch (kind) {
	case INITRD_TEXT_INIT:
		/* Proxmox' init looks for the medium under this name; Puppy's notes so that a file is in the initrd;
		 * liveslak's sets LIVEMAIN and reads nfsroot=. */
		return (initrd_says(text, len, "proxmox.iso") ? INITRD_PROXMOX : 0) |
		       (initrd_says(text, len, "rootfs,rootfs,/") ? INITRD_PUPPY : 0) |
		       (initrd_says(text, len, "LIVEMAIN=") && initrd_says(text, len, "nfsroot=")
				? INITRD_LIVESLAK
				: 0);
	case INITRD_TEXT_BUILTIN:
		return initrd_builtin_marks(text, len);
	case INITRD_TEXT_DMSQUASH:
		/* Up to dracut 102 it knew squashfs alone. */
		return initrd_says(text, len, "erofs") ? INITRD_EROFS : 0;
	case INITRD_TEXT_NONE:
		break;
	}
	return 0;
}

static bool initrd_all(uint64_t marks, uint64_t wanted)
{
	return (marks & wanted) == wanted;
}

uint64_t initrd_marks_can(uint64_t marks)
{
	uint64_t can = marks & INITRD_ALL;

	if (initrd_all(marks, INITRD_MARK_GENKERNEL | INITRD_MARK_LINUXRC))
		can |= INITRD_GENKERNEL;
	if (initrd_all(marks, INITRD_MARK_BUSYBOX | INITRD_NFS_MODULE))
		can |= INITRD_NFS_CLIENT;
	if (marks & INITRD_DRACUT &&
	    (marks & (INITRD_MARK_IFUP | INITRD_MARK_CONNMAN) ||
	     initrd_all(marks, INITRD_MARK_NM | INITRD_NM_GENERATOR) ||
	     initrd_all(marks, INITRD_MARK_NETWORKD | INITRD_MARK_NETGEN)))
		can |= INITRD_DRACUT_NET;
	if (initrd_all(marks, INITRD_ALPINE | INITRD_MARK_UDHCPC))
		can |= INITRD_ALPINE_NET;
	/* Before it knew HTTP it took no curl along. */
	if (initrd_all(marks, INITRD_KIWI_LIVE | INITRD_MARK_CURL))
		can |= INITRD_KIWI_HTTP;
	return can;
}

/* --- for people -------------------------------------------------------------------------------- */

static const struct {
	uint64_t bit;
	const char *name;
} initrd_can_names[] = {
	{INITRD_LIVE_BOOT, "live-boot"},
	{INITRD_CASPER, "casper"},
	{INITRD_GENKERNEL, "genkernel"},
	{INITRD_DRACUT, "dracut"},
	{INITRD_DMSQUASH, "dracut: dmsquash-live"},
	{INITRD_LIVENET, "dracut: livenet"},
	{INITRD_DRACUT_NFS, "dracut: nfs"},
	{INITRD_DRACUT_NET, "dracut: network"},
	{INITRD_NM_GENERATOR, "dracut: nm-initrd-generator"},
	{INITRD_OVERLAYFS, "dracut: overlayfs over a network root"},
	{INITRD_EROFS, "dracut: live root from EROFS"},
	{INITRD_KIWI_LIVE, "kiwi-live"},
	{INITRD_KIWI_HTTP, "kiwi-live: HTTP"},
	{INITRD_ANACONDA, "anaconda"},
	{INITRD_COREOS, "CoreOS live"},
	{INITRD_MGALIVE, "mgalive"},
	{INITRD_ARCHISO, "archiso"},
	{INITRD_ARCHISO_NFS, "archiso: NFS"},
	{INITRD_ARCHISO_HTTP, "archiso: HTTP"},
	{INITRD_MISO, "miso"},
	{INITRD_MISO_NFS, "miso: NFS"},
	{INITRD_MISO_HTTP, "miso: HTTP"},
	{INITRD_LINUXRC, "SUSE linuxrc"},
	{INITRD_DI, "debian-installer"},
	{INITRD_DI_NET, "debian-installer: from the network"},
	{INITRD_DI_DISC, "debian-installer: from a disc"},
	{INITRD_DI_PRESEED, "debian-installer: preseed in the initrd"},
	{INITRD_ALPINE, "mkinitfs"},
	{INITRD_ALPINE_NET, "mkinitfs: DHCP"},
	{INITRD_LIVESLAK, "liveslak"},
	{INITRD_PROXMOX, "Proxmox installer"},
	{INITRD_PUPPY, "Puppy: its files in the initrd"},
	{INITRD_INITRAMFS_NFS, "initramfs-tools: NFS root"},
	{INITRD_NFS_CLIENT, "mounts NFS"},
	{INITRD_NFS_MODULE, "NFS in the kernel"},
	{INITRD_NET_DRIVERS, "network drivers"},
	{INITRD_CUT, "damaged or too large, not seen to its end"},
};

const char *initrd_can_name(unsigned i, uint64_t *bit)
{
	if (i >= ARRAY_SIZE(initrd_can_names))
		return NULL;
	*bit = initrd_can_names[i].bit;
	return initrd_can_names[i].name;
}
