/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "recipe.h"

/* Prints the table of families for the README, a row each; tests/families/readme.sh holds the README to it. */

/* The ways that the family's usual initrds can, or the others. True when there were some. */
static bool table_some(const struct recipe *r, bool usual)
{
	bool said[RECIPE_IMPOSSIBLE + 1] = { false }, any = false;
	const char *before = NULL;
	struct reason why;

	for (const struct recipe_way *w = r->ways; w->how; w++) {
		/* The same way to carry the bytes may be there twice, for different initrds. */
		if ((said[w->how] && !w->title) || !recipe_way_check(r, w, 0, &why) != usual)
			continue;
		if (before && w->title && !strcmp(before, w->title))
			continue;
		before = w->title;
		said[w->how] = true;
		if (!any && !usual)
			fputs("; where its initrd can, ", stdout);
		printf("%s%s", any ? "; " : "", w->title ? w->title : recipe_how_text(w->how));
		any = true;
	}
	return any;
}

static void table_ways(const struct recipe *r)
{
	if (!r->ways) {
		fputs(recipe_how_text(recipe_how(r)), stdout);
		return;
	}
	if (!table_some(r, true))
		fputs("not with stock media", stdout);
	table_some(r, false);
}

static const char *table_proof(const struct recipe *r)
{
	switch (r->proof) {
	case RECIPE_BOOTED:
		return "booted";
	case RECIPE_EMULATED:
		return "emulated";
	case RECIPE_READ:
		break;
	}
	return r->ways ? "read" : "-";
}

int main(void)
{
	puts("| family | for example | how it boots | known from | to be known |\n| --- | --- | --- | --- | --- |");
	for (size_t i = 0; recipe_at(i) && recipe_at(i + 1); i++) {
		const struct recipe *r = recipe_at(i);

		printf("| %s | %s | ", r->title, r->examples ? r->examples : "-");
		table_ways(r);
		printf(" | %s | %s |\n", table_proof(r), r->why ? r->why : "-");
	}
	return fflush(stdout) ? 1 : 0;
}
