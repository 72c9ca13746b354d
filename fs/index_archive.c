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

uint64_t index_archive_file_size(const struct index *x, const struct index_archive *a)
{
	switch ((enum index_archive_kind)a->kind) {
	case INDEX_ARCHIVE_SQUASH:
		return x->entries[x->squash[a->source].entry].size;
	case INDEX_ARCHIVE_TEXT:
		return strlen(index_string(x, a->source));
	case INDEX_ARCHIVE_IMAGE:
		break;
	}
	return x->header->image_size;
}

/* Whether there is what the archive is of, and it can be read as it is. */
static bool index_archive_source_ok(const struct index *x, const struct index_archive *a)
{
	const struct index_header *h = x->header;
	const struct index_entry *e;

	switch (a->kind) {
	case INDEX_ARCHIVE_SQUASH:
		if (a->source >= h->count[INDEX_SQUASH])
			return false;
		e = &x->entries[x->squash[a->source].entry];
		return S_ISREG(e->mode) && !(e->flags & VOLUME_ZISOFS);
	case INDEX_ARCHIVE_IMAGE:
		return a->source == 0;
	case INDEX_ARCHIVE_TEXT:
		return a->source < h->count[INDEX_STRINGS] &&
		       strnlen(index_string(x, a->source), INDEX_ARCHIVE_TEXT_MAX + 1) <= INDEX_ARCHIVE_TEXT_MAX;
	default:
		return false;
	}
}

int index_check_archives(const struct index *x, struct reason *why)
{
	const struct index_header *h = x->header;
	uint64_t count = h->count[INDEX_ARCHIVES], strings = h->count[INDEX_STRINGS], size;
	uint32_t file;

	if (count > INDEX_ARCHIVES_MAX)
		return index_bad(why, "too many archives");
	if (count && !index_file_find(x, INDEX_DIR_INITRD, INDEX_GENERATED, &file))
		return index_bad(why, "an initrd in the archives' place");
	for (uint64_t i = 0; i < count; i++) {
		const struct index_archive *a = &x->archives[i];

		if (a->name >= strings || a->member >= strings || !index_name_ok(index_string(x, a->name)))
			return index_bad(why, "an archive without a name");
		if (i && strcmp(index_string(x, x->archives[i - 1].name), index_string(x, a->name)) >= 0)
			return index_bad(why, "archives out of order");
		if (!index_archive_source_ok(x, a))
			return index_bad(why, "an archive of nothing");
		if (cpio_size(index_string(x, a->member), index_archive_file_size(x, a), &size, NULL) ||
		    size != a->size)
			return index_bad(why, "an archive that cannot be made so");
	}
	return 0;
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
