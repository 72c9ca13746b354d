/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_KEEPER_H
#define PXEFS_KEEPER_H

#include "options.h"

/* The keeper: owns the mount and /dev/fuse, watches the folder and opens its files, passes descriptors,
 * starts and restarts the server and the indexers, unmounts. One thread; parses nothing. */

/* Mounts o->watch on o->mount and runs until it is unmounted or told to stop (SIGTERM, SIGINT). SIGHUP puts a
 * new server, of the program as it is on disk now, in the place of the running one. serving is called once,
 * when the mount answers. Returns 0 after a regular end; otherwise -errno with a sentence in *why. */
int keeper_run(const struct options *o, void (*serving)(void *ctx), void *ctx, struct reason *why);

#endif
