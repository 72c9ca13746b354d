/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SQUASH_FIXTURE_H
#define PXEFS_SQUASH_FIXTURE_H

/* A directory of its own, a source tree with all that a squashfs can hold, and squashfs images of it. */

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "squash.h"
#include "tap.h"

#define MANY 3000

struct fixture {
	char dir[PATH_MAX];
	bool root;   /* devices and owners can be made */
	bool xattrs; /* of the user. kind */
};

__attribute__((format(printf, 1, 2))) static inline int run(const char *fmt, ...)
{
	char command[4 * PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	return system(command);
}

static inline void fixture_open(struct fixture *f)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(f->dir, sizeof(f->dir) - 64, "%s/test-squash.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(f->dir) || chdir(f->dir) < 0)
		tap_skip("no temporary directory");
	f->root = geteuid() == 0;
	if (run("command -v mksquashfs >/dev/null 2>&1 && command -v unsquashfs >/dev/null 2>&1") != 0) {
		rmdir(f->dir);
		tap_skip("mksquashfs or unsquashfs is missing");
	}
}

static inline void fixture_close(struct fixture *f)
{
	if (chdir("/") == 0)
		run("rm -rf '%s'", f->dir);
}

/* Numbers that are the same on every run. */
static inline uint32_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 16);
}

/* A file of size bytes that compresses to about half; every block differs from every other. */
static inline void make_file(const char *path, size_t size, uint64_t seed)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	char buf[8192];

	seed = seed * 2 + 1;
	while (fd >= 0 && size > 0) {
		size_t n = size < sizeof(buf) ? size : sizeof(buf);

		for (size_t i = 0; i < n; i++)
			buf[i] = "etaoinshrdlucmfw"[next_random(&seed) & 15];
		if (write_full(fd, buf, n) < 0)
			break;
		size -= n;
	}
	if (fd >= 0)
		close(fd);
}

static inline void make_sparse(const char *path, off_t size, off_t data)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return;
	if (ftruncate(fd, size) < 0 || pwrite(fd, "in the middle", 13, data) < 0)
		perror(path);
	close(fd);
}

static inline void make_special(const struct fixture *f)
{
	char text[4001];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	if (symlink("small", "src/link") || symlink(text, "src/link.long") ||
	    symlink("/nowhere/at all", "src/dangling"))
		perror("symlink");
	if (link("src/small", "src/small.2") || link("src/small", "src/dir/small.3") ||
	    link("src/link", "src/link.2"))
		perror("link");
	if (mkfifo("src/fifo", 0640) || mknod("src/socket", S_IFSOCK | 0711, 0))
		perror("mknod");
	if (f->root &&
	    (mknod("src/console", S_IFCHR | 0600, makedev(5, 1)) ||
	     mknod("src/disk", S_IFBLK | 0660, makedev(259, 70000)) || chown("src/small", 1234, 70000) ||
	     lchown("src/link.long", 99, 98) || chown("src/dir", 65534, 1)))
		perror("device or owner");
}

static inline void make_attributes(struct fixture *f)
{
	char big[3000];

	memset(big, 'v', sizeof(big));
	f->xattrs = setxattr("src/small", "user.one", "1", 1, 0) == 0;
	if (!f->xattrs)
		return;
	if (setxattr("src/small", "user.empty", "", 0, 0) ||
	    setxattr("src/dir", "user.on a dir", "d", 1, 0) ||
	    setxattr("src/big", "user.big", big, sizeof(big), 0) ||
	    setxattr("src/block", "user.big", big, sizeof(big), 0) ||
	    setxattr("src/block", "user.two", "zwei", 4, 0) ||
	    setxattr("src/empty", "user.big", big, sizeof(big), 0))
		perror("setxattr");
	if (f->root && (setxattr("src/block", "trusted.t", "t", 1, 0) ||
			lsetxattr("src/link.long", "trusted.l", "l", 1, 0)))
		perror("setxattr trusted");
}

/* size is about how many bytes the largest files have. */
static inline void make_source(struct fixture *f, size_t size)
{
	struct timespec times[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 4000000000 } };
	char path[PATH_MAX], name[256];

	if (mkdir("src", 0755) || mkdir("src/dir", 01777) || mkdir("src/dir/deeper", 0700) ||
	    mkdir("src/none", 0755) || mkdir("src/many", 0755) || mkdir("src/all.iso", 0755))
		perror("mkdir");
	make_file("src/empty", 0, 1);
	make_file("src/one", 1, 2);
	make_file("src/small", 700, 3);
	make_file("src/block", 4096, 4);
	make_file("src/block+1", 4097, 5);
	make_file("src/128k", 131072, 6);
	make_file("src/128k-1", 131071, 7);
	make_file("src/1m", 1 << 20, 8);
	make_file("src/dir/1m+5", (1 << 20) + 5, 9);
	make_file("src/list", size / 3 * 2, 10);
	make_file("src/big", size + 777, 11);
	make_sparse("src/sparse", (off_t)size * 2 + 100, (off_t)size);
	make_sparse("src/sparse.tail", 300000, 299000);
	make_sparse("src/sparse.first", 3 << 20, (3 << 20) - 13);
	memset(name, 'n', 255);
	name[255] = '\0';
	snprintf(path, sizeof(path), "src/dir/deeper/%s", name);
	make_file(path, 10, 12);
	make_file("src/dir/deeper/odd \xff\n\xc3\xa4 name", 20, 13);
	make_file("src/dir/deeper/.hidden", 30, 14);
	for (int i = 0; i < MANY; i++) {
		/* Long and short ones, so that groups and metadata blocks end anywhere. */
		snprintf(path, sizeof(path), "src/many/%04d%.*s", i * 7 % MANY, i * 37 % 240, name);
		if (i % 100 == 0)
			mkdir(path, 0755);
		else
			make_file(path, (size_t)i % 3, (uint64_t)i);
	}
	make_special(f);
	make_attributes(f);
	/* Only root gets a set-user-id bit back from unsquashfs. */
	chmod("src/small", f->root ? 04755 : 0751);
	if (f->root)
		chmod("src/one", 0);
	utimensat(AT_FDCWD, "src/small", times, AT_SYMLINK_NOFOLLOW);
	times[1].tv_sec = 1;
	utimensat(AT_FDCWD, "src/link.long", times, AT_SYMLINK_NOFOLLOW);
	utimensat(AT_FDCWD, "src/dir", times, 0);
}

/* mksquashfs of src with options into image. False when this mksquashfs lacks what options want. */
static inline bool make_image(const char *image, const char *options)
{
	run("rm -f '%s'", image);
	return run("mksquashfs src '%s' -no-progress -quiet -processors 1 %s >mksquashfs.log 2>&1", image,
		   options) == 0;
}

#endif
