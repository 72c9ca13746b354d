/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "watch.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "watch_kit.h"

/* Places: links, folders that come and go, other file systems, and the limits of the machine. */

static void test_links(void)
{
	struct seen *s;
	char target[600];

	fresh(NO_POLL);
	snprintf(target, sizeof(target), "%s/targets", top);
	remove_tree(target);
	ok(mkdir(target, 0755) == 0);
	ok(symlink("../targets/real", in("link.iso")) == 0);
	s = want(WATCH_REFUSED, "link.iso");
	tap_ok(strstr(s->reason, "link to a file that is not there") != NULL, "dangling: %s", s->reason);
	fill(in("../targets/real"), "one");
	s = want(WATCH_READY, "link.iso");
	ok(fd_says(s->fd, "one"));
	fill(in("../targets/other"), "two");
	rest();
	ok(rename(in("../targets/other"), in("../targets/real")) == 0);
	ok(want(WATCH_GONE, "link.iso")->serial == s->serial);
	s = want(WATCH_READY, "link.iso");
	ok(fd_says(s->fd, "two"));
	rest();
	ok(unlink(in("../targets/real")) == 0);
	want(WATCH_GONE, "link.iso");
	want(WATCH_REFUSED, "link.iso");

	/* A folder by link, with links that lead back into it. */
	fill(in("../targets/in.iso"), "in");
	ok(symlink(target, in("folder")) == 0);
	want(WATCH_READY, "folder/in.iso");
	ok(symlink(".", in("../targets/self")) == 0 && symlink("../watched", in("../targets/back")) == 0);
	ok(symlink("loop.iso", in("loop.iso")) == 0);
	want(WATCH_REFUSED, "loop.iso");
	quiet();
	for (size_t i = 0; i < seen_count; i++)
		if (strstr(seen[i].path, "self") || strstr(seen[i].path, "back"))
			tap_ok(false, "\"%s\" leads in a circle", seen[i].path);
	fill(in("../targets/late.iso"), "late");
	want(WATCH_READY, "folder/late.iso");

	/* What is no longer linked is no longer watched. */
	ok(unlink(in("folder")) == 0 && unlink(in("link.iso")) == 0);
	want(WATCH_GONE, "folder/late.iso");
	rest();
	fill(in("../targets/unseen.iso"), "unseen");
	ok(idle());
	stop();
	remove_tree(target);
}

/* No descriptor left: refused with the reason, one by one, and ready when there are some again. */
static void test_descriptors(void)
{
	struct rlimit before, few;
	int lowest;
	struct seen *s;

	fresh(1);
	for (int i = 0; i < 8; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%d.iso", i);
		fill(in(name), name);
	}
	lowest = lowest_free();
	getrlimit(RLIMIT_NOFILE, &before);
	few = before;
	few.rlim_cur = (rlim_t)lowest + 5;
	ok(setrlimit(RLIMIT_NOFILE, &few) == 0);
	s = want(WATCH_REFUSED, "7.iso");
	tap_ok(strstr(s->reason, "no file descriptor") != NULL, "it says why: %s", s->reason);
	ok(events(0, WATCH_READY, "0.iso") == 1);
	setrlimit(RLIMIT_NOFILE, &before);
	ok(want(WATCH_READY, "7.iso")->serial == s->serial);

	/* With none for the folder itself, what is known stays. */
	few.rlim_cur = (rlim_t)lowest;
	looked_at = seen_count;
	setrlimit(RLIMIT_NOFILE, &few);
	watch_rescan(w);
	ok(watch_run(w, each, NULL) == -EMFILE);
	ok(seen_count == looked_at);
	setrlimit(RLIMIT_NOFILE, &before);
	ok(watch_run(w, each, NULL) == 0);
	ok(seen_count == looked_at);
	stop();
}

static void test_absent(void)
{
	char aside[320];

	remove_tree(folder);
	start(NO_POLL);
	ok(watch_run(w, each, NULL) == -ENOENT && !watch_settled(w));
	ok(watch_run(w, each, NULL) == -ENOENT);
	ok(mkdir(folder, 0755) == 0);
	fill(in("a.iso"), "a");
	want(WATCH_READY, "a.iso");
	ok(watch_settled(w) && last_error == 0);
	snprintf(aside, sizeof(aside), "%s.aside", folder);
	ok(rename(folder, aside) == 0);
	want(WATCH_GONE, "a.iso");
	ok(last_error == -ENOENT);
	/* Another folder of that name, then the first one over it. */
	ok(mkdir(folder, 0755) == 0);
	fill(in("b.iso"), "b");
	want(WATCH_READY, "b.iso");
	remove_tree(folder);
	want(WATCH_GONE, "b.iso");
	ok(rename(aside, folder) == 0);
	want(WATCH_READY, "a.iso");
	remove_tree(folder);
	fill(folder, "no folder");
	want(WATCH_GONE, "a.iso");
	/* Removed first, put in its place second: by now it may have been seen either way. */
	watch_rescan(w);
	ok(watch_run(w, each, NULL) == -ENOTDIR);
	unlink(folder);
	stop();
}

/* As a user whose files are not his: no lease, so it takes two looks. Unreadable ones are for him too. */
static void leaseless(void)
{
	struct seen *s, *ready;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1000000000 } };
	int64_t made;
	int fd;

	fresh(1);
	made = now_ms();
	fill(in("a.iso"), "original");
	ok(chmod(in("a.iso"), 0644) == 0);
	fill(in("secret.iso"), "secret");
	ok(chmod(in("secret.iso"), 0600) == 0);
	ok(mkdir(in("closed"), 0700) == 0);
	fill(in("closed/x.iso"), "x");
	ok(seteuid(12345) == 0);

	s = want(WATCH_INCOMPLETE, "a.iso");
	tap_ok(strstr(s->reason, "whether it still changes") != NULL, "it says why: %s", s->reason);
	ready = want(WATCH_READY, "a.iso");
	tap_ok(now_ms() - made >= 1000, "after %lld ms", (long long)(now_ms() - made));
	ok(ready->serial == s->serial && fd_says(ready->fd, "original"));
	looked_at = 0;
	s = want(WATCH_REFUSED, "secret.iso");
	tap_ok(strstr(s->reason, strerror(EACCES)) != NULL, "unreadable: %s", s->reason);
	looked_at = 0;
	s = want(WATCH_REFUSED, "closed");
	tap_ok(strstr(s->reason, "folder cannot be read") != NULL, "a folder: %s", s->reason);
	looked_at = seen_count;

	releasing = false;
	ok(seteuid(0) == 0);
	ok(chmod(in("secret.iso"), 0644) == 0 && chmod(in("closed"), 0755) == 0);
	ok(seteuid(12345) == 0);
	want(WATCH_READY, "closed/x.iso");
	want(WATCH_READY, "secret.iso");
	ok(events(0, WATCH_GONE, "closed") == 1);
	looked_at = seen_count;

	/* Written: seen afterwards. */
	ok(seteuid(0) == 0);
	fd = open(in("a.iso"), O_WRONLY);
	ok(fd >= 0 && write(fd, "changed!", 8) == 8 && close(fd) == 0);
	ok(seteuid(12345) == 0);
	s = want(WATCH_CHANGING, "a.iso");
	ok(s->serial == ready->serial);
	watch_release(w, s->serial);
	want(WATCH_INCOMPLETE, "a.iso");
	s = want(WATCH_READY, "a.iso");
	ok(s->serial != ready->serial);

	/* Written, and the time set back: only the change time tells. */
	ok(seteuid(0) == 0);
	ok(utimensat(AT_FDCWD, in("a.iso"), times, 0) == 0);
	ok(seteuid(12345) == 0);
	want(WATCH_CHANGING, "a.iso");
	s = want(WATCH_READY, "a.iso");
	ok(seteuid(0) == 0);
	fd = open(in("a.iso"), O_WRONLY);
	ok(fd >= 0 && write(fd, "sly", 3) == 3 && futimens(fd, times) == 0 && close(fd) == 0);
	ok(seteuid(12345) == 0);
	ok(want(WATCH_CHANGING, "a.iso")->serial == s->serial);
	s = want(WATCH_READY, "a.iso");

	/* Removed is not written: the bytes stay readable. */
	ok(seteuid(0) == 0);
	ok(rename(in("a.iso"), in("../moved")) == 0);
	ok(seteuid(12345) == 0);
	ok(want(WATCH_GONE, "a.iso")->serial == s->serial);
	ok(fd_says(s->fd, "sly"));
	/* Written elsewhere it is no longer what it was. */
	ok(seteuid(0) == 0);
	fill(in("../moved"), "elsewhere");
	ok(seteuid(12345) == 0);
	ok(want(WATCH_CHANGING, "a.iso")->serial == s->serial);
	watch_release(w, s->serial);
	ok(seteuid(0) == 0);
	unlink(in("../moved"));
	stop();
}

static void test_leaseless(void)
{
	if (geteuid()) {
		tap_ok(true, "files of others # SKIP needs root");
		return;
	}
	chmod(top, 0755);
	leaseless();
}

/* Where inotify has no watch left, polling does it. The limit is the user name space's own. */
static void without_watches(void)
{
	int fd;

	if (unshare(CLONE_NEWUSER)) {
		tap_ok(true, "no inotify # SKIP no user name space: %s", strerror(errno));
		return;
	}
	fd = open("/proc/sys/user/max_inotify_watches", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1) {
		tap_ok(true, "no inotify # SKIP max_inotify_watches cannot be set: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	close(fd);
	remove_tree(folder);
	if (mkdir(folder, 0755) || mkdir(in("sub"), 0755))
		exit(99);
	start(1);
	ok(watch_run(w, each, NULL) == 0);
	fill(in("sub/polled.iso"), "x");
	want(WATCH_READY, "sub/polled.iso");
	stop();
}

/* A test that changes what the whole process is; its points are passed on. */
static void apart(void (*test)(void))
{
	int status, back[2];
	pid_t pid;

	if (pipe2(back, O_CLOEXEC))
		exit(99);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		test();
		fflush(stdout);
		if (write(back[1], &tap, sizeof(tap)) != sizeof(tap))
			_exit(1);
		_exit(0);
	}
	close(back[1]);
	if (read(back[0], &tap, sizeof(tap)) != sizeof(tap))
		tap_ok(false, "a test ended early");
	close(back[0]);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		tap_ok(false, "a test ended with status %d", status);
}

static void mounts(void)
{
	struct seen *under, *s;

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		tap_ok(true, "mounts # SKIP no mount name space: %s", strerror(errno));
		return;
	}
	fresh(1);
	fill(in("under.iso"), "under");
	ok(mkdir(in("sub"), 0755) == 0);
	under = want(WATCH_READY, "under.iso");
	releasing = false;
	if (!ok(mount("none", folder, "tmpfs", 0, "size=1m") == 0))
		return;
	fill(in("over.iso"), "over");
	/* Nothing tells of a mount but looking. */
	s = want(WATCH_READY, "over.iso");
	ok(fd_says(s->fd, "over"));
	ok(want(WATCH_GONE, "under.iso")->serial == under->serial);
	ok(fd_says(under->fd, "under"));
	watch_release(w, under->serial);
	releasing = true;
	fill(in("more.iso"), "more");
	want(WATCH_READY, "more.iso");

	ok(umount2(folder, MNT_DETACH) == 0);
	want(WATCH_GONE, "over.iso");
	want(WATCH_READY, "under.iso");
	ok(mount("none", in("sub"), "tmpfs", 0, "size=1m") == 0);
	fill(in("sub/x.iso"), "x");
	want(WATCH_READY, "sub/x.iso");
	/* An ISO that is served keeps a plain umount busy; one that has been let go does not. */
	ok(unlink(in("sub/x.iso")) == 0);
	want(WATCH_GONE, "sub/x.iso");
	quiet();
	ok(umount(in("sub")) == 0);
	fill(in("sub/y.iso"), "y");
	want(WATCH_READY, "sub/y.iso");
	stop();
}

int main(void)
{
	int lowest = lowest_free();

	set_up();
	test_links();
	test_descriptors();
	test_absent();
	apart(test_leaseless);
	apart(without_watches);
	apart(mounts);
	ok(lowest_free() == lowest);
	remove_tree(top);
	return tap_done();
}
