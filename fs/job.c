/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "indexer.h"
#include "job.h"
#include "judge.h"

#define JOB_FDS 8

int job_program(char **path)
{
	char link[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", link, sizeof(link) - 1);
	static const char gone[] = " (deleted)";

	if (n < 0)
		return -errno;
	link[n] = 0;
	/* An upgrade puts a new file under the name; that is the one to start next. */
	if ((size_t)n > strlen(gone) && !strcmp(link + n - strlen(gone), gone))
		link[(size_t)n - strlen(gone)] = 0;
	*path = strdup(link);
	return *path ? 0 : -ENOMEM;
}

/* In the child. Moves the descriptors out of each other's way first, then into place. */
static bool job_place(const int *fds, size_t count, int err)
{
	int high[JOB_FDS], null, i;

	if (err >= 0 && dup2(err, STDERR_FILENO) < 0)
		return false;
	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return false;
	for (i = 0; i < (int)count; i++) {
		high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 3 + JOB_FDS);
		if (high[i] < 0)
			return false;
	}
	for (i = 0; i < (int)count; i++)
		if (dup2(high[i], 3 + i) < 0)
			return false;
	return true;
}

int job_start(const char *program, const char *name, char *const argv[], const int *fds, size_t fd_count,
	      int err, bool die_with_parent, pid_t *pid)
{
	size_t n = 0;
	cleanup_free char **args = NULL;
	sigset_t none;
	pid_t parent = getpid(), child;

	while (argv && argv[n])
		n++;
	args = calloc(n + 2, sizeof(*args));
	if (!args || fd_count > JOB_FDS)
		return -ENOMEM;
	args[0] = (char *)(uintptr_t)name;
	for (size_t i = 1; i < n; i++)
		args[i] = argv[i];
	child = fork();
	if (child < 0)
		return -errno;
	if (child > 0) {
		*pid = child;
		return 0;
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (die_with_parent && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
		_exit(EXIT_FAILURE);
	if (job_place(fds, fd_count, err)) {
		closefrom(3 + (int)fd_count);
		execv(program, args);
	}
	_exit(EXIT_FAILURE);
}

int job_index(const char *program, int image, int err, int *out, pid_t *pid)
{
	cleanup_fd int fd = memfd_create("pxefs-index", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int fds[2] = {image, fd}, r;

	if (fd < 0)
		return -errno;
	r = job_start(program, JOB_INDEXER, NULL, fds, 2, err, true, pid);
	if (!r)
		*out = steal_fd(fd);
	return r;
}

int job_judge(const char *program, int image, int index, bool skip, int err, int *out, pid_t *pid)
{
	cleanup_fd int fd = memfd_create("pxefs-index", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	char name[] = JOB_JUDGE, word[] = JUDGE_SKIP, *argv[] = {name, skip ? word : NULL, NULL};
	int fds[3] = {image, fd, index}, r;

	if (fd < 0)
		return -errno;
	r = job_start(program, JOB_JUDGE, argv, fds, 3, err, true, pid);
	if (!r)
		*out = steal_fd(fd);
	return r;
}

/* who: what it is called in a reason. */
static int job_done(const char *who, int out, int status, struct reason *why)
{
	char text[sizeof(why->text)] = "";

	if (WIFSIGNALED(status))
		return reason_set(why, -EBADMSG, "its %s was ended by signal %d (%s)", who, WTERMSIG(status),
				  strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == INDEXER_OK) {
		if (fcntl(out, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
			return reason_set(why, -EBADMSG, "its index cannot be sealed: %s", strerror(errno));
		return 0;
	}
	if (WEXITSTATUS(status) != INDEXER_INCOMPLETE && WEXITSTATUS(status) != INDEXER_REFUSED)
		return reason_set(why, -EBADMSG, "its %s failed with status %d", who, WEXITSTATUS(status));
	(void)!pread(out, text, sizeof(text) - 1, 0);
	return reason_set(why, WEXITSTATUS(status) == INDEXER_INCOMPLETE ? -ENODATA : -EBADMSG, "%s", text);
}

int job_index_done(int out, int status, struct reason *why)
{
	return job_done("indexer", out, status, why);
}

int job_judge_done(int out, int status, struct reason *why)
{
	int r = job_done("judge", out, status, why);

	return r == -ENODATA ? -EBADMSG : r;
}
