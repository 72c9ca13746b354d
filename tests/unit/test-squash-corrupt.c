/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>

#include "squash-fixture.h"
#include "squash-walk.h"

/* Images that are cut, that lie and that are garbage: errors, and promises kept; run it with sanitizers. */

/* Everything but the superblock's and metadata's own structure stored as is, so that each byte of the
 * tables is a byte of the file; and all of a file's shapes in a few KiB. */
static void make_small_source(const struct fixture *f)
{
	char path[300], name[200];

	if (mkdir("src", 0755) || mkdir("src/d", 0755) || mkdir("src/d/e", 0755) ||
	    symlink("a text", "src/link") || mkfifo("src/fifo", 0600))
		perror("source");
	make_file("src/file", 3 * 4096 + 100, 1);
	make_file("src/tail", 200, 2);
	make_sparse("src/hole", 40000, 20000);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	/* Enough for a directory index. */
	for (int i = 0; i < 90; i++) {
		snprintf(path, sizeof(path), "src/d/%02d%s", i, name);
		if (link("src/tail", path) < 0)
			perror("link");
	}
	if (setxattr("src/file", "user.one", "value", 5, 0) == 0 &&
	    setxattr("src/tail", "user.two", "value", 5, 0) == 0 && f->root)
		lsetxattr("src/link", "trusted.l", "l", 1, 0);
}

static uint8_t *load(const char *path, size_t *size)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t end = lseek(fd, 0, SEEK_END);
	uint8_t *data = end > 0 ? malloc((size_t)end) : NULL;

	if (!data || pread_full(fd, data, (size_t)end, 0) != 0) {
		free(data);
		return NULL;
	}
	*size = (size_t)end;
	return data;
}

/* An image in memory, changed a few bytes at a time. */
struct victim {
	int fd;
	uint8_t *data;
	size_t size, used; /* used: bytes_used, without the padding behind it */
	struct squash_info info;
	unsigned int tried, opened, broken;
};

static bool victim_open(struct victim *v, const char *path)
{
	*v = (struct victim){ .fd = memfd_create("victim", MFD_CLOEXEC) };
	v->data = load(path, &v->size);
	if (v->fd < 0 || !v->data || write_full(v->fd, v->data, v->size) != 0 ||
	    squash_probe(v->fd, 0, v->size, &v->info, NULL) != 0)
		return false;
	v->used = v->info.size;
	return true;
}

static void victim_close(struct victim *v)
{
	free(v->data);
	fd_close(&v->fd);
}

static void victim_try(struct victim *v)
{
	struct walk w = { 0 };

	v->tried++;
	v->opened += walk_image(&w, v->fd, 0, v->size) == 0;
	v->broken += w.wrong != 0;
}

static void poke(struct victim *v, size_t at, uint8_t byte)
{
	if (pwrite(v->fd, &byte, 1, (off_t)at) != 1)
		v->broken++;
}

static void heal(struct victim *v, size_t at)
{
	poke(v, at, v->data[at]);
}

static void report(const struct victim *v, const char *what)
{
	tap_ok(v->broken == 0 && v->tried > 0, "%s: %u tried, %u still open, %u promises broken", what,
	       v->tried, v->opened, v->broken);
}

/* Each byte of the superblock and of all metadata with each of the values that lie best. */
static void every_byte(const char *path)
{
	struct victim v;
	char what[300];

	if (!tap_ok(victim_open(&v, path), "%s is there", path))
		return;
	victim_try(&v);
	tap_ok(v.opened == 1 && v.broken == 0, "%s as it was made keeps all promises", path);
	for (size_t at = 0; at < v.used; at++) {
		uint8_t was = v.data[at], lies[] = { 0xff, 0, was ^ 0x80, (uint8_t)(was + 1) };

		if (at == SQUASH_SUPER_SIZE)
			at = v.info.inode_table;
		for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
			poke(&v, at, lies[i]);
			victim_try(&v);
		}
		heal(&v, at);
	}
	snprintf(what, sizeof(what), "each byte of %s changed", path);
	report(&v, what);
	victim_close(&v);
}

static void random_bytes(const char *path, unsigned int rounds)
{
	uint64_t seed = 4711;
	struct victim v;
	char what[300];

	if (!tap_ok(victim_open(&v, path), "%s is there", path))
		return;
	for (unsigned int round = 0; round < rounds; round++) {
		size_t at[6];

		for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
			at[i] = i < 5 ? v.info.inode_table +
						next_random(&seed) % (v.used - v.info.inode_table)
				      : next_random(&seed) % v.used;
			poke(&v, at[i], (uint8_t)next_random(&seed));
		}
		victim_try(&v);
		for (size_t i = 0; i < ARRAY_SIZE(at); i++)
			heal(&v, at[i]);
	}
	snprintf(what, sizeof(what), "bytes of %s changed at random", path);
	report(&v, what);
	victim_close(&v);
}

/* A file that ends early: said at once where length is the truth, an error later where it is not. */
static void cut(const char *path)
{
	struct victim v;
	struct squash_info info;
	unsigned int accepted = 0;

	if (!tap_ok(victim_open(&v, path), "%s is there", path))
		return;
	for (size_t end = v.used; end-- > 0; end -= end > 4000 ? 37 : 0) {
		int err = squash_probe(v.fd, 0, end, &info, NULL);

		accepted += err != (end < SQUASH_SUPER_SIZE ? -EMEDIUMTYPE : -EBADMSG);
		if (ftruncate(v.fd, (off_t)end) < 0)
			v.broken++;
		victim_try(&v);
		if (end < 40)
			break;
	}
	tap_ok(accepted == 0, "%s cut short is refused", path);
	report(&v, "cut images that are said to be whole");
	victim_close(&v);
}

static int probe_with(struct victim *v, size_t at, const void *bytes, size_t len)
{
	struct squash_info info;
	struct reason why = { 0 };
	struct squash *sq = NULL;
	int err, opened;

	if (pwrite(v->fd, bytes, len, (off_t)at) != (ssize_t)len)
		return -1;
	err = squash_probe(v->fd, 0, v->size, &info, &why);
	opened = squash_open(v->fd, 0, v->size, NULL, 0, &sq, NULL);
	if (opened == 0)
		squash_close(sq);
	if (pwrite(v->fd, v->data + at, len, (off_t)at) != (ssize_t)len)
		return -1;
	/* What is refused has a reason, and is refused by the other as well. */
	return err && (!*why.text || opened != err) ? -1 : err;
}

static void superblocks(const char *path)
{
	struct victim v;
	struct squash_info info;

	if (!tap_ok(victim_open(&v, path), "%s is there", path))
		return;
	ok(probe_with(&v, 0, "hsqt", 4) == -EMEDIUMTYPE);
	ok(probe_with(&v, 0, "sqsh", 4) == -EOPNOTSUPP);
	ok(probe_with(&v, 4, "\0\0\0\0", 4) == -EBADMSG);                 /* no inode */
	ok(probe_with(&v, 4, "\xff\xff\xff\x7f", 4) == -EBADMSG);         /* more than there can be */
	ok(probe_with(&v, 12, "\x01\x10\0\0", 4) == -EBADMSG);            /* block size 4097 */
	ok(probe_with(&v, 12, "\0\x08\0\0", 4) == -EBADMSG);              /* 2048 */
	ok(probe_with(&v, 12, "\0\0\x20\0", 4) == -EBADMSG);              /* 2 MiB */
	ok(probe_with(&v, 12, "\0\0\0\0", 4) == -EBADMSG);
	ok(probe_with(&v, 16, "\xff\xff\xff\xff", 4) == -EBADMSG);        /* fragments */
	ok(probe_with(&v, 20, "\x02", 1) == -EOPNOTSUPP);                 /* lzma */
	ok(probe_with(&v, 20, "\x07", 1) == -EOPNOTSUPP && probe_with(&v, 20, "\0", 1) == -EOPNOTSUPP);
	ok(probe_with(&v, 26, "\0\0", 2) == -EBADMSG);                    /* no owners */
	ok(probe_with(&v, 28, "\x03", 1) == -EOPNOTSUPP && probe_with(&v, 30, "\x01", 1) == -EOPNOTSUPP);
	ok(probe_with(&v, 40, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == -EBADMSG); /* size */
	for (size_t at = 48; at <= 88; at += 8) {
		/* A table that wraps around, and one that begins at the last byte; -1 is "none" for some. */
		ok(probe_with(&v, at, "\xfe\xff\xff\xff\xff\xff\xff\xff", 8) == -EBADMSG);
		ok(probe_with(&v, at, (uint8_t[8]){(uint8_t)(v.used - 1), (uint8_t)((v.used - 1) >> 8)}, 8) ==
		   -EBADMSG);
	}
	ok(squash_probe(v.fd, UINT64_MAX, 4096, &info, NULL) == -EINVAL);
	ok(squash_probe(v.fd, INT64_MAX - 10, 4096, &info, NULL) == -EINVAL);
	ok(squash_probe(v.fd, 1 << 30, 1 << 30, &info, NULL) == -EBADMSG);
	ok(squash_probe(v.fd, 0, 95, &info, NULL) == -EMEDIUMTYPE);
	ok(squash_probe(-1, 0, 4096, &info, NULL) == -EIO);
	victim_close(&v);
}

static int op_stat(struct squash *sq, uint32_t inode)
{
	struct stat st;

	return squash_stat(sq, inode, &st);
}

static int op_read(struct squash *sq, uint32_t inode)
{
	char buf[10000];
	size_t got;

	return squash_read(sq, inode, 0, sizeof(buf), buf, &got);
}

static int op_attributes(struct squash *sq, uint32_t inode)
{
	size_t len;

	return squash_listxattr(sq, inode, NULL, 0, &len);
}

static int op_list(struct squash *sq, uint32_t inode)
{
	struct walk w = { 0 };

	return squash_readdir(sq, inode, 0, true, walk_entry, &w);
}

/* What each image of the fuzzer's corpus, named after its one defect, has to say where the defect is. */
static const struct defect {
	const char *file;
	int open;
	const char *name; /* in the root directory; "" is the root */
	int (*op)(struct squash *sq, uint32_t inode);
	int result;
} defects[] = {
	{ "as-made", 0, "file", op_read, 0 },
	{ "as-made", 0, "link", op_stat, 0 },
	{ "as-made", 0, "hole", op_read, 0 },
	{ "as-made", 0, "d", op_list, 0 },
	{ "no-export-table", -EINVAL, "", NULL, 0 },
	{ "empty-root", 0, "", op_list, 0 },
	{ "empty-root", 0, "a", op_stat, -ENOENT },
	{ "truncated", -EBADMSG, "", NULL, 0 },
	{ "root-offset-behind-its-block", -EIO, "", NULL, 0 },
	{ "export-block-at-position-0", -EIO, "", NULL, 0 },
	{ "owner-index-outside", 0, "file", op_stat, -EIO },
	{ "attribute-index-outside", 0, "file", op_attributes, -EIO },
	{ "attribute-index-outside", 0, "file", op_read, 0 },
	{ "fragment-index-outside", 0, "file", op_read, -EIO },
	{ "fragment-offset-outside", 0, "file", op_read, -EIO },
	{ "block-list-size-word-of-4-gib", 0, "blocks", op_read, -EIO },
	{ "block-at-position-0", 0, "blocks", op_read, -EIO },
	{ "file-of-2-to-60-bytes", 0, "hole", op_read, -EIO },
	{ "link-of-4-gib", 0, "link", op_stat, -EIO },
	{ "link-extended-of-4-gib", 0, "link", op_stat, -EIO },
	{ "listing-of-4-gib", 0, "", op_list, -EIO },
	{ "group-of-4-gi-entries", 0, "", op_list, -EIO },
	{ "name-of-64-kib", 0, "", op_list, -EIO },
	{ "name-with-a-slash", 0, "", op_list, 0 },
	{ "name-with-a-slash", 0, "/locks", op_stat, -ENOENT },
	{ "name-with-a-nul", 0, "", op_stat, 0 },
	{ "directory-that-lists-its-parent", 0, "blocks", op_stat, -EIO },
	{ "directory-that-lists-its-parent", 0, "", op_list, 0 },
	{ "directory-index", 0, "00", op_stat, 0 },
	{ "index-name-of-4-gib", 0, "00", op_stat, -EIO },
	{ "index-offset-outside", 0, "44", op_stat, -EIO },
};

static void known_defects(void)
{
	const char *top = getenv("TOP_SRCDIR");
	char path[PATH_MAX];

	for (size_t i = 0; top && i < ARRAY_SIZE(defects); i++) {
		const struct defect *d = &defects[i];
		struct squash *sq = NULL;
		uint32_t inode = 0;
		int opened, result = 0;
		cleanup_fd int fd = -1;

		snprintf(path, sizeof(path), "%s/tests/fuzz/fuzz-squash.corpus/%s", top, d->file);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		opened = squash_open(fd, 0, (uint64_t)lseek(fd, 0, SEEK_END), NULL, 0, &sq, NULL);
		if (opened == 0) {
			inode = squash_info(sq)->root;
			if (*d->name)
				result = squash_lookup(sq, inode, d->name, &inode);
			if (result == 0)
				result = d->op(sq, inode);
			squash_close(sq);
		}
		tap_ok(opened == d->open && result == d->result, "%s: %s: %s, then %s", d->file,
		       *d->name ? d->name : "/", strerror(-opened), strerror(-result));
	}
}

int main(void)
{
	struct fixture f = { 0 };

	fixture_open(&f);
	make_small_source(&f);
	if (!make_image("stored", "-b 4K -noI -noD -noF -noX") || !make_image("packed", "-b 4K -tailends") ||
	    !make_image("unnumbered", "-b 4K -noI -noD -noF -noX -no-exports")) {
		fixture_close(&f);
		tap_skip("mksquashfs does not make images here");
	}
	known_defects();
	superblocks("stored");
	every_byte("stored");
	every_byte("packed");
	every_byte("unnumbered");
	random_bytes("stored", 3000);
	random_bytes("packed", 1000);
	cut("stored");
	cut("packed");
	if (make_image("other", "-b 4K -comp xz"))
		random_bytes("other", 500);
	if (make_image("other", "-b 4K -comp zstd"))
		random_bytes("other", 500);
	if (make_image("other", "-b 4K -comp lz4"))
		random_bytes("other", 500);
	if (make_image("other", "-b 4K -comp lzo"))
		random_bytes("other", 500);
	fixture_close(&f);
	return tap_done();
}
