/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <nettle/sha2.h>
#include <sys/mman.h>
#include <unistd.h>

#include "identity.h"
#include "volume_iso.h"

#define EDGE ((size_t)64 << 10)           /* of each end of the image */
#define SAMPLE ((size_t)4 << 10)
#define SAMPLES 64
#define DIRECTORIES_MAX ((uint64_t)64 << 20) /* path tables included */
#define SQUASHFS_MAX ((uint64_t)16 << 20)
#define SQUASHFS_SUPER 96
#define CATALOGUE 2048
#define FETCH_STEP ((size_t)128 << 10)
#define FETCH_AHEAD ((size_t)1 << 20)

/* What a piece of the digest is, so that pieces of different kinds are never taken for each other. */
enum piece {
	PIECE_WHOLE,
	PIECE_SIZE,
	PIECE_DESCRIPTORS,
	PIECE_TABLE,
	PIECE_DIRECTORY,
	PIECE_CATALOGUE,
	PIECE_RANGE,
	PIECE_SQUASHFS,
	PIECE_EDGE,
	PIECE_SAMPLE
};

struct digest {
	struct sha256_ctx sha;
	const uint8_t *map;
	uint64_t size;
	uint64_t budget; /* of DIRECTORIES_MAX, what is left */
};

static void put64(uint8_t *p, uint64_t n)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(n >> 8 * i);
}

/* The map is one that reads nothing ahead, because that suits the parsers; a long piece would then come from the
 * disk a page at a time, which is ten times slower. Asked for a step at a time, since the kernel cuts a long wish
 * short. Advice only: no matter whether it is taken. */
static void piece_fetch(const uint8_t *piece, size_t len, size_t at)
{
	size_t before, step;

	if (at >= len || len <= ISO_BLOCK)
		return;
	step = len - at < FETCH_STEP ? len - at : FETCH_STEP;
	before = (uintptr_t)(piece + at) % (size_t)getpagesize();
	madvise((void *)(uintptr_t)(piece + at - before), step + before, MADV_WILLNEED);
}

static void piece_update(struct digest *d, const uint8_t *piece, size_t len)
{
	for (size_t at = 0; at < FETCH_AHEAD; at += FETCH_STEP)
		piece_fetch(piece, len, at);
	for (size_t at = 0; at < len; at += FETCH_STEP) {
		piece_fetch(piece, len, at + FETCH_AHEAD);
		sha256_update(&d->sha, len - at < FETCH_STEP ? len - at : FETCH_STEP, piece + at);
	}
}

/* Digests what the image has of [offset, offset + len), with where it is: that tells pieces apart. */
static void piece_add(struct digest *d, enum piece kind, uint64_t offset, uint64_t len)
{
	uint8_t head[17] = { (uint8_t)kind };

	if (offset > d->size)
		offset = d->size;
	if (len > d->size - offset)
		len = d->size - offset;
	put64(head + 1, offset);
	put64(head + 9, len);
	sha256_update(&d->sha, sizeof(head), head);
	piece_update(d, d->map + offset, (size_t)len);
}

static uint64_t budget_take(struct digest *d, uint64_t len)
{
	if (len > d->budget)
		len = d->budget;
	d->budget -= len;
	return len;
}

/* The records of the directory at offset: its first, ".", says how many bytes they are. */
static void directory_add(struct digest *d, uint64_t offset)
{
	struct iso_record dot;
	size_t len;

	if (!range_inside(offset, ISO_BLOCK, d->size) ||
	    iso_record_parse(d->map + offset, ISO_BLOCK, &dot, &len) < 0)
		return;
	piece_add(d, PIECE_DIRECTORY, offset, budget_take(d, dot.size));
}

/* A path table, ECMA-119 9.4: for each directory the length of its identifier, the length of its extended
 * attribute record, its block, its parent's number and the identifier, padded to an even length. */
static void table_add(struct digest *d, const uint8_t *descriptor)
{
	uint64_t at = (uint64_t)le32(descriptor + 140) * ISO_BLOCK, len = le32(descriptor + 132);

	if (at > d->size)
		return;
	if (len > d->size - at)
		len = d->size - at;
	len = budget_take(d, len);
	piece_add(d, PIECE_TABLE, at, len);
	while (len >= 8 && d->map[at] && d->budget) {
		uint64_t entry = 8 + d->map[at] + (d->map[at] & 1);

		directory_add(d, ((uint64_t)le32(d->map + at + 2) + d->map[at + 1]) * ISO_BLOCK);
		if (entry > len)
			return;
		at += entry;
		len -= entry;
	}
}

static void descriptors_add(struct digest *d)
{
	uint64_t at = ISO_SYSTEM_AREA, end = ISO_SYSTEM_AREA + ISO_DESCRIPTORS;

	for (; at < end && range_inside(at, ISO_BLOCK, d->size) && !memcmp(d->map + at + 1, "CD001", 5);
	     at += ISO_BLOCK) {
		uint8_t type = d->map[at];

		piece_add(d, PIECE_DESCRIPTORS, at, ISO_BLOCK);
		if (type == 1 || type == 2)
			table_add(d, d->map + at);
		if (type == 255)
			return;
	}
}

/* El Torito 1.0: the boot record in sector 17 says where the catalogue is. */
static void catalogue_add(struct digest *d)
{
	const uint64_t at = 17 * (uint64_t)ISO_BLOCK;

	if (range_inside(at, ISO_BLOCK, d->size) &&
	    !memcmp(d->map + at, "\0CD001\1EL TORITO SPECIFICATION", 30))
		piece_add(d, PIECE_CATALOGUE, (uint64_t)le32(d->map + at + 71) * ISO_BLOCK, CATALOGUE);
}

/* A superblock holds sizes, times and where the tables are; from the inode table on, all is metadata of
 * files, and at its end come the tables. Of very long ones both halves' ends are taken. */
static void squashfs_add(struct digest *d, const struct extent *x)
{
	uint64_t table, rest, left = SQUASHFS_MAX - SQUASHFS_SUPER;

	if (!range_inside(x->offset, x->length, d->size) || x->length < SQUASHFS_SUPER)
		return;
	piece_add(d, PIECE_SQUASHFS, x->offset, SQUASHFS_SUPER);
	table = le64(d->map + x->offset + 64);
	if (memcmp(d->map + x->offset, "hsqs", 4) || table > x->length)
		table = SQUASHFS_SUPER;
	rest = x->length - table;
	if (rest <= left) {
		piece_add(d, PIECE_SQUASHFS, x->offset + table, rest);
		return;
	}
	piece_add(d, PIECE_SQUASHFS, x->offset + table, left / 2);
	piece_add(d, PIECE_SQUASHFS, x->offset + x->length - left / 2, left / 2);
}

int identity_compute(const void *map, size_t size, const struct extent *ranges, size_t range_count,
		     const struct extent *squashfs, size_t squashfs_count, struct identity *out)
{
	struct digest d = { .map = map, .size = size, .budget = DIRECTORIES_MAX };

	sha256_init(&d.sha);
	if (size <= IDENTITY_WHOLE) {
		piece_add(&d, PIECE_WHOLE, 0, size);
		sha256_digest(&d.sha, IDENTITY_SIZE, out->digest);
		return 0;
	}
	piece_add(&d, PIECE_SIZE, size, 0);
	descriptors_add(&d);
	catalogue_add(&d);
	for (size_t i = 0; i < range_count; i++)
		piece_add(&d, PIECE_RANGE, ranges[i].offset, ranges[i].length);
	for (size_t i = 0; i < squashfs_count; i++)
		squashfs_add(&d, &squashfs[i]);
	piece_add(&d, PIECE_EDGE, 0, EDGE);
	piece_add(&d, PIECE_EDGE, size - EDGE, EDGE);
	/* Each a page of its own, the first and the last at the ends. */
	for (uint64_t i = 0; i < SAMPLES; i++)
		piece_add(&d, PIECE_SAMPLE, (size - SAMPLE) / (SAMPLES - 1) * i / SAMPLE * SAMPLE, SAMPLE);
	sha256_digest(&d.sha, IDENTITY_SIZE, out->digest);
	return 0;
}

uint64_t identity_hash(const struct identity_part *parts, size_t count)
{
	uint8_t bytes[IDENTITY_SIZE];
	struct sha256_ctx sha;

	sha256_init(&sha);
	for (size_t i = 0; i < count; i++) {
		put64(bytes, parts[i].len);
		sha256_update(&sha, 8, bytes);
		sha256_update(&sha, parts[i].len, parts[i].data);
	}
	sha256_digest(&sha, IDENTITY_SIZE, bytes);
	return le64(bytes);
}
