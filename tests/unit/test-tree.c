/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog-kit.h"
#include "tree-reads.h"
#include "tree-walk.h"

/* The virtual tree over made-up discs: every node and every position is asked for, every boundary of a file
 * read, ids are forged. Trees with squashfs in them are in test-tree-squash.c. */

static uint64_t fixed(uint64_t image, uint32_t object)
{
	return (image >> 32) << 32 | object;
}

/* --- bytes ------------------------------------------------------------------------------------- */

static void test_reads(const struct world *w, const struct disc *d)
{
	const struct index_extent *x = d->draft.section[INDEX_EXTENTS].data;
	const struct index_entry *e = d->draft.section[INDEX_ENTRIES].data;
	uint8_t pieces[5 * DISC_PIECE];
	uint64_t id = world_id(w, "x/iso/pieces");
	struct tree_bytes b;
	char *grub = world_read(w, "x/grub.cfg");

	for (uint32_t i = 0; i < 5; i++)
		memcpy(pieces + i * DISC_PIECE, d->bytes + x[e[DISC_PIECES].first + i].offset, DISC_PIECE);
	tap_ok(reads_all(w->s, id, pieces, sizeof(pieces), DISC_PIECE),
	       "a file of five pieces, at all boundaries");
	ok(!tree_read(w->s, id, 10, 2 * DISC_PIECE, &b) && b.count == 3 && !b.buffer);
	tree_bytes_free(&b);
	ok(reads_all(w->s, world_id(w, "x/kernel/vmlinuz"), d->bytes + x[e[DISC_KERNEL].first].offset, 5000,
		     2500));
	ok(reads_all(w->s, world_id(w, "x/image.iso"), d->bytes, d->size, d->size / 4));
	ok(reads_all(w->s, world_id(w, "x/iso/empty"), d->bytes, 0, 1000));
	ok(reads_all(w->s, world_id(w, "x/grub.cfg"), (uint8_t *)grub, strlen(grub), strlen(grub) / 3));
	ok(tree_read(w->s, id, UINT64_MAX, 1, &b) == -EINVAL &&
	   tree_read(w->s, id, INT64_MAX, 1, &b) == -EINVAL);
	ok(reads(w->s, id, pieces, sizeof(pieces), INT64_MAX - 10, 10) &&
	   reads(w->s, id, pieces, sizeof(pieces), 5, 0));
	ok(tree_read(w->s, world_id(w, "x/iso/zisofs.txt"), 0, 10, &b) == -EIO);
	ok(tree_read(w->s, world_id(w, "x/iso/link"), 0, 10, &b) == -EINVAL);
	ok(tree_read(w->s, world_id(w, "x/iso"), 0, 10, &b) == -EISDIR &&
	   tree_read(w->s, 1, 0, 10, &b) == -EISDIR);
	ok(tree_read(w->s, world_id(w, "x/kernel"), 0, 10, &b) == -EISDIR);
	free(grub);
}

/* More pieces than one answer has room for: a reader that asks for less gets all of it. */
static void test_many_pieces(void)
{
	struct disc d;
	struct world w;
	struct tree_bytes b;
	uint64_t id;
	uint8_t want[1000];
	const struct index_extent *x;

	disc_init(&d, 1);
	disc_entry(&d, 0, "", S_IFDIR | 0755);
	disc_file(&d, 0, "many", 100, 10);
	disc_children(&d);
	x = d.draft.section[INDEX_EXTENTS].data;
	for (int i = 0; i < 100; i++)
		memcpy(want + i * 10, d.bytes + x[i].offset, 10);
	world_open(&w, 31);
	disc_need(!catalog_add(w.c, disc_open(&d, 1, "x.iso", 5)));
	world_commit(&w);
	id = world_id(&w, "x/iso/many");
	ok(tree_read(w.s, id, 0, 1000, &b) == -EIO && tree_read(w.s, id, 0, TREE_RUNS * 10 + 1, &b) == -EIO);
	ok(reads(w.s, id, want, 1000, 0, TREE_RUNS * 10) &&
	   reads(w.s, id, want, 1000, 1000 - TREE_RUNS * 10, 5000));
	ok(reads(w.s, id, want, 1000, 555, 10) && reads(w.s, id, want, 1000, 990, 10));
	world_close(&w);
	disc_free(&d);
}

/* --- nodes ------------------------------------------------------------------------------------- */

static void test_nodes(const struct world *w)
{
	struct tree_node n = {.id = 0}, dir;
	char *target = NULL;

	ok(!world_node(w->s, "", &n) && n.id == 1 && S_ISDIR(n.st.st_mode) && n.name_life == TREE_SHORT);
	ok(!world_node(w->s, "x", &dir) && dir.name_life == TREE_SHORT && dir.attr_life == TREE_LONG);
	ok((uint32_t)dir.id == 0 && (dir.st.st_mode & 07777) == 0555 && dir.st.st_mtime == DISC_MTIME);
	ok(!world_node(w->s, "x/grub.cfg", &n) && n.name_life == TREE_SHORT &&
	   (n.st.st_mode & 07777) == 0444);
	ok(!world_node(w->s, "x/image.iso", &n) && n.st.st_size == DISC_SIZE && n.id == fixed(dir.id, 4));
	ok(!world_node(w->s, "x/kernel", &n) && n.id == fixed(dir.id, 1) && n.name_life == TREE_LONG);
	ok(!world_node(w->s, "x/initrd", &n) && n.id == fixed(dir.id, 2));
	ok(!world_node(w->s, "x/iso", &n) && n.id == fixed(dir.id, 16) && n.generation == dir.generation);
	tap_ok(!world_node(w->s, "x/iso/boot-x", &n) && n.id == fixed(dir.id, 18),
	       "an object is the place of the path in bytewise order");
	ok(!world_node(w->s, "x/iso/boot/vmlinuz", &n) && (n.st.st_mode & 07777) == 0555 &&
	   n.st.st_size == 5000);
	ok(!world_node(w->s, "x/iso/boot/initrd", &n) && (n.st.st_mode & 07777) == 0444 &&
	   n.st.st_nlink == 1);
	ok(n.st.st_blocks == (9000 + 511) / 512 && n.st.st_mtime == DISC_MTIME && n.st.st_uid == 0);
	ok(!world_node(w->s, "x/iso/link", &n) && S_ISLNK(n.st.st_mode) &&
	   n.st.st_size == sizeof(DISC_TARGET) - 1);
	ok(!tree_readlink(w->s, n.id, &target) && !strcmp(target, DISC_TARGET));
	free(target);
	ok(!world_node(w->s, "x/iso/zisofs.txt", &n) && n.st.st_size == 12345);
	ok(world_node(w->s, "x/layers", &n) == -ENOENT && world_node(w->s, "x/root", &n) == -ENOENT);
	ok(world_node(w->s, "x/iso/Boot", &n) == -ENOENT &&
	   world_node(w->s, "x/iso/boot/vmlinuz/y", &n) == -ENOTDIR);
	ok(tree_fixed(w->s, dir.id) && tree_fixed(w->s, fixed(dir.id, 16)) && !tree_fixed(w->s, 1));
	ok(!tree_fixed(w->s, world_id(w, ".old")) && !tree_fixed(w->s, 12345));
}

static int stop_at(void *ctx, const char *name, const struct tree_node *node, uint64_t off)
{
	int *left = ctx;

	(void)name;
	(void)node;
	(void)off;
	return --*left == 0 ? -EXDEV : 0;
}

/* To stop is not an error, at whichever entry, in every kind of directory. */
static void test_stop(const struct world *w)
{
	static const char *const dirs[] = {"", "x", "x/kernel", "x/iso", "x/iso/boot", "x/iso/nothing"};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		bool good = true;

		for (int n = 1; n <= 3; n++) {
			int left = n;

			good = good && !tree_readdir(w->s, world_id(w, dirs[i]), 0, n % 2, stop_at, &left) &&
			       left <= 1;
		}
		tap_ok(good, "a listing of \"%s\" can be left", dirs[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		static const uint64_t far[] = {1ull << 62, INT64_MAX, UINT64_MAX - 1, UINT64_MAX};
		bool good = true;

		for (size_t k = 0; k < ARRAY_SIZE(far); k++) {
			int left = 1000;

			good = good &&
			       !tree_readdir(w->s, world_id(w, dirs[i]), far[k], true, stop_at, &left) &&
			       left > 900;
		}
		tap_ok(good, "positions that nobody was given list little or nothing of \"%s\"", dirs[i]);
	}
}

/* --- forged ids -------------------------------------------------------------------------------- */

static int error_of(const struct snapshot *s, uint64_t id)
{
	struct tree_node n = {.id = 77};
	struct tree_bytes b;
	char *text = NULL, value[10];
	int left = 5, r = tree_node(s, id, &n);
	size_t len = 99;

	if (!r)
		return 0;
	disc_need(n.id == 77);
	disc_need(tree_lookup(s, id, ".", &n) == r && tree_lookup(s, id, "..", &n) == r &&
		  tree_lookup(s, id, "a", &n) == r);
	disc_need(tree_readdir(s, id, 0, true, stop_at, &left) == r && left == 5);
	disc_need(tree_readlink(s, id, &text) == r && !text && tree_read(s, id, 0, 1, &b) == r && n.id == 77);
	disc_need(tree_getxattr(s, id, "user.x", value, 10, &len) == r &&
		  tree_listxattr(s, id, value, 10, &len) == r);
	disc_need(len == 99 && tree_where(s, id, &text) == r && !text);
	return r;
}

static void test_forged(const struct world *w)
{
	uint64_t x = world_id(w, "x"), y = world_id(w, "y");

	for (uint32_t object = 5; object < 16; object++) {
		uint64_t id = fixed(x, object);

		tap_ok(error_of(w->s, id) == -ESTALE, "object %u of an image is nothing", object);
	}
	tap_ok(error_of(w->s, fixed(x, 3)) == -ESTALE, "layers/ where there are none");
	ok(error_of(w->s, fixed(y, 1)) == -ESTALE && error_of(w->s, fixed(y, 2)) == -ESTALE);
	ok(error_of(w->s, fixed(x, 16 + DISC_COUNT)) == -ESTALE &&
	   !error_of(w->s, fixed(x, 15 + DISC_COUNT)));
	ok(error_of(w->s, fixed(x, UINT32_MAX)) == -ESTALE && error_of(w->s, fixed(x, 1u << 31)) == -ESTALE);
	ok(error_of(w->s, x | 1ull << 63) == -ESTALE && error_of(w->s, UINT64_MAX) == -ESTALE);
	ok(error_of(w->s, 0) == -ESTALE && error_of(w->s, 2) == -ESTALE &&
	   error_of(w->s, UINT32_MAX) == -ESTALE);
	ok(error_of(w->s, 1ull << 32) == -ESTALE && error_of(w->s, 1ull << 32 | 1) == -ESTALE);
}

#define RANDOM_IDS 1000000

/* Ids of all kinds, near those that there are and far from them: nothing, or a node that a walk finds too. */
static void test_random(const struct world *w)
{
	struct walk all = {0};
	uint64_t state = 12345;
	size_t found = 0, stale = 0, wrong = 0;

	walk_tree(&all, w->s, 100000);
	walk_sort(&all);
	tap_ok(!all.wrong, "the walk finds nothing broken in %zu nodes", all.count);
	for (unsigned i = 0; i < RANDOM_IDS; i++) {
		uint64_t id = disc_random(&state), near = all.ids[disc_random(&state) % all.count];
		struct tree_node n;
		int r;

		switch (i % 5) {
		case 0:
			break;
		case 1:
			id = fixed(near, (uint32_t)id);
			break;
		case 2:
			id = fixed(near, (uint32_t)id % 40);
			break;
		case 3:
			id = near ^ 1ull << id % 64;
			break;
		default:
			id = near + id % 5 - 2;
			break;
		}
		r = tree_node(w->s, id, &n);
		stale += r == -ESTALE;
		found += !r;
		wrong += r ? r != -ESTALE : n.id != id || !walk_met(&all, id);
	}
	printf("# %zu found, %zu stale\n", found, stale);
	tap_ok(!wrong && found > 1000 && stale > 1000, "a million ids are stale, or nodes that a walk finds");
	walk_free(&all);
}

int main(void)
{
	struct disc d, bare;
	struct world w;

	disc_init(&d, 1);
	disc_fill(&d);
	disc_init(&bare, 2);
	disc_entry(&bare, 0, "", S_IFDIR | 0755);
	disc_children(&bare);
	world_open(&w, 31);
	catalog_settle(w.c, true);
	disc_need(!catalog_add(w.c, disc_open(&d, 1, "x.iso", 5)) &&
		  !catalog_add(w.c, disc_open(&bare, 2, "y.iso", 6)));
	world_add(&w, 3, "sub/z.iso", 3, 7);
	world_add(&w, 4, "gone.iso", 4, 7);
	world_withdraw(&w, 4, 8);
	world_commit(&w);
	test_nodes(&w);
	test_reads(&w, &d);
	test_many_pieces();
	test_stop(&w);
	test_forged(&w);
	test_random(&w);
	world_close(&w);
	disc_free(&d);
	disc_free(&bare);
	return tap_done();
}
