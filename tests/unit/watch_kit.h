/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_WATCH_KIT_H
#define PXEFS_WATCH_KIT_H

#include "watch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tap.h"

/* Real files, a real clock, and never a sleep: each step waits for the event it is about, or for
 * that of a file made after the one that must stay silent. */

#define PATIENCE 20000 /* ms; for a machine that does something else meanwhile */
#define SEEN_MOST 4096

/* Seconds, longer than patience: what is seen then has been seen by an event. */
#define NO_POLL 600

struct seen {
	enum watch_kind kind;
	enum watch_role role;
	uint64_t serial;
	int fd;
	char path[512];
	char reason[160];
	struct stat st;
};

static const char *const kinds[] = { "READY", "INCOMPLETE", "REFUSED", "CHANGING", "GONE" };

static char top[256], folder[300];
static struct watch *w;
static struct seen seen[SEEN_MOST];
static size_t seen_count, looked_at;
static int last_error;
static bool releasing; /* release in the callback, as a simple owner does */

static inline void each(void *ctx, const struct watch_event *e)
{
	struct seen *s = &seen[seen_count];

	(void)ctx;
	if (seen_count == SEEN_MOST)
		return;
	seen_count++;
	*s = (struct seen){ .kind = e->kind, .role = e->role, .serial = e->serial, .fd = e->fd, .st = e->st };
	snprintf(s->path, sizeof(s->path), "%s", e->path);
	snprintf(s->reason, sizeof(s->reason), "%s", e->reason);
	if (releasing && (e->kind == WATCH_GONE || e->kind == WATCH_CHANGING))
		watch_release(w, e->serial);
}

static inline int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits for the watch's descriptor and lets it run; false when patience is at its end. */
static inline bool turn(int64_t until)
{
	struct pollfd p = { .fd = watch_fd(w), .events = POLLIN };
	int64_t left = until - now_ms();

	if (left <= 0)
		return false;
	if (poll(&p, 1, (int)left) == 1)
		last_error = watch_run(w, each, NULL);
	return true;
}

/* The next event in question, among those not yet looked at; others are passed over. */
static inline struct seen *wait_for(enum watch_kind kind, const char *path)
{
	int64_t until = now_ms() + PATIENCE;

	do {
		for (; looked_at < seen_count; looked_at++)
			if (seen[looked_at].kind == kind && strcmp(seen[looked_at].path, path) == 0)
				return &seen[looked_at++];
	} while (turn(until));
	return NULL;
}

static inline struct seen *want(int line, enum watch_kind kind, const char *path)
{
	size_t from = looked_at;
	struct seen *s = wait_for(kind, path);

	if (!tap_ok(s != NULL, "line %d: \"%s\" is %s", line, path, kinds[kind]))
		for (; from < seen_count; from++)
			printf("# seen: %s \"%s\" %s\n", kinds[seen[from].kind], seen[from].path,
			       seen[from].reason);
	return s ? s : &seen[SEEN_MOST - 1];
}

#define want(kind, path) want(__LINE__, kind, path)

/* How often an event has been seen since from. */
static inline size_t events(size_t from, enum watch_kind kind, const char *path)
{
	size_t n = 0;

	for (size_t i = from; i < seen_count; i++)
		n += seen[i].kind == kind && strcmp(seen[i].path, path) == 0;
	return n;
}

static inline const char *in(const char *name)
{
	static char path[8][600];
	static unsigned turns;
	char *p = path[turns++ % 8];

	snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

static inline void fill(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write_full(fd, text, strlen(text)))
		tap_ok(false, "cannot write \"%s\": %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* Everything that has happened so far has been reported when this returns. */
static inline void quiet(void)
{
	static unsigned number;
	char name[64], file[700];

	snprintf(name, sizeof(name), "sentinel %u.iso", ++number);
	snprintf(file, sizeof(file), "%s/outside", top);
	fill(file, "sentinel");
	if (rename(file, in(name)) || !wait_for(WATCH_READY, name))
		tap_ok(false, "the sentinel is not seen");
	unlink(in(name));
	if (!wait_for(WATCH_GONE, name))
		tap_ok(false, "the sentinel does not go");
}

/* True when there is nothing to do for the watch. */
static inline bool idle(void)
{
	struct pollfd p = { .fd = watch_fd(w), .events = POLLIN };

	return poll(&p, 1, 0) == 0 && watch_timeout(w) > 1000;
}

/* As quiet(), and what the watch owes itself has been done too; not for a watch that polls. */
static inline void rest(void)
{
	int64_t until = now_ms() + PATIENCE;

	quiet();
	while (!idle())
		if (!turn(until)) {
			tap_ok(false, "the watch does not come to rest");
			return;
		}
}

static inline bool fd_says(int fd, const char *text)
{
	char buf[64];
	size_t len = strlen(text);

	return fd >= 0 && len <= sizeof(buf) && pread_full(fd, buf, len, 0) == 0 &&
	       memcmp(buf, text, len) == 0;
}

static inline void remove_tree(const char *path)
{
	char command[1000];

	snprintf(command, sizeof(command), "rm -rf -- '%s'", path);
	if (system(command))
		printf("# could not remove %s\n", path);
}

static inline void start(unsigned poll_seconds)
{
	seen_count = looked_at = 0;
	last_error = 0;
	releasing = true;
	if (watch_open(folder, poll_seconds, &w))
		exit(99);
}

static inline void fresh(unsigned poll_seconds)
{
	remove_tree(folder);
	if (mkdir(folder, 0755))
		exit(99);
	start(poll_seconds);
	ok(watch_run(w, each, NULL) == 0 && seen_count == 0 && watch_settled(w));
}

static inline void stop(void)
{
	watch_close(w);
	w = NULL;
}

/* A writer: opens path in a process of its own, says so, and writes when told. */
struct writer {
	pid_t pid;
	int say, tell;
};

static inline struct writer writer_start(const char *path, int flags)
{
	struct writer wr = { .pid = -1 };
	int out[2], in_[2];

	if (pipe2(out, O_CLOEXEC) || pipe2(in_, O_CLOEXEC))
		exit(99);
	fflush(stdout);
	wr.pid = fork();
	if (wr.pid == 0) {
		int fd;
		char c;

		/* So that it ends with the test, however that ends. */
		close(out[0]);
		close(in_[1]);
		fd = open(path, flags, 0644);
		if (write(out[1], fd < 0 ? "!" : "o", 1) != 1)
			_exit(1);
		while (read(in_[0], &c, 1) == 1) {
			if (c == 'w' && (write(fd, "written", 7) != 7 || write(out[1], "w", 1) != 1))
				_exit(1);
			if (c == 'c')
				break;
		}
		if (fd >= 0)
			close(fd);
		_exit(0);
	}
	close(out[1]);
	close(in_[0]);
	wr.say = out[0];
	wr.tell = in_[1];
	return wr;
}

static inline bool writer_said(const struct writer *wr, char what, int patience)
{
	struct pollfd p = { .fd = wr->say, .events = POLLIN };
	char c;

	return poll(&p, 1, patience) == 1 && read(wr->say, &c, 1) == 1 && c == what;
}

static inline void writer_write(const struct writer *wr)
{
	ok(write(wr->tell, "w", 1) == 1 && writer_said(wr, 'w', PATIENCE));
}

static inline void writer_stop(struct writer *wr)
{
	if (write(wr->tell, "c", 1) != 1)
		printf("# the writer is gone\n");
	close(wr->tell);
	close(wr->say);
	waitpid(wr->pid, NULL, 0);
}

static inline int lowest_free(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

/* Makes the temporary directory, or skips everything. */
static inline void set_up(void)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	snprintf(top, sizeof(top), "%s/pxefs-watch-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(top))
		tap_skip("no temporary directory");
	snprintf(folder, sizeof(folder), "%s/watched", top);
	fill(folder, "probe");
	fd = open(folder, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fcntl(fd, F_SETLEASE, F_RDLCK)) {
		remove_tree(top);
		tap_skip("no leases where the temporary directory is");
	}
	close(fd);
	unlink(folder);
}

#endif
