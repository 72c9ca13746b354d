/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "indexer.h"
#include "inspect.h"
#include "job.h"
#include "judge.h"
#include "keeper.h"
#include "log.h"
#include "notify.h"
#include "options.h"
#include "server.h"

/* What the process in the background tells the one that waits for it. */
struct start_report {
	int status;
	struct reason why;
};

struct start {
	int report; /* pipe to the waiting process, or -1 */
	bool told;
};

static void start_serving(void *ctx)
{
	struct start *s = ctx;
	struct start_report ok = {.status = 0};
	int null;

	if (s->told)
		return;
	s->told = true;
	notify_state("READY=1");
	if (s->report < 0)
		return;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0)
		for (int fd = 0; fd <= 2; fd++)
			dup2(null, fd);
	fd_close(&null);
	(void)!write(s->report, &ok, sizeof(ok));
	fd_close(&s->report);
}

/* Descriptors 0 to 2 exist from here on, so that no file of ours becomes somebody's stderr. */
static void open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	fd_close(&fd);
}

static int wait_for_start(int fd)
{
	struct start_report report;
	ssize_t n;

	do
		n = read(fd, &report, sizeof(report));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(report)) {
		fprintf(stderr, "pxefs: ended before the mount was served; see the system log\n");
		return EXIT_FAILURE;
	}
	if (report.status)
		fprintf(stderr, "pxefs: %s\n", report.why.text);
	return report.status;
}

static int run_mount(const struct options *o)
{
	struct start start = {.report = -1};
	struct reason why = {""};
	int pipefd[2], r;

	if (!o->foreground) {
		pid_t pid;

		if (pipe2(pipefd, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
			fprintf(stderr, "pxefs: %s\n", strerror(errno));
			return EXIT_FAILURE;
		}
		if (pid > 0) {
			close(pipefd[1]);
			return wait_for_start(pipefd[0]);
		}
		close(pipefd[0]);
		start.report = pipefd[1];
		setsid();
		(void)!chdir("/");
		log_open(LOG_TARGET_SYSLOG, false);
	} else {
		log_open(LOG_TARGET_STDERR, o->debug);
	}
	umask(022);
	r = keeper_run(o, start_serving, &start, &why);
	if (!r && !start.told)
		r = reason_set(&why, -EINTR, "stopped before the mount was served");
	if (r && !why.text[0])
		reason_set(&why, r, "%s", strerror(-r));
	if (r)
		log_err("%s", why.text);
	if (start.report >= 0) {
		struct start_report report = {.status = r ? EXIT_FAILURE : 0, .why = why};

		(void)!write(start.report, &report, sizeof(report));
	}
	return r ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	struct options o;
	struct reason why = {""};
	int r;

	open_standard();
	if (argc > 0 && !strcmp(argv[0], JOB_INDEXER))
		/* Not by exit(): a sanitizer's leak check cannot run in there, and memory goes with the process. */
		_exit(indexer_main());
	if (argc > 0 && !strcmp(argv[0], JOB_JUDGE))
		_exit(judge_main(argc, argv));
	if (argc > 0 && !strcmp(argv[0], JOB_SERVER))
		return server_main(argc, argv);
	r = options_parse(argc, argv, &o, &why);
	if (r) {
		fprintf(stderr, "pxefs: %s\n", why.text[0] ? why.text : strerror(-r));
		options_free(&o);
		return 2;
	}
	switch (o.mode) {
	case OPTIONS_HELP:
		options_help(stdout);
		break;
	case OPTIONS_VERSION:
		printf("pxefs %s\n", PACKAGE_VERSION);
		break;
	case OPTIONS_MOUNT:
		r = run_mount(&o);
		break;
	default:
		log_open(LOG_TARGET_STDERR, o.debug);
		r = inspect_run(&o);
		break;
	}
	options_free(&o);
	return r;
}
