/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* Live systems whose initrd is dracut's: its modules dmsquash-live, livenet, nfs, url-lib and overlayfs; kiwi:
 * dracut/modules.d/55kiwi-live. What tells the distributions apart is where the image lies and what their
 * initrds can do; both are in the ISO. */

/* Where the root is, on the medium and within it: our words name the file itself. Then changes kept on a device: it
 * would be a local one. */
#define LIVE_DROP \
	"root=*", "netroot=*", "rd.live.dir=*", "rd.live.squashimg=*", "iso-scan/filename=*", "findiso=*", \
	"rd.live.overlay=*", "rd.live.overlay.persistent*", "rd.live.overlay.cowfs=*", "rd.live.overlay.reset*", \
	"rd.live.overlay.overlayfs", "rd.live.overlay.overlayfs=*", "rd.overlay*", \
	"rd.neednet*", "ip=*", "BOOTIF=*", "BOOT_IMAGE=*"

static const char *const live_drop[] = { LIVE_DROP, NULL };
/* What is in memory already is not copied there once more. */
static const char *const live_memory_drop[] = { LIVE_DROP, "rd.live.ram", "rd.live.ram=*", NULL };

/* kiwi-live gives the copy to the block device that ramdisk_size= is about; for persistent changes it makes a
 * partition on a local drive. */
static const char *const kiwi_drop[] = {
	"root=*", "rd.live.dir=*", "rd.live.squashimg=*", "iso-scan/filename=*", "rd.live.overlay.persistent*",
	"rd.live.overlay.cowfs=*", "rd.live.cowfile.*", "rd.kiwi.live.*", "ramdisk_size=*", "rd.neednet*", "ip=*",
	"BOOTIF=*", "BOOT_IMAGE=*", NULL
};

/* dracut.cmdline(7). Only the nfs:// form gets a mount unit of systemd's (livenet-generator), and the server's
 * address ends at the path's first slash. Without rd.live.overlay.overlayfs=1 dracut 059 fails on an image that is
 * itself the root; later ones take the word all the same. BOOTIF= may have colons. */
#define LIVE_WORDS "rd.live.image", RECIPE_DRACUT_NET
#define LIVE_LISTS(name, path) \
	static const char *const name##_nfs[] = { "root=live:nfs://@server@@iso@" path, LIVE_WORDS, NULL }; \
	static const char *const name##_http[] = { "root=live:@http@/iso" path, LIVE_WORDS, NULL }; \
	static const char *const name##_ram[] = { \
		"root=live:nfs://@server@@iso@" path, LIVE_WORDS, "rd.live.ram=1", NULL \
	}
/* rd.live.ram=1 copies to /run, a fifth of the memory where systemd mounts it; dracut makes that larger where it must
 * since 101 (dracut-ng/dracut: pull request 17), and INITRD_OVERLAYFS tells that age. */
#define LIVE_WAYS(name) \
	{ RECIPE_DRACUT_NFS, .drop = live_drop, .add = name##_nfs, .adjust = recipe_refuse_check }, \
	{ RECIPE_DRACUT_HTTP, .drop = live_drop, .add = name##_http, .adjust = recipe_refuse_check, \
	  .memory_mib = 2048, .memory_copies = 1 }, \
	{ .how = RECIPE_NFS, .title = "over NFS, copied to memory", \
	  .needs = INITRD_DMSQUASH | INITRD_LIVENET | INITRD_DRACUT_NFS | INITRD_OVERLAYFS, \
	  .lacks = "its initrd cannot take a live image from NFS", .drop = live_drop, .add = name##_ram, \
	  .adjust = recipe_refuse_check, .memory_mib = 2048, .memory_copies = 1 }, \
	{ .how = RECIPE_NFS, .title = "over NFS, copied to memory", \
	  .needs = INITRD_DMSQUASH | INITRD_LIVENET | INITRD_DRACUT_NFS, .unless = INITRD_OVERLAYFS, \
	  .lacks = "its initrd cannot take a live image from NFS", .drop = live_drop, .add = name##_ram, \
	  .adjust = recipe_refuse_check, .memory_mib = 1024, .memory_copies = 5 }, \
	{ .how = RECIPE_MEMORY, .title = "squashfs copied to memory", .needs = INITRD_DMSQUASH, \
	  .unless = INITRD_LIVENET, .lacks = "its initrd can take the image over the network", \
	  .drop = live_memory_drop, .add = live_memory, .adjust = recipe_refuse_check, \
	  .archive = recipe_dracut_squashfs, .memory_mib = 1024, .memory_copies = 2 }

/* kiwi: doc/source, network_live_iso_boot.rst; kiwi-live-lib.sh. It has no NFS, and wants the ISO, not the squashfs. */
static const char *const kiwi_http[] = {
	"root=live:@http@/image.iso", "rd.kiwi.live.pxe", "rd.live.image", "ramdisk_size=@kib@", "ip=dhcp",
	"rd.neednet=1", "BOOTIF=01-@mac@", NULL
};

/* The squashfs comes with the initrds; no network takes part. */
const struct recipe_member recipe_dracut_squashfs[] = {
	{ RECIPE_MEMBER_ROOT, "image.squashfs.img", NULL }, { RECIPE_MEMBER_END, NULL, NULL }
};

static const char *const live_memory[] = {
	"root=live:/image.squashfs.img", "rd.live.image", "rd.live.overlay.overlayfs=1", NULL
};

LIVE_LISTS(squashfs, "/LiveOS/squashfs.img");
LIVE_LISTS(artix, "/LiveOS/rootfs.img");
LIVE_LISTS(calculate, "/livecd.squashfs");

static const struct recipe_way squashfs_ways[] = { LIVE_WAYS(squashfs), { .how = RECIPE_UNKNOWN } };
static const struct recipe_way artix_ways[] = { LIVE_WAYS(artix), { .how = RECIPE_UNKNOWN } };
static const struct recipe_way calculate_ways[] = { LIVE_WAYS(calculate), { .how = RECIPE_UNKNOWN } };

/* kiwi makes media of two kinds that look alike: with dracut's own dmsquash-live (Fedora), or with its own
 * kiwi-live (openSUSE's live media). Only the initrd tells for sure, so both have the same ways. */
#define KIWI_WAY \
	{ .how = RECIPE_HTTP, .title = "over HTTP, the whole ISO", .needs = INITRD_KIWI_LIVE | INITRD_KIWI_HTTP, \
	  .lacks = "its initrd knows neither NFS nor HTTP", .drop = kiwi_drop, .add = kiwi_http, \
	  .adjust = recipe_refuse_check, .memory_mib = 2048, .memory_copies = 1 }
static const struct recipe_way kiwi_ways[] = { KIWI_WAY, LIVE_WAYS(squashfs), { .how = RECIPE_UNKNOWN } };
static const struct recipe_way either_ways[] = { LIVE_WAYS(squashfs), KIWI_WAY, { .how = RECIPE_UNKNOWN } };

static bool is_live(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_path(v, "/LiveOS/squashfs.img") && recipe_any_entry(b, "root=live:*", NULL);
}

/* --- Universal Blue --------------------------------------------------------------------------- */

/* ublue-os/titanoboa: src/grub.cfg.tmpl, Justfile: --add "dmsquash-live dmsquash-live-autooverlay" */
static bool match_titanoboa(const struct volume *v, const struct bootcfg *b)
{
	return is_live(v, b) && recipe_any_entry(b, "root=live:CDLABEL=titanoboa_boot", NULL);
}

const struct recipe recipe_titanoboa = {
	.id = "titanoboa", .title = "Universal Blue (live)", .match = match_titanoboa, .needs = "root=live:*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_DMSQUASH,
	.ways = squashfs_ways, .proof = RECIPE_READ, .examples = "Bluefin, Bazzite, Aurora: media made by Titanoboa",
	.sources = "ublue-os/titanoboa: Justfile; dracut.cmdline(7)",
};

/* --- Void ------------------------------------------------------------------------------------- */

/* void-linux/void-mklive: mklive.sh, dracut/vmklive: it depends on dmsquash-live alone. */
static bool match_void(const struct volume *v, const struct bootcfg *b)
{
	return is_live(v, b) && (recipe_has_path(v, "/boot/grub/grub_void.cfg") ||
				 recipe_any_entry(b, "root=live:CDLABEL=VOID_LIVE", NULL));
}

const struct recipe recipe_void = {
	.id = "void", .title = "Void Linux", .match = match_void, .needs = "root=live:*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_DMSQUASH,
	.ways = squashfs_ways, .proof = RECIPE_READ, .examples = "Void Linux",
	.sources = "void-linux/void-mklive: mklive.sh; dracut.cmdline(7)",
};

/* --- Solus, OpenMandriva ----------------------------------------------------------------------- */

static bool match_solus(const struct volume *v, const struct bootcfg *b)
{
	return is_live(v, b) && recipe_any_entry(b, "root=live:CDLABEL=Solus*", NULL);
}

const struct recipe recipe_solus = {
	.id = "solus", .title = "Solus", .match = match_solus, .needs = "root=live:*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_DMSQUASH,
	.ways = squashfs_ways, .proof = RECIPE_READ, .examples = "Solus", .sources = "dracut.cmdline(7)",
};

static bool match_openmandriva(const struct volume *v, const struct bootcfg *b)
{
	return is_live(v, b) && recipe_has_path(v, "/boot/liveinitrd.img");
}

const struct recipe recipe_openmandriva = {
	.id = "openmandriva", .title = "OpenMandriva Lx", .match = match_openmandriva, .needs = "root=live:*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_DMSQUASH,
	.ways = squashfs_ways, .proof = RECIPE_READ, .examples = "OpenMandriva Lx", .sources = "dracut.cmdline(7)",
};

/* --- Artix ------------------------------------------------------------------------------------- */

/* artix/artools: since 2020 dracut, before that a fork of archiso whose hooks are not judged here. */
static bool match_artix(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_path(v, "/LiveOS/rootfs.img") && recipe_any_entry(b, "root=live:*", NULL);
}

static bool match_artix_old(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/LiveOS/rootfs.img") && recipe_has_path(v, "/boot/vmlinuz-x86_64");
}

const struct recipe recipe_artix = {
	.id = "artix", .title = "Artix Linux", .match = match_artix, .needs = "root=live:*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_DMSQUASH,
	.ways = artix_ways, .proof = RECIPE_READ, .examples = "Artix Linux since 2020",
	.sources = "artix/artools; dracut.cmdline(7)",
};

const struct recipe recipe_artix_old = {
	.id = "artix-old", .title = "Artix Linux (before dracut)", .match = match_artix_old,
	.why = "an initrd of its own whose network words are not known here",
	.examples = "Artix Linux before 2020",
};

/* --- Calculate --------------------------------------------------------------------------------- */

static bool match_calculate(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_path(v, "/livecd.squashfs") && recipe_any_entry(b, "rd.live.squashimg=livecd.squashfs", NULL);
}

const struct recipe recipe_calculate = {
	.id = "calculate", .title = "Calculate Linux", .match = match_calculate, .needs = "root=live:*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_DMSQUASH,
	.ways = calculate_ways, .proof = RECIPE_READ, .examples = "Calculate Linux",
	.sources = "thias/glim: grub2/inc-calculate.cfg; dracut.cmdline(7)",
};

/* --- Kairos ------------------------------------------------------------------------------------ */

/* Its own words say that it is a disc, where netboot says that it is not: kairos.io, "Network boot";
 * kairos-io/AuroraBoot: the words that it hands to clients. */
static const char *const kairos_drop[] = {
	"cdroot", "root=*", "rd.live.dir=*", "rd.live.squashimg=*", "iso-scan/filename=*", "findiso=*",
	"rd.live.overlay.overlayfs", "rd.live.overlay.overlayfs=*", "rd.neednet*", "ip=*", "BOOTIF=*",
	"BOOT_IMAGE=*", NULL
};
#define KAIROS_WORDS "netboot", "rd.cos.disable", RECIPE_DRACUT_NET
static const char *const kairos_nfs[] = { "root=live:nfs://@server@@iso@/rootfs.squashfs", KAIROS_WORDS, NULL };
static const char *const kairos_http[] = { "root=live:@http@/iso/rootfs.squashfs", KAIROS_WORDS, NULL };

static bool match_kairos(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_path(v, "/rootfs.squashfs") && recipe_any_entry(b, "root=live:*", NULL) &&
	       (recipe_any_entry(b, "rd.cos.disable", NULL) || recipe_any_entry(b, "rd.immucore.disable", NULL));
}

const struct recipe recipe_kairos = {
	.id = "kairos", .title = "Kairos / Elemental", .match = match_kairos, .needs = "root=live:*",
	.needs_why = "not an entry of the live system",
	.usual = INITRD_DRACUT | INITRD_DMSQUASH | INITRD_LIVENET,
	.ways = (const struct recipe_way[]){
		{ RECIPE_DRACUT_NFS, .drop = kairos_drop, .add = kairos_nfs, .adjust = recipe_refuse_check },
		{ RECIPE_DRACUT_HTTP, .drop = kairos_drop, .add = kairos_http, .adjust = recipe_refuse_check,
		  .memory_mib = 2048, .memory_copies = 1 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Kairos, Elemental",
	.sources = "kairos-io/AuroraBoot; netbootxyz: kairos.ipxe; dracut.cmdline(7)",
};

/* --- the others: Fedora's live media and what is made with kiwi or livemedia-creator ------------- */

/* Until its initrd is judged, words that kiwi-live alone knows tell it. */
static bool match_kiwi_live(const struct volume *v, const struct bootcfg *b)
{
	return is_live(v, b) && (recipe_any_entry(b, "rd.live.overlay.cowfs=*", NULL) ||
				 recipe_any_entry(b, "rd.live.overlay.persistent", NULL) ||
				 recipe_any_entry(b, "root=live:CDLABEL=openSUSE*", NULL));
}

const struct recipe recipe_kiwi_live = {
	.id = "kiwi-live", .title = "openSUSE Live (kiwi)", .match = match_kiwi_live, .needs = "root=live:*",
	.needs_why = "not an entry of the live system",
	.usual = INITRD_DRACUT | INITRD_KIWI_LIVE | INITRD_KIWI_HTTP,
	.ways = kiwi_ways, .proof = RECIPE_READ, .examples = "openSUSE Leap and Tumbleweed live media, kiwi's own",
	.sources = "OSInside/kiwi: dracut/modules.d/55kiwi-live; dracut.cmdline(7)",
};

static bool match_dracut_live(const struct volume *v, const struct bootcfg *b)
{
	return is_live(v, b);
}

/* weldr/lorax: src/pylorax/creator.py and kiwi: kiwi/defaults.py put livenet into every such initrd; NFS is there
 * where nfs-utils is part of the live system. */
const struct recipe recipe_dracut_live = {
	.id = "dracut-live", .title = "Fedora Live and kin (dracut)", .match = match_dracut_live,
	.needs = "root=live:*", .needs_why = "not an entry of the live system",
	.usual = INITRD_DRACUT | INITRD_DMSQUASH | INITRD_LIVENET,
	.ways = either_ways, .proof = RECIPE_EMULATED,
	.examples = "Fedora Workstation and Spins, live media of AlmaLinux and Rocky Linux, Nobara, Azure Linux",
	.sources = "dracut.cmdline(7); dracut: dmsquash-live, livenet, nfs; weldr/lorax: creator.py",
};
