/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "image_private.h"
#include "volume.h"
#include "volume_graft.h"

/* The archives of an image: our few bytes around those of its map. */

#define IMAGE_WAYS_MAX 32 /* of a family: bits of index_archive.ways */

/* The members' segments, of all members one after the other; NULL without memory. */
static struct segment *image_archive_segments(const struct image *im, const struct index_archive *a,
					      struct cpio_file *files)
{
	const struct index *x = im->index;
	const struct index_member *members = &x->members[a->first];
	struct segment *all, *next;
	size_t count = 0;

	for (uint32_t i = 0; i < a->count; i++) {
		const struct index_entry *e = index_member_entry(x, &members[i]);

		count += e ? e->count : 1;
	}
	next = all = calloc(count + 1, sizeof(*all));
	for (uint32_t i = 0; i < a->count && all; i++) {
		const struct index_member *m = &members[i];
		const struct index_entry *e = index_member_entry(x, m);

		files[i] = (struct cpio_file){index_string(x, m->name), index_member_size(x, m), next, 0};
		for (uint32_t k = 0; e && k < e->count; k++)
			*next++ = (struct segment){im->map + x->extents[e->first + k].offset,
						   x->extents[e->first + k].length};
		if (!e)
			*next++ = (struct segment){m->kind == INDEX_MEMBER_TEXT ?
							   (const uint8_t *)index_string(x, m->source) : im->map,
						   files[i].size};
		files[i].count = (size_t)(next - files[i].segments);
	}
	return all;
}

static int image_archive_cpio(const struct image *im, const struct index_archive *a, struct cpio **out)
{
	struct cpio_file files[INDEX_MEMBERS_MAX];
	cleanup_free struct segment *segments = image_archive_segments(im, a, files);

	return segments ? cpio_make(files, a->count, out, NULL) : -ENOMEM;
}

/* An archive's digest is over its name and its bytes: our own, and where in which image the others are. */
static int image_archive_digest(const struct image *im, const struct index_archive *a, const struct cpio *c,
				uint64_t *digest)
{
	const struct index *x = im->index;
	const char *name = index_string(x, a->name);
	cleanup_free struct identity_part *parts = calloc(3 + c->count + 2u * a->count, sizeof(*parts));
	size_t n = 0;

	if (!parts)
		return -ENOMEM;
	parts[n++] = (struct identity_part){"archive", 7};
	parts[n++] = (struct identity_part){x->header->identity, IDENTITY_SIZE};
	parts[n++] = (struct identity_part){name, strlen(name)};
	for (size_t i = 0; i < c->count; i++)
		if (c->segments[i].bytes < im->map || c->segments[i].bytes >= im->map + im->size)
			parts[n++] = (struct identity_part){c->segments[i].bytes, c->segments[i].length};
	for (uint32_t i = 0; i < a->count; i++) {
		const struct index_member *m = &x->members[a->first + i];
		const struct index_entry *e = index_member_entry(x, m);

		parts[n++] = (struct identity_part){&m->kind, sizeof(m->kind)};
		if (e)
			parts[n++] = (struct identity_part){&x->extents[e->first], e->count * sizeof(*x->extents)};
	}
	*digest = identity_hash(parts, n);
	return 0;
}

static bool image_archive_object_taken(const struct image *im, size_t count, uint32_t object)
{
	for (size_t i = 0; i < count; i++)
		if (im->archives[i].object == object)
			return true;
	return false;
}

/* Whether the name is the member's and then the base name of the entry's. */
static bool image_archive_called(const struct index *x, const struct index_member *m, const struct recipe_member *want)
{
	size_t n = strlen(want->name);
	const char *name = index_string(x, m->name);

	return m->kind == INDEX_MEMBER_FILE && !strncmp(name, want->name, n) &&
	       !strcmp(name + n, index_string(x, x->entries[m->source].name));
}

/* How many members from this one on, of those that are left, are what the family wants there; 0: they are not. */
static uint32_t image_archive_run(const struct index *x, const struct index_member *m, uint32_t left,
				  const struct recipe_member *want)
{
	uint32_t n = 0;

	if (want->kind == RECIPE_MEMBER_FILES) {
		while (n < left && image_archive_called(x, &m[n], want))
			n++;
		return n;
	}
	if (!left || strcmp(want->name, index_string(x, m->name)))
		return 0;
	switch (want->kind) {
	case RECIPE_MEMBER_ROOT:
		return m->kind == INDEX_MEMBER_SQUASH &&
		       &x->squash[m->source] == index_root_squash(x->squash, x->header->count[INDEX_SQUASH]);
	case RECIPE_MEMBER_IMAGE:
		return m->kind == INDEX_MEMBER_IMAGE;
	case RECIPE_MEMBER_TEXT:
		return m->kind == INDEX_MEMBER_TEXT && !strcmp(want->text, index_string(x, m->source));
	case RECIPE_MEMBER_FILES:
	case RECIPE_MEMBER_END:
		break;
	}
	return 0;
}

/* Whether that way of the family, as this version has it, asks for this archive. The index may be older. */
static bool image_archive_fits(const struct image *im, const struct index_archive *a, const struct recipe_way *w)
{
	const struct recipe_member *want = w->archive;
	uint32_t at = 0, n;

	for (; want && want->kind != RECIPE_MEMBER_END; want++) {
		n = image_archive_run(im->index, &im->index->members[a->first + at], a->count - at, want);
		if (!n)
			return false;
		at += n;
	}
	return at && at == a->count;
}

static int image_archive_list(struct image *im, const struct index_archive *a, struct menu_archive *list)
{
	const struct recipe_way *ways = im->listing.recipe->ways;
	struct menu_archive m = {.size = a->size};

	for (size_t n = 0; n < IMAGE_WAYS_MAX && ways && ways[n].how != RECIPE_UNKNOWN; n++) {
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

/* The file of the ISO at that path, as it is written there and through no link. */
static int image_file_find(const struct index *x, const char *path, uint32_t *entry)
{
	char name[256];
	int r = 0;

	for (*entry = 0; *path && !r; path += *path == '/') {
		size_t n = strcspn(path, "/");

		if (!n || n >= sizeof(name))
			return -ENOENT;
		memcpy(name, path, n);
		name[n] = '\0';
		path += n;
		r = index_child(x, *entry, name, entry);
	}
	if (!r && (!S_ISREG(x->entries[*entry].mode) || x->entries[*entry].flags & VOLUME_ZISOFS))
		r = -ENOENT;
	return r;
}

/* The archives that the ISO has itself, of the ways that load one. */
static int image_archive_list_own(struct image *im, struct menu_archive *list)
{
	const struct recipe_way *ways = im->listing.recipe->ways;
	uint32_t entry;

	for (size_t n = 0; n < IMAGE_WAYS_MAX && ways && ways[n].how != RECIPE_UNKNOWN; n++) {
		struct menu_archive m = {.way = n};

		if (!ways[n].initrd || image_file_find(im->index, ways[n].initrd, &entry))
			continue;
		if (asprintf((char **)(uintptr_t)&m.path, "iso/%s", ways[n].initrd) < 0)
			return -ENOMEM;
		m.size = im->index->entries[entry].size;
		list[im->listing.archive_count++] = m;
	}
	return 0;
}

int image_archives_make(struct image *im)
{
	const struct index *x = im->index;
	uint64_t count = x->header->count[INDEX_ARCHIVES];
	struct menu_archive *list = calloc(IMAGE_WAYS_MAX * (count + 1), sizeof(*list));

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
		if (image_archive_digest(im, &x->archives[i], out->cpio, &digest))
			return -ENOMEM;
		out->generation = (uint32_t)(digest >> 32);
		out->object = (uint32_t)digest | IMAGE_ARCHIVE_OBJECT;
		while (image_archive_object_taken(im, i, out->object))
			out->object = (out->object + 1) | IMAGE_ARCHIVE_OBJECT;
		if (image_archive_list(im, &x->archives[i], list))
			return -ENOMEM;
	}
	return image_archive_list_own(im, list);
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

/* --- with the answer in it ---------------------------------------------------------------------- */

uint64_t image_answered_size(const struct image *im, uint64_t answer_size)
{
	const struct index_graft *g = im->index->graft;
	const struct recipe_way *ways = im->listing.recipe->ways;
	struct cpio_file file;
	uint64_t size;

	/* The index may be older than the family's row, and its number is a stranger's. */
	for (uint32_t n = 0; g && ways && n <= g->way; n++)
		if (ways[n].how == RECIPE_UNKNOWN || (n == g->way && !ways[n].graft))
			return 0;
	if (!g || !ways)
		return 0;
	file = (struct cpio_file){.name = index_string(im->index, g->member),
				  .size = im->size + volume_graft_padding(im->size) + g->tail_size + answer_size +
					  volume_graft_padding(answer_size)};
	return cpio_size(&file, 1, &size, NULL) ? 0 : size;
}

int image_answered_make(const struct image *im, const void *answer, size_t answer_size, struct cpio **out,
			uint8_t **own, size_t *own_size)
{
	const struct index_graft *g = im->index->graft;
	size_t padding = volume_graft_padding(answer_size), size = ISO_BLOCK + g->tail_size + answer_size + padding;
	uint64_t behind = g->descriptor + ISO_BLOCK;
	uint8_t *head = malloc(size), *tail = head + ISO_BLOCK;
	struct segment segments[] = {
		{im->map, g->descriptor},
		{head, ISO_BLOCK},
		{im->map + behind, im->size - behind},
		{NULL, volume_graft_padding(im->size)},
		{tail, size - ISO_BLOCK},
	};
	struct cpio_file file = {.name = index_string(im->index, g->member), .segments = segments,
				 .count = ARRAY_SIZE(segments)};
	int r;

	if (!head)
		return -ENOMEM;
	memcpy(head, im->index->bytes, ISO_BLOCK + g->tail_size);
	memcpy(tail + g->tail_size, answer, answer_size);
	memset(tail + g->tail_size + answer_size, 0, padding);
	volume_graft_size(head, tail, g->size_at, (uint32_t)answer_size);
	for (size_t i = 0; i < file.count; i++)
		file.size += segments[i].length;
	r = cpio_make(&file, 1, out, NULL);
	if (r) {
		free(head);
		return -ENOMEM;
	}
	*own = head;
	*own_size = size;
	return 0;
}
