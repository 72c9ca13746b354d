/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INSPECT_H
#define PXEFS_INSPECT_H

#include "options.h"

/* --list, --dump, --explain: the same images, catalog and tree as under a mount, printed. No mount, no root. */

/* Prints to stdout and returns an exit status: 0; 1 when the folder or the file cannot be read or, for
 * --explain, is not an ISO. Blocks while images are indexed. */
int inspect_run(const struct options *o);

#endif
