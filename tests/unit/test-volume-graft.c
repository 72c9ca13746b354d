/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "iso-image.h"
#include "tap.h"
#include "volume.h"
#include "volume_graft.h"

/* Files put into the root directory of a volume: what a reader finds then, and what is refused. */

static const struct volume_graft_file two[] = {{"b-mode.toml", "mode = \"iso\"\n"}, {"answer.toml", NULL}};

/* An image whose root directory has these files, "name" or "ID;1=name", one block of data each. */
static struct image image_of(const char *const *names, bool rock_ridge, uint32_t root_blocks)
{
	struct image im = image_new(64);
	struct image_use dot = {.len = 0};
	struct image_dir d;

	image_describe(im.p, 64, IMAGE_ROOT, root_blocks * IMAGE_BLOCK);
	image_use_add(&dot, "SP", "\xbe\xef\0", 3);
	image_use_mode(&dot, 040755, 1);
	d = image_dir(&im, IMAGE_ROOT, root_blocks * IMAGE_BLOCK, IMAGE_ROOT, rock_ridge ? &dot : NULL);
	for (uint32_t i = 0; names[i]; i++) {
		const char *name = strchr(names[i], '=');
		size_t id_len = name ? (size_t)(name - names[i]) : strlen(names[i]);
		struct image_use use = {.len = 0};

		image_use_mode(&use, 0100644, i + 2);
		if (name)
			image_use_name(&use, name + 1, strlen(name + 1));
		image_record(&d, names[i], id_len, 40 + i, 5, 0, rock_ridge ? &use : NULL);
		memcpy(im.p + (40 + i) * IMAGE_BLOCK, "bytes", 5);
	}
	return im;
}

/* The whole grafted image, *size bytes, with answer in it. */
static uint8_t *whole(const struct image *im, const struct volume_graft *g, const char *answer, size_t *size)
{
	size_t begin = im->size + volume_graft_padding(im->size), len = strlen(answer);
	struct volume_graft copy = *g;
	uint8_t *p;

	*size = begin + g->tail_size + len + volume_graft_padding(len);
	p = calloc(1, *size);
	if (!p)
		abort();
	memcpy(p, im->p, im->size);
	memcpy(p + begin, g->tail, g->tail_size);
	volume_graft_size(copy.head, p + begin, g->size_at, (uint32_t)len);
	memcpy(p + g->descriptor, copy.head, sizeof(copy.head));
	memcpy(p + begin + g->tail_size, answer, len);
	return p;
}

static bool has(const struct volume *v, const uint8_t *map, const char *path, const char *content)
{
	uint32_t n;
	char *text;
	size_t len;
	bool same;

	if (!v || volume_lookup(v, 0, path, 0, &n) || volume_file_dup(v, map, n, 65536, &text, &len))
		return false;
	same = !strcmp(text, content) && len == strlen(content);
	free(text);
	return same;
}

static void graft_is_read(const char *what, const char *const *names, const char *const *wanted, size_t count,
			  const char *answer)
{
	struct image im = image_of(names, true, 2);
	struct volume_graft g;
	struct volume *v = NULL;
	struct reason why = {""};
	uint8_t *map = NULL;
	size_t size = 0;

	tap_ok(!volume_graft_make(im.p, im.size, two, 2, &g, &why), "%s: can be made %s", what, why.text);
	if (g.tail) {
		map = whole(&im, &g, answer, &size);
		tap_ok(!volume_read(map, size, &v, &why), "%s: can be read %s", what, why.text);
		tap_ok(has(v, map, "answer.toml", answer), "%s: has the answer", what);
		tap_ok(has(v, map, "b-mode.toml", two[0].text), "%s: has the other file", what);
	}
	for (; *wanted; wanted++)
		tap_ok(has(v, map, *wanted, "bytes"), "%s: %s is as it was", what, *wanted);
	tap_ok(v && v->count == count, "%s: nothing else is there", what);
	volume_free(v);
	free(map);
	free(g.tail);
	image_free(&im);
}

static void test_reading(void)
{
	static char big[5000];

	memset(big, 'x', sizeof(big) - 1);
	graft_is_read("an empty directory", (const char *const[]){NULL}, (const char *const[]){NULL}, 3, "a = 1\n");
	graft_is_read("before, between and behind",
		      (const char *const[]){"AA.;1=aa", "B.;1=b", "ZZ.;1=zz", NULL},
		      (const char *const[]){"aa", "b", "zz", NULL}, 6, "");
	graft_is_read("one that is there", (const char *const[]){"ANSWER.TOM;1=answer.toml", "ZZ.;1=zz", NULL},
		      (const char *const[]){"zz", NULL}, 4, big);
	graft_is_read("one without a name of Rock Ridge's", (const char *const[]){"ANSWER.TOML;1", "ZZ.;1=zz", NULL},
		      (const char *const[]){"zz", NULL}, 4, "a");
	graft_is_read("a name that only looks so", (const char *const[]){"ANSWER.TOM;1=answer.tom", NULL},
		      (const char *const[]){"answer.tom", NULL}, 4, "a");
}

static void test_numbers(void)
{
	static const char *const names[] = {"ZZ.;1=zz", NULL};
	struct image im = image_of(names, true, 1);
	struct volume_graft g, odd;
	struct reason why;

	ok(!volume_graft_make(im.p, im.size, two, 2, &g, &why) && g.descriptor == 16 * IMAGE_BLOCK);
	/* The directory and one file. */
	ok(g.tail_size == 2 * IMAGE_BLOCK && le32(g.head + 80) == 66);
	ok(le32(g.head + 156 + 2) == 64 && le32(g.head + 156 + 10) == IMAGE_BLOCK);
	ok(!memcmp(g.tail + IMAGE_BLOCK, two[0].text, strlen(two[0].text)));
	volume_graft_size(g.head, g.tail, g.size_at, 2049);
	ok(le32(g.head + 80) == 68 && le32(g.tail + g.size_at) == 2049);
	ok(!volume_graft_make(im.p, im.size - 1, two, 2, &odd, &why) && le32(odd.head + 156 + 2) == 64);
	ok(volume_graft_padding(0) == 0 && volume_graft_padding(1) == 2047 && volume_graft_padding(4096) == 0);
	free(g.tail);
	free(odd.tail);
	image_free(&im);
}

static int refused(const struct image *im, const struct volume_graft_file *files, size_t count)
{
	struct volume_graft g;
	struct reason why = {""};
	int r = volume_graft_make(im->p, im->size, files, count, &g, &why);

	if (!r)
		free(g.tail);
	return r && (!why.text[0] || g.tail) ? 1 : r;
}

static void test_refusals(void)
{
	static const char *const plain[] = {"ZZ.;1", NULL}, *const named[] = {"ZZ.;1=zz", NULL},
				 *const hidden[] = {"ANSWER.TOML;1=another", NULL};
	static const char *const bad[] = {"", ".x", "a/b", "a b", "a\n",
					  "0123456789012345678901234567890123456789012345678901234567890.toml"};
	struct image im = image_of(plain, false, 1);

	ok(refused(&im, two, 2) == -EOPNOTSUPP);
	image_free(&im);
	im = image_of(hidden, true, 1);
	ok(refused(&im, two, 2) == -EOPNOTSUPP);
	image_free(&im);
	im = image_of(named, true, 1);
	ok(refused(&im, two, 0) == -EINVAL && refused(&im, two, VOLUME_GRAFT_FILES + 1) == -EINVAL);
	ok(refused(&im, two, 1) == -EINVAL); /* the last one's content is not known */
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		tap_ok(refused(&im, &(struct volume_graft_file){bad[i], NULL}, 1) == -EINVAL, "name %zu", i);
	im.p[IMAGE_ROOT * IMAGE_BLOCK] = 3;
	ok(refused(&im, two, 2) == -EBADMSG);
	memset(im.p + IMAGE_ROOT * IMAGE_BLOCK, 0, IMAGE_BLOCK);
	ok(refused(&im, two, 2) == -EBADMSG);
	memset(im.p + 16 * IMAGE_BLOCK, 0, IMAGE_BLOCK);
	ok(refused(&im, two, 2) == -EBADMSG);
	im.size = 100;
	ok(refused(&im, two, 2) == -EBADMSG);
	im.size = 64 * IMAGE_BLOCK;
	image_free(&im);
}

int main(void)
{
	test_reading();
	test_numbers();
	test_refusals();
	return tap_done();
}
