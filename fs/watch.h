/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_WATCH_H
#define PXEFS_WATCH_H

#include <sys/stat.h>

#include "base.h"

/* The watch folder as a set of files, each with a state, kept true by inotify (and by polling where no
 * events come). Any event, an overflowing queue included, leads to the same thing: the folder is
 * scanned again and the difference reported; start-up is the first scan. Single-threaded: the
 * owner polls watch_fd() and calls watch_run(). Opens files read-only and holds a read lease
 * (fcntl(2) F_SETLEASE) on each complete one, so that a writer is announced before a byte changes.
 * Where there are no leases (somebody else's file without CAP_LEASE, a network file system), a file is
 * complete when its size, mtime and ctime have stayed for poll_seconds, and a change is announced when it
 * is seen. No byte of a file is read here: whether it is an ISO, and whole, is for the indexer to say.
 *
 * A serial is one life of a path: WATCH_INCOMPLETE, WATCH_REFUSED and WATCH_READY in any order, ended by one
 * WATCH_GONE or WATCH_CHANGING. A change of name is WATCH_GONE and a new serial; a change of mode or of the
 * number of links is nothing, while there is a lease. One watch per process, since leases have one signal;
 * watch_run() only after the last fork() of daemonizing, since the signal goes to who took the lease.
 *
 * Four folder levels; ISOs below (to level 16, through no link) are reported as too deep. Names that begin
 * with '.', and names ending in .part .partial .crdownload .download .tmp .aria2 .!qB .filepart
 * .opdownload, are ignored; only names that have a watch_role() are looked at. Links to files and
 * folders are followed (a folder that is its own ancestor is not); a link's target is watched too. A folder
 * that cannot be read is reported WATCH_REFUSED under its own path, without ".iso". At most 4096 folders are
 * looked at. */

#define WATCH_LEVELS 4

enum watch_kind {
	WATCH_READY,      /* there, nobody writes it: fd is open, lease held where the file system has them */
	WATCH_INCOMPLETE, /* being written: not an error, looked at again by itself */
	WATCH_REFUSED,    /* unreadable, not a regular file, empty, too deep: reason says why */
	WATCH_CHANGING,   /* was WATCH_READY and somebody has opened it for writing: stop reading it, then
	                   * call watch_release(); the writer is held back until then (45 s at most). The last
	                   * word on its serial: no WATCH_GONE follows, the path starts anew. Comes also for a
	                   * WATCH_GONE one that is not released yet, which can be written elsewhere */
	WATCH_GONE,       /* removed, renamed away, or replaced by another file (whose first event follows);
	                   * if it was WATCH_READY its bytes stay readable until watch_release() */
};

/* What a file is for, by its name: NAME.iso, NAME.conf, NAME.answer or NAME.answer.EXT, in any case. The last two are
 * the administrator's word and live like ISOs, lease and all; but such a name that is too deep, leads nowhere or is no
 * regular file is passed over, as it is nothing that a menu lacks. */
enum watch_role { WATCH_OTHER, WATCH_ISO, WATCH_CONF, WATCH_ANSWER };
enum watch_role watch_role(const char *path);

struct watch_event {
	enum watch_kind kind;
	enum watch_role role; /* a folder that cannot be read is WATCH_ISO: what is missed is its ISOs */
	uint64_t serial;     /* the file's: unique for ever in this process, a new one for each new content */
	const char *path;    /* below the watch folder; borrowed until the callback returns */
	int fd;              /* WATCH_READY: borrowed, valid until watch_release(serial); else -1 */
	struct stat st;      /* WATCH_READY: fstat of fd */
	const char *reason;  /* a sentence, or "" */
};

typedef void (*watch_each)(void *ctx, const struct watch_event *event);

struct watch;

/* Starts watching folder, which need not exist yet. poll_seconds: how often to scan again where no event
 * comes (network file systems, links, a folder that is absent or mounted over, files without leases;
 * 0 = the default of 2). No scan yet. Without inotify (its limits) it polls and logs that. 0, or -errno
 * (-ENOMEM, -EMFILE). */
int watch_open(const char *folder, unsigned poll_seconds, struct watch **out);

/* Gives up everything, descriptors that were not released too. w may be NULL. */
void watch_close(struct watch *w);

/* A descriptor to poll for reading, the watch's for ever. It is readable when a time has come, too, so that
 * who polls it may ignore watch_timeout(). */
int watch_fd(const struct watch *w);

/* Milliseconds until watch_run() wants to be called without an event. */
int watch_timeout(const struct watch *w);

/* Takes in all pending events, scans if anything may have changed or a time has come, and reports each
 * difference through each: WATCH_CHANGING first, the rest in the order of names, WATCH_GONE before what
 * replaced it. In a storm of events a scan may be put off by up to 0.3 s. Does not block but on the
 * folder's own file system. each may call watch_release() and watch_rescan(). 0, or -errno when the
 * scan failed as a whole: the folder absent or unreadable (-ENOENT, -ENOTDIR, -EACCES, ...), then every file
 * is WATCH_GONE; otherwise (-EMFILE, -ENOMEM, -EIO, ...) every file stays as it was. Called again it looks
 * again. */
int watch_run(struct watch *w, watch_each each, void *ctx);

/* Forces a full scan at the next watch_run(). */
void watch_rescan(struct watch *w);

/* Gives up a file that was WATCH_READY and is now WATCH_GONE or WATCH_CHANGING: ends its lease, even where
 * another process has a copy of fd, and closes fd. Any other serial is ignored. */
void watch_release(struct watch *w, uint64_t serial);

/* The leases' signal (watch_open() blocks it in the calling thread and takes it through watch_fd()); others
 * must not use it, other threads must block it, and children that are executed inherit it blocked. */
int watch_signal(void);

/* True once a scan of an existing folder has been reported. */
bool watch_settled(const struct watch *w);

/* Latest change time (st_mtim) of the folder and its sub-folders seen so far. */
struct timespec watch_changed(const struct watch *w);

#endif
