/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INDEXER_ARCHIVE_H
#define PXEFS_INDEXER_ARCHIVE_H

#include "index.h"
#include "recipe.h"

/* Adds to the draft, which has its squashfs and the image's size, the archives that the family's ways ask for;
 * ways that ask for the same one share it. One that cannot be made is left out and *why says why; else *why is
 * untouched. 0 or -ENOMEM, -E2BIG. */
int indexer_archives(struct index_draft *d, const struct recipe *r, struct reason *why);

#endif
