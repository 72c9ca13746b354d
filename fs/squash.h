/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SQUASH_H
#define PXEFS_SQUASH_H

#include <sys/stat.h>

#include "base.h"

/* One squashfs 4.0 file system at (fd, offset): inode numbers in, attributes and bytes out, no pointer
 * shared, so that this could move into a process of its own. Every inode number is checked before
 * (1 to inodes) and after (the inode found must carry that number); nothing of an image is believed,
 * and what it costs to read is bounded. squashfuse decompresses; why no more, see squash_block.h.
 *
 * Thread-safe: a struct squash does not change but for bookmarks in block lists, behind a mutex of its
 * own; decompressed blocks are kept in one cache of the process (squash_block.h says how much), so a
 * block is decompressed once for all who read in it about then, in pieces of whatever size. Calls block
 * on the image's disk, hold no lock meanwhile, and may be made inside a squash_each.
 *
 * Errors: -ESTALE no such inode number; -ENOENT, -ENOTDIR, -EISDIR, -EINVAL as the system call of that
 * name has them; -EIO unreadable or corrupt; -ENOMEM. */

#define SQUASH_SUPER_SIZE 96

struct squash;

struct squash_info {
	uint64_t size;       /* bytes_used of the superblock; inside the range given to squash_open() */
	uint32_t inodes;     /* numbers run from 1 to this */
	uint32_t root;       /* inode number of the root directory */
	uint32_t block_size; /* bytes, 4 KiB to 1 MiB */
	uint32_t mtime;      /* when made, seconds since the epoch */
	bool exportable;     /* has an export table; else a number table is needed */
	uint64_t inode_table; /* offset in the file system of what identity digests to the end */
	const char *compression; /* "gzip", "xz", ...; static */
};

/* Reads the superblock of a file system of at most length bytes at offset of fd, and nothing else,
 * without the library: 0, -EMEDIUMTYPE no squashfs there, -EOPNOTSUPP another major version or an
 * unknown compression, -EBADMSG numbers that cannot be (bytes_used beyond length, block size not a
 * power of two, tables outside). Does not fill root. */
int squash_probe(int fd, uint64_t offset, uint64_t length, struct squash_info *info, struct reason *why);

/* Opens it. fd is borrowed and must stay open until squash_close(), as must numbers: numbers_count ==
 * inodes inode references (element n-1 for inode number n; what is not known may be 0, which is also
 * the first inode's, since the inode found is looked at) for a file system without export table, else
 * NULL. As squash_probe(), and -EOPNOTSUPP a compression that the library was built without, -EINVAL
 * neither export table nor numbers, -EBADMSG no root directory, -EIO, -ENOMEM. */
int squash_open(int fd, uint64_t offset, uint64_t length, const uint64_t *numbers, size_t numbers_count,
		struct squash **out, struct reason *why);

/* Frees it, and what is cached of it; no call on it may be going on. NULL is nothing. */
void squash_close(struct squash *sq);

/* What squash_probe() says of it, and its root; good until squash_close(). */
const struct squash_info *squash_info(const struct squash *sq);

/* Builds the number table of a file system without export table by one walk of its tree; each
 * directory is read once, so cycles end. *numbers has inodes elements, owned by the caller. As
 * squash_probe(), and -EBADMSG also for a depth over 256, entries that no tree has (64 for each inode
 * and a million) or numbers outside; -EIO, -ENOMEM. */
int squash_number(int fd, uint64_t offset, uint64_t length, uint64_t **numbers, struct reason *why);

/* Fills mode, nlink, uid, gid, size, rdev, mtime (= atime = ctime), st_ino = the inode number,
 * st_blksize = block size, st_blocks. A link's size is the length of its text. */
int squash_stat(struct squash *sq, uint32_t inode, struct stat *st);

/* The parent of a directory, from its inode; the root's parent is the root itself. -ENOTDIR else;
 * -EIO when what the inode names is no directory. */
int squash_parent(struct squash *sq, uint32_t inode, uint32_t *parent);

/* One name in a directory. -ENOENT when absent, or no name that squash_readdir() would show. -EIO when
 * the entry's inode is missing, of another type, or a directory with another parent (so that each
 * directory of any image has one, and there are no cycles). */
int squash_lookup(struct squash *sq, uint32_t dir, const char *name, uint32_t *inode);

/* Calls each for every entry whose position is >= position (start at 0), in the file system's order,
 * without "." and ".."; stops, with 0, when each returns other than 0. Each gets the position to go on
 * at behind that entry: more than the last one, stable for ever, <= 2^28. name is NUL-terminated and
 * valid only inside the call; a name with '/' or NUL in it, over 255 bytes, or "." or "..", is left out.
 * type is an S_IFMT value. st is filled as squash_stat() would when with_stat is set (NULL when
 * squash_lookup() of that name would be -EIO), else NULL. Costs at most some 8 KiB of listing before
 * the first entry, with the index that large directories have. */
typedef int (*squash_each)(void *ctx, const char *name, uint32_t inode, uint32_t type,
			   uint64_t next, const struct stat *st);
int squash_readdir(struct squash *sq, uint32_t dir, uint64_t position, bool with_stat, squash_each each,
		   void *ctx);

/* Text of a link, NUL-terminated, owned by the caller, at most 64 KiB. -EINVAL when not a link. */
int squash_readlink(struct squash *sq, uint32_t inode, char **target);

/* Up to len bytes of a regular file at off into buf; *got is what there was (0 at the end): less than
 * len at the file's end alone. When a part cannot be read all of it is -EIO, because a short answer
 * would be taken for the end. A file of more than 2^26 blocks is -EIO. */
int squash_read(struct squash *sq, uint32_t inode, uint64_t off, size_t len, void *buf, size_t *got);

/* user.* attributes alone: no others travel over NFS. value may be NULL with cap 0 to ask for the size.
 * -ENODATA no such attribute, -ERANGE cap too small. */
int squash_getxattr(struct squash *sq, uint32_t inode, const char *name, void *value, size_t cap,
		    size_t *len);

/* Names, each with its NUL, as listxattr(2) gives them; cap 0 asks for the size. */
int squash_listxattr(struct squash *sq, uint32_t inode, char *list, size_t cap, size_t *len);

#endif
