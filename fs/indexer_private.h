/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INDEXER_PRIVATE_H
#define PXEFS_INDEXER_PRIVATE_H

#include "bootcfg.h"
#include "index.h"
#include "volume.h"

/* What the indexer's files share: one image on its way into one draft. */

#define INDEXER_LAYERS 64
#define INDEXER_MENUS  256

struct indexer {
	int fd;
	const void *map;
	uint64_t size;
	struct volume *volume;
	struct bootcfg boot;
	struct extent menus[INDEXER_MENUS]; /* the menu files read: part of the identity */
	size_t menu_count;
	struct extent squash[INDEXER_LAYERS]; /* those in the draft: part of the identity */
	size_t squash_count;
	struct index_draft *draft;
	char note[256]; /* for people; "" for none, the latest of several */
};

/* What a file is called in kernel/, initrd/ and layers/: its base name if no other file of the volume has it, else its
 * path with '-' for '/'; what could not travel in a kernel line or a URL becomes '_'. 0 or -ENAMETOOLONG. */
int indexer_short_name(const struct volume *v, uint32_t entry, char out[256]);

/* Of two files whose names were made alike by '_' or '-' the later says its entry number: puts that behind name. */
void indexer_name_more(char name[256], uint32_t entry);

/* Adds the volume's squashfs images to the draft; one that cannot be shown leaves a note. 0, or -ENOMEM, -E2BIG. */
int indexer_squashes(struct indexer *ix);

/* Adds the entries of ix->boot to the draft, with their files in the order that an index has them; one whose files are
 * not there is counted as skipped. 0, or -ENOMEM, -E2BIG. */
int indexer_boots(struct indexer *ix);

#endif
