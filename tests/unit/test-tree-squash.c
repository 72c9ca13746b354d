/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog-kit.h"
#include "indexer.h"
#include "squash-fixture.h"
#include "tree-walk.h"

/* Trees with squashfs in them: root/ and layers/, numbers that are no inode's, bytes and attributes against
 * the files that went in; and an ISO made by xorriso, through the real indexer. */

static struct fixture f;

static void *slurp(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *data;

	disc_need(fd >= 0 && !fstat(fd, &st));
	*size = (size_t)st.st_size;
	data = malloc(*size + 1);
	disc_need(data && !pread_full(fd, data, *size, 0));
	close(fd);
	return data;
}

static bool reads(const struct snapshot *s, uint64_t id, const char *want, uint64_t size, uint64_t off,
		  size_t len)
{
	uint64_t there = off >= size ? 0 : size - off < len ? size - off : len, at = off;
	struct tree_bytes b;

	if (tree_read(s, id, off, len, &b))
		return false;
	for (int i = 0; i < b.count && at + b.run[i].iov_len <= size; at += b.run[i++].iov_len)
		if (memcmp(b.run[i].iov_base, want + at, b.run[i].iov_len))
			break;
	tree_bytes_free(&b);
	return at - off == there && b.total == there;
}

/* The file at a path of the tree against the one it was made of. */
static bool same_file(const struct world *w, const char *path, const char *source)
{
	uint64_t id = world_id(w, path);
	size_t size;
	char *want = slurp(source, &size);
	bool good = id != 0;
	uint64_t state = size + 1;

	good = good && reads(w->s, id, want, size, 0, size + 100) && reads(w->s, id, want, size, size, 10);
	for (uint64_t at = 0; good && at <= size; at += 131072)
		good = reads(w->s, id, want, size, at, 4096) &&
		       (!at || reads(w->s, id, want, size, at - 1, 2));
	for (unsigned i = 0; good && i < 50; i++)
		good = reads(w->s, id, want, size, disc_random(&state) % (size + 10),
			     disc_random(&state) % 300000);
	free(want);
	return good;
}

/* --- made-up discs ----------------------------------------------------------------------------- */

static void add_disc(struct world *w, uint64_t serial, const char *path, const char *const images[],
		     unsigned count, unsigned root)
{
	struct disc d;

	disc_init(&d, (uint8_t)(serial + 10));
	disc_entry(&d, 0, "", S_IFDIR | 0755);
	for (unsigned i = 0; i < count; i++) {
		size_t size;
		void *data = slurp(images[i], &size);

		disc_squash(&d, 0, images[i], data, size,
			    INDEX_SQUASH_LAYER | (i == root ? INDEX_SQUASH_ROOT : 0));
		free(data);
	}
	disc_children(&d);
	disc_need(!catalog_add(w->c, disc_open(&d, serial, path, 5)));
	disc_free(&d);
}

static void test_places(const struct world *w)
{
	struct tree_node n, up;
	uint64_t one = world_id(w, "one"), two = world_id(w, "two");

	ok(world_id(w, "one/root/dir") && !world_id(w, "one/layers"));
	tap_ok(world_id(w, "two/root/dir") && world_id(w, "two/layers/a.sfs/dir") &&
		       world_id(w, "two/layers/b.sfs/etc"),
	       "with several layers each is shown, the root too");
	ok(world_id(w, "two/root") != world_id(w, "two/layers/a.sfs"));
	ok((uint32_t)world_id(w, "two/root/dir") == (uint32_t)world_id(w, "two/layers/a.sfs/dir"));
	ok(world_id(w, "three/layers/b.sfs/etc") && !world_id(w, "three/root"));
	ok(!world_node(w->s, "one/root", &n) && !tree_lookup(w->s, n.id, "..", &up) && up.id == one);
	ok(!world_node(w->s, "two/layers/a.sfs", &n) && !tree_lookup(w->s, n.id, "..", &up) &&
	   up.id == world_id(w, "two/layers"));
	ok(!tree_lookup(w->s, up.id, "..", &n) && n.id == two && n.name_life == TREE_SHORT);
	tap_ok(!world_id(w, "broken/root") && !world_id(w, "broken/layers") &&
		       world_id(w, "broken/iso/broken.sfs"),
	       "a squashfs that does not open is a file and nothing else");
}

static void test_attributes(const struct world *w)
{
	struct stat st;
	struct tree_node n;
	char *target = NULL, value[16], list[64];
	uint64_t id;
	size_t len = 0;

	ok(!world_node(w->s, "one/root/small", &n) && !stat("src/small", &st));
	ok(n.st.st_mode == st.st_mode && n.st.st_uid == st.st_uid && n.st.st_gid == st.st_gid);
	ok(n.st.st_nlink == 3 && n.st.st_size == st.st_size && n.name_life == TREE_LONG &&
	   n.attr_life == TREE_LONG);
	if (f.root)
		ok(!world_node(w->s, "one/root/disk", &n) && S_ISBLK(n.st.st_mode) &&
		   n.st.st_rdev == makedev(259, 70000));
	id = world_id(w, "one/root/link");
	ok(!tree_readlink(w->s, id, &target) && !strcmp(target, "small"));
	free(target);
	ok(world_id(w, "one/root/small") == world_id(w, "one/root/dir/small.3"));
	if (!f.xattrs)
		return;
	id = world_id(w, "one/root/small");
	ok(!tree_getxattr(w->s, id, "user.one", value, sizeof(value), &len) && len == 1 && value[0] == '1');
	ok(!tree_getxattr(w->s, id, "user.one", NULL, 0, &len) && len == 1);
	ok(tree_getxattr(w->s, id, "user.none", value, sizeof(value), &len) == -ENODATA);
	ok(tree_getxattr(w->s, world_id(w, "one/root/block"), "user.big", value, 10, &len) == -ERANGE);
	ok(tree_getxattr(w->s, world_id(w, "one/root/block"), "trusted.t", value, 10, &len) == -ENODATA);
	ok(!tree_listxattr(w->s, id, list, sizeof(list), &len) && len > 10);
}

static void test_forged(const struct world *w)
{
	static const char *const roots[] = {"one/root", "two/root", "two/layers/a.sfs", "two/layers/b.sfs"};
	struct walk all = {0};
	uint64_t state = 99;
	size_t found = 0, wrong = 0;

	walk_tree(&all, w->s, 1000000);
	walk_sort(&all);
	tap_ok(!all.wrong, "the walk finds nothing broken in %zu nodes", all.count);
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		uint64_t base = world_id(w, roots[i]) >> 32 << 32;
		const struct view_ref *v = snapshot_view(w->s, (uint32_t)(base >> 32));
		const struct image *im = w->s->places[v->place].image;
		uint32_t inodes = squash_info(im->squash[im->views[v->view].squash])->inodes;
		const uint32_t none[] = {0, inodes + 1, inodes + 2, 1u << 31, UINT32_MAX};
		struct tree_node n;

		for (size_t k = 0; k < ARRAY_SIZE(none); k++)
			tap_ok(tree_node(w->s, base | none[k], &n) == -ESTALE &&
				       tree_lookup(w->s, base | none[k], ".", &n) == -ESTALE &&
				       tree_lookup(w->s, base | none[k], "..", &n) == -ESTALE &&
				       tree_lookup(w->s, base | none[k], "x", &n) == -ESTALE,
			       "inode %u of %u in %s", none[k], inodes, roots[i]);
		for (uint32_t k = 1; k <= inodes; k++)
			wrong += tree_node(w->s, base | k, &n) || !walk_met(&all, base | k);
	}
	tap_ok(!wrong, "every inode number is a node that a walk finds");
	for (unsigned i = 0; i < 100000; i++) {
		uint64_t near = all.ids[disc_random(&state) % all.count],
			 id = near ^ 1ull << disc_random(&state) % 64;
		struct tree_node n;
		int r = tree_node(w->s, id, &n);

		found += !r;
		wrong += r ? r != -ESTALE : !walk_met(&all, id);
	}
	tap_ok(!wrong && found > 100, "flipped ids are stale, or nodes that a walk finds (%zu)", found);
	walk_free(&all);
}

static void test_files(const struct world *w)
{
	static const char *const files[] = {"empty",  "one", "small", "block", "block+1",     "128k",
					    "128k-1", "1m",  "list",  "big",   "sparse.tail", "dir/1m+5"};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char path[64], source[64];

		snprintf(path, sizeof(path), "two/root/%s", files[i]);
		snprintf(source, sizeof(source), "src/%s", files[i]);
		if (access(source, R_OK) < 0)
			continue;
		tap_ok(same_file(w, path, source), "%s has its bytes", files[i]);
	}
}

static void test_discs(void)
{
	static const char *const one[] = {"a.sfs"}, *const two[] = {"a.sfs", "b.sfs"},
				 *const broken[] = {"broken.sfs"}, *const three[] = {"b.sfs"};
	struct world w;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	add_disc(&w, 1, "one.iso", one, 1, 0);
	add_disc(&w, 2, "two.iso", two, 2, 0);
	add_disc(&w, 3, "three.iso", three, 1, 9);
	add_disc(&w, 4, "broken.iso", broken, 1, 0);
	world_commit(&w);
	test_places(&w);
	test_attributes(&w);
	test_files(&w);
	test_forged(&w);
	world_close(&w);
}

/* --- a real ISO -------------------------------------------------------------------------------- */

static struct image *real_image(const char *path)
{
	struct index_draft draft;
	struct reason why = {""};
	struct image *im = NULL;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC),
	    out = memfd_create("index", MFD_CLOEXEC | MFD_ALLOW_SEALING), r;

	disc_need(fd >= 0 && out >= 0 && !fstat(fd, &st));
	index_draft_init(&draft);
	r = indexer_build(fd, &draft, &why);
	if (!r)
		r = index_draft_write(&draft, out);
	index_draft_free(&draft);
	if (!r)
		r = image_open(1, "real.iso", fd, &st, out, (struct timespec){.tv_sec = 5}, &im, &why);
	if (r)
		printf("# %d, %s\n", r, why.text);
	close(out);
	return im;
}

static void test_real(void)
{
	struct walk all = {0};
	struct world w;
	struct image *im;

	if (run("command -v xorriso >/dev/null") ||
	    run("mkdir -p tree/live tree/boot/grub tree/deep/er && cp a.sfs tree/live/filesystem.squashfs && "
		"cp src/1m tree/live/vmlinuz && cp src/128k-1 tree/live/initrd.img && ln -s live/vmlinuz "
		"tree/kernel && "
		"ln src/big tree/deep/er/big && cp src/empty tree/deep/.hidden && "
		"printf 'menuentry \"Live\" {\\nlinux /live/vmlinuz boot=live quiet\\ninitrd "
		"/live/initrd.img\\n}\\n' "
		">tree/boot/grub/grub.cfg && "
		"xorriso -as mkisofs -quiet -R -J -V REAL -o real.iso tree >xorriso.log 2>&1")) {
		printf("# no xorriso: not all of this is tested\n");
		return;
	}
	im = real_image("real.iso");
	if (!tap_ok(im, "an ISO of xorriso's is indexed"))
		return;
	world_open(&w, 31);
	catalog_settle(w.c, true);
	disc_need(!catalog_add(w.c, im));
	world_commit(&w);
	walk_tree(&all, w.s, 1000000);
	walk_sort(&all);
	tap_ok(!all.wrong && all.links > 0 && all.files > 3000, "nothing is broken in its %zu nodes",
	       all.count);
	ok(same_file(&w, "real/kernel/vmlinuz", "src/1m") &&
	   same_file(&w, "real/initrd/initrd.img", "src/128k-1"));
	ok(same_file(&w, "real/iso/deep/er/big", "src/big") &&
	   same_file(&w, "real/iso/deep/.hidden", "src/empty"));
	ok(same_file(&w, "real/root/big", "src/big") && same_file(&w, "real/image.iso", "real.iso"));
	ok(world_says(&w, "real/grub.cfg", "real/kernel/vmlinuz") ||
	   world_says(&w, "real/grub.cfg", "kernel/vmlinuz"));
	walk_free(&all);
	world_close(&w);
}

int main(void)
{
	fixture_open(&f);
	make_source(&f, 600000);
	if (mkdir("etc", 0755) || run("echo >src/init") || !make_image("a.sfs", "-b 131072 -noappend") ||
	    run("mksquashfs etc b.sfs -keep-as-directory -no-progress -quiet -processors 1 >b.log 2>&1") ||
	    run("head -c 5000 a.sfs >broken.sfs")) {
		fixture_close(&f);
		tap_skip("mksquashfs does not do what is wanted");
	}
	test_discs();
	test_real();
	fixture_close(&f);
	return tap_done();
}
