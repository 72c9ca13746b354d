/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "disc-kit.h"
#include "indexer_archive.h"
#include "recipe.h"
#include "tap.h"

/* Archives in an index: what the indexer writes for the ways of a family, and what the check refuses. */

#define PIECES (5 * DISC_PIECE)

/* A disc with a root, called after the file of five pieces. */
static void disc_with_root(struct disc *d)
{
	struct index_squash q = {.offset = 2048, .length = 4096, .entry = DISC_PIECES, .flags = INDEX_SQUASH_ROOT};

	disc_init(d, 1);
	disc_fill(d);
	q.name = index_draft_string(&d->draft, "pieces");
	index_draft_add(&d->draft, INDEX_SQUASH, &q);
}

/* And with an archive of each kind. */
static void disc_with_archives(struct disc *d)
{
	disc_with_root(d);
	disc_archive(d, "image.cpio", "image.iso", INDEX_MEMBER_IMAGE, 0, DISC_SIZE, 2);
	disc_archive(d, "root.cpio", "root.img", INDEX_MEMBER_SQUASH, 0, PIECES, 1);
	disc_archive(d, "text.cpio", "conf/a", INDEX_MEMBER_TEXT, index_draft_string(&d->draft, "a=b\n"), 4, 4);
}

/* The index of a disc that is sound, owned by the caller, and what it says. */
static uint8_t *sound_index(struct disc *d, size_t *size, struct index *x)
{
	struct reason why = {""};
	uint8_t *bytes = disc_index(d, size);

	if (index_check(bytes, *size, d->size, x, &why)) {
		printf("# index_check: %s\n", why.text);
		abort();
	}
	return bytes;
}

static struct index_archive *archives(struct disc *d)
{
	return d->draft.section[INDEX_ARCHIVES].data;
}

static struct index_member *members(struct disc *d)
{
	return d->draft.section[INDEX_MEMBERS].data;
}

static struct index_squash *squash(struct disc *d)
{
	return d->draft.section[INDEX_SQUASH].data;
}

/* --- the check --------------------------------------------------------------------------------- */

static uint32_t string(struct disc *d, const char *s)
{
	return index_draft_string(&d->draft, s);
}

static uint32_t strings(struct disc *d)
{
	return (uint32_t)d->draft.section[INDEX_STRINGS].count;
}

static uint32_t entries(struct disc *d)
{
	return (uint32_t)d->draft.section[INDEX_ENTRIES].count;
}

static void without_archives(struct disc *d)
{
	d->draft.section[INDEX_ARCHIVES].count = 0;
	d->draft.section[INDEX_MEMBERS].count = 0;
}

static void many_archives(struct disc *d)
{
	char name[16];

	for (unsigned i = 0; i < INDEX_ARCHIVES_MAX; i++) {
		snprintf(name, sizeof(name), "z%03u", i);
		disc_archive(d, name, "x", INDEX_MEMBER_IMAGE, 0, DISC_SIZE, 1);
	}
}

static void many_files(struct disc *d)
{
	for (unsigned i = 0; i < INDEX_MEMBERS_MAX; i++)
		disc_archive_more(d, "x", INDEX_MEMBER_IMAGE, 0, DISC_SIZE);
}

/* A text is added first: what it is put into moves no more. */
static void rename_initrd(struct disc *d, const char *name)
{
	uint32_t s = string(d, name);

	((struct index_file *)d->draft.section[INDEX_FILES].data)[1].name = s;
}

static void rename_archive(struct disc *d, unsigned i, const char *name)
{
	uint32_t s = string(d, name);

	archives(d)[i].name = s;
}

static void rename_member(struct disc *d, unsigned i, const char *name)
{
	uint32_t s = string(d, name);

	members(d)[i].name = s;
}

/* The last archive's text has that many bytes. */
static void text_of(struct disc *d, size_t length)
{
	char *text = malloc(length + 1);
	uint32_t s;

	disc_need(text);
	memset(text, 't', length);
	text[length] = '\0';
	s = string(d, text);
	members(d)[2].source = s;
	archives(d)[2].size = disc_archive_size("conf/a", length);
	free(text);
}

/* What is the root in the second archive is a file of the disc's. */
static void file_of(struct disc *d, uint32_t entry)
{
	members(d)[1].kind = INDEX_MEMBER_FILE;
	members(d)[1].source = entry;
}

/* The last archive has two files. */
static void two_files(struct disc *d)
{
	disc_archive_more(d, "more", INDEX_MEMBER_FILE, DISC_PIECES, PIECES);
}

static void one_is_counted(struct disc *d)
{
	two_files(d);
	archives(d)[2].count = 1;
	archives(d)[2].size = disc_archive_size("conf/a", 4);
}

/* Where the ISO is 4 GiB or more, no archive of it can be right. */
static void huge(struct disc *d)
{
	d->size = d->draft.header.image_size = 1ull << 32;
	archives(d)[0].size += (1ull << 32) - DISC_SIZE;
}

/* RULE(name, what the check says or NULL where it is sound, how the index comes to that) */
#define RULES \
	RULE(nothing, NULL, (void)d) \
	RULE(no_archives, NULL, without_archives(d); rename_initrd(d, INDEX_GENERATED)) \
	RULE(text_longest, NULL, text_of(d, INDEX_MEMBER_TEXT_MAX)) \
	RULE(many, "too many archives", many_archives(d)) \
	RULE(initrd_in_the_way, "archives' place", rename_initrd(d, INDEX_GENERATED)) \
	RULE(name_outside, "without a name", archives(d)[1].name = strings(d)) \
	RULE(name_empty, "without a name", archives(d)[0].name = 0) \
	RULE(name_slash, "without a name", rename_archive(d, 1, "ro/ot")) \
	RULE(name_dots, "without a name", rename_archive(d, 0, "..")) \
	RULE(name_twice, "out of order", archives(d)[1].name = archives(d)[0].name) \
	RULE(name_order, "out of order", rename_archive(d, 0, "zebra")) \
	RULE(member_outside, "without a name", members(d)[2].name = UINT32_MAX) \
	RULE(member_empty, "made so", members(d)[2].name = 0) \
	RULE(member_slash, "made so", rename_member(d, 1, "/root.im")) \
	RULE(member_dots, "made so", rename_member(d, 2, "../a")) \
	RULE(member_end, "made so", rename_member(d, 1, "TRAILER!!!")) \
	RULE(member_longer, "made so", rename_member(d, 1, "a-longer-name.img")) \
	RULE(kind_unknown, "of nothing", members(d)[1].kind = INDEX_MEMBER_FILE + 1) \
	RULE(kind_huge, "of nothing", members(d)[1].kind = UINT32_MAX) \
	RULE(squash_outside, "of nothing", members(d)[1].source = 1) \
	RULE(squash_is_directory, "of nothing", squash(d)->entry = DISC_NOTHING) \
	RULE(squash_is_link, "of nothing", squash(d)->entry = DISC_LINK) \
	RULE(squash_is_packed, "of nothing", squash(d)->entry = DISC_PACKED) \
	RULE(squash_is_another, "made so", squash(d)->entry = DISC_KERNEL) \
	RULE(image_with_source, "of nothing", members(d)[0].source = 1) \
	RULE(text_outside, "of nothing", members(d)[2].source = strings(d)) \
	RULE(text_long, "of nothing", text_of(d, INDEX_MEMBER_TEXT_MAX + 1)) \
	RULE(text_is_another, "made so", members(d)[2].source = 0) \
	RULE(file_is_one, NULL, file_of(d, DISC_PIECES)) \
	RULE(file_outside, "of nothing", file_of(d, entries(d))) \
	RULE(file_is_directory, "of nothing", file_of(d, DISC_NOTHING)) \
	RULE(file_is_packed, "of nothing", file_of(d, DISC_PACKED)) \
	RULE(file_is_another, "made so", file_of(d, DISC_KERNEL)) \
	RULE(several, NULL, two_files(d)) \
	RULE(several_less, "without members", two_files(d); archives(d)[2].count = 3) \
	RULE(several_short, "of no archive", one_is_counted(d)) \
	RULE(many_members, "too many archives", many_files(d)) \
	RULE(members_none, "without members", archives(d)[1].count = 0) \
	RULE(members_shared, "without members", archives(d)[2].first = 1) \
	RULE(members_skipped, "without members", archives(d)[0].first = 1) \
	RULE(members_outside, "without members", archives(d)[2].first = 3) \
	RULE(members_wrap, "without members", archives(d)[1].count = UINT32_MAX) \
	RULE(size_less, "made so", archives(d)[0].size--) \
	RULE(size_more, "made so", archives(d)[2].size += 4) \
	RULE(size_huge, "made so", archives(d)[1].size = UINT64_MAX) \
	RULE(image_huge, "made so", huge(d))

#define RULE(name, why, statement) \
	static void spoil_##name(struct disc *d) \
	{ \
		statement; \
	}
RULES
#undef RULE

static const struct {
	const char *name, *reason; /* no reason: it is sound */
	void (*spoil)(struct disc *);
} spoilers[] = {
#define RULE(name, why, statement) {#name, why, spoil_##name},
	RULES
#undef RULE
};

static void test_spoiled(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(spoilers); i++) {
		struct reason why = {""};
		struct index x;
		struct disc d;
		uint8_t *bytes;
		size_t size;
		int r;

		disc_with_archives(&d);
		spoilers[i].spoil(&d);
		bytes = disc_index(&d, &size);
		r = index_check(bytes, size, d.size, &x, &why);
		tap_ok(spoilers[i].reason ? r == -EBADMSG && strstr(why.text, spoilers[i].reason) : !r,
		       "%s (%d, %s)", spoilers[i].name, r, why.text);
		free(bytes);
		disc_free(&d);
	}
}

static void test_sound(void)
{
	struct index x;
	struct disc d;
	uint8_t *bytes;
	size_t size;
	uint32_t n = 99;

	disc_with_archives(&d);
	bytes = sound_index(&d, &size, &x);
	ok(!index_archive_find(&x, "image.cpio", &n) && n == 0 &&
	   index_member_size(&x, &x.members[0]) == DISC_SIZE);
	ok(!index_archive_find(&x, "root.cpio", &n) && n == 1 &&
	   index_member_size(&x, &x.members[1]) == PIECES);
	ok(!index_archive_find(&x, "text.cpio", &n) && n == 2 && index_member_size(&x, &x.members[2]) == 4);
	ok(index_archive_find(&x, "root", &n) == -ENOENT && index_archive_find(&x, "", &n) == -ENOENT && n == 2);
	free(bytes);
	disc_free(&d);
}

/* Bits that flip in the archives and the header: refused, or an index whose archives can be made. */
static void test_flips(void)
{
	uint64_t state = 11, sum = 0;
	unsigned passed = 0, refused = 0;
	const uint8_t *at;
	struct disc d;
	uint8_t *bytes, *copy;
	struct index x;
	const size_t span = 3 * (sizeof(struct index_archive) + sizeof(struct index_member));
	size_t size, first;

	disc_with_archives(&d);
	bytes = sound_index(&d, &size, &x);
	copy = malloc(size);
	disc_need(copy);
	at = (const uint8_t *)x.archives;
	first = (size_t)(at - bytes);
	for (unsigned i = 0; i < 60000; i++) {
		struct reason why = {""};
		size_t k = first + disc_random(&state) % span;

		memcpy(copy, bytes, size);
		copy[k] ^= (uint8_t)(1u << disc_random(&state) % 8);
		if (i % 3 == 0)
			copy[disc_random(&state) % size] ^= (uint8_t)(1u << disc_random(&state) % 8);
		if (index_check(copy, size, DISC_SIZE, &x, &why)) {
			refused += !!why.text[0];
			continue;
		}
		passed++;
		for (uint64_t n = 0; n < x.header->count[INDEX_MEMBERS]; n++)
			sum += index_member_size(&x, &x.members[n]);
	}
	printf("# %u passed, %u refused, %llu\n", passed, refused, (unsigned long long)sum);
	tap_ok(passed > 1000 && refused > 1000 && passed + refused == 60000, "flipped bits are refused or harmless");
	free(copy);
	free(bytes);
	disc_free(&d);
}

/* --- the indexer's part ------------------------------------------------------------------------ */

#define WAY(kind, name, content) \
	{.how = RECIPE_MEMORY, .archive = (const struct recipe_member[]){{RECIPE_MEMBER_##kind, name, content}, END}}
#define END \
	{RECIPE_MEMBER_END, NULL, NULL}
static const struct recipe_way ways[] = {
	{.how = RECIPE_NFS},
	WAY(ROOT, "root.img", NULL),
	WAY(IMAGE, "the.iso", NULL),
	WAY(TEXT, "conf/conf.d/zz", "ROOT=x\n"),
	WAY(ROOT, "root.img", NULL),            /* shares */
	WAY(TEXT, "conf-conf.d/zz", "other\n"), /* another file, whose archive would be called the same */
	WAY(TEXT, "conf/conf.d/zz", "more\n"),  /* the same file with another content */
	WAY(ROOT, "also.img", NULL),            /* the same bytes under another name */
	WAY(IMAGE, "root.img", NULL),           /* other bytes under the same name */
	{.how = RECIPE_UNKNOWN},
	WAY(IMAGE, "behind-the-end", NULL),
};
static const struct recipe family = {.id = "test", .ways = ways};

static void test_indexer(void)
{
	static const struct {
		const char *name, *member;
		uint32_t kind, ways;
	} wanted[] = {
		{"also.img.cpio", "also.img", INDEX_MEMBER_SQUASH, 1 << 7},
		{"conf-conf.d-zz-5.cpio", "conf-conf.d/zz", INDEX_MEMBER_TEXT, 1 << 5},
		{"conf-conf.d-zz-6.cpio", "conf/conf.d/zz", INDEX_MEMBER_TEXT, 1 << 6},
		{"conf-conf.d-zz.cpio", "conf/conf.d/zz", INDEX_MEMBER_TEXT, 1 << 3},
		{"root.img-8.cpio", "root.img", INDEX_MEMBER_IMAGE, 1 << 8},
		{"root.img.cpio", "root.img", INDEX_MEMBER_SQUASH, 1 << 1 | 1 << 4},
		{"the.iso.cpio", "the.iso", INDEX_MEMBER_IMAGE, 1 << 2},
	};
	struct reason why = {""};
	struct index x;
	struct disc d;
	uint8_t *bytes;
	size_t size;

	disc_with_root(&d);
	ok(!indexer_archives(&d.draft, &family, &why) && !why.text[0]);
	bytes = disc_index(&d, &size);
	if (!tap_ok(!index_check(bytes, size, DISC_SIZE, &x, &why) &&
			    x.header->count[INDEX_ARCHIVES] == ARRAY_SIZE(wanted),
		    "what it writes passes the check %s", why.text))
		exit(tap_done());
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct index_archive *a = &x.archives[i];
		const struct index_member *m = &x.members[a->first];

		tap_ok(!strcmp(index_string(&x, a->name), wanted[i].name) && a->count == 1 &&
			       !strcmp(index_string(&x, m->name), wanted[i].member) && m->kind == wanted[i].kind &&
			       a->ways == wanted[i].ways &&
			       disc_archive_size(wanted[i].member, index_member_size(&x, m)) == a->size,
		       "archive %zu is %s", i, wanted[i].name);
	}
	ok(!strcmp(index_string(&x, x.members[x.archives[2].first].source), "more\n") &&
	   x.members[x.archives[5].first].source == 0);
	free(bytes);
	disc_free(&d);
}

/* Several files in one archive: those of the disc that fit a pattern, by their own names, and what is beside them. */
static void test_indexer_several(void)
{
	static const struct recipe_member all[] = {{RECIPE_MEMBER_IMAGE, "the.iso", NULL},
						   {RECIPE_MEMBER_FILES, "my.", "*pieces*"},
						   {RECIPE_MEMBER_TEXT, "conf/x", "x=1\n"},
						   END};
	static const struct recipe_member none[] = {{RECIPE_MEMBER_FILES, "my.", "no/*/such"}, END};
	static const struct recipe_member dirs[] = {{RECIPE_MEMBER_FILES, "my.", "nothing"}, END};
	static const struct recipe_way several[] = {
		{.how = RECIPE_MEMORY, .archive = all}, {.how = RECIPE_NFS, .archive = none},
		{.how = RECIPE_HTTP, .archive = all},	{.how = RECIPE_MEMORY, .archive = dirs},
		{.how = RECIPE_UNKNOWN},
	};
	static const struct recipe r = {.id = "several", .ways = several};
	const struct index_member *m;
	struct reason why = {""};
	struct index x;
	struct disc d;
	uint8_t *bytes;
	size_t size;

	disc_with_root(&d);
	ok(!indexer_archives(&d.draft, &r, &why));
	tap_ok(strstr(why.text, "no file like") != NULL, "a way whose files are not there says so: %s", why.text);
	bytes = sound_index(&d, &size, &x);
	m = x.members;
	ok(x.header->count[INDEX_ARCHIVES] == 1 && x.header->count[INDEX_MEMBERS] == 3 && x.archives[0].ways == 5 &&
	   x.archives[0].count == 3 && !strcmp(index_string(&x, x.archives[0].name), "the.iso.cpio"));
	ok(m[0].kind == INDEX_MEMBER_IMAGE && m[1].kind == INDEX_MEMBER_FILE && m[2].kind == INDEX_MEMBER_TEXT);
	ok(m[1].source == DISC_PIECES && !strncmp(index_string(&x, m[1].name), "my.", 3) &&
	   !strcmp(index_string(&x, m[1].name) + 3, index_string(&x, x.entries[DISC_PIECES].name)));
	ok(!strcmp(index_string(&x, m[2].name), "conf/x") && index_member_size(&x, &m[1]) == PIECES &&
	   index_member_size(&x, &m[2]) == 4);
	free(bytes);
	disc_free(&d);
}

/* How many archives it makes of a disc that has none, or -errno. */
static int made(struct disc *d, const struct recipe *r, struct reason *why)
{
	int error;

	without_archives(d);
	error = indexer_archives(&d->draft, r, why);
	return error ? error : (int)d->draft.section[INDEX_ARCHIVES].count;
}

/* Without a root, or with one that cannot be read, or with an image that is too large: the others are made. */
static void test_indexer_limits(void)
{
	static const struct recipe none = {.id = "none"};
	struct reason why = {""};
	struct disc d;

	disc_with_root(&d);
	ok(made(&d, &none, &why) == 0);
	/* The only squashfs is what the root is in, of two none is. */
	squash(&d)->flags = INDEX_SQUASH_LAYER;
	ok(made(&d, &family, &why) == 7);
	index_draft_add(&d.draft, INDEX_SQUASH,
			&(struct index_squash){.name = squash(&d)->name, .entry = DISC_KERNEL});
	d.draft.header.image_size = CPIO_FILE_MAX;
	ok(made(&d, &family, &why) == 5 && !why.text[0]);
	d.draft.header.image_size = CPIO_FILE_MAX + 1ull;
	ok(made(&d, &family, &why) == 3);
	tap_ok(strstr(why.text, "root.img") && strstr(why.text, "4 GiB"), "and says why: %s", why.text);
	squash(&d)->flags = INDEX_SQUASH_ROOT;
	disc_at(&d, DISC_PIECES)->flags |= VOLUME_ZISOFS;
	ok(made(&d, &family, &why) == 3);
	disc_free(&d);
}

/* Names of the table's own archives go into menus and URLs. */
static void test_families(void)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/";
	const struct recipe *r;
	unsigned wrong = 0, asked = 0;

	for (size_t i = 0; (r = recipe_at(i)); i++)
		for (size_t n = 0; r->ways && r->ways[n].how != RECIPE_UNKNOWN; n++) {
			const struct recipe_way *w = &r->ways[n];
			bool good = n < 32;

			for (const struct recipe_member *m = w->archive; m && m->kind != RECIPE_MEMBER_END; m++) {
				bool texts = m->kind == RECIPE_MEMBER_TEXT || m->kind == RECIPE_MEMBER_FILES;

				/* Files of the ISO have names of their own behind it. */
				good = good && m->name &&
				       (cpio_name_ok(m->name) || (m->kind == RECIPE_MEMBER_FILES && !*m->name)) &&
				       !m->name[strspn(m->name, plain)] && strlen(m->name) <= 60 &&
				       texts == (m->text && *m->text) &&
				       (!texts || strlen(m->text) <= INDEX_MEMBER_TEXT_MAX);
			}
			asked += w->archive != NULL;
			if (!good)
				printf("# %s, way %zu\n", r->id, n);
			wrong += !good;
		}
	tap_ok(!wrong, "the %u ways with an archive name it well", asked);
}

int main(void)
{
	test_sound();
	test_spoiled();
	test_flips();
	test_indexer();
	test_indexer_several();
	test_indexer_limits();
	test_families();
	return tap_done();
}
