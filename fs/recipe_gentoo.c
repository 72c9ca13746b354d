/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* Gentoo and other media made by catalyst. gentoo/catalyst: targets/livecd-stage2/controller.sh makes /livecd,
 * targets/support/bootloader-setup.sh the menus; the squashfs is called image.squashfs. The initrd is genkernel's
 * until 2024 and dracut's since (gentoo/releng: releases/specs); the tree is the same, the menu's words tell. */

static bool is_catalyst(const struct volume *v)
{
	return recipe_has_path(v, "/livecd") && recipe_has_squashfs(v, "", false);
}

/* --- genkernel ------------------------------------------------------------------------------- */
/* gentoo/genkernel: defaults/linuxrc, defaults/initrd.scripts */

static bool match_genkernel(const struct volume *v, const struct bootcfg *b)
{
	return is_catalyst(v) && recipe_any_entry(b, "cdroot*", "root=live:*");
}

static bool match_pentoo(const struct volume *v, const struct bootcfg *b)
{
	return match_genkernel(v, b) && recipe_has_path(v, "/boot/pentoo");
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

static bool has_overlay(const struct bootcfg_entry *e)
{
	return recipe_entry_has(e, "overlayfs*") || recipe_entry_has(e, "aufs*");
}

/* Words that left the menus in 2023: genkernel 3, or an early 4. */
static bool has_old_words(const struct bootcfg_entry *e)
{
	return recipe_entry_has(e, "init=/linuxrc") || recipe_entry_has(e, "root=/dev/ram*");
}

static int check_genkernel(const struct bootcfg_entry *e, struct reason *why)
{
	if (recipe_entry_has(e, "root=live:*"))
		return reason_set(why, -EOPNOTSUPP, "this entry's initrd is dracut's, not genkernel's");
	return 0;
}

static int adjust_genkernel(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	bool old = has_old_words(e), overlay = has_overlay(e);
	size_t kept = 0;
	int r = check_genkernel(e, why);

	if (r)
		return r;
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
			r = recipe_word_replace(&words[i], "cdroot=/dev/null");
		/* genkernel 3 mounts with rsize=1024. Media of genkernel 4 with the old words get it too: there it
		 * is what kernel and server agree on anyway. */
		else if (old && !strcmp(words[i], "nfsroot=@server@:@iso@"))
			r = recipe_word_replace(&words[i], "nfsroot=@server@:@iso@,rsize=131072");
	}
	return r;
}

/* linuxrc looks whether the squashfs is there already before it looks for a medium, since genkernel 4. */
static const char *const genkernel_memory_drop[] = {
	"root=*", "real_root=*", "nfsroot=*", "cdroot", "cdroot=*", "cdroot_type=*", "isoboot=*", "ip=*",
	"gk.net.iface=*", "looptype=*", "loop=*", "docache", "BOOT_IMAGE=*", NULL
};

static const char *const genkernel_memory_add[] = {
	"looptype=squashfs", "loop=/image.squashfs", "cdroot", NULL
};

static int adjust_genkernel_memory(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	(void)words;
	(void)count;
	if (has_old_words(e))
		return reason_set(why, -EOPNOTSUPP, "genkernel 3, which it may be, looks on disks alone");
	if (has_overlay(e))
		return reason_set(why, -EOPNOTSUPP, "with an overlay it looks on disks first");
	return check_genkernel(e, why);
}

static const struct recipe_member genkernel_archive[] = {
	{ RECIPE_MEMBER_ROOT, "image.squashfs", NULL }, { RECIPE_MEMBER_END, NULL, NULL }
};

static const struct recipe_way genkernel_ways[] = {
	{ .how = RECIPE_NFS, .needs = INITRD_GENKERNEL, .lacks = "its initrd is not genkernel's",
	  .drop = genkernel_drop, .add = genkernel_add, .adjust = adjust_genkernel },
	{ .how = RECIPE_MEMORY, .title = "squashfs copied to memory", .needs = INITRD_GENKERNEL,
	  .lacks = "its initrd is not genkernel's", .drop = genkernel_memory_drop, .add = genkernel_memory_add,
	  .adjust = adjust_genkernel_memory, .archive = genkernel_archive,
	  .memory_mib = 512, .memory_copies = 2 },
	{ .how = RECIPE_UNKNOWN },
};

const struct recipe recipe_pentoo = {
	.id = "pentoo", .title = "Pentoo", .match = match_pentoo, .needs = "cdroot*",
	.needs_why = "not an entry of the live system", .usual = INITRD_GENKERNEL, .ways = genkernel_ways,
	.proof = RECIPE_READ, .examples = "Pentoo",
	.sources = "gentoo/catalyst: targets/support; gentoo/genkernel: defaults/linuxrc",
};

const struct recipe recipe_gentoo_genkernel = {
	.id = "gentoo-genkernel", .title = "Gentoo (genkernel)", .match = match_genkernel, .needs = "cdroot*",
	.needs_why = "not an entry of the live system", .usual = INITRD_GENKERNEL, .ways = genkernel_ways,
	.proof = RECIPE_EMULATED, .examples = "Gentoo until 2024, and other media made by catalyst",
	.sources = "gentoo/catalyst: targets/support; gentoo/genkernel: defaults/linuxrc",
};

/* --- dracut ---------------------------------------------------------------------------------- */
/* gentoo/releng asks for dmsquash-live alone. dracut takes its nfs module along where the build root has nfs-utils
 * and something that starts the network, which Gentoo's has since NetworkManager is in it (amd64, 2025); livenet,
 * without which root=live: knows no URL, comes only when asked for, as other makers of such media may. So: the squashfs
 * over NFS or HTTP where that is there, the extracted tree as root where the initrd can do that, else the squashfs
 * within the initramfs. */

static bool match_dracut(const struct volume *v, const struct bootcfg *b)
{
	return is_catalyst(v) && recipe_any_entry(b, "root=live:*", NULL);
}

/* Words for the medium and for what lies on it. */
#define DRACUT_DROP \
	"root=*", "nfsroot=*", "rd.live.image", "rd.live.dir=*", "rd.live.squashimg=*", "rd.live.check*", \
	"rd.live.overlay*", "rd.overlay*", "ip=*", "rd.neednet*", "BOOTIF=*", "BOOT_IMAGE=*"
static const char *const dracut_live_drop[] = { DRACUT_DROP, NULL };
static const char *const dracut_drop[] = { DRACUT_DROP, "rd.live.ram*", NULL };

/* As for genkernel: the live system's own DHCP would take the address away. */
static const char *const dracut_live_nfs[] = {
	"root=live:nfs://@server@@iso@/image.squashfs", RECIPE_DRACUT_NET, "nodhcp", NULL
};
static const char *const dracut_live_http[] = {
	"root=live:@http@/iso/image.squashfs", RECIPE_DRACUT_NET, "nodhcp", NULL
};

static const char *const dracut_root_add[] = {
	"root=nfs:@server@:@root@", "ip=dhcp", "rd.neednet=1", "BOOTIF=01-@mac@",
	/* Two names of one switch: dracut 111 has the first one, 103 to 110 the second one alone. */
	"rd.overlay=1", "rd.live.overlay.overlayfs=1", "nodhcp", NULL
};

static const char *const dracut_memory_add[] = {
	/* parse-dmsquash-live.sh: a file in the initramfs must be called *.img or *.iso. Up to dracut 059 at least
	 * a bare squashfs has no overlay unless told so; later ones do not mind. */
	"root=live:/image.squashfs.img", "rd.live.overlay.overlayfs=1", NULL
};

/* The value of the last word of the entry that starts with key, without slashes around it; or text. */
static const char *dracut_value(const struct bootcfg_entry *e, const char *key, const char *text, int *len)
{
	const char *value = text;

	for (size_t i = 0; i < e->word_count; i++)
		if (!strncmp(e->words[i], key, strlen(key)))
			value = e->words[i] + strlen(key);
	value += strspn(value, "/");
	*len = (int)strlen(value);
	while (*len && value[*len - 1] == '/')
		--*len;
	return value;
}

/* The squashfs is where the entry's words say, which our own replace. */
static int adjust_dracut_live(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-/";
	static const char own[] = "/image.squashfs";
	int dir_len, name_len;
	const char *dir = dracut_value(e, "rd.live.dir=", "", &dir_len);
	const char *name = dracut_value(e, "rd.live.squashimg=", "image.squashfs", &name_len);

	/* What stands beside a placeholder goes into menus unquoted. */
	if (!name_len || dir[strspn(dir, plain)] || name[strspn(name, plain)])
		return reason_set(why, -EOPNOTSUPP, "the path of its squashfs cannot stand in a URL");
	for (size_t i = 0; i < *count; i++) {
		size_t n = strlen(words[i]);
		char *word;

		if (strncmp(words[i], "root=live:", 10) || n < sizeof(own) || !text_ends(words[i], own))
			continue;
		if (asprintf(&word, "%.*s%s%.*s/%.*s", (int)(n - (sizeof(own) - 1)), words[i], dir_len ? "/" : "",
			     dir_len, dir, name_len, name) < 0)
			return -ENOMEM;
		free(words[i]);
		words[i] = word;
	}
	return 0;
}

static int adjust_dracut_root(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	(void)words;
	(void)count;
	if (recipe_entry_has(e, "rd.live.ram*"))
		return reason_set(why, -EOPNOTSUPP, "an entry for a copy in memory");
	return 0;
}

const struct recipe recipe_gentoo_dracut = {
	.id = "gentoo-dracut", .title = "Gentoo (dracut)", .match = match_dracut, .needs = "root=live:*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_DMSQUASH,
	.ways = (const struct recipe_way[]){
		{ RECIPE_DRACUT_NFS, .drop = dracut_live_drop, .add = dracut_live_nfs, .adjust = adjust_dracut_live },
		{ RECIPE_DRACUT_HTTP, .drop = dracut_drop, .add = dracut_live_http, .adjust = adjust_dracut_live,
		  .memory_mib = 1024, .memory_copies = 1 },
		{ .how = RECIPE_NFS, .title = "root/ as NFS root",
		  .needs = INITRD_DRACUT_NFS | INITRD_DRACUT_NET | INITRD_OVERLAYFS,
		  .lacks = "its initrd has no network, or no overlay for a root over NFS",
		  .drop = dracut_drop, .add = dracut_root_add, .adjust = adjust_dracut_root },
		{ .how = RECIPE_MEMORY, .title = "squashfs copied to memory", .needs = INITRD_DMSQUASH,
		  .lacks = "its initrd has no dmsquash-live", .drop = dracut_drop, .add = dracut_memory_add,
		  .archive = recipe_dracut_squashfs, .memory_mib = 512, .memory_copies = 2 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_EMULATED, .examples = "Gentoo since 2024: minimal, LiveGUI, arm64",
	.sources = "gentoo/releng: releases/specs; dracut: modules.d/90dmsquash-live, 90livenet, 95nfs, 70overlayfs",
};
