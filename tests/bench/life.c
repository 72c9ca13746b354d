/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drops, starts, and what the processes are made of. */
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/* --- dropping --------------------------------------------------------------------------------- */

int run_drop(int argc, char *argv[])
{
	struct stat st;
	double dropped;

	if (argc != 4)
		return 2;
	if (!strcmp(argv[0], "rename")) {
		if (rename(argv[1], argv[2]) < 0)
			die("rename: %s", strerror(errno));
	} else {
		int in = open_or_die(argv[1], O_RDONLY),
		    out = open_or_die(argv[2], O_WRONLY | O_CREAT | O_EXCL);
		char *buf = malloc(BENCH_MIB);
		ssize_t n;

		/* As cp does where nothing can be shared: blocks of a size that it would take. */
		while (buf && (n = read(in, buf, BENCH_MIB)) > 0)
			if (write(out, buf, (size_t)n) != n)
				die("%s: %s", argv[2], strerror(errno));
		if (!buf || close(out) < 0)
			die("%s: %s", argv[2], strerror(errno));
	}
	dropped = now();
	while (stat(argv[3], &st) < 0) {
		if (now() - dropped > BENCH_PATIENCE_S)
			die("%s does not appear", argv[3]);
		nap();
	}
	printf("%.1f\n", (now() - dropped) * 1e3);
	return 0;
}

/* --- starting --------------------------------------------------------------------------------- */

/* A datagram socket in the abstract name space, as a service manager's. */
static int notify_socket(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = BENCH_PATIENCE_S};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char name[64];

	snprintf(name, sizeof(name), "@pxefs-bench-%d", (int)getpid());
	memcpy(at.sun_path + 1, name + 1, strlen(name) - 1);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&at,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setenv("NOTIFY_SOCKET", name, 1))
		die("notify socket: %s", strerror(errno));
	return fd;
}

static void await_ready(int fd)
{
	char text[512];
	ssize_t n;

	do {
		n = recv(fd, text, sizeof(text) - 1, 0);
		if (n < 0)
			die("the program does not say READY=1: %s", strerror(errno));
		text[n] = 0;
	} while (!strstr(text, "READY=1"));
}

static uint64_t served_lines(const char *path)
{
	static char text[4 << 20];
	uint64_t count = 0;
	size_t used = 0;
	ssize_t n;
	int fd = open_or_die(path, O_RDONLY);

	while (used < sizeof(text) - 1 && (n = read(fd, text + used, sizeof(text) - 1 - used)) > 0)
		used += (size_t)n;
	close(fd);
	text[used] = 0;
	for (const char *p = text; (p = strstr(p, "\tserved\t")); p++)
		count++;
	return count;
}

int run_start(int argc, char *argv[])
{
	double begun, ready;
	uint64_t count;
	int fd, status;
	pid_t pid;

	if (argc < 3)
		return 2;
	count = number(argv[1]);
	fd = notify_socket();
	begun = now();
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execv(argv[2], argv + 2);
		die("%s: %s", argv[2], strerror(errno));
	}
	await_ready(fd);
	ready = now();
	close(fd);
	while (served_lines(argv[0]) < count) {
		if (now() - begun > BENCH_PATIENCE_S)
			die("%s never lists %llu images", argv[0], (unsigned long long)count);
		nap();
	}
	printf("%.1f %.1f %d\n", (ready - begun) * 1e3, (now() - begun) * 1e3, (int)pid);
	fflush(stdout);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

/* --- memory ----------------------------------------------------------------------------------- */

struct memory {
	uint64_t anon, file, memfd; /* KiB */
	ino_t seen[4096];
	size_t seen_count;
};

static void memory_maps(struct memory *m, const char *pid)
{
	char path[300], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/smaps_rollup", pid);
	f = fopen(path, "re");
	if (!f)
		die("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		unsigned long long n;

		if (sscanf(line, "Pss_Anon: %llu", &n) == 1)
			m->anon += n;
		else if (sscanf(line, "Pss_File: %llu", &n) == 1)
			m->file += n;
	}
	fclose(f);
}

/* A memory file counts once and whole, whoever maps or only holds it. */
static void memory_files(struct memory *m, const char *pid)
{
	char dir[280], path[600], target[256];
	const struct dirent *e;
	DIR *d;

	snprintf(dir, sizeof(dir), "/proc/%s/fd", pid);
	d = opendir(dir);
	if (!d)
		die("%s: %s", dir, strerror(errno));
	while ((e = readdir(d))) {
		struct stat st;
		bool known = false;
		ssize_t n;

		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		if (n < 7 || strncmp(target, "/memfd:", 7) || stat(path, &st) < 0)
			continue;
		for (size_t i = 0; i < m->seen_count && !known; i++)
			known = m->seen[i] == st.st_ino;
		if (known)
			continue;
		if (m->seen_count == sizeof(m->seen) / sizeof(m->seen[0]))
			die("too many memory files");
		m->seen[m->seen_count++] = st.st_ino;
		m->memfd += (uint64_t)st.st_blocks / 2;
	}
	closedir(d);
}

static bool child_of(const char *pid, const char *parent)
{
	char path[300], line[128];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, "PPid:\t", 6) && !strncmp(line + 6, parent, strlen(parent)) &&
			line[6 + strlen(parent)] == '\n';
	if (f)
		fclose(f);
	return found;
}

int run_memory(int argc, char *argv[])
{
	static struct memory m;
	const struct dirent *e;
	DIR *d = opendir("/proc");

	if (argc != 1 || !d)
		return 2;
	while ((e = readdir(d)))
		if (isdigit((unsigned char)e->d_name[0]) &&
		    (!strcmp(e->d_name, argv[0]) || child_of(e->d_name, argv[0]))) {
			memory_maps(&m, e->d_name);
			memory_files(&m, e->d_name);
		}
	closedir(d);
	printf("%llu %llu %llu %llu\n", (unsigned long long)(m.anon + m.file + m.memfd),
	       (unsigned long long)m.anon, (unsigned long long)m.file, (unsigned long long)m.memfd);
	return 0;
}
