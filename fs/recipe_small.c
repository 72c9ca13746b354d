/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* Live systems with an init of their own. */

static bool match_antix(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/antiX/linuxfs");
}

const struct recipe recipe_antix = {
	.id = "antix", .title = "MX Linux / antiX", .match = match_antix,
	.why = "its initrd looks for its root on local drives alone and has no network",
};
