/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_VOLUME_ROCKRIDGE_H
#define PXEFS_VOLUME_ROCKRIDGE_H

#include "base.h"

/* The System Use entries (SUSP 1.12) of one directory record, as Rock Ridge (RRIP 1.12) and zisofs
 * mean them: POSIX names, modes, links, times, relocated directories. */

#define ROCKRIDGE_LINK_MAX 4095

struct rockridge {
	bool seen;  /* there is an entry of Rock Ridge's */
	bool mode_seen, mtime_seen, name_seen, link_seen;
	bool name_bad, link_bad; /* seen, but no name or link text that a file system could have */
	bool relocated;  /* RE: this directory is shown where a CL entry points to it, not here */
	bool child_seen; /* CL: in this place belongs the directory at child */
	bool zisofs;     /* ZF: stored compressed */
	uint32_t mode;
	int64_t mtime;
	uint64_t child;     /* byte offset in the image */
	uint64_t real_size; /* of a zisofs file; 0 where the method is unknown */
	size_t name_len, link_len;
	char name[256], link[ROCKRIDGE_LINK_MAX + 1]; /* not NUL-terminated */

	bool name_continues, link_continues, link_slash; /* state between entries */
};

/* Where the entries are found. */
struct rockridge_area {
	const uint8_t *map; /* the image, for continuation areas */
	size_t size;
	uint64_t *budget; /* what may still be read; each continuation area is taken off */
};

/* How many bytes of each record's system use area come before its entries, according to the SP entry in
 * that of the root directory's own record; -1 where there is none, which means no System Use entries. *at is
 * where in this area the SP entry itself begins. */
int rockridge_skip(const uint8_t *use, size_t len, size_t *at);

/* Reads all entries of a record, beginning at use. 0; -EBADMSG when a continuation area lies outside
 * the image, when there are too many (a chain that bites its tail) or they exceed the budget. */
int rockridge_read(const struct rockridge_area *area, const uint8_t *use, size_t len, struct rockridge *out);

#endif
