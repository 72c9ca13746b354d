/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads of a served file and of its copy. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define SEQUENTIAL_UNIT BENCH_MIB
#define REPEATS_MAX 64

struct plan {
	bool random;
	uint64_t unit, units; /* a read; how many there are to do */
	unsigned readers;
	uint32_t *order; /* of units, for random ones */
};

static void plan_make(struct plan *p, const char *pattern, const char *readers, const char *mib,
		      const char *path)
{
	uint64_t there, state = 42;

	p->random = strcmp(pattern, "seq") != 0;
	p->unit = p->random ? number(pattern) : SEQUENTIAL_UNIT;
	p->readers = (unsigned)number(readers);
	there = size_of(path) / p->unit;
	p->units = number(mib) * BENCH_MIB / p->unit;
	if (p->units > there)
		p->units = there;
	if (!p->units || !p->readers || there > UINT32_MAX)
		die("nothing to read in %s", path);
	p->order = calloc(there, sizeof(*p->order));
	if (!p->order)
		die("out of memory");
	for (uint64_t i = 0; i < there; i++)
		p->order[i] = (uint32_t)i;
	for (uint64_t i = there - 1; p->random && i > 0; i--) {
		uint64_t k = noise(&state) % (i + 1);
		uint32_t t = p->order[i];

		p->order[i] = p->order[k];
		p->order[k] = t;
	}
}

/* Reader r's part: sequentially a range of its own, at random every so-manieth of the one order. */
static void reader(const struct plan *p, const char *path, unsigned r, int ready, int go)
{
	uint64_t from = p->random ? r : p->units * r / p->readers;
	uint64_t to = p->random ? p->units : p->units * (r + 1) / p->readers,
		 step = p->random ? p->readers : 1;
	int fd = open_or_die(path, O_RDONLY);
	char *buf = aligned_alloc(4096, p->unit < 4096 ? 4096 : p->unit);

	if (!buf)
		die("out of memory");
	memset(buf, 1, p->unit);
	close(ready);
	(void)!read(go, buf, 1);
	for (uint64_t i = from; i < to; i += step) {
		uint64_t done = 0;

		while (done < p->unit) {
			ssize_t n =
				pread(fd, buf + done, p->unit - done, (off_t)(p->order[i] * p->unit + done));

			if (n <= 0)
				die("%s: %s", path, n ? strerror(errno) : "short");
			done += (uint64_t)n;
		}
	}
	_exit(EXIT_SUCCESS);
}

/* MB/s from the moment when all readers are let go to the end of the last. */
static double read_once(const struct plan *p, const char *path)
{
	int go[2], ready[2], status;
	double begun;
	bool ok = true;

	if (pipe(go) < 0 || pipe(ready) < 0)
		die("pipe: %s", strerror(errno));
	for (unsigned r = 0; r < p->readers; r++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork: %s", strerror(errno));
		if (pid == 0) {
			close(go[1]);
			close(ready[0]);
			reader(p, path, r, ready[1], go[0]);
		}
	}
	close(go[0]);
	close(ready[1]);
	/* The end of this pipe: every reader is as far as it comes by itself. */
	(void)!read(ready[0], &status, 1);
	close(ready[0]);
	begun = now();
	close(go[1]);
	for (unsigned r = 0; r < p->readers; r++)
		ok = wait(&status) > 0 && status == 0 && ok;
	if (!ok)
		die("a reader of %s failed", path);
	return (double)(p->units * p->unit) / 1e6 / (now() - begun);
}

static void read_all(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);
	char *buf = malloc(BENCH_MIB);

	while (buf && read(fd, buf, BENCH_MIB) > 0)
		;
	free(buf);
	close(fd);
}

int run_read(int argc, char *argv[])
{
	double v[5][REPEATS_MAX];
	struct plan p;
	size_t repeats;

	if (argc != 7 && argc != 8)
		return 2;
	plan_make(&p, argv[0], argv[1], argv[2], argv[4]);
	repeats = number(argv[3]);
	if (repeats < 1 || repeats > REPEATS_MAX)
		die("repeats: 1 to %d", REPEATS_MAX);
	if (size_of(argv[4]) != size_of(argv[5]))
		die("%s is no copy of %s", argv[5], argv[4]);
	for (size_t i = 0; i < repeats; i++) {
		/* Each time, because nobody promises that they stay in memory. */
		read_all(argv[5]);
		read_all(argv[6]);
		evict(argv[4]);
		if (argc == 8) {
			evict(argv[7]);
			read_all(argv[7]);
		}
		v[0][i] = read_once(&p, argv[4]);
		v[1][i] = read_once(&p, argv[4]);
		v[2][i] = read_once(&p, argv[5]);
		v[3][i] = v[0][i] / v[2][i];
		v[4][i] = v[1][i] / v[2][i];
	}
	printf("%.0f %.0f %.0f %.2f %.2f\n", median(v[0], repeats), median(v[1], repeats),
	       median(v[2], repeats), median(v[3], repeats), median(v[4], repeats));
	free(p.order);
	return 0;
}

int run_cold(int argc, char *argv[])
{
	struct plan p;
	double served, copy;

	if (argc != 6)
		return 2;
	plan_make(&p, argv[0], argv[1], argv[2], argv[3]);
	evict(argv[3]);
	evict(argv[5]);
	served = read_once(&p, argv[3]);
	evict(argv[4]);
	copy = read_once(&p, argv[4]);
	printf("%.0f %.0f %.2f\n", served, copy, served / copy);
	free(p.order);
	return 0;
}
