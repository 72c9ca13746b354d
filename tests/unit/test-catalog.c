/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog-kit.h"
#include "tree-walk.h"

/* Images come, go, come back and are replaced, and the tree, its ids, its texts and what the kernel is told
 * are right after each step. Volume ids and names that clash are in test-catalog-clash.c. */

static bool sound(const struct snapshot *s)
{
	struct walk w = {0};
	bool good;

	walk_tree(&w, s, 100000);
	good = !w.wrong && w.count > 5;
	walk_free(&w);
	return good;
}

static bool unknown(const struct world *w, uint64_t id, int error)
{
	struct tree_node n = {.id = 77};

	return tree_node(w->s, id, &n) == error && tree_lookup(w->s, id, ".", &n) == error &&
	       tree_lookup(w->s, id, "x", &n) == error && n.id == 77;
}

/* --- images ------------------------------------------------------------------------------------ */

static void test_nothing(void)
{
	struct world w;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_commit(&w);
	ok(sound(w.s) && w.changes.count == 0);
	ok(world_id(&w, "boot/grub/grub.cfg") && world_id(&w, "grub/grub.cfg") && world_id(&w, "boot.ipxe"));
	ok(world_id(&w, "index.html") && world_id(&w, "status") && world_id(&w, ".old"));
	catalog_withdraw(w.c, 99, (struct timespec){0});
	catalog_drop(w.c, 99);
	world_commit(&w);
	tap_ok(w.changes.count == 0, "unknown serials change nothing");
	world_close(&w);
}

static void test_publish(void)
{
	struct world w;
	struct snapshot *before;
	struct tree_node n;
	uint64_t x, y, sub;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_commit(&w);
	before = snapshot_ref(w.s);
	world_add(&w, 1, "x.iso", 1, 10);
	world_add(&w, 2, "sub folder/y.iso", 2, 20);
	world_commit(&w);
	x = world_id(&w, "x");
	sub = world_id(&w, "sub_folder");
	y = world_id(&w, "sub_folder/y");
	ok(x && y && sub && x >> 32 != y >> 32 && sound(w.s));
	ok(world_id(&w, "x/iso/boot/vmlinuz") == world_id(&w, "x/kernel/vmlinuz"));
	ok(world_says(&w, "status", "x\tserved") && world_says(&w, "status", "sub_folder/y\tserved"));
	ok(world_says(&w, "x/grub.cfg", "Try it") &&
	   world_says(&w, "boot/grub/grub.cfg", "sub_folder/grub.cfg") &&
	   world_says(&w, "sub_folder/grub.cfg", "sub_folder/y/grub.cfg"));
	ok(world_says(&w, "x/boot.ipxe", "Try it") && world_says(&w, "boot.ipxe", "./x/boot.ipxe") &&
	   world_says(&w, "sub_folder/boot.ipxe", "./y/boot.ipxe"));
	ok(world_changed(&w, NODE_ROOT, "x") && world_changed(&w, NODE_ROOT, "sub_folder") &&
	   world_changed(&w, sub, "y"));
	ok(world_changed(&w, NODE_ROOT, "status") && world_changed(&w, NODE_ROOT, "index.html"));
	ok(world_changed(&w, world_id(&w, "boot/grub"), "grub.cfg") && !world_changed(&w, NODE_ROOT, "boot"));
	tap_ok(tree_node(before, x, &n) == -ESTALE && world_node(before, "x", &n) == -ENOENT,
	       "a snapshot that somebody holds does not change");
	snapshot_put(before);
	world_commit(&w);
	tap_ok(w.changes.count == 0 && world_id(&w, "x") == x,
	       "a commit without news tells the kernel nothing");
	world_close(&w);
}

static void test_withdraw(void)
{
	struct world w;
	struct tree_node n;
	uint64_t x, kernel;
	char path[32], *before, *after;
	int error;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_add(&w, 1, "x.iso", 1, 10);
	world_add(&w, 2, "y.iso", 2, 10);
	world_commit(&w);
	x = world_id(&w, "x");
	kernel = world_id(&w, "x/kernel/vmlinuz");
	before = world_read(&w, "x/kernel/vmlinuz");
	world_withdraw(&w, 1, 30);
	world_commit(&w);
	ok(!world_id(&w, "x") && world_id(&w, "y") && world_id(&w, world_old(x, path)) == x);
	ok(!tree_lookup(w.s, x, "..", &n) && n.id == world_id(&w, ".old") && sound(w.s));
	after = world_read_id(w.s, kernel, &error);
	tap_ok(after && !memcmp(before, after, 5000), "who reads it reads on");
	ok(!world_says(&w, "status", "x\t") && !world_says(&w, "boot/grub/grub.cfg", "/x/"));
	ok(world_changed(&w, NODE_ROOT, "x") && world_changed(&w, world_id(&w, ".old"), path + 5));
	ok(!world_changed(&w, NODE_ROOT, "y") && !w.released_count);
	world_withdraw(&w, 1, 31);
	world_commit(&w);
	tap_ok(world_id(&w, path) == x, "what is withdrawn twice is withdrawn");
	catalog_drop(w.c, 1);
	catalog_commit(w.c, w.now, NULL);
	tap_ok(!w.released_count, "an image lives as long as somebody holds a snapshot with it");
	world_commit(&w);
	ok(world_let_go(&w, 1) && !world_let_go(&w, 2) && !world_id(&w, path));
	ok(unknown(&w, x, -ESTALE) && unknown(&w, kernel, -ESTALE));
	free(before);
	free(after);
	world_close(&w);
	tap_ok(w.released_count == 2, "all are let go of in the end");
}

static void test_revive(void)
{
	struct world w;
	struct tree_node n;
	uint64_t x, kernel;
	char path[32];

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_add(&w, 1, "x.iso", 1, 10);
	world_commit(&w);
	x = world_id(&w, "x");
	kernel = world_id(&w, "x/kernel/vmlinuz");
	world_withdraw(&w, 1, 20);
	world_commit(&w);
	world_add(&w, 2, "x.iso", 1, 30);
	world_commit(&w);
	tap_ok(world_id(&w, "x") == x && world_id(&w, "x/kernel/vmlinuz") == kernel,
	       "the same bytes under the same path have the same ids");
	ok(!world_id(&w, world_old(x, path)) && !tree_lookup(w.s, x, "..", &n) && n.id == NODE_ROOT &&
	   sound(w.s));
	catalog_drop(w.c, 1);
	world_commit(&w);
	tap_ok(world_id(&w, "x") == x && world_let_go(&w, 1),
	       "the end of the old one's grace does not touch it");
	world_withdraw(&w, 2, 40);
	world_commit(&w);
	world_add(&w, 3, "x.iso", 1, 50);
	world_withdraw(&w, 3, 60);
	world_commit(&w);
	tap_ok(world_id(&w, path) == x && sound(w.s), "withdrawn twice it stands in .old once");
	catalog_drop(w.c, 2);
	world_commit(&w);
	ok(world_id(&w, path) == x);
	catalog_drop(w.c, 3);
	world_commit(&w);
	ok(!world_id(&w, path) && unknown(&w, x, -ESTALE));
	world_close(&w);
}

static void test_replace(void)
{
	struct world w;
	uint64_t was, is;
	struct tree_node n;
	char path[32], *a, *b;
	int error;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_add(&w, 1, "x.iso", 1, 10);
	world_commit(&w);
	was = world_id(&w, "x/kernel/vmlinuz");
	world_withdraw(&w, 1, 20);
	world_add(&w, 2, "x.iso", 2, 20);
	world_commit(&w);
	is = world_id(&w, "x/kernel/vmlinuz");
	ok(was && is && was >> 32 != is >> 32 && sound(w.s));
	ok(world_changed(&w, NODE_ROOT, "x") && world_id(&w, world_old(was, path)));
	ok(!tree_node(w.s, was, &n) && !world_node(w.s, "x", &n) && n.id >> 32 == is >> 32);
	a = world_read_id(w.s, was, &error);
	b = world_read_id(w.s, is, &error);
	tap_ok(a && b && memcmp(a, b, 5000), "the old id goes on naming the old bytes, the new one the new");
	free(a);
	free(b);
	world_add(&w, 3, "z.iso", 2, 20);
	world_commit(&w);
	tap_ok(world_id(&w, "z") >> 32 != is >> 32, "the same bytes under two names are two images");
	world_close(&w);
}

/* A serial said again is another verdict on the same file. */
static void test_same_serial(void)
{
	struct world w;

	world_open(&w, 31);
	world_add(&w, 1, "x.iso", 1, 10);
	world_add(&w, 1, "x.iso", 2, 10);
	world_commit(&w);
	ok(world_let_go(&w, 1) && w.released_count == 1 && sound(w.s));
	ok(!catalog_note(w.c, 1, "x.iso", MENU_REJECTED, "changed its mind", 5));
	world_commit(&w);
	ok(w.released_count == 2 && !world_id(&w, "x") && world_says(&w, "status", "changed its mind"));
	world_close(&w);
}

static void test_notes(void)
{
	struct world w;
	unsigned present, refused, incomplete;

	world_open(&w, 31);
	world_add(&w, 1, "x.iso", 1, 10);
	ok(!catalog_note(w.c, 2, "sub/bad.iso", MENU_REJECTED, "not an ISO", 7));
	ok(!catalog_note(w.c, 3, "part.iso", MENU_INCOMPLETE, "half of it", 8));
	world_commit(&w);
	catalog_count(w.c, &present, &refused, &incomplete);
	ok(present == 1 && refused == 1 && incomplete == 1);
	ok(world_says(&w, "status", "sub/bad.iso\trejected") && world_says(&w, "status", "not an ISO"));
	ok(world_says(&w, "status", "part.iso\tincomplete") && world_says(&w, "status", "half of it"));
	ok(!world_id(&w, "sub") && !world_id(&w, "part") && sound(w.s));
	world_withdraw(&w, 2, 20);
	catalog_drop(w.c, 3);
	world_commit(&w);
	ok(!world_says(&w, "status", "bad") && !world_says(&w, "status", "part"));
	catalog_count(w.c, &present, &refused, &incomplete);
	ok(present == 1 && refused == 0 && incomplete == 0);
	world_close(&w);
}

static void test_settled(void)
{
	static const uint64_t never[] = {0, 2, UINT32_MAX, 1ull << 63, UINT64_MAX, 1ull << 63 | NODE_ROOT};
	struct world w;
	uint64_t x, fixed, folder;

	world_open(&w, 31);
	world_add(&w, 1, "x.iso", 1, 10);
	world_commit(&w);
	x = world_id(&w, "x");
	fixed = (x >> 32) << 32 | 9;
	folder = NODE_ID(NODE_OWN_VOLUME, 0x12345678);
	ok(unknown(&w, x + (1ull << 33), -ETIMEDOUT) && unknown(&w, folder, -ETIMEDOUT));
	tap_ok(unknown(&w, fixed, -ESTALE), "in an image that is there nothing is still to come");
	for (size_t i = 0; i < ARRAY_SIZE(never); i++)
		tap_ok(unknown(&w, never[i], -ESTALE), "%llx can never be", (unsigned long long)never[i]);
	catalog_settle(w.c, true);
	world_commit(&w);
	ok(unknown(&w, x + (1ull << 33), -ESTALE) && unknown(&w, folder, -ESTALE));
	catalog_settle(w.c, false);
	world_commit(&w);
	tap_ok(unknown(&w, folder, -ETIMEDOUT), "a watch folder that is gone is waited for");
	world_close(&w);
}

/* --- times ------------------------------------------------------------------------------------- */

static bool later(struct timespec a, struct timespec b)
{
	return timespec_cmp(a, b) > 0;
}

static void test_times(void)
{
	struct timespec root, status, grub, boot, sub;
	struct world w;

	world_open(&w, 31);
	world_add(&w, 1, "sub/x.iso", 1, 100);
	world_commit(&w);
	root = world_time(&w, "");
	status = world_time(&w, "status");
	grub = world_time(&w, "boot/grub");
	boot = world_time(&w, "boot");
	sub = world_time(&w, "sub");
	ok(root.tv_sec == 100 && status.tv_sec == 100 && sub.tv_sec == 100);
	ok(world_time(&w, "sub/x/grub.cfg").tv_sec == 100 &&
	   world_time(&w, "sub/x/iso/boot").tv_sec == DISC_MTIME);
	catalog_touch(w.c, (struct timespec){.tv_sec = 50});
	world_commit(&w);
	ok(!timespec_cmp(world_time(&w, ""), root) && !timespec_cmp(world_time(&w, "status"), status));
	catalog_touch(w.c, (struct timespec){.tv_sec = 150});
	world_commit(&w);
	tap_ok(!timespec_cmp(world_time(&w, ""), root), "a folder whose list is the same keeps its time");
	ok(!timespec_cmp(world_time(&w, "status"), status));
	world_add(&w, 2, "y.iso", 2, 90); /* older than what is known */
	world_commit(&w);
	ok(later(world_time(&w, ""), root) && later(world_time(&w, "status"), status));
	ok(later(world_time(&w, "boot/grub"), grub) && !timespec_cmp(world_time(&w, "boot"), boot));
	ok(!timespec_cmp(world_time(&w, "sub"), sub));
	root = world_time(&w, "");
	world_withdraw(&w, 2, 200);
	world_commit(&w);
	tap_ok(world_time(&w, "").tv_sec == 200 && world_time(&w, "status").tv_sec == 200 &&
		       later(world_time(&w, ""), root),
	       "times of a list go on when something goes, also where the text is one that there was");
	world_close(&w);
}

/* --- retired texts ----------------------------------------------------------------------------- */

static void test_retired(void)
{
	struct world w;
	uint64_t old;
	int64_t end;
	char *was, *is;
	int error;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_commit(&w);
	ok(catalog_next(w.c, w.now) == -1);
	old = world_id(&w, "status");
	was = world_read(&w, "status");
	world_add(&w, 1, "x.iso", 1, 10);
	world_commit(&w);
	end = w.now + WORLD_GRACE;
	ok(world_id(&w, "status") != old && w.retired_count == 5);
	is = world_read_id(w.s, old, &error);
	tap_ok(is && !strcmp(is, was), "an old text is read to its end");
	free(is);
	ok(catalog_next(w.c, w.now) == WORLD_GRACE && catalog_next(w.c, end - 1) == 1 &&
	   catalog_next(w.c, end + 5) == 0);
	w.now = end - 1;
	world_add(&w, 2, "y.iso", 2, 10);
	world_commit(&w);
	is = world_read_id(w.s, old, &error);
	ok(is && w.retired_count == 10 && sound(w.s));
	free(is);
	w.now = end;
	world_commit(&w);
	tap_ok(!world_read_id(w.s, old, &error) && error == -ESTALE, "and is gone when its grace has ended");
	ok(w.retired_count == 10 && catalog_next(w.c, w.now) == (int)WORLD_GRACE - 1);
	w.now += WORLD_GRACE;
	world_commit(&w);
	world_commit(&w);
	ok(catalog_next(w.c, w.now) == -1 && w.retired_count == 10 && w.changes.count == 0);
	free(was);
	world_close(&w);
}

/* The same text again: it is shown, and not retired any more. */
static void test_text_back(void)
{
	struct world w;
	uint64_t first;
	int error;
	char *text;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_commit(&w);
	first = world_id(&w, "status");
	for (int i = 0; i < 3; i++) {
		catalog_note(w.c, 1, "x.iso", MENU_REJECTED, "no", 1);
		world_commit(&w);
		w.now += WORLD_GRACE - 1;
		ok(world_id(&w, "status") != first);
		catalog_drop(w.c, 1);
		world_commit(&w);
		tap_ok(world_id(&w, "status") == first, "the same content is the same file");
		w.now += WORLD_GRACE - 1;
	}
	w.now += 2 * WORLD_GRACE;
	world_commit(&w);
	text = world_read_id(w.s, first, &error);
	tap_ok(text && catalog_next(w.c, w.now) == -1, "what is shown does not end");
	free(text);
	world_close(&w);
}

static void test_restore(void)
{
	struct world w;
	struct text *t =
		text_new("status", strdup("of an earlier server"), 20, (struct timespec){.tv_sec = 1});
	uint64_t id;
	int error;
	char *text;

	disc_need(t);
	id = NODE_ID(NODE_OWN_VOLUME, t->object);
	text_put(t);
	world_open(&w, 31);
	catalog_settle(w.c, true);
	ok(!catalog_restore(w.c, "status", strdup("of an earlier server"), 20, (struct timespec){.tv_sec = 1},
			    w.now + 5));
	world_commit(&w);
	text = world_read_id(w.s, id, &error);
	ok(text && !strcmp(text, "of an earlier server") && catalog_next(w.c, w.now) == 5);
	free(text);
	w.now += 5;
	world_commit(&w);
	ok(!world_read_id(w.s, id, &error) && error == -ESTALE && w.retired_count == 0);
	world_close(&w);
}

/* However much changes, what is kept of the past is bounded, and the latest is what is kept. */
static void test_retired_bound(void)
{
	const size_t size = 1u << 20;
	uint64_t bytes = 0, first = 0, last = 0;
	struct world w;
	int error;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	for (unsigned i = 0; i < 40; i++) {
		char *data = malloc(size), path[32];
		struct text *t;

		disc_need(data);
		memset(data, (int)i, size);
		snprintf(path, sizeof(path), "text-%u", i);
		disc_need(!catalog_restore(w.c, path, data, size, (struct timespec){0}, w.now + 100));
		world_commit(&w);
		t = w.s->texts[w.s->text_count - 1];
		last = NODE_ID(NODE_OWN_VOLUME, t->object);
		first = first ? first : last;
	}
	for (size_t k = 0; k < w.s->text_count; k++)
		bytes += w.s->texts[k]->size;
	printf("# %zu bytes of text\n", (size_t)bytes);
	tap_ok(bytes < CATALOG_RETIRED_BYTES + (1u << 20), "retired texts are at most 16 MiB");
	tap_ok(bytes > CATALOG_RETIRED_BYTES / 2, "and as many as go in there");
	free(world_read_id(w.s, last, &error));
	ok(error == 0);
	ok(!world_read_id(w.s, first, &error) && error == -ESTALE);
	world_close(&w);
}

/* A menu that is shown again while it was on its way out, and goes again, has its whole grace again. */
static void test_grace_again(void)
{
	struct world w;
	uint64_t menu;
	int error;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_add(&w, 1, "x.iso", 1, 10);
	world_commit(&w);
	menu = world_id(&w, "x/grub.cfg");
	catalog_drop(w.c, 1);
	world_commit(&w);
	ok(!world_id(&w, "x"));
	w.now += WORLD_GRACE - 1;
	world_add(&w, 2, "x.iso", 1, 20);
	world_commit(&w);
	ok(world_id(&w, "x/grub.cfg") == menu && sound(w.s));
	catalog_drop(w.c, 2);
	world_commit(&w);
	w.now += WORLD_GRACE - 1;
	world_commit(&w);
	free(world_read_id(w.s, menu, &error));
	ok(error == 0);
	w.now++;
	world_commit(&w);
	ok(!world_read_id(w.s, menu, &error) && error == -ESTALE);
	world_close(&w);
}

int main(void)
{
	test_nothing();
	test_publish();
	test_withdraw();
	test_revive();
	test_replace();
	test_same_serial();
	test_notes();
	test_settled();
	test_times();
	test_retired();
	test_text_back();
	test_restore();
	test_retired_bound();
	test_grace_again();
	return tap_done();
}
