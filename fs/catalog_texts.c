/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog_private.h"

typedef int (*catalog_writer)(const struct menu_site *, const struct menu_image *, size_t, FILE *);

/* Every generated text of the whole tree, a row each, and where it stands. The second grub.cfg stands where signed
 * GRUB images of Debian and Ubuntu look (their prefix is /grub). */
static const struct {
	catalog_writer write;
	const char *paths[2];
} catalog_text_table[] = {
	{menu_main_grub, {"boot/grub/grub.cfg", "grub/grub.cfg"}},
	{menu_main_ipxe, {"boot.ipxe", NULL}},
	{menu_html, {"index.html", NULL}},
	{menu_status, {"status", NULL}},
};

bool catalog_same_text(const struct text *a, const struct text *b)
{
	return a->generation == b->generation && a->size == b->size && !strcmp(a->path, b->path) &&
	       (!a->size || !memcmp(a->segment.bytes, b->segment.bytes, a->size));
}

static struct text *catalog_text_before(const struct snapshot *s, size_t count, const struct text *t)
{
	for (size_t i = 0; i < count; i++)
		if (catalog_same_text(s->texts[i], t))
			return s->texts[i];
	return NULL;
}

/* The text at one of its places, with bytes of its own. */
static int catalog_place_text(struct catalog *c, struct snapshot *s, const struct snapshot *before,
			      const char *path, const char *data, size_t size)
{
	char *own = malloc(size + 1);
	const struct text *was;
	struct text *t;

	if (!own)
		return -ENOMEM;
	memcpy(own, data, size);
	t = text_new(path, own, size, c->changed);
	if (!t)
		return -ENOMEM;
	was = catalog_text_before(before, before ? before->text_shown : 0, t);
	if (was) {
		t->mtime = was->mtime;
		t->object = was->object;
	}
	return snapshot_add_text(s, t);
}

/* Written once for all of its places: with hundreds of images the writing is most of what a change costs. */
static int catalog_one_text(struct catalog *c, struct snapshot *s, const struct snapshot *before,
			    catalog_writer write, const char *const paths[2], const struct menu_image *list,
			    size_t count)
{
	cleanup_free char *data = NULL;
	size_t size;
	FILE *f = open_memstream(&data, &size);
	int r;

	if (!f)
		return -ENOMEM;
	r = write(&c->config.site, list, count, f);
	if (ferror(f) && !r)
		r = -ENOMEM;
	if (fclose(f) && !r)
		r = -ENOMEM;
	for (size_t i = 0; i < 2 && paths[i] && !r; i++)
		r = catalog_place_text(c, s, before, paths[i], data, size);
	return r;
}

static int catalog_listing_cmp(const void *a, const void *b)
{
	const struct menu_image *p = a, *q = b;

	return strcmp(p->path, q->path);
}

int catalog_texts(struct catalog *c, struct snapshot *s, const struct snapshot *before)
{
	cleanup_free struct menu_image *list = calloc(c->item_count + 1, sizeof(*list));
	size_t n = 0;
	int r = 0;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < c->item_count; i++) {
		const struct item *it = &c->items[i];

		if (it->state == ITEM_PRESENT && it->tree_path) {
			list[n] = it->image->listing;
			list[n++].path = it->tree_path;
		} else if (it->state == ITEM_NOTE) {
			list[n++] = (struct menu_image){.path = it->path,
							.file = it->path,
							.state = it->note,
							.reason = it->reason,
							.label = "",
							.size = it->size};
		}
	}
	qsort(list, n, sizeof(*list), catalog_listing_cmp);
	for (size_t i = 0; i < ARRAY_SIZE(catalog_text_table) && !r; i++)
		r = catalog_one_text(c, s, before, catalog_text_table[i].write, catalog_text_table[i].paths,
				     list, n);
	return r;
}

int catalog_image_text(struct catalog *c, const struct image *im, const char *path, struct text **out)
{
	cleanup_free char *where = NULL;
	struct menu_image listing = im->listing;
	char *data = NULL;
	struct text *t, *was;
	size_t size;
	FILE *f;
	int r;

	listing.path = path;
	if (asprintf(&where, "%s/grub.cfg", path) < 0) {
		where = NULL;
		return -ENOMEM;
	}
	f = open_memstream(&data, &size);
	if (!f)
		return -ENOMEM;
	r = menu_image_grub(&c->config.site, &listing, f);
	if (ferror(f) && !r)
		r = -ENOMEM;
	if (fclose(f) && !r)
		r = -ENOMEM;
	if (r) {
		free(data);
		return r;
	}
	t = text_new(where, data, size, im->when);
	if (!t)
		return -ENOMEM;
	was = catalog_text_before(c->current, c->current ? c->current->text_count : 0, t);
	*out = was ? text_ref(was) : t;
	if (was)
		text_put(t);
	return 0;
}
