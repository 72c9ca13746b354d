/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SANDBOX_H
#define PXEFS_SANDBOX_H

#include "base.h"

/* How the server, the indexers and the judge give up what they do not need: user, privileges, limits, system
 * calls (libseccomp; a call that is not on the list fails with EPERM). All are for the calling process
 * for ever. "Own user" is left out where root has no capability to change it (mount.fuse3's drop_privileges). A
 * signal goes to the process itself alone. 0 or -errno. */

/* An indexer: own user if root, no new privileges, no descriptor above INDEXER_FD_OUT, no core, limited
 * processor time, output and memory beside the map of image_fd; then only reading what is open, memory,
 * and leaving. It cannot open a file, a socket or a process. */
int sandbox_indexer(int image_fd);

/* A judge: the same, with one descriptor more (judge.h) and less memory. */
int sandbox_judge(int image_fd);

/* The server, before its threads start: own user if root (the user pxefs where there is one, else nobody),
 * no capabilities, no new privileges, not dumpable; then only reading, replying, messages on the descriptors
 * that it has or is given, memory and threads. */
int sandbox_server(void);

#endif
