/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

static bool match_any(const struct volume *v, const struct bootcfg *b)
{
	(void)v;
	(void)b;
	return true;
}

static const struct recipe recipe_unknown = {
	.id = "unknown", .title = "not recognised", .match = match_any, .why = "no family that this version knows",
};

/* The order counts where one image fits two rows: what is built on another comes before it. */
const struct recipe *const recipe_table[] = {
	&recipe_gentoo_genkernel,
	&recipe_gentoo_dracut,
	&recipe_tails,
	&recipe_truenas_scale,
	&recipe_debian_live,
	&recipe_debian_installer,
	&recipe_antix,
	&recipe_memtest,
	&recipe_ipxe,
	&recipe_unknown,
};

const size_t recipe_table_count = ARRAY_SIZE(recipe_table);
