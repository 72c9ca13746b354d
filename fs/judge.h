/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_JUDGE_H
#define PXEFS_JUDGE_H

#include "base.h"
#include "index.h"

/* The judge: an image and its index in, the same index with what its initrds can do out. It comes after the image
 * is served, because unpacking initrds takes seconds; like the indexer it is a process of its own that
 * can open nothing (sandbox.h), and behind all others for processor and disk. */

/* Descriptors that the process is started with; its exit status is one of enum indexer_exit. */
enum judge_fd { JUDGE_FD_IMAGE = 3, JUDGE_FD_OUT = 4, JUDGE_FD_INDEX = 5 };

/* Judges each initrd that an entry of x boots with, once however often it is listed, in the image of size bytes that is
 * mapped at map; can has a number for each of x's files, all 0. Initrds that are left when much processor time is
 * gone get INITRD_CUT. Pure computation, seconds to minutes. */
void judge_index(const struct index *x, const void *map, uint64_t size, uint64_t *can);

/* The same without a look: INITRD_CUT for each, for an image that a judge did not survive. */
void judge_skip(const struct index *x, uint64_t *can);

/* The process: locks itself in, judges, writes. argv[1] is JUDGE_SKIP for judge_skip(). Returns an exit status. */
int judge_main(int argc, char *const argv[]);

#define JUDGE_SKIP "skip"

#endif
