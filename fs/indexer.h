/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INDEXER_H
#define PXEFS_INDEXER_H

#include "base.h"
#include "index.h"

/* The indexer: one image file in, one index out. All parsing of untrusted bytes happens here, in a
 * process of its own that can open nothing (sandbox.h). */

/* Exit status of the process. On INDEXER_INCOMPLETE and INDEXER_REFUSED the output holds the reason as
 * plain text instead of an index. */
enum indexer_exit { INDEXER_OK = 0, INDEXER_INCOMPLETE = 10, INDEXER_REFUSED = 11 };

/* Descriptors that the process is started with. */
enum indexer_fd { INDEXER_FD_IMAGE = 3, INDEXER_FD_OUT = 4 };

/* Parses the image fd into draft (initialised by the caller, freed by the caller). 0; -ENODATA not all
 * there yet; -EMEDIUMTYPE, -EBADMSG, -E2BIG and others as the format rooms say. Blocks on the disk. */
int indexer_build(int fd, struct index_draft *draft, struct reason *why);

/* The process: locks itself in, builds, writes. Returns an exit status. */
int indexer_main(void);

#endif
