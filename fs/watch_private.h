/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_WATCH_PRIVATE_H
#define PXEFS_WATCH_PRIVATE_H

#include "watch.h"

/* Shared by watch.c (descriptors and time), watch_scan.c (the walk), watch_file.c (one file: open,
 * lease) and watch_merge.c (the difference); for nobody else. */

/* What the walk found under one path. why is filled where the file cannot be served as it is; then
 * st may be all zero. */
struct watch_found {
	char *path;
	struct stat st;
	bool unsure; /* looking at it failed for a reason that may pass (EIO, ESTALE, ...) */
	struct reason why;
};

/* A folder that the walk has been in, to see later whether the path still leads there. */
struct watch_folder {
	char *path; /* below the watch folder; "" is the watch folder */
	dev_t dev;
	ino_t ino;
};

struct watch_scan {
	int root;    /* the watch folder, open for as long as the scan is; -1 when absent */
	int inotify; /* borrowed; -1 when there is none */
	struct watch_found *found; /* by path, each path once */
	size_t count, room;
	struct watch_folder *folders;
	size_t folder_count, folder_room;
	int *wds; /* watch descriptors in use, ascending, each once */
	size_t wd_count, wd_room;
	struct timespec changed; /* latest st_mtim of a folder */
	bool blind;   /* changes may come without an event: other hosts' file systems, links, no watch */
	bool absent;  /* there is no such folder for us, and its nearest existing parent is watched */
	bool full;    /* the limit of inotify watches is reached */
	bool crowded; /* more folders than are looked at */
};

/* Walks the folder and watches, through inotify, what it walks. 0, or -errno with *scan to be freed
 * all the same; unless it is absent nothing is known then. */
int watch_scan_take(const char *folder, int inotify, struct watch_scan *scan);
void watch_scan_free(struct watch_scan *scan);

/* True when each path still leads to the folder that was walked under it. */
bool watch_scan_same(const char *folder, const struct watch_folder *folders, size_t count);
void watch_folders_free(struct watch_folder *folders, size_t count);

/* One path's life from its first sight to WATCH_GONE or WATCH_CHANGING. */
struct watch_file {
	uint64_t serial;
	char *path;
	enum watch_kind kind;
	int fd;         /* open from WATCH_READY to watch_release(), else -1 */
	bool leased;    /* fd holds, or held, a lease */
	bool told;      /* kind and why have been reported */
	bool writing;   /* WATCH_INCOMPLETE because somebody has it open for writing */
	bool starved;   /* WATCH_REFUSED because this process has no descriptor left */
	struct stat st; /* of fd, or as last seen */
	uint64_t since; /* without a lease: since when st has been as it is (monotonic ns) */
	struct reason why;
};

/* True where only this kernel changes files, so that events and leases tell all. Unknown file
 * systems count as shared: that costs polling, the other mistake would serve changing bytes. */
bool watch_fs_local(int fd);

/* Opens the file and decides among WATCH_READY, WATCH_INCOMPLETE and WATCH_REFUSED; reads none of its data.
 * Without leases the file is ready when it has not changed for quiet ns. False when it has vanished. */
bool watch_file_look(struct watch_file *f, int root, const struct watch_found *found, uint64_t now,
		     uint64_t quiet);

/* True while a file that was WATCH_READY is certain not to have been, or to be about to be, written. */
bool watch_file_holds(const struct watch_file *f);

/* Gives up lease and descriptor. The lease goes by name: it belongs to the open file, of which
 * another process may have a copy, so closing would not end it. */
void watch_file_drop(struct watch_file *f);

struct watch {
	char *folder;
	uint64_t poll; /* all times in ns of the monotonic clock */
	int epoll, inotify, signals, timer;
	bool unblock; /* watch_close() lets the signal through again */

	struct watch_file *files; /* by path */
	size_t count;
	struct watch_file *retired; /* reported WATCH_GONE or WATCH_CHANGING, fd not released yet */
	size_t retired_count, retired_room;
	uint64_t serial; /* last one given */

	struct watch_event *events; /* of this run; paths and reasons borrowed from files and retired */
	size_t event_count, event_room;
	bool reporting;

	struct watch_folder *folders;
	size_t folder_count;
	int *wds;
	size_t wd_count;
	struct timespec changed;

	bool dirty;           /* a scan is wanted at scan_at */
	uint64_t scan_at, quiet_until, tick_at;
	bool waiting;         /* a file is being written: a scan is wanted at retry_at */
	uint64_t retry_at, retry;
	bool polling;         /* every tick is a scan */
	bool settled;
	int error;            /* of the last scan */
	bool warned_full, warned_starved, warned_crowded;
};

/* Reports WATCH_CHANGING for each file in readers' hands that does not hold any more. True in *any when
 * there is one. 0 or -ENOMEM with nothing changed. */
int watch_merge_leases(struct watch *w, bool *any);

/* Makes the scan's files the watch's own and queues an event for each difference. All or nothing:
 * 0 or -ENOMEM. */
int watch_merge(struct watch *w, struct watch_scan *scan, uint64_t now);

/* Forgets retired files that have been released. */
void watch_merge_sweep(struct watch *w);

#endif
