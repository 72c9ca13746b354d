/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SQUASH_BLOCK_H
#define PXEFS_SQUASH_BLOCK_H

/* Decompressed blocks of squashfs file systems, each made once and shared by all readers.
 *
 * Of squashfuse only the decompressors are used, and squash_block.c alone includes it. Its readers of
 * inodes, directories, block lists and attributes copy by unchecked numbers of the image in every
 * release that distributions ship (a name of 64 KiB into 257 bytes of stack is one), and are not
 * thread-safe in 0.1.105; the decompressors are bounded by the size of their output and keep no state.
 *
 * One cache serves the process (static state, behind one mutex that is held only while lists change,
 * never while reading or decompressing). Who asks for a block that another thread is making waits for
 * that thread. Blocks in use are pinned; unused ones stay, the longest unused going first, up to
 * SQUASH_CACHE_DATA bytes of data blocks and fragments and SQUASH_CACHE_META of metadata. */

#include "base.h"

#define SQUASH_CACHE_DATA (32u << 20)
#define SQUASH_CACHE_META (4u << 20)
#define SQUASH_META_SIZE 8192u

/* Where a file system's bytes are; its address is the cache's name for it, so it must not move. */
struct squash_source {
	int fd;
	uint64_t offset;     /* of the file system in fd; offset + size is at most INT64_MAX */
	uint64_t size;
	uint32_t block_size;
	uint16_t compression; /* as the superblock numbers it */
};

/* Read-only for everybody but squash_block.c. */
struct squash_block {
	uint8_t *data;
	uint32_t size; /* 1 to SQUASH_META_SIZE, or to the block size */
	uint64_t next; /* position behind the block's bytes in the file system */

	const struct squash_source *src;
	uint64_t pos;
	uint32_t header; /* size word of a data block; 0, which no data block has, for metadata */
	unsigned int pins;
	bool loading;
	int error;
	struct squash_block *chain, *newer, *older;
};

/* True when the library in use can decompress it. */
bool squash_block_codec(uint16_t compression);

/* Pins the metadata block whose two header bytes are at pos. 0, -EIO unreadable or corrupt, -ENOMEM. */
int squash_block_meta(const struct squash_source *src, uint64_t pos, struct squash_block **out);

/* Pins the data block or fragment at pos with the size word header (bits 0-23 size on disk, 24 stored as
 * is); a size of 0 is a hole and the caller's affair: -EIO here. Else as squash_block_meta(). */
int squash_block_data(const struct squash_source *src, uint64_t pos, uint32_t header,
		      struct squash_block **out);

/* Unpins; NULL is nothing. The bytes may be gone afterwards. */
void squash_block_put(struct squash_block *block);

/* Drops all that is cached of src, of which nothing may be pinned. */
void squash_block_forget(const struct squash_source *src);

#endif
