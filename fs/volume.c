/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "volume.h"
#include "volume_walk.h"

#define ARENA_MAX ((size_t)512 << 20)

/* Sets each item's path_len and *total, the bytes of all strings with their NULs. */
static int arena_measure(struct volume_walk *w, size_t *total)
{
	size_t sum = 0;

	for (size_t i = 0; i < w->count; i++) {
		struct volume_item *item = &w->items[i];
		size_t above = i ? w->items[item->parent].path_len : 0;

		if (item->hidden)
			continue;
		/* At most 64 levels of 256 bytes each. */
		item->path_len = item->name_len + (above ? above + 1 : 0);
		sum += item->path_len + 1 + (item->link_len ? item->link_len + 1 : 0);
		if (sum > ARENA_MAX)
			return reason_set(w->why, -E2BIG, "more than 512 MiB of paths");
	}
	*total = sum;
	return 0;
}

static char *item_path_write(const struct volume_walk *w, struct volume_item *item, char *p)
{
	const struct volume_item *parent = &w->items[item->parent];

	item->path = p;
	if (item != parent && parent->path_len) {
		memcpy(p, parent->path, parent->path_len);
		p += parent->path_len;
		*p++ = '/';
	}
	memcpy(p, w->texts + item->name, item->name_len);
	p += item->name_len;
	*p++ = 0;
	return p;
}

static int item_compare(const void *a, const void *b)
{
	const struct volume_item *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

static char *entry_fill(struct volume *v, const struct volume_walk *w, const struct volume_item *item,
			char *p)
{
	struct volume_entry *e = &v->entries[item->rank];

	*e = (struct volume_entry){
		.path = item->path,
		.name = item->path + item->path_len - item->name_len,
		.parent = w->items[item->parent].rank,
		.mode = item->mode,
		.flags = item->flags,
		.size = item->size,
		.mtime = item->mtime,
		.extent_first = item->extent_first,
		.extent_count = item->extent_count,
	};
	v->zisofs_count += (item->flags & VOLUME_ZISOFS) != 0;
	if (item->link_len) {
		e->target = p;
		memcpy(p, w->texts + item->link, item->link_len);
		p += item->link_len;
		*p++ = 0;
	}
	return p;
}

static int entries_sort(struct volume *v, struct volume_walk *w, struct volume_item **order)
{
	char *p = v->arena;

	for (size_t i = 0; i < w->count; i++) {
		if (w->items[i].hidden)
			continue;
		p = item_path_write(w, &w->items[i], p);
		order[v->count++] = &w->items[i];
	}
	qsort(order, v->count, sizeof(*order), item_compare);
	for (size_t i = 0; i < v->count; i++) {
		if (i && !strcmp(order[i - 1]->path, order[i]->path))
			return reason_set(w->why, -EBADMSG, "corrupt: \"%.100s\" is there twice",
					  order[i]->path);
		order[i]->rank = (uint32_t)i;
	}
	for (size_t i = 0; i < v->count; i++)
		p = entry_fill(v, w, order[i], p);
	return 0;
}

static int volume_build(struct volume_walk *w, struct volume **out)
{
	cleanup_free struct volume_item **order = NULL;
	struct volume *v;
	size_t total = 0;
	int r;

	r = arena_measure(w, &total);
	if (r < 0)
		return r;
	order = calloc(w->count, sizeof(*order));
	v = calloc(1, sizeof(*v));
	if (!order || !v)
		goto no_memory;
	v->arena = malloc(total);
	v->entries = calloc(w->count, sizeof(*v->entries));
	if (!v->arena || !v->entries)
		goto no_memory;
	r = entries_sort(v, w, order);
	if (r < 0) {
		volume_free(v);
		return r;
	}
	v->extents = steal_pointer(w->extents);
	v->extent_count = w->extent_count;
	v->rock_ridge = w->rock_ridge;
	v->skipped_count = w->skipped;
	v->created = w->descriptors.created;
	memcpy(v->label, w->descriptors.label, sizeof(v->label));
	*out = v;
	return 0;

no_memory:
	volume_free(v);
	return reason_set(w->why, -ENOMEM, "out of memory");
}

int volume_read(const void *map, size_t size, struct volume **out, struct reason *why)
{
	struct volume_walk w = { .map = map, .size = size, .why = why };
	int r;

	r = volume_walk(&w);
	if (r == 0)
		r = volume_build(&w, out);
	volume_walk_end(&w);
	return r;
}

void volume_free(struct volume *v)
{
	if (!v)
		return;
	free(v->entries);
	free(v->extents);
	free(v->arena);
	free(v);
}

int volume_file_dup(const struct volume *v, const void *map, uint32_t entry, size_t cap, char **data,
		    size_t *len)
{
	const struct volume_entry *e;
	size_t used = 0;
	char *buf;

	if (entry >= v->count || !S_ISREG(v->entries[entry].mode))
		return -EINVAL;
	e = &v->entries[entry];
	if (e->flags & VOLUME_ZISOFS)
		return -EOPNOTSUPP;
	if (e->size > cap || e->size >= SIZE_MAX)
		return -EFBIG;
	buf = malloc((size_t)e->size + 1);
	if (!buf)
		return -ENOMEM;
	/* The sum of the extents is the size, and each is inside the map: volume_walk.c saw to both. */
	for (size_t i = 0; i < e->extent_count; i++) {
		const struct extent *x = &v->extents[e->extent_first + i];

		memcpy(buf + used, (const uint8_t *)map + x->offset, (size_t)x->length);
		used += (size_t)x->length;
	}
	buf[used] = 0;
	*data = buf;
	*len = used;
	return 0;
}
