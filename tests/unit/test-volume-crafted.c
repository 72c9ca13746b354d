/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "iso-image.h"
#include "tap.h"
#include "volume.h"
#include "volume-sound.h"

/* Images that no tool writes: hostile, broken or only unusual. What the tools write is in test-volume.c. */

#define DIR 2u
#define MORE 0x80u

static struct volume *read_image(const struct image *im)
{
	struct volume *v = NULL;
	struct reason why = { "" };
	int r = volume_read(im->p, im->size, &v, &why);

	if (!tap_ok(r == 0, "reads: %d %s", r, why.text))
		return NULL;
	ok(volume_sound(v, im->size));
	return v;
}

static void refuses(struct image *im, int error, const char *words, const char *what)
{
	struct volume *v = NULL;
	struct reason why = { "" };
	int r = volume_read(im->p, im->size, &v, &why);

	tap_ok(r == error && !v && strstr(why.text, words), "%s: %d %s", what, r, why.text);
	volume_free(v);
	image_free(im);
}

static const struct volume_entry *find(const struct volume *v, const char *path)
{
	uint32_t n;

	return v && volume_lookup(v, 0, path, 0, &n) == 0 ? &v->entries[n] : NULL;
}

static bool content_is(const struct volume *v, const struct image *im, const char *path, const char *text)
{
	char *data = NULL;
	size_t len = 0;
	uint32_t n;
	bool same;

	if (!v || volume_lookup(v, 0, path, 0, &n) || volume_file_dup(v, im->p, n, 1 << 20, &data, &len))
		return false;
	same = len == strlen(text) && !memcmp(data, text, len + 1);
	free(data);
	return same;
}

static void test_plain(void)
{
	struct image im = image_new(40);
	struct image_dir root = image_root(&im, 0);
	const struct volume_entry *e;
	struct volume *v;
	uint8_t *r;

	memcpy(im.p + 30 * IMAGE_BLOCK, "hello", 5);
	memcpy(im.p + 32 * IMAGE_BLOCK, "behind", 6);
	image_record(&root, "README.TXT;1", 12, 30, 5, 0, NULL);
	image_record(&root, "EMPTY.;1", 8, 0xfffffff0, 0, 0, NULL);
	image_record(&root, "TWO.;2", 6, 30, 5, 0, NULL);
	r = image_record(&root, "XAR", 3, 31, 6, 0, NULL);
	r[1] = 1; /* blocks of extended attributes before the data */
	image_record(&root, "FORK", 4, 30, 5, 4, NULL);
	r = image_record(&root, "WOVEN", 5, 30, 5, 0, NULL);
	r[26] = r[27] = 1;
	v = read_image(&im);
	ok(v && v->count == 5 && v->skipped_count == 2 && !v->rock_ridge);
	ok(v && !strcmp(v->label, "TEST_LABEL") && v->created == 1767323045);
	e = find(v, "README.TXT");
	ok(e && e->mode == (S_IFREG | 0444) && e->size == 5 && e->mtime == 1772600767);
	ok(content_is(v, &im, "README.TXT", "hello") && content_is(v, &im, "XAR", "behind"));
	ok(content_is(v, &im, "EMPTY", "") && find(v, "TWO.;2"));
	ok(v && v->entries[0].mode == (S_IFDIR | 0555));
	volume_free(v);
	image_free(&im);
}

static void test_extents(void)
{
	static const struct {
		const char *name;
		uint32_t block[3];
		size_t extents;
		const char *letters;
	} rows[] = {
		{ "ADJACENT", { 30, 31, 32 }, 1, "abc" },
		{ "ASCENDING", { 30, 32, 34 }, 3, "ace" },
		{ "DESCENDING", { 34, 32, 30 }, 3, "eca" },
		{ "MIXED", { 33, 34, 30 }, 2, "dea" },
	};
	struct image im = image_new(40);
	struct image_dir root = image_root(&im, 0);
	struct volume *v;

	for (uint32_t i = 0; i < 6; i++)
		image_fill(&im, 30 + i, 1, (char)('a' + i));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t x = 0; x < 3; x++)
			image_record(&root, rows[i].name, strlen(rows[i].name), rows[i].block[x], IMAGE_BLOCK,
				     x < 2 ? MORE : 0, NULL);
	v = read_image(&im);
	for (size_t i = 0; v && i < ARRAY_SIZE(rows); i++) {
		const struct volume_entry *e = find(v, rows[i].name);
		char text[3 * IMAGE_BLOCK + 1] = "";

		for (size_t x = 0; x < 3; x++)
			memset(text + x * IMAGE_BLOCK, rows[i].letters[x], IMAGE_BLOCK);
		tap_ok(e && e->extent_count == rows[i].extents && content_is(v, &im, rows[i].name, text),
		       "%s", rows[i].name);
	}
	volume_free(v);
	image_free(&im);

	im = image_new(40);
	root = image_root(&im, 0);
	image_record(&root, "A", 1, 30, IMAGE_BLOCK, MORE, NULL);
	refuses(&im, -EBADMSG, "without its end", "a file whose last extent is missing");
	im = image_new(40);
	root = image_root(&im, 0);
	image_record(&root, "A", 1, 30, IMAGE_BLOCK, MORE, NULL);
	image_record(&root, "B", 1, 30, IMAGE_BLOCK, 0, NULL);
	refuses(&im, -EBADMSG, "without its end", "a file that goes on under another name");
}

/* 6 GiB of which only the directory is on disk. */
static void test_large_file(void)
{
	char path[] = "/tmp/pxefs-volume-XXXXXX";
	const uint32_t blocks = 3u << 20, part = 0xfffff800;
	struct image_dir root;
	struct volume *v;
	struct image im = { NULL, (size_t)blocks * IMAGE_BLOCK };
	const struct volume_entry *e;
	int fd = mkstemp(path);

	unlink(path);
	if (fd < 0 || sizeof(size_t) < 8 || ftruncate(fd, (off_t)im.size) < 0)
		goto out;
	im.p = mmap(NULL, im.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (im.p == MAP_FAILED)
		goto out;
	image_describe(im.p, blocks, IMAGE_ROOT, IMAGE_BLOCK);
	root = image_root(&im, 0);
	image_record(&root, "BIG", 3, 30, part, MORE, NULL);
	image_record(&root, "BIG", 3, 30 + part / IMAGE_BLOCK, 1u << 30, 0, NULL);
	image_record(&root, "LAST", 4, blocks - 1, IMAGE_BLOCK, 0, NULL);
	v = read_image(&im);
	e = find(v, "BIG");
	ok(e && e->size == (uint64_t)part + (1u << 30) && e->extent_count == 1);
	ok(e && v->extents[e->extent_first].offset == 30 * IMAGE_BLOCK &&
	   v->extents[e->extent_first].length == e->size);
	e = find(v, "LAST");
	ok(e && v->extents[e->extent_first].offset == im.size - IMAGE_BLOCK);
	volume_free(v);
	image_free(&im);
out:
	close(fd);
}

static void test_structure(void)
{
	struct image im = image_new(40);
	struct image_dir d = image_root(&im, 0), sub;
	struct volume *v;
	uint32_t n;

	image_record(&d, "D", 1, IMAGE_ROOT, IMAGE_BLOCK, DIR, NULL);
	refuses(&im, -EBADMSG, "inside itself", "the root below the root");

	im = image_new(40);
	d = image_root(&im, 0);
	image_record(&d, "D", 1, 30, IMAGE_BLOCK, DIR, NULL);
	sub = image_dir(&im, 30, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	image_record(&sub, "E", 1, 30, IMAGE_BLOCK, DIR, NULL);
	refuses(&im, -EBADMSG, "inside itself", "a directory that lists itself");

	/* Forty directories, each listing the next one twice: 2^40 paths. */
	im = image_new(80);
	d = image_root(&im, 0);
	for (uint32_t i = 0; i < 40; i++) {
		image_record(&d, "A", 1, 30 + i, IMAGE_BLOCK, DIR, NULL);
		image_record(&d, "B", 1, 30 + i, IMAGE_BLOCK, DIR, NULL);
		d = image_dir(&im, 30 + i, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	}
	refuses(&im, -EBADMSG, "overlap", "directories that fold out without end");

	for (uint32_t depth = 64; depth <= 65; depth++) {
		im = image_new(120);
		d = image_root(&im, 0);
		for (uint32_t i = 0; i < depth; i++) {
			image_record(&d, "D", 1, 30 + i, IMAGE_BLOCK, DIR, NULL);
			d = image_dir(&im, 30 + i, IMAGE_BLOCK, IMAGE_ROOT, NULL);
		}
		if (depth == 65) {
			refuses(&im, -EBADMSG, "64 levels", "65 levels");
			continue;
		}
		v = read_image(&im);
		ok(v && v->count == 65);
		volume_free(v);
		image_free(&im);
	}

	im = image_new(40);
	d = image_root(&im, 0);
	image_record(&d, "A.;1", 4, 30, 5, 0, NULL);
	image_record(&d, "A;1", 3, 30, 5, 0, NULL);
	refuses(&im, -EBADMSG, "\"A\" is there twice", "a path twice");

	im = image_new(40);
	d = image_root(&im, 0);
	image_record(&d, "D", 1, 39, 2 * IMAGE_BLOCK, DIR, NULL);
	refuses(&im, -EBADMSG, "outside", "a directory that ends behind the image");

	im = image_new(40);
	d = image_root(&im, 0);
	d.p[d.at] = 33;
	refuses(&im, -EBADMSG, "record", "a record too short");

	im = image_new(40);
	d = image_root(&im, 0);
	image_record(&d, "ABCDE", 5, 30, 5, 0, NULL);
	image_le32be32(im.p + 16 * IMAGE_BLOCK + 156 + 10, (uint32_t)d.at - 1);
	refuses(&im, -EBADMSG, "record", "a record that ends behind its directory");

	/* Anything goes as to order: data before directories, children before parents. */
	im = image_new(40);
	d = image_root(&im, 0);
	image_record(&d, "D", 1, 39, IMAGE_BLOCK, DIR, NULL);
	sub = image_dir(&im, 39, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	image_record(&sub, "E", 1, 24, IMAGE_BLOCK, DIR, NULL);
	sub = image_dir(&im, 24, IMAGE_BLOCK, 39, NULL);
	image_record(&sub, "F", 1, 22, 3, 0, NULL);
	memcpy(im.p + 22 * IMAGE_BLOCK, "low", 3);
	v = read_image(&im);
	ok(content_is(v, &im, "D/E/F", "low"));
	ok(v && volume_lookup(v, 0, "D/E/F/..", 0, &n) == -ENOTDIR);
	volume_free(v);
	image_free(&im);
}

static void test_truncated(void)
{
	struct image im = image_new(40);
	struct image_dir d = image_root(&im, 0);
	struct volume *v = NULL;
	struct reason why;
	bool caught = true;

	image_record(&d, "A", 1, 38, 2 * IMAGE_BLOCK, 0, NULL);
	ok(volume_read(im.p, im.size, &v, &why) == 0);
	volume_free(v);
	for (size_t size = 0; size < im.size; size += 512) {
		v = NULL;
		caught &= volume_read(im.p, size, &v, &why) < 0 && !v;
	}
	ok(caught);
	/* The same where the descriptor does not tell. */
	image_le32be32(im.p + 16 * IMAGE_BLOCK + 80, 30);
	ok(volume_read(im.p, im.size - 1, &v, &why) == -EBADMSG && strstr(why.text, "truncated"));
	ok(volume_read(im.p, im.size, &v, &why) == 0);
	volume_free(v);
	image_free(&im);
}

/* A fault tells: the pages of the file's content cannot be read. */
static void test_untouched(void)
{
	struct image im = image_new(64);
	struct image_dir d = image_root(&im, 1);
	struct image_use use = { .len = 0 };
	struct volume *v;

	image_use_mode(&use, 0100644, 2);
	image_use_add(&use, "ZF", "pz\x04\x0f\0\x10\0\0\0\0\x10\0", 12);
	image_record(&d, "A", 1, 32, 16 * IMAGE_BLOCK, 0, NULL);
	image_record(&d, "Z", 1, 48, 16 * IMAGE_BLOCK, 0, &use);
	ok(mprotect(im.p + im.size / 2, im.size / 2, PROT_NONE) == 0);
	v = read_image(&im);
	ok(v && find(v, "A")->size == 16 * IMAGE_BLOCK);
	volume_free(v);
	image_free(&im);
}

static void test_rockridge(void)
{
	char long_name[300];
	struct image im = image_new(48);
	struct image_dir d = image_root(&im, 1), moved, deep;
	struct image_use use, area;
	struct volume *v;
	const struct volume_entry *e;
	char *data;
	size_t len;
	uint32_t n;

	memset(long_name, 'n', sizeof(long_name));
	memcpy(im.p + 40 * IMAGE_BLOCK, "forty", 5);
	memcpy(im.p + 41 * IMAGE_BLOCK, "forty-one", 9);

	/* Serial numbers that some writers leave at one value do not make one file of two. */
	use.len = 0;
	image_use_mode(&use, 0100755, 0);
	image_use_name(&use, "first", 5);
	image_record(&d, "A", 1, 40, 5, 0, &use);
	use.len = 0;
	image_use_mode(&use, 0104600, 0);
	image_use_name(&use, "second \xff", 8);
	image_record(&d, "B", 1, 41, 9, 0, &use);
	use.len = 0;
	image_use_mode(&use, 0100644, 0);
	image_use_name(&use, "empty", 5);
	image_record(&d, "C", 1, 40, 0, 0, &use);
	/* Another name of the first, and one that begins like it and is shorter. */
	image_record(&d, "LINK", 4, 40, 5, 0, NULL);
	image_record(&d, "SHORT", 5, 40, 4, 0, NULL);

	/* A name of 255 bytes whose second half is before the directory, and one byte more. */
	for (size_t i = 0; i < 2; i++) {
		use.len = area.len = 0;
		image_use_name(&use, long_name, 100);
		use.p[4] = 1; /* it continues */
		image_use_name(&area, long_name, 155 + i);
		image_use_area(&use, 18, (uint32_t)(300 * i), (uint32_t)area.len);
		memcpy(im.p + 18 * IMAGE_BLOCK + 300 * i, area.p, area.len);
		image_record(&d, "N", 1, 40, 5, 0, &use);
	}
	/* Names that are none, and files that are none. */
	for (size_t i = 0; i < 4; i++) {
		static const struct {
			const char *text;
			size_t len;
		} bad[] = { { ".", 1 }, { "..", 2 }, { "a/b", 3 }, { "a\0b", 3 } };

		use.len = 0;
		image_use_name(&use, bad[i].text, bad[i].len);
		image_record(&d, "X", 1, 40, 5, 0, &use);
	}
	for (size_t i = 0; i < 3; i++) {
		static const uint32_t modes[] = { 0020666, 0010644, 0120777 };

		use.len = 0;
		image_use_mode(&use, modes[i], 9);
		image_record(&d, "Y", 1, 40, 5, 0, &use);
	}

	use.len = 0;
	image_use_mode(&use, 0120777, 3);
	image_use_add(&use, "SL", "\x01\x08\0\x00\x03" "usr\x01\x02li", 12);
	image_use_add(&use, "SL", "\x01\x00\x01" "b\x02\0", 6);
	image_use_add(&use, "SL", "\x00\x04\0\x00\x01" "x", 6);
	image_record(&d, "S", 1, 0, 0, 0, &use);

	/* Relocated: "deep" is recorded in rr_moved and belongs into "dir". */
	use.len = 0;
	image_use_mode(&use, 0040700, 4);
	image_record(&d, "DIR", 3, 30, IMAGE_BLOCK, DIR, &use);
	use.len = 0;
	image_use_name(&use, "rr_moved", 8);
	image_record(&d, "RR_MOVED", 8, 31, IMAGE_BLOCK, DIR, &use);
	moved = image_dir(&im, 31, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	use.len = 0;
	image_use_add(&use, "RE", "", 0);
	image_record(&moved, "DEEP", 4, 32, IMAGE_BLOCK, DIR, &use);
	use.len = 0;
	image_use_mode(&use, 0040711, 5);
	deep = image_dir(&im, 32, IMAGE_BLOCK, 31, &use);
	image_record(&deep, "FILE", 4, 41, 9, 0, NULL);
	moved = image_dir(&im, 30, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	use.len = 0;
	image_use_name(&use, "deep", 4);
	image_use_add(&use, "CL", "\x20\0\0\0\0\0\0\x20", 8);
	image_record(&moved, "DEEP", 4, 0xffffff, IMAGE_BLOCK, 0, &use);

	use.len = 0;
	image_use_name(&use, "zipped", 6);
	image_use_add(&use, "ZF", "pz\x04\xff\x40\x42\x0f\0\0\x0f\x42\x40", 12);
	image_record(&d, "Z", 1, 41, 9, 0, &use);

	v = read_image(&im);
	ok(v && v->rock_ridge && v->skipped_count == 8 && v->zisofs_count == 1 && v->count == 12);
	ok(content_is(v, &im, "first", "forty") && content_is(v, &im, "second \xff", "forty-one"));
	ok(content_is(v, &im, "empty", ""));
	ok(content_is(v, &im, "LINK", "forty") && content_is(v, &im, "SHORT", "fort"));
	long_name[255] = 0;
	ok(content_is(v, &im, long_name, "forty"));
	e = find(v, "second \xff");
	ok(e && e->mode == 0104600);
	e = find(v, "S");
	tap_ok(e && !strcmp(e->target, "/usr/lib/./../x"), "link text: %s", e ? e->target : "none");
	e = find(v, "DIR/deep");
	ok(e && e->mode == 0040711 && content_is(v, &im, "DIR/deep/FILE", "forty-one") &&
	   !find(v, "rr_moved"));
	e = find(v, "zipped");
	ok(e && e->flags == VOLUME_ZISOFS && e->size == 1000000 && e->extent_count == 0);
	ok(v && !volume_lookup(v, 0, "zipped", 0, &n) &&
	   volume_file_dup(v, im.p, n, 1 << 20, &data, &len) == -EOPNOTSUPP);
	ok(v && volume_file_dup(v, im.p, 0, 1 << 20, &data, &len) == -EINVAL);
	ok(v && !volume_lookup(v, 0, "first", 0, &n) &&
	   volume_file_dup(v, im.p, n, 4, &data, &len) == -EFBIG);
	volume_free(v);
	image_free(&im);
}

static void test_rockridge_hostile(void)
{
	struct image im = image_new(40);
	struct image_dir d = image_root(&im, 1), sub;
	struct image_use use = { .len = 0 };

	image_use_area(&use, 30, 0, 28);
	memcpy(im.p + 30 * IMAGE_BLOCK, use.p, 28);
	image_record(&d, "A", 1, 31, 5, 0, &use);
	refuses(&im, -EBADMSG, "Rock Ridge", "a continuation of itself");

	im = image_new(40);
	d = image_root(&im, 1);
	use.len = 0;
	image_use_area(&use, 0xffffffff, 0xffffffff, 0xffffffff);
	image_record(&d, "A", 1, 31, 5, 0, &use);
	refuses(&im, -EBADMSG, "Rock Ridge", "a continuation outside the image");

	im = image_new(40);
	d = image_root(&im, 1);
	image_record(&d, "D", 1, 30, IMAGE_BLOCK, DIR, NULL);
	sub = image_dir(&im, 30, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	use.len = 0;
	image_use_add(&use, "CL", "\x1e\0\0\0\0\0\0\x1e", 8);
	image_record(&sub, "E", 1, 0, 0, 0, &use);
	refuses(&im, -EBADMSG, "inside itself", "a directory relocated into itself");

	im = image_new(40);
	d = image_root(&im, 1);
	use.len = 0;
	image_use_add(&use, "CL", "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	image_record(&d, "E", 1, 0, 0, 0, &use);
	refuses(&im, -EBADMSG, "relocated", "a directory relocated to nowhere");
}

static void test_joliet(void)
{
	struct image im = image_new(40);
	struct image_dir d = image_root(&im, 0), root;
	uint8_t *v2 = im.p + 17 * IMAGE_BLOCK;
	struct volume *v;

	image_record(&d, "PLAIN", 5, 30, 5, 0, NULL);
	memcpy(v2, im.p + 16 * IMAGE_BLOCK, IMAGE_BLOCK);
	v2[0] = 2;
	memcpy(v2 + 88, "%/E", 3);
	root = (struct image_dir){ v2 + 156, 0, 34, 0 };
	image_record(&root, "\0", 1, 25, IMAGE_BLOCK, DIR, NULL);
	memcpy(im.p + 18 * IMAGE_BLOCK, "\xff" "CD001\1", 7);
	d = image_dir(&im, 25, IMAGE_BLOCK, 25, NULL);
	memcpy(im.p + 30 * IMAGE_BLOCK, "hello", 5);
	image_record(&d, "\0\xe9\xd8\x3d\xde\0\0;\0" "1", 10, 30, 5, 0, NULL);
	image_record(&d, "\xd8\x01", 2, 30, 5, 0, NULL);
	image_record(&d, "\xdc\x01", 2, 30, 5, 0, NULL);
	image_record(&d, "\0a\0\0", 4, 30, 5, 0, NULL);
	image_record(&d, "\0a\0/", 4, 30, 5, 0, NULL);
	image_record(&d, "odd", 3, 30, 5, 0, NULL);
	v = read_image(&im);
	ok(v && v->count == 4 && v->skipped_count == 3 && !v->rock_ridge && !find(v, "PLAIN"));
	ok(content_is(v, &im, "\xc3\xa9\xf0\x9f\x98\x80", "hello"));
	ok(content_is(v, &im, "\xed\xa0\x81", "hello") && content_is(v, &im, "\xed\xb0\x81", "hello"));
	volume_free(v);
	image_free(&im);
}

static void test_many(void)
{
	struct image im = image_new(20000);
	struct image_dir d = image_root(&im, 1), top, sub;
	struct timespec begin, end;
	char name[64];
	struct volume *v;
	double seconds;

	image_record(&d, "TOP", 3, 30, 64 * IMAGE_BLOCK, DIR, NULL);
	top = image_dir(&im, 30, 64 * IMAGE_BLOCK, IMAGE_ROOT, NULL);
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t block = 200 + i * 10;

		snprintf(name, sizeof(name), "D%03u", 999 - i);
		image_record(&top, name, 4, block, 10 * IMAGE_BLOCK, DIR, NULL);
		sub = image_dir(&im, block, 10 * IMAGE_BLOCK, 30, NULL);
		for (unsigned x = 0; x < 100; x++) {
			struct image_use use = { .len = 0 };

			snprintf(name, sizeof(name), "file-with-a-name-of-some-length-%03u", 99 - x);
			image_use_mode(&use, 0100644, 1000 * i + x);
			image_use_name(&use, name, strlen(name));
			image_record(&sub, "F", 1, 19999, 7, 0, &use);
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &begin);
	v = read_image(&im);
	clock_gettime(CLOCK_MONOTONIC, &end);
	seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
	tap_ok(v && v->count == 101002 && seconds < 10, "100,000 files in %.2f s", seconds);
	ok(find(v, "TOP/D042/file-with-a-name-of-some-length-007"));
	volume_free(v);
	image_free(&im);
}

/* Every byte of the descriptors and directories wrong, in several ways: no crash, no unsound table. */
static void test_flips(void)
{
	static const uint8_t values[] = { 0x00, 0xff, 0x80, 0x01, 0x7f };
	struct image im = image_new(40);
	struct image_dir d = image_root(&im, 1), sub;
	struct image_use use = { .len = 0 };
	unsigned accepted = 0, refused = 0;
	bool good = true;

	image_use_mode(&use, 0120777, 3);
	image_use_add(&use, "SL", "\x00\x08\0\x00\x03" "usr\x01\x02li", 12);
	image_use_area(&use, 24, 0, 40);
	image_record(&d, "LINK", 4, 0, 0, 0, &use);
	memcpy(im.p + 24 * IMAGE_BLOCK, "NM\x09\x01\0name", 9);
	image_record(&d, "DIR", 3, 21, IMAGE_BLOCK, DIR, NULL);
	sub = image_dir(&im, 21, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	image_record(&sub, "F", 1, 30, IMAGE_BLOCK, MORE, NULL);
	image_record(&sub, "F", 1, 33, IMAGE_BLOCK, 0, NULL);
	for (size_t at = 16 * IMAGE_BLOCK; at < 25 * IMAGE_BLOCK; at++) {
		uint8_t saved = im.p[at];

		if (!saved && at % IMAGE_BLOCK > 600)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			struct volume *v = NULL;

			im.p[at] = values[i];
			if (volume_read(im.p, im.size, &v, NULL) == 0) {
				accepted++;
				good &= volume_sound(v, im.size);
				volume_free(v);
			} else {
				refused++;
				good &= !v;
			}
		}
		im.p[at] = saved;
	}
	tap_ok(good && accepted > 1000 && refused > 100, "damaged bytes: %u images sound, %u refused",
	       accepted, refused);
	image_free(&im);
}

int main(void)
{
	test_plain();
	test_extents();
	test_large_file();
	test_structure();
	test_truncated();
	test_untouched();
	test_rockridge();
	test_rockridge_hostile();
	test_joliet();
	test_many();
	test_flips();
	return tap_done();
}
