/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SQUASH_DIR_H
#define PXEFS_SQUASH_DIR_H

/* A squashfs directory's listing, entry by entry; for squash_*.c alone. A position is the byte in the
 * decompressed listing at which an entry, or the header of the group that it starts, begins: it grows
 * from entry to entry and means the same for ever. */

#include "squash_meta.h"

#define SQUASH_NAME_MOST 256u /* the format's; squash_name_usable() has Linux' */

struct squash_entry {
	char name[SQUASH_NAME_MOST + 1];
	uint16_t length;
	uint32_t number, type; /* of the inode; type is an S_IFMT value */
	uint64_t ref;          /* where the directory says that the inode is */
	uint64_t position, next;
};

struct squash_listing {
	struct squash_cursor cur;
	uint64_t offset, total;
	/* the group of entries that the listing is in */
	uint32_t left, start, number;
};

/* Opens dir's listing at its start. 0, -ENOTDIR, -EIO. End with squash_listing_end(). */
int squash_listing_open(const struct squash *sq, const struct squash_inode *dir, struct squash_listing *list);

/* Goes on, through the directory's index, to the last group that is known to begin at or before
 * position, respectively with a name not after name (the other NULL). Without an index: stays. */
int squash_listing_skip(const struct squash_inode *dir, const uint64_t *position, const char *name,
			struct squash_listing *list);

/* The next entry: 1, at the end 0, -EIO, -ENOMEM. */
int squash_listing_next(struct squash_listing *list, struct squash_entry *entry);

/* Unpins what the listing is in. */
static inline void squash_listing_end(struct squash_listing *list)
{
	squash_cursor_end(&list->cur);
}

#define cleanup_listing __attribute__((cleanup(squash_listing_end)))

/* False for what no directory may list: "", ".", "..", a slash or a NUL inside, over 255 bytes. */
bool squash_name_usable(const char *name, size_t length);

#endif
