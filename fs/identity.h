/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_IDENTITY_H
#define PXEFS_IDENTITY_H

#include "base.h"
#include "volume.h"

/* What makes two image files the same image: a SHA-256 digest (nettle) over parts that tell images
 * apart without reading them through. Over: the size; all volume descriptors from sector 16 on;
 * the path tables (type L); every directory's records (found through the path tables, so
 * independently of volume.c); the El Torito boot catalogue (El Torito 1.0, boot record in sector 17); the
 * listed ranges in full (boot menus); of each squashfs its superblock and everything from its inode table to
 * its end; the first and last 64 KiB; 64 samples of 4 KiB evenly spread. An image of at most IDENTITY_WHOLE
 * bytes is digested whole. */

#define IDENTITY_SIZE 32
#define IDENTITY_WHOLE (32u << 20)

struct identity {
	uint8_t digest[IDENTITY_SIZE];
};

/* Digest of the image mapped at map. ranges (boot menus) and squashfs (whole file-system ranges)
 * lie inside the map and may be empty; their order counts. Anything malformed (a path table outside
 * the image, a directory without records) is digested as far as it goes and is never an error.
 * Bounds what it reads from path tables and directories to 64 MiB, and per squashfs to 16 MiB (of
 * a longer one's metadata the first and the last 8). Always 0. */
int identity_compute(const void *map, size_t size, const struct extent *ranges, size_t range_count,
		     const struct extent *squashfs, size_t squashfs_count, struct identity *out);

/* First 64 bits (little-endian) of SHA-256 over the parts, each prefixed with its length, so that no two
 * lists of parts run together: the source of volume ids, generations and object numbers. */
struct identity_part {
	const void *data;
	size_t len;
};
uint64_t identity_hash(const struct identity_part *parts, size_t count);

#endif
