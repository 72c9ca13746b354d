/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "watch_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/inotify.h>

#include "conf.h"

/* ISOs that lie too deep are to be named, so the walk goes further than it serves. */
#define LEVELS_SEEN 16

/* Links between folders can make a small tree look endless. */
#define FOLDERS_MOST 4096

/* One mask for all, since a second watch on an inode replaces the first one's. No IN_MODIFY: a file
 * that is being written is waited for, and one that is served has a lease. */
#define EVENTS \
	(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | \
	 IN_MOVE_SELF)

#define FD_PATH "/proc/self/fd/%d"

/* The folders above the one being walked: a link may lead back to one of them. */
struct ancestor {
	const struct ancestor *up;
	dev_t dev;
	ino_t ino;
};

static bool name_ignored(const char *name)
{
	static const char *const unfinished[] = {
		".part",  ".partial", ".crdownload", ".download",   ".tmp",
		".aria2", ".!qB",     ".filepart",   ".opdownload",
	};

	if (name[0] == '.')
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(unfinished); i++)
		if (text_ends(name, unfinished[i]))
			return true;
	return false;
}

enum watch_role watch_role(const char *path)
{
	const char *name = path_base(path);

	if (text_ends(name, ".iso"))
		return WATCH_ISO;
	if (text_ends(name, ".conf"))
		return WATCH_CONF;
	return conf_answer_stem(name) ? WATCH_ANSWER : WATCH_OTHER;
}

/* True for errors that say something lasting about a path, and nothing about the machine. */
static bool error_is_answer(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES || error == EPERM || error == ELOOP ||
	       error == ENAMETOOLONG;
}

static int watch_add(struct watch_scan *scan, const char *path)
{
	int wd;

	if (scan->inotify < 0) {
		scan->blind = true;
		return 0;
	}
	wd = inotify_add_watch(scan->inotify, path, EVENTS);
	if (wd < 0) {
		if (errno == ENOSPC)
			scan->full = true;
		scan->blind = true;
		return -errno;
	}
	if (array_grow(&scan->wds, &scan->wd_room, scan->wd_count, sizeof(*scan->wds))) {
		scan->blind = true;
		return -ENOMEM;
	}
	scan->wds[scan->wd_count++] = wd;
	return 0;
}

/* Watches the nearest folder above path that exists. */
static void watch_add_above(struct watch_scan *scan, const char *path)
{
	cleanup_free char *above = strdup(path);

	scan->blind = true;
	while (above && *above) {
		char *end = above + strlen(above);

		while (end > above && end[-1] == '/')
			*--end = '\0';
		while (end > above && end[-1] != '/')
			*--end = '\0';
		if (watch_add(scan, *above ? above : ".") != -ENOENT)
			return;
		if (strcmp(above, "/") == 0)
			return;
	}
}

/* A link that leads nowhere: its target may come, so the place where it would be is watched. */
static void watch_add_target(struct watch_scan *scan, int dir, const char *name)
{
	char text[PATH_MAX], path[PATH_MAX + 64];
	ssize_t len = readlinkat(dir, name, text, sizeof(text) - 1);

	if (len <= 0)
		return;
	text[len] = '\0';
	if (text[0] == '/')
		snprintf(path, sizeof(path), "%s", text);
	else
		snprintf(path, sizeof(path), FD_PATH "/%s", dir, text);
	watch_add_above(scan, path);
}

static int found_add(struct watch_scan *scan, const char *folder, const char *name, struct watch_found **out)
{
	struct watch_found *f;
	char *path;

	if (array_grow(&scan->found, &scan->room, scan->count, sizeof(*scan->found)))
		return -ENOMEM;
	if (asprintf(&path, "%s%s%s", folder, *folder && *name ? "/" : "", name) < 0)
		return -ENOMEM;
	f = &scan->found[scan->count++];
	memset(f, 0, sizeof(*f));
	f->path = path;
	*out = f;
	return 0;
}

static int folder_add(struct watch_scan *scan, const char *path, const struct stat *st)
{
	char *copy;

	if (array_grow(&scan->folders, &scan->folder_room, scan->folder_count, sizeof(*scan->folders)))
		return -ENOMEM;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	scan->folders[scan->folder_count++] =
		(struct watch_folder){ .path = copy, .dev = st->st_dev, .ino = st->st_ino };
	return 0;
}

/* A folder is no ISO, but silence about the ISOs in it would be worse. */
static int take_unreadable(struct watch_scan *scan, const char *folder, const char *name, int error)
{
	struct watch_found *f;
	int err = found_add(scan, folder, name, &f);

	if (!err)
		reason_set(&f->why, 0, "the folder cannot be read: %s", strerror(error));
	return err;
}

static int walk(struct watch_scan *scan, int fd, const char *path, unsigned level, const struct ancestor *up);

static int take_folder(struct watch_scan *scan, int dir, const char *folder, const char *name, unsigned level,
		       const struct ancestor *here)
{
	cleanup_free char *path = NULL;
	int fd, error;

	if (level >= LEVELS_SEEN)
		return 0;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		if (asprintf(&path, "%s%s%s", folder, *folder ? "/" : "", name) < 0) {
			path = NULL;
			close(fd);
			return -ENOMEM;
		}
		return walk(scan, fd, path, level + 1, here);
	}
	error = errno;
	if (error == EMFILE || error == ENFILE || error == ENOMEM)
		return -error;
	if (error == ENOENT || error == ENOTDIR)
		return 0;
	return take_unreadable(scan, folder, name, error);
}

static int take_file(struct watch_scan *scan, const char *folder, const char *name, unsigned level, bool link,
		     const struct stat *st, int error)
{
	struct watch_found *f;
	int err;

	if (error == ENOENT && !link)
		return 0;
	if (watch_role(name) != WATCH_ISO && (level > WATCH_LEVELS || error || !S_ISREG(st->st_mode)))
		return 0;
	err = found_add(scan, folder, name, &f);
	if (err)
		return err;
	if (!error)
		f->st = *st;
	f->unsure = error && !error_is_answer(error);
	if (level > WATCH_LEVELS)
		reason_set(&f->why, 0, "it lies more than %d folders deep", WATCH_LEVELS);
	else if (error == ENOENT)
		reason_set(&f->why, 0, "it is a link to a file that is not there");
	else if (error)
		reason_set(&f->why, 0, "it cannot be looked at: %s", strerror(error));
	else if (!S_ISREG(st->st_mode))
		reason_set(&f->why, 0, "it is not a regular file");
	return 0;
}

static int take(struct watch_scan *scan, int dir, const struct dirent *entry, const char *folder,
		unsigned level, const struct ancestor *here)
{
	const char *name = entry->d_name;
	bool wanted = watch_role(name) != WATCH_OTHER, link = entry->d_type == DT_LNK;
	struct stat st;
	int error = 0;

	if (name_ignored(name))
		return 0;
	if (!wanted && entry->d_type != DT_DIR && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
		return 0;
	if (entry->d_type == DT_UNKNOWN)
		link = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
	if (fstatat(dir, name, &st, 0))
		error = errno;
	if (link) {
		/* The way to a target leads through folders that nobody watches. */
		scan->blind = true;
		if (error == ENOENT) {
			watch_add_target(scan, dir, name);
		} else if (!error && S_ISREG(st.st_mode) && wanted) {
			char path[NAME_MAX + 64];

			snprintf(path, sizeof(path), FD_PATH "/%s", dir, name);
			watch_add(scan, path);
		}
	}
	if (!error && S_ISDIR(st.st_mode)) {
		/* Only to name what lies too deep nobody is led out of the folder, to who knows where. */
		if (link && level >= WATCH_LEVELS)
			return 0;
		return take_folder(scan, dir, folder, name, level, here);
	}
	return wanted ? take_file(scan, folder, name, level, link, &st, error) : 0;
}

/* Takes fd over. The watch is there before the first name is read, so that nothing falls between. */
static int walk(struct watch_scan *scan, int fd, const char *path, unsigned level, const struct ancestor *up)
{
	char watched[64];
	struct ancestor here = { .up = up };
	struct dirent *entry;
	struct stat st;
	DIR *dir;
	int err = 0;

	dir = fdopendir(fd);
	if (!dir) {
		err = -errno;
		close(fd);
		return err;
	}
	if (fstat(fd, &st)) {
		err = -errno;
		goto out;
	}
	here.dev = st.st_dev;
	here.ino = st.st_ino;
	for (const struct ancestor *a = up; a; a = a->up)
		if (a->dev == here.dev && a->ino == here.ino)
			goto out;
	if (scan->folder_count >= FOLDERS_MOST) {
		scan->crowded = true;
		goto out;
	}
	err = folder_add(scan, path, &st);
	if (err)
		goto out;
	snprintf(watched, sizeof(watched), FD_PATH, fd);
	watch_add(scan, watched);
	if (!watch_fs_local(fd))
		scan->blind = true;
	if (timespec_cmp(scan->changed, st.st_mtim) < 0)
		scan->changed = st.st_mtim;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		err = take(scan, fd, entry, path, level, &here);
		if (err)
			goto out;
	}
	/* Half a listing of the watch folder itself must not pass for the whole. */
	if (errno)
		err = level == 0 ? -errno : take_unreadable(scan, path, "", errno);
out:
	closedir(dir);
	return err;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct watch_found *)a)->path, ((const struct watch_found *)b)->path);
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

/* A folder that changes while it is read may name a file twice. */
static void scan_sort(struct watch_scan *scan)
{
	size_t n = 0;

	if (scan->count)
		qsort(scan->found, scan->count, sizeof(*scan->found), by_path);
	for (size_t i = 0; i < scan->count; i++) {
		if (n && strcmp(scan->found[n - 1].path, scan->found[i].path) == 0)
			free(scan->found[i].path);
		else
			scan->found[n++] = scan->found[i];
	}
	scan->count = n;

	n = 0;
	if (scan->wd_count)
		qsort(scan->wds, scan->wd_count, sizeof(*scan->wds), by_number);
	for (size_t i = 0; i < scan->wd_count; i++)
		if (!n || scan->wds[n - 1] != scan->wds[i])
			scan->wds[n++] = scan->wds[i];
	scan->wd_count = n;
}

int watch_scan_take(const char *folder, int inotify, struct watch_scan *scan)
{
	int fd, err;

	*scan = (struct watch_scan){ .root = -1, .inotify = inotify };
	scan->root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (scan->root < 0 && error_is_answer(errno)) {
		/* It may have come between the look and the watch. */
		watch_add_above(scan, folder);
		scan->root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	}
	if (scan->root < 0) {
		err = -errno;
		scan->absent = error_is_answer(errno);
		scan_sort(scan);
		return err;
	}
	/* Not a copy of root, whose place in the directory the copy would share. */
	fd = openat(scan->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = fd < 0 ? -errno : walk(scan, fd, "", 0, NULL);
	scan_sort(scan);
	return err;
}

void watch_folders_free(struct watch_folder *folders, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(folders[i].path);
	free(folders);
}

void watch_scan_free(struct watch_scan *scan)
{
	fd_close(&scan->root);
	for (size_t i = 0; i < scan->count; i++)
		free(scan->found[i].path);
	free(scan->found);
	watch_folders_free(scan->folders, scan->folder_count);
	free(scan->wds);
	*scan = (struct watch_scan){ .root = -1, .inotify = -1 };
}

bool watch_scan_same(const char *folder, const struct watch_folder *folders, size_t count)
{
	cleanup_fd int root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (root < 0)
		return count == 0;
	if (count == 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (*folders[i].path ? fstatat(root, folders[i].path, &st, 0) : fstat(root, &st))
			return false;
		if (st.st_dev != folders[i].dev || st.st_ino != folders[i].ino)
			return false;
	}
	return true;
}
