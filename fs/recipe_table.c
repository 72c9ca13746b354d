/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <strings.h>
#include <sys/stat.h>

#include "recipe_table.h"

/* --- what rows ask of an ISO ----------------------------------------------------------------- */

static bool ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && !strcasecmp(s + n - t, tail);
}

/* A squashfs by its name: deep is below that directory at any depth, else directly in it. */
static bool has_squashfs(const struct volume *v, const char *dir, bool deep)
{
	size_t n = strlen(dir);

	for (size_t i = 1; i < v->count; i++) {
		const char *rest = v->entries[i].path;

		if (!S_ISREG(v->entries[i].mode) || !ends_in(rest, ".squashfs"))
			continue;
		if (n && (strncasecmp(rest, dir, n) || rest[n] != '/'))
			continue;
		rest += n ? n + 1 : 0;
		if (deep || !strchr(rest, '/'))
			return true;
	}
	return false;
}

/* An entry with an initrd that carries one word and not the other (which may be NULL). */
static bool any_entry(const struct bootcfg *b, const char *with, const char *without)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->entries[i].kind == BOOTCFG_LINUX && recipe_entry_has(&b->entries[i], with) &&
		    !(without && recipe_entry_has(&b->entries[i], without)))
			return true;
	return false;
}

/* --- Gentoo ---------------------------------------------------------------------------------- */
/* gentoo/catalyst: targets/livecd-stage2/controller.sh makes /livecd, targets/support/bootloader-setup.sh
 * the menus; gentoo/genkernel: defaults/linuxrc, defaults/initrd.scripts. Every catalyst medium
 * (Pentoo and others) has this shape, so the name of the distribution is not asked for. */

static bool is_catalyst(const struct volume *v)
{
	return recipe_has_path(v, "/livecd") && has_squashfs(v, "", false);
}

static bool match_genkernel(const struct volume *v, const struct bootcfg *b)
{
	return is_catalyst(v) && any_entry(b, "cdroot*", "root=live:*");
}

static bool match_catalyst_dracut(const struct volume *v, const struct bootcfg *b)
{
	return is_catalyst(v) && any_entry(b, "root=live:*", NULL);
}

static const char *const genkernel_drop[] = {
	/* Where the root is. genkernel ignores root= beside cdroot, and init=/linuxrc is how kernels
	 * before initramfs were told. A cdroot= device is a local one. */
	"root=*", "real_root=*", "init=/linuxrc", "nfsroot=*", "cdroot", "cdroot=*", "cdroot_type=*", "isoboot=*",
	/* genkernel 3 takes any ip= for "the kernel has done the network" and starts none; without it
	 * genkernel 3 and 4 both ask DHCP by themselves. Booted: 3.5.3.3 with ip=dhcp fails, without works;
	 * 4.3.17 works without. So no line has it, and generations need not be told apart for it. */
	"ip=*", "gk.net.iface=*",
	"BOOT_IMAGE=*", NULL
};

static const char *const genkernel_add[] = {
	"cdroot", "real_root=/dev/nfs", "nfsroot=@server@:@iso@", "gk.net.iface=@mac@",
	/* The live system must call the interface what the initrd called it, and its own start of DHCP
	 * on every interface would take the address away from under its root. */
	"net.ifnames=0", "nodhcp", NULL
};

static int words_replace(char **word, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	free(*word);
	*word = copy;
	return 0;
}

static int adjust_genkernel(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	bool old = recipe_entry_has(e, "init=/linuxrc") || recipe_entry_has(e, "root=/dev/ram*");
	bool overlay = recipe_entry_has(e, "overlayfs*") || recipe_entry_has(e, "aufs*");
	size_t kept = 0;
	int r = 0;

	if (recipe_entry_has(e, "root=live:*"))
		return reason_set(why, -EOPNOTSUPP, "this entry's initrd is dracut's, not genkernel's");
	for (size_t i = 0; i < *count; i++) {
		/* The copy would land in a tmpfs that the overlay then hides: memory spent, NFS still read. */
		if (overlay && !strcmp(words[i], "docache")) {
			free(words[i]);
			continue;
		}
		words[kept++] = words[i];
	}
	words[*count = kept] = NULL;
	for (size_t i = 0; i < kept && !r; i++) {
		/* An overlay makes linuxrc search local disks first, and one that carries /livecd is booted
		 * instead of ours; a cdroot= that is no block device leaves nothing to search. */
		if (overlay && !strcmp(words[i], "cdroot"))
			r = words_replace(&words[i], "cdroot=/dev/null");
		/* genkernel 3 mounts with rsize=1024. These words left the menus in 2023, so media of
		 * genkernel 4 from before then get it too: there it is what kernel and server agree on anyway. */
		else if (old && !strcmp(words[i], "nfsroot=@server@:@iso@"))
			r = words_replace(&words[i], "nfsroot=@server@:@iso@,rsize=131072");
	}
	return r;
}

/* --- Debian Live and what is built on live-boot ---------------------------------------------- */
/* live-boot(7); live-boot: components/9990-*.sh; klibc: usr/kinit/nfsmount. grml/grml-live puts its squashfs
 * one directory deeper and says so in live-media-path=, which is a path inside the medium and stays. */

static bool match_live(const struct volume *v, const struct bootcfg *b)
{
	return has_squashfs(v, "live", true) && any_entry(b, "boot=live", NULL);
}

/* Tails takes network drivers out of its initrd and blocks them, by design. */
static bool match_tails(const struct volume *v, const struct bootcfg *b)
{
	return match_live(v, b) && recipe_has_path(v, "/live/Tails.module");
}

/* truenas/scale-build: conf/cd-files/sbin/mount-cd */
static bool match_truenas(const struct volume *v, const struct bootcfg *b)
{
	return match_live(v, b) && recipe_has_path(v, "/TrueNAS-SCALE.update");
}

static const char *const live_drop[] = {
	"findiso=*", "isofrom=*", "fromiso=*", "iso-scan/filename=*", "img_dev=*", "img_loop=*",
	"live-media=*", "bootfrom=*", "netboot", "netboot=*", "nfsroot=*", "nfsopts=*", "root=*",
	"fetch=*", "httpfs=*", "ftpfs=*", "iscsi=*",
	/* live-boot asks DHCP by itself as soon as netboot= is there; Clonezilla's empty ip= means
	 * "take /etc/network/interfaces from the medium". */
	"ip", "ip=*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};

static const char *const live_add[] = {
	"netboot=nfs", "nfsroot=@server@:@iso@",
	/* live-boot cuts up to the first dash and takes colons for the rest. */
	"BOOTIF=01-@mac@", NULL
};

/* --- installers and live systems that only know local media ---------------------------------- */

static bool match_debian_installer(const struct volume *v, const struct bootcfg *b)
{
	static const char *const initrds[] = {
		"/install.amd/initrd.gz", "/install.a64/initrd.gz", "/install.386/initrd.gz"
	};

	(void)b;
	for (size_t i = 0; i < ARRAY_SIZE(initrds); i++)
		if (recipe_has_path(v, initrds[i]))
			return recipe_has_path(v, "/dists");
	return false;
}

static bool match_antix(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/antiX/linuxfs");
}

/* --- programs that need nothing but themselves ----------------------------------------------- */

static bool all_entries_named(const struct bootcfg *b, const char *const *names)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct bootcfg_entry *e = &b->entries[i];

		if ((e->kind != BOOTCFG_BINARY && e->kind != BOOTCFG_CHAIN) ||
		    !recipe_word_listed(recipe_base_name(e->kernel), names))
			return false;
	}
	return b->count > 0;
}

static bool match_memtest(const struct volume *v, const struct bootcfg *b)
{
	static const char *const names[] = { "memtest*", "MEMTEST*", "mt86plus*", "MT86PLUS*", NULL };

	if (b->count)
		return all_entries_named(b, names);
	/* Memtest86+ 6 as its authors and Debian publish it: no menu, one program and a floppy image. */
	return !strncmp(v->label, "MT86PLUS", 8) && recipe_has_path(v, "/boot/floppy.img");
}

/* The same file is a PE program and a bzImage (it starts with MZ and has HdrS at 0x202). */
static const struct recipe_own memtest_own[] = {
	{ "Memtest86+", "/EFI/BOOT/bootx64.efi", BOOTCFG_BINARY, BOOTCFG_BIOS },
	{ "Memtest86+", "/EFI/BOOT/bootx64.efi", BOOTCFG_CHAIN, BOOTCFG_EFI },
	{ "Memtest86+ (32 bit)", "/EFI/BOOT/bootia32.efi", BOOTCFG_BINARY, BOOTCFG_BIOS },
	{ NULL, NULL, 0, 0 }
};

/* ipxe/ipxe: src/util/genfsimg; isolinux starts ipxe.lkrn under a shorter name. */
static bool match_ipxe(const struct volume *v, const struct bootcfg *b)
{
	static const char *const names[] = { "ipxe.*", "IPXE.*", NULL };

	(void)v;
	return all_entries_named(b, names);
}

static bool match_any(const struct volume *v, const struct bootcfg *b)
{
	(void)v;
	(void)b;
	return true;
}

/* --- the table ------------------------------------------------------------------------------- */

const struct recipe recipe_table[] = {
	{
		.id = "gentoo-genkernel", .title = "Gentoo (genkernel)", .how = RECIPE_NFS,
		.match = match_genkernel, .needs = "cdroot*", .needs_why = "not an entry of the live system",
		.drop = genkernel_drop, .add = genkernel_add, .adjust = adjust_genkernel,
	},
	{
		.id = "gentoo-dracut", .title = "Gentoo (dracut)", .how = RECIPE_IMPOSSIBLE,
		.why = "its initrd has no network: it needs its squashfs inside the initrd, which this version does "
		       "not make yet",
		.match = match_catalyst_dracut,
	},
	{
		.id = "tails", .title = "Tails", .how = RECIPE_IMPOSSIBLE,
		.why = "its initrd has no network drivers, by its authors' choice",
		.match = match_tails,
	},
	{
		.id = "truenas-scale", .title = "TrueNAS SCALE", .how = RECIPE_IMPOSSIBLE,
		.why = "its installer looks for its own files on local drives alone",
		.match = match_truenas,
	},
	{
		.id = "debian-live", .title = "Debian Live", .how = RECIPE_NFS,
		.match = match_live, .needs = "boot=live",
		.needs_why = "not an entry of the live system: an installer looks for its medium on local drives "
			     "alone",
		.drop = live_drop, .add = live_add,
	},
	{
		.id = "debian-installer", .title = "Debian installer", .how = RECIPE_IMPOSSIBLE,
		.why = "its initrd has no network drivers: the installer's netboot initrd is not on the image",
		.match = match_debian_installer,
	},
	{
		.id = "antix", .title = "MX Linux / antiX", .how = RECIPE_IMPOSSIBLE,
		.why = "its initrd looks for its root on local drives alone and has no network",
		.match = match_antix,
	},
	{
		.id = "memtest", .title = "Memtest86+", .how = RECIPE_KERNEL,
		.match = match_memtest, .own = memtest_own,
	},
	{
		.id = "ipxe", .title = "iPXE", .how = RECIPE_KERNEL,
		.match = match_ipxe,
	},
	{
		.id = "unknown", .title = "not recognised", .how = RECIPE_UNKNOWN,
		.why = "no family that this version knows", .match = match_any,
	},
};

const size_t recipe_table_count = ARRAY_SIZE(recipe_table);
