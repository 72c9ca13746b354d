/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_VOLUME_WALK_H
#define PXEFS_VOLUME_WALK_H

#include "volume.h"
#include "volume_iso.h"
#include "volume_rockridge.h"

/* The walk over all directories of a volume, in the order of their depth; volume.c makes the sorted
 * table of what it finds. */

#define VOLUME_ENTRIES_MAX (1u << 22)
#define VOLUME_DEPTH_MAX 64

struct volume_item {
	uint32_t parent, rank; /* item number, lower than this one's; entry number, for volume.c */
	uint32_t mode, flags;
	uint32_t dir_size;
	uint8_t depth;
	bool moved;  /* the directory that relocated ones lie in */
	bool hidden; /* moved, and there is nothing else in it */
	uint64_t size, dir_offset;
	int64_t mtime;
	size_t name, name_len, link, link_len; /* into texts */
	size_t extent_first, extent_count;
	char *path; /* for volume.c */
	size_t path_len;
};

struct volume_walk {
	const uint8_t *map;
	size_t size;
	struct iso_descriptors descriptors;
	bool rock_ridge, joliet; /* which tree is read; neither: the plain one */
	size_t skip;     /* as rockridge_skip() says */
	uint64_t budget; /* bytes of metadata that may still be read: they cannot be more than the image */
	struct volume_item *items;
	size_t count, room;
	struct extent *extents;
	size_t extent_count, extent_room;
	char *texts;
	size_t text_len, text_room;
	size_t skipped, relocated, children; /* entries left out; RE and CL seen */
	struct reason *why;
	struct rockridge rr; /* scratch, of the record at hand */
};

/* Fills w, of which map, size and why are set and the rest is zero. 0 or as volume_read() says.
 * In either case volume_walk_end() frees what w holds. */
int volume_walk(struct volume_walk *w);
void volume_walk_end(struct volume_walk *w);

#endif
