/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_KEEPER_PRIVATE_H
#define PXEFS_KEEPER_PRIVATE_H

#include "keeper.h"
#include "mount.h"
#include "proto.h"
#include "state.h"
#include "watch.h"

enum keeper_state {
	KEEPER_QUEUED,   /* waits for an indexer */
	KEEPER_INDEXING, /* has one */
	KEEPER_PRESENT,
	KEEPER_OLD,      /* withdrawn, in its grace */
	KEEPER_NOTE,     /* not served */
	KEEPER_DROPPING, /* the server was told to let go, and has not said so yet */
};

/* A file of the watch folder, by the watch's serial. */
struct keeper_item {
	uint64_t serial;
	enum keeper_state state;
	char *path;
	int image;            /* the watch's descriptor, or -1; given back by watch_release() */
	int index;            /* sealed index, owned, or -1 */
	struct stat st;
	struct timespec when; /* newest time of its file; when withdrawn, of that */
	int64_t until;        /* CLOCK_MONOTONIC seconds: end of grace */
	bool changing;        /* somebody has opened it for writing */
	bool cached;          /* its index came from the state directory */
	pid_t job;
	int job_out;
	bool judged;          /* there is nothing left to judge, or it was tried in vain */
	bool judge_failed;    /* once */
	int verdict;          /* the judged index, sealed, owned, that a server has still to take; or -1 */
	uint32_t note;        /* enum menu_state */
	struct reason why;
};

/* A generated text that a server has retired, for the next one. */
struct keeper_text {
	char *path;
	int fd;
	uint64_t size;
	struct timespec when;
	int64_t until; /* CLOCK_MONOTONIC seconds */
};

/* The administrator's word on images, as it was when last read. */
struct keeper_conf {
	uint64_t serial; /* the watch's */
	enum watch_role role;
	char *path;
	int fd; /* sealed copy of its bytes */
	uint64_t size;
	struct timespec when;
};

/* The one judge. */
struct keeper_judge {
	pid_t pid; /* 0 for none */
	uint64_t serial;
	int out;
	bool stopped; /* by SIGSTOP, while an image waits for its indexer */
	bool late;    /* ended because it took too long */
	int64_t until; /* CLOCK_MONOTONIC milliseconds */
};

/* A message that came while another was being sent. */
struct keeper_pending {
	uint32_t type;
	uint64_t serial;
	struct reason text;
	bool from_next;
};

struct keeper_server {
	pid_t pid;
	int sock;
	bool ready, serving;
	int64_t started; /* CLOCK_MONOTONIC milliseconds */
};

struct keeper {
	const struct options *o;
	char *program;
	struct watch *watch;
	struct state *state;
	struct mount *mount;
	int slots, signals, log_in, log_out, loader, loader_events;
	struct keeper_server server, next;
	unsigned crashes;
	int64_t restart_at; /* CLOCK_MONOTONIC milliseconds, 0 for none */
	struct keeper_item *items;
	size_t item_count, item_room;
	unsigned jobs, jobs_max;
	struct keeper_judge judge;
	struct keeper_conf *confs;
	size_t conf_count, conf_room;
	struct keeper_text *texts;
	size_t text_count, text_room;
	struct keeper_pending *pending;
	size_t pending_count, pending_room;
	struct timespec changed;
	bool served, settled, folder_missing, stopping, unmounted, pruned;
	char log_line[4096];
	size_t log_len;
	struct proto_msg msg;
};

/* CLOCK_MONOTONIC milliseconds. */
int64_t keeper_ms(void);

/* --- keeper_talk.c: messages ------------------------------------------------------------------- */

/* Sends to the running server and to the one being prepared. Takes in what they say meanwhile, so that two full
 * sockets cannot wait for each other. A dead server is nobody: its successor is told everything. */
void keeper_say(struct keeper *k, const struct proto_head *head, const void *text, size_t len, int fd0, int fd1);

/* The same to one. */
void keeper_say_to(struct keeper *k, struct keeper_server *sv, const struct proto_head *head,
		   const void *text, size_t len, int fd0, int fd1);

/* One order without more than a number and a descriptor (borrowed, or -1); sv NULL: to all. */
void keeper_order(struct keeper *k, struct keeper_server *sv, enum proto_type type, uint32_t code, int fd);

/* Takes one message of a server, if there is one, and keeps it in pending; a retired text goes to keeper_text_add() at
 * once, if the running server sent it. 0, -EAGAIN, -EPIPE, or -errno. */
int keeper_hear(struct keeper *k, struct keeper_server *sv);

/* Passes on what children have printed. Blocks when there is nothing. */
void keeper_log(struct keeper *k);

/* --- keeper_items.c: the files ---------------------------------------------------------------- */

/* The watch's callback; ctx is the keeper. */
void keeper_event(void *ctx, const struct watch_event *event);

/* Something in the tree changes: folders get this time, or a later one than ever before. */
void keeper_touch(struct keeper *k, struct timespec when);

/* Starts indexers as far as there is room for them. */
void keeper_start_jobs(struct keeper *k);

/* True when pid was an indexer; takes in its result. */
bool keeper_job_ended(struct keeper *k, pid_t pid, int status);

/* Whether any file still waits for its first verdict. */
bool keeper_busy(const struct keeper *k);

/* The file of that serial; NULL when there is none. */
struct keeper_item *keeper_item(struct keeper *k, uint64_t serial);

/* The server has let go of an image. */
void keeper_released(struct keeper *k, uint64_t serial);
/* There is no server any more that could hold one. */
void keeper_released_all(struct keeper *k);

/* The server did not accept an index. */
void keeper_bad(struct keeper *k, uint64_t serial, const char *why);

/* Drops what has outlived its grace; seconds until the next such moment, or -1. */
int keeper_grace(struct keeper *k);

/* Tells a new server of every file, in the order in which they came. */
void keeper_tell_items(struct keeper *k, struct keeper_server *sv);

/* Closes and frees all files; what the watch lent is the watch's. */
void keeper_items_free(struct keeper *k);

/* --- keeper_conf.c: the administrator's word ------------------------------------------------------ */

/* An event whose role is not WATCH_ISO. Copies the file, up to a byte more than conf.h allows, and passes its bytes on
 * unread. */
void keeper_conf_event(struct keeper *k, const struct watch_event *event);

/* Tells a new server of every such file. */
void keeper_tell_confs(struct keeper *k, struct keeper_server *sv);

/* Closes and frees all of them. */
void keeper_confs_free(struct keeper *k);

/* --- keeper_judge.c: what the initrds can do ------------------------------------------------------ */

/* Starts the judge on an image that is served and not yet judged, if nothing more urgent is to be done; holds it up
 * while there is; ends it when it takes too long. To be called now and then, and after any change. */
void keeper_judge(struct keeper *k);

/* Milliseconds until keeper_judge() has to be called, or -1. */
int64_t keeper_judge_wait(const struct keeper *k);

/* True when pid was the judge; takes in its result and passes it on. */
bool keeper_judge_ended(struct keeper *k, pid_t pid, int status);

/* The image of that serial is withdrawn or gone: nobody wants to know any more. */
void keeper_judge_stop(struct keeper *k, uint64_t serial);

/* Tells of a verdict that no server has taken yet; sv NULL: to all. */
void keeper_tell_verdict(struct keeper *k, struct keeper_server *sv, const struct keeper_item *it);

/* A server has taken it, or has not (why is a sentence then, else NULL). */
void keeper_verdict(struct keeper *k, uint64_t serial, const char *why);

/* --- keeper_texts.c: retired texts -------------------------------------------------------------- */

/* Keeps the text of a PROTO_RETIRED message; takes over its descriptor. */
void keeper_text_add(struct keeper *k, struct proto_msg *m);

/* Tells a new server of those whose time is not up. */
void keeper_tell_texts(struct keeper *k, struct keeper_server *sv);

/* Lets go of those whose time is up, and of the oldest where there are too many; to be called now and then. */
void keeper_texts_end(struct keeper *k);

/* Closes and frees all of them. */
void keeper_texts_free(struct keeper *k);

#endif
