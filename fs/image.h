/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_IMAGE_H
#define PXEFS_IMAGE_H

#include <stdatomic.h>
#include <sys/stat.h>

#include "base.h"
#include "cpio.h"
#include "index.h"
#include "menu.h"
#include "squash.h"

/* One servable ISO: descriptor, map, index, squashfs handles, and what menus say of it. Immutable after publication,
 * but for what the judge finds, and counted, as snapshots, texts and blobs are (snapshot.h): whoever uses one holds a
 * reference, and the last one to let go closes it. */

/* One volume of node ids: the ISO's tree, or one squashfs seen under root/ or under layers/. A squashfs
 * that is both has two views, because a directory has one parent. */
enum image_view_kind { IMAGE_VIEW_ISO, IMAGE_VIEW_ROOT, IMAGE_VIEW_LAYER };

struct image_view {
	enum image_view_kind kind;
	uint32_t squash; /* into index->squash; of the ISO 0 */
	uint32_t volume; /* 31 bits, 2 and up; given by the catalog before publication */
};

/* A generated archive of initrd/generated/, the one of that number in the index. */
struct image_archive {
	uint32_t object;     /* in the ISO's volume, see tree.c: names name and bytes, from IMAGE_ARCHIVE_OBJECT on */
	uint32_t generation; /* the rest of the same digest */
	struct cpio *cpio;   /* its segments point into map and index */
};

#define IMAGE_ARCHIVE_OBJECT UINT32_C(0xc0000000)

struct image {
	atomic_uint refs;
	uint64_t serial;
	char *path;            /* below the watch folder */
	int fd;                /* owned */
	uint64_t size;         /* bytes */
	struct timespec mtime; /* the file's */
	struct timespec when;  /* it was published */
	const uint8_t *map;    /* the whole file, read-only; a page that the file lost faults: serve, never parse */
	struct index *index;
	struct squash **squash; /* one for each in the index; NULL where it did not open */
	struct image_view *views;
	size_t view_count; /* views[0] is the ISO */
	struct image_archive *archives; /* one for each in the index */
	uint32_t generation;
	/* For the one thread that makes menus, and no other: the judge's findings come when the image is published
	 * already (image_judged()). */
	struct menu_image listing; /* path is filled in by the catalog */
	struct timespec judged;    /* CLOCK_REALTIME; 0 for not yet */
	void (*released)(void *ctx, uint64_t serial); /* called when the last reference is gone; any thread */
	void *released_ctx;
};

/* Makes an image of the ISO fd (taken over, also on failure) and the index in index_fd (borrowed). st is
 * the ISO's. Holds one reference for the caller. 0; -EBADMSG with a reason when the index does not
 * pass index_open(); -ENOMEM; or -errno with a reason when the ISO cannot be mapped. */
int image_open(uint64_t serial, const char *path, int fd, const struct stat *st, int index_fd, struct timespec when,
	       struct image **out, struct reason *why);

/* Takes over what the judge found out, for the menus; nothing else of the image changes. index_fd (borrowed) is the
 * image's index as index_write_judged() wrote it. 0; -EBADMSG with a reason, and all is as before; -ENOMEM. */
int image_judged(struct image *im, int index_fd, struct reason *why);

/* Bytes of the archive with the ISO in it that has an answer file of so many bytes in its root directory (struct
 * recipe_graft); 0 where the family has no such thing, or it cannot be made. */
uint64_t image_answered_size(const struct image *im, uint64_t answer_size);

/* That archive. Its segments are in the image's map and in *own, *own_size bytes that are the caller's as the archive
 * is (cpio_free()). Only where image_answered_size() is not 0. 0 or -ENOMEM. */
int image_answered_make(const struct image *im, const void *answer, size_t answer_size, struct cpio **out,
			uint8_t **own, size_t *own_size);

/* One reference more; and one less (NULL is nothing), with the last of which it closes everything and calls released.
 * Any thread. */
struct image *image_ref(struct image *im);
void image_put(struct image *im);

/* Whether both have the same bytes (as far as identity tells) under the same path. */
bool image_same(const struct image *a, const struct image *b);

#endif
