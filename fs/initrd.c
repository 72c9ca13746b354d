/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>

#include "initrd_private.h"

/* An initrd is what the kernel unpacks: any number of archives, plain or compressed, with zeros between them. Each
 * compressed part goes through one filter of libarchive, which is named here and not guessed there, so that
 * nothing is unpacked twice and no program is started for a format that the library was built without. */

#define INITRD_PARTS 64	       /* compressed ones; real initrds have one to three */
#define INITRD_BLOCK (256u << 10) /* bytes that a filter is given at a time */

static const struct {
	uint8_t magic[4];
	size_t magic_size;
	int filter;
	int (*support)(struct archive *);
	size_t (*size)(const uint8_t *p, size_t size); /* NULL where the filter stops at the end by itself */
} initrd_formats[] = {
	{{0x1f, 0x8b}, 2, ARCHIVE_FILTER_GZIP, archive_read_support_filter_gzip, NULL},
	{{'B', 'Z', 'h'}, 3, ARCHIVE_FILTER_BZIP2, archive_read_support_filter_bzip2, NULL},
	{{0x5d, 0x00}, 2, ARCHIVE_FILTER_LZMA, archive_read_support_filter_lzma, NULL},
	{{0xfd, '7', 'z', 'X'}, 4, ARCHIVE_FILTER_XZ, archive_read_support_filter_xz, initrd_xz_size},
	{{0x89, 'L', 'Z', 'O'}, 4, ARCHIVE_FILTER_LZOP, archive_read_support_filter_lzop, NULL},
	{{0x02, 0x21, 0x4c, 0x18}, 4, ARCHIVE_FILTER_LZ4, archive_read_support_filter_lz4, initrd_lz4_legacy_size},
	{{0x04, 0x22, 0x4d, 0x18}, 4, ARCHIVE_FILTER_LZ4, archive_read_support_filter_lz4, initrd_lz4_size},
	{{0x28, 0xb5, 0x2f, 0xfd}, 4, ARCHIVE_FILTER_ZSTD, archive_read_support_filter_zstd, initrd_zstd_size},
};

static int initrd_format(const uint8_t *p, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(initrd_formats); i++)
		if (size >= initrd_formats[i].magic_size &&
		    !memcmp(p, initrd_formats[i].magic, initrd_formats[i].magic_size))
			return (int)i;
	return -1;
}

/* .lzma says its window in its header; one of 4 GiB would be asked for in one piece. */
static bool initrd_lzma_fits(const uint8_t *p, size_t size)
{
	return size >= 13 && le32(p + 1) <= 256u << 20;
}

/* Feeds what comes out of the archive to the walk. 0; -EBADMSG where it is damaged or no archive; -E2BIG; -ENOMEM. */
static int initrd_read(struct archive *a, struct initrd_walk *w, uint64_t *limit)
{
	struct archive_entry *entry;
	const void *data;
	la_int64_t off;
	size_t len;
	int r = archive_read_next_header(a, &entry);

	w->closed = false;
	while (r == ARCHIVE_OK || r == ARCHIVE_WARN) {
		r = archive_read_data_block(a, &data, &len, &off);
		if (r == ARCHIVE_EOF)
			break;
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			break;
		if (len > *limit)
			return -E2BIG;
		*limit -= len;
		if (initrd_walk_feed(w, data, len) != len || w->bad)
			return -EBADMSG;
	}
	/* Here the kernel insists on a trailer, and some formats cannot tell that they are cut. */
	if (r == ARCHIVE_EOF)
		return w->state == INITRD_BETWEEN && w->closed ? 0 : -EBADMSG;
	return archive_errno(a) == ENOMEM ? -ENOMEM : -EBADMSG;
}

/* One compressed part at p; *used is its size. */
static int initrd_unpack(int format, const uint8_t *p, size_t size, struct initrd_walk *w, uint64_t *limit,
			 size_t *used)
{
	struct archive *a;
	size_t part = size;
	int r = -EBADMSG;

	if (initrd_formats[format].filter == ARCHIVE_FILTER_LZMA && !initrd_lzma_fits(p, size))
		return -EBADMSG;
	if (initrd_formats[format].size)
		part = initrd_formats[format].size(p, size);
	if (!part)
		return -EBADMSG;
	a = archive_read_new();
	if (!a)
		return -ENOMEM;
	/* ARCHIVE_WARN: an external program would do it. */
	if (initrd_formats[format].support(a) == ARCHIVE_OK &&
	    archive_read_append_filter(a, initrd_formats[format].filter) == ARCHIVE_OK &&
	    archive_read_support_format_raw(a) == ARCHIVE_OK &&
	    archive_read_support_format_empty(a) == ARCHIVE_OK &&
	    archive_read_open_memory2(a, p, part, INITRD_BLOCK) == ARCHIVE_OK)
		r = initrd_read(a, w, limit);
	/* Of the last filter, the one that reads memory. */
	*used = initrd_formats[format].size ? part : (size_t)archive_filter_bytes(a, -1);
	archive_read_free(a);
	return r;
}

int initrd_judge(const void *p, size_t size, uint64_t limit, uint64_t *can)
{
	const uint8_t *bytes = p;
	struct initrd_walk *w = calloc(1, sizeof(*w));
	size_t at = 0, used;
	int r = 0;

	if (!w)
		return -ENOMEM;
	for (unsigned parts = 0; !r; parts++) {
		int format;

		at += initrd_walk_feed(w, bytes + at, size - at);
		if (at == size || w->bad)
			break;
		format = initrd_format(bytes + at, size - at);
		r = format < 0 || parts == INITRD_PARTS
			    ? -EBADMSG
			    : initrd_unpack(format, bytes + at, size - at, w, &limit, &used);
		if (!r && (!used || used > size - at))
			r = -EBADMSG;
		if (!r)
			at += used;
	}
	if (!r && (w->bad || w->state != INITRD_BETWEEN))
		r = -EBADMSG;
	*can = initrd_marks_can(w->marks) | (r ? INITRD_CUT : INITRD_JUDGED);
	free(w->text);
	free(w);
	return r == -ENOMEM ? r : 0;
}
