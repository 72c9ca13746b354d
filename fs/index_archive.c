/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "cpio.h"
#include "index_private.h"
#include "volume.h"

/* The archives of initrd/generated/ in an index. */

const struct index_squash *index_root_squash(const struct index_squash *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].flags & INDEX_SQUASH_ROOT)
			return &list[i];
	return count == 1 ? list : NULL;
}

const struct index_entry *index_member_entry(const struct index *x, const struct index_member *m)
{
	switch ((enum index_member_kind)m->kind) {
	case INDEX_MEMBER_SQUASH:
		return &x->entries[x->squash[m->source].entry];
	case INDEX_MEMBER_FILE:
		return &x->entries[m->source];
	case INDEX_MEMBER_IMAGE:
	case INDEX_MEMBER_TEXT:
		break;
	}
	return NULL;
}

uint64_t index_member_size(const struct index *x, const struct index_member *m)
{
	const struct index_entry *e = index_member_entry(x, m);

	if (e)
		return e->size;
	return m->kind == INDEX_MEMBER_TEXT ? strlen(index_string(x, m->source)) : x->header->image_size;
}

/* Whether there is what the member is, and it can be read as it is. */
static bool index_member_ok(const struct index *x, const struct index_member *m)
{
	const struct index_header *h = x->header;
	const struct index_entry *e;

	switch (m->kind) {
	case INDEX_MEMBER_SQUASH:
	case INDEX_MEMBER_FILE:
		if (m->source >= h->count[m->kind == INDEX_MEMBER_FILE ? INDEX_ENTRIES : INDEX_SQUASH])
			return false;
		e = index_member_entry(x, m);
		return S_ISREG(e->mode) && !(e->flags & VOLUME_ZISOFS);
	case INDEX_MEMBER_IMAGE:
		return m->source == 0;
	case INDEX_MEMBER_TEXT:
		return m->source < h->count[INDEX_STRINGS] &&
		       strnlen(index_string(x, m->source), INDEX_MEMBER_TEXT_MAX + 1) <= INDEX_MEMBER_TEXT_MAX;
	default:
		return false;
	}
}

/* Whether an archive of these members, which follow those of the archives before it, has that size. */
static int index_check_members(const struct index *x, const struct index_archive *a, uint64_t first, struct reason *why)
{
	struct cpio_file files[INDEX_MEMBERS_MAX];
	uint64_t size;

	if (a->first != first || !a->count || a->count > x->header->count[INDEX_MEMBERS] - first)
		return index_bad(why, "an archive without members");
	for (uint32_t i = 0; i < a->count; i++) {
		const struct index_member *m = &x->members[first + i];

		if (m->name >= x->header->count[INDEX_STRINGS])
			return index_bad(why, "an archive without a name");
		if (!index_member_ok(x, m))
			return index_bad(why, "an archive of nothing");
		files[i] = (struct cpio_file){.name = index_string(x, m->name), .size = index_member_size(x, m)};
	}
	if (cpio_size(files, a->count, &size, NULL) || size != a->size)
		return index_bad(why, "an archive that cannot be made so");
	return 0;
}

/* Its numbers are written into by volume_graft_size(), and its bytes lie around those of the image. */
static int index_check_graft(const struct index *x, struct reason *why)
{
	const struct index_header *h = x->header;
	const struct index_graft *g = x->graft;

	if (h->count[INDEX_GRAFTS] > 1 || (!g && h->count[INDEX_BYTES]))
		return index_bad(why, "more than one graft, or none with bytes");
	if (!g)
		return 0;
	if (h->count[INDEX_BYTES] != (uint64_t)ISO_BLOCK + g->tail_size || g->tail_size % ISO_BLOCK ||
	    !range_inside(g->size_at, 8, g->tail_size) || !range_inside(g->descriptor, ISO_BLOCK, h->image_size))
		return index_bad(why, "a graft that does not fit");
	if (g->member >= h->count[INDEX_STRINGS] || !cpio_name_ok(index_string(x, g->member)))
		return index_bad(why, "a graft without a name");
	return 0;
}

int index_check_archives(const struct index *x, struct reason *why)
{
	const struct index_header *h = x->header;
	uint64_t count = h->count[INDEX_ARCHIVES], members = 0;
	uint32_t file;
	int r;

	if (count > INDEX_ARCHIVES_MAX || h->count[INDEX_MEMBERS] > INDEX_MEMBERS_MAX)
		return index_bad(why, "too many archives");
	if (count && !index_file_find(x, INDEX_DIR_INITRD, INDEX_GENERATED, &file))
		return index_bad(why, "an initrd in the archives' place");
	for (uint64_t i = 0; i < count; i++) {
		const struct index_archive *a = &x->archives[i];

		if (a->name >= h->count[INDEX_STRINGS] || !index_name_ok(index_string(x, a->name)))
			return index_bad(why, "an archive without a name");
		if (i && strcmp(index_string(x, x->archives[i - 1].name), index_string(x, a->name)) >= 0)
			return index_bad(why, "archives out of order");
		r = index_check_members(x, a, members, why);
		if (r)
			return r;
		members += a->count;
	}
	if (members != h->count[INDEX_MEMBERS])
		return index_bad(why, "members of no archive");
	return index_check_graft(x, why);
}

int index_archive_find(const struct index *x, const char *name, uint32_t *archive)
{
	for (uint32_t i = 0; i < x->header->count[INDEX_ARCHIVES]; i++)
		if (!strcmp(index_string(x, x->archives[i].name), name)) {
			*archive = i;
			return 0;
		}
	return -ENOENT;
}
