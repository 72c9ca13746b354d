/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "disc-kit.h"
#include "tap.h"

/* What the fuzzer of indexes starts from is of this version's making: an old one would be refused at its first
 * bytes, and nothing behind them be looked at. PXEFS_UPDATE=1 writes them anew. */

static void layer(struct disc *d, const char *name, uint32_t flags)
{
	struct index_squash q = {.offset = 2048, .length = 4096, .entry = DISC_PIECES, .flags = flags};

	q.name = index_draft_string(&d->draft, name);
	index_draft_add(&d->draft, INDEX_SQUASH, &q);
}

static void nothing(struct disc *d)
{
	disc_entry(d, 0, "", S_IFDIR | 0755);
	disc_children(d);
}

static void boots(struct disc *d)
{
	disc_fill(d);
	disc_boot(d, "again", 0, 1);
	disc_boot(d, "and again", 0, 1);
}

static void deep(struct disc *d)
{
	uint32_t at;

	disc_entry(d, 0, "", S_IFDIR | 0755);
	at = disc_dir(d, DISC_ROOT, "d");
	for (unsigned i = 0; i < 50; i++)
		at = disc_dir(d, at, "d");
	disc_children(d);
}

static void layers(struct disc *d)
{
	disc_fill(d);
	layer(d, "a.sfs", INDEX_SQUASH_LAYER | INDEX_SQUASH_ROOT);
	layer(d, "b.sfs", INDEX_SQUASH_LAYER);
}

static void archives(struct disc *d)
{
	uint32_t s;

	disc_fill(d);
	layer(d, "a.sfs", INDEX_SQUASH_LAYER | INDEX_SQUASH_ROOT);
	s = index_draft_string(&d->draft, "a=b\n");
	disc_archive(d, "conf.cpio", "conf/a", INDEX_MEMBER_TEXT, s, 4, 1);
	disc_archive(d, "image.cpio", "image.iso", INDEX_MEMBER_IMAGE, 0, DISC_SIZE, 2);
	disc_archive(d, "root.cpio", "root.img", INDEX_MEMBER_SQUASH, 0, 5 * DISC_PIECE, 4);
	disc_archive_more(d, "pieces", INDEX_MEMBER_FILE, DISC_PIECES, 5 * DISC_PIECE);
	disc_archive_more(d, "conf/b", INDEX_MEMBER_TEXT, s, 4);
}

static void graft(struct disc *d)
{
	struct index_graft g = {.tail_size = 2 * ISO_BLOCK, .size_at = ISO_BLOCK + 10};
	static const char bytes[3 * ISO_BLOCK] = "bytes";

	disc_fill(d);
	g.member = index_draft_string(&d->draft, "image.iso");
	index_draft_add(&d->draft, INDEX_GRAFTS, &g);
	index_draft_bytes(&d->draft, bytes, sizeof(bytes));
}

static const struct {
	const char *name;
	void (*fill)(struct disc *);
} corpus[] = {
	{"archives", archives}, {"boots", boots},   {"deep", deep},
	{"disc", disc_fill},	{"graft", graft},   {"layers", layers}, {"nothing", nothing},
};

static void compare(const char *path, const uint8_t *bytes, size_t size)
{
	uint8_t *have = malloc(size + 1);
	const char *update = getenv("PXEFS_UPDATE");
	ssize_t n = -1;
	int fd;

	disc_need(have);
	if (update && !strcmp(update, "1")) {
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		disc_need(fd >= 0 && !write_full(fd, bytes, size));
		close(fd);
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, have, size + 1);
	tap_ok(n == (ssize_t)size && !memcmp(have, bytes, size),
	       "%s is of this version (PXEFS_UPDATE=1 makes it)", path);
	if (fd >= 0)
		close(fd);
	free(have);
}

int main(void)
{
	static const uint16_t order = 1;
	const char *top = getenv("TOP_SRCDIR");

	if (*(const uint8_t *)&order != 1)
		tap_skip("the corpus is of little-endian machines");
	for (size_t i = 0; i < ARRAY_SIZE(corpus); i++) {
		struct reason why = {""};
		char path[4096];
		struct index x;
		struct disc d;
		uint8_t *bytes;
		size_t size;

		disc_init(&d, 1);
		corpus[i].fill(&d);
		bytes = disc_index(&d, &size);
		tap_ok(!index_check(bytes, size, d.size, &x, &why), "%s passes the check %s", corpus[i].name,
		       why.text);
		snprintf(path, sizeof(path), "%s/tests/fuzz/fuzz-index.corpus/%s", top ? top : ".", corpus[i].name);
		compare(path, bytes, size);
		free(bytes);
		disc_free(&d);
	}
	return tap_done();
}
