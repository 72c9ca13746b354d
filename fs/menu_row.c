/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "conf.h"
#include "menu_quote.h"
#include "menu_row.h"

/* --- making one ------------------------------------------------------------------------------ */

static enum menu_outcome row_outcome(const struct menu_image *image, const struct menu_plan *plan)
{
	if (image->state == MENU_INCOMPLETE)
		return MENU_COPYING;
	if (image->state != MENU_SERVED || !image->recipe)
		return MENU_REFUSED;
	return plan->systems ? MENU_BOOTS : plan->offered ? MENU_TOOLS : MENU_UNBOOTABLE;
}

static int row_text(void (*write)(const struct menu_image *, const struct menu_plan *, FILE *),
		    const struct menu_image *image, const struct menu_plan *plan, char **text)
{
	size_t size;
	FILE *f = open_memstream(text, &size);
	bool failed;

	if (!f)
		return -ENOMEM;
	write(image, plan, f);
	failed = ferror(f);
	return fclose(f) || failed ? -ENOMEM : 0;
}

int menu_row_make(const struct menu_site *site, const struct menu_image *image, struct menu_row **out)
{
	struct menu_row *row = calloc(1, sizeof(*row));
	const char *path = image->path && *image->path ? image->path : image->file;
	struct menu_plan plan;
	int r = row ? menu_plan_make(site, image, &plan) : -ENOMEM;

	if (r) {
		free(row);
		return r;
	}
	row->path = strdup(path && *path ? path : "?");
	row->note = strdup(plan.note);
	row->title = strdup(image->conf && image->conf->title ? image->conf->title :
			    image->recipe ? image->recipe->title : "");
	row->recipe = image->state == MENU_SERVED ? image->recipe : NULL;
	row->outcome = row_outcome(image, &plan);
	row->hidden = image->conf && image->conf->hidden == CONF_YES;
	for (int loader = 0; loader < MENU_LOADERS && !row->hidden && row->outcome < MENU_UNBOOTABLE; loader++)
		row->platforms[loader] = menu_plan_platforms(image, &plan, (enum menu_loader)loader);
	row->cpu = image->cpu;
	row->size = image->size;
	r = row->path && row->note && row->title ? row_text(menu_html_image, image, &plan, &row->html) : -ENOMEM;
	if (!r)
		r = row_text(menu_status_image, image, &plan, &row->status);
	menu_plan_free(&plan);
	if (r) {
		menu_row_free(row);
		return r;
	}
	*out = row;
	return 0;
}

void menu_row_free(struct menu_row *row)
{
	if (!row)
		return;
	free(row->path);
	free(row->note);
	free(row->title);
	free(row->html);
	free(row->status);
	free(row);
}

/* --- order, finding, titles ------------------------------------------------------------------ */

/* One component of a path: len bytes. */
struct component {
	const char *text;
	size_t len;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Takes a number, its leading zeros left out, off the front. */
static struct component take_number(struct component *from)
{
	struct component n;

	while (from->len && *from->text == '0')
		from->text++, from->len--;
	n.text = from->text;
	while (from->len && is_digit(*from->text))
		from->text++, from->len--;
	n.len = (size_t)(from->text - n.text);
	return n;
}

static int component_cmp(struct component a, struct component b)
{
	const struct component x = a, y = b;
	int c = 0;

	while (a.len && b.len && !c) {
		if (is_digit(*a.text) && is_digit(*b.text)) {
			struct component m = take_number(&a), n = take_number(&b);

			c = m.len != n.len ? (m.len < n.len ? -1 : 1) : memcmp(m.text, n.text, m.len);
			continue;
		}
		c = (unsigned char)lower(*a.text) - (unsigned char)lower(*b.text);
		a.text++, a.len--;
		b.text++, b.len--;
	}
	if (!c)
		c = a.len ? 1 : b.len ? -1 : 0;
	/* Names that differ in case or zeros alone are two: what is in a folder stays together. */
	if (!c)
		c = memcmp(x.text, y.text, x.len < y.len ? x.len : y.len);
	return c ? c : x.len < y.len ? -1 : x.len > y.len;
}

int menu_row_cmp(const void *a, const void *b)
{
	const char *p = (*(const struct menu_row *const *)a)->path, *q = (*(const struct menu_row *const *)b)->path;

	for (;;) {
		struct component x = { p, strcspn(p, "/") }, y = { q, strcspn(q, "/") };
		int c = component_cmp(x, y);

		if (c)
			return c;
		p += x.len;
		q += y.len;
		if (!*p || !*q)
			return *p ? 1 : *q ? -1 : 0;
		p++;
		q++;
	}
}

const struct menu_row *menu_row_find(const struct menu_row *const *rows, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if ((rows[i]->platforms[MENU_GRUB] || rows[i]->platforms[MENU_IPXE]) && !strcmp(rows[i]->path, path))
			return rows[i];
	return NULL;
}

void menu_row_title(const struct menu_row *row, const char *name, char *out, size_t cap)
{
	snprintf(out, cap, "%s: %s%s", name, row->title,
		 row->outcome == MENU_TOOLS ? " - not the system, only its memory test" : "");
}
