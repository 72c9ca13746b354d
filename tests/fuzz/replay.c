/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit/tap.h"

/* The main() of a fuzzer that is built without libFuzzer: gives each file named on the command line, or each
 * file of the corpus beside the source (tests/fuzz/fuzz-x.corpus/), to the fuzzer once. Surviving is
 * passing, so a file that kills the fuzzer ends the run without a plan, its name being the last line. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The fuzzer gets the file's bytes with unmapped memory right behind a copy of exactly that size, so
 * that a read past the end is seen even without sanitizers. */
static bool replay(const char *path)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size, room;
	struct stat st;
	uint8_t *map;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool read_all;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return false;
	}
	size = (size_t)st.st_size;
	room = (size + page - 1) / page * page;
	map = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || mprotect(map + room, page, PROT_NONE) < 0) {
		close(fd);
		return false;
	}
	read_all = pread(fd, map + room - size, size, 0) == (ssize_t)size;
	close(fd);
	if (read_all) {
		printf("# %s, %zu bytes\n", path, size);
		fflush(stdout);
		LLVMFuzzerTestOneInput(map + room - size, size);
	}
	munmap(map, room + page);
	return read_all;
}

static int not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	const char *top = getenv("TOP_SRCDIR");
	struct dirent **names;
	char dir[PATH_MAX], path[PATH_MAX + NAME_MAX + 2];
	int count;

	for (int i = 1; i < argc; i++)
		tap_ok(replay(argv[i]), "%s", argv[i]);
	if (argc > 1)
		return tap_done();
	snprintf(dir, sizeof(dir), "%s/tests/fuzz/%s.corpus", top ? top : ".", program_invocation_short_name);
	count = scandir(dir, &names, not_hidden, alphasort);
	if (count < 0)
		printf("# %s: %s\n", dir, strerror(errno));
	tap_ok(count > 0, "there is a corpus");
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		tap_ok(replay(path), "%s", names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return tap_done();
}
