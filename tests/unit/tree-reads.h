/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TREE_READS_H
#define PXEFS_TREE_READS_H

/* Reads of a file of the tree against the bytes that it must have. */

#include "tree.h"

static inline bool reads(const struct snapshot *s, uint64_t id, const uint8_t *want, uint64_t size, uint64_t off,
			 size_t len)
{
	uint64_t there = off >= size ? 0 : size - off < len ? size - off : len;
	struct tree_bytes b;
	uint64_t at = off;

	if (tree_read(s, id, off, len, &b))
		return false;
	if (b.total != there || b.count > TREE_RUNS)
		return false;
	for (int i = 0; i < b.count; at += b.run[i++].iov_len)
		if (!b.run[i].iov_len || memcmp(b.run[i].iov_base, want + at, b.run[i].iov_len))
			return false;
	tree_bytes_free(&b);
	return at - off == there;
}

/* Reads that begin and end at, before and behind each multiple of step. */
static inline bool reads_all(const struct snapshot *s, uint64_t id, const uint8_t *want, uint64_t size,
			     uint64_t step)
{
	for (uint64_t a = 0; a <= size + step; a += step)
		for (int da = -1; da <= 1; da++)
			for (uint64_t b = a; b <= size + 2 * step; b += step)
				for (int db = -1; db <= 1; db++) {
					uint64_t from = a + (uint64_t)da, to = b + (uint64_t)db;

					if (from <= INT64_MAX && to <= INT64_MAX && from <= to &&
					    !reads(s, id, want, size, from, (size_t)(to - from)))
						return false;
				}
	return true;
}

#endif
