/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "recipe_table.h"

/* Systems that are not Linux. GRUB starts some of them by commands of their own (kfreebsd, kopenbsd, knetbsd),
 * which the menus here have not. */

/* OPNsense, pfSense, GhostBSD, mfsBSD and TrueNAS CORE are built like it. */
static bool match_freebsd(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/boot/loader.efi") &&
	       (recipe_has_path(v, "/boot/kernel/kernel") || recipe_has_path(v, "/boot/kernel/kernel.gz"));
}

const struct recipe recipe_freebsd = {
	.id = "freebsd", .title = "FreeBSD", .match = match_freebsd,
	.why = "its loader takes its root's path from DHCP (option 17), and GRUB's kfreebsd is not in the menus yet",
	.examples = "FreeBSD, OPNsense, pfSense, GhostBSD, TrueNAS CORE",
};

static bool match_openbsd(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_named(v, NULL, "bsd.rd");
}

const struct recipe recipe_openbsd = {
	.id = "openbsd", .title = "OpenBSD", .match = match_openbsd,
	.why = "its bsd.rd boots by itself, but by GRUB's kopenbsd, which is not in the menus yet",
	.examples = "OpenBSD",
};

static bool match_netbsd(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_named(v, NULL, "netbsd-INSTALL.gz") ||
	       (recipe_has_named(v, "", "netbsd") && recipe_has_named(v, "", "boot.cfg"));
}

const struct recipe recipe_netbsd = {
	.id = "netbsd", .title = "NetBSD", .match = match_netbsd,
	.why = "its installer's kernel boots by itself, but by GRUB's knetbsd, which is not in the menus yet",
	.examples = "NetBSD",
};

static bool match_esxi(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/boot.cfg") && recipe_has_path(v, "/b.b00");
}

const struct recipe recipe_esxi = {
	.id = "esxi", .title = "VMware ESXi", .match = match_esxi,
	.why = "its loader takes the rest by the firmware's network protocols, which it lacks when GRUB starts it",
	.examples = "VMware ESXi",
};

/* --- Windows --------------------------------------------------------------------------------------------- */

/* On Microsoft's media the ISO 9660 side holds one text, which says that the disc is UDF. */
static bool is_udf_note(const struct volume *v)
{
	size_t files = 0;

	for (size_t i = 1; i < v->count; i++) {
		if (!S_ISREG(v->entries[i].mode) || strcasecmp(v->entries[i].name, "readme.txt"))
			return false;
		files++;
	}
	return files == 1;
}

static bool match_windows(const struct volume *v, const struct bootcfg *b)
{
	if (b->count)
		return false;
	return is_udf_note(v) || recipe_has_path(v, "/sources/boot.wim") || recipe_has_path(v, "/x64/sources/boot.wim");
}

const struct recipe recipe_windows = {
	.id = "windows", .title = "Windows", .match = match_windows,
	.why = "a Windows disc: its files are in UDF, which is not read here, and it starts by wimboot alone",
	.examples = "Windows installation media",
};
