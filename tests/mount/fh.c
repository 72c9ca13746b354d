/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What nfsd does with file handles, for shell tests: takes one of a path, opens one later, makes ones up. A
 * handle is written as type:hex. FUSE's (kernel fs/fuse/inode.c, fuse_encode_fh) is type 0x81 and three words
 * in host order: the upper and the lower half of the node id, the generation. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FH_MAX	128
#define FH_FUSE 0x81

union fh {
	struct file_handle head;
	unsigned char all[offsetof(struct file_handle, f_handle) + FH_MAX];
};

static unsigned char *fh_bytes(union fh *fh)
{
	return fh->all + offsetof(struct file_handle, f_handle);
}

static int die(const char *what)
{
	fprintf(stderr, "fh: %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static bool fh_parse(const char *text, union fh *fh)
{
	int at = 0;

	memset(fh, 0, sizeof(*fh));
	if (sscanf(text, "%i:%n", &fh->head.handle_type, &at) != 1 || !at)
		return false;
	for (text += at; *text; text += 2) {
		if (fh->head.handle_bytes == FH_MAX ||
		    sscanf(text, "%2hhx", &fh_bytes(fh)[fh->head.handle_bytes++]) != 1)
			return false;
	}
	return true;
}

static void fh_print(union fh *fh)
{
	printf("%#x:", (unsigned)fh->head.handle_type);
	for (unsigned i = 0; i < fh->head.handle_bytes; i++)
		printf("%02x", fh_bytes(fh)[i]);
	putchar('\n');
}

static void fh_set(union fh *fh, uint64_t id, uint32_t generation)
{
	uint32_t words[3] = {(uint32_t)(id >> 32), (uint32_t)id, generation};

	memset(fh, 0, sizeof(*fh));
	fh->head.handle_type = FH_FUSE;
	fh->head.handle_bytes = sizeof(words);
	memcpy(fh_bytes(fh), words, sizeof(words));
}

static int fh_take(const char *path, union fh *fh)
{
	int mount_id;

	memset(fh, 0, sizeof(*fh));
	fh->head.handle_bytes = FH_MAX;
	return name_to_handle_at(AT_FDCWD, path, &fh->head, &mount_id, 0);
}

/* The errno's name where a test asks for it by name. */
static const char *fh_error(int err)
{
	const char *name = err ? strerrorname_np(err) : "ok";

	return name ? name : "unknown";
}

static int fh_open(int mount, union fh *fh, int flags)
{
	return open_by_handle_at(mount, &fh->head, flags);
}

static int fh_cat(int fd)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (fwrite(buf, 1, (size_t)n, stdout) != (size_t)n)
			return die("stdout");
	return n < 0 ? die("read") : fflush(stdout) ? die("stdout") : 0;
}

static int fh_list(int fd)
{
	DIR *d = fdopendir(fd);
	struct dirent *e;

	if (!d)
		return die("opendir");
	for (errno = 0; (e = readdir(d)); errno = 0)
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			puts(e->d_name);
	return errno ? die("readdir") : 0;
}

/* Made-up handles, two of three near real ones: how many opens ended how. */
static int fh_storm(int mount, unsigned long count, char **real, int real_count)
{
	struct {
		const char *name;
		unsigned long count;
	} seen[16] = {0};
	uint64_t x = 0x9e3779b97f4a7c15;

	for (unsigned long i = 0; i < count; i++) {
		uint64_t id;
		uint32_t generation;
		union fh fh;
		const char *name;
		int fd;

		/* xorshift64: the same handles at every run. */
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		id = x * 0x2545f4914f6cdd1d;
		generation = (uint32_t)(x >> 20);
		if (real_count && i % 3) {
			uint32_t words[3];

			if (!fh_parse(real[i % (unsigned long)real_count], &fh))
				return EXIT_FAILURE;
			memcpy(words, fh_bytes(&fh), sizeof(words));
			/* A real volume with any object; or a real node with any generation. */
			id = (uint64_t)words[0] << 32 | (i % 3 == 1 ? (uint32_t)id : words[1]);
			if (i % 3 == 1)
				generation = words[2] + 1 + generation % 0xffffff;
			else if (generation == words[2])
				generation++;
		}
		fh_set(&fh, id, generation);
		fd = fh_open(mount, &fh, O_RDONLY);
		name = fh_error(fd < 0 ? errno : 0);
		if (fd >= 0)
			close(fd);
		for (size_t k = 0; k < sizeof(seen) / sizeof(seen[0]); k++) {
			if (!seen[k].name)
				seen[k].name = name;
			if (!strcmp(seen[k].name, name)) {
				seen[k].count++;
				break;
			}
		}
	}
	for (size_t k = 0; k < sizeof(seen) / sizeof(seen[0]) && seen[k].name; k++)
		printf("%s %lu\n", seen[k].name, seen[k].count);
	return 0;
}

/* save: a line "handle path" for each path named on stdin; a link is not followed. */
static int fh_save_all(void)
{
	char path[4096];

	while (fgets(path, sizeof(path), stdin)) {
		union fh fh;

		path[strcspn(path, "\n")] = 0;
		if (fh_take(path, &fh))
			return die(path);
		printf("%#x:", (unsigned)fh.head.handle_type);
		for (unsigned i = 0; i < fh.head.handle_bytes; i++)
			printf("%02x", fh_bytes(&fh)[i]);
		printf(" %s\n", path);
	}
	return 0;
}

/* try: opens each handle of the lines "handle path" on stdin; "ESTALE path" and the like. O_PATH, so that
 * links and device nodes can be tried as well. */
static int fh_try_all(int mount)
{
	char line[4096 + 512];

	while (fgets(line, sizeof(line), stdin)) {
		char *path = strchr(line, ' ');
		union fh fh;
		int fd;

		line[strcspn(line, "\n")] = 0;
		if (!path)
			return EXIT_FAILURE;
		*path++ = 0;
		if (!fh_parse(line, &fh))
			return EXIT_FAILURE;
		fd = fh_open(mount, &fh, O_PATH | O_NOFOLLOW);
		printf("%s %s\n", fh_error(fd < 0 ? errno : 0), path);
		if (fd >= 0)
			close(fd);
	}
	return 0;
}

static int usage(void)
{
	fputs("fh of PATH                         its handle\n"
	      "fh make NODEID GENERATION          a handle made up\n"
	      "fh ids HANDLE                      its node id and generation\n"
	      "fh cat MOUNT HANDLE                the file's bytes\n"
	      "fh ls MOUNT HANDLE                 the directory's names\n"
	      "fh try MOUNT HANDLE                ok, or the name of the error\n"
	      "fh storm MOUNT COUNT [HANDLE...]   opens made-up handles; how many ended how\n"
	      "fh save-all <PATHS                 lines \"handle path\"\n"
	      "fh try-all MOUNT <LINES            lines \"ok path\" or \"ESTALE path\"\n",
	      stderr);
	return 2;
}

int main(int argc, char *argv[])
{
	const char *verb = argc > 1 ? argv[1] : "";
	union fh fh;
	int mount, fd;

	if (!strcmp(verb, "save-all"))
		return fh_save_all();
	if (!strcmp(verb, "of") && argc == 3) {
		if (fh_take(argv[2], &fh))
			return die(argv[2]);
		fh_print(&fh);
		return 0;
	}
	if (!strcmp(verb, "make") && argc == 4) {
		fh_set(&fh, strtoull(argv[2], NULL, 0), (uint32_t)strtoul(argv[3], NULL, 0));
		fh_print(&fh);
		return 0;
	}
	if (!strcmp(verb, "ids") && argc == 3 && fh_parse(argv[2], &fh) && fh.head.handle_bytes == 12) {
		uint32_t words[3];

		memcpy(words, fh_bytes(&fh), sizeof(words));
		printf("%llu %u\n", (unsigned long long)words[0] << 32 | words[1], words[2]);
		return 0;
	}
	if (argc < 3)
		return usage();
	mount = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount < 0)
		return die(argv[2]);
	if (!strcmp(verb, "storm") && argc >= 4)
		return fh_storm(mount, strtoul(argv[3], NULL, 0), argv + 4, argc - 4);
	if (!strcmp(verb, "try-all") && argc == 3)
		return fh_try_all(mount);
	if (argc != 4 || !fh_parse(argv[3], &fh))
		return usage();
	fd = fh_open(mount, &fh, O_RDONLY);
	if (!strcmp(verb, "try")) {
		puts(fh_error(fd < 0 ? errno : 0));
		return 0;
	}
	if (fd < 0)
		return die(fh_error(errno));
	if (!strcmp(verb, "cat"))
		return fh_cat(fd);
	if (!strcmp(verb, "ls"))
		return fh_list(fd);
	return usage();
}
