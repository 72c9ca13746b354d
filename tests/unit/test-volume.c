/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <locale.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tap.h"
#include "volume.h"
#include "volume-sound.h"

/* Images that xorriso and genisoimage write, compared with the tree they were made from, with what xorriso
 * takes out of them, and with libarchive's reader. */

static char tmp[PATH_MAX / 2];

static int run(const char *const argv[])
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int open_up(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	return type == FTW_D || type == FTW_DNR ? chmod(path, 0700) : 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tree(const char *path)
{
	/* Extracted directories are read-only. */
	nftw(path, open_up, 16, FTW_PHYS);
	nftw(path, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

/* --- the tree that the images are made of ------------------------------------------------------ */

/* out may be dir. */
static void join(char out[PATH_MAX], const char *dir, const char *name)
{
	char joined[PATH_MAX];

	if (snprintf(joined, sizeof(joined), "%s/%s", dir, name) >= (int)sizeof(joined))
		abort();
	memcpy(out, joined, sizeof(joined));
}

/* A file of size bytes that depend on its name, so that any mix-up is seen. */
static void put_file(const char *dir, const char *name, size_t size, mode_t mode)
{
	char path[PATH_MAX], block[4096];
	struct timespec times[2] = { { .tv_sec = 930000001 }, { .tv_sec = 930000000 + (time_t)size % 1000 } };
	uint32_t state = (uint32_t)size * 2654435761u + (uint32_t)strlen(name) * 40503u + (uint8_t)*name;
	int fd;

	join(path, dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		abort();
	while (size > 0) {
		size_t n = size < sizeof(block) ? size : sizeof(block);

		for (size_t i = 0; i < n; i++) {
			state = state * 1664525u + 1013904223u;
			block[i] = (char)(state >> 24);
		}
		if (write_full(fd, block, n) < 0)
			abort();
		size -= n;
	}
	if (fchmod(fd, mode) < 0 || futimens(fd, times) < 0 || close(fd) < 0)
		abort();
}

static void put_dir(char path[PATH_MAX], const char *dir, const char *name)
{
	join(path, dir, name);
	if (mkdir(path, 0755) < 0)
		abort();
}

static void put_link(const char *dir, const char *name, const char *target)
{
	char path[PATH_MAX];

	join(path, dir, name);
	if (symlink(target, path) < 0)
		abort();
}

static void make_simple(const char *dir)
{
	char path[PATH_MAX];

	put_file(dir, "empty", 0, 0644);
	put_file(dir, "one.txt", 1, 0644);
	put_file(dir, "2047", 2047, 0644);
	put_file(dir, "2048", 2048, 0600);
	put_file(dir, "2049.bin", 2049, 0644);
	put_file(dir, "large.img", 3000001, 0644);
	put_dir(path, dir, "EFI");
	put_dir(path, path, "boot");
	put_file(path, "bootx64.efi", 70000, 0755);
	put_dir(path, dir, "vide");
	put_dir(path, dir, "many");
	for (unsigned i = 0; i < 300; i++) {
		char name[32];

		snprintf(name, sizeof(name), "f%03u.dat", i);
		put_file(path, name, i * 37, 0644);
	}
}

/* What both tools can write: genisoimage corrupts links over some 100 bytes. */
static void make_posix(const char *dir)
{
	char path[PATH_MAX], other[PATH_MAX];

	make_simple(dir);
	put_file(dir, ".hidden", 10, 0444);
	put_file(dir, "dot.", 11, 0644);
	put_file(dir, "a-b", 12, 0644);
	put_file(dir, "two words  and more; 'quoted' \"twice\"", 13, 04755);
	put_file(dir,
		 "gr\xc3\xbc\xc3\x9f"
		 "e-\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e-\xf0\x9f\x98\x80",
		 14, 0644);
	join(path, dir, "2049.bin");
	join(other, dir, "hardlink");
	if (link(path, other) < 0)
		abort();
	put_dir(path, dir, "a");
	put_file(path, "in-a", 17, 0644);
	for (unsigned i = 0; i < 12; i++) {
		put_dir(path, path, "deeper");
		put_file(path, "here", 100 + i, 0644);
	}
	put_link(dir, "link", "EFI/boot");
	put_link(dir, "absolute", "/usr/lib/./../lib");
	put_link(dir, "up", "../../up");
	put_link(dir, "dangling", "no where");
	put_dir(path, dir, "private");
	if (chmod(path, 01770) < 0)
		abort();
}

static void make_full(const char *dir)
{
	char name[251], text[2001];

	make_posix(dir);
	put_file(dir, "not utf-8 \xff\xfe\x80", 15, 0644);
	memset(name, 'n', 250);
	name[250] = 0;
	put_file(dir, name, 16, 0644);
	*text = 0;
	for (unsigned i = 0; i < 60; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%scomponent%03u", i ? "/" : "",
			 i);
	put_link(dir, "long-link", text);
	snprintf(text, sizeof(text), "%s/%s/../%s/x", name, name, name);
	put_link(dir, "wide-link", text);
}

/* --- comparing --------------------------------------------------------------------------------- */

static struct comparison {
	const struct volume *v;
	const uint8_t *map;
	const char *top;
	unsigned flags; /* of volume_lookup() */
	bool exact;     /* modes, times and links too */
	size_t seen, wrong;
} now;

static bool bytes_equal(const struct volume *v, const uint8_t *map, const struct volume_entry *e, int fd)
{
	for (size_t i = 0; i < e->extent_count; i++) {
		const struct extent *x = &v->extents[e->extent_first + i];

		for (uint64_t at = 0; at < x->length;) {
			char buf[65536];
			size_t n = x->length - at < sizeof(buf) ? (size_t)(x->length - at) : sizeof(buf);
			ssize_t got = read(fd, buf, n);

			if (got <= 0 || memcmp(buf, map + x->offset + at, (size_t)got))
				return false;
			at += (uint64_t)got;
		}
	}
	return true;
}

static bool entry_equal(const struct volume_entry *e, const char *path, const struct stat *st)
{
	char text[4096];
	ssize_t len;
	bool same;
	int fd;

	if ((e->mode & S_IFMT) != (st->st_mode & S_IFMT))
		return false;
	if (now.exact && ((e->mode != st->st_mode && !S_ISLNK(e->mode)) ||
			  (S_ISREG(e->mode) && e->mtime != st->st_mtime)))
		return false;
	if (S_ISLNK(e->mode)) {
		len = readlink(path, text, sizeof(text));
		return len >= 0 && (size_t)len == e->size && !memcmp(text, e->target, (size_t)len);
	}
	if (!S_ISREG(e->mode))
		return true;
	if (e->size != (uint64_t)st->st_size)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	same = fd >= 0 && bytes_equal(now.v, now.map, e, fd);
	close(fd);
	return same;
}

static int compare_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *relative = path + strlen(now.top);
	uint32_t n = 0;

	(void)type;
	(void)ftw;
	now.seen++;
	if (volume_lookup(now.v, 0, relative, now.flags, &n) == 0 &&
	    (n == 0 || entry_equal(&now.v->entries[n], path, st)))
		return 0;
	now.wrong++;
	printf("# differs: %s\n", relative);
	return 0;
}

static void compare_tree(const struct volume *v, const void *map, const char *top, unsigned flags, bool exact,
			 const char *what)
{
	now = (struct comparison){ v, map, top, flags, exact, 0, 0 };
	nftw(top, compare_one, 16, FTW_PHYS);
	tap_ok(now.wrong == 0 && now.seen == v->count, "%s: %zu entries, %zu seen, %zu wrong", what, v->count,
	       now.seen, now.wrong);
}

/* libarchive drops the slash between two SL entries of a long link, so those are not compared. */
static bool archive_equal(const struct volume *v, const uint8_t *map, struct archive *a,
			  struct archive_entry *ae)
{
	const char *path = archive_entry_pathname(ae), *target = archive_entry_symlink(ae);
	const struct volume_entry *e;
	const void *block;
	uint64_t sum = 0;
	int64_t offset;
	uint32_t n;
	size_t len;

	if (!path || volume_lookup(v, 0, path, 0, &n))
		return false;
	e = &v->entries[n];
	if ((archive_entry_filetype(ae) & S_IFMT) != (e->mode & S_IFMT) ||
	    archive_entry_mtime(ae) != e->mtime ||
	    (e->target && e->size < 200 && (!target || strcmp(target, e->target))))
		return false;
	if (e->flags & VOLUME_ZISOFS)
		return archive_entry_size(ae) == (int64_t)e->size;
	if (!S_ISREG(e->mode) || archive_entry_hardlink(ae))
		return true;
	while (archive_read_data_block(a, &block, &len, &offset) == ARCHIVE_OK) {
		/* Where the image is in memory, the block is in the image. */
		if (e->extent_count != 1 ||
		    (const uint8_t *)block != map + v->extents[e->extent_first].offset + sum)
			return false;
		sum += len;
	}
	return sum == e->size;
}

static void compare_archive(const struct volume *v, const void *map, size_t size, const char *what)
{
	struct archive *a = archive_read_new();
	struct archive_entry *ae;
	size_t seen = 0, wrong = 0;

	archive_read_support_format_iso9660(a);
	archive_read_open_memory(a, map, size);
	while (archive_read_next_header(a, &ae) == ARCHIVE_OK) {
		bool same = archive_equal(v, map, a, ae);

		seen++;
		wrong += !same;
		if (!same)
			printf("# differs: %s\n", archive_entry_pathname(ae));
	}
	tap_ok(seen == v->count && wrong == 0, "%s: libarchive has %zu entries, %zu wrong", what, seen,
	       wrong);
	archive_read_free(a);
}

/* --- images ------------------------------------------------------------------------------------ */

enum check { SOURCE = 1, EXTRACTED = 2, ARCHIVE = 4, ROCK_RIDGE = 8, ANY_CASE = 16, ZISOFS = 32 };

static void check_image(const char *image, const char *source, unsigned checks, const char *what)
{
	bool rock_ridge = checks & ROCK_RIDGE;
	unsigned flags = checks & ANY_CASE ? VOLUME_ANY_CASE : 0;
	struct reason why = { "" };
	struct volume *v = NULL;
	char out[PATH_MAX];
	struct stat st;
	void *map;
	int fd = open(image, O_RDONLY | O_CLOEXEC), r;

	if (!tap_ok(fd >= 0 && fstat(fd, &st) == 0, "%s: there is an image", what))
		return;
	r = volume_probe(fd, (uint64_t)st.st_size, &why);
	tap_ok(r == 0, "%s: is an ISO: %s", what, why.text);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		abort();
	r = volume_read(map, (size_t)st.st_size, &v, &why);
	if (!tap_ok(r == 0, "%s: reads: %s", what, why.text))
		goto out;
	tap_ok(volume_sound(v, (uint64_t)st.st_size), "%s: the table is sound", what);
	if (source)
		tap_ok(v->rock_ridge == rock_ridge && !v->zisofs_count == !(checks & ZISOFS) &&
			       v->skipped_count == 0,
		       "%s: Rock Ridge %d, %zu zisofs, %zu skipped", what, v->rock_ridge, v->zisofs_count,
		       v->skipped_count);
	if (checks & SOURCE)
		compare_tree(v, map, source, flags, rock_ridge, what);
	if (checks & EXTRACTED) {
		join(out, tmp, "out");
		run((const char *const[]){ "xorriso", "-osirrox", "on", "-indev", image, "-extract", "/", out,
					   NULL });
		compare_tree(v, map, out, flags, false, what);
		remove_tree(out);
	}
	if (checks & ARCHIVE)
		compare_archive(v, map, (size_t)st.st_size, what);
	volume_free(v);
out:
	munmap(map, (size_t)st.st_size);
}

static const struct {
	const char *args[8]; /* the tool first */
	enum { SIMPLE, POSIX, FULL } tree;
	unsigned checks;
} images[] = {
	{ { "xorriso", "-as", "mkisofs", "-R" }, FULL, SOURCE | EXTRACTED | ARCHIVE | ROCK_RIDGE },
	{ { "xorriso", "-as", "mkisofs", "-R", "-J", "-joliet-long" },
	  FULL,
	  SOURCE | EXTRACTED | ARCHIVE | ROCK_RIDGE },
	{ { "xorriso", "-as", "mkisofs", "-R", "--hardlinks" },
	  FULL,
	  SOURCE | EXTRACTED | ARCHIVE | ROCK_RIDGE },
	{ { "xorriso", "-as", "mkisofs", "-R", "-rr_reloc_dir", "/rr_moved" },
	  FULL,
	  SOURCE | EXTRACTED | ROCK_RIDGE },
	{ { "xorriso", "-as", "mkisofs", "-R", "-iso-level", "4" },
	  FULL,
	  SOURCE | EXTRACTED | ARCHIVE | ROCK_RIDGE },
	{ { "xorriso", "-as", "mkisofs", "--norock", "-J" }, SIMPLE, SOURCE | EXTRACTED | ARCHIVE },
	{ { "xorriso", "-as", "mkisofs", "--norock", "-iso-level", "3" },
	  SIMPLE,
	  SOURCE | EXTRACTED | ARCHIVE | ANY_CASE },
	{ { "xorriso", "-as", "mkisofs", "--norock", "-iso-level", "1" },
	  SIMPLE,
	  EXTRACTED | ARCHIVE | ANY_CASE },
	{ { "genisoimage", "-R" }, POSIX, SOURCE | ARCHIVE | ROCK_RIDGE },
	{ { "genisoimage", "-R", "-J", "-joliet-long", "-D" },
	  POSIX,
	  SOURCE | EXTRACTED | ARCHIVE | ROCK_RIDGE },
	{ { "genisoimage", "-J" }, SIMPLE, SOURCE | EXTRACTED | ARCHIVE },
	{ { "genisoimage", "-J", "-udf" }, SIMPLE, SOURCE | EXTRACTED | ARCHIVE },
	{ { "genisoimage", "-iso-level", "3" }, SIMPLE, SOURCE | EXTRACTED | ARCHIVE | ANY_CASE },
	{ { "genisoimage", "-iso-level", "1" }, SIMPLE, EXTRACTED | ARCHIVE | ANY_CASE },
};

static void test_tools(char trees[][PATH_MAX])
{
	char image[PATH_MAX];

	join(image, tmp, "image.iso");
	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		const char *argv[16], *source = trees[images[i].tree];
		char what[128] = "";
		size_t n = 0;

		for (; images[i].args[n]; n++) {
			argv[n] = images[i].args[n];
			snprintf(what + strlen(what), sizeof(what) - strlen(what), "%s%s", n ? " " : "",
				 argv[n]);
		}
		if (run((const char *const[]){ argv[0], "--version", NULL })) {
			tap_ok(true, "%s # SKIP no %s", what, argv[0]);
			continue;
		}
		argv[n++] = "-o";
		argv[n++] = image;
		argv[n++] = source;
		argv[n] = NULL;
		tap_ok(run(argv) == 0, "%s writes an image", what);
		check_image(image, source, images[i].checks, what);
		unlink(image);
	}
}

static void test_zisofs(void)
{
	char dir[PATH_MAX], path[PATH_MAX], image[PATH_MAX];

	put_dir(dir, tmp, "zisofs");
	put_file(dir, "noise", 100000, 0644);
	put_file(dir, "zeros", 1, 0644);
	join(path, dir, "zeros");
	if (truncate(path, 1000000) < 0)
		abort();
	join(image, tmp, "zisofs.iso");
	run((const char *const[]){ "xorriso", "-outdev", image, "-map", dir, "/", "-set_filter_r", "--zisofs",
				   "/", "--", NULL });
	check_image(image, dir, ARCHIVE | ROCK_RIDGE | ZISOFS, "zisofs");
	unlink(image);
}

/* 5 GiB on disk, so only on request. */
static void test_large(void)
{
	char dir[PATH_MAX], image[PATH_MAX], path[PATH_MAX];

	if (!getenv("PXEFS_TEST_LARGE"))
		return;
	put_dir(dir, tmp, "large");
	put_file(dir, "after", 5000, 0644);
	put_file(dir, "big", 100000, 0644);
	join(path, dir, "big");
	if (truncate(path, (off_t)5 << 30) < 0)
		abort();
	join(image, tmp, "large.iso");
	run((const char *const[]){ "xorriso", "-as", "mkisofs", "-R", "-iso-level", "3", "-o", image, dir,
				   NULL });
	check_image(image, dir, ARCHIVE | SOURCE | ROCK_RIDGE, "5 GiB");
	unlink(image);
}

/* What distributions ship, if it is installed. */
static void test_real(void)
{
	static const char *const paths[] = { "/usr/lib/memtest86+/memtest86+x64.iso",
					     "/usr/lib/memtest86+/memtest86+ia32.iso",
					     "/usr/lib/grub-rescue/grub-rescue-cdrom.iso",
					     "/usr/lib/ipxe/ipxe.iso" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (access(paths[i], R_OK) == 0)
			check_image(paths[i], NULL, EXTRACTED | ARCHIVE, paths[i]);
}

int main(void)
{
	const char *base = getenv("TMPDIR");
	char trees[3][PATH_MAX];

	if (run((const char *const[]){ "xorriso", "--version", NULL }))
		tap_skip("xorriso is not installed");
	/* libarchive's and xorriso's, not ours. */
	if (!setlocale(LC_ALL, "C.UTF-8") || setenv("LC_ALL", "C.UTF-8", 1) < 0)
		tap_skip("there is no locale C.UTF-8");
	umask(022);
	if (snprintf(tmp, sizeof(tmp), "%s/pxefs-volume-XXXXXX", base ? base : "/tmp") >= (int)sizeof(tmp) ||
	    !mkdtemp(tmp))
		abort();
	put_dir(trees[SIMPLE], tmp, "simple");
	make_simple(trees[SIMPLE]);
	put_dir(trees[POSIX], tmp, "posix");
	make_posix(trees[POSIX]);
	put_dir(trees[FULL], tmp, "full");
	make_full(trees[FULL]);
	test_tools(trees);
	test_zisofs();
	test_large();
	test_real();
	remove_tree(tmp);
	return tap_done();
}
