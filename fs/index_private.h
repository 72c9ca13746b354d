/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INDEX_PRIVATE_H
#define PXEFS_INDEX_PRIVATE_H

#include "index.h"

/* Between the files of index_check(); nobody else's. */

/* -EBADMSG with that reason. */
int index_bad(struct reason *why, const char *what);

/* One component of a path that can stand in a directory. */
bool index_name_ok(const char *name);

/* The part of index_check() that is for archives; all other sections have passed theirs. 0, or -EBADMSG with a
 * reason. */
int index_check_archives(const struct index *x, struct reason *why);

#endif
