/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_CATALOG_PRIVATE_H
#define PXEFS_CATALOG_PRIVATE_H

#include <pthread.h>

#include "catalog.h"
#include "names.h"

enum item_state { ITEM_PRESENT, ITEM_OLD, ITEM_NOTE };

struct item {
	uint64_t serial;
	enum item_state state;
	struct image *image;   /* PRESENT, OLD */
	struct text *grub;     /* its menu as last made, for tree_path */
	char *tree_path;       /* where it stands, below /pxe */
	char *path, *reason;   /* NOTE */
	enum menu_state note;
	uint64_t size;
};

struct retired {
	struct text *text;
	int64_t until; /* CLOCK_MONOTONIC seconds */
};

struct volume_record {
	uint8_t key[16]; /* of identity, path, view */
	uint32_t counter;
};

struct suspended {
	uint32_t volume;
	int64_t until; /* CLOCK_MONOTONIC seconds */
};

struct catalog {
	struct catalog_config config;
	char *server, *nfs, *http; /* own copies of config.site's */
	pthread_mutex_t lock; /* guards current alone */
	struct snapshot *current;
	struct item *items;
	size_t item_count, item_room;
	struct names *names;
	struct retired *retired;
	size_t retired_count, retired_room;
	struct suspended *suspended;
	size_t suspended_count, suspended_room;
	struct volume_record *volumes;
	size_t volume_count, volume_room;
	struct text **loader;
	size_t loader_count, loader_room;
	bool settled;
	struct timespec changed;
};

/* The generated texts of all images, from their listings, in order of tree path: main menus, catalogue,
 * status. Adds them to s. A text equal to the one in before keeps its time. */
int catalog_texts(struct catalog *c, struct snapshot *s, const struct snapshot *before);

/* The menu of one image at path; *out is owned. One equal to a text that answers now is that text, so that an
 * id has one time whichever way it is come by. */
int catalog_image_text(struct catalog *c, const struct image *im, const char *path, struct text **out);

/* Gives an image its volume ids, and records a counter where two images want one. */
void catalog_volumes(struct catalog *c, struct image *im);

/* Whether both are the same bytes at the same path. Their numbers may differ, after a clash. */
bool catalog_same_text(const struct text *a, const struct text *b);

/* What changed from one snapshot to the next, for the kernel. 0 or -ENOMEM. */
int catalog_compare(const struct snapshot *from, const struct snapshot *to, struct catalog_changes *changes);

/* The folder of s with the same id and path, or NULL; s may be NULL. */
const struct folder *catalog_folder_before(const struct snapshot *s, const struct folder *f);

/* Whether two children are the same node. */
bool catalog_same_child(const struct snapshot *a, const struct child *p, const struct snapshot *b,
			const struct child *q);

#endif
