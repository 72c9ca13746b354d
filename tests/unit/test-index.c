/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "disc-kit.h"
#include "tap.h"

/* A disc's index is written, opened and asked; then it is cut, and bits flip. What each check refuses is in
 * test-index-checks.c. */

/* --- a sound index ----------------------------------------------------------------------------- */

static void test_sections(const struct index *x)
{
	const struct index_entry *e = x->entries;

	ok(x->header->count[INDEX_ENTRIES] == DISC_COUNT && x->header->count[INDEX_BOOTS] == 1);
	ok(!strcmp(index_string(x, x->header->label), "A DISC") && !*index_string(x, 0));
	ok(!strcmp(index_string(x, e[DISC_BOOT_X].name), "boot-x") && e[DISC_GRUB].parent == DISC_BOOT);
	ok(!strcmp(index_string(x, e[DISC_LINK].target), DISC_TARGET));
	ok(e[DISC_ROOT].subdirs == 2 && e[DISC_BOOT].subdirs == 1 && e[DISC_NOTHING].count == 0);
	ok(e[DISC_PIECES].count == 5 && x->extents[e[DISC_PIECES].first].length == DISC_PIECE);
	ok(x->boots[0].word_count == 2 &&
	   !strcmp(index_string(x, x->refs[x->boots[0].word_first + 1]), "quiet"));
}

static void test_lookups(const struct index *x)
{
	uint32_t n = 99, first, end;
	unsigned found = 0;

	for (uint32_t i = 1; i < DISC_COUNT; i++) {
		int r = index_child(x, x->entries[i].parent, index_string(x, x->entries[i].name), &n);

		found += r == 0 && n == i;
	}
	tap_ok(found == DISC_COUNT - 1, "every entry is found in its parent");
	n = 99;
	ok(index_child(x, DISC_ROOT, "boo", &n) == -ENOENT && index_child(x, DISC_ROOT, "zz", &n) == -ENOENT);
	ok(index_child(x, DISC_ROOT, "", &n) == -ENOENT && index_child(x, DISC_NOTHING, "a", &n) == -ENOENT);
	ok(index_child(x, DISC_EMPTY, "a", &n) == -ENOTDIR && index_child(x, DISC_LINK, "a", &n) == -ENOTDIR);
	ok(n == 99);
	ok(index_file_find(x, INDEX_DIR_KERNEL, "initrd", &n) == -ENOENT && n == 99);
	ok(index_file_find(x, INDEX_DIR_KERNEL, "vmlinuz", &n) == 0 && x->files[n].entry == DISC_KERNEL);
	ok(index_file_find(x, INDEX_DIR_INITRD, "initrd", &n) == 0 && x->files[n].entry == DISC_INITRD);
	index_file_range(x, INDEX_DIR_KERNEL, &first, &end);
	ok(first == 0 && end == 1);
	index_file_range(x, INDEX_DIR_INITRD, &first, &end);
	ok(first == 1 && end == 2);
}

static void test_sound(struct disc *d)
{
	struct index *x = NULL;
	struct reason why = {""};
	size_t size;
	uint8_t *bytes = disc_index(d, &size);
	int fd = disc_memfd(bytes, size);

	if (!tap_ok(index_open(fd, d->size, &x, &why) == 0, "a written index opens %s", why.text))
		exit(tap_done());
	close(fd);
	test_sections(x);
	test_lookups(x);
	index_close(x);
	index_close(NULL);
	free(bytes);
}

/* --- bytes ------------------------------------------------------------------------------------- */

/* Whatever passes the check can be gone through. */
static uint64_t go_through(const struct index *x)
{
	uint64_t sum = 0;
	uint32_t n;

	for (uint64_t i = 0; i < x->header->count[INDEX_ENTRIES]; i++) {
		const struct index_entry *e = &x->entries[i];

		sum += strlen(index_string(x, e->name)) + strlen(index_string(x, e->target));
		for (uint32_t k = 0; k < e->count; k++)
			sum += S_ISDIR(e->mode)	  ? x->entries[x->children[e->first + k]].mode
			       : S_ISREG(e->mode) ? x->extents[e->first + k].length
						  : 0;
		if (i)
			sum += (uint64_t)index_child(x, e->parent, index_string(x, e->name), &n);
	}
	for (uint64_t i = 0; i < x->header->count[INDEX_FILES]; i++)
		sum += (uint64_t)index_file_find(x, x->files[i].dir, index_string(x, x->files[i].name), &n);
	for (uint64_t i = 0; i < x->header->count[INDEX_BOOTS]; i++)
		for (uint32_t k = 0; k < x->boots[i].word_count; k++)
			sum += strlen(index_string(x, x->refs[x->boots[i].word_first + k]));
	return sum;
}

static void test_cut(const uint8_t *bytes, size_t size)
{
	unsigned refused = 0;

	for (size_t n = 0; n < size; n++) {
		struct reason why = {""};
		uint8_t *copy = malloc(n + 1);
		struct index x;

		memcpy(copy, bytes, n);
		refused += index_check(copy, n, DISC_SIZE, &x, &why) == -EBADMSG && why.text[0];
		if (n >= sizeof(struct index_header)) {
			((struct index_header *)copy)->total = n;
			refused += index_check(copy, n, DISC_SIZE, &x, &why) == -EBADMSG;
		} else {
			refused++;
		}
		free(copy);
	}
	tap_ok(refused == 2 * size, "an index cut anywhere is refused, also when it says that it is whole");
}

static void test_sections_wrap(const uint8_t *bytes, size_t size)
{
	static const uint64_t counts[] = {UINT64_MAX, 1ull << 61,     1ull << 60,
					  UINT32_MAX, UINT32_MAX - 1, 1u << 31};
	uint8_t *copy = malloc(size);
	unsigned refused = 0;

	for (int s = 0; s < INDEX_SECTIONS; s++)
		for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
			struct index x;

			memcpy(copy, bytes, size);
			((struct index_header *)copy)->count[s] = counts[i];
			refused += index_check(copy, size, DISC_SIZE, &x, NULL) == -EBADMSG;
		}
	tap_ok(refused == INDEX_SECTIONS * ARRAY_SIZE(counts), "counts that overflow are refused");
	free(copy);
}

static void test_flips(const uint8_t *bytes, size_t size)
{
	uint64_t state = 7, sum = 0;
	unsigned passed = 0, refused = 0;
	uint8_t *copy = malloc(size);

	for (unsigned i = 0; i < 60000; i++) {
		struct reason why = {""};
		struct index x;
		int r;

		memcpy(copy, bytes, size);
		for (unsigned k = 0; k <= i % 4; k++)
			copy[disc_random(&state) % size] ^= (uint8_t)(1u << disc_random(&state) % 8);
		r = index_check(copy, size, DISC_SIZE, &x, &why);
		if (r) {
			refused += r == -EBADMSG && why.text[0];
			continue;
		}
		passed++;
		sum += go_through(&x);
	}
	free(copy);
	printf("# %u of 60000 passed, %llu\n", passed, (unsigned long long)sum);
	tap_ok(passed > 0 && refused > 0 && passed + refused == 60000,
	       "flipped bits are refused or harmless");
}

static void test_bytes(struct disc *d)
{
	struct index *x = NULL;
	struct reason why = {""};
	size_t size;
	uint8_t *bytes = disc_index(d, &size);
	struct index kept;
	int empty = memfd_create("empty", MFD_CLOEXEC), closed = -1;

	ok(index_check(bytes, size, DISC_SIZE, &kept, &why) == 0 && (const void *)kept.header == bytes);
	ok(index_check(bytes, size, DISC_SIZE - 1, &kept, &why) == -EBADMSG);
	ok(index_open(empty, DISC_SIZE, &x, &why) == -EBADMSG && !x);
	ok(index_open(closed, DISC_SIZE, &x, NULL) < 0 && !x);
	close(empty);
	test_cut(bytes, size);
	test_sections_wrap(bytes, size);
	test_flips(bytes, size);
	free(bytes);
}

static void test_draft(void)
{
	struct index_draft d;
	uint32_t a, b;

	index_draft_init(&d);
	ok(index_draft_string(&d, "") == 0 && index_draft_string(&d, NULL) == 0);
	a = index_draft_string(&d, "one");
	b = index_draft_string(&d, "two");
	ok(a == 1 && b == 5 && d.error == 0);
	ok(index_draft_write(&d, -1) == -EBADF);
	d.error = -E2BIG;
	ok(index_draft_string(&d, "three") == 0 && index_draft_add(&d, INDEX_REFS, &a) == 0);
	ok(index_draft_write(&d, -1) == -E2BIG);
	index_draft_free(&d);
}

int main(void)
{
	struct disc d;

	disc_init(&d, 1);
	disc_fill(&d);
	test_sound(&d);
	test_bytes(&d);
	test_draft();
	disc_free(&d);
	return tap_done();
}
