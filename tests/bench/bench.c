/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The timing half of the benchmark; tests/bench/bench.sh says what is measured and makes a table of it.
 *
 * bench fill FILE BYTES SEED
 *     Makes a file of noise, the same for the same seed.
 * bench evict FILE...
 *     What the kernel has of these files goes from memory.
 * bench drop rename|copy FROM TO SEEN
 *     Milliseconds from the end of the drop to where SEEN is there.
 * bench start SEEN COUNT PROGRAM...
 *     Runs it; milliseconds to READY=1, and to where the text SEEN has COUNT lines that say "served"; its
 *     process. Ends when the program does.
 * bench memory PID
 *     KiB of that process and its children: all, anonymous, mapped files, memory files (indexes, slots).
 * bench read seq|BYTES READERS MIB REPEATS SERVED COPY ISO [FILLER]
 *     Reads SERVED, which lies in ISO, and its COPY, sequentially or BYTES at a time at random. MB/s first
 *     (the ISO in memory, SERVED not), hot, and of the copy hot; ratios of the first two to the third.
 *     FILLER is served, too, and drives out what the server keeps of SERVED.
 * bench cold seq|BYTES READERS MIB SERVED COPY ISO
 *     MB/s of both and their ratio, with nothing of either in memory.
 * bench median
 *     Of each column of standard input.
 *
 * Figures go to standard output, separated by blanks. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define POLL_NS 200000
#define REPEATS_MAX 64

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("bench: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(EXIT_FAILURE);
}

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
}

uint64_t number(const char *s)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(s, &end, 10);
	if (errno || *end || end == s)
		die("not a number: %s", s);
	return n;
}

/* xorshift64*; a state of 0 would stay 0. */
uint64_t noise(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0644);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

uint64_t size_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		die("%s: %s", path, strerror(errno));
	return (uint64_t)st.st_size;
}

double median(double *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && v[k - 1] > v[k]; k--) {
			double t = v[k];

			v[k] = v[k - 1];
			v[k - 1] = t;
		}
	return n == 0 ? 0 : n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* --- files ------------------------------------------------------------------------------------ */

static int run_fill(int argc, char *argv[])
{
	static uint64_t buf[BENCH_MIB / sizeof(uint64_t)];
	uint64_t left, state;
	int fd;

	if (argc != 3)
		return 2;
	left = number(argv[1]);
	state = number(argv[2]) * 2 + 1;
	fd = open_or_die(argv[0], O_WRONLY | O_CREAT | O_TRUNC);
	while (left) {
		uint64_t n = left < BENCH_MIB ? left : BENCH_MIB;

		for (size_t i = 0; i < sizeof(buf) / sizeof(buf[0]); i++)
			buf[i] = noise(&state);
		if (write(fd, buf, n) != (ssize_t)n)
			die("%s: %s", argv[0], strerror(errno));
		left -= n;
	}
	close(fd);
	return 0;
}

/* Share of a file's pages that are in memory. */
static double resident(int fd, uint64_t size)
{
	size_t pages = (size_t)((size + 4095) / 4096), count = 0;
	unsigned char *vec = malloc(pages ? pages : 1);
	void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	if (!vec || map == MAP_FAILED || mincore(map, size, vec) < 0)
		die("cannot see what is in memory: %s", strerror(errno));
	for (size_t i = 0; i < pages; i++)
		count += vec[i] & 1;
	munmap(map, size);
	free(vec);
	return pages ? (double)count / (double)pages : 0;
}

/* A first read of pages that never left would be a hot one under another name. */
void evict(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);
	uint64_t size = size_of(path);

	fdatasync(fd);
	for (int i = 0; i < 10000; i++) {
		if (posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0 && resident(fd, size) < 0.01) {
			close(fd);
			return;
		}
		nap();
	}
	die("%s stays in memory (%.0f %%)", path, 100 * resident(fd, size));
}

static int run_evict(int argc, char *argv[])
{
	for (int i = 0; i < argc; i++)
		evict(argv[i]);
	return argc ? 0 : 2;
}

/* --- the rest --------------------------------------------------------------------------------- */

static int run_median(int argc, char *argv[])
{
	static double v[16][REPEATS_MAX];
	size_t rows = 0, columns = 0;
	char line[512];

	(void)argv;
	while (rows < REPEATS_MAX && fgets(line, sizeof(line), stdin)) {
		char *at = line, *word;

		for (columns = 0; columns < 16 && (word = strtok(at, " \n")); columns++, at = NULL)
			v[columns][rows] = strtod(word, NULL);
		rows += columns > 0;
	}
	for (size_t i = 0; i < columns; i++) {
		double m = median(v[i], rows);

		printf("%s%.*f", i ? " " : "", m < 10 ? 2 : m < 100 ? 1 : 0, m);
	}
	printf("\n");
	return argc == 0 && rows ? 0 : EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
	static const struct {
		const char *name;
		int (*run)(int argc, char *argv[]);
	} commands[] = {{"fill", run_fill},	{"drop", run_drop},    {"start", run_start},
			{"evict", run_evict},	{"read", run_read},    {"cold", run_cold},
			{"memory", run_memory}, {"median", run_median}};
	int r = 2;

	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			r = commands[i].run(argc - 2, argv + 2);
	if (r == 2)
		fputs("bench: wrong usage: see the head of tests/bench/bench.c\n", stderr);
	return r;
}
