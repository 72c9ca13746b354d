/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_NAMES_PRIVATE_H
#define PXEFS_NAMES_PRIVATE_H

#include "names.h"

/* Shared by names.c (who gets which name) and names_record.c (who has had to give way); for nobody else. */

#define NAMES_DIGITS 4
#define NAMES_DIGITS_MOST 32

/* A path whose name has had to give way once; that of a folder ends in '/'. */
struct names_record {
	char *path;
	unsigned digits;
};

struct names {
	struct names_record *records; /* by path */
	size_t count, room;
};

/* Order of byte strings: -, 0, +. */
int names_bytes_cmp(const char *a, size_t a_len, const char *b, size_t b_len);

/* Whether path, of len bytes and with a '/' more when folder, is in the record; *at is where it is or
 * would belong. */
bool names_record_find(const struct names *n, const char *path, size_t len, bool folder, size_t *at);

/* Adds a path or changes its digits. Takes path over on success. 0 or -ENOMEM. */
int names_record_put(struct names *n, char *path, unsigned digits);

/* The line for the record's file, owned; NULL without memory. It is the number of digits, a blank, and
 * the path with '\' and control characters as \ooo, as in fstab(5): a file name may have a newline in it. */
char *names_record_line(const struct names_record *r);

#endif
