/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- openSUSE and SLE: the installer that linuxrc starts ------------------------------------------- */
/* openSUSE/linuxrc: linuxrc_repo.md, url.c, file.c; openSUSE/installation-images: data/boot. */

static bool has_instsys(const struct volume *v)
{
	static const char *const roots[] = { "/boot/x86_64/root", "/boot/aarch64/root", "/boot/i386/root" };

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
		if (recipe_has_path(v, roots[i]))
			return !recipe_has_path(v, "/LiveOS");
	return false;
}

static bool match_linuxrc(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	/* Packages are on the disc: repository metadata of today, or of SLE 12 and before. */
	return has_instsys(v) &&
	       (recipe_has_named(v, NULL, "repomd.xml") || recipe_has_path(v, "/suse/setup/descr"));
}

static bool match_linuxrc_net(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return has_instsys(v);
}

static const char *const linuxrc_drop[] = {
	"install=*", "instsys=*", "netsetup=*", "ifcfg=*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};
/* linuxrc mounts NFS itself and takes its own system from boot/ARCH below the URL. BOOTIF= may have colons. */
static const char *const linuxrc_nfs[] = {
	"install=nfs://@server@@iso@", "netsetup=dhcp", "BOOTIF=01-@mac@", NULL
};
static const char *const linuxrc_http[] = { "install=@http@/iso", "netsetup=dhcp", "BOOTIF=01-@mac@", NULL };
static const char *const linuxrc_answer_nfs[] = { "autoyast=nfs://@server@@dir@/@answer@", NULL };
static const char *const linuxrc_answer_http[] = { "autoyast=@http@/@answer@", NULL };
static const char *const linuxrc_mirror[] = { "netsetup=dhcp", "BOOTIF=01-@mac@", NULL };

const struct recipe recipe_linuxrc = {
	.id = "suse-linuxrc", .title = "openSUSE / SLE installer", .match = match_linuxrc, .usual = INITRD_LINUXRC,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .needs = INITRD_LINUXRC, .lacks = "its initrd is not linuxrc's",
		  .drop = linuxrc_drop, .add = linuxrc_nfs, .answer = linuxrc_answer_nfs,
		  .adjust = recipe_refuse_check },
		{ .how = RECIPE_HTTP, .needs = INITRD_LINUXRC, .lacks = "its initrd is not linuxrc's",
		  .drop = linuxrc_drop, .add = linuxrc_http, .answer = linuxrc_answer_http,
		  .adjust = recipe_refuse_check, .memory_mib = 2048 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "openSUSE Leap up to 15, Tumbleweed, SLE 12 and 15: DVDs",
	.sources = "openSUSE/linuxrc: linuxrc_repo.md, file.c; linuxrc reference (en.opensuse.org)",
};

/* Without install= linuxrc takes what its own configuration says (defaultrepo), which is the mirror. */
const struct recipe recipe_linuxrc_net = {
	.id = "suse-linuxrc-net", .title = "openSUSE / SLE network installer", .match = match_linuxrc_net,
	.why = "it takes its packages, and itself, from a mirror on the internet", .usual = INITRD_LINUXRC,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_KERNEL, .needs = INITRD_LINUXRC, .lacks = "its initrd is not linuxrc's",
		  .drop = linuxrc_drop, .add = linuxrc_mirror, .answer = linuxrc_answer_nfs,
		  .adjust = recipe_refuse_check },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "openSUSE Leap up to 15 and Tumbleweed: NET ISOs",
	.sources = "openSUSE/linuxrc: linuxrc_repo.md, file.c",
};

/* --- Agama ---------------------------------------------------------------------------------------- */

/* agama-project/agama: live/config.sh, live/config-cdroot/fix_bootconfig.x86_64: the root is a word inside the
 * initrd (etc/cmdline.d), which one of the kernel line's comes before; so the menu has none. */
static bool is_agama(const struct volume *v, const struct bootcfg *b)
{
	bool any = false;

	if (!recipe_has_path(v, "/LiveOS/squashfs.img"))
		return false;
	for (size_t i = 0; i < b->count; i++) {
		const struct bootcfg_entry *e = &b->entries[i];

		if (e->kind != BOOTCFG_LINUX)
			continue;
		if (recipe_entry_has(e, "root=*") || recipe_entry_has(e, "inst.stage2=*") ||
		    recipe_entry_has(e, "inst.repo=*"))
			return false;
		any = any || !strncmp(e->kernel, "/boot/", 6);
	}
	return any && (recipe_has_named(v, "boot/x86_64/loader", "linux") ||
		       recipe_has_named(v, "boot/aarch64/loader", "linux"));
}

/* The offline media carry what they install, and look for it beside their root. */
static bool match_agama_offline(const struct volume *v, const struct bootcfg *b)
{
	return is_agama(v, b) && recipe_has_path(v, "/install");
}

static bool match_agama(const struct volume *v, const struct bootcfg *b)
{
	return is_agama(v, b);
}

static const char *const agama_drop[] = {
	"root=*", "iso-scan/filename=*", "rd.live.overlay.overlayfs=*", "rd.neednet*", "ip=*", "BOOTIF=*",
	"BOOT_IMAGE=*", NULL
};
#define AGAMA_WORDS "rd.live.image", "rd.live.overlay.overlayfs=1", "ip=dhcp", "rd.neednet=1", "BOOTIF=01-@mac@"
static const char *const agama_nfs[] = { "root=live:nfs://@server@@iso@/LiveOS/squashfs.img", AGAMA_WORDS, NULL };
static const char *const agama_http[] = { "root=live:@http@/iso/LiveOS/squashfs.img", AGAMA_WORDS, NULL };
static const char *const agama_answer[] = { "inst.auto=@http@/@answer@", NULL };
/* livenet: a file whose name ends in .iso is mounted as the medium itself. */
static const char *const agama_whole[] = { "root=live:@http@/image.iso", AGAMA_WORDS, NULL };

const struct recipe recipe_agama_offline = {
	.id = "agama-offline", .title = "openSUSE / SLE installer (Agama, offline)", .match = match_agama_offline,
	.usual = INITRD_DRACUT | INITRD_DMSQUASH | INITRD_LIVENET,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_HTTP, .needs = INITRD_DMSQUASH | INITRD_LIVENET,
		  .lacks = "its initrd cannot take a live image from a web server", .drop = agama_drop,
		  .add = agama_whole, .answer = agama_answer, .adjust = recipe_refuse_check,
		  .memory_mib = 3072, .memory_copies = 1 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Leap 16, SLES 16: offline installers",
	.sources = "agama-project/agama: live/; netbootxyz: opensuse.ipxe; dracut.cmdline(7)",
};

const struct recipe recipe_agama = {
	.id = "agama", .title = "openSUSE / SLE installer (Agama)", .match = match_agama,
	.usual = INITRD_DRACUT | INITRD_DMSQUASH | INITRD_LIVENET,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .needs = INITRD_DMSQUASH | INITRD_LIVENET | INITRD_DRACUT_NFS,
		  .lacks = "its initrd cannot take a live image from NFS", .drop = agama_drop, .add = agama_nfs,
		  .answer = agama_answer, .adjust = recipe_refuse_check },
		{ .how = RECIPE_HTTP, .needs = INITRD_DMSQUASH | INITRD_LIVENET,
		  .lacks = "its initrd cannot take a live image from a web server", .drop = agama_drop,
		  .add = agama_http, .answer = agama_answer, .adjust = recipe_refuse_check,
		  .memory_mib = 3072, .memory_copies = 1 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Leap 16, SLES 16, Tumbleweed: online installers",
	.sources = "agama-project/agama: live/; netbootxyz: opensuse.ipxe; dracut.cmdline(7)",
};
