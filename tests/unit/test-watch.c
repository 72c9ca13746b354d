/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "watch.h"

#include <signal.h>

#include "watch_kit.h"

/* Files: what is done to them, and what is told of it. */

static void test_copy(void)
{
	struct writer wr;
	struct seen *first, *ready;
	int64_t closed;

	fresh(NO_POLL);
	wr = writer_start(in("copy.iso"), O_WRONLY | O_CREAT);
	ok(writer_said(&wr, 'o', PATIENCE));
	first = want(WATCH_INCOMPLETE, "copy.iso");
	tap_ok(strstr(first->reason, "open for writing") != NULL, "it says why: %s", first->reason);
	ok(first->fd == -1);
	writer_write(&wr);
	/* All of it there, yet still open: others become ready, this one does not. */
	quiet();
	ok(events(0, WATCH_READY, "copy.iso") == 0);
	ok(events(0, WATCH_INCOMPLETE, "copy.iso") == 1);
	closed = now_ms();
	writer_stop(&wr);
	ready = want(WATCH_READY, "copy.iso");
	tap_ok(now_ms() - closed < 1000, "%lld ms after it was closed", (long long)(now_ms() - closed));
	ok(ready->serial == first->serial && ready->st.st_size == 7 && fd_says(ready->fd, "written"));
	ok(!*ready->reason);

	/* Under another name of the file the writer's closing is no event here. */
	fill(in("../elsewhere"), "text");
	wr = writer_start(in("../elsewhere"), O_WRONLY);
	ok(writer_said(&wr, 'o', PATIENCE));
	ok(link(in("../elsewhere"), in("linked.iso")) == 0);
	want(WATCH_INCOMPLETE, "linked.iso");
	closed = now_ms();
	writer_stop(&wr);
	want(WATCH_READY, "linked.iso");
	tap_ok(now_ms() - closed < 1000, "%lld ms after it was closed elsewhere",
	       (long long)(now_ms() - closed));
	unlink(in("../elsewhere"));
	stop();
}

static void test_names(void)
{
	struct seen *a, *b, *gone;
	uint64_t serial;

	fresh(NO_POLL);
	fill(in("../outside"), "one");
	ok(rename(in("../outside"), in("a.iso")) == 0);
	a = want(WATCH_READY, "a.iso");
	serial = a->serial;
	releasing = false;

	ok(rename(in("a.iso"), in("b.ISO")) == 0);
	gone = want(WATCH_GONE, "a.iso");
	ok(gone->serial == serial && gone->fd == -1);
	b = want(WATCH_READY, "b.ISO");
	ok(b->serial != serial);
	ok(fd_says(a->fd, "one"));
	watch_release(w, serial);
	ok(!fd_says(a->fd, "one"));

	fill(in("../outside"), "two");
	ok(rename(in("../outside"), in("b.ISO")) == 0);
	gone = want(WATCH_GONE, "b.ISO");
	ok(gone->serial == b->serial);
	a = want(WATCH_READY, "b.ISO");
	ok(a->serial != b->serial && fd_says(a->fd, "two") && fd_says(b->fd, "one"));
	ok(a == gone + 1);
	watch_release(w, a->serial); /* neither gone nor changing: not to be given up */
	ok(fd_says(a->fd, "two"));
	watch_release(w, b->serial);

	/* Modes and links are no new content. */
	quiet();
	looked_at = seen_count;
	ok(chmod(in("b.ISO"), 0400) == 0 && link(in("b.ISO"), in("twin.iso")) == 0);
	b = want(WATCH_READY, "twin.iso");
	ok(b->serial != a->serial && b->st.st_ino == a->st.st_ino && b->fd != a->fd);
	ok(events(looked_at - 1, WATCH_GONE, "b.ISO") == 0);
	ok(events(looked_at - 1, WATCH_CHANGING, "b.ISO") == 0);

	ok(unlink(in("b.ISO")) == 0);
	gone = want(WATCH_GONE, "b.ISO");
	ok(gone->serial == a->serial && fd_says(a->fd, "two"));
	watch_release(w, a->serial);

	fill(in(".hidden.iso"), "x");
	fill(in("x.iso.part"), "x");
	fill(in("y.iso.CRDOWNLOAD"), "x");
	fill(in("readme.txt"), "x");
	ok(mkdir(in(".dir"), 0755) == 0 && mkdir(in("dir.part"), 0755) == 0);
	fill(in(".dir/z.iso"), "x");
	fill(in("dir.part/z.iso"), "x");
	quiet();
	for (size_t i = 0; i < seen_count; i++)
		if (strchr(seen[i].path, 'z') || strstr(seen[i].path, "part") || seen[i].path[0] == '.')
			tap_ok(false, "\"%s\" is not ignored", seen[i].path);
	ok(rename(in("x.iso.part"), in("x.iso")) == 0);
	want(WATCH_READY, "x.iso");
	stop();
}

static void test_roles(void)
{
	static const struct {
		const char *path;
		enum watch_role role;
	} cases[] = {
		{ "a.iso", WATCH_ISO }, { "d/a.ISO", WATCH_ISO },
		{ "a.conf", WATCH_CONF }, { "d.d/a.Conf", WATCH_CONF },
		{ "a.answer", WATCH_ANSWER }, { "a.answer.ks", WATCH_ANSWER }, { "d/a.b.ANSWER.Xml", WATCH_ANSWER },
		{ "a.answer.iso", WATCH_ISO }, { "a.answer.conf", WATCH_CONF }, { "a.answer.b.ks", WATCH_OTHER },
		{ "d.answer/ks", WATCH_OTHER }, { "d.answer/a.ks", WATCH_OTHER }, { "answer", WATCH_OTHER },
		{ "a.answers", WATCH_OTHER }, { ".answer", WATCH_OTHER }, { ".answer.ks", WATCH_OTHER },
		{ "a.txt", WATCH_OTHER }, { "a", WATCH_OTHER }, { "", WATCH_OTHER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		tap_ok(watch_role(cases[i].path) == cases[i].role, "the role of \"%s\"", cases[i].path);

	fresh(NO_POLL);
	fill(in("../outside"), "one");
	ok(rename(in("../outside"), in("a.answer.ks")) == 0);
	ok(want(WATCH_READY, "a.answer.ks")->role == WATCH_ANSWER);
	/* It is nothing that a menu lacks. */
	ok(mkdir(in("folder.conf"), 0755) == 0 && symlink("nowhere", in("link.conf")) == 0);
	quiet();
	for (size_t i = 0; i < seen_count; i++)
		if (strstr(seen[i].path, ".conf"))
			tap_ok(false, "\"%s\" is not passed over", seen[i].path);
	stop();
}

static void test_start(void)
{
	static const char *const order[] = { "a.iso", "deep/a.iso", "z.iso" };
	bool good = true;

	fresh(1);
	stop();
	fill(in("z.iso"), "z");
	fill(in("a.iso"), "a");
	ok(mkdir(in("deep"), 0755) == 0);
	fill(in("deep/a.iso"), "d");
	start(1);
	ok(!watch_settled(w));
	ok(watch_run(w, each, NULL) == 0);
	ok(seen_count == 3);
	for (size_t i = 0; i < 3; i++)
		good &= seen[i].kind == WATCH_READY && strcmp(seen[i].path, order[i]) == 0;
	ok(good);
	ok(watch_changed(w).tv_sec > 0);
	ok(watch_run(w, each, NULL) == 0 && seen_count == 3);
	watch_rescan(w);
	ok(watch_timeout(w) == 0);
	ok(watch_run(w, each, NULL) == 0 && seen_count == 3);
	ok(watch_timeout(w) > 0 && watch_timeout(w) <= 1000);
	stop();
}

static void test_folders(void)
{
	struct seen *ready;
	char path[600];

	fresh(NO_POLL);
	ok(mkdir(in("sub"), 0755) == 0 && mkdir(in("sub/b"), 0755) == 0);
	fill(in("sub/b/x.iso"), "x");
	ready = want(WATCH_READY, "sub/b/x.iso");
	releasing = false;
	ok(rename(in("sub"), in("new")) == 0);
	/* In the order of names: "new" comes first. */
	ok(want(WATCH_READY, "new/b/x.iso")->st.st_ino == ready->st.st_ino);
	ok(want(WATCH_GONE, "sub/b/x.iso")->serial == ready->serial);
	watch_release(w, ready->serial);
	releasing = true;
	fill(in("new/b/y.iso"), "y");
	want(WATCH_READY, "new/b/y.iso");

	ok(mkdir(in("1"), 0755) == 0 && mkdir(in("1/2"), 0755) == 0 && mkdir(in("1/2/3"), 0755) == 0);
	ok(mkdir(in("1/2/3/4"), 0755) == 0 && mkdir(in("1/2/3/4/5"), 0755) == 0);
	fill(in("1/2/3/4/x.iso"), "x");
	fill(in("1/2/3/4/5/y.iso"), "y");
	ok(symlink("../../../../new", in("1/2/3/4/link")) == 0);
	want(WATCH_READY, "1/2/3/4/x.iso");
	looked_at = 0;
	ready = want(WATCH_REFUSED, "1/2/3/4/5/y.iso");
	tap_ok(strstr(ready->reason, "more than 4 folders") != NULL, "too deep: %s", ready->reason);
	ok(ready->fd == -1);
	for (size_t i = 0; i < seen_count; i++)
		if (strstr(seen[i].path, "link"))
			tap_ok(false, "\"%s\" is reached by a link from below", seen[i].path);
	looked_at = seen_count;
	snprintf(path, sizeof(path), "%s", in("1"));
	remove_tree(path);
	want(WATCH_GONE, "1/2/3/4/5/y.iso");
	want(WATCH_GONE, "1/2/3/4/x.iso");
	stop();
}

static void test_refused(void)
{
	struct seen *s;

	fresh(NO_POLL);
	fill(in("empty.iso"), "");
	s = want(WATCH_REFUSED, "empty.iso");
	tap_ok(strcmp(s->reason, "it is empty") == 0, "empty: %s", s->reason);
	fill(in("empty.iso"), "no more");
	ok(want(WATCH_READY, "empty.iso")->serial == s->serial);

	ok(mkfifo(in("fifo.iso"), 0644) == 0);
	s = want(WATCH_REFUSED, "fifo.iso");
	tap_ok(strstr(s->reason, "not a regular file") != NULL, "a pipe: %s", s->reason);
	ok(mkdir(in("dir.iso"), 0755) == 0);
	fill(in("dir.iso/x.iso"), "x");
	want(WATCH_READY, "dir.iso/x.iso");
	ok(unlink(in("fifo.iso")) == 0);
	want(WATCH_GONE, "fifo.iso");
	stop();
}

/* The promise behind all others: a writer waits until the readers have let go. */
static void test_writer(void)
{
	struct writer wr;
	struct seen *ready, *changing, *s;

	fresh(NO_POLL);
	releasing = false;
	fill(in("a.iso"), "original");
	ready = want(WATCH_READY, "a.iso");
	wr = writer_start(in("a.iso"), O_WRONLY | O_TRUNC);
	changing = want(WATCH_CHANGING, "a.iso");
	ok(changing->serial == ready->serial && changing->fd == -1);
	s = want(WATCH_INCOMPLETE, "a.iso");
	ok(s->serial != ready->serial);
	tap_ok(!writer_said(&wr, 'o', 0) && fd_says(ready->fd, "original"), "the writer waits");
	watch_release(w, ready->serial);
	ok(writer_said(&wr, 'o', PATIENCE));
	writer_write(&wr);
	quiet();
	ok(events(0, WATCH_READY, "a.iso") == 1);
	ok(events(0, WATCH_GONE, "a.iso") == 0);
	writer_stop(&wr);
	ready = want(WATCH_READY, "a.iso");
	ok(ready->serial == s->serial && fd_says(ready->fd, "written"));

	/* Opened and closed without a change: ready again, under a new serial. */
	releasing = true;
	wr = writer_start(in("a.iso"), O_RDWR);
	want(WATCH_CHANGING, "a.iso");
	ok(writer_said(&wr, 'o', PATIENCE));
	want(WATCH_INCOMPLETE, "a.iso");
	writer_stop(&wr);
	s = want(WATCH_READY, "a.iso");
	ok(s->serial != ready->serial);

	/* One that does not wait is turned away, and leaves no event at all. */
	releasing = false;
	ok(open(in("a.iso"), O_WRONLY | O_NONBLOCK) == -1 && errno == EWOULDBLOCK);
	changing = want(WATCH_CHANGING, "a.iso");
	ok(changing->serial == s->serial);
	watch_release(w, s->serial);
	s = want(WATCH_READY, "a.iso");
	ok(s->serial != changing->serial && fd_says(s->fd, "written"));

	/* A copy of the descriptor in another hand does not keep the writer waiting. */
	{
		int copy = dup(s->fd);

		wr = writer_start(in("a.iso"), O_WRONLY);
		want(WATCH_CHANGING, "a.iso");
		watch_release(w, s->serial);
		ok(writer_said(&wr, 'o', PATIENCE));
		writer_stop(&wr);
		close(copy);
	}
	s = want(WATCH_READY, "a.iso");

	/* truncate(2) opens nothing and waits all the same. */
	releasing = true;
	fflush(stdout);
	wr.pid = fork();
	if (wr.pid == 0)
		_exit(truncate(in("a.iso"), 3) != 0);
	want(WATCH_CHANGING, "a.iso");
	s = want(WATCH_READY, "a.iso");
	ok(s->st.st_size == 3);
	waitpid(wr.pid, NULL, 0);
	stop();
}

/* Removed, but not yet let go, and then written under the name that it has elsewhere. */
static void test_writer_of_removed(void)
{
	struct writer wr;
	struct seen *ready, *s;

	fresh(NO_POLL);
	releasing = false;
	fill(in("a.iso"), "original");
	ready = want(WATCH_READY, "a.iso");
	ok(rename(in("a.iso"), in("../moved")) == 0);
	want(WATCH_GONE, "a.iso");
	wr = writer_start(in("../moved"), O_WRONLY);
	s = want(WATCH_CHANGING, "a.iso");
	ok(s->serial == ready->serial);
	ok(!writer_said(&wr, 'o', 0) && fd_says(ready->fd, "original"));
	watch_release(w, s->serial);
	ok(writer_said(&wr, 'o', PATIENCE));
	writer_stop(&wr);
	unlink(in("../moved"));
	quiet();
	ok(events(0, WATCH_CHANGING, "a.iso") == 1 && events(0, WATCH_READY, "a.iso") == 1);
	stop();
}

/* More than the queue of inotify holds: that something was lost is all that is needed. */
static void test_overflow(void)
{
	unsigned long queued = 16384;
	FILE *limit = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
	struct seen *s;

	if (limit) {
		if (fscanf(limit, "%lu", &queued) != 1)
			queued = 16384;
		fclose(limit);
	}
	if (queued > 100000) {
		tap_ok(true, "overflow # SKIP the queue is of %lu events", queued);
		return;
	}
	fresh(NO_POLL);
	fill(in("old.iso"), "old");
	s = want(WATCH_READY, "old.iso");
	for (unsigned long i = 0; i < queued / 2 + 16; i++) {
		int fd = open(in("noise"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		if (fd >= 0)
			close(fd);
		unlink(in("noise"));
	}
	fill(in("new.iso"), "new");
	ok(unlink(in("old.iso")) == 0);
	want(WATCH_READY, "new.iso");
	ok(want(WATCH_GONE, "old.iso")->serial == s->serial);
	/* And events are read again afterwards. */
	fill(in("later.iso"), "later");
	want(WATCH_READY, "later.iso");
	stop();
}

static void test_many(void)
{
	int64_t began;
	size_t ready = 0;

	fresh(1);
	stop();
	for (int i = 0; i < 500; i++) {
		char name[64];

		snprintf(name, sizeof(name), "f%d", i % 5);
		mkdir(in(name), 0755);
		snprintf(name, sizeof(name), "f%d/%03d.iso", i % 5, i);
		fill(in(name), name);
	}
	start(1);
	began = now_ms();
	ok(watch_run(w, each, NULL) == 0);
	printf("# first scan of 500 files: %lld ms\n", (long long)(now_ms() - began));
	for (size_t i = 0; i < seen_count; i++)
		ready += seen[i].kind == WATCH_READY;
	ok(seen_count == 500 && ready == 500);
	watch_rescan(w);
	began = now_ms();
	ok(watch_run(w, each, NULL) == 0 && seen_count == 500);
	tap_ok(now_ms() - began < 500, "a scan of 500 files takes %lld ms", (long long)(now_ms() - began));

	/* Removed all at once, and no descriptor is left behind. */
	for (int i = 0; i < 5; i++) {
		char name[64];

		snprintf(name, sizeof(name), "f%d", i);
		remove_tree(in(name));
	}
	want(WATCH_GONE, "f0/000.iso");
	quiet();
	ready = 0;
	for (size_t i = 500; i < seen_count; i++)
		ready += seen[i].kind == WATCH_GONE && seen[i].path[0] == 'f';
	ok(ready == 500);
	for (int fd = 0; fd < 200; fd++) {
		char link[64], text[400] = "";

		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		if (readlink(link, text, sizeof(text) - 1) > 0 && strstr(text, ".iso"))
			tap_ok(false, "\"%s\" is still open", text);
	}
	stop();
}

/* The signal is let through again only when none of it is left. */
static void test_signal(void)
{
	sigset_t set;
	struct writer wr;

	fresh(NO_POLL);
	fill(in("a.iso"), "a");
	want(WATCH_READY, "a.iso");
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	ok(sigismember(&set, watch_signal()) == 1);
	wr = writer_start(in("a.iso"), O_WRONLY);
	{
		struct pollfd p = { .fd = watch_fd(w), .events = POLLIN };

		/* The writer has been announced and nobody has run. */
		do {
			sigpending(&set);
		} while (!sigismember(&set, watch_signal()) && poll(&p, 1, PATIENCE) == 1);
		ok(sigismember(&set, watch_signal()) == 1);
	}
	stop();
	ok(writer_said(&wr, 'o', PATIENCE));
	writer_stop(&wr);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	ok(sigismember(&set, watch_signal()) == 0);
	watch_close(NULL);
}

int main(void)
{
	int lowest = lowest_free();

	set_up();
	test_copy();
	test_names();
	test_roles();
	test_start();
	test_folders();
	test_refused();
	test_writer();
	test_writer_of_removed();
	test_overflow();
	test_many();
	test_signal();
	ok(lowest_free() == lowest);
	remove_tree(top);
	return tap_done();
}
