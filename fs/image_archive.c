/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "image_private.h"

/* The archives of an image: our few bytes around those of its map. */

static int image_archive_cpio(const struct image *im, const struct index_archive *a, struct cpio **out)
{
	const struct index *x = im->index;
	struct segment whole = {im->map, im->size};
	cleanup_free struct segment *file = NULL;
	const struct index_entry *e;

	if (a->kind == INDEX_ARCHIVE_SQUASH) {
		e = &x->entries[x->squash[a->source].entry];
		file = calloc(e->count + 1u, sizeof(*file));
		if (!file)
			return -ENOMEM;
		for (uint32_t i = 0; i < e->count; i++)
			file[i] = (struct segment){im->map + x->extents[e->first + i].offset,
						   x->extents[e->first + i].length};
		return cpio_make(index_string(x, a->member), file, e->count, out, NULL);
	}
	if (a->kind == INDEX_ARCHIVE_TEXT)
		whole = (struct segment){(const uint8_t *)index_string(x, a->source), index_archive_file_size(x, a)};
	return cpio_make(index_string(x, a->member), &whole, 1, out, NULL);
}

/* An archive's digest is over its name and its bytes: our own, and where in which image the others are. */
static uint64_t image_archive_digest(const struct image *im, const struct index_archive *a, const struct cpio *c)
{
	const struct index *x = im->index;
	const char *name = index_string(x, a->name);
	struct identity_part parts[7] = {
		{"archive", 7},
		{x->header->identity, IDENTITY_SIZE},
		{name, strlen(name)},
		{c->segments[0].bytes, c->segments[0].length},
		{c->segments[c->count - 1].bytes, c->segments[c->count - 1].length},
		{&a->kind, sizeof(a->kind)},
	};

	if (a->kind == INDEX_ARCHIVE_SQUASH) {
		const struct index_entry *e = &x->entries[x->squash[a->source].entry];

		parts[6] = (struct identity_part){&x->extents[e->first], e->count * sizeof(*x->extents)};
	} else if (a->kind == INDEX_ARCHIVE_TEXT) {
		const char *text = index_string(x, a->source);

		parts[6] = (struct identity_part){text, strlen(text)};
	}
	return identity_hash(parts, a->kind == INDEX_ARCHIVE_IMAGE ? 6 : 7);
}

static bool image_archive_object_taken(const struct image *im, size_t count, uint32_t object)
{
	for (size_t i = 0; i < count; i++)
		if (im->archives[i].object == object)
			return true;
	return false;
}

/* Whether that way of the family, as this version has it, asks for this archive. The index may be older. */
static bool image_archive_fits(const struct image *im, const struct index_archive *a, const struct recipe_way *w)
{
	static const uint32_t kinds[] = {
		[RECIPE_ARCHIVE_ROOT] = INDEX_ARCHIVE_SQUASH,
		[RECIPE_ARCHIVE_IMAGE] = INDEX_ARCHIVE_IMAGE,
		[RECIPE_ARCHIVE_TEXT] = INDEX_ARCHIVE_TEXT,
	};
	const struct index *x = im->index;

	if (w->archive == RECIPE_NO_ARCHIVE || kinds[w->archive] != a->kind ||
	    strcmp(w->archive_name, index_string(x, a->member)))
		return false;
	if (a->kind == INDEX_ARCHIVE_TEXT)
		return !strcmp(w->archive_text, index_string(x, a->source));
	return a->kind != INDEX_ARCHIVE_SQUASH ||
	       &x->squash[a->source] == index_root_squash(x->squash, x->header->count[INDEX_SQUASH]);
}

static int image_archive_list(struct image *im, const struct index_archive *a, struct menu_archive *list)
{
	const struct recipe_way *ways = im->listing.recipe->ways;
	struct menu_archive m = {.size = a->size};

	for (size_t n = 0; n < 32 && ways && ways[n].how != RECIPE_UNKNOWN; n++) {
		if (!(a->ways >> n & 1) || !image_archive_fits(im, a, &ways[n]))
			continue;
		if (asprintf((char **)(uintptr_t)&m.path, "initrd/" INDEX_GENERATED "/%s",
			     index_string(im->index, a->name)) < 0)
			return -ENOMEM;
		m.way = n;
		list[im->listing.archive_count++] = m;
	}
	return 0;
}

int image_archives_make(struct image *im)
{
	const struct index *x = im->index;
	uint64_t count = x->header->count[INDEX_ARCHIVES];
	struct menu_archive *list = calloc(32 * count + 1, sizeof(*list));

	im->listing.archives = list;
	im->archives = calloc(count + 1, sizeof(*im->archives));
	if (!list || !im->archives)
		return -ENOMEM;
	for (uint64_t i = 0; i < count; i++) {
		struct image_archive *out = &im->archives[i];
		uint64_t digest;

		/* The index has passed its check: only memory can be short. */
		if (image_archive_cpio(im, &x->archives[i], &out->cpio))
			return -ENOMEM;
		digest = image_archive_digest(im, &x->archives[i], out->cpio);
		out->generation = (uint32_t)(digest >> 32);
		out->object = (uint32_t)digest | IMAGE_ARCHIVE_OBJECT;
		while (image_archive_object_taken(im, i, out->object))
			out->object = (out->object + 1) | IMAGE_ARCHIVE_OBJECT;
		if (image_archive_list(im, &x->archives[i], list))
			return -ENOMEM;
	}
	return 0;
}

void image_archives_free(struct image *im)
{
	for (uint64_t i = 0; im->archives && i < im->index->header->count[INDEX_ARCHIVES]; i++)
		cpio_free(im->archives[i].cpio);
	for (size_t i = 0; i < im->listing.archive_count; i++)
		free((void *)(uintptr_t)im->listing.archives[i].path);
	free((void *)(uintptr_t)im->listing.archives);
	free(im->archives);
}
