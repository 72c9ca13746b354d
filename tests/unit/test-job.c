/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "indexer.h"
#include "job.h"
#include "judge.h"
#include "tap.h"

/* Processes of ours: this program starts itself. Under the indexer's name it does what the image that it is
 * given says; under the server's it looks at how it was started, and writes what is wrong to descriptor 3. */

/* --- the children ------------------------------------------------------------------------------ */

static int play_indexer(void)
{
	char order[16] = "", text[200];

	if (pread(INDEXER_FD_IMAGE, order, sizeof(order) - 1, 0) <= 0)
		return 99;
	if (!strcmp(order, "whole"))
		return write_full(INDEXER_FD_OUT, "an index", 8) ? 98 : INDEXER_OK;
	if (!strcmp(order, "incomplete"))
		return write_full(INDEXER_FD_OUT, "half of it", 10) ? 98 : INDEXER_INCOMPLETE;
	if (!strcmp(order, "refused"))
		return write_full(INDEXER_FD_OUT, "bad\n\033[31mwords", 14) ? 98 : INDEXER_REFUSED;
	if (!strcmp(order, "long")) {
		memset(text, 'x', sizeof(text));
		return write_full(INDEXER_FD_OUT, text, sizeof(text)) ? 98 : INDEXER_REFUSED;
	}
	if (!strcmp(order, "silent"))
		return INDEXER_REFUSED;
	if (!strcmp(order, "sealed"))
		return fcntl(INDEXER_FD_OUT, F_ADD_SEALS, F_SEAL_SEAL) ? 98 : INDEXER_OK;
	if (!strcmp(order, "killed"))
		raise(SIGKILL);
	return 97;
}

/* Says what it was given: the image's word, the index's, and its argument. */
static int play_judge(int argc, char **argv)
{
	char order[16] = "", index[16] = "", said[64];

	if (pread(JUDGE_FD_IMAGE, order, sizeof(order) - 1, 0) <= 0 ||
	    pread(JUDGE_FD_INDEX, index, sizeof(index) - 1, 0) <= 0)
		return 99;
	if (!strcmp(order, "killed"))
		raise(SIGKILL);
	if (!strcmp(order, "incomplete"))
		return INDEXER_INCOMPLETE;
	snprintf(said, sizeof(said), "%s %s %s", order, index, argc > 1 ? argv[1] : "-");
	if (write_full(JUDGE_FD_OUT, said, strlen(said)))
		return 98;
	return strcmp(order, "refused") ? INDEXER_OK : INDEXER_REFUSED;
}

static int play_server(int argc, char **argv)
{
	sigset_t blocked;
	char dev[64] = "", said[512];
	ssize_t n;
	int wrong = 0, fds = 0;

	if (argc == 2 && !strcmp(argv[1], "wait")) {
		(void)!write(3, "up", 2);
		for (;;)
			pause();
	}
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int s = 1; s < 32; s++)
		wrong |= sigismember(&blocked, s) ? 1 : 0;
	for (int fd = 0; fd < 2; fd++) {
		char link[32];

		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, dev, sizeof(dev) - 1);
		dev[n > 0 ? n : 0] = 0;
		wrong |= strcmp(dev, "/dev/null") ? 2 : 0;
	}
	for (int fd = 3; fd < 256; fd++)
		fds += fcntl(fd, F_GETFD) >= 0;
	wrong |= fds != 3 ? 4 : 0;
	for (int fd = 3; fd < 6; fd++)
		wrong |= fcntl(fd, F_GETFD) ? 8 : 0; /* there, and not closed by the next exec */
	wrong |= argc != 3 || strcmp(argv[1], "one") || strcmp(argv[2], "two words") ? 16 : 0;
	snprintf(said, sizeof(said), "%d", wrong);
	(void)!write(3, said, strlen(said));
	(void)!write(4, "four", 4);
	(void)!write(5, "five", 4);
	(void)!write(2, "log", 3);
	return 42;
}

/* --- the parent -------------------------------------------------------------------------------- */

static char *program;

static int memfd(const char *text)
{
	int fd = memfd_create("job", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write_full(fd, text, strlen(text)))
		abort();
	return fd;
}

static bool holds(int fd, const char *want)
{
	char buf[64] = "";

	return pread(fd, buf, sizeof(buf) - 1, 0) == (ssize_t)strlen(want) && !strcmp(buf, want);
}

static int finish(pid_t pid)
{
	int status = -1;

	if (waitpid(pid, &status, 0) != pid)
		abort();
	return status;
}

static void test_program(void)
{
	ok(!job_program(&program) && program[0] == '/' && !access(program, X_OK));
}

/* Descriptors are given in an order in which each is in the place of another. */
static void test_start(void)
{
	char ignored[] = "ignored", one[] = "one", two[] = "two words", *argv[] = {ignored, one, two, NULL};
	int out[3] = {memfd(""), memfd(""), memfd("")}, log = memfd(""), spare = memfd(""), fds[3];
	sigset_t block;
	pid_t pid = 0;
	int status;

	/* As low as can be, and turned round. */
	for (int i = 0; i < 3; i++)
		fds[i] = out[2 - i];
	sigfillset(&block);
	sigprocmask(SIG_BLOCK, &block, NULL);
	ok(!job_start(program, JOB_SERVER, argv, fds, 3, log, false, &pid) && pid > 0);
	status = finish(pid);
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	tap_ok(holds(out[2], "0"), "signals, arguments and descriptors are as promised");
	ok(holds(out[1], "four") && holds(out[0], "five") && holds(log, "log"));
	for (int i = 0; i < 3; i++)
		close(out[i]);
	close(log);
	close(spare);
}

static void test_start_wrong(void)
{
	int many[9], fd = memfd(""), status;
	pid_t pid = -7;

	for (int i = 0; i < 9; i++)
		many[i] = fd;
	ok(job_start(program, JOB_SERVER, NULL, many, 9, -1, false, &pid) < 0 && pid == -7);
	ok(!job_start("/no/such/program", JOB_SERVER, NULL, &fd, 1, -1, false, &pid));
	status = finish(pid);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE,
	       "a program that is not there is a child that fails");
	close(fd);
	fd = -1;
	ok(!job_start(program, JOB_SERVER, NULL, &fd, 1, -1, false, &pid));
	status = finish(pid);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE, "so is a descriptor that is none");
}

/* A child in between starts one that waits, and is killed: the one that waits holds the pipe as long as it
 * lives. */
static void test_orphan(void)
{
	char ignored[] = "", word[] = "wait", *argv[] = {ignored, word, NULL};
	struct pollfd p = {.events = POLLIN};
	char buf[8];
	int ends[2];
	pid_t between, pid;

	if (pipe2(ends, O_CLOEXEC))
		abort();
	fflush(NULL);
	between = fork();
	if (between == 0) {
		if (job_start(program, JOB_SERVER, argv, &ends[1], 1, -1, true, &pid))
			_exit(1);
		close(ends[1]);
		for (;;)
			pause();
	}
	close(ends[1]);
	p.fd = ends[0];
	ok(poll(&p, 1, 20000) == 1 && read(ends[0], buf, sizeof(buf)) == 2);
	kill(between, SIGKILL);
	finish(between);
	tap_ok(poll(&p, 1, 20000) == 1 && read(ends[0], buf, sizeof(buf)) == 0,
	       "who is to die with its parent does");
	close(ends[0]);
}

static const struct {
	const char *order, *says;
	int result;
} verdicts[] = {
	{"whole", "", 0},
	{"incomplete", "half of it", -ENODATA},
	{"refused", "bad??[31mwords", -EBADMSG},
	{"long", "xxxxxxxx", -EBADMSG},
	{"silent", "", -EBADMSG},
	{"sealed", "cannot be sealed", -EBADMSG},
	{"killed", "signal 9", -EBADMSG},
	{"nonsense", "status 97", -EBADMSG},
};

static void test_index(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		struct reason why = {""};
		int image = memfd(verdicts[i].order), out = -1, r;
		pid_t pid = 0;

		if (!tap_ok(!job_index(program, image, -1, &out, &pid) && out >= 0 && pid > 0,
			    "an indexer is started"))
			return;
		r = job_index_done(out, finish(pid), &why);
		tap_ok(r == verdicts[i].result && strstr(why.text, verdicts[i].says), "%s: %d, \"%s\"",
		       verdicts[i].order, r, why.text);
		if (!r) {
			ok(holds(out, "an index") && pwrite(out, "x", 1, 0) < 0 && ftruncate(out, 0) < 0);
			ok(fcntl(out, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) < 0);
		}
		close(out);
		close(image);
	}
}

static void test_judge(const char *order, bool skip, int result, const char *says)
{
	struct reason why = {""};
	int image = memfd(order), index = memfd("index"), out = -1, r;
	pid_t pid = 0;

	if (!tap_ok(!job_judge(program, image, index, skip, -1, &out, &pid) && out >= 0 && pid > 0,
		    "a judge is started"))
		return;
	r = job_judge_done(out, finish(pid), &why);
	tap_ok(r == result && (r ? strstr(why.text, says) != NULL : holds(out, says)), "%s: %d, \"%s\"", order, r,
	       why.text);
	if (!r)
		ok(pwrite(out, "x", 1, 0) < 0 && ftruncate(out, 0) < 0);
	close(out);
	close(index);
	close(image);
}

int main(int argc, char **argv)
{
	if (argc > 0 && !strcmp(argv[0], JOB_INDEXER))
		return play_indexer();
	if (argc > 0 && !strcmp(argv[0], JOB_JUDGE))
		return play_judge(argc, argv);
	if (argc > 0 && !strcmp(argv[0], JOB_SERVER))
		return play_server(argc, argv);
	test_program();
	test_start();
	test_start_wrong();
	test_orphan();
	test_index();
	test_judge("look", false, 0, "look index -");
	test_judge("look", true, 0, "look index " JUDGE_SKIP);
	test_judge("refused", false, -EBADMSG, "refused index -");
	test_judge("incomplete", false, -EBADMSG, "");
	test_judge("killed", false, -EBADMSG, "its judge was ended by signal 9");
	free(program);
	return tap_done();
}
