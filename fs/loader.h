/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_LOADER_H
#define PXEFS_LOADER_H

#include "base.h"
#include "snapshot.h"

/* The loader directory (GRUB's core images, modules, fonts) as one block: read whole by the keeper, because
 * the server opens no files, and because a file changed in place must not change under an open id. */

/* Reads the regular files below dir (links followed inside it alone, 6 levels, names of [A-Za-z0-9._+-], at
 * most 64 MiB a file and 256 MiB in all; what does not fit is logged) into a sealed memfd. *fd is owned by the
 * caller. An absent directory is an empty pack. 0, -ENOMEM or -errno. */
int loader_pack(const char *dir, int *fd);

/* An inotify descriptor, owned by the caller, that becomes readable when anything below dir may have changed; -1
 * when the directory is absent or cannot be watched. */
void loader_watch(const char *dir, int *fd);

/* Maps a pack, whose content nothing has checked yet. The caller owns one reference. 0, -ENOMEM or -errno. fd is
 * borrowed. */
int loader_open(int fd, struct blob **out);

/* Calls each for every file, path below the loader directory; stops at what is not 0 and returns it. -EBADMSG for a
 * damaged pack, after the files before the damage. */
typedef int (*loader_file)(void *ctx, const char *path, size_t offset, size_t size, struct timespec mtime,
			   struct blob *pack);
int loader_each(struct blob *pack, loader_file each, void *ctx);

#endif
