/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "watch_private.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

bool watch_fs_local(int fd)
{
	static const uint32_t local[] = {
		EXT4_SUPER_MAGIC,  XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,     F2FS_SUPER_MAGIC,
		TMPFS_MAGIC,       RAMFS_MAGIC,     OVERLAYFS_SUPER_MAGIC, MSDOS_SUPER_MAGIC,
		ISOFS_SUPER_MAGIC, SQUASHFS_MAGIC,  REISERFS_SUPER_MAGIC,  NILFS_SUPER_MAGIC,
		0x2011bab0, /* exFAT */
		0x7366746e, /* ntfs3 */
		0x3153464a, /* JFS */
		0x2fc12fc1, /* ZFS */
		0xca451a4e, /* bcachefs */
		0x15013346, /* UDF */
		0xe0f5e1e2, /* EROFS */
	};
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(local); i++)
		if ((uint32_t)fs.f_type == local[i])
			return true;
	return false;
}

static bool times_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && timespec_cmp(a->st_mtim, b->st_mtim) == 0;
}

static void refuse(struct watch_file *f, const char *what, int error)
{
	f->kind = WATCH_REFUSED;
	if (error)
		reason_set(&f->why, 0, "%s: %s", what, strerror(error));
	else
		reason_set(&f->why, 0, "%s", what);
}

static void wait_for_writer(struct watch_file *f)
{
	f->kind = WATCH_INCOMPLETE;
	f->writing = true;
	reason_set(&f->why, 0, "another program has it open for writing");
}

static bool open_failed(struct watch_file *f, int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return false;
	case EWOULDBLOCK: /* somebody's write lease, such as a Samba client's; our open has recalled it */
		wait_for_writer(f);
		return true;
	case EMFILE:
	case ENFILE:
		f->starved = true;
		refuse(f, "no file descriptor is left to open it", error);
		return true;
	default:
		refuse(f, "it cannot be opened", error);
		return true;
	}
}

bool watch_file_look(struct watch_file *f, int root, const struct watch_found *found, uint64_t now,
		     uint64_t quiet)
{
	struct stat before = f->st;
	cleanup_fd int fd = -1;
	int error = EOPNOTSUPP;

	f->writing = f->starved = f->leased = false;
	f->why.text[0] = '\0';
	f->st = found->st;
	if (found->why.text[0]) {
		f->kind = WATCH_REFUSED;
		f->why = found->why;
		return true;
	}
	fd = openat(root, f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return open_failed(f, errno);

	/* Elsewhere a lease says nothing: NFS answers EAGAIN where it has no delegation, and other hosts
	 * write past a lease that FUSE grants. */
	if (watch_fs_local(fd)) {
		f->leased = fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
		error = f->leased ? 0 : errno;
	}
	/* After the lease: what is seen now stays. */
	if (fstat(fd, &f->st)) {
		refuse(f, "it cannot be looked at", errno);
	} else if (!S_ISREG(f->st.st_mode)) {
		refuse(f, "it is not a regular file", 0);
	} else if (error == EAGAIN) {
		wait_for_writer(f);
	} else {
		if (!times_same(&before, &f->st) || timespec_cmp(before.st_ctim, f->st.st_ctim) != 0 ||
		    before.st_dev != f->st.st_dev || before.st_ino != f->st.st_ino)
			f->since = now;
		if (!f->leased && now - f->since < quiet) {
			f->kind = WATCH_INCOMPLETE;
			reason_set(&f->why, 0, "waiting to see whether it still changes (no lease: %s)",
				   strerror(error));
		} else if (f->st.st_size == 0) {
			refuse(f, "it is empty", 0);
		} else {
			f->kind = WATCH_READY;
		}
	}
	if (f->kind == WATCH_READY) {
		f->fd = steal_fd(fd);
	} else if (f->leased) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		f->leased = false;
	}
	return true;
}

bool watch_file_holds(const struct watch_file *f)
{
	struct stat st;

	/* A lease that is being broken reads as what it will become. */
	if (f->leased && fcntl(f->fd, F_GETLEASE) != F_RDLCK)
		return false;
	return fstat(f->fd, &st) || times_same(&f->st, &st);
}

void watch_file_drop(struct watch_file *f)
{
	if (f->fd >= 0 && f->leased)
		fcntl(f->fd, F_SETLEASE, F_UNLCK);
	fd_close(&f->fd);
}
