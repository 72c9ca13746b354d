/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader that never stops: over and over it compares files below a mount with references, and drops what
 *the kernel has cached of them, so that the next round asks the server again. The first wrong byte or error
 *ends it.
 *
 *	reread paths|open|handles|walk MOUNT <LIST
 *
 * LIST has lines "path reference"; a reference of walk is a file with the directory's names, in bytewise
 *order. It prints "reading" after the first round, and "N rounds" at SIGTERM. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REREAD_CHUNK 65536

struct target {
	char *path;
	const uint8_t *bytes; /* the reference */
	size_t size;
	int fd;
	struct file_handle *handle;
};

struct reread {
	struct target *list;
	size_t count;
	int mount;
	uint64_t random;
};

static volatile sig_atomic_t reread_stop;

static void reread_signal(int sig)
{
	(void)sig;
	reread_stop = 1;
}

static bool fail(const struct target *t, const char *what)
{
	printf("%s: %s: %s\n", t->path, what, strerror(errno));
	return false;
}

static bool target_load(struct target *t, const char *path, const char *reference)
{
	struct stat st;
	int fd = open(reference, O_RDONLY | O_CLOEXEC);

	*t = (struct target){.path = strdup(path), .fd = -1};
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(t, reference);
	t->size = (size_t)st.st_size;
	t->bytes = t->size ? mmap(NULL, t->size, PROT_READ, MAP_PRIVATE, fd, 0) : (const uint8_t *)"";
	close(fd);
	return t->bytes != MAP_FAILED || fail(t, "mmap");
}

static bool target_handle(struct target *t)
{
	int id;

	t->handle = calloc(1, sizeof(*t->handle) + 128);
	if (!t->handle)
		return fail(t, "memory");
	t->handle->handle_bytes = 128;
	return !name_to_handle_at(AT_FDCWD, t->path, t->handle, &id, 0) || fail(t, "name_to_handle_at");
}

static bool compare_at(const struct target *t, int fd, size_t off)
{
	static uint8_t buf[REREAD_CHUNK];
	size_t want = t->size - off < sizeof(buf) ? t->size - off : sizeof(buf);
	ssize_t n = pread(fd, buf, sizeof(buf), (off_t)off);

	if (n < 0)
		return fail(t, "read");
	if ((size_t)n != want) {
		printf("%s: %zd bytes at %zu instead of %zu\n", t->path, n, off, want);
		return false;
	}
	if (memcmp(buf, t->bytes + off, want)) {
		printf("%s: wrong bytes at %zu\n", t->path, off);
		return false;
	}
	return true;
}

static bool compare_all(const struct target *t, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail(t, "stat");
	if ((size_t)st.st_size != t->size) {
		printf("%s: has %lld bytes instead of %zu\n", t->path, (long long)st.st_size, t->size);
		return false;
	}
	for (size_t off = 0; off <= t->size; off += REREAD_CHUNK)
		if (!compare_at(t, fd, off))
			return false;
	return true;
}

/* The kernel's copy goes, and the next read is a request. */
static void drop(int fd)
{
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

static bool round_path(struct reread *r, struct target *t)
{
	int fd = open(t->path, O_RDONLY | O_CLOEXEC);
	bool good;

	(void)r;
	if (fd < 0)
		return fail(t, "open");
	good = compare_all(t, fd);
	drop(fd);
	close(fd);
	return good;
}

static bool round_handle(struct reread *r, struct target *t)
{
	bool good;
	int fd;

	if (!t->handle && !target_handle(t))
		return false;
	fd = open_by_handle_at(r->mount, t->handle, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(t, "open_by_handle_at");
	good = compare_all(t, fd);
	drop(fd);
	close(fd);
	return good;
}

static bool round_open(struct reread *r, struct target *t)
{
	if (t->fd < 0)
		t->fd = open(t->path, O_RDONLY | O_CLOEXEC);
	if (t->fd < 0)
		return fail(t, "open");
	for (int i = 0; i < 8; i++) {
		r->random = r->random * 6364136223846793005u + 1442695040888963407u;
		drop(t->fd);
		if (!compare_at(t, t->fd, t->size ? (size_t)(r->random >> 33) % t->size : 0))
			return false;
	}
	drop(t->fd);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool round_walk(struct reread *r, struct target *t)
{
	char **names = NULL, *text = NULL;
	size_t count = 0, size = 0;
	DIR *d = opendir(t->path);
	struct dirent *e;
	bool good = true;
	FILE *f;

	(void)r;
	if (!d)
		return fail(t, "opendir");
	for (errno = 0; good && (e = readdir(d)); errno = 0) {
		struct stat st;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW))
			good = fail(t, e->d_name);
		else if (st.st_ino != e->d_ino) {
			printf("%s: %s is %llu in the list and %llu by name\n", t->path, e->d_name,
			       (unsigned long long)e->d_ino, (unsigned long long)st.st_ino);
			good = false;
		}
		if (count % 64 == 0)
			names = realloc(names, (count + 64) * sizeof(*names));
		names[count++] = strdup(e->d_name);
	}
	if (good && errno)
		good = fail(t, "readdir");
	drop(dirfd(d));
	closedir(d);
	if (count)
		qsort(names, count, sizeof(*names), by_name);
	f = open_memstream(&text, &size);
	for (size_t i = 0; i < count; i++) {
		fprintf(f, "%s\n", names[i]);
		free(names[i]);
	}
	fclose(f);
	if (good && (size != t->size || memcmp(text, t->bytes, size))) {
		printf("%s: another listing: %zu names\n", t->path, count);
		good = false;
	}
	free(names);
	free(text);
	return good;
}

static const struct {
	const char *name;
	bool (*round)(struct reread *r, struct target *t);
} modes[] = {
	{"paths", round_path},
	{"open", round_open},
	{"handles", round_handle},
	{"walk", round_walk},
};

static bool list_load(struct reread *r)
{
	char line[8192];

	while (fgets(line, sizeof(line), stdin)) {
		char *reference = strchr(line, ' ');

		line[strcspn(line, "\n")] = 0;
		if (!reference)
			return false;
		*reference++ = 0;
		r->list = realloc(r->list, (r->count + 1) * sizeof(*r->list));
		if (!r->list || !target_load(&r->list[r->count++], line, reference))
			return false;
	}
	return r->count > 0;
}

int main(int argc, char *argv[])
{
	bool (*round)(struct reread * r, struct target * t) = NULL;
	struct sigaction sa = {.sa_handler = reread_signal};
	struct reread r = {.random = (uint64_t)getpid()};
	unsigned long rounds = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc == 3 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(argv[1], modes[i].name))
			round = modes[i].round;
	if (!round) {
		fputs("reread paths|open|handles|walk MOUNT <LIST\n", stderr);
		return 2;
	}
	/* The signal that ends us is no error of the call that it falls into. */
	sa.sa_flags = SA_RESTART;
	sigaction(SIGTERM, &sa, NULL);
	r.mount = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r.mount < 0 || !list_load(&r)) {
		printf("cannot begin: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	while (!reread_stop) {
		for (size_t i = 0; i < r.count && !reread_stop; i++)
			if (!round(&r, &r.list[i]))
				return EXIT_FAILURE;
		if (!rounds++)
			puts("reading");
	}
	printf("%lu rounds\n", rounds);
	return 0;
}
