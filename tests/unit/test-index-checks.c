/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "disc-kit.h"
#include "tap.h"

/* Each check of index_check() meets an index that breaks that one rule and no other, and says which it was. */

/* Breaks it with one statement. */
#define RULE(name, statement)                                                                        \
	static void name(struct disc *d)                                                             \
	{                                                                                            \
		statement;                                                                           \
	}

static struct index_extent *extents(struct disc *d)
{
	return d->draft.section[INDEX_EXTENTS].data;
}

static uint32_t *children(struct disc *d)
{
	return d->draft.section[INDEX_CHILDREN].data;
}

static struct index_squash *squashes(struct disc *d)
{
	return d->draft.section[INDEX_SQUASH].data;
}

static struct index_file *files(struct disc *d)
{
	return d->draft.section[INDEX_FILES].data;
}

static struct index_boot *boot(struct disc *d)
{
	return d->draft.section[INDEX_BOOTS].data;
}

static uint32_t *refs(struct disc *d)
{
	return d->draft.section[INDEX_REFS].data;
}

static uint32_t strings(struct disc *d)
{
	return (uint32_t)d->draft.section[INDEX_STRINGS].count;
}

static void rename_entry(struct disc *d, uint32_t entry, const char *name)
{
	uint32_t s = index_draft_string(&d->draft, name);

	disc_at(d, entry)->name = s;
}

RULE(name_outside, disc_at(d, DISC_EMPTY)->name = strings(d))
RULE(target_outside, disc_at(d, DISC_LINK)->target = UINT32_MAX)
RULE(link_without_text, disc_at(d, DISC_LINK)->target = 0)

static void link_too_long(struct disc *d)
{
	char text[4097];
	uint32_t s;

	memset(text, 'x', 4096);
	text[4096] = 0;
	s = index_draft_string(&d->draft, text);
	disc_at(d, DISC_LINK)->target = s;
}

RULE(device, disc_at(d, DISC_EMPTY)->mode = S_IFBLK | 0444)
RULE(kind_without_name, disc_at(d, DISC_EMPTY)->mode = 0444)
RULE(mode_too_wide, disc_at(d, DISC_EMPTY)->mode |= 0x10000)
RULE(root_is_file, disc_at(d, DISC_ROOT)->mode = S_IFREG | 0444)
RULE(root_has_parent, disc_at(d, DISC_ROOT)->parent = 1)
RULE(own_parent, disc_at(d, DISC_NOTHING)->parent = DISC_NOTHING)
RULE(parent_is_later, disc_at(d, DISC_BOOT)->parent = DISC_NOTHING)
RULE(parent_outside, disc_at(d, DISC_EMPTY)->parent = UINT32_MAX)
RULE(below_a_file, disc_at(d, DISC_EMPTY)->parent = DISC_BOOT_X)
RULE(name_empty, disc_at(d, DISC_EMPTY)->name = 0)
RULE(name_dot, rename_entry(d, DISC_EMPTY, "."))
RULE(name_dots, rename_entry(d, DISC_EMPTY, ".."))
RULE(name_slash, rename_entry(d, DISC_EMPTY, "em/ty"))

static void name_long(struct disc *d)
{
	char name[257];

	memset(name, 'e', 256);
	name[256] = 0;
	rename_entry(d, DISC_EMPTY, name);
}

RULE(same_path_twice, rename_entry(d, DISC_LINK, "empty"))
RULE(order_of_names, rename_entry(d, DISC_EMPTY, "zebra"))

/* In order of components it would be right. */
RULE(order_of_components, rename_entry(d, DISC_BOOT_X, "boot0"))

static void too_deep(struct disc *d)
{
	uint32_t at = DISC_ROOT;

	d->draft.section[INDEX_ENTRIES].count = 1;
	d->draft.section[INDEX_BOOTS].count = d->draft.section[INDEX_FILES].count = 0;
	for (unsigned i = 0; i < 70; i++)
		at = disc_dir(d, at, "d");
	disc_children(d);
}

RULE(pieces_outside, disc_at(d, DISC_EMPTY)->first = (uint32_t)d->draft.section[INDEX_EXTENTS].count + 1)

static void pieces_wrap(struct disc *d)
{
	disc_at(d, DISC_PIECES)->first = 2;
	disc_at(d, DISC_PIECES)->count = UINT32_MAX;
}

static void children_outside(struct disc *d)
{
	disc_at(d, DISC_NOTHING)->first = (uint32_t)d->draft.section[INDEX_CHILDREN].count + 1;
}

RULE(extent_behind_end, extents(d)[2].offset = d->size - 1)
RULE(extent_wraps, extents(d)[2].offset = UINT64_MAX - 10)

static void extent_of_nothing(struct disc *d)
{
	disc_at(d, DISC_PIECES)->size -= DISC_PIECE;
	extents(d)[disc_at(d, DISC_PIECES)->first + 1].length = 0;
}

RULE(size_differs, disc_at(d, DISC_KERNEL)->size++)
RULE(size_without_bytes, disc_at(d, DISC_EMPTY)->size = 1)

/* It would come out as a negative st_size. */
RULE(size_negative, disc_at(d, DISC_PACKED)->size = 1ull << 63)
RULE(child_of_another, children(d)[disc_at(d, DISC_BOOT)->first] = DISC_EMPTY)
RULE(child_is_root, children(d)[disc_at(d, DISC_ROOT)->first] = DISC_ROOT)
RULE(child_outside, children(d)[disc_at(d, DISC_ROOT)->first] = DISC_COUNT)

static void children_swapped(struct disc *d)
{
	uint32_t *c = children(d) + disc_at(d, DISC_BOOT)->first, keep = c[0];

	c[0] = c[1];
	c[1] = keep;
}

static void child_twice(struct disc *d)
{
	uint32_t *c = children(d) + disc_at(d, DISC_BOOT)->first;

	c[1] = c[0];
}

RULE(child_of_nobody, disc_at(d, DISC_BOOT)->count--)
RULE(directories_miscounted, disc_at(d, DISC_ROOT)->subdirs++)

static void add_layer(struct disc *d, const char *name, uint32_t flags)
{
	struct index_squash q = {.offset = 2048, .length = 4096, .entry = DISC_PIECES, .flags = flags};

	q.name = index_draft_string(&d->draft, name);
	index_draft_add(&d->draft, INDEX_SQUASH, &q);
}

static void layer_behind_end(struct disc *d)
{
	add_layer(d, "a.sfs", 0);
	squashes(d)->length = d->size - 2047;
}

static void layer_of_no_entry(struct disc *d)
{
	add_layer(d, "a.sfs", 0);
	squashes(d)->entry = DISC_COUNT;
}

static void layer_name_outside(struct disc *d)
{
	add_layer(d, "a.sfs", 0);
	squashes(d)->name = strings(d);
}

static void layer_numbers_outside(struct disc *d)
{
	add_layer(d, "a.sfs", 0);
	squashes(d)->numbers_count = 1;
}

RULE(layer_with_slash, add_layer(d, "a/b", 0))

static void layers_of_one_name(struct disc *d)
{
	add_layer(d, "a.sfs", 0);
	add_layer(d, "a.sfs", 0);
}

static void two_roots(struct disc *d)
{
	add_layer(d, "a.sfs", INDEX_SQUASH_ROOT);
	add_layer(d, "b.sfs", INDEX_SQUASH_ROOT);
}

/* Also a matter of time: names are compared each with each. */
static void many_layers(struct disc *d)
{
	char name[16];

	for (unsigned i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "%u", i);
		add_layer(d, name, 0);
	}
}

RULE(boot_file_dir, files(d)[1].dir = 2)
RULE(boot_file_outside, files(d)[1].entry = DISC_COUNT)
RULE(boot_file_directory, files(d)[1].entry = DISC_NOTHING)

static void boot_file_name(struct disc *d)
{
	uint32_t s = index_draft_string(&d->draft, "../initrd");

	files(d)[1].name = s;
}

RULE(boot_file_name_outside, files(d)[1].name = strings(d))

static void boot_files_swapped(struct disc *d)
{
	struct index_file keep = files(d)[0];

	files(d)[0] = files(d)[1];
	files(d)[1] = keep;
}

RULE(boot_file_twice, files(d)[1] = files(d)[0])
RULE(title_outside, boot(d)->title = strings(d))
RULE(submenu_outside, boot(d)->submenu = strings(d))
RULE(source_outside, boot(d)->source = strings(d))
RULE(kernel_outside, boot(d)->kernel = 2)
RULE(kernel_is_initrd, boot(d)->kernel = 1)
RULE(initrd_is_kernel, refs(d)[boot(d)->initrd_first] = 0)
RULE(initrd_outside, refs(d)[boot(d)->initrd_first] = 2)
RULE(words_outside, boot(d)->word_first = 3)
RULE(words_wrap, boot(d)->word_first = UINT32_MAX)
RULE(word_outside, refs(d)[boot(d)->word_first] = strings(d))
RULE(module_words_outside, boot(d)->module_words = 3)

static void word_endless(struct disc *d)
{
	char *text = malloc(70001);
	uint32_t s;

	memset(text, 'w', 70000);
	text[70000] = 0;
	s = index_draft_string(&d->draft, text);
	refs(d)[boot(d)->word_first] = s;
	free(text);
}

RULE(kind_unknown, boot(d)->kind = BOOTCFG_CHAIN + 1)

static void many_boots(struct disc *d)
{
	for (unsigned i = 0; i < 20000; i++)
		disc_boot(d, "again", 0, 1);
}

/* A page of words that every one of many entries lists: small on disk, endless to go through. */
static void shared_words(struct disc *d)
{
	disc_boot(d, "more", 0, 1);
	boot(d)[1].word_first = 0;
	boot(d)[1].word_count = 4;
}

/* The same with extents, whose sum can be made right. */
static void shared_extents(struct disc *d)
{
	uint32_t all = (uint32_t)d->draft.section[INDEX_EXTENTS].count;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < all; i++)
		sum += extents(d)[i].length;
	disc_at(d, DISC_PIECES)->first = 0;
	disc_at(d, DISC_PIECES)->count = all;
	disc_at(d, DISC_PIECES)->size = sum;
}

static void no_entries(struct disc *d)
{
	d->draft.section[INDEX_ENTRIES].count = d->draft.section[INDEX_CHILDREN].count = 0;
	d->draft.section[INDEX_BOOTS].count = d->draft.section[INDEX_FILES].count = 0;
}

RULE(label_outside, d->draft.header.label = strings(d))
RULE(note_outside, d->draft.header.note = strings(d))
RULE(family_without_end, memset(d->draft.header.family, 'f', sizeof(d->draft.header.family)))
RULE(strings_without_end, ((char *)d->draft.section[INDEX_STRINGS].data)[strings(d) - 1] = 'x')
RULE(first_string_not_empty, ((char *)d->draft.section[INDEX_STRINGS].data)[0] = 'x')
RULE(no_strings, d->draft.section[INDEX_STRINGS].count = 0)
RULE(wrong_magic, d->draft.header.magic[7]++)
RULE(other_version, d->draft.header.version++)
RULE(other_image_size, d->draft.header.image_size += 2048)

/* A graft that is sound, to be spoilt. */
static struct index_graft *graft(struct disc *d)
{
	static const char bytes[2 * ISO_BLOCK];
	struct index_graft g = {.tail_size = ISO_BLOCK, .size_at = ISO_BLOCK - 8};

	g.member = index_draft_string(&d->draft, "image.iso");
	index_draft_add(&d->draft, INDEX_GRAFTS, &g);
	index_draft_bytes(&d->draft, bytes, sizeof(bytes));
	return d->draft.section[INDEX_GRAFTS].data;
}

RULE(graft_twice, graft(d); index_draft_add(&d->draft, INDEX_GRAFTS, graft(d)))
RULE(graft_bytes_alone, index_draft_bytes(&d->draft, "bytes", 5))
RULE(graft_too_short, graft(d)->tail_size = 2 * ISO_BLOCK)
RULE(graft_too_long, graft(d)->tail_size = 0)
RULE(graft_too_long_by_far, graft(d)->tail_size = UINT32_MAX - ISO_BLOCK + 1)
RULE(graft_odd, graft(d)->tail_size = ISO_BLOCK - 1; d->draft.section[INDEX_BYTES].count--)
RULE(graft_size_outside, graft(d)->size_at = ISO_BLOCK - 7)
RULE(graft_size_far_outside, graft(d)->size_at = UINT32_MAX)
RULE(graft_descriptor_outside, graft(d)->descriptor = DISC_SIZE - ISO_BLOCK + 1)
RULE(graft_descriptor_far_outside, graft(d)->descriptor = UINT64_MAX - 1)
RULE(graft_name_outside, graft(d)->member = UINT32_MAX)
RULE(graft_name_bad, graft(d)->member = 0)

static const struct {
	const char *name, *reason;
	void (*spoil)(struct disc *);
} spoilers[] = {
#define SPOIL(f, why)                                                                                        \
	{                                                                                                    \
#f, why, f                                                                                   \
	}
	SPOIL(graft_twice, "more than one graft"),
	SPOIL(graft_bytes_alone, "more than one graft, or none"),
	SPOIL(graft_too_short, "does not fit"),
	SPOIL(graft_too_long, "does not fit"),
	SPOIL(graft_too_long_by_far, "does not fit"),
	SPOIL(graft_odd, "does not fit"),
	SPOIL(graft_size_outside, "does not fit"),
	SPOIL(graft_size_far_outside, "does not fit"),
	SPOIL(graft_descriptor_outside, "does not fit"),
	SPOIL(graft_descriptor_far_outside, "does not fit"),
	SPOIL(graft_name_outside, "a graft without a name"),
	SPOIL(graft_name_bad, "a graft without a name"),
	SPOIL(wrong_magic, "not one"),
	SPOIL(other_version, "version"),
	SPOIL(other_image_size, "size"),
	SPOIL(no_strings, "strings"),
	SPOIL(first_string_not_empty, "strings"),
	SPOIL(strings_without_end, "strings"),
	SPOIL(no_entries, "header"),
	SPOIL(label_outside, "header"),
	SPOIL(note_outside, "header"),
	SPOIL(family_without_end, "header"),
	SPOIL(name_outside, "string outside"),
	SPOIL(target_outside, "string outside"),
	SPOIL(link_without_text, "link"),
	SPOIL(link_too_long, "link"),
	SPOIL(device, "kind"),
	SPOIL(kind_without_name, "kind"),
	SPOIL(mode_too_wide, "mode bits"),
	SPOIL(root_is_file, "place"),
	SPOIL(root_has_parent, "place"),
	SPOIL(own_parent, "place"),
	SPOIL(parent_is_later, "place"),
	SPOIL(parent_outside, "place"),
	SPOIL(below_a_file, "below a file"),
	SPOIL(name_empty, "place"),
	SPOIL(name_dot, "place"),
	SPOIL(name_dots, "place"),
	SPOIL(name_slash, "place"),
	SPOIL(name_long, "place"),
	SPOIL(same_path_twice, "order"),
	SPOIL(order_of_names, "order"),
	SPOIL(order_of_components, "order"),
	SPOIL(too_deep, "deep"),
	SPOIL(pieces_outside, "list outside"),
	SPOIL(pieces_wrap, "list outside"),
	SPOIL(children_outside, "list outside"),
	SPOIL(extent_behind_end, "extent"),
	SPOIL(extent_wraps, "extent"),
	SPOIL(extent_of_nothing, "extent"),
	SPOIL(size_differs, "not its size"),
	SPOIL(size_without_bytes, "not its size"),
	SPOIL(size_negative, "size"),
	SPOIL(shared_extents, "more extents"),
	SPOIL(child_of_another, "child"),
	SPOIL(child_is_root, "child"),
	SPOIL(child_outside, "child"),
	SPOIL(children_swapped, "order"),
	SPOIL(child_twice, "order"),
	SPOIL(child_of_nobody, "nobody lists"),
	SPOIL(directories_miscounted, "miscounted"),
	SPOIL(layer_behind_end, "squashfs outside"),
	SPOIL(layer_of_no_entry, "squashfs outside"),
	SPOIL(layer_name_outside, "squashfs outside"),
	SPOIL(layer_numbers_outside, "squashfs outside"),
	SPOIL(layer_with_slash, "without a name"),
	SPOIL(layers_of_one_name, "one name"),
	SPOIL(two_roots, "roots"),
	SPOIL(many_layers, "too many layers"),
	SPOIL(boot_file_dir, "boot file"),
	SPOIL(boot_file_outside, "boot file"),
	SPOIL(boot_file_directory, "boot file"),
	SPOIL(boot_file_name, "boot file"),
	SPOIL(boot_file_name_outside, "boot file"),
	SPOIL(boot_files_swapped, "boot files out of order"),
	SPOIL(boot_file_twice, "boot files out of order"),
	SPOIL(title_outside, "points outside"),
	SPOIL(submenu_outside, "points outside"),
	SPOIL(source_outside, "points outside"),
	SPOIL(kernel_outside, "points outside"),
	SPOIL(kernel_is_initrd, "points outside"),
	SPOIL(initrd_outside, "points outside"),
	SPOIL(initrd_is_kernel, "initrd"),
	SPOIL(words_outside, "points outside"),
	SPOIL(words_wrap, "points outside"),
	SPOIL(word_outside, "points outside"),
	SPOIL(word_endless, "points outside"),
	SPOIL(module_words_outside, "points outside"),
	SPOIL(kind_unknown, "points outside"),
	SPOIL(many_boots, "too many boot"),
	SPOIL(shared_words, "too many boot words"),
#undef SPOIL
};

static void test_spoiled(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(spoilers); i++) {
		struct index *x = NULL;
		struct reason why = {""};
		struct disc d;
		uint8_t *bytes;
		size_t size;
		int fd, r;

		disc_init(&d, 1);
		disc_fill(&d);
		spoilers[i].spoil(&d);
		bytes = disc_index(&d, &size);
		fd = disc_memfd(bytes, size);
		r = index_open(fd, DISC_SIZE, &x, &why);
		tap_ok(r == -EBADMSG && !x && strstr(why.text, spoilers[i].reason), "%s is refused (%d, %s)",
		       spoilers[i].name, r, why.text);
		if (!r)
			index_close(x);
		close(fd);
		free(bytes);
		disc_free(&d);
	}
}

int main(void)
{
	test_spoiled();
	return tap_done();
}
