/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BASE_H
#define PXEFS_BASE_H

/* What every other file leans on: cleanup, checked arithmetic, exact reads and the reason text. */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define ISO_BLOCK 2048u

/* A sentence for people saying why something was refused; filled where the fault is found. */
struct reason {
	char text[160];
};

/* Formats *why, cutting what does not fit; why may be NULL. Control characters become '?', because
 * the text may quote bytes of an image and ends in logs and in status. Returns err unchanged, so
 * that "return reason_set(why, -EBADMSG, ...)" reports and fails in one line. */
int reason_set(struct reason *why, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* For locals declared with cleanup_free: frees what *p points to. */
static inline void free_pointer(void *p)
{
	free(*(void **)p);
}

/* The same for cleanup_fd, and by itself: closes *fd unless it is -1, which it is then. errno stays as it was. */
static inline void fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

#define cleanup_free __attribute__((cleanup(free_pointer)))
#define cleanup_fd __attribute__((cleanup(fd_close)))

/* Takes a pointer, or a descriptor, out of such a variable, which then frees nothing. */
#define steal_pointer(p) ({ __typeof__(p) stolen_ = (p); (p) = NULL; stolen_; })
#define steal_fd(fd) ({ int stolen_ = (fd); (fd) = -1; stolen_; })

/* True when [off, off+len) lies inside [0, limit), without overflow. */
static inline bool range_inside(uint64_t off, uint64_t len, uint64_t limit)
{
	return off <= limit && len <= limit - off;
}

/* Reads exactly len bytes at off. 0, -ENODATA when the file ends first, or -errno. Blocks on disk. */
int pread_full(int fd, void *buf, size_t len, uint64_t off);

/* Writes all of it, going on after EINTR. 0 or -errno. */
int write_full(int fd, const void *buf, size_t len);

/* What follows the last '/' of a path; borrowed. */
static inline const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* True when text ends so; case does not count. */
static inline bool text_ends(const char *text, const char *end)
{
	size_t have = strlen(text), want = strlen(end);

	return have >= want && !strcasecmp(text + have - want, end);
}

/* NULL-terminated lists of strings, each from malloc() as the list itself; NULL is an empty one. How many there are,
 * and the end of them all. */
static inline size_t words_count(char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

static inline void words_free(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}

/* Makes room for one more element of the given size in *array, which holds count of them and has
 * room for *room. Growth doubles. 0 or -ENOMEM; *array stays valid on failure. */
int array_grow(void *array, size_t *room, size_t count, size_t size);

/* Little-endian numbers of ISO 9660 and squashfs, from unaligned bytes. */
static inline uint16_t le16(const void *p)
{
	const uint8_t *b = p;

	return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t le32(const void *p)
{
	const uint8_t *b = p;

	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t le64(const void *p)
{
	return (uint64_t)le32(p) | (uint64_t)le32((const uint8_t *)p + 4) << 32;
}

/* -1, 0 or 1 as a is earlier than, equal to or later than b. */
static inline int timespec_cmp(struct timespec a, struct timespec b)
{
	if (a.tv_sec != b.tv_sec)
		return a.tv_sec < b.tv_sec ? -1 : 1;
	return a.tv_nsec < b.tv_nsec ? -1 : a.tv_nsec > b.tv_nsec;
}

#endif
