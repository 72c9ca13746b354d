/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <arpa/inet.h>

#include "menu_fill.h"
#include "menu_quote.h"
#include "menu_row.h"

/* --- what the administrator said --------------------------------------------------------------- */

int menu_site_check(const struct menu_site *site, struct reason *why)
{
	struct in_addr address;
	struct menu_url url;

	if (site->server && inet_pton(AF_INET, site->server, &address) != 1)
		return reason_set(why, -EINVAL, "server=%s: not an IPv4 address; most initrds cannot resolve names",
				  site->server);
	if (!site->nfs)
		return reason_set(why, -EINVAL, "nfs=: no path");
	if (site->nfs[0] && (site->nfs[0] != '/' || !menu_path_carries(site->nfs + 1)))
		return reason_set(why, -EINVAL, "nfs=%s: not an absolute path of letters, digits and ._+-/ alone",
				  site->nfs);
	if (strlen(site->nfs) > MENU_PATH_MAX)
		return reason_set(why, -EINVAL, "nfs=: the path is longer than %u bytes", MENU_PATH_MAX);
	if (site->start && strcmp(site->start, MENU_LOCAL) && !menu_path_carries(site->start))
		return reason_set(why, -EINVAL, "menu-default=%s: no image in the tree can be called so; see status",
				  site->start);
	if (site->start && strlen(site->start) > MENU_PATH_MAX)
		return reason_set(why, -EINVAL, "menu-default=: longer than %u bytes", MENU_PATH_MAX);
	return site->http && *site->http ? menu_url_parse(site->http, &url, why) : 0;
}

/* --- status ------------------------------------------------------------------------------------ */

/* Never empty, and without a tab or a newline in it, so that cut(1) and awk(1) find the columns. */
static void status_field(FILE *f, const char *text, char end)
{
	char clean[512];

	menu_clean(clean, sizeof(clean), text);
	fprintf(f, "%s%c", clean[0] ? clean : "-", end);
}

void menu_status_image(const struct menu_image *image, const struct menu_plan *plan, FILE *f)
{
	static const char *const states[] = {
		[MENU_SERVED] = "served", [MENU_INCOMPLETE] = "incomplete", [MENU_REJECTED] = "rejected",
	};

	status_field(f, image->path && *image->path ? image->path : image->file, '\t');
	status_field(f, image->state < ARRAY_SIZE(states) ? states[image->state] : NULL, '\t');
	status_field(f, image->state == MENU_SERVED && image->recipe ? image->recipe->id : NULL, '\t');
	status_field(f, plan->boots, '\t');
	status_field(f, plan->note, '\n');
}

/* --- the texts of an image --------------------------------------------------------------------- */

const struct menu_image_text menu_image_texts[MENU_IMAGE_TEXTS] = {
	{ "grub.cfg", menu_image_grub },
	{ "boot.ipxe", menu_image_ipxe },
};
