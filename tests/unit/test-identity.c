/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>

#include "identity.h"
#include "iso-image.h"
#include "tap.h"

#define BLOCKS (24u << 10) /* 48 MiB: more than is digested whole */
#define DEEP 40u           /* a directory that the path table leads to */
#define CATALOGUE 50u
#define MENU (5000 * IMAGE_BLOCK + 100)
#define SQUASHFS (6000 * (uint64_t)IMAGE_BLOCK)
#define SQUASHFS_LEN (4u << 20)
#define SQUASHFS_TABLE (3u << 20)

static const struct extent menu = { MENU, 300 };
static const struct extent squash = { SQUASHFS, SQUASHFS_LEN };

static struct identity of(const struct image *im)
{
	struct identity id = { { 0 } };

	ok(identity_compute(im->p, im->size, &menu, 1, &squash, 1, &id) == 0);
	return id;
}

static bool same(struct identity a, struct identity b)
{
	return !memcmp(a.digest, b.digest, IDENTITY_SIZE);
}

static void table_entry(struct image *im, size_t at, uint32_t block)
{
	uint8_t *p = im->p + 19 * IMAGE_BLOCK + at;

	p[0] = 1;
	for (int i = 0; i < 4; i++)
		p[2 + i] = (uint8_t)(block >> 8 * i);
	p[6] = 1;
	p[8] = 'D';
}

static struct image make(void)
{
	struct image im = image_new(BLOCKS);
	struct image_dir root = image_root(&im, 0), deep;
	uint8_t *boot = im.p + 17 * IMAGE_BLOCK;

	memcpy(im.p + 18 * IMAGE_BLOCK, "\xff" "CD001\1", 7);
	memset(boot, 0, IMAGE_BLOCK);
	memcpy(boot, "\0CD001\1EL TORITO SPECIFICATION", 30);
	boot[71] = CATALOGUE;
	image_record(&root, "D", 1, DEEP, 2 * IMAGE_BLOCK, 2, NULL);
	deep = image_dir(&im, DEEP, 2 * IMAGE_BLOCK, IMAGE_ROOT, NULL);
	image_record(&deep, "F", 1, 5000, 5, 0, NULL);
	im.p[16 * IMAGE_BLOCK + 132] = 20;
	table_entry(&im, 10, DEEP);
	memcpy(im.p + SQUASHFS, "hsqs", 4);
	im.p[SQUASHFS + 66] = SQUASHFS_TABLE >> 16;
	return im;
}

static void test_parts(void)
{
	static const struct {
		uint64_t at;
		bool counts;
		const char *what;
	} rows[] = {
		{ 0, true, "the first byte" },
		{ (64 << 10) - 1, true, "the last of the first 64 KiB" },
		{ (uint64_t)BLOCKS * IMAGE_BLOCK - 1, true, "the last byte" },
		{ (uint64_t)BLOCKS * IMAGE_BLOCK - (64 << 10), true, "the first of the last 64 KiB" },
		{ 16 * IMAGE_BLOCK + 813, true, "a descriptor" },
		{ 18 * IMAGE_BLOCK + 2047, true, "the terminator" },
		{ DEEP * IMAGE_BLOCK + 90, true, "a directory below" },
		{ (DEEP + 2) * IMAGE_BLOCK - 1, true, "its end" },
		{ CATALOGUE * IMAGE_BLOCK + 40, true, "the boot catalogue" },
		{ MENU, true, "a boot menu" },
		{ MENU + 299, true, "its end" },
		{ SQUASHFS + 10, true, "a squashfs' superblock" },
		{ SQUASHFS + SQUASHFS_TABLE, true, "its inode table" },
		{ SQUASHFS + SQUASHFS_LEN - 1, true, "its end" },
		{ (uint64_t)(BLOCKS * IMAGE_BLOCK - 4096) / 63 * 30 / 4096 * 4096 + 4095, true,
		  "the 31st sample" },
		/* The limit of it: all that is left out. */
		{ MENU + 300, false, "what is behind a menu" },
		{ SQUASHFS + SQUASHFS_LEN, false, "what is behind a squashfs" },
		{ SQUASHFS + SQUASHFS_TABLE - 1, false, "data of a squashfs" },
		{ (uint64_t)(BLOCKS * IMAGE_BLOCK - 4096) / 63 * 30 / 4096 * 4096 + 4096, false,
		  "between samples" },
	};
	struct image im = make();
	struct identity before = of(&im), after;

	ok(same(before, of(&im)));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		im.p[rows[i].at] ^= 0x40;
		tap_ok(same(before, of(&im)) == !rows[i].counts, "%s %s", rows[i].what,
		       rows[i].counts ? "counts" : "does not count");
		im.p[rows[i].at] ^= 0x40;
	}
	ok(same(before, of(&im)));
	ok(identity_compute(im.p, im.size, NULL, 0, &squash, 1, &after) == 0 && !same(before, after));
	ok(identity_compute(im.p, im.size, &menu, 1, NULL, 0, &after) == 0 && !same(before, after));
	im.size -= IMAGE_BLOCK;
	ok(!same(before, of(&im)));
	im.size += IMAGE_BLOCK;
	image_free(&im);
}

static void test_order(void)
{
	static const struct extent ab[] = { { 5000000, 10 }, { 6000000, 10 } },
				   ba[] = { { 6000000, 10 }, { 5000000, 10 } };
	struct image im = make();
	struct identity x, y;

	ok(identity_compute(im.p, im.size, ab, 2, NULL, 0, &x) == 0);
	ok(identity_compute(im.p, im.size, ba, 2, NULL, 0, &y) == 0 && !same(x, y));
	image_free(&im);
}

static void test_whole(void)
{
	struct image im = image_new(IDENTITY_WHOLE / IMAGE_BLOCK);
	struct identity before, after;
	static const uint8_t pxefs[IDENTITY_SIZE] = {
		0x74, 0xde, 0xd7, 0xaa, 0xbf, 0x28, 0x19, 0x00,
		0xdb, 0xe1, 0xb7, 0xdf, 0x9e, 0x3a, 0x3e, 0x39,
		0x9c, 0x06, 0x67, 0xdb, 0xf0, 0xe3, 0x1c, 0xfd,
		0xe1, 0xf3, 0xec, 0x89, 0x7c, 0x02, 0x50, 0x6d,
	};

	ok(identity_compute(im.p, im.size, NULL, 0, NULL, 0, &before) == 0);
	im.p[12345678] = 1;
	ok(identity_compute(im.p, im.size, NULL, 0, NULL, 0, &after) == 0 && !same(before, after));
	image_free(&im);
	ok(identity_compute("", 0, NULL, 0, NULL, 0, &after) == 0);
	/* Other digests are other ids: every handle that a client has would be stale. */
	ok(identity_compute("pxefs", 5, NULL, 0, NULL, 0, &after) == 0 &&
	   !memcmp(after.digest, pxefs, IDENTITY_SIZE));
}

/* Nothing malformed is an error, and nothing makes it read more than it says. */
static void test_malformed(void)
{
	struct image im = make();
	const struct extent outside[] = {
		{ 1, UINT64_MAX }, { UINT64_MAX, 2 }, { im.size, 1 }, { im.size - 1, 2 }
	};
	const struct extent large = { 0, im.size };
	struct identity id, other;
	struct timespec begin, end;

	ok(identity_compute(im.p, im.size, outside, 4, outside, 4, &id) == 0);
	memset(im.p + 16 * IMAGE_BLOCK + 132, 0xff, 12);
	of(&im);
	memset(im.p + 17 * IMAGE_BLOCK + 71, 0xff, 4);
	of(&im);
	/* A path table over all of the image, each entry a directory over all of it. */
	image_le32be32(im.p + 16 * IMAGE_BLOCK + 132, 0xffffffff);
	memset(im.p + 16 * IMAGE_BLOCK + 140, 0, 4);
	im.p[16 * IMAGE_BLOCK + 140] = 60;
	for (size_t at = 60 * IMAGE_BLOCK; at + 10 <= im.size; at += 10) {
		im.p[at] = 1;
		im.p[at + 2] = IMAGE_ROOT;
	}
	image_le32be32(im.p + IMAGE_ROOT * IMAGE_BLOCK + 10, 0xffffffff);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	of(&im);
	clock_gettime(CLOCK_MONOTONIC, &end);
	tap_ok(end.tv_sec - begin.tv_sec < 20, "a path table that leads everywhere: %ld s",
	       (long)(end.tv_sec - begin.tv_sec));
	image_free(&im);

	/* Of 48 MiB of squashfs metadata the middle is not looked at: it cannot be, here. */
	im = make();
	memcpy(im.p, "hsqs", 4);
	ok(identity_compute(im.p, im.size, NULL, 0, &large, 1, &id) == 0);
	im.p[20 << 20] ^= 1;
	ok(identity_compute(im.p, im.size, NULL, 0, &large, 1, &other) == 0 && same(id, other));
	im.p[7 << 20] ^= 1;
	ok(identity_compute(im.p, im.size, NULL, 0, &large, 1, &other) == 0 && !same(id, other));
	image_free(&im);
}

static void test_hash(void)
{
	const struct identity_part a_bc[] = { { "a", 1 }, { "bc", 2 } }, ab_c[] = { { "ab", 2 }, { "c", 1 } };
	const struct identity_part abc[] = { { "abc", 3 } }, empty[] = { { NULL, 0 }, { "", 0 } };

	ok(identity_hash(a_bc, 2) == UINT64_C(0xbec0c6b6a1cc8a9a));
	ok(identity_hash(NULL, 0) == UINT64_C(0x141cfc9842c4b0e3));
	ok(identity_hash(empty, 2) == UINT64_C(0xd59d71f7ff084737));
	ok(identity_hash(a_bc, 2) != identity_hash(ab_c, 2));
	ok(identity_hash(a_bc, 2) != identity_hash(abc, 1) &&
	   identity_hash(empty, 1) != identity_hash(empty, 2));
}

int main(void)
{
	test_parts();
	test_order();
	test_whole();
	test_malformed();
	test_hash();
	return tap_done();
}
