/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- Gentoo ---------------------------------------------------------------------------------- */
/* gentoo/catalyst: targets/livecd-stage2/controller.sh makes /livecd, targets/support/bootloader-setup.sh
 * the menus; gentoo/genkernel: defaults/linuxrc, defaults/initrd.scripts. Every catalyst medium
 * (Pentoo and others) has this shape, so the name of the distribution is not asked for. */

static bool is_catalyst(const struct volume *v)
{
	return recipe_has_path(v, "/livecd") && recipe_has_squashfs(v, "", false);
}

static bool match_genkernel(const struct volume *v, const struct bootcfg *b)
{
	return is_catalyst(v) && recipe_any_entry(b, "cdroot*", "root=live:*");
}

static bool match_catalyst_dracut(const struct volume *v, const struct bootcfg *b)
{
	return is_catalyst(v) && recipe_any_entry(b, "root=live:*", NULL);
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
			r = recipe_word_replace(&words[i], "cdroot=/dev/null");
		/* genkernel 3 mounts with rsize=1024. These words left the menus in 2023, so media of
		 * genkernel 4 from before then get it too: there it is what kernel and server agree on anyway. */
		else if (old && !strcmp(words[i], "nfsroot=@server@:@iso@"))
			r = recipe_word_replace(&words[i], "nfsroot=@server@:@iso@,rsize=131072");
	}
	return r;
}

const struct recipe recipe_gentoo_genkernel = {
	.id = "gentoo-genkernel", .title = "Gentoo (genkernel)", .match = match_genkernel,
	.needs = "cdroot*", .needs_why = "not an entry of the live system", .usual = INITRD_GENKERNEL,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .needs = INITRD_GENKERNEL, .lacks = "its initrd is not genkernel's",
		  .drop = genkernel_drop, .add = genkernel_add, .adjust = adjust_genkernel },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_EMULATED, .examples = "Gentoo until 2024, Pentoo, and other media made by catalyst",
	.sources = "gentoo/catalyst: targets/support; gentoo/genkernel: defaults/linuxrc",
};

const struct recipe recipe_gentoo_dracut = {
	.id = "gentoo-dracut", .title = "Gentoo (dracut)", .match = match_catalyst_dracut,
	.why = "its initrd has no network: it needs its squashfs inside the initrd, which this version does "
	       "not make yet",
};
