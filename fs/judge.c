/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cpu.h"
#include "indexer.h"
#include "initrd.h"
#include "judge.h"
#include "log.h"
#include "sandbox.h"

#define JUDGE_LIMIT   (2ull << 30) /* bytes of one initrd, decompressed */
#define JUDGE_SECONDS 60	   /* of processor time, after which no other is begun; the sandbox ends it at 120 */

static bool judge_tired(void)
{
	struct timespec t;

	return !clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) && t.tv_sec >= JUDGE_SECONDS;
}

/* The bytes of a file, where they lie in one piece. */
static bool judge_place(const struct index *x, uint32_t file, uint64_t size, struct index_extent *place)
{
	const struct index_entry *e = &x->entries[x->files[file].entry];

	*place = (struct index_extent){0};
	for (uint32_t i = 0; i < e->count; i++) {
		const struct index_extent *part = &x->extents[e->first + i];

		if (i == 0)
			place->offset = part->offset;
		else if (part->offset != place->offset + place->length)
			return false;
		place->length += part->length;
	}
	return range_inside(place->offset, place->length, size);
}

static uint64_t judge_file(const struct index *x, const uint8_t *map, uint64_t size, uint32_t file, uint64_t *can)
{
	struct index_extent place, other;
	uint64_t found;

	if (!judge_place(x, file, size, &place))
		return INITRD_CUT;
	for (uint32_t i = 0; i < file; i++)
		if (can[i] && judge_place(x, i, size, &other) && other.offset == place.offset &&
		    other.length == place.length)
			return can[i];
	/* A hypervisor's kernel is its first module, and brings nothing. */
	if (cpu_of_program(map + place.offset, place.length))
		return INITRD_JUDGED;
	if (judge_tired())
		return INITRD_CUT;
	/* On out of memory it is as with damage. */
	(void)initrd_judge(map + place.offset, place.length, JUDGE_LIMIT, &found);
	return found;
}

static bool judge_is_used(const struct index *x, uint32_t file)
{
	for (uint64_t i = 0; i < x->header->count[INDEX_BOOTS]; i++)
		for (uint32_t k = 0; k < x->boots[i].initrd_count; k++)
			if (x->refs[x->boots[i].initrd_first + k] == file)
				return true;
	return false;
}

void judge_index(const struct index *x, const void *map, uint64_t size, uint64_t *can)
{
	for (uint32_t i = 0; i < x->header->count[INDEX_FILES]; i++)
		if (x->files[i].dir == INDEX_DIR_INITRD && judge_is_used(x, i))
			can[i] = judge_file(x, map, size, i, can);
}

void judge_skip(const struct index *x, uint64_t *can)
{
	for (uint32_t i = 0; i < x->header->count[INDEX_FILES]; i++)
		if (x->files[i].dir == INDEX_DIR_INITRD)
			can[i] = INITRD_CUT;
}

/* Behind everybody, and the first to go when memory is short. No failure of these matters. */
static void judge_step_back(void)
{
	/* Those of linux/ioprio.h, for which the C library has no call. */
	const int io_class_idle = 3, io_class_shift = 13, io_who_process = 1;
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	setpriority(PRIO_PROCESS, 0, 19);
	syscall(SYS_ioprio_set, io_who_process, 0, io_class_idle << io_class_shift);
	if (fd >= 0)
		(void)!write(fd, "1000", 4);
	fd_close(&fd);
}

static int judge_run(bool skip, struct reason *why)
{
	cleanup_free uint64_t *can = NULL;
	struct index *x = NULL;
	struct timespec now;
	struct stat st;
	void *map = NULL;
	int r;

	if (fstat(JUDGE_FD_IMAGE, &st) < 0 || st.st_size <= 0)
		return reason_set(why, -EMEDIUMTYPE, "not an ISO: empty or not a file");
	r = index_open(JUDGE_FD_INDEX, (uint64_t)st.st_size, &x, why);
	if (r)
		return r;
	can = calloc(x->header->count[INDEX_FILES] + 1, sizeof(*can));
	if (!skip)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, JUDGE_FD_IMAGE, 0);
	if (!can || map == MAP_FAILED) {
		index_close(x);
		return reason_set(why, -ENOMEM, "%s", strerror(ENOMEM));
	}
	if (skip)
		judge_skip(x, can);
	else
		judge_index(x, map, (uint64_t)st.st_size, can);
	clock_gettime(CLOCK_REALTIME, &now);
	/* A machine without a clock begins in 1970. */
	now.tv_sec += now.tv_sec <= 0;
	r = index_write_judged(x, can, now, JUDGE_FD_OUT);
	index_close(x);
	return r ? reason_set(why, r, "index: %s", strerror(-r)) : 0;
}

int judge_main(int argc, char *const argv[])
{
	struct reason why = {""};
	int r;

	log_open(LOG_TARGET_PREFIXED, false);
	judge_step_back();
	r = sandbox_judge(JUDGE_FD_IMAGE);
	if (r) {
		log_err("judge: cannot lock itself in: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	if (!judge_run(argc > 1 && !strcmp(argv[1], JUDGE_SKIP), &why))
		return INDEXER_OK;
	if (ftruncate(JUDGE_FD_OUT, 0) < 0 || lseek(JUDGE_FD_OUT, 0, SEEK_SET) < 0 ||
	    write_full(JUDGE_FD_OUT, why.text, strlen(why.text)))
		return EXIT_FAILURE;
	return INDEXER_REFUSED;
}
