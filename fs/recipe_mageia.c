/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- the classical installer (DrakX) --------------------------------------------------------------- */

/* DrakXtools/drakx: mdk-stage1/automatic.c, network.c: automatic= is a list of key:value, and the directory is the one
 * that has install/stage2. Rescue systems come by the same way. Over HTTP the second stage is loaded into
 * memory and packages are fetched one by one; url.c: its client knows port 80 alone. */
static const char *const stage1_drop[] = { "automatic=*", "BOOT_IMAGE=*", NULL };
#define STAGE1_LISTS(name, directory) \
	static const char *const name##_nfs[] = { \
		"automatic=method:nfs,interface:auto,network:dhcp,server:@server@,directory:@iso@/" directory, NULL \
	}; \
	static const char *const name##_http[] = { \
		"automatic=method:http,interface:auto,network:dhcp,server:@http-host@,directory:@http-path@/iso/" \
		directory, NULL \
	}
#define STAGE1_WAYS(name) (const struct recipe_way[]){ \
	{ .how = RECIPE_NFS, .drop = stage1_drop, .add = name##_nfs }, \
	{ .how = RECIPE_HTTP, .drop = stage1_drop, .add = name##_http, .memory_mib = 1024 }, \
	{ .how = RECIPE_UNKNOWN }, \
}

STAGE1_LISTS(stage1_64, "x86_64");
STAGE1_LISTS(stage1_32, "i586");

static bool match_64(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/x86_64/install/stage2/mdkinst.sqfs");
}

static bool match_32(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/i586/install/stage2/mdkinst.sqfs");
}

const struct recipe recipe_mageia = {
	.id = "mageia", .title = "Mageia installer", .match = match_64,
	.ways = STAGE1_WAYS(stage1_64),
	.proof = RECIPE_READ, .examples = "Mageia: classical installer, 64 bit",
	.sources = "DrakXtools/drakx: mdk-stage1/automatic.c, network.c, url.c; TECH-INFOS",
};

const struct recipe recipe_mageia_32 = {
	.id = "mageia-32", .title = "Mageia installer (32 bit)", .match = match_32,
	.ways = STAGE1_WAYS(stage1_32),
	.proof = RECIPE_READ, .examples = "Mageia: classical installer, 32 bit",
	.sources = "DrakXtools/drakx: mdk-stage1/automatic.c, network.c, url.c; TECH-INFOS",
};

/* --- live media -------------------------------------------------------------------------------------- */

/* drakiso: dracut's mgalive module takes labels and UUIDs of drives. */
static bool match_live(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_path(v, "/loopbacks") && recipe_any_entry(b, "root=mgalive:*", NULL);
}

const struct recipe recipe_mageia_live = {
	.id = "mageia-live", .title = "Mageia Live", .match = match_live,
	.why = "its initrd looks for its root on local drives alone",
	.examples = "Mageia Live",
};
