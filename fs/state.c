/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>

#include "identity.h"
#include "index.h"
#include "log.h"
#include "state.h"

#define STATE_INDEX_MAX (1ull << 30)

struct state {
	int dir;
};

/* The linker's mark of the program (its note of owner "GNU", elf(5)), NULL and 0 bytes where it made none. */
static int state_build_id(struct dl_phdr_info *info, size_t size, void *ctx)
{
	struct identity_part *out = ctx;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		const char *p = (const char *)(info->dlpi_addr + segment->p_vaddr);
		size_t left = segment->p_type == PT_NOTE ? segment->p_memsz : 0, len;
		ElfW(Nhdr) note;

		for (; left >= sizeof(note); p += len, left -= len) {
			memcpy(&note, p, sizeof(note));
			len = sizeof(note) + (((size_t)note.n_namesz + 3) & ~(size_t)3) +
			      (((size_t)note.n_descsz + 3) & ~(size_t)3);
			if (len > left)
				break;
			if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !memcmp(p + sizeof(note), "GNU", 4))
				*out = (struct identity_part){p + sizeof(note) + 4, note.n_descsz};
		}
	}
	return 1; /* the first one is the program */
}

/* An index belongs to a file as it was, and to the program that made it, as another one may know more families: key is
 * device, inode, size, mtime, ctime, the index's version, and the program's. */
static void state_key(const struct stat *st, char name[24])
{
	uint64_t key[8] = {(uint64_t)st->st_dev,	  (uint64_t)st->st_ino,
			   (uint64_t)st->st_size,	  (uint64_t)st->st_mtim.tv_sec,
			   (uint64_t)st->st_mtim.tv_nsec, (uint64_t)st->st_ctim.tv_sec,
			   (uint64_t)st->st_ctim.tv_nsec, INDEX_VERSION};
	struct identity_part parts[] = {{"index", 5}, {key, sizeof(key)}, {PACKAGE_VERSION, strlen(PACKAGE_VERSION)},
					{"", 0}};

	dl_iterate_phdr(state_build_id, &parts[3]);
	snprintf(name, 24, "%016llx.idx", (unsigned long long)identity_hash(parts, ARRAY_SIZE(parts)));
}

static int state_make_dirs(const char *path)
{
	cleanup_free char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (char *p = copy + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(copy, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int state_open(const char *dir, const char *watch, struct state **out)
{
	struct identity_part parts[] = {{"watch", 5}, {watch, strlen(watch)}};
	cleanup_free char *path = NULL;
	struct state *s;
	int r;

	*out = NULL;
	if (!dir || !*dir)
		return 0;
	if (asprintf(&path, "%s/%016llx", dir, (unsigned long long)identity_hash(parts, ARRAY_SIZE(parts))) <
	    0) {
		path = NULL;
		return -ENOMEM;
	}
	r = state_make_dirs(path);
	if (r)
		return r;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0) {
		r = -errno;
		free(s);
		return r;
	}
	*out = s;
	return 0;
}

void state_close(struct state *s)
{
	if (s)
		close(s->dir);
	free(s);
}

int state_names(struct state *s, int *fd)
{
	int r = s ? openat(s->dir, "names", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;

	if (!s)
		return -ENOENT;
	if (r < 0)
		return -errno;
	*fd = r;
	return 0;
}

static int state_copy(int from, int to, uint64_t size)
{
	char buf[65536];

	for (uint64_t at = 0; at < size;) {
		size_t n = size - at < sizeof(buf) ? (size_t)(size - at) : sizeof(buf);
		int r = pread_full(from, buf, n, at);

		if (!r)
			r = write_full(to, buf, n);
		if (r)
			return r;
		at += n;
	}
	return 0;
}

int state_load(struct state *s, const struct stat *st, int *out)
{
	cleanup_fd int file = -1, fd = -1;
	struct stat have;
	char name[24];
	int r;

	if (!s)
		return -ENOENT;
	state_key(st, name);
	file = openat(s->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (file < 0 || fstat(file, &have) < 0)
		return -errno;
	if (have.st_size <= 0 || (uint64_t)have.st_size > STATE_INDEX_MAX)
		return -ENOENT;
	/* Into memory, because a file can be cut by others while it is mapped. */
	fd = memfd_create("pxefs-index", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	r = state_copy(file, fd, (uint64_t)have.st_size);
	if (r)
		return r;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -errno;
	*out = steal_fd(fd);
	return 0;
}

void state_save(struct state *s, const struct stat *st, int fd)
{
	cleanup_fd int file = -1;
	struct stat have;
	char name[24], temp[40];
	int r;

	if (!s || fstat(fd, &have) < 0)
		return;
	state_key(st, name);
	snprintf(temp, sizeof(temp), "%s.%d", name, (int)getpid());
	file = openat(s->dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	r = file < 0 ? -errno : state_copy(fd, file, (uint64_t)have.st_size);
	if (!r && renameat(s->dir, temp, s->dir, name) < 0)
		r = -errno;
	if (r) {
		unlinkat(s->dir, temp, 0);
		log_warn("state directory: an index is not kept: %s", strerror(-r));
	}
}

void state_forget(struct state *s, const struct stat *st)
{
	char name[24];

	if (!s)
		return;
	state_key(st, name);
	unlinkat(s->dir, name, 0);
}

void state_prune(struct state *s, const struct stat *st, size_t count)
{
	cleanup_free char(*keep)[24] = calloc(count + 1, sizeof(*keep));
	int copy = s && keep ? openat(s->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *e;

	if (!d) {
		fd_close(&copy);
		return;
	}
	for (size_t i = 0; i < count; i++)
		state_key(&st[i], keep[i]);
	while ((e = readdir(d))) {
		bool kept = !strstr(e->d_name, ".idx");

		for (size_t i = 0; i < count && !kept; i++)
			kept = !strcmp(e->d_name, keep[i]);
		if (!kept)
			unlinkat(s->dir, e->d_name, 0);
	}
	closedir(d);
}
