/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INDEXER_ARCHIVE_H
#define PXEFS_INDEXER_ARCHIVE_H

#include "index.h"
#include "recipe.h"
#include "volume.h"

/* Adds to the draft, which has its squashfs and the image's size, the archives that the family's ways ask for;
 * ways that ask for the same one share it. One that cannot be made is left out and *why says why; else *why is
 * untouched. 0 or -ENOMEM, -E2BIG. */
int indexer_archives(struct index_draft *d, const struct recipe *r, struct reason *why);

/* Adds the graft (volume_graft.h) that the first way asks for which has one, where the image has that way's sign and
 * its installer looks for the file. One that cannot be made is left out. map is the image that v was read from, size
 * bytes. 0 or -ENOMEM, -E2BIG. */
int indexer_graft(struct index_draft *d, const struct recipe *r, const struct volume *v, const void *map, size_t size);

#endif
