/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INITRD_KIT_H
#define PXEFS_INITRD_KIT_H

/* Initrds made in memory: members, archives, compression. What does not work here aborts: this is for tests. */

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include "initrd.h"

struct bytes {
	uint8_t *p;
	size_t size, room;
};

static inline void bytes_need(bool good)
{
	if (!good)
		abort();
}

static inline void bytes_add(struct bytes *b, const void *p, size_t size)
{
	if (b->room <= b->size + size) {
		b->room = 2 * (b->size + size) + 1;
		b->p = realloc(b->p, b->room);
		bytes_need(b->p);
	}
	if (size)
		memcpy(b->p + b->size, p, size);
	b->size += size;
}

static inline void bytes_zeros(struct bytes *b, size_t count)
{
	static const uint8_t zeros[4096];

	for (; count > sizeof(zeros); count -= sizeof(zeros))
		bytes_add(b, zeros, sizeof(zeros));
	bytes_add(b, zeros, count);
}

static inline void bytes_free(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){0};
}

/* One member of a newc archive; magic is 070701 or another six characters. */
static inline void member_as(struct bytes *b, const char *magic, const char *name, uint32_t mode, const void *data,
			     size_t size)
{
	size_t begin = b->size, name_size = strlen(name) + 1;
	char head[111];

	snprintf(head, sizeof(head), "%.6s%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", magic, 1u, mode, 0u,
		 0u, 1u, 0u, (unsigned)size, 0u, 0u, 0u, 0u, (unsigned)name_size, 0u);
	bytes_add(b, head, 110);
	bytes_add(b, name, name_size);
	bytes_zeros(b, -(b->size - begin) & 3);
	bytes_add(b, data, size);
	bytes_zeros(b, -size & 3);
}

static inline void member(struct bytes *b, const char *name, uint32_t mode, const char *text)
{
	member_as(b, "070701", name, mode, text, strlen(text));
}

static inline void trailer(struct bytes *b)
{
	member(b, "TRAILER!!!", 0, "");
}

/* An archive of empty files, each of the names in the list, which are separated by blanks. */
static inline struct bytes archive_of(const char *names)
{
	struct bytes b = {0};
	char name[256];

	for (; *names; names += strspn(names, " ")) {
		size_t n = strcspn(names, " ");

		bytes_need(n < sizeof(name));
		memcpy(name, names, n);
		name[n] = 0;
		member(&b, name, S_IFREG | 0755, "");
		names += n;
	}
	trailer(&b);
	return b;
}

/* What early microcode looks like: an archive with a file that is none of ours, padded as dracut pads. */
static inline struct bytes microcode(void)
{
	struct bytes b = {0};
	char blob[5000];

	memset(blob, '0', sizeof(blob) - 1);
	blob[sizeof(blob) - 1] = 0;
	member(&b, "kernel/x86/microcode", S_IFDIR | 0755, "");
	member(&b, "kernel/x86/microcode/GenuineIntel.bin", S_IFREG | 0644, blob);
	trailer(&b);
	bytes_zeros(&b, -b.size & 511);
	return b;
}

/* The way of lz4 -l, with blocks of literals alone. */
static inline struct bytes lz4_legacy(const struct bytes *in)
{
	struct bytes b = {0};

	bytes_add(&b, "\x02\x21\x4c\x18", 4);
	for (size_t at = 0; at < in->size;) {
		size_t n = in->size - at < 1000 ? in->size - at : 1000, more = n - 15;
		struct bytes block = {0};
		uint8_t token = n < 15 ? (uint8_t)(n << 4) : 0xf0, size[4], rest;

		bytes_add(&block, &token, 1);
		if (n >= 15) {
			for (; more >= 255; more -= 255)
				bytes_add(&block, "\xff", 1);
			rest = (uint8_t)more;
			bytes_add(&block, &rest, 1);
		}
		bytes_add(&block, in->p + at, n);
		for (int i = 0; i < 4; i++)
			size[i] = (uint8_t)(block.size >> 8 * i);
		bytes_add(&b, size, 4);
		bytes_add(&b, block.p, block.size);
		bytes_free(&block);
		at += n;
	}
	return b;
}

static inline la_ssize_t packed_write(struct archive *a, void *ctx, const void *p, size_t size)
{
	(void)a;
	bytes_add(ctx, p, size);
	return (la_ssize_t)size;
}

/* Compressed by libarchive's filter of that name; "lz4-legacy" and "none" are ours. options may be NULL. */
static inline struct bytes packed(const struct bytes *in, const char *filter, const char *options)
{
	struct bytes out = {0};
	struct archive *a;
	struct archive_entry *e;

	if (!strcmp(filter, "lz4-legacy"))
		return lz4_legacy(in);
	if (!strcmp(filter, "none")) {
		bytes_add(&out, in->p, in->size);
		return out;
	}
	a = archive_write_new();
	e = archive_entry_new();
	bytes_need(a && e && archive_write_add_filter_by_name(a, filter) == ARCHIVE_OK &&
		   archive_write_set_format_raw(a) == ARCHIVE_OK &&
		   (!options || archive_write_set_options(a, options) == ARCHIVE_OK) &&
		   archive_write_set_bytes_per_block(a, 0) == ARCHIVE_OK &&
		   archive_write_open(a, &out, NULL, packed_write, NULL) == ARCHIVE_OK);
	archive_entry_set_filetype(e, AE_IFREG);
	bytes_need(archive_write_header(a, e) == ARCHIVE_OK &&
		   archive_write_data(a, in->p, in->size) == (la_ssize_t)in->size &&
		   archive_write_close(a) == ARCHIVE_OK);
	archive_entry_free(e);
	archive_write_free(a);
	return out;
}

static inline uint64_t judged_limit(const struct bytes *b, uint64_t limit)
{
	uint64_t can = 0;

	bytes_need(!initrd_judge(b->p, b->size, limit, &can));
	return can;
}

static inline uint64_t judged(const struct bytes *b)
{
	return judged_limit(b, 64u << 20);
}

#endif
