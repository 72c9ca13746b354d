/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "state.h"
#include "tap.h"

/* The state directory: what is kept comes back, whatever else lies there, and no damage is more than a loss.
 */

static char top[PATH_MAX];

static int shell(const char *command)
{
	return system(command);
}

static struct stat key(unsigned n)
{
	return (struct stat){
		.st_dev = 1, .st_ino = 1000 + n, .st_size = 5, .st_mtim = {7, 8}, .st_ctim = {9, 10}};
}

static int sealed(const char *text)
{
	int fd = memfd_create("state", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write_full(fd, text, strlen(text)) || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE))
		abort();
	return fd;
}

static void save(struct state *s, const struct stat *st, const char *text)
{
	int fd = sealed(text);

	state_save(s, st, fd);
	close(fd);
}

static bool loads(struct state *s, const struct stat *st, const char *want)
{
	char buf[256] = "";
	int fd = -1, r = state_load(s, st, &fd);
	bool good = !r && pread(fd, buf, sizeof(buf) - 1, 0) == (ssize_t)strlen(want) && !strcmp(buf, want);

	if (!r) {
		good = good && (fcntl(fd, F_GET_SEALS) & (F_SEAL_WRITE | F_SEAL_SHRINK)) ==
				       (F_SEAL_WRITE | F_SEAL_SHRINK);
		good = good && pwrite(fd, "x", 1, 0) < 0;
		close(fd);
	}
	return good;
}

static bool absent(struct state *s, const struct stat *st)
{
	int fd = -7;

	return state_load(s, st, &fd) == -ENOENT && fd == -7;
}

static struct state *state(const char *dir, const char *watch)
{
	struct state *s = NULL;

	if (state_open(dir, watch, &s) || !s)
		abort();
	return s;
}

/* The number of files in DIR/<digest>/ that the pattern names. */
static int count(const char *dir, const char *pattern)
{
	char command[512];
	FILE *f;
	int n = -1;

	snprintf(command, sizeof(command), "find %s -mindepth 2 -name '%s' | wc -l", dir, pattern);
	f = popen(command, "r");
	if (!f || fscanf(f, "%d", &n) != 1)
		abort();
	pclose(f);
	return n;
}

static void test_keep(void)
{
	struct state *s = state("one/deep", "/srv/iso"), *other = state("one/deep", "/srv/iso2");
	struct stat a = key(1), b = key(2), c;

	ok(absent(s, &a));
	save(s, &a, "an index");
	save(s, &b, "another");
	ok(loads(s, &a, "an index") && loads(s, &b, "another"));
	tap_ok(absent(other, &a), "another watch folder has indexes of its own");
	save(s, &a, "longer than the first was");
	ok(loads(s, &a, "longer than the first was"));
	save(s, &a, "short");
	ok(loads(s, &a, "short") && count("one/deep", "*") == 2);
	for (int i = 0; i < 6; i++) {
		c = a;
		*(i == 0 ? &c.st_mtim.tv_sec : i == 1 ? &c.st_ctim.tv_sec : &c.st_ctim.tv_nsec) += 1;
		c.st_dev += i == 3;
		c.st_ino += i == 4;
		c.st_size += i == 5;
		tap_ok(absent(s, &c), "a file that differs in %d is another", i);
	}
	state_close(s);
	s = state("one/deep", "/srv/iso");
	tap_ok(loads(s, &a, "short"), "it is there in the next life");
	state_forget(s, &a);
	state_forget(s, &a);
	ok(absent(s, &a) && loads(s, &b, "another"));
	state_close(s);
	state_close(other);
}

static void test_prune(void)
{
	struct state *s = state("prune", "/w");
	struct stat all[4] = {key(1), key(2), key(3), key(4)};
	int fd = -1;

	for (unsigned i = 0; i < 4; i++)
		save(s, &all[i], "x");
	ok(!state_names(s, &fd) && !write_full(fd, "name\n", 5));
	close(fd);
	if (shell("for d in prune/*; do : >$d/0123456789abcdef.idx.999; : >$d/mine; mkdir $d/dir.idx; done"))
		abort();
	state_prune(s, &all[1], 2);
	ok(absent(s, &all[0]) && loads(s, &all[1], "x") && loads(s, &all[2], "x") && absent(s, &all[3]));
	tap_ok(count("prune", "*.idx.999") == 0, "what a crash left half-written goes");
	tap_ok(count("prune", "names") == 1 && count("prune", "mine") == 1 && count("prune", "dir.idx") == 1,
	       "names stay, and what is none of ours");
	state_prune(s, NULL, 0);
	ok(absent(s, &all[1]) && count("prune", "names") == 1);
	state_close(s);
}

static void test_names(void)
{
	struct state *s = state("names", "/w");
	char buf[32] = "";
	int a = -1, b = -1;

	ok(!state_names(s, &a) && !write_full(a, "one\n", 4) && !state_names(s, &b) &&
	   !write_full(b, "two\n", 4));
	ok(lseek(a, 0, SEEK_SET) == 0 && !write_full(a, "three\n", 6));
	tap_ok(pread(b, buf, sizeof(buf), 0) == 14 && !strcmp(buf, "one\ntwo\nthree\n"), "all is appended");
	close(a);
	close(b);
	state_close(s);
}

static void test_without(void)
{
	struct state *s = (struct state *)1;
	struct stat a = key(1);
	int fd = -7;

	ok(!state_open("", "/w", &s) && !s);
	ok(state_names(NULL, &fd) == -ENOENT && state_load(NULL, &a, &fd) == -ENOENT && fd == -7);
	state_save(NULL, &a, 0);
	state_forget(NULL, &a);
	state_prune(NULL, &a, 1);
	state_close(NULL);
	if (shell(": >file"))
		abort();
	ok(state_open("file/below", "/w", &s) == -ENOTDIR && !s);
	ok(state_open("file", "/w", &s) < 0 && !s);
}

/* What lies there in the place of an index is an error, or none, and never more. */
static void test_damage(void)
{
	struct state *s = state("damage", "/w");
	struct stat a = key(1);
	int fd = -7;

	save(s, &a, "good");
	if (shell("for f in damage/*/*.idx; do : >$f; done"))
		abort();
	tap_ok(absent(s, &a), "an empty one is none");
	save(s, &a, "good again");
	ok(loads(s, &a, "good again"));
	if (shell("for f in damage/*/*.idx; do printf '%s' \"$f\" >f; rm $f; ln -s /etc/hostname $f; done"))
		abort();
	tap_ok(state_load(s, &a, &fd) < 0 && fd == -7, "a link is not followed");
	save(s, &a, "in its place");
	tap_ok(loads(s, &a, "in its place"), "and is replaced");
	if (shell("f=$(cat f); rm $f; mkdir $f"))
		abort();
	ok(state_load(s, &a, &fd) < 0 && fd == -7);
	save(s, &a, "cannot be");
	ok(state_load(s, &a, &fd) < 0 && count("damage", "*.idx.*") == 0);
	if (shell("f=$(cat f); rmdir $f; truncate -s 2G $f"))
		abort();
	tap_ok(absent(s, &a), "one of more than a gigabyte is none");
	state_close(s);
}

/* Runs as somebody whom modes bind. */
static int read_only(void)
{
	struct stat a = key(1), b = key(2);
	struct state *s = NULL;
	int fd = -7;

	if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
		return 99;
	if (state_open("only", "/w", &s) || !s)
		return 1;
	if (!loads(s, &a, "was there"))
		return 2;
	save(s, &b, "new");
	state_forget(s, &a);
	state_prune(s, NULL, 0);
	if (!loads(s, &a, "was there") || !absent(s, &b))
		return 3;
	if (state_names(s, &fd) >= 0 || fd != -7)
		return 4;
	state_close(s);
	s = NULL;
	return state_open("only", "/another", &s) != -EACCES || s ? 5 : 0;
}

static void test_read_only(void)
{
	struct state *s = state("only", "/w");
	struct stat a = key(1);
	int status = -1;
	pid_t pid;

	save(s, &a, "was there");
	state_close(s);
	if (shell("chmod 755 . && chmod 555 only only/*"))
		abort();
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(read_only());
	waitpid(pid, &status, 0);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	       "a directory that cannot be written loads and loses nothing (%d)", WEXITSTATUS(status));
	if (shell("chmod 755 only only/*"))
		abort();
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s/test-state.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir) || chdir(dir) || !getcwd(top, sizeof(top)))
		tap_skip("no temporary directory");
	test_keep();
	test_prune();
	test_names();
	test_without();
	test_damage();
	test_read_only();
	snprintf(dir, sizeof(dir), "rm -r '%.4000s'", top);
	if (chdir("/") || shell(dir))
		printf("# %s stays\n", top);
	return tap_done();
}
