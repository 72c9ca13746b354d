/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_JOB_H
#define PXEFS_JOB_H

#include "base.h"

/* Our own processes from outside: how they are started, and what an indexer or a judge left. */

/* What argv[0] tells the program to be. */
#define JOB_SERVER "pxefs-server"
#define JOB_INDEXER "pxefs-indexer"
#define JOB_JUDGE "pxefs-judge"

/* The path of the program's own file, of the newer one when that was put in its place. Owned by the caller. 0 or
 * -errno. */
int job_program(char **path);

/* Starts the program as name with the arguments argv[1...] (NULL-terminated; argv[0] is ignored; NULL: none),
 * descriptors fds[0...] as 3, 4, ...; its stderr is err (or ours when -1), its stdin and stdout are /dev/null; signals
 * are unblocked; it is killed when its parent dies if die_with_parent. 0 or -errno; *pid is to be waited for. */
int job_start(const char *program, const char *name, char *const argv[], const int *fds, size_t fd_count, int err,
	      bool die_with_parent, pid_t *pid);

/* Starts an indexer on image; *out is a memfd for its result, owned by the caller. err as job_start(). 0 or -errno. */
int job_index(const char *program, int image, int err, int *out, pid_t *pid);

/* Judges a finished indexer by its wait(2) status: 0 and out is sealed; -ENODATA incomplete; -EBADMSG refused, or
 * it died. *why says why. */
int job_index_done(int out, int status, struct reason *why);

/* Starts a judge on image and its index, or one that says INITRD_CUT of everything (skip). *out as above. */
int job_judge(const char *program, int image, int index, bool skip, int err, int *out, pid_t *pid);

/* As job_index_done(); every failure is -EBADMSG. */
int job_judge_done(int out, int status, struct reason *why);

#endif
