/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_STATE_H
#define PXEFS_STATE_H

#include <sys/stat.h>

#include "base.h"

/* The state directory of one watch folder: indexes, which are disposable, and "names", which records the
 * suffixes of names and the counters of volume ids and is not. Every error here costs time, not service. */

struct state;

/* Opens DIR/<digest of the watch folder's path>, made if absent. dir may be "" : then *out is NULL, which all
 * other calls take. 0, or -errno when it cannot be used (the caller logs and goes on without). */
int state_open(const char *dir, const char *watch, struct state **out);

/* Closes it; NULL is nothing. */
void state_close(struct state *s);

/* The file "names", made if absent, opened for reading and appending, owned by the caller. -ENOENT without state, or
 * -errno. */
int state_names(struct state *s, int *fd);

/* The index that this very program made of a file with these attributes, as a sealed memfd owned by the caller.
 * -ENOENT when there is none, or -errno. */
int state_load(struct state *s, const struct stat *st, int *fd);

/* Keeps a sealed index, replacing it whole or not at all; a failure is logged. */
void state_save(struct state *s, const struct stat *st, int fd);

/* Forgets one (it did not pass the server's check). */
void state_forget(struct state *s, const struct stat *st);

/* Removes indexes of files other than those st[0...count-1]. */
void state_prune(struct state *s, const struct stat *st, size_t count);

#endif
