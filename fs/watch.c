/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "watch_private.h"

#include <limits.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "log.h"

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)

#define POLL_DEFAULT 2u

/* The kernel says that a file is closed a moment before it counts as closed, and of a writer under
 * another name of the file it says nothing: so a file that is being written is tried again, soon
 * at first, and always within the second that a user is promised. */
#define RETRY_FIRST (5 * MS)
#define RETRY_LAST (500 * MS)

/* A storm of events costs at most a fifth of the time, and never more than this delay. */
#define QUIET_FIRST (2 * MS)
#define QUIET_LAST (300 * MS)

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

/* The ordinary lease signal, and not a queued one with the descriptor in it: one that is pending is
 * enough, since every lease is looked at anyway, and there is no queue to overflow. */
int watch_signal(void)
{
	return SIGIO;
}

static int signal_open(struct watch *w)
{
	sigset_t set, before;
	int err;

	sigemptyset(&set);
	sigaddset(&set, watch_signal());
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (w->signals < 0)
		return -errno;
	err = pthread_sigmask(SIG_BLOCK, &set, &before);
	if (err)
		return -err;
	w->unblock = !sigismember(&before, watch_signal());
	return 0;
}

static int epoll_add(struct watch *w, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* Reads what is there, and no more than that much: who makes events faster than they are read
 * must not hold the caller. True when anything came. */
static bool drain(int fd)
{
	_Alignas(struct inotify_event) char buf[16384];
	bool any = false;

	if (fd < 0)
		return false;
	for (int i = 0; i < 64; i++) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		any = true;
	}
	return any;
}

int watch_open(const char *folder, unsigned poll_seconds, struct watch **out)
{
	struct watch *w = calloc(1, sizeof(*w));
	int err = -ENOMEM;

	if (!w)
		return -ENOMEM;
	w->epoll = w->inotify = w->signals = w->timer = -1;
	w->poll = (poll_seconds ? poll_seconds : POLL_DEFAULT) * SECOND;
	w->retry = RETRY_FIRST;
	w->dirty = true;
	w->folder = strdup(folder);
	if (!w->folder)
		goto fail;
	w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->inotify < 0)
		log_warn("no change notification for \"%s\" (inotify: %s): looking every %llu s", folder,
			 strerror(errno), (unsigned long long)(w->poll / SECOND));
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (w->epoll < 0 || w->timer < 0) {
		err = -errno;
		goto fail;
	}
	err = signal_open(w);
	if (!err)
		err = epoll_add(w, w->signals);
	if (!err)
		err = epoll_add(w, w->timer);
	if (!err && w->inotify >= 0)
		err = epoll_add(w, w->inotify);
	if (err)
		goto fail;
	watch_rescan(w);
	*out = w;
	return 0;
fail:
	watch_close(w);
	return err;
}

void watch_close(struct watch *w)
{
	sigset_t set;

	if (!w)
		return;
	for (size_t i = 0; i < w->count; i++) {
		watch_file_drop(&w->files[i]);
		free(w->files[i].path);
	}
	for (size_t i = 0; i < w->retired_count; i++)
		watch_file_drop(&w->retired[i]);
	watch_merge_sweep(w);
	if (w->unblock) {
		/* One that is still pending would end the process. */
		drain(w->signals);
		sigemptyset(&set);
		sigaddset(&set, watch_signal());
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	}
	fd_close(&w->inotify);
	fd_close(&w->signals);
	fd_close(&w->timer);
	fd_close(&w->epoll);
	watch_folders_free(w->folders, w->folder_count);
	free(w->files);
	free(w->retired);
	free(w->events);
	free(w->wds);
	free(w->folder);
	free(w);
}

int watch_fd(const struct watch *w)
{
	return w->epoll;
}

static uint64_t deadline(const struct watch *w)
{
	uint64_t at = w->tick_at;

	if (w->dirty && w->scan_at < at)
		at = w->scan_at;
	if (w->waiting && w->retry_at < at)
		at = w->retry_at;
	return at;
}

int watch_timeout(const struct watch *w)
{
	uint64_t now = clock_now(), at = deadline(w), ms;

	if (at <= now)
		return 0;
	ms = (at - now + MS - 1) / MS;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

static void timer_set(const struct watch *w)
{
	uint64_t at = deadline(w);
	struct itimerspec when = {
		/* All zero would switch it off. */
		.it_value = { .tv_sec = (time_t)(at / SECOND), .tv_nsec = (long)(at % SECOND) | 1 },
	};

	timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void want_scan(struct watch *w, uint64_t at)
{
	if (!w->dirty || at < w->scan_at)
		w->scan_at = at;
	w->dirty = true;
}

void watch_rescan(struct watch *w)
{
	want_scan(w, 0);
	timer_set(w);
}

bool watch_settled(const struct watch *w)
{
	return w->settled;
}

struct timespec watch_changed(const struct watch *w)
{
	return w->changed;
}

/* Drops the watches that a whole scan no longer wants. (Those of a scan that broke off stay: one too
 * many costs an event, one too few costs an ISO.) */
static void watches_take(struct watch *w, struct watch_scan *scan)
{
	size_t j = 0;

	for (size_t i = 0; i < w->wd_count; i++) {
		while (j < scan->wd_count && scan->wds[j] < w->wds[i])
			j++;
		if (j == scan->wd_count || scan->wds[j] != w->wds[i])
			inotify_rm_watch(w->inotify, w->wds[i]);
	}
	free(w->wds);
	w->wds = steal_pointer(scan->wds);
	w->wd_count = scan->wd_count;
	watch_folders_free(w->folders, w->folder_count);
	w->folders = steal_pointer(scan->folders);
	w->folder_count = scan->folder_count;
	scan->wd_count = scan->folder_count = 0;
}

/* Each trouble is told when it begins, not at every scan. */
static void warn(const struct watch *w, bool now, bool *before, const char *what)
{
	if (now && !*before)
		log_warn("watch folder \"%s\": %s", w->folder, what);
	*before = now;
}

/* What the next scan must be there for, now that the files are known. */
static void plan(struct watch *w, const struct watch_scan *scan)
{
	bool starved = false;

	w->waiting = false;
	w->polling = scan->blind;
	for (size_t i = 0; i < w->count; i++) {
		w->polling |= !w->files[i].leased;
		w->waiting |= w->files[i].writing;
		starved |= w->files[i].starved;
	}
	warn(w, starved, &w->warned_starved,
	     "not every file can be opened, the limit of open files is reached");
	warn(w, scan->full, &w->warned_full,
	     "fs.inotify.max_user_watches is reached, so changes are noticed by polling");
	warn(w, scan->crowded, &w->warned_crowded, "it has too many folders, not all of them are looked at");
}

static int folder_scan(struct watch *w, uint64_t now)
{
	struct watch_scan scan;
	uint64_t end;
	int err, merged;

	w->dirty = false;
	err = watch_scan_take(w->folder, w->inotify, &scan);
	w->polling = true;
	if (!err || scan.absent) {
		merged = watch_merge(w, &scan, now);
		if (merged) {
			err = merged;
		} else {
			plan(w, &scan);
			watches_take(w, &scan);
			if (timespec_cmp(w->changed, scan.changed) < 0)
				w->changed = scan.changed;
		}
	}
	watch_scan_free(&scan);

	end = clock_now();
	w->quiet_until = end + 4 * (end - now);
	if (w->quiet_until < end + QUIET_FIRST)
		w->quiet_until = end + QUIET_FIRST;
	if (w->quiet_until > end + QUIET_LAST)
		w->quiet_until = end + QUIET_LAST;
	w->tick_at = end + w->poll;
	w->retry_at = end + w->retry;
	if (w->waiting)
		w->retry = w->retry * 2 < RETRY_LAST ? w->retry * 2 : RETRY_LAST;
	w->error = err;
	return err;
}

/* True when it is time for a scan. */
static bool due(struct watch *w, uint64_t now)
{
	if (w->error || (w->dirty && now >= w->scan_at) || (w->waiting && now >= w->retry_at))
		return true;
	if (now < w->tick_at)
		return false;
	w->tick_at = now + w->poll;
	return w->polling || !watch_scan_same(w->folder, w->folders, w->folder_count);
}

int watch_run(struct watch *w, watch_each each, void *ctx)
{
	uint64_t now = clock_now();
	bool broken = false;
	int err;

	w->event_count = 0;
	drain(w->timer);
	drain(w->signals);
	if (drain(w->inotify)) {
		w->retry = RETRY_FIRST;
		want_scan(w, w->quiet_until > now ? w->quiet_until : now);
	}
	/* Not only after a signal: it costs next to nothing, and a writer waits for it. */
	err = watch_merge_leases(w, &broken);
	if (broken) {
		w->retry = RETRY_FIRST;
		want_scan(w, now);
	}
	if (!err && due(w, now))
		err = folder_scan(w, now);

	w->reporting = true;
	for (size_t i = 0; i < w->event_count; i++)
		each(ctx, &w->events[i]);
	w->reporting = false;
	w->event_count = 0;
	watch_merge_sweep(w);
	if (!w->error && !err)
		w->settled = true;
	timer_set(w);
	return err;
}

static bool release(struct watch_file *files, size_t count, uint64_t serial)
{
	for (size_t i = 0; i < count; i++) {
		struct watch_file *f = &files[i];

		if (f->serial != serial || (f->kind != WATCH_GONE && f->kind != WATCH_CHANGING))
			continue;
		watch_file_drop(f);
		return true;
	}
	return false;
}

void watch_release(struct watch *w, uint64_t serial)
{
	if (!release(w->files, w->count, serial) && !release(w->retired, w->retired_count, serial))
		return;
	/* A writer that did not wait leaves no event, only a lease that could be taken again. */
	w->retry = RETRY_FIRST;
	want_scan(w, w->quiet_until);
	if (w->reporting)
		return;
	watch_merge_sweep(w);
	timer_set(w);
}
