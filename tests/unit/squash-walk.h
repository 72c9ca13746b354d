/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SQUASH_WALK_H
#define PXEFS_SQUASH_WALK_H

/* Asks a squashfs, which may be hostile, everything that can be asked; for the fuzzer and the unit tests. */

#include "squash.h"

#define WALK_INODES 300u
#define WALK_ENTRIES 3000u

struct walk {
	unsigned int answers, wrong; /* what was said, and what breaks a promise of squash.h */
	uint32_t inodes;
	/* of the directory that is listed */
	uint64_t last;
	unsigned int entries;
};

static inline void walk_promise(struct walk *w, bool kept)
{
	w->answers++;
	w->wrong += !kept;
}

/* What may come out of a call on an inode: success, or one of these. */
static inline bool walk_error_known(int err)
{
	return err == 0 || err == -ESTALE || err == -EIO || err == -EINVAL || err == -EISDIR ||
	       err == -ENOTDIR || err == -ENODATA || err == -ENOENT || err == -ENOMEM || err == -ERANGE;
}

static inline int walk_entry(void *ctx, const char *name, uint32_t inode, uint32_t type, uint64_t next,
			     const struct stat *st)
{
	struct walk *w = ctx;

	walk_promise(w, next > w->last && next <= 1u << 28);
	walk_promise(w, *name && strlen(name) <= 255 && !strchr(name, '/') && strcmp(name, ".") &&
				strcmp(name, ".."));
	walk_promise(w, type & S_IFMT);
	if (st)
		walk_promise(w, st->st_ino == inode && (st->st_mode & S_IFMT) == type);
	w->last = next;
	return ++w->entries >= WALK_ENTRIES;
}

/* A name in a directory, remembered to be looked up after the listing. */
struct walk_name {
	char name[256];
	unsigned int skip;
	uint32_t inode;
	bool known;
};

static inline int walk_take_name(void *ctx, const char *name, uint32_t inode, uint32_t type, uint64_t next,
				 const struct stat *st)
{
	struct walk_name *n = ctx;

	(void)type;
	(void)next;
	if (n->skip-- > 0)
		return 0;
	snprintf(n->name, sizeof(n->name), "%s", name);
	n->inode = inode;
	n->known = st;
	return 1;
}

static inline void walk_directory(struct walk *w, struct squash *sq, uint32_t inode)
{
	int err;

	w->last = 0;
	w->entries = 0;
	err = squash_readdir(sq, inode, 0, true, walk_entry, w);
	walk_promise(w, walk_error_known(err));
	/* From the middle, and from positions that nobody was given. */
	for (uint64_t at = 1; at < w->last; at += w->last / 3 + 1) {
		w->last = at;
		err = squash_readdir(sq, inode, at, false, walk_entry, w);
		walk_promise(w, walk_error_known(err));
	}
	squash_readdir(sq, inode, UINT64_MAX, true, walk_entry, w);
	for (unsigned int i = 0; i < 40; i += 13) {
		struct walk_name n = { .skip = i };
		uint32_t found = 0;

		err = squash_readdir(sq, inode, 0, true, walk_take_name, &n);
		if (err || !*n.name)
			break;
		err = squash_lookup(sq, inode, n.name, &found);
		walk_promise(w, err == 0 ? found >= 1 && found <= w->inodes : walk_error_known(err));
	}
}

static inline void walk_file(struct walk *w, struct squash *sq, uint32_t inode, uint64_t size)
{
	uint64_t block = squash_info(sq)->block_size;
	uint64_t tail = size > 100 ? size - 100 : 0;
	uint64_t at[] = { 0, 1, block - 1, block * 2100, size / 2, tail, size, UINT64_MAX };
	size_t room = 3 * 4096 + 5;
	char *buf = malloc(room);

	for (size_t i = 0; buf && i < ARRAY_SIZE(at); i++) {
		size_t got = SIZE_MAX;
		int err = squash_read(sq, inode, at[i], room, buf, &got);
		uint64_t there = at[i] >= size ? 0 : size - at[i] < room ? size - at[i] : room;

		walk_promise(w, err ? walk_error_known(err) && got == SIZE_MAX : got == there);
	}
	free(buf);
}

static inline void walk_attributes(struct walk *w, struct squash *sq, uint32_t inode)
{
	char list[2000], value[500];
	size_t len = 0, size = 0;
	int err = squash_listxattr(sq, inode, list, sizeof(list), &len);

	walk_promise(w, err ? walk_error_known(err) : len <= sizeof(list));
	for (size_t at = 0; !err && at < len; at += strlen(list + at) + 1) {
		int got = squash_getxattr(sq, inode, list + at, value, sizeof(value), &size);

		walk_promise(w, got ? walk_error_known(got) : size <= sizeof(value));
	}
}

static inline void walk_inode(struct walk *w, struct squash *sq, uint32_t inode)
{
	cleanup_free char *text = NULL;
	struct stat st = { 0 };
	uint32_t parent = 0;
	size_t got;
	char byte;
	int err = squash_stat(sq, inode, &st);

	walk_promise(w, err ? walk_error_known(err) : st.st_ino == inode && st.st_size >= 0);
	if (inode == 0 || inode > w->inodes)
		walk_promise(w, err == -ESTALE);
	if (err) /* what has no attributes has nothing else that is worth a long look */
		memset(&st, 0, sizeof(st));
	err = squash_parent(sq, inode, &parent);
	walk_promise(w, err ? walk_error_known(err) : parent >= 1 && parent <= w->inodes);
	err = squash_readlink(sq, inode, &text);
	walk_promise(w, err ? walk_error_known(err) && !text : strlen(text) > 0);
	if (S_ISREG(st.st_mode))
		walk_file(w, sq, inode, (uint64_t)st.st_size);
	else
		walk_promise(w, squash_read(sq, inode, 0, 1, &byte, &got) != 0 || S_ISREG(st.st_mode) ||
				st.st_mode == 0);
	walk_directory(w, sq, inode);
	walk_attributes(w, sq, inode);
}

/* Returns what squash_open() says, having asked an open one for all it has. */
static inline int walk_image(struct walk *w, int fd, uint64_t offset, uint64_t length)
{
	cleanup_free uint64_t *numbers = NULL;
	struct squash_info info = { 0 };
	struct squash *sq = NULL;
	struct reason why = { 0 };
	int err = squash_probe(fd, offset, length, &info, &why);

	walk_promise(w, !err || *why.text);
	if (err)
		return err;
	if (!info.exportable)
		err = squash_number(fd, offset, length, &numbers, &why);
	if (!err)
		err = squash_open(fd, offset, length, numbers, numbers ? info.inodes : 0, &sq, &why);
	walk_promise(w, !err || *why.text);
	if (err)
		return err;
	w->inodes = info.inodes;
	for (uint32_t n = 0; n <= (info.inodes < WALK_INODES ? info.inodes : WALK_INODES); n++)
		walk_inode(w, sq, n);
	walk_inode(w, sq, squash_info(sq)->root);
	walk_inode(w, sq, info.inodes + 1);
	walk_inode(w, sq, UINT32_MAX);
	squash_close(sq);
	return 0;
}

#endif
