/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* Systems with an init of their own, large or small. */

static const struct recipe_way as_it_is[] = { { .how = RECIPE_KERNEL }, { .how = RECIPE_UNKNOWN } };

/* --- Alpine ------------------------------------------------------------------------------------------ */

/* alpinelinux/mkinitfs: initramfs-init.in; alpinelinux/aports: scripts/mkimg.base.sh, main/openrc/modloop.initd. Its
 * root is a tmpfs that packages are unpacked into. The media's own initrd has neither DHCP nor cards' drivers. */
static bool match_alpine(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/.alpine-release") && recipe_has_path(v, "/apks");
}

/* The modules beside the kernel, which a medium may have several of: vmlinuz-lts, modloop-lts. */
static int adjust_alpine(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	const char *base = recipe_base_name(e->kernel);
	size_t n = strlen("vmlinuz-");

	/* What stands beside a placeholder goes into menus unquoted. */
	if (strncmp(base, "vmlinuz-", n) || !base[n] ||
	    base[n + strspn(base + n, "abcdefghijklmnopqrstuvwxyz0123456789")])
		return reason_set(why, -EOPNOTSUPP, "its kernel is not called as Alpine calls its own");
	if (asprintf(&words[*count], "modloop=@http@/iso/boot/modloop-%s", base + n) < 0) {
		words[*count] = NULL;
		return -ENOMEM;
	}
	words[++*count] = NULL;
	return 0;
}

static const char *const alpine_drop[] = {
	"alpine_dev=*", "alpine_repo=*", "modloop=*", "ip=*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};
static const char *const alpine_http[] = { "ip=dhcp", "alpine_repo=@http@/iso/apks", "BOOTIF=01-@mac@", NULL };

const struct recipe recipe_alpine = {
	.id = "alpine", .title = "Alpine Linux", .match = match_alpine, .usual = INITRD_ALPINE,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_HTTP, .needs = INITRD_ALPINE | INITRD_ALPINE_NET,
		  .lacks = "its initrd has no DHCP client and no drivers of network cards", .drop = alpine_drop,
		  .add = alpine_http, .adjust = adjust_alpine, .memory_mib = 1024 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "media made with the network features in their initrd; stock ones cannot",
	.sources = "alpinelinux/mkinitfs: initramfs-init.in; alpinelinux/aports: scripts, modloop.initd",
};

/* --- Slackware ---------------------------------------------------------------------------------------- */

/* The installer is in the initrd, brings the network up and asks where packages are. */
static bool match_slackware(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/isolinux/initrd.img") &&
	       (recipe_has_path(v, "/kernels/huge.s") || recipe_has_path(v, "/kernels/generic.s")) &&
	       (recipe_has_path(v, "/slackware64") || recipe_has_path(v, "/slackware"));
}

const struct recipe recipe_slackware = {
	.id = "slackware", .title = "Slackware installer", .match = match_slackware,
	.why = "its setup asks where the packages are: over NFS, in iso/slackware64 (or iso/slackware) of this image",
	.ways = as_it_is, .proof = RECIPE_READ, .examples = "Slackware 13 to 15 and current",
	.sources = "netbootxyz: slackware.ipxe; Slackware: README_PXE.TXT",
};

/* Eric Hameleers' liveslak: liveinit.tpl (nfsroot=, NFSv3, address in digits, DHCP on the first card that has a
 * server), pxeserver.tpl, the words that a running Slackware Live gives to its clients. "nop" and the empty
 * luksvol= keep it from looking for files to write on. */
static bool match_liveslak(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_named(v, NULL, "*.sxz");
}

static const char *const liveslak_drop[] = {
	"nfsroot=*", "nic=*", "livemedia=*", "luksvol=*", "persistence=*", "nop", "BOOT_IMAGE=*", NULL
};
static const char *const liveslak_nfs[] = { "nfsroot=@server@:@iso@", "luksvol=", "nop", NULL };

const struct recipe recipe_liveslak = {
	.id = "liveslak", .title = "Slackware Live (liveslak)", .match = match_liveslak,
	.usual = INITRD_LIVESLAK | INITRD_NFS_MODULE,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .needs = INITRD_LIVESLAK | INITRD_NFS_MODULE,
		  .lacks = "its initrd was made without NFS", .drop = liveslak_drop, .add = liveslak_nfs },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Slackware Live and others made with liveslak",
	.sources = "liveslak: liveinit.tpl, pxeserver.tpl",
};

/* --- Slax, Porteus ------------------------------------------------------------------------------------ */

/* Tomas-M/linux-live: livekitlib: from=http://.../file.iso is mounted through httpfs2, by ranges. Any ip= would
 * mean another protocol, with a server of its own; without it the initrd asks DHCP. */
static bool match_slax(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_named(v, NULL, "initrfs.img") && recipe_has_named(v, NULL, "*.sb");
}

static const char *const slax_drop[] = { "from=*", "ip=*", "toram", "BOOT_IMAGE=*", NULL };
static const char *const slax_http[] = { "from=@http@/image.iso", NULL };

const struct recipe recipe_slax = {
	.id = "slax", .title = "Slax (Linux Live Kit)", .match = match_slax, .usual = INITRD_NET_DRIVERS,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_HTTP, .needs = INITRD_NET_DRIVERS,
		  .lacks = "its initrd was made without network drivers", .drop = slax_drop, .add = slax_http },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Slax 9 and later, and others made with Linux Live Kit",
	.sources = "Tomas-M/linux-live: livekitlib; Slax: help.txt",
};

static bool match_porteus(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/porteus/base") && recipe_has_named(v, NULL, "*.xzm");
}

const struct recipe recipe_porteus = {
	.id = "porteus", .title = "Porteus", .match = match_porteus,
	.why = "over a network its initrd takes modules from the root directory of a web server of its own",
	.examples = "Porteus, Nemesis",
};

/* --- Tiny Core ------------------------------------------------------------------------------------------ */

/* tinycorelinux/Core-scripts: etc/init.d/tc-config: nfsmount= is mounted on /mnt/nfs, tce= is where extensions are; the
 * network is DHCP's and may need some seconds. The core has all that boots; the desktop is in extensions. */
static bool match_tinycore(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/boot/core.gz") || recipe_has_path(v, "/boot/corepure64.gz") ||
	       (recipe_has_path(v, "/boot/rootfs.gz") && recipe_has_path(v, "/boot/modules.gz"));
}

static bool match_tinycore_cde(const struct volume *v, const struct bootcfg *b)
{
	return match_tinycore(v, b) && recipe_has_path(v, "/cde/optional");
}

/* An entry that asks for no extensions is the core's. */
static int adjust_tinycore(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	(void)words;
	(void)count;
	if (recipe_entry_has(e, "cde") || recipe_entry_has(e, "tce=*"))
		return 0;
	return reason_set(why, -EOPNOTSUPP, "it asks for no extensions");
}

static const char *const tinycore_drop[] = {
	"cde", "tce=*", "iso=*", "nfsmount=*", "waitusb=*", "nodhcp", "BOOT_IMAGE=*", NULL
};
static const char *const tinycore_nfs[] = {
	"nfsmount=@server@:@iso@", "tce=/mnt/nfs/cde", "waitusb=5", NULL
};

const struct recipe recipe_tinycore_cde = {
	.id = "tinycore-desktop", .title = "Tiny Core Linux (desktop)", .match = match_tinycore_cde,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .needs = INITRD_NFS_MODULE,
		  .lacks = "its core has no NFS, to take extensions from", .drop = tinycore_drop,
		  .add = tinycore_nfs, .adjust = adjust_tinycore },
		{ .how = RECIPE_KERNEL, .title = "without its extensions" },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "TinyCore, CorePlus",
	.sources = "tinycorelinux/Core-scripts: tc-config; beta-tester/RPi-PXE-Server",
};

const struct recipe recipe_tinycore = {
	.id = "tinycore", .title = "Tiny Core Linux", .match = match_tinycore, .ways = as_it_is, .proof = RECIPE_READ,
	.examples = "Core, TinyCorePure64's core", .sources = "netbootxyz: tinycore.ipxe",
};

/* --- all in the initrd ---------------------------------------------------------------------------------- */

static bool match_4mlinux(const struct volume *v, const struct bootcfg *b)
{
	return recipe_any_title(b, "4MLinux") || !strncasecmp(v->label, "4MLinux", 7);
}

const struct recipe recipe_4mlinux = {
	.id = "4mlinux", .title = "4MLinux", .match = match_4mlinux, .ways = as_it_is, .proof = RECIPE_READ,
	.examples = "4MLinux, Antivirus Live CD, BakAndImgCD", .sources = "netbootxyz: 4mlinux.ipxe",
};

static bool match_fatdog(const struct volume *v, const struct bootcfg *b)
{
	(void)v;
	return recipe_any_title(b, "Fatdog64") && recipe_any_entry(b, "rootfstype=ramfs", NULL);
}

const struct recipe recipe_fatdog = {
	.id = "fatdog", .title = "Fatdog64", .match = match_fatdog, .ways = as_it_is, .proof = RECIPE_READ,
	.examples = "Fatdog64", .sources = "netbootxyz: live-fatdog.ipxe",
};

/* Its root is several initrds, one behind the other in the order of its own menu. */
static bool match_slitaz(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_named(v, "boot", "rootfs*") && recipe_any_entry(b, "root=/dev/null", NULL);
}

const struct recipe recipe_slitaz = {
	.id = "slitaz", .title = "SliTaz", .match = match_slitaz, .ways = as_it_is, .proof = RECIPE_READ,
	.examples = "SliTaz", .sources = "SliTaz handbook: boot, PXE",
};

/* --- those that know local drives alone -------------------------------------------------------------------- */

static bool match_antix(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/antiX/linuxfs");
}

const struct recipe recipe_antix = {
	.id = "antix", .title = "MX Linux / antiX", .match = match_antix,
	.why = "its initrd looks for its root on local drives alone and has no network",
	.examples = "MX Linux, antiX",
};

/* NixOS/nixpkgs: nixos/modules/installer/cd-dvd/iso-image.nix */
static bool match_nixos(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/nix-store.squashfs");
}

const struct recipe recipe_nixos = {
	.id = "nixos", .title = "NixOS", .match = match_nixos,
	.why = "its initrd looks for the disc by its label and has no network; NixOS has netboot images besides",
	.examples = "NixOS installers",
};

static bool match_guix(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/gnu/store");
}

const struct recipe recipe_guix = {
	.id = "guix", .title = "Guix System", .match = match_guix,
	.why = "its initrd looks for the store on the local drive that has the disc's UUID",
	.examples = "Guix System installers",
};

/* puppylinux-woof-CE/woof-CE: initrd-progs/0initrd/init: before it looks at drives it looks in its own root for the
 * files that /DISTRO_SPECS there names, and those are called as on the disc: puppy_*.sfs, and any of adrv_*.sfs,
 * bdrv_*.sfs, fdrv_*.sfs, ydrv_*.sfs and zdrv_*.sfs. One pattern, because at least one file has to fit each. */
static const struct recipe_member puppy_archive[] = {
	{ RECIPE_MEMBER_FILES, "", "[abfpyz][du][rp][vp]*_*.sfs" }, { RECIPE_MEMBER_END, NULL, NULL }
};

/* Where these files are, and on what kind of drive: none, and none is to be searched for changes that were saved. */
static const char *const puppy_drop[] = {
	"pmedia=*", "psubdir=*", "pdev1=*", "pdrv=*", "pupsfs=*", "adrv=*", "bdrv=*", "fdrv=*", "ydrv=*", "zdrv=*",
	"img_dev=*", "img_loop=*", "isofrom=*", "isoloop=*", "findiso=*", "BOOT_IMAGE=*", NULL
};

static bool match_puppy(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_named(v, "", "puppy_*");
}

const struct recipe recipe_puppy = {
	.id = "puppy", .title = "Puppy Linux", .match = match_puppy,
	.usual = INITRD_PUPPY,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_MEMORY, .title = "squashfs copied to memory", .needs = INITRD_PUPPY,
		  .lacks = "its initrd looks for its .sfs files on local drives alone", .drop = puppy_drop,
		  .archive = puppy_archive, .memory_mib = 512, .memory_copies = 2 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Puppy Linux, FossaPup, BookwormPup",
	.sources = "puppylinux-woof-CE/woof-CE: initrd-progs/0initrd/init",
};

static bool match_knoppix(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/KNOPPIX/KNOPPIX");
}

const struct recipe recipe_knoppix = {
	.id = "knoppix", .title = "Knoppix", .match = match_knoppix,
	.why = "its initrd has no network; Knoppix' own terminal server makes one that has",
	.examples = "Knoppix",
};

static bool match_pclinuxos(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/livecd.sqfs");
}

const struct recipe recipe_pclinuxos = {
	.id = "pclinuxos", .title = "PCLinuxOS", .match = match_pclinuxos,
	.why = "its initrd looks for its root on local drives alone and has no network",
	.examples = "PCLinuxOS",
};

static bool match_android(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/ramdisk.img") && recipe_has_path(v, "/initrd.img") &&
	       (recipe_has_path(v, "/system.sfs") || recipe_has_path(v, "/system.efs") ||
		recipe_has_path(v, "/system.img"));
}

const struct recipe recipe_android = {
	.id = "android-x86", .title = "Android-x86", .match = match_android,
	.why = "its initrd looks for its system image on local drives alone",
	.examples = "Android-x86, Bliss OS, PrimeOS",
};
