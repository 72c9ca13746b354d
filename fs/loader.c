/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "loader.h"
#include "log.h"

#define LOADER_MAGIC	 "PXEFSLDR"
#define LOADER_LEVELS	 6
#define LOADER_FILE_MAX	 (64u << 20)
#define LOADER_TOTAL_MAX (256u << 20)
#define LOADER_PATH_MAX	 200

/* The pack: a record for each file, the file's bytes behind it, padded to 8; ends at the end. */
struct loader_record {
	char magic[8];
	uint64_t size; /* of the file */
	int64_t mtime;
	uint32_t mtime_nsec;
	uint32_t path_len; /* with its NUL; the path follows the record, padded to 8 */
};

struct loader_walk {
	int out;
	uint64_t total;
	const char *top;
};

static uint64_t loader_pad(uint64_t n)
{
	return (n + 7) & ~(uint64_t)7;
}

static bool loader_name_ok(const char *name)
{
	return name[0] != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") ==
		       strlen(name);
}

static int loader_zeros(int fd, uint64_t from)
{
	static const char zeros[8];

	return write_full(fd, zeros, loader_pad(from) - from);
}

static int loader_copy(int in, int out, uint64_t size)
{
	char buf[65536];

	for (uint64_t at = 0; at < size;) {
		size_t n = size - at < sizeof(buf) ? (size_t)(size - at) : sizeof(buf);
		int r = pread_full(in, buf, n, at);

		/* A file cut while it is read is zeros to its end; the next event reads it again. */
		if (r == -ENODATA)
			memset(buf, 0, n);
		else if (r)
			return r;
		r = write_full(out, buf, n);
		if (r)
			return r;
		at += n;
	}
	return 0;
}

static int loader_file_in(struct loader_walk *w, int fd, const struct stat *st, const char *path)
{
	struct loader_record rec = {.size = (uint64_t)st->st_size,
				    .mtime = st->st_mtim.tv_sec,
				    .mtime_nsec = (uint32_t)st->st_mtim.tv_nsec,
				    .path_len = (uint32_t)strlen(path) + 1};
	int r;

	if (st->st_size > LOADER_FILE_MAX || w->total + rec.size > LOADER_TOTAL_MAX ||
	    rec.path_len > LOADER_PATH_MAX) {
		log_warn("loader directory: \"%s\" is left out: too large", path);
		return 0;
	}
	memcpy(rec.magic, LOADER_MAGIC, sizeof(rec.magic));
	w->total += rec.size;
	r = write_full(w->out, &rec, sizeof(rec));
	if (!r)
		r = write_full(w->out, path, rec.path_len);
	if (!r)
		r = loader_zeros(w->out, rec.path_len);
	if (!r)
		r = loader_copy(fd, w->out, rec.size);
	return r ? r : loader_zeros(w->out, rec.size);
}

static int loader_name_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of a directory, sorted, so that equal directories give equal packs. */
static int loader_names(int dir, char ***names, size_t *count)
{
	size_t room = 0;
	struct dirent *d;
	int copy = dup(dir), r = 0;
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);

	*names = NULL;
	*count = 0;
	if (!stream) {
		r = -errno;
		fd_close(&copy);
		return r;
	}
	while (!r && (d = readdir(stream))) {
		if (!loader_name_ok(d->d_name))
			continue;
		r = array_grow(names, &room, *count, sizeof(char *));
		if (!r && !((*names)[*count] = strdup(d->d_name)))
			r = -ENOMEM;
		*count += !r;
	}
	closedir(stream);
	if (*count)
		qsort(*names, *count, sizeof(char *), loader_name_cmp);
	return r;
}

static int loader_dir(struct loader_walk *w, int dir, const char *prefix, unsigned level);

static int loader_one(struct loader_walk *w, int dir, const char *prefix, const char *name, unsigned level)
{
	cleanup_free char *path = NULL;
	cleanup_fd int fd = -1;
	struct stat st;

	if (asprintf(&path, "%s%s%s", prefix, *prefix ? "/" : "", name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ELOOP) {
		/* A link is good when what it names lies in the directory too. */
		cleanup_free char *real = NULL, *top = realpath(w->top, NULL), *full = NULL;

		if (asprintf(&full, "%s/%s", w->top, path) < 0)
			full = NULL;
		real = full ? realpath(full, NULL) : NULL;
		if (real && top && !strncmp(real, top, strlen(top)) && real[strlen(top)] == '/')
			fd = open(real, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
		else if (real)
			errno = EXDEV; /* it leads out of the directory */
	}
	if (fd < 0 || fstat(fd, &st) < 0) {
		log_warn("loader directory: \"%s\" is left out: %s", path, strerror(errno));
		return 0;
	}
	if (S_ISREG(st.st_mode))
		return loader_file_in(w, fd, &st, path);
	if (S_ISDIR(st.st_mode) && level < LOADER_LEVELS)
		return loader_dir(w, fd, path, level + 1);
	return 0;
}

static int loader_dir(struct loader_walk *w, int dir, const char *prefix, unsigned level)
{
	char **names;
	size_t count;
	int r = loader_names(dir, &names, &count);

	for (size_t i = 0; i < count; i++) {
		if (!r)
			r = loader_one(w, dir, prefix, names[i], level);
		free(names[i]);
	}
	free(names);
	return r;
}

int loader_pack(const char *dir, int *fd)
{
	cleanup_fd int out = memfd_create("pxefs-loader", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	cleanup_fd int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct loader_walk w = {out, 0, dir};
	int r = 0;

	if (out < 0)
		return -errno;
	if (top >= 0)
		r = loader_dir(&w, top, "", 0);
	if (r)
		return r;
	if (fcntl(out, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -errno;
	*fd = steal_fd(out);
	return 0;
}

static void loader_watch_dir(int fd, const char *dir, unsigned level)
{
	DIR *stream;
	struct dirent *d;

	if (inotify_add_watch(fd, dir,
			      IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF |
				      IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR) < 0)
		return;
	stream = level < LOADER_LEVELS ? opendir(dir) : NULL;
	while (stream && (d = readdir(stream))) {
		cleanup_free char *below = NULL;

		if (!loader_name_ok(d->d_name) || (d->d_type != DT_DIR && d->d_type != DT_UNKNOWN))
			continue;
		if (asprintf(&below, "%s/%s", dir, d->d_name) < 0)
			below = NULL;
		if (below)
			loader_watch_dir(fd, below, level + 1);
	}
	if (stream)
		closedir(stream);
}

void loader_watch(const char *dir, int *out)
{
	*out = access(dir, X_OK) ? -1 : inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (*out >= 0)
		loader_watch_dir(*out, dir, 0);
}

int loader_open(int fd, struct blob **out)
{
	struct blob *b = calloc(1, sizeof(*b));
	struct stat st;

	if (!b)
		return -ENOMEM;
	atomic_init(&b->refs, 1);
	if (fstat(fd, &st) < 0) {
		free(b);
		return -errno;
	}
	b->size = (size_t)st.st_size;
	/* Nothing cannot be mapped, and an empty pack has nothing to be read. */
	b->map = b->size ? mmap(NULL, b->size, PROT_READ, MAP_SHARED, fd, 0) : NULL;
	if (b->map == MAP_FAILED) {
		free(b);
		return -ENOMEM;
	}
	*out = b;
	return 0;
}

int loader_each(struct blob *pack, loader_file each, void *ctx)
{
	const uint8_t *map = pack->map;
	uint64_t at = 0;

	while (at < pack->size) {
		struct loader_record rec;
		const char *path;
		int r;

		if (!range_inside(at, sizeof(rec), pack->size))
			return -EBADMSG;
		memcpy(&rec, map + at, sizeof(rec));
		at += sizeof(rec);
		path = (const char *)map + at;
		if (memcmp(rec.magic, LOADER_MAGIC, sizeof(rec.magic)) || !rec.path_len ||
		    rec.path_len > LOADER_PATH_MAX ||
		    !range_inside(at, loader_pad(rec.path_len), pack->size) || path[rec.path_len - 1])
			return -EBADMSG;
		at += loader_pad(rec.path_len);
		if (rec.size > LOADER_FILE_MAX || !range_inside(at, loader_pad(rec.size), pack->size))
			return -EBADMSG;
		r = each(ctx, path, at, rec.size,
			 (struct timespec){.tv_sec = rec.mtime, .tv_nsec = rec.mtime_nsec}, pack);
		if (r)
			return r;
		at += loader_pad(rec.size);
	}
	return 0;
}
