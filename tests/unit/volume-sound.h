/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TEST_VOLUME_SOUND_H
#define PXEFS_TEST_VOLUME_SOUND_H

#include <sys/stat.h>

#include "volume.h"

/* What every table must be, whatever it was read from. */
static inline bool volume_sound(const struct volume *v, uint64_t size)
{
	bool good = v->count > 0 && !*v->entries[0].path && v->entries[0].parent == 0;

	for (size_t i = 0; i < v->count; i++) {
		const struct volume_entry *e = &v->entries[i];
		uint64_t sum = 0;

		good &= i == 0 || (strcmp(v->entries[i - 1].path, e->path) < 0 && e->parent < i);
		good &= i == 0 ||
			(*e->name && !strchr(e->name, '/') && strcmp(e->name, ".") && strcmp(e->name, ".."));
		good &= S_ISDIR(v->entries[e->parent].mode);
		good &= S_ISDIR(e->mode) || S_ISREG(e->mode) || S_ISLNK(e->mode);
		good &= !S_ISLNK(e->mode) == !e->target && (!e->target || strlen(e->target) == e->size);
		good &= e->extent_first + e->extent_count <= v->extent_count;
		for (size_t x = 0; good && x < e->extent_count; x++) {
			const struct extent *extent = &v->extents[e->extent_first + x];

			good &= extent->length > 0 && range_inside(extent->offset, extent->length, size);
			sum += extent->length;
		}
		good &= !S_ISREG(e->mode) || e->flags & VOLUME_ZISOFS || sum == e->size;
	}
	return good;
}

#endif
