/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog-kit.h"
#include "indexer_archive.h"
#include "recipe.h"
#include "tree-reads.h"
#include "tree-walk.h"

/* initrd/generated/ in the virtual tree: its nodes, its bytes at every boundary, ids that name bytes, and what
 * menus are told of it. */

#define ROOT_NAME  "image.squashfs.img"
#define ROOT_SIZE  (5ull * DISC_PIECE)
#define TEXT_NAME  "conf/conf.d/zz"
#define GENERATED  "x/initrd/generated"

static const char text[] = "ROOT=nfs\n";

/* The root is the file of five pieces, as far as archives know; its squashfs is none. */
static void disc_with_archives(struct disc *d, uint8_t seed, const char *content)
{
	struct index_squash q = {.offset = 2048, .length = 4096, .entry = DISC_PIECES, .flags = INDEX_SQUASH_ROOT};
	uint32_t s;

	disc_init(d, seed);
	disc_fill(d);
	q.name = index_draft_string(&d->draft, "pieces");
	index_draft_add(&d->draft, INDEX_SQUASH, &q);
	s = index_draft_string(&d->draft, content);
	disc_archive(d, "conf.cpio", TEXT_NAME, INDEX_MEMBER_TEXT, s, strlen(content), 1);
	disc_archive(d, "root.cpio", ROOT_NAME, INDEX_MEMBER_SQUASH, 0, ROOT_SIZE, 1);
	disc_archive(d, "the.iso.cpio", "the.iso", INDEX_MEMBER_IMAGE, 0, DISC_SIZE, 1);
}

static void world_of(struct world *w, struct disc *d, const char *path)
{
	world_open(w, 31);
	catalog_settle(w->c, true);
	disc_need(!catalog_add(w->c, disc_open(d, 1, path, 5)));
	world_commit(w);
}

/* --- nodes ------------------------------------------------------------------------------------- */

static void test_nodes(const struct world *w)
{
	struct tree_node initrd, dir, n = {.id = 0}, up;

	ok(!world_node(w->s, "x/initrd", &initrd) && initrd.st.st_nlink == 3 && initrd.attr_life == TREE_SHORT);
	ok(!world_node(w->s, GENERATED, &dir) && S_ISDIR(dir.st.st_mode) && (dir.st.st_mode & 07777) == 0555 &&
	   dir.st.st_nlink == 2);
	ok((uint32_t)dir.id == 5 && dir.id >> 32 == initrd.id >> 32 && dir.generation == initrd.generation);
	ok(dir.name_life == TREE_SHORT && !tree_fixed(w->s, dir.id) && !tree_fixed(w->s, initrd.id) &&
	   tree_fixed(w->s, world_id(w, "x/kernel")));
	ok(!tree_lookup(w->s, dir.id, "..", &up) && up.id == initrd.id);
	ok(!tree_lookup(w->s, dir.id, ".", &up) && up.id == dir.id);
	ok(!world_node(w->s, GENERATED "/root.cpio", &n) && (n.st.st_mode & (S_IFMT | 07777)) == (S_IFREG | 0444) &&
	   n.st.st_nlink == 1 && n.st.st_mtime == DISC_MTIME);
	ok(n.name_life == TREE_SHORT && n.attr_life == TREE_LONG && n.generation != dir.generation);
	ok((uint32_t)n.id >= IMAGE_ARCHIVE_OBJECT && n.id >> 32 == dir.id >> 32);
	ok(n.st.st_blocks == (n.st.st_size + 511) / 512 && n.st.st_size % 4 == 0 && n.st.st_size > (off_t)ROOT_SIZE);
	ok(!tree_lookup(w->s, n.id, ".", &up) && up.id == n.id && up.generation == n.generation);
	ok(tree_lookup(w->s, n.id, "..", &up) == -ENOTDIR && tree_lookup(w->s, n.id, "x", &up) == -ENOTDIR);
	ok(world_node(w->s, GENERATED "/root", &n) == -ENOENT &&
	   world_node(w->s, GENERATED "/generated", &n) == -ENOENT);
	ok(!world_node(w->s, "x/initrd/initrd", &n) && world_node(w->s, "x/kernel/generated", &n) == -ENOENT);
}

static void test_walk(const struct world *w)
{
	struct walk all = {0};

	walk_tree(&all, w->s, 100000);
	walk_sort(&all);
	tap_ok(!all.wrong, "a walk finds nothing broken in %zu nodes", all.count);
	ok(walk_met(&all, world_id(w, GENERATED)) && walk_met(&all, world_id(w, GENERATED "/conf.cpio")) &&
	   walk_met(&all, world_id(w, GENERATED "/the.iso.cpio")));
	walk_free(&all);
}

/* --- bytes ------------------------------------------------------------------------------------- */

/* The archive as it is when it is made of a copy, in one piece. */
static uint8_t *whole(const char *name, const void *file, size_t file_size, size_t *size)
{
	struct segment one = {file, file_size};
	struct cpio *c = NULL;
	uint8_t *bytes;

	disc_need(!cpio_make(&(struct cpio_file){name, file_size, &one, 1}, 1, &c, NULL));
	bytes = malloc(c->size);
	disc_need(bytes);
	*size = 0;
	for (size_t i = 0; i < c->count; *size += c->segments[i++].length)
		memcpy(bytes + *size, c->segments[i].bytes, c->segments[i].length);
	cpio_free(c);
	return bytes;
}

/* Reads from around each place where our own bytes and the file's meet to around each other one. */
static bool reads_borders(const struct world *w, uint64_t id, const uint8_t *want, uint64_t size, uint64_t file_size)
{
	uint64_t tail = (file_size + 3) / 4 * 4 - file_size + 124, head = size - file_size - tail;
	const uint64_t borders[] = {3, head, head + file_size, size};

	for (size_t i = 0; i < ARRAY_SIZE(borders); i++)
		for (size_t k = i; k < ARRAY_SIZE(borders); k++)
			for (uint64_t a = borders[i] - 3; a <= borders[i] + 3; a++)
				for (uint64_t b = borders[k] - 3; b <= borders[k] + 3; b++)
					if (a <= b && !reads(w->s, id, want, size, a, (size_t)(b - a)))
						return false;
	return true;
}

static void reads_as(const struct world *w, const char *path, const char *name, const void *file, size_t file_size,
		     uint64_t step)
{
	struct tree_node n = {.id = 0};
	struct tree_bytes b;
	size_t size;
	uint8_t *want = whole(name, file, file_size, &size);

	tap_ok(!world_node(w->s, path, &n) && (size_t)n.st.st_size == size, "%s is %zu bytes", path, size);
	tap_ok(reads_all(w->s, n.id, want, size, step), "and reads right at all boundaries");
	tap_ok(reads_borders(w, n.id, want, size, file_size), "and at those of its file");
	ok(tree_read(w->s, n.id, UINT64_MAX, 1, &b) == -EINVAL && tree_read(w->s, n.id, INT64_MAX, 1, &b) == -EINVAL);
	ok(reads(w->s, n.id, want, size, INT64_MAX - 1, 1) && reads(w->s, n.id, want, size, size, 0) &&
	   reads(w->s, n.id, want, size, size - 1, 1u << 20) && reads(w->s, n.id, want, size, 0, SIZE_MAX / 4));
	free(want);
}

static void test_bytes(const struct world *w, const struct disc *d)
{
	const struct index_extent *x = d->draft.section[INDEX_EXTENTS].data;
	const struct index_entry *e = d->draft.section[INDEX_ENTRIES].data;
	uint64_t id = world_id(w, GENERATED "/root.cpio");
	uint8_t pieces[ROOT_SIZE];
	struct tree_bytes b;
	char *where = NULL, want[300];
	size_t n;

	for (uint32_t i = 0; i < 5; i++)
		memcpy(pieces + i * DISC_PIECE, d->bytes + x[e[DISC_PIECES].first + i].offset, DISC_PIECE);
	reads_as(w, GENERATED "/conf.cpio", TEXT_NAME, text, strlen(text), 5);
	reads_as(w, GENERATED "/root.cpio", ROOT_NAME, pieces, sizeof(pieces), 1000);
	reads_as(w, GENERATED "/the.iso.cpio", "the.iso", d->bytes, d->size, d->size / 8);
	/* A range of the image is handed on as it lies there: nothing of it is copied. */
	ok(!tree_read(w->s, id, 200, 6000, &b) && b.count == 3 && !b.buffer && b.total == 6000);
	tree_bytes_free(&b);
	n = (size_t)snprintf(want, sizeof(want), "text+132");
	for (uint32_t i = 0; i < 5; i++)
		n += (size_t)snprintf(want + n, sizeof(want) - n, " iso %llu+%u",
				      (unsigned long long)x[e[DISC_PIECES].first + i].offset, DISC_PIECE);
	snprintf(want + n, sizeof(want) - n, " text+124");
	tap_ok(!tree_where(w->s, id, &where) && !strcmp(where, want), "where it is: %s", where ? where : "?");
	free(where);
}

/* --- ids --------------------------------------------------------------------------------------- */

static int error_of(const struct snapshot *s, uint64_t id)
{
	struct tree_node n;

	return tree_node(s, id, &n);
}

/* What a handle would be of the first server's archive, on another one. */
static void test_ids(const struct world *w)
{
	static const char *const names[] = {GENERATED "/conf.cpio", GENERATED "/root.cpio",
					    GENERATED "/the.iso.cpio"};
	struct tree_node a = {.id = 0}, b = {.id = 0};
	struct world other;
	struct disc d;
	uint64_t id = world_id(w, names[1]);
	unsigned found = 0;

	disc_with_archives(&d, 1, text);
	world_of(&other, &d, "x.iso");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		tap_ok(!world_node(w->s, names[i], &a) && !world_node(other.s, names[i], &b) && a.id == b.id &&
			       a.generation == b.generation,
		       "%s is the same node on another server", names[i]);
	disc_free(&d);
	world_close(&other);

	disc_with_archives(&d, 1, "ROOT=mfs\n");
	world_of(&other, &d, "x.iso");
	ok(!world_node(w->s, names[0], &a) && !world_node(other.s, names[0], &b) && a.id != b.id &&
	   a.id >> 32 == b.id >> 32 && a.st.st_size == b.st.st_size);
	tap_ok(error_of(other.s, a.id) == -ESTALE,
	       "other bytes of one name are another node, and the old one is stale");
	ok(world_id(&other, names[1]) == id);
	disc_free(&d);
	world_close(&other);

	disc_with_archives(&d, 2, text);
	world_of(&other, &d, "x.iso");
	ok(!world_node(w->s, names[1], &a) && !world_node(other.s, names[1], &b) && a.id != b.id &&
	   (uint32_t)a.id != (uint32_t)b.id && a.generation != b.generation);
	disc_free(&d);
	world_close(&other);

	for (uint32_t i = 1; i < 100000; i++)
		found += !error_of(w->s, id + i) + !error_of(w->s, id - i) +
			 !error_of(w->s, (id >> 32) << 32 | (IMAGE_ARCHIVE_OBJECT + i));
	tap_ok(found == 0, "ids near it are nothing");
	for (uint32_t object = 6; object < 16; object++)
		found += !error_of(w->s, (id >> 32) << 32 | object);
	ok(found == 0 && error_of(w->s, (id >> 32) << 32 | (IMAGE_ARCHIVE_OBJECT - 1)) == -ESTALE);
}

/* An image that is withdrawn keeps its archives for those who have a handle. */
static void test_withdrawn(void)
{
	struct disc d;
	struct world w;
	struct tree_node n = {.id = 0}, dir = {.id = 0}, later = {.id = 0};
	char old[32], path[100];

	disc_with_archives(&d, 1, text);
	world_of(&w, &d, "x.iso");
	disc_need(!world_node(w.s, GENERATED "/root.cpio", &n) && !world_node(w.s, GENERATED, &dir));
	world_withdraw(&w, 1, 8);
	world_commit(&w);
	ok(world_node(w.s, "x", &later) == -ENOENT);
	ok(!tree_node(w.s, n.id, &later) && later.id == n.id && later.generation == n.generation &&
	   later.st.st_size == n.st.st_size);
	snprintf(path, sizeof(path), "%s/initrd/generated/root.cpio", world_old(n.id, old));
	ok(world_id(&w, path) == n.id && !tree_lookup(w.s, dir.id, "..", &later));
	disc_need(!catalog_add(w.c, disc_open(&d, 2, "x.iso", 9)));
	world_commit(&w);
	ok(world_id(&w, GENERATED "/root.cpio") == n.id);
	disc_free(&d);
	world_close(&w);
}

/* The same bytes under two names are two nodes, as of all generated files. */
static void test_twins(void)
{
	struct disc d;
	struct world w;
	struct tree_node a = {.id = 0}, b = {.id = 0};

	disc_init(&d, 1);
	disc_entry(&d, 0, "", S_IFDIR | 0755);
	disc_children(&d);
	disc_archive(&d, "a.cpio", "same", INDEX_MEMBER_IMAGE, 0, DISC_SIZE, 0);
	disc_archive(&d, "b.cpio", "same", INDEX_MEMBER_IMAGE, 0, DISC_SIZE, 0);
	world_of(&w, &d, "x.iso");
	ok(!world_node(w.s, GENERATED "/a.cpio", &a) && !world_node(w.s, GENERATED "/b.cpio", &b) && a.id != b.id &&
	   a.generation != b.generation && a.st.st_size == b.st.st_size);
	disc_free(&d);
	world_close(&w);
}

/* --- images with nothing else, and with none ---------------------------------------------------- */

static void test_alone(void)
{
	struct disc d;
	struct world w;
	struct walk all = {0};

	disc_init(&d, 1);
	disc_entry(&d, 0, "", S_IFDIR | 0755);
	disc_children(&d);
	disc_archive(&d, "a.cpio", "a", INDEX_MEMBER_IMAGE, 0, DISC_SIZE, 0);
	world_of(&w, &d, "x.iso");
	tap_ok(world_id(&w, "x/initrd") && world_id(&w, GENERATED "/a.cpio") && !world_id(&w, "x/kernel"),
	       "initrd/ is there for an archive alone");
	walk_tree(&all, w.s, 1000);
	ok(!all.wrong);
	walk_free(&all);
	disc_free(&d);
	world_close(&w);
}

static void test_none(void)
{
	struct disc d;
	struct world w;
	struct tree_node n = {.id = 0};

	disc_init(&d, 1);
	disc_fill(&d);
	world_of(&w, &d, "x.iso");
	ok(world_node(w.s, GENERATED, &n) == -ENOENT);
	ok(!world_node(w.s, "x/initrd", &n) && n.st.st_nlink == 2 && error_of(w.s, n.id + 3) == -ESTALE);
	disc_free(&d);
	world_close(&w);
}

/* --- menus ------------------------------------------------------------------------------------- */

/* What the indexer makes for a family of the table is what its menus offer. */
static unsigned family_listing(const struct recipe *r)
{
	struct index_squash q = {.offset = 2048, .length = 4096, .entry = DISC_PIECES, .flags = INDEX_SQUASH_ROOT};
	const struct menu_image *l;
	struct image *im;
	struct disc d;
	size_t asked = 0, good = 0;
	char path[300];

	disc_init(&d, 1);
	disc_fill(&d);
	q.name = index_draft_string(&d.draft, "pieces");
	index_draft_add(&d.draft, INDEX_SQUASH, &q);
	snprintf(d.draft.header.family, sizeof(d.draft.header.family), "%s", r->id);
	disc_need(!indexer_archives(&d.draft, r, NULL));
	im = disc_open(&d, 1, "x.iso", 5);
	l = &im->listing;
	disc_need(l->recipe == r && l->root_size == ROOT_SIZE && l->boots[0].initrd_size == 9000);
	for (size_t n = 0; r->ways && r->ways[n].how != RECIPE_UNKNOWN; n++) {
		if (!r->ways[n].archive || recipe_way_holds(&r->ways[n], RECIPE_MEMBER_FILES))
			continue; /* the disc has no such files */
		asked++;
		for (size_t i = 0; i < l->archive_count; i++) {
			uint32_t a;

			if (l->archives[i].way != n)
				continue;
			disc_need(!strncmp(l->archives[i].path, "initrd/generated/", 17));
			snprintf(path, sizeof(path), "%s", l->archives[i].path + 17);
			good += !index_archive_find(im->index, path, &a) &&
				im->archives[a].cpio->size == l->archives[i].size;
		}
	}
	if (asked || l->archive_count)
		tap_ok(good == asked && l->archive_count == asked, "%s: %zu ways have their archives", r->id, asked);
	image_put(im);
	disc_free(&d);
	return (unsigned)asked;
}

/* A disc of Debian's installer with packages of two kernels' loop modules: all files of the archive in their order. */
static void test_files(void)
{
	static const char *const packages[] = {"loop-modules-6.1.0-47-amd64-di_6.1.170-3_amd64.udeb",
					       "loop-modules-6.1.0-50-amd64-di_6.1.176-1_amd64.udeb"};
	const struct recipe *r = recipe_by_id("debian-installer");
	const struct recipe_member *m = r->ways[0].archive;
	struct reason why = {""};
	struct cpio_file files[5];
	struct segment lie[5];
	struct tree_node n = {.id = 0};
	struct cpio *c = NULL;
	uint32_t at, entry[2];
	char names[2][100];
	uint8_t *want;
	struct disc d;
	struct world w;
	size_t size = 0;

	disc_init(&d, 1);
	disc_entry(&d, 0, "", S_IFDIR | 0755);
	at = disc_dir(&d, DISC_ROOT, "pool");
	at = disc_dir(&d, at, "main");
	at = disc_dir(&d, at, "linux-signed-amd64");
	entry[0] = disc_file(&d, at, packages[0], 1, 3001);
	entry[1] = disc_file(&d, at, packages[1], 1, 2002);
	disc_children(&d);
	snprintf(d.draft.header.family, sizeof(d.draft.header.family), "%s", r->id);
	disc_need(!indexer_archives(&d.draft, r, &why) && !why.text[0] && m[3].kind == RECIPE_MEMBER_TEXT);
	lie[0] = (struct segment){d.bytes, d.size};
	for (unsigned i = 0; i < 2; i++) {
		const struct index_extent *x = d.draft.section[INDEX_EXTENTS].data;

		snprintf(names[i], sizeof(names[i]), "pxefs.%s", packages[i]);
		lie[i + 1] = (struct segment){d.bytes + x[disc_at(&d, entry[i])->first].offset, i ? 2002 : 3001};
		files[i + 1] = (struct cpio_file){names[i], lie[i + 1].length, &lie[i + 1], 1};
		lie[i + 3] = (struct segment){(const uint8_t *)m[i + 2].text, strlen(m[i + 2].text)};
		files[i + 3] = (struct cpio_file){m[i + 2].name, lie[i + 3].length, &lie[i + 3], 1};
	}
	files[0] = (struct cpio_file){"pxefs.iso", d.size, &lie[0], 1};
	disc_need(!cpio_make(files, 5, &c, NULL));
	want = malloc(c->size);
	disc_need(want);
	for (size_t i = 0; i < c->count; size += c->segments[i++].length)
		memcpy(want + size, c->segments[i].bytes, c->segments[i].length);
	world_of(&w, &d, "x.iso");
	tap_ok(!world_node(w.s, GENERATED "/pxefs.iso.cpio", &n) && (size_t)n.st.st_size == size,
	       "an archive of five files is %zu bytes", size);
	ok(reads_all(w.s, n.id, want, size, 997));
	free(want);
	cpio_free(c);
	world_close(&w);
	disc_free(&d);
}

/* Of that disc's archive, what the family's way does not ask for any more is in no menu. */
static void test_files_fit(void)
{
	const struct recipe *r = recipe_by_id("debian-installer");
	struct image *im;
	struct disc d;
	uint32_t at;

	for (unsigned spoil = 0; spoil < 4; spoil++) {
		struct index_member *m;
		uint32_t s;

		disc_init(&d, 1);
		disc_entry(&d, 0, "", S_IFDIR | 0755);
		at = disc_dir(&d, DISC_ROOT, "pool");
		at = disc_dir(&d, at, "main");
		disc_file(&d, at, "loop-modules-6-di_1.udeb", 1, 3001);
		disc_children(&d);
		snprintf(d.draft.header.family, sizeof(d.draft.header.family), "%s", r->id);
		disc_need(!indexer_archives(&d.draft, r, NULL) && d.draft.section[INDEX_MEMBERS].count == 4);
		s = index_draft_string(&d.draft, spoil == 3 ? "qreseed.cfg" : "qxefs.loop-modules-6-di_1.udeb");
		m = d.draft.section[INDEX_MEMBERS].data;
		if (spoil == 1 || spoil == 3)
			m[spoil].name = s;
		if (spoil == 2) {
			m[1].kind = INDEX_MEMBER_IMAGE;
			m[1].source = 0;
			((struct index_archive *)d.draft.section[INDEX_ARCHIVES].data)->size +=
				DISC_SIZE - (3001 + 3) / 4 * 4;
		}
		im = disc_open(&d, 1, "x.iso", 5);
		tap_ok(im->listing.archive_count == !spoil, "with change %u its menu has %zu archives", spoil,
		       im->listing.archive_count);
		image_put(im);
		disc_free(&d);
	}
}

/* Whether the way's archive is this file alone. */
static bool fits(const struct recipe_way *w, enum recipe_member_kind kind, const char *name)
{
	return w->archive && w->archive[0].kind == kind && !strcmp(w->archive[0].name, name) &&
	       w->archive[1].kind == RECIPE_MEMBER_END;
}

/* An archive that the family's way does not ask for any more is there, and in no menu. */
static void test_listing(void)
{
	const struct recipe *r;
	struct image *im;
	struct disc d;
	unsigned asked = 0, listed = 0;

	for (size_t i = 0; (r = recipe_at(i)); i++)
		asked += family_listing(r);
	tap_ok(asked > 0, "%u ways of all families have an archive", asked);
	disc_with_archives(&d, 1, text);
	for (size_t i = 0; (r = recipe_at(i)); i++) {
		struct index_archive *a = d.draft.section[INDEX_ARCHIVES].data;

		for (unsigned k = 0; k < 3; k++)
			a[k].ways = UINT32_MAX;
		snprintf(d.draft.header.family, sizeof(d.draft.header.family), "%s", r->id);
		im = disc_open(&d, 1, "x.iso", 5);
		for (size_t k = 0; k < im->listing.archive_count; k++, listed++)
			disc_need(fits(&r->ways[im->listing.archives[k].way], RECIPE_MEMBER_ROOT, ROOT_NAME) ||
				  fits(&r->ways[im->listing.archives[k].way], RECIPE_MEMBER_IMAGE, "the.iso"));
		disc_need(im->archives && im->index->header->count[INDEX_ARCHIVES] == 3);
		image_put(im);
	}
	tap_ok(listed > 0, "of ways that do not fit the archive none is listed (%u fit)", listed);
	for (unsigned k = 0; k < 3; k++)
		((struct index_archive *)d.draft.section[INDEX_ARCHIVES].data)[k].ways = 0;
	for (listed = 0, asked = 0; (r = recipe_at(asked)); asked++) {
		snprintf(d.draft.header.family, sizeof(d.draft.header.family), "%s", r->id);
		im = disc_open(&d, 1, "x.iso", 5);
		listed += (unsigned)im->listing.archive_count;
		image_put(im);
	}
	tap_ok(listed == 0, "nor of those that it is not for");
	disc_free(&d);
}

int main(void)
{
	struct disc d;
	struct world w;

	disc_with_archives(&d, 1, text);
	world_of(&w, &d, "x.iso");
	test_nodes(&w);
	test_walk(&w);
	test_bytes(&w, &d);
	test_ids(&w);
	world_close(&w);
	disc_free(&d);
	test_withdrawn();
	test_twins();
	test_alone();
	test_none();
	test_files();
	test_files_fit();
	test_listing();
	return tap_done();
}
