/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TEST_ISO_IMAGE_H
#define PXEFS_TEST_ISO_IMAGE_H

/* Writes ISO 9660 images byte by byte, for what no tool would write. The root directory is in block 20, one
 * block long; the rest is the test's to fill. Errors abort: this is for tests. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define IMAGE_BLOCK 2048u
#define IMAGE_ROOT 20u

struct image {
	uint8_t *p;
	size_t size;
};

/* A place where the next directory record goes. */
struct image_dir {
	uint8_t *p;
	uint32_t block, size;
	size_t at;
};

/* The system use area of one record. */
struct image_use {
	uint8_t p[255];
	size_t len;
};

static inline void image_le32be32(uint8_t *p, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = p[7 - i] = (uint8_t)(n >> 8 * i);
}

/* Writes the record and returns it. */
static inline uint8_t *image_record(struct image_dir *d, const void *id, size_t id_len, uint32_t block,
				    uint32_t size, uint8_t flags, const struct image_use *use)
{
	size_t len = 33 + id_len + !(id_len & 1), use_len = use ? use->len : 0;
	uint8_t *r;

	len += use_len;
	len += len & 1;
	if (len > 255)
		abort();
	if (d->at % IMAGE_BLOCK + len > IMAGE_BLOCK)
		d->at += IMAGE_BLOCK - d->at % IMAGE_BLOCK;
	if (d->at + len > d->size)
		abort();
	r = d->p + d->at;
	d->at += len;
	r[0] = (uint8_t)len;
	image_le32be32(r + 2, block);
	image_le32be32(r + 10, size);
	memcpy(r + 18, "\x7e\x03\x04\x05\x06\x07\x00", 7); /* 2026-03-04 05:06:07 */
	r[25] = flags;
	r[28] = r[31] = 1;
	r[32] = (uint8_t)id_len;
	memcpy(r + 33, id, id_len);
	if (use_len)
		memcpy(r + 33 + id_len + !(id_len & 1), use->p, use_len);
	return r;
}

/* An entry of Rock Ridge's or SUSP's, version 1. */
static inline void image_use_add(struct image_use *u, const char *signature, const void *data, size_t len)
{
	if (u->len + 4 + len > sizeof(u->p))
		abort();
	memcpy(u->p + u->len, signature, 2);
	u->p[u->len + 2] = (uint8_t)(4 + len);
	u->p[u->len + 3] = 1;
	memcpy(u->p + u->len + 4, data, len);
	u->len += 4 + len;
}

static inline void image_use_mode(struct image_use *u, uint32_t mode, uint32_t serial)
{
	uint8_t data[40] = { 0 };

	image_le32be32(data, mode);
	image_le32be32(data + 8, 1);
	image_le32be32(data + 32, serial);
	image_use_add(u, "PX", data, sizeof(data));
}

static inline void image_use_name(struct image_use *u, const void *name, size_t len)
{
	uint8_t data[255] = { 0 };

	memcpy(data + 1, name, len);
	image_use_add(u, "NM", data, len + 1);
}

static inline void image_use_area(struct image_use *u, uint32_t block, uint32_t offset, uint32_t len)
{
	uint8_t data[24];

	image_le32be32(data, block);
	image_le32be32(data + 8, offset);
	image_le32be32(data + 16, len);
	image_use_add(u, "CE", data, sizeof(data));
}

static inline struct image_dir image_dir(struct image *im, uint32_t block, uint32_t size, uint32_t parent,
					 const struct image_use *dot)
{
	struct image_dir d = { im->p + (size_t)block * IMAGE_BLOCK, block, size, 0 };

	image_record(&d, "\0", 1, block, size, 2, dot);
	image_record(&d, "\1", 1, parent, IMAGE_BLOCK, 2, NULL);
	return d;
}

/* Volume descriptors into p, which has 32 blocks or more; blocks is what they say of the volume's size. */
static inline void image_describe(uint8_t *p, uint32_t blocks, uint32_t root, uint32_t root_size)
{
	uint8_t *v = p + 16 * IMAGE_BLOCK;
	struct image_dir d = { v + 156, 0, 34, 0 };

	memcpy(v, "\1CD001\1", 7);
	memset(v + 8, ' ', 64);
	memcpy(v + 40, "TEST_LABEL", 10);
	image_le32be32(v + 80, blocks);
	v[120] = v[123] = v[124] = v[127] = 1;
	v[129] = v[130] = 8; /* 2048 */
	v[132] = 10;
	v[140] = 19; /* type L path table */
	v[151] = 19;
	image_record(&d, "\0", 1, root, root_size, 2, NULL);
	memcpy(v + 813, "2026010203040500", 16);
	v[881] = 1;
	memcpy(v + IMAGE_BLOCK, "\xff" "CD001\1", 7);
	p[19 * IMAGE_BLOCK] = 1; /* a path table with the root alone */
	p[19 * IMAGE_BLOCK + 2] = (uint8_t)root;
	p[19 * IMAGE_BLOCK + 6] = 1;
}

static inline struct image image_new(uint32_t blocks)
{
	struct image im = { NULL, (size_t)blocks * IMAGE_BLOCK };

	im.p = mmap(NULL, im.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (im.p == MAP_FAILED)
		abort();
	image_describe(im.p, blocks, IMAGE_ROOT, IMAGE_BLOCK);
	return im;
}

static inline void image_free(struct image *im)
{
	munmap(im->p, im->size);
}

/* The root directory; with Rock Ridge its record "." says so. */
static inline struct image_dir image_root(struct image *im, int rock_ridge)
{
	struct image_use use = { .len = 0 };

	if (rock_ridge) {
		image_use_add(&use, "SP", "\xbe\xef\0", 3);
		image_use_mode(&use, 040755, 1);
	}
	return image_dir(im, IMAGE_ROOT, IMAGE_BLOCK, IMAGE_ROOT, &use);
}

/* Fills a block with a letter, so that a wrong one is seen. */
static inline void image_fill(struct image *im, uint32_t block, uint32_t count, char letter)
{
	memset(im->p + (size_t)block * IMAGE_BLOCK, letter, (size_t)count * IMAGE_BLOCK);
}

#endif
