/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog_private.h"

static int catalog_change(struct catalog_changes *changes, uint64_t folder, const char *name)
{
	struct catalog_change *ch;

	if (array_grow(&changes->list, &changes->room, changes->count, sizeof(*changes->list)))
		return -ENOMEM;
	ch = &changes->list[changes->count];
	ch->folder = folder;
	ch->name = strdup(name);
	if (!ch->name)
		return -ENOMEM;
	changes->count++;
	return 0;
}

const struct folder *catalog_folder_before(const struct snapshot *s, const struct folder *f)
{
	for (size_t i = 0; s && i < s->folder_count; i++)
		if (s->folders[i].object == f->object && !strcmp(s->folders[i].path, f->path))
			return &s->folders[i];
	return NULL;
}

/* Whether the name stands for the same node in both. The menus of an image are checked apart. */
bool catalog_same_child(const struct snapshot *a, const struct child *p, const struct snapshot *b,
			const struct child *q)
{
	uint32_t g1, g2;

	return snapshot_child_id(a, p, &g1) == snapshot_child_id(b, q, &g2) && g1 == g2;
}

/* Names that were one thing in from and are another, or nothing, in to. */
static int catalog_diff(const struct snapshot *from, const struct snapshot *to, bool gone_only,
			struct catalog_changes *changes)
{
	int r = 0;

	for (uint32_t i = 0; i < from->folder_count && !r; i++) {
		const struct folder *f = &from->folders[i], *g = catalog_folder_before(to, f);

		for (size_t k = 0; k < f->count && !r; k++) {
			const struct child *c = &from->children[f->first + k], *d = NULL;

			if (g)
				d = snapshot_child(to, (uint32_t)(g - to->folders), c->name);
			if (!d || (!gone_only && !catalog_same_child(from, c, to, d)))
				r = catalog_change(changes, snapshot_folder_id(from, i), c->name);
		}
	}
	return r;
}

/* The texts inside an image's directory change when the image's place does. */
static int catalog_diff_places(const struct snapshot *from, const struct snapshot *to,
			       struct catalog_changes *changes)
{
	for (size_t i = 0; i < from->place_count; i++) {
		const struct place *p = &from->places[i];
		const struct view_ref *v = snapshot_view(to, p->image->views[0].volume);

		for (size_t k = 0; v && k < PLACE_TEXTS; k++) {
			const struct text *now = to->places[v->place].texts[k], *was = p->texts[k];
			uint64_t folder = NODE_ID(p->image->views[0].volume, 0);
			int r = 0;

			if (was && was != now)
				r = catalog_change(changes, folder, text_name(was));
			if (!r && now && now != was && (!was || strcmp(text_name(was), text_name(now))))
				r = catalog_change(changes, folder, text_name(now));
			if (r)
				return r;
		}
	}
	return 0;
}

int catalog_compare(const struct snapshot *from, const struct snapshot *to, struct catalog_changes *changes)
{
	int r = catalog_diff(from, to, false, changes);

	if (!r)
		r = catalog_diff(to, from, true, changes);
	return r ? r : catalog_diff_places(from, to, changes);
}
