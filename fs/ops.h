/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_OPS_H
#define PXEFS_OPS_H

#include "catalog.h"
#include "session.h"

/* One FUSE request in, one reply out. Every op takes the current snapshot, asks tree.h, replies exactly once
 * and lets go. Nothing is remembered between requests: OPEN keeps no state and FORGET does nothing, so a
 * new server goes on where the old one ended. */

struct ops_context {
	struct catalog *catalog;
	double timeout; /* seconds that the kernel may cache what never changes */
};

extern const struct fuse_lowlevel_ops ops_table;

/* Tells the kernel of a commit's changes. The control thread alone, holding nothing: the kernel may be in the
 * middle of a request on the same directory (libfuse's doc/README.notifications). */
void ops_notify(struct session *s, const struct catalog_changes *changes);

#endif
