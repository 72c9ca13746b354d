/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TREE_H
#define PXEFS_TREE_H

#include <sys/stat.h>
#include <sys/uio.h>

#include "base.h"
#include "snapshot.h"

/* The virtual /pxe: node id in, attributes, children and bytes out. Ids come from the network, so decoding
 * is validation: what does not name a node of this snapshot is -ESTALE (-ETIMEDOUT while images are still
 * being seen for the first time, or while one's file is open for writing: nfsd's clients then wait). See
 * tree.c for how ids are made. Everything is a pure function of (snapshot, id); no call leaves anything
 * behind. Every int is 0, or one of these two, or what is said of the call, or -EIO, -ENOMEM. */

/* How long the kernel may keep what it was told. */
enum tree_life {
	TREE_SHORT, /* generated, or named by the watch folder: 1 s, and invalidated */
	TREE_LONG,  /* inside an image: for ever */
};

struct tree_node {
	uint64_t id;
	uint32_t generation;
	enum tree_life name_life, attr_life;
	struct stat st; /* st_ino = id */
};

/* A node by its id. */
int tree_node(const struct snapshot *s, uint64_t id, struct tree_node *node);

/* A name in a directory; "." and ".." are answered for any directory without earlier state, "." for any node.
 * -ENOENT, -ENOTDIR. */
int tree_lookup(const struct snapshot *s, uint64_t dir, const char *name, struct tree_node *node);

/* Whether absent names in that directory may be remembered, as long as names in it. */
bool tree_fixed(const struct snapshot *s, uint64_t dir);

/* Entries of a directory behind position off (0 at first), "." at 1 and ".." at 2 included; each gets the
 * position to go on from. node is filled when full is set, else only id and st.st_mode's type. each stops the
 * walk with a value other than 0, which is not an error. -ENOTDIR. */
typedef int (*tree_each)(void *ctx, const char *name, const struct tree_node *node, uint64_t off);
int tree_readdir(const struct snapshot *s, uint64_t dir, uint64_t off, bool full, tree_each each, void *ctx);

/* A link's text, owned by the caller. -EINVAL. */
int tree_readlink(const struct snapshot *s, uint64_t id, char **target);

/* At most len bytes of a file from off on: a list of runs of memory, valid as long as the snapshot is held; buffer (may
 * be NULL) is what was computed and is freed with tree_bytes_free(). Runs inside an image's map may fault: give them
 * to the kernel, do not touch them. What would take more than TREE_RUNS runs is -EIO. -EISDIR; -EINVAL for what is no
 * file. */
#define TREE_RUNS 64
struct tree_bytes {
	struct iovec run[TREE_RUNS];
	int count;
	size_t total;
	void *buffer;
};
int tree_read(const struct snapshot *s, uint64_t id, uint64_t off, size_t len, struct tree_bytes *bytes);
void tree_bytes_free(struct tree_bytes *bytes);

/* user.* attributes of files in a squashfs; -ENODATA everywhere else. As squash_getxattr(), squash_listxattr(). */
int tree_getxattr(const struct snapshot *s, uint64_t id, const char *name, void *value, size_t cap, size_t *len);
int tree_listxattr(const struct snapshot *s, uint64_t id, char *list, size_t cap, size_t *len);

/* Where a file's bytes are, for people: "iso 34816+512", "text", "squashfs ..."; of an archive in one line
 * "text+112 iso 34816+512 text+124". Owned by the caller. */
int tree_where(const struct snapshot *s, uint64_t id, char **where);

#endif
