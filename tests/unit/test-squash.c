/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <dirent.h>
#include <pthread.h>

#include "squash-fixture.h"
#include "squash-walk.h"

/* A squashfs by squash.h against the same one by unsquashfs, for every compression and shape. */

struct compare {
	struct squash *sq;
	const struct fixture *f;
	unsigned int files, directories, links, differences;
	char path[PATH_MAX];
};

static void differs(struct compare *c, const char *what, long long is, long long wanted)
{
	if (c->differences++ < 10)
		printf("# %s: %s is %lld, not %lld\n", c->path, what, is, wanted);
}

static void same(struct compare *c, const char *what, long long is, long long wanted)
{
	if (is != wanted)
		differs(c, what, is, wanted);
}

static void compare_contents(struct compare *c, uint32_t inode)
{
	/* Not a power of two, so that reads begin and end anywhere in blocks. */
	size_t room = (1 << 20) - 3, got;
	cleanup_fd int fd = open(c->path, O_RDONLY | O_CLOEXEC);
	cleanup_free char *ours = malloc(room), *theirs = malloc(room);
	uint64_t at = 0;
	ssize_t n;

	do {
		int err = squash_read(c->sq, inode, at, room, ours, &got);

		n = pread(fd, theirs, room, (off_t)at);
		if (err || n < 0 || (size_t)n != got || memcmp(ours, theirs, got) != 0) {
			differs(c, "contents at", (long long)at, err);
			return;
		}
		at += got;
	} while (n > 0);
}

static void compare_attributes(struct compare *c, uint32_t inode)
{
	char list[8192], *theirs, ours[8192], value[65536], other[65536];
	size_t got, sum = 0, size;
	ssize_t n = llistxattr(c->path, list, sizeof(list));
	int err = squash_listxattr(c->sq, inode, ours, sizeof(ours), &got);

	if (err || squash_listxattr(c->sq, inode, NULL, 0, &size) || size != got) {
		differs(c, "list of attributes", err, 0);
		return;
	}
	for (theirs = list; n > 0 && theirs < list + n; theirs += strlen(theirs) + 1) {
		ssize_t have;

		if (strncmp(theirs, "user.", 5) != 0)
			continue;
		sum += strlen(theirs) + 1;
		have = lgetxattr(c->path, theirs, value, sizeof(value));
		err = squash_getxattr(c->sq, inode, theirs, other, sizeof(other), &size);
		if (err || (size_t)have != size || memcmp(value, other, size) != 0)
			differs(c, theirs, err ? err : (long long)size, have);
	}
	same(c, "bytes of attributes' names", (long long)got, (long long)sum);
}

static void compare_inode(struct compare *c, uint32_t inode, const struct stat *st, const struct stat *real)
{
	char text[PATH_MAX + 1] = "";
	char *target;

	same(c, "mode", st->st_mode, real->st_mode);
	if (!S_ISDIR(real->st_mode)) {
		same(c, "nlink", (long long)st->st_nlink, (long long)real->st_nlink);
		same(c, "size", st->st_size, real->st_size);
	}
	same(c, "mtime", st->st_mtime, real->st_mtime);
	same(c, "blksize", st->st_blksize, squash_info(c->sq)->block_size);
	if (c->f->root) {
		same(c, "uid", st->st_uid, real->st_uid);
		same(c, "gid", st->st_gid, real->st_gid);
	}
	if (S_ISBLK(real->st_mode) || S_ISCHR(real->st_mode))
		same(c, "rdev", (long long)st->st_rdev, (long long)real->st_rdev);
	if (S_ISREG(real->st_mode))
		compare_contents(c, inode);
	if (S_ISLNK(real->st_mode)) {
		if (readlink(c->path, text, PATH_MAX) < 0 || squash_readlink(c->sq, inode, &target)) {
			differs(c, "readlink", 1, 0);
		} else {
			same(c, "link's text", strcmp(text, target), 0);
			free(target);
		}
		c->links++;
	}
	compare_attributes(c, inode);
}

struct child {
	char name[256];
	uint32_t inode, type;
	uint64_t next;
	struct stat st;
};

struct children {
	struct child *all;
	size_t count, room, most;
	bool stats_missing;
};

static int take_child(void *ctx, const char *name, uint32_t inode, uint32_t type, uint64_t next,
		      const struct stat *st)
{
	struct children *list = ctx;
	struct child *ch;

	if (array_grow(&list->all, &list->room, list->count, sizeof(*ch)))
		return 1;
	ch = &list->all[list->count++];
	*ch = (struct child){ .inode = inode, .type = type, .next = next };
	snprintf(ch->name, sizeof(ch->name), "%s", name);
	if (st)
		ch->st = *st;
	else
		list->stats_missing = true;
	return list->count == list->most;
}

/* The listing goes on behind every entry with the next one, and from a byte in between with a later one. */
static void compare_positions(struct compare *c, uint32_t dir, const struct children *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct children rest = { .most = 1 };
		uint64_t at = list->all[i].next;
		const char *wanted = i + 1 < list->count ? list->all[i + 1].name : "";

		if (squash_readdir(c->sq, dir, at, false, take_child, &rest) != 0 ||
		    strcmp(rest.count ? rest.all[0].name : "", wanted) != 0)
			differs(c, "entry behind position", (long long)at, (long long)i);
		rest.count = 0;
		if (squash_readdir(c->sq, dir, at - 1, false, take_child, &rest) != 0 ||
		    strcmp(rest.count ? rest.all[0].name : "", wanted) != 0)
			differs(c, "entry just before position", (long long)at, (long long)i);
		free(rest.all);
	}
}

static void compare_directory(struct compare *c, uint32_t dir);

static void compare_child(struct compare *c, uint32_t dir, const struct child *ch)
{
	size_t end = strlen(c->path);
	struct stat real, st;
	uint32_t found = 0;

	snprintf(c->path + end, sizeof(c->path) - end, "/%s", ch->name);
	same(c, "lookup", squash_lookup(c->sq, dir, ch->name, &found), 0);
	same(c, "inode by name", found, ch->inode);
	if (lstat(c->path, &real) < 0 || squash_stat(c->sq, ch->inode, &st) != 0) {
		differs(c, "stat", 1, 0);
	} else {
		same(c, "listed inode", (long long)ch->st.st_ino, (long long)st.st_ino);
		same(c, "listed mode", ch->st.st_mode, st.st_mode);
		same(c, "listed type", ch->type, real.st_mode & S_IFMT);
		compare_inode(c, ch->inode, &st, &real);
		c->files++;
		if (S_ISDIR(st.st_mode)) {
			same(c, "parent", squash_parent(c->sq, ch->inode, &found) ? 0 : found, dir);
			compare_directory(c, ch->inode);
		}
	}
	c->path[end] = '\0';
}

static void compare_directory(struct compare *c, uint32_t dir)
{
	struct children list = { 0 };
	DIR *real = opendir(c->path);
	size_t there = 0;

	same(c, "readdir", squash_readdir(c->sq, dir, 0, true, take_child, &list), 0);
	same(c, "missing attributes", list.stats_missing, false);
	while (real && readdir(real))
		there++;
	if (real)
		closedir(real);
	same(c, "entries", (long long)list.count + 2, (long long)there);
	compare_positions(c, dir, &list);
	for (size_t i = 0; i < list.count; i++)
		compare_child(c, dir, &list.all[i]);
	c->directories++;
	free(list.all);
}

/* Every number once; and none that is no number of this file system. */
static void check_numbers(struct squash *sq)
{
	static const uint32_t outside[] = { 0, UINT32_MAX, UINT32_MAX - 1, 1u << 31 };
	uint32_t inodes = squash_info(sq)->inodes, wrong = 0, parent = 0;
	struct stat st;
	char byte, *text;
	size_t got;

	for (uint32_t n = 1; n <= inodes; n++)
		wrong += squash_stat(sq, n, &st) != 0 || st.st_ino != n;
	tap_ok(wrong == 0, "each of %u inode numbers has its inode", inodes);
	for (size_t i = 0; i <= ARRAY_SIZE(outside); i++) {
		uint32_t n = i < ARRAY_SIZE(outside) ? outside[i] : inodes + 1;

		tap_ok(squash_stat(sq, n, &st) == -ESTALE &&
			       squash_read(sq, n, 0, 1, &byte, &got) == -ESTALE &&
			       squash_lookup(sq, n, "a", &parent) == -ESTALE &&
			       squash_parent(sq, n, &parent) == -ESTALE &&
			       squash_readdir(sq, n, 0, false, take_child, NULL) == -ESTALE &&
			       squash_readlink(sq, n, &text) == -ESTALE &&
			       squash_getxattr(sq, n, "user.a", NULL, 0, &got) == -ESTALE &&
			       squash_listxattr(sq, n, NULL, 0, &got) == -ESTALE,
		       "inode %u is stale", n);
	}
	ok(squash_parent(sq, squash_info(sq)->root, &parent) == 0 && parent == squash_info(sq)->root);
}

static void check_errors(struct squash *sq, bool xattrs)
{
	uint32_t root = squash_info(sq)->root, file = 0, dir = 0, lnk = 0, none = 77;
	size_t got = 77;
	char buf[16], *text = NULL;

	ok(squash_lookup(sq, root, "small", &file) == 0 && squash_lookup(sq, root, "dir", &dir) == 0);
	ok(squash_lookup(sq, root, "link", &lnk) == 0);
	ok(squash_read(sq, dir, 0, 1, buf, &got) == -EISDIR);
	ok(squash_read(sq, lnk, 0, 1, buf, &got) == -EINVAL && got == 77);
	ok(squash_readlink(sq, file, &text) == -EINVAL && !text);
	ok(squash_parent(sq, file, &none) == -ENOTDIR && squash_lookup(sq, file, "a", &none) == -ENOTDIR);
	ok(squash_readdir(sq, file, 0, false, take_child, NULL) == -ENOTDIR);
	ok(squash_lookup(sq, root, ".", &none) == -ENOENT && squash_lookup(sq, root, "..", &none) == -ENOENT);
	ok(squash_lookup(sq, root, "", &none) == -ENOENT &&
	   squash_lookup(sq, root, "dir/deeper", &none) == -ENOENT);
	ok(squash_lookup(sq, root, "smal", &none) == -ENOENT &&
	   squash_lookup(sq, root, "small.", &none) == -ENOENT);
	ok(squash_lookup(sq, root, "zzz", &none) == -ENOENT &&
	   squash_lookup(sq, root, "\x01", &none) == -ENOENT);
	ok(none == 77);
	ok(squash_read(sq, file, 700, 1, buf, &got) == 0 && got == 0);
	ok(squash_read(sq, file, 699, SIZE_MAX, buf, &got) == 0 && got == 1);
	ok(squash_read(sq, file, UINT64_MAX, SIZE_MAX, buf, &got) == 0 && got == 0);
	ok(squash_getxattr(sq, file, "user.nothing", NULL, 0, &got) == -ENODATA);
	ok(squash_getxattr(sq, dir, "security.selinux", NULL, 0, &got) == -ENODATA);
	if (!xattrs)
		return;
	ok(squash_lookup(sq, root, "block", &file) == 0);
	ok(squash_getxattr(sq, file, "user.two", buf, 3, &got) == -ERANGE);
	ok(squash_getxattr(sq, file, "user.two", NULL, 0, &got) == 0 && got == 4);
	ok(squash_getxattr(sq, file, "user.two", buf, 4, &got) == 0 && got == 4 &&
	   memcmp(buf, "zwei", 4) == 0);
	ok(squash_getxattr(sq, file, "trusted.t", NULL, 0, &got) == -ENODATA);
	ok(squash_listxattr(sq, file, buf, 5, &got) == -ERANGE);
}

struct reader {
	struct squash *sq;
	pthread_t thread;
	uint64_t seed;
	unsigned int wrong;
};

/* Random ranges of several files against the extracted ones, with lookups in between. */
static void *read_randomly(void *arg)
{
	static const char *const names[] = { "list", "big", "sparse", "1m", "128k-1", "small" };
	struct reader *r = arg;
	uint32_t root = squash_info(r->sq)->root;
	size_t room = 300000;
	cleanup_free char *ours = malloc(room), *theirs = malloc(room);
	char path[64];

	for (int i = 0; i < 150; i++) {
		const char *name = names[next_random(&r->seed) % ARRAY_SIZE(names)];
		size_t len = next_random(&r->seed) % room, got = 0;
		uint32_t inode = 0;
		struct stat st = { 0 };
		ssize_t n;
		int fd;

		if (squash_lookup(r->sq, root, name, &inode) || squash_stat(r->sq, inode, &st)) {
			r->wrong++;
			continue;
		}
		st.st_size = (off_t)(next_random(&r->seed) % (uint64_t)(st.st_size + 1));
		snprintf(path, sizeof(path), "out/%s", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		n = pread(fd, theirs, len, st.st_size);
		close(fd);
		if (squash_read(r->sq, inode, (uint64_t)st.st_size, len, ours, &got) || n < 0 ||
		    (size_t)n != got || memcmp(ours, theirs, got) != 0)
			r->wrong++;
	}
	return NULL;
}

static void check_threads(struct squash *sq)
{
	struct reader readers[8];
	unsigned int wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		readers[i] = (struct reader){ .sq = sq, .seed = i * 977 + 1 };
		if (pthread_create(&readers[i].thread, NULL, read_randomly, &readers[i]) != 0)
			wrong++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		pthread_join(readers[i].thread, NULL);
		wrong += readers[i].wrong;
	}
	tap_ok(wrong == 0, "8 threads read right bytes (%u wrong)", wrong);
}

/* Puts the image at offset of a larger file that has other bytes before and behind it. */
static int place_image(const char *image, uint64_t offset, uint64_t *length)
{
	cleanup_fd int in = open(image, O_RDONLY | O_CLOEXEC);
	int out = open("disc", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char buf[65536];
	uint64_t at = 0;
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0) {
		if (pwrite(out, buf, (size_t)n, (off_t)(offset + at)) != n)
			break;
		at += (uint64_t)n;
	}
	memset(buf, 0xa5, sizeof(buf));
	if (n != 0 || pwrite(out, buf, sizeof(buf), (off_t)(offset + at)) != sizeof(buf) ||
	    (offset > 0 && pwrite(out, buf, offset < 4096 ? offset : 4096, 0) <= 0))
		perror("disc");
	*length = at;
	return out;
}

static const struct shape {
	const char *name, *compression, *options;
	uint64_t offset;
	bool threads;
} shapes[] = {
	{ "gzip 128K", "gzip", "-comp gzip", 0, true },
	{ "gzip 4K, tails in fragments", "gzip", "-comp gzip -b 4K -tailends", 2048, true },
	{ "gzip 1M at an odd offset", "gzip", "-comp gzip -b 1M", 12345, false },
	{ "gzip, no export table", "gzip", "-comp gzip -no-exports", 2048, true },
	{ "gzip 4K, no export table, all tails", "gzip", "-comp gzip -no-exports -b 4K -always-use-fragments",
	  0, false },
	{ "stored 4K, no fragments", "gzip", "-noI -noD -noF -noX -b 4K -no-fragments", 0, false },
	{ "xz 1M", "xz", "-comp xz -b 1M", 4096, false },
	{ "xz with a filter", "xz", "-comp xz -Xbcj x86", 0, false },
	{ "zstd 128K beyond 4 GiB", "zstd", "-comp zstd -Xcompression-level 3", (5ull << 30) + 2048, true },
	{ "zstd 1M, no fragments", "zstd", "-comp zstd -Xcompression-level 3 -b 1M -no-fragments", 0, true },
	{ "lz4 4K", "lz4", "-comp lz4 -b 4K", 0, false },
	{ "lz4 1M", "lz4", "-comp lz4 -Xhc -b 1M -tailends", 777, true },
	{ "lzo 128K", "lzo", "-comp lzo", 0, false },
	{ "no attributes, no duplicates, not sparse", "gzip", "-no-xattrs -no-duplicates -no-sparse", 0,
	  false },
};

static void check_shape(const struct fixture *f, const struct shape *s)
{
	struct compare c = { .f = f, .path = "out" };
	cleanup_free uint64_t *numbers = NULL;
	struct squash_info info = { 0 };
	struct reason why = { 0 };
	struct squash *none = NULL;
	struct stat st, real;
	uint64_t length;
	cleanup_fd int fd = -1;

	if (!make_image("image", s->options)) {
		tap_ok(true, "%s # SKIP this mksquashfs cannot", s->name);
		return;
	}
	run("rm -rf out");
	run("unsquashfs -no-progress -processors 1 -d out image >unsquashfs.log 2>&1");
	fd = place_image("image", s->offset, &length);
	tap_ok(squash_probe(fd, s->offset, length + 100, &info, &why) == 0, "%s: probe %s", s->name,
	       why.text);
	tap_ok(strcmp(info.compression, s->compression) == 0 && info.size <= length && info.root == 0,
	       "%s: info", s->name);
	tap_ok(info.exportable == !strstr(s->options, "-no-exports"), "%s: exportable", s->name);
	if (!info.exportable) {
		ok(squash_open(fd, s->offset, length, NULL, 0, &none, &why) == -EINVAL && !none);
		tap_ok(squash_number(fd, s->offset, length, &numbers, &why) == 0, "%s: %s", s->name,
		       why.text);
		ok(squash_open(fd, s->offset, length, numbers, info.inodes - 1, &none, &why) == -EINVAL &&
		   !none);
	}
	if (!tap_ok(squash_open(fd, s->offset, length, numbers, numbers ? info.inodes : 0, &c.sq, &why) == 0,
		    "%s: open %s", s->name, why.text))
		return;
	if (lstat(c.path, &real) < 0 || squash_stat(c.sq, squash_info(c.sq)->root, &st) != 0)
		differs(&c, "root", 1, 0);
	else
		compare_inode(&c, squash_info(c.sq)->root, &st, &real);
	compare_directory(&c, squash_info(c.sq)->root);
	tap_ok(c.differences == 0, "%s: %u files, %u directories, %u links as unsquashfs has them", s->name,
	       c.files, c.directories, c.links);
	tap_ok(c.files > MANY && c.directories > 30 && c.links >= 4, "%s: and they are all there", s->name);
	check_numbers(c.sq);
	check_errors(c.sq, f->xattrs && !strstr(s->options, "-no-xattrs"));
	if (s->threads)
		check_threads(c.sq);
	squash_close(c.sq);
}

/* A number table that says something else than the inodes do is found out. */
static void check_wrong_numbers(void)
{
	cleanup_fd int fd = open("image", O_RDONLY | O_CLOEXEC);
	cleanup_free uint64_t *numbers = NULL;
	struct squash_info info = { 0 };
	struct squash *sq = NULL;
	struct stat st;
	uint64_t length = (uint64_t)lseek(fd, 0, SEEK_END), swap;

	ok(squash_probe(fd, 0, length, &info, NULL) == 0);
	ok(squash_number(fd, 0, length, &numbers, NULL) == 0 && numbers);
	swap = numbers[0];
	numbers[0] = numbers[1];
	numbers[1] = swap;
	numbers[2] = UINT64_MAX;
	numbers[3]++;
	ok(squash_open(fd, 0, length, numbers, info.inodes, &sq, NULL) == 0);
	ok(squash_stat(sq, 1, &st) == -ESTALE && squash_stat(sq, 2, &st) == -ESTALE);
	ok(squash_stat(sq, 3, &st) == -EIO && squash_stat(sq, 4, &st) != 0);
	ok(squash_stat(sq, 5, &st) == 0);
	squash_close(sq);
	/* No root to be found, no file system. */
	sq = NULL;
	memset(numbers, 0xff, info.inodes * sizeof(*numbers));
	ok(squash_open(fd, 0, length, numbers, info.inodes, &sq, NULL) < 0 && !sq);
}

/* Bytes of one block in small pieces come from one decompression: the block on the disc is overwritten
 * after the first piece, and the rest is right all the same; once closed, nothing is remembered. */
static void check_block_is_kept(void)
{
	uint64_t length;
	cleanup_fd int fd = place_image("image", 0, &length);
	cleanup_fd int real = open("src/big", O_RDONLY | O_CLOEXEC);
	cleanup_free char *zeros = calloc(1, length);
	struct squash *sq = NULL;
	char ours[4096], theirs[4096];
	uint32_t inode = 0;
	size_t got;
	bool right = true;

	ok(squash_open(fd, 0, length, NULL, 0, &sq, NULL) == 0 &&
	   squash_lookup(sq, squash_info(sq)->root, "big", &inode) == 0);
	ok(squash_read(sq, inode, 131072, 10, ours, &got) == 0);
	ok(pwrite(fd, zeros, squash_info(sq)->inode_table - 96, 96) > 0);
	for (uint64_t at = 131072; at < 262144; at += sizeof(ours))
		right = right && squash_read(sq, inode, at, sizeof(ours), ours, &got) == 0 &&
			got == sizeof(ours) &&
			pread(real, theirs, sizeof(theirs), (off_t)at) == sizeof(theirs) &&
			memcmp(ours, theirs, sizeof(ours)) == 0;
	ok(right);
	ok(squash_read(sq, inode, 262144, 10, ours, &got) == -EIO);
	squash_close(sq);
	ok(squash_open(fd, 0, length, NULL, 0, &sq, NULL) == 0);
	ok(squash_read(sq, inode, 131072, 10, ours, &got) == -EIO);
	squash_close(sq);
}

int main(void)
{
	struct fixture f = { 0 };

	fixture_open(&f);
	make_source(&f, 12 << 20);
	if (!f.root)
		printf("# not root: no devices, no owners\n");
	if (!f.xattrs)
		printf("# no user attributes here: not compared\n");
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		check_shape(&f, &shapes[i]);
	make_image("image", "-comp gzip -b 128K");
	check_wrong_numbers();
	check_block_is_kept();
	fixture_close(&f);
	return tap_done();
}
