/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <pthread.h>

#include "catalog-kit.h"
#include "loader.h"
#include "tree-walk.h"

/* What wants the same name or the same number, the loader directory's files among the generated, and readers
 * that go through the tree while it changes. */

static bool sound(const struct snapshot *s)
{
	struct walk w = {0};
	bool good;

	walk_tree(&w, s, 100000);
	good = !w.wrong && w.count > 5;
	walk_free(&w);
	return good;
}

/* --- volume ids -------------------------------------------------------------------------------- */

static void clash_path(char path[16], unsigned i)
{
	snprintf(path, 16, "%c.iso", 'a' + (int)i);
}

static bool ids_differ(const struct world *w, unsigned count, unsigned bits, uint32_t ids[])
{
	for (unsigned i = 0; i < count; i++) {
		char path[16];

		clash_path(path, i);
		path[1] = 0;
		ids[i] = (uint32_t)(world_id(w, path) >> 32);
		if (ids[i] < 2 || ids[i] >= 1u << bits)
			return false;
		for (unsigned k = 0; k < i; k++)
			if (ids[i] == ids[k])
				return false;
	}
	return true;
}

static void clash_add(struct world *w, unsigned i)
{
	char path[16];

	clash_path(path, i);
	world_add(w, i + 1, path, (uint8_t)(i + 1), 10);
}

/* Bits so few that some of the images want one id; those that had to give way say so, and with what they said
 * another life gives every image the id that it had, in whatever order they come. */
static void test_volumes(unsigned bits, unsigned count)
{
	uint32_t ids[64], again[64];
	struct world w, v;

	world_open(&w, bits);
	for (unsigned i = 0; i < count; i++)
		clash_add(&w, i);
	world_commit(&w);
	ok(ids_differ(&w, count, bits, ids) && sound(w.s));
	tap_ok(w.line_count > 0 && w.line_count < count, "%u bits: %zu of %u images gave way", bits,
	       w.line_count, count);
	world_open(&v, bits);
	ok(catalog_remember(v.c, w.lines, w.lines_len) == 0);
	for (unsigned i = count; i-- > 0;)
		clash_add(&v, i);
	world_commit(&v);
	ok(ids_differ(&v, count, bits, again) && !memcmp(ids, again, count * sizeof(ids[0])));
	tap_ok(v.line_count == 0, "what is recorded is not recorded again");
	world_close(&v);
	world_close(&w);
}

/* Withdrawn images keep their ids, so a newcomer cannot have one of theirs. */
static void test_volume_of_old(void)
{
	struct world w;
	uint32_t ids[8];
	unsigned good = 0;

	world_open(&w, 3);
	for (unsigned i = 0; i < 5; i++)
		clash_add(&w, i);
	world_commit(&w);
	disc_need(ids_differ(&w, 5, 3, ids));
	for (unsigned i = 0; i < 5; i++)
		world_withdraw(&w, i + 1, 20);
	clash_add(&w, 6);
	world_commit(&w);
	for (unsigned i = 0; i < 5; i++)
		good += world_id(&w, "g") >> 32 != ids[i];
	ok(good == 5 && sound(w.s));
	world_close(&w);
}

static void test_damaged_record(void)
{
	static const char *const lines[] = {"volume 1 0123456789abcdef0123456789abcde\n",
					    "volume 1 012\n",
					    "volume 1\n",
					    "volume 1 \n",
					    "volume\n",
					    "\n",
					    "volume x 0123456789abcdef0123456789abcdef\n",
					    "volume 1 g123456789abcdef0123456789abcdef\n",
					    "volume 1 0123456789abcdef0123456789abcdef0\n",
					    "volume 4294967296 0123456789abcdef0123456789abcdef\n",
					    "volume 1 0123456789abcdef 123456789abcdef\n",
					    "volume 1 0123456789abcdef0123456789abcdef",
					    "volume -1 0123456789abcdef0123456789abcdef\n"};
	uint32_t ids[8], again[8];
	struct world w, v;
	size_t len;
	char *all;

	world_open(&w, 4);
	for (unsigned i = 0; i < 8; i++)
		clash_add(&w, i);
	world_commit(&w);
	disc_need(ids_differ(&w, 8, 4, ids));
	world_open(&v, 4);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		/* A block of exactly that size, so that a sanitizer sees what is read behind it. */
		len = strlen(lines[i]);
		all = malloc(len);
		memcpy(all, lines[i], len);
		tap_ok(catalog_remember(v.c, all, len) == 0, "a line that is none: %zu", i);
		free(all);
	}
	ok(catalog_remember(v.c, w.lines, w.lines_len) == 0 && catalog_remember(v.c, "", 0) == 0);
	for (unsigned i = 8; i-- > 0;)
		clash_add(&v, i);
	world_commit(&v);
	tap_ok(ids_differ(&v, 8, 4, again) && !memcmp(ids, again, sizeof(ids)),
	       "good lines count among damaged ones");
	world_close(&v);
	world_close(&w);
}

/* --- names ------------------------------------------------------------------------------------- */

static void test_names(void)
{
	struct world w, v;
	uint64_t plain, other = 0;
	char *name = NULL;

	world_open(&w, 31);
	world_add(&w, 1, "a b.iso", 1, 10);
	world_commit(&w);
	plain = world_id(&w, "a_b");
	ok(plain != 0);
	world_add(&w, 2, "a_b.iso", 2, 10);
	world_add(&w, 3, "boot.iso", 3, 10);
	world_add(&w, 4, "status.iso", 4, 10);
	world_add(&w, 5, ".old.iso", 5, 10);
	world_add(&w, 6, "sub.iso", 6, 10);
	world_add(&w, 7, "sub/x.ISO", 7, 10);
	world_commit(&w);
	tap_ok(world_id(&w, "a_b") && world_id(&w, "a_b") != plain,
	       "the file of exactly that name has the plain one");
	ok(world_id(&w, "boot") >> 32 == NODE_OWN_VOLUME && world_id(&w, "status") >> 32 == NODE_OWN_VOLUME);
	ok(world_id(&w, "sub") >> 32 == NODE_OWN_VOLUME && world_id(&w, "sub/x") && sound(w.s));
	for (size_t i = 0; i < w.s->place_count; i++)
		if (w.s->places[i].image->serial == 1) {
			name = strdup(w.s->places[i].path);
			other = NODE_ID(w.s->places[i].image->views[0].volume, 0);
		}
	ok(name && !strncmp(name, "a_b-", 4) && strlen(name) == 8 && other == plain);
	ok(world_changed(&w, NODE_ROOT, "a_b") && world_changed(&w, NODE_ROOT, name));
	tap_ok(world_changed(&w, plain, "grub.cfg"), "its menu is another one, because it says where it is");
	catalog_drop(w.c, 2);
	world_commit(&w);
	tap_ok(world_id(&w, name) == plain && !world_id(&w, "a_b"), "a name that was given is kept");
	world_open(&v, 31);
	ok(catalog_remember(v.c, w.lines, w.lines_len) == 0);
	world_add(&v, 9, "a b.iso", 1, 10);
	world_commit(&v);
	tap_ok(world_id(&v, name) == plain, "also in another life");
	free(name);
	world_close(&v);
	world_close(&w);
}

/* --- the loader directory ---------------------------------------------------------------------- */

static struct blob *loader(const char *command)
{
	char dir[] = "/tmp/test-catalog.XXXXXX", line[512];
	struct blob *b = NULL;
	int fd = -1;

	disc_need(mkdtemp(dir) != NULL);
	snprintf(line, sizeof(line), "cd %s && { %s; }", dir, command);
	disc_need(system(line) == 0 && !loader_pack(dir, &fd) && !loader_open(fd, &b));
	close(fd);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	disc_need(system(line) == 0);
	return b;
}

static void test_loader(void)
{
	struct world w;
	uint64_t mod;
	int error;
	char *text;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	ok(!catalog_loader(
		w.c,
		loader("mkdir i386-pc; echo one >i386-pc/a.mod; echo no >grub.cfg; echo core >grub.pxe")));
	world_commit(&w);
	mod = world_id(&w, "boot/grub/i386-pc/a.mod");
	ok(mod && world_says(&w, "boot/grub/i386-pc/a.mod", "one\n") &&
	   world_says(&w, "boot/grub/grub.pxe", "core\n"));
	tap_ok(!world_says(&w, "boot/grub/grub.cfg", "no\n") && sound(w.s), "what is generated wins");
	ok(!catalog_loader(w.c, loader("mkdir i386-pc; echo two >i386-pc/a.mod; echo core >grub.pxe")));
	world_commit(&w);
	ok(world_id(&w, "boot/grub/i386-pc/a.mod") != mod &&
	   world_says(&w, "boot/grub/i386-pc/a.mod", "two\n"));
	text = world_read_id(w.s, mod, &error);
	tap_ok(text && !strcmp(text, "one\n"), "who reads the old one reads on");
	free(text);
	ok(w.changes.count > 0 && world_changed(&w, world_id(&w, "boot/grub/i386-pc"), "a.mod"));
	ok(!world_changed(&w, world_id(&w, "boot/grub"), "grub.pxe"));
	ok(!catalog_loader(w.c, loader("true")));
	world_commit(&w);
	ok(!world_id(&w, "boot/grub/i386-pc") && !world_id(&w, "boot/grub/grub.pxe") && sound(w.s));
	w.now += 1000;
	world_commit(&w);
	ok(!world_read_id(w.s, mod, &error) && error == -ESTALE);
	world_close(&w);
}

/* --- readers ----------------------------------------------------------------------------------- */

struct reader {
	struct catalog *c;
	unsigned rounds, wrong;
};

static void *read_on(void *arg)
{
	struct reader *r = arg;

	for (unsigned i = 0; i < r->rounds; i++) {
		struct snapshot *s = catalog_get(r->c);

		r->wrong += !sound(s);
		snapshot_put(s);
	}
	return NULL;
}

static void test_readers(void)
{
	struct reader readers[3];
	pthread_t threads[3];
	unsigned wrong = 0;
	struct world w;

	world_open(&w, 31);
	world_commit(&w);
	for (int i = 0; i < 3; i++) {
		readers[i] = (struct reader){w.c, 20, 0};
		disc_need(!pthread_create(&threads[i], NULL, read_on, &readers[i]));
	}
	for (unsigned i = 1; i < 40; i++) {
		struct image *im = disc_image(i, "x.iso", (uint8_t)(i % 3), i);

		disc_need(!catalog_add(w.c, im));
		world_commit(&w);
		world_withdraw(&w, i, i);
		if (i > 2)
			catalog_drop(w.c, i - 2);
		w.now += 10;
		world_commit(&w);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		wrong += readers[i].wrong;
	}
	tap_ok(!wrong, "every snapshot is sound to who reads it while others come");
	world_close(&w);
}

int main(void)
{
	test_volumes(3, 5);
	test_volumes(4, 10);
	test_volumes(5, 20);
	test_volumes(6, 26);
	test_volume_of_old();
	test_damaged_record();
	test_names();
	test_loader();
	test_readers();
	return tap_done();
}
