/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "names.h"

#include "tap.h"

/* What names_recorded has been told, as the file that it would be. */
struct book {
	char text[1 << 20];
	size_t len, lines;
};

static void note(void *ctx, const char *line)
{
	struct book *book = ctx;
	size_t len = strlen(line);

	if (len < sizeof(book->text) - book->len) {
		memcpy(book->text + book->len, line, len + 1);
		book->len += len;
	}
	book->lines++;
}

static struct names *names(void)
{
	struct names *n = NULL;

	if (names_new(&n))
		exit(99);
	return n;
}

static struct names *names_again(const struct book *book)
{
	struct names *n = names();

	ok(names_load(n, book->text, book->len) == 0);
	return n;
}

static void free_all(char **tree, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(tree[i]);
}

/* The digits are not known here; the shape is: '#' stands for one. */
static bool shaped(const char *name, const char *shape)
{
	for (; *name && *shape; name++, shape++)
		if (*shape == '#' ? !strchr("0123456789abcdef", *name) : *name != *shape)
			return false;
	return !*name && !*shape;
}

struct pair {
	const char *iso, *shape;
};

static void expect(struct names *n, const struct pair *pairs, size_t count, struct book *book,
		   const char *what)
{
	const char *paths[16] = { NULL };
	char *tree[16];

	for (size_t i = 0; i < count; i++)
		paths[i] = pairs[i].iso;
	if (!tap_ok(names_map(n, paths, count, tree, note, book) == 0, "%s", what))
		return;
	for (size_t i = 0; i < count; i++)
		tap_ok(shaped(tree[i], pairs[i].shape), "%s: \"%s\", wanted \"%s\"", what, tree[i],
		       pairs[i].shape);
	free_all(tree, count);
}

static void expect_fresh(const struct pair *pairs, size_t count, size_t lines, const char *what)
{
	struct book *book = calloc(1, sizeof(*book));
	struct names *n = names();

	expect(n, pairs, count, book, what);
	tap_ok(book->lines == lines, "%s: %zu recorded, wanted %zu", what, book->lines, lines);
	names_free(n);
	free(book);
}

static void test_characters(void)
{
	static const struct pair pairs[] = {
		{ "Folder A/My Disc.ISO", "Folder_A/My_Disc" },
		{ "debian-12.5.0+amd64_x.iso", "debian-12.5.0+amd64_x" },
		{ "M\xc3\xbcnchen.iso", "M_nchen" },                          /* 2 bytes, one character */
		{ "\xe6\x97\xa5\xe6\x9c\xac.iso", "__" },                     /* 2 of 3 bytes */
		{ "a\xf0\x9f\x90\xa7.iso", "a_" },                            /* 1 of 4 bytes */
		{ "b\xfc\xff.iso", "b__" },                                   /* not UTF-8 */
		{ "c\xc0\xaf.iso", "c__" },                                   /* overlong */
		{ "g\xe0\x80\xaf.iso", "g___" },                            /* overlong */
		{ "d\xed\xa0\x80.iso", "d___" },                              /* a surrogate */
		{ "e\xe6\x97.iso", "e__" },                                   /* torn */
		{ "x\ny\"'$`;\\.iso", "x_y______" },
	};
	static const struct pair dots[] = {
		{ "a/.iso", "a/_" },
		{ "b/..iso", "b/_" },
		{ "c/...iso", "c/_." },
		{ "d/.hidden.iso", "d/_hidden" },
		{ "../x.iso", "_./x" },
		{ "./x.iso", "_/x" },
		{ "e/.iso.iso", "e/_iso" },
		{ "f.iso/x.y.iso", "f.iso/x.y" },
		{ "unreadable", "unreadable" },
	};

	expect_fresh(pairs, ARRAY_SIZE(pairs), 0, "characters");
	expect_fresh(dots, ARRAY_SIZE(dots), 0, "dots");
}

static void test_rights(void)
{
	static const struct pair exact[] = {
		{ "a b.iso", "a_b-####" }, { "a_b.iso", "a_b" }, { "a_b.ISO", "a_b-####" },
	};
	static const struct pair nobody[] = { { "a b.iso", "a_b-####" }, { "a!b.iso", "a_b-####" } };
	static const struct pair alone[] = { { "a b.iso", "a_b" }, { "x/a!b.iso", "x/a_b" } };
	static const struct pair folder[] = { { "disc.iso", "disc-####" }, { "disc/x.iso", "disc/x" } };
	static const struct pair folders[] = {
		{ "a b/x.iso", "a_b-####/x" }, { "a_b/x.iso", "a_b/x" }, { "a_b.iso", "a_b-####" },
	};
	static const struct pair two[] = {
		{ "a b/x.iso", "a_b-####/x" }, { "a!b/x.iso", "a_b-####/x" }, { "a_b.iso", "a_b-####" },
	};
	static const struct pair fixed[] = {
		{ "boot.iso", "boot-####" },
		{ "grub.iso", "grub-####" },
		{ "EFI/x.iso", "EFI-####/x" },
		{ "boot.ipxe.iso", "boot.ipxe-####" },
		{ "index.html.iso", "index.html-####" },
		{ "status.iso", "status-####" },
		{ ".old/x.iso", "_old/x" },
		{ "efi.iso", "efi" },
		{ "sub/boot.iso", "sub/boot" },
	};
	static const struct pair twice[] = { { "a b.iso", "a_b" }, { "a b.iso", "a_b" } };

	expect_fresh(exact, ARRAY_SIZE(exact), 2, "the exact name wins");
	expect_fresh(nobody, ARRAY_SIZE(nobody), 2, "nobody is exact");
	expect_fresh(alone, ARRAY_SIZE(alone), 0, "alone in its folder");
	expect_fresh(folder, ARRAY_SIZE(folder), 1, "a folder before a file");
	expect_fresh(folders, ARRAY_SIZE(folders), 2, "the folder called so");
	expect_fresh(two, ARRAY_SIZE(two), 3, "two folders of one name");
	expect_fresh(fixed, ARRAY_SIZE(fixed), 6, "fixed entries");
	expect_fresh(twice, ARRAY_SIZE(twice), 0, "one path twice");
}

static void test_length(void)
{
	char path[300], name64[65], cut[65], tight[65];
	struct pair pairs[3];

	memset(path, 'n', sizeof(path));
	memset(name64, 'n', 64);
	name64[64] = '\0';
	memcpy(path + 64, ".iso", 5);
	pairs[0] = (struct pair){ path, name64 };
	expect_fresh(pairs, 1, 0, "64 bytes");

	memset(path, 'n', 65);
	memcpy(path + 65, ".iso", 5);
	memset(cut, 'n', 57);
	memcpy(cut + 57, "-######", 8);
	pairs[0] = (struct pair){ path, cut };
	expect_fresh(pairs, 1, 0, "65 bytes are cut, and that is no news");

	memset(path, 'n', 64);
	memcpy(path + 64, ".ISO", 5);
	memcpy(tight, cut, sizeof(cut));
	pairs[0] = (struct pair){ path, tight };
	pairs[1] = (struct pair){ "", "_" };
	memcpy(path + 100, path, 69);
	memcpy(path + 164, ".iso", 5);
	pairs[1] = (struct pair){ path + 100, name64 };
	expect_fresh(pairs, 2, 1, "64 bytes have no room for a suffix");
}

static void test_record(void)
{
	static const struct pair both[] = { { "a\nb\\.iso", "a_b_-####" }, { "a_b_.iso", "a_b_" } };
	static const struct pair left[] = { { "a\nb\\.iso", "a_b_-####" } };
	static const struct pair renamed[] = { { "a\nb\\.iso", "a_b_-####" }, { "a b_.iso", "a_b_-####" } };
	static const struct pair folder[] = { { "x y/a.iso", "x_y-####/a" }, { "x_y/a.iso", "x_y/a" } };
	static const struct pair folder_left[] = { { "x y/b.iso", "x_y-####/b" } };
	static const char torn[] = "4 torn.iso";
	static const char bad[] = "3 a.iso\n33 b.iso\n4\n4 \n\n4 c\\9.iso\n4 d\\\nrubbish\n4 e\\000.iso\n"
				  "4 yes.iso\n00000004 f.iso\n5 long.iso\n4 cut";
	static const struct pair from_bad[] = {
		{ "a.iso", "a" },   { "b.iso", "b" }, { "yes.iso", "yes-####" }, { "long.iso", "long-#####" },
		{ "f.iso", "f" },   { "cut", "cut" }, { "torn.iso", "torn" },
		/* Neither the beginning of a recorded path nor a folder of that name is recorded. */
		{ "yes.i", "yes.i" }, { "yes.iso/x.iso", "yes.iso/x" },
	};
	struct book *book = calloc(1, sizeof(*book)), *more = calloc(1, sizeof(*more));
	struct names *n = names();

	expect(n, both, ARRAY_SIZE(both), book, "before");
	ok(book->lines == 1);
	ok(strcmp(book->text, "4 a\\012b\\134.iso\n") == 0);
	expect(n, left, ARRAY_SIZE(left), more, "once suffixed, always");
	expect(n, folder, ARRAY_SIZE(folder), book, "a folder");
	names_free(n);

	n = names_again(book);
	expect(n, left, ARRAY_SIZE(left), more, "after a restart");
	expect(n, folder_left, ARRAY_SIZE(folder_left), more, "a folder after a restart");
	ok(more->lines == 0);
	expect(n, renamed, ARRAY_SIZE(renamed), more, "who is suffixed makes the name ambiguous still");
	ok(more->lines == 1);
	names_free(n);

	n = names();
	expect(n, left, 0, more, "no paths");
	ok(names_load(n, torn, sizeof(torn) - 1) == 0);
	ok(names_load(n, bad, sizeof(bad) - 1) == 0);
	more->lines = 0;
	expect(n, from_bad, ARRAY_SIZE(from_bad), more, "lines that are not understood");
	ok(more->lines == 0);
	names_free(n);
	free(book);
	free(more);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t equal_ones(char *const *tree, size_t count)
{
	char **sorted = malloc(count * sizeof(*sorted));
	size_t equal = 0;

	memcpy(sorted, tree, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (size_t i = 1; i < count; i++)
		equal += strcmp(sorted[i - 1], sorted[i]) == 0;
	free(sorted);
	return equal;
}

/* 2^12 names that all map to one: by far enough for equal 16 bits. */
#define MANY 4096

static void test_collisions(void)
{
	static char paths[MANY][24];
	const char *order[MANY];
	char **tree = calloc(MANY, sizeof(*tree)), **other = calloc(MANY, sizeof(*other));
	struct book *book = calloc(1, sizeof(*book)), *more = calloc(1, sizeof(*more));
	struct names *n = names();
	size_t longer = 0, differ = 0, thieves = 0;
	uint32_t random = 12345;

	for (size_t i = 0; i < MANY; i++) {
		for (size_t bit = 0; bit < 12; bit++)
			paths[i][bit] = i >> bit & 1 ? ' ' : '!';
		memcpy(paths[i] + 12, ".iso", 5);
		order[i] = paths[i];
	}
	ok(names_map(n, order, MANY, tree, note, book) == 0);
	ok(book->lines == MANY);
	ok(equal_ones(tree, MANY) == 0);
	for (size_t i = 0; i < MANY; i++)
		longer += strlen(tree[i]) > 12 + 5;
	tap_ok(longer > 0 && longer < MANY / 4, "%zu of %d names have more digits", longer, MANY);
	names_free(n);

	for (size_t i = MANY - 1; i > 0; i--) {
		const char *swap = order[i];
		size_t k;

		random = random * 1664525 + 1013904223;
		k = random % (i + 1);
		order[i] = order[k];
		order[k] = swap;
	}
	n = names();
	ok(names_map(n, order, MANY, other, NULL, NULL) == 0);
	for (size_t i = 0; i < MANY; i++)
		differ += strcmp(other[i], tree[(size_t)(order[i] - paths[0]) / sizeof(paths[0])]) != 0;
	tap_ok(differ == 0, "another order: %zu differ", differ);
	free_all(other, MANY);
	names_free(n);

	/* With the record alone, each by itself has the name that it had among all. */
	n = names_again(book);
	differ = 0;
	for (size_t i = 0; i < MANY; i += 64) {
		const char *one = paths[i];

		if (names_map(n, &one, 1, other, note, more) || strcmp(other[0], tree[i]) != 0)
			differ++;
		free(other[0]);
	}
	tap_ok(differ == 0 && more->lines == 0, "the record: %zu differ", differ);
	/* Who has been recorded with the digits keeps them, the newcomer gives way. */
	for (size_t i = 0, done = 0; i < MANY && !done; i++)
		for (size_t k = 0; k < MANY && !done; k++) {
			const char *two[2] = { paths[i], paths[k] };
			struct names *few;
			char line[128];

			if (i == k || strlen(tree[i]) == 17 || strncmp(tree[i], tree[k], 17) != 0)
				continue;
			few = names();
			snprintf(line, sizeof(line), "4 %.24s\n", paths[i]);
			ok(names_load(few, line, strlen(line)) == 0);
			ok(names_map(few, two, 2, other, NULL, NULL) == 0);
			ok(strlen(other[0]) == 17 && strlen(other[1]) == 18);
			free_all(other, 2);
			names_free(few);
			done = 1;
		}
	/* A file called exactly as another's suffixed name keeps its own; the other gives way. */
	for (size_t i = 0; i < 64; i++) {
		char thief[64];
		const char *two[2] = { paths[i], thief };

		snprintf(thief, sizeof(thief), "%s.iso", tree[i]);
		if (names_map(n, two, 2, other, note, more) == 0) {
			thieves += strcmp(other[1], tree[i]) == 0 && strcmp(other[0], other[1]) != 0 &&
				   strncmp(other[0], other[1], strlen(other[1])) == 0;
			free_all(other, 2);
		}
	}
	ok(thieves == 64 && more->lines == 64);
	names_free(n);
	free_all(tree, MANY);
	free(tree);
	free(other);
	free(book);
	free(more);
}

static void test_many(void)
{
	static char paths[5000][64];
	const char *order[5000];
	char **tree = calloc(5000, sizeof(*tree));
	struct names *n = names();

	for (int i = 0; i < 5000; i++) {
		snprintf(paths[i], sizeof(paths[i]), "f %d/g%d/disc%c%d.iso", i % 7, i % 31,
			 i & 1 ? ' ' : '_', i / 2);
		order[i] = paths[i];
	}
	ok(names_map(n, order, 5000, tree, NULL, NULL) == 0);
	ok(equal_ones(tree, 5000) == 0);
	free_all(tree, 5000);
	free(tree);
	names_free(n);
}

int main(void)
{
	test_characters();
	test_rights();
	test_length();
	test_record();
	test_collisions();
	test_many();
	names_free(NULL);
	return tap_done();
}
