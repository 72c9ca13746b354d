/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "initrd_private.h"

/* Where a compressed part ends. libarchive's filters for these formats read on behind it, and take what is not
 * theirs for damage; what they had decompressed last is lost then. */

#define INITRD_WINDOW_MAX (256u << 20) /* bytes; xz -9 and zstd --ultra take 64 and 128 MiB */

/* A place in the bytes; ok is false for ever once something was not there. */
struct initrd_cursor {
	const uint8_t *p;
	size_t size, at;
	bool ok;
};

static const uint8_t *initrd_take(struct initrd_cursor *c, uint64_t n)
{
	const uint8_t *p = c->p + c->at;

	if (!c->ok || n > c->size - c->at) {
		c->ok = false;
		return NULL;
	}
	c->at += (size_t)n;
	return p;
}

static uint8_t initrd_byte(struct initrd_cursor *c)
{
	const uint8_t *p = initrd_take(c, 1);

	return p ? *p : 0;
}

static uint32_t initrd_word(struct initrd_cursor *c)
{
	const uint8_t *p = initrd_take(c, 4);

	return p ? le32(p) : 0;
}

static size_t initrd_end(const struct initrd_cursor *c)
{
	return c->ok ? c->at : 0;
}

/* --- xz (the format's own description, xz-file-format.txt) -------------------------------------- */

/* A number of up to nine groups of seven bits. */
static uint64_t initrd_vli(struct initrd_cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint8_t b = initrd_byte(c);

		value |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return value;
	}
	c->ok = false;
	return 0;
}

static uint64_t initrd_xz_window(uint8_t bits)
{
	return bits > 40 ? UINT64_MAX : bits == 40 ? UINT32_MAX : (uint64_t)(2 | (bits & 1)) << (bits / 2 + 11);
}

/* A block's header: filters, of which LZMA2 is the last, so that its chunks follow. */
static void initrd_xz_header(struct initrd_cursor *c, uint8_t size_byte)
{
	size_t begin = c->at - 1, end = begin + ((size_t)size_byte + 1) * 4;
	uint8_t flags = initrd_byte(c);
	uint64_t filter = 0;

	if (flags & 0x40)
		initrd_vli(c);
	if (flags & 0x80)
		initrd_vli(c);
	for (unsigned i = 0; i <= (flags & 3u) && c->ok; i++) {
		uint64_t props;

		filter = initrd_vli(c);
		props = initrd_vli(c);
		if (filter == 0x21 && (props != 1 || c->at >= c->size ||
				       initrd_xz_window(c->p[c->at]) > INITRD_WINDOW_MAX))
			c->ok = false;
		initrd_take(c, props);
	}
	if (filter != 0x21 || c->at > end)
		c->ok = false;
	if (c->ok)
		initrd_take(c, end - c->at);
}

static void initrd_xz_chunks(struct initrd_cursor *c)
{
	while (c->ok) {
		uint8_t control = initrd_byte(c);
		const uint8_t *sizes;

		if (!control)
			return;
		if (control > 2 && control < 0x80)
			c->ok = false;
		sizes = initrd_take(c, control < 0x80 ? 2 : 4);
		if (!sizes)
			return;
		sizes += control < 0x80 ? 0 : 2;
		initrd_take(c, ((uint64_t)sizes[0] << 8 | sizes[1]) + 1 + (control >= 0xc0));
	}
}

size_t initrd_xz_size(const uint8_t *p, size_t size)
{
	static const uint8_t check_sizes[16] = {0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64};
	struct initrd_cursor c = {p, size, 0, true};
	const uint8_t *head = initrd_take(&c, 12);
	uint64_t blocks = 0, records;
	uint8_t b;

	if (!head || memcmp(head, "\xfd" "7zXZ\0", 6))
		return 0;
	while (c.ok && (b = initrd_byte(&c))) {
		initrd_xz_header(&c, b);
		initrd_xz_chunks(&c);
		initrd_take(&c, -c.at & 3);
		initrd_take(&c, check_sizes[head[7] & 15]);
		blocks++;
	}
	/* The index has two numbers a block. */
	records = initrd_vli(&c);
	if (records != blocks)
		return 0;
	for (uint64_t i = 0; i < 2 * records && c.ok; i++)
		initrd_vli(&c);
	initrd_take(&c, -c.at & 3);
	initrd_take(&c, 4 + 12);
	return c.ok && !memcmp(p + c.at - 2, "YZ", 2) ? c.at : 0;
}

/* --- zstd (RFC 8878) ---------------------------------------------------------------------------- */

size_t initrd_zstd_size(const uint8_t *p, size_t size)
{
	static const uint8_t id_sizes[4] = {0, 1, 2, 4}, content_sizes[4] = {0, 2, 4, 8};
	struct initrd_cursor c = {p, size, 0, true};
	uint8_t flags;
	bool single, last = false;

	if (initrd_word(&c) != 0xfd2fb528)
		return 0;
	flags = initrd_byte(&c);
	single = flags & 0x20;
	if (!single) {
		uint8_t window = initrd_byte(&c);

		if (window >> 3 > 18 || (window >> 3 == 18 && window & 7))
			return 0;
	}
	initrd_take(&c, id_sizes[flags & 3] + (single && !(flags >> 6) ? 1u : content_sizes[flags >> 6]));
	while (c.ok && !last) {
		const uint8_t *b = initrd_take(&c, 3);
		uint32_t head = b ? (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 : 0;

		last = head & 1;
		if ((head >> 1 & 3) == 3)
			return 0;
		/* One byte that is repeated is one byte. */
		initrd_take(&c, (head >> 1 & 3) == 1 ? 1 : head >> 3);
	}
	if (flags & 4)
		initrd_take(&c, 4);
	return initrd_end(&c);
}

/* --- lz4 (its lz4_Frame_format.md) -------------------------------------------------------------- */

#define INITRD_LZ4_LEGACY_BLOCK ((8u << 20) + (8u << 20) / 255 + 16) /* the most that 8 MiB become */

size_t initrd_lz4_size(const uint8_t *p, size_t size)
{
	struct initrd_cursor c = {p, size, 0, true};
	uint8_t flags;

	if (initrd_word(&c) != 0x184d2204)
		return 0;
	flags = initrd_byte(&c);
	initrd_take(&c, 1 + (flags & 8 ? 8u : 0u) + (flags & 1 ? 4u : 0u) + 1);
	while (c.ok) {
		uint32_t block = initrd_word(&c);

		if (!block)
			break;
		initrd_take(&c, (block & 0x7fffffff) + (flags & 0x10 ? 4ull : 0ull));
	}
	if (flags & 4)
		initrd_take(&c, 4);
	return initrd_end(&c);
}

size_t initrd_lz4_legacy_size(const uint8_t *p, size_t size)
{
	struct initrd_cursor c = {p, size, 0, true};

	if (initrd_word(&c) != 0x184c2102)
		return 0;
	while (c.ok && c.size - c.at >= 4) {
		uint32_t block = le32(p + c.at);

		if (!block || block > INITRD_LZ4_LEGACY_BLOCK || block > c.size - c.at - 4)
			break;
		initrd_take(&c, 4 + (uint64_t)block);
	}
	return initrd_end(&c);
}
