/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SQUASH_META_H
#define PXEFS_SQUASH_META_H

/* The metadata of an open squashfs as the squash_*.c files see it: a checked cursor over the chain of
 * metadata blocks, the tables, the inodes. Nobody else includes this. Nothing here trusts the image:
 * a number that cannot be is -EIO, and reading is bounded by what is asked for. */

#include <pthread.h>

#include "squash.h"
#include "squash_block.h"

#define SQUASH_NONE UINT32_MAX          /* no fragment, no attributes */
#define SQUASH_TEXT_MAX 65536u          /* a link's text and an attribute's value end here */
#define SQUASH_LIST_STEP 2048u          /* entries of a block list from one bookmark to the next */
#define SQUASH_BOOKMARKS 128u

/* A byte of the metadata: its block's position in the file system, and the offset when decompressed. */
struct squash_place {
	uint64_t pos;
	uint32_t off;
};

/* One on-disk table of fixed-size elements: where its metadata blocks are. */
struct squash_table {
	uint64_t *blocks;
	uint64_t count; /* elements */
	uint32_t each;  /* bytes of one, a divisor of SQUASH_META_SIZE */
};

/* Where element step * SQUASH_LIST_STEP of a file's block list is, and its block's data; inode 0: unused. */
struct squash_bookmark {
	uint32_t inode, step;
	struct squash_place place;
	uint64_t data;
};

struct squash {
	struct squash_source source;
	struct squash_info info;
	uint64_t root_ref, directory_table;
	struct squash_table ids, fragments, exports, xattrs;
	uint64_t xattr_table;    /* what attribute references count from */
	const uint64_t *numbers; /* borrowed, for a file system without export table; else NULL */
	pthread_mutex_t lock;    /* of bookmarks alone; never held over a read */
	struct squash_bookmark bookmarks[SQUASH_BOOKMARKS];
};

/* The fields of a superblock that squash_info does not have. */
struct squash_super {
	uint32_t fragments;
	uint16_t compression, ids;
	uint64_t root_ref, directory_table, id_table, xattr_id_table, fragment_table, export_table;
};

struct squash_inode {
	uint32_t number;
	uint32_t mode; /* S_IFMT and permissions */
	uint16_t uid, gid; /* indices into the id table */
	uint32_t mtime, nlink, xattr;
	uint64_t size; /* at most INT64_MAX, a link's at most SQUASH_TEXT_MAX; a listing has 3 less */
	struct squash_place behind; /* a file's block list, a link's text, a directory's index */
	union {
		struct {
			uint64_t start, sparse;
			uint32_t fragment, fragment_off;
		} file;
		struct {
			uint32_t start, parent;
			uint16_t off, indices;
		} dir;
		dev_t rdev;
	};
};

/* Reads on through metadata blocks; holds the pin of the one that it is in. Start with
 * squash_cursor_at(), end with squash_cursor_end(), which a cleanup_cursor local does by itself. */
struct squash_cursor {
	const struct squash *sq;
	struct squash_block *block;
	struct squash_place place;
};

/* One that begins off bytes into the metadata block at pos. */
static inline struct squash_cursor squash_cursor_at(const struct squash *sq, uint64_t pos, uint32_t off)
{
	return (struct squash_cursor){ .sq = sq, .place = { pos, off } };
}

/* Unpins the block that it is in. */
static inline void squash_cursor_end(struct squash_cursor *cur)
{
	squash_block_put(cur->block);
	cur->block = NULL;
}

#define cleanup_cursor __attribute__((cleanup(squash_cursor_end)))

/* The next len bytes into buf, or skipped where buf is NULL. 0, -EIO, -ENOMEM. */
int squash_cursor_read(struct squash_cursor *cur, void *buf, size_t len);

/* Reads where the blocks of a table are, from its index at start: count elements of each bytes.
 * 0, -EBADMSG when the index is not inside the file system, -EIO, -ENOMEM. The caller frees blocks. */
int squash_table_load(const struct squash_source *src, uint64_t start, uint64_t count, uint32_t each,
		      struct squash_table *table);

/* Copies element index. 0, -EIO when there is none, -ENOMEM. */
int squash_table_get(const struct squash *sq, const struct squash_table *table, uint64_t index, void *buf);

/* The inode at a reference (position in the inode table << 16 | offset). 0, -EIO, -ENOMEM. */
int squash_inode_at(const struct squash *sq, uint64_t ref, struct squash_inode *inode);

/* The inode with a number: -ESTALE when there is none, or when what is found carries another. */
int squash_inode_get(const struct squash *sq, uint32_t number, struct squash_inode *inode);

/* True when inode may be what directory dir says it is: it has that type (S_IFMT), and if a directory,
 * dir for its parent, so that every directory of a hostile image, too, has one parent and the root none. */
bool squash_inode_fits(const struct squash *sq, const struct squash_inode *inode, uint32_t dir,
		       uint32_t type);

/* As squash_stat(), from an inode. */
int squash_inode_stat(const struct squash *sq, const struct squash_inode *inode, struct stat *st);

/* The S_IFMT value of a type as directories and inodes have it, extended ones included; 0 when unknown. */
uint32_t squash_type(uint16_t type);

/* squash_open() but for the check of how inodes are found by number. */
int squash_load(int fd, uint64_t offset, uint64_t length, struct squash **out, struct reason *why);

#endif
