/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_VOLUME_GRAFT_H
#define PXEFS_VOLUME_GRAFT_H

#include "base.h"

/* Some files more in the root directory of an ISO 9660 volume with Rock Ridge, for a system that looks for them on its
 * medium and nowhere else. No byte of the image is copied: the grafted image is the old one with another primary
 * volume descriptor, and behind its end a new root directory and the files. Pure. What a Linux client reads is
 * whole; path tables and a Joliet tree, which it does not look at beside Rock Ridge, stay those of the old image. */

#define VOLUME_GRAFT_FILES 4u

struct volume_graft_file {
	const char *name; /* at most 64 of A-Z a-z 0-9 . _ - */
	const char *text; /* what is in it; NULL for the last file alone, whose bytes are not known yet */
};

struct volume_graft {
	uint64_t descriptor;     /* byte of the image from which on head is in the place of what is there */
	uint8_t head[ISO_BLOCK];
	uint8_t *tail;           /* behind the image, which zeros fill up to a whole block; the last file's bytes
				  * come behind it, filled up likewise. Owned by whoever called volume_graft_make() */
	size_t tail_size;        /* bytes, whole blocks */
	size_t size_at;          /* byte of tail where the last file's size stands, for volume_graft_size() */
};

/* The graft of count files, the last one still empty. A file of the image's with one of these names is not in the new
 * directory. map is the image, size bytes; only descriptors and directories of it are looked at. 0; -EBADMSG where it
 * is corrupt; -EOPNOTSUPP without Rock Ridge, for a root directory above 1 MiB, an image that leaves no room for more,
 * or a name that an old one would hide; -EINVAL for names that are not as above; -ENOMEM. With a reason, and nothing
 * to be freed. */
int volume_graft_make(const uint8_t *map, size_t size, const struct volume_graft_file *files, size_t count,
		      struct volume_graft *out, struct reason *why);

/* Writes the last file's size into a copy of head and of tail in which it is still empty. */
void volume_graft_size(uint8_t *head, uint8_t *tail, size_t size_at, uint32_t size);

/* Bytes that fill up so many to whole blocks. */
static inline size_t volume_graft_padding(uint64_t bytes)
{
	return (size_t)(-bytes & (ISO_BLOCK - 1));
}

#endif
