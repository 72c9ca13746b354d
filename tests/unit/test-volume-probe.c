/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "iso-image.h"
#include "tap.h"
#include "volume.h"

/* Is it an ISO, and all there; and what a path leads to in one. */

static int probe(const void *data, size_t len, uint64_t size, struct reason *why)
{
	int fd = memfd_create("probe", MFD_CLOEXEC), r;

	if (write_full(fd, data, len) < 0 || ftruncate(fd, (off_t)size) < 0)
		abort();
	*why = (struct reason){ "" };
	r = volume_probe(fd, size, why);
	close(fd);
	return r;
}

static void test_probe(void)
{
	struct image im = image_new(40);
	struct reason why;
	struct volume *v;

	ok(probe(im.p, im.size, im.size, &why) == 0);
	ok(probe(im.p, im.size, im.size + 12345, &why) == 0);
	ok(probe(im.p, im.size - 1, im.size - 1, &why) == -ENODATA && strstr(why.text, "81919 of 81920"));
	ok(probe(im.p, 100, 100, &why) == -ENODATA);
	ok(probe("", 0, 0, &why) == -ENODATA);
	ok(probe("\x1f\x8b", 2, 2, &why) == -EMEDIUMTYPE && strstr(why.text, "gzip"));
	ok(probe("<!DOCTYPE html>", 15, 100000, &why) == -EMEDIUMTYPE && strstr(why.text, "web page"));
	image_le32be32(im.p + 16 * IMAGE_BLOCK + 128, 0x02000200);
	ok(probe(im.p, im.size, im.size, &why) == -EMEDIUMTYPE && strstr(why.text, "512"));
	ok(volume_read(im.p, im.size, &v, &why) == -EMEDIUMTYPE);
	memcpy(im.p + 16 * IMAGE_BLOCK, "\0BEA01\1", 7);
	memcpy(im.p + 17 * IMAGE_BLOCK, "\0NSR02\1", 7);
	ok(probe(im.p, im.size, im.size, &why) == -EMEDIUMTYPE && strstr(why.text, "UDF"));
	ok(volume_read(im.p, im.size, &v, &why) == -EMEDIUMTYPE);
	image_free(&im);
}

/* Adds a link to dir. */
static void link_add(struct image_dir *dir, const char *name, const char *target)
{
	struct image_use use = { .len = 0 };
	uint8_t data[200] = { 0, 0, (uint8_t)strlen(target) };

	/* One component with slashes in it is not what the standard says, but it is the text. */
	memcpy(data + 3, target, strlen(target));
	image_use_mode(&use, 0120777, 0);
	image_use_add(&use, "SL", data, 3 + strlen(target));
	image_record(dir, name, strlen(name), 0, 0, 0, &use);
}

static const struct {
	const char *base, *path;
	unsigned flags;
	int error;
	const char *found;
} lookups[] = {
	{ "", "", 0, 0, "" },
	{ "", "/", 0, 0, "" },
	{ "", "..", 0, 0, "" },
	{ "", "DIR", 0, 0, "DIR" },
	{ "", "DIR/", 0, 0, "DIR" },
	{ "", "//DIR///SUB/./FILE.TXT", 0, 0, "DIR/SUB/FILE.TXT" },
	{ "", "DIR/SUB/../../DIR-A", 0, 0, "DIR-A" },
	{ "", "DIR/SUB/../../../../DIR-A", 0, 0, "DIR-A" },
	{ "DIR/SUB", "FILE.TXT", 0, 0, "DIR/SUB/FILE.TXT" },
	{ "DIR/SUB", "/DIR-A", 0, 0, "DIR-A" },
	{ "DIR/SUB", "..", 0, 0, "DIR" },
	{ "", "DI", 0, -ENOENT, NULL },
	{ "", "DIR/SU", 0, -ENOENT, NULL },
	{ "", "DIR/SUBX", 0, -ENOENT, NULL },
	{ "", "DIR-A/X", 0, -ENOTDIR, NULL },
	{ "", "DIR-A/", 0, -ENOTDIR, NULL },
	{ "", "DIR-A/..", 0, -ENOTDIR, NULL },
	{ "DIR-A", "", 0, -ENOTDIR, NULL },
	{ "", "dir", 0, -ENOENT, NULL },
	{ "", "dir", VOLUME_ANY_CASE, 0, "DIR" },
	{ "", "\\dir\\sub\\file.txt", VOLUME_ANY_CASE, 0, "DIR/SUB/FILE.TXT" },
	{ "", "DIR\\SUB", 0, -ENOENT, NULL },
	{ "", "dir/sub/file.txt;1", VOLUME_ANY_CASE, 0, "DIR/SUB/FILE.TXT" },
	{ "", "dir/sub/bare.", VOLUME_ANY_CASE, 0, "DIR/SUB/BARE" },
	{ "", "dir/sub/bare.;1", VOLUME_ANY_CASE, 0, "DIR/SUB/BARE" },
	{ "", "dir/sub/Case", VOLUME_ANY_CASE, 0, "DIR/SUB/Case" },
	{ "", "dir/sub/CASE", VOLUME_ANY_CASE, 0, "DIR/SUB/CASE" },
	{ "", "dir/sub/cASE", VOLUME_ANY_CASE, 0, "DIR/SUB/CASE" },
	{ "", "dir/file.txt", VOLUME_ANY_CASE, -ENOENT, NULL },
	{ "", "link", 0, 0, "link" },
	{ "", "link/FILE.TXT", 0, -ENOTDIR, NULL },
	{ "", "link", VOLUME_FOLLOW, 0, "DIR/SUB" },
	{ "", "link/FILE.TXT", VOLUME_FOLLOW, 0, "DIR/SUB/FILE.TXT" },
	{ "", "link/..", VOLUME_FOLLOW, 0, "DIR" },
	{ "", "DIR/absolute", VOLUME_FOLLOW, 0, "DIR/SUB/FILE.TXT" },
	{ "", "DIR/absolute/", VOLUME_FOLLOW, -ENOTDIR, NULL },
	{ "", "DIR/out", VOLUME_FOLLOW, 0, "DIR-A" },
	{ "", "dangling", VOLUME_FOLLOW, -ENOENT, NULL },
	{ "", "dangling", 0, 0, "dangling" },
	{ "", "loop", VOLUME_FOLLOW, -ELOOP, NULL },
	{ "", "ping", VOLUME_FOLLOW, -ELOOP, NULL },
	{ "", "twice/twice/twice", VOLUME_FOLLOW, 0, "" },
};

/* The directory's names, with a blank for each NUL. */
static void names_are(const struct volume *v, const char *path, const char *wanted)
{
	size_t size = strlen(wanted), len = 4711;
	char *names = NULL;
	uint32_t dir, n;

	if (!ok(volume_lookup(v, 0, path, 0, &dir) == 0))
		return;
	ok(volume_dir_names(v, dir, size - 1, &names, &len) == -EFBIG && !names && len == 4711);
	if (!ok(volume_dir_names(v, dir, size, &names, &len) == 0))
		return;
	ok(len == size);
	for (size_t i = 0; i < len; i++)
		if (!names[i])
			names[i] = ' ';
	tap_ok(len == size && !memcmp(names, wanted, len), "the names in \"%s\"", path);
	free(names);
	ok(volume_lookup(v, 0, "DIR/SUB/BARE", 0, &n) == 0 && volume_dir_names(v, n, 100, &names, &len) == -ENOTDIR);
}

static void test_lookup(void)
{
	struct image im = image_new(40);
	struct image_dir d = image_root(&im, 1), dir, sub;
	struct volume *v = NULL;
	struct reason why;
	uint32_t n = 4711;

	image_record(&d, "DIR", 3, 30, IMAGE_BLOCK, 2, NULL);
	image_record(&d, "DIR-A", 5, 35, 5, 0, NULL);
	link_add(&d, "link", "DIR/SUB");
	link_add(&d, "dangling", "DIR/NONE");
	link_add(&d, "loop", "loop");
	link_add(&d, "ping", "pong/x");
	link_add(&d, "pong", "ping/x");
	link_add(&d, "twice", ".");
	dir = image_dir(&im, 30, IMAGE_BLOCK, IMAGE_ROOT, NULL);
	image_record(&dir, "SUB", 3, 31, IMAGE_BLOCK, 2, NULL);
	link_add(&dir, "absolute", "/link/FILE.TXT");
	link_add(&dir, "out", "../../../../DIR-A");
	sub = image_dir(&im, 31, IMAGE_BLOCK, 30, NULL);
	image_record(&sub, "FILE.TXT;1", 10, 35, 5, 0, NULL);
	image_record(&sub, "BARE.;1", 7, 35, 5, 0, NULL);
	image_record(&sub, "Case", 4, 35, 5, 0, NULL);
	image_record(&sub, "CASE", 4, 35, 5, 0, NULL);
	if (!ok(volume_read(im.p, im.size, &v, &why) == 0))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lookups); i++) {
		uint32_t base = 0, found = 4711;
		int r;

		ok(volume_lookup(v, 0, lookups[i].base, 0, &base) == 0);
		r = volume_lookup(v, base, lookups[i].path, lookups[i].flags, &found);
		tap_ok(r == lookups[i].error &&
			       (r ? found == 4711 : !strcmp(v->entries[found].path, lookups[i].found)),
		       "\"%s\" from \"%s\": %d", lookups[i].path, lookups[i].base, r);
	}
	for (size_t i = 0; i < v->count; i++)
		tap_ok(volume_lookup(v, 0, v->entries[i].path, 0, &n) == 0 && n == i, "finds itself: \"%s\"",
		       v->entries[i].path);
	ok(volume_lookup(v, (uint32_t)v->count, "", 0, &n) == -ENOENT);
	names_are(v, "", "DIR/ DIR-A dangling link loop ping pong twice ");
	names_are(v, "DIR", "SUB/ absolute out ");
	names_are(v, "DIR/SUB", "BARE CASE Case FILE.TXT ");
	volume_free(v);
	image_free(&im);
}

int main(void)
{
	test_probe();
	test_lookup();
	return tap_done();
}
