/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_VOLUME_H
#define PXEFS_VOLUME_H

#include "base.h"

/* One ISO 9660 volume (ECMA-119) with Rock Ridge (RRIP 1.12) or Joliet, as an immutable table of
 * entries in bytewise order of their paths, each with the extents its bytes lie in. Pure: bytes in,
 * table out; no threads, no static state, no locale, no file opened.
 *
 * The tree is the one with Rock Ridge if there is one, else Joliet's, else the plain one. Each name
 * of a file with several (a hard link) is an entry of its own with the same extents. A relocated
 * directory stands at its true path and the directory that only holds such is left out. */

/* A run of bytes in the image. */
struct extent {
	uint64_t offset, length; /* bytes; length > 0 */
};

enum volume_flags {
	VOLUME_ZISOFS = 1, /* stored compressed: listed with its real size, not readable, no extents */
};

struct volume_entry {
	const char *path;   /* no leading slash; "" is the root, always entry 0; UTF-8 or raw bytes */
	const char *name;   /* last component, points into path; at most 255 bytes */
	const char *target; /* symbolic link's text, 1 to 4095 bytes, else NULL */
	uint32_t parent;    /* entry number, lower than its children's; the root's is 0 */
	uint32_t mode;      /* S_IFDIR, S_IFREG or S_IFLNK, and the permission bits that the image records,
	                     * or 0555/0444 where it has no Rock Ridge (0777 for a link) */
	uint32_t flags;     /* enum volume_flags */
	uint64_t size;      /* bytes; of a link the length of its text; of a directory 0 */
	int64_t mtime;      /* seconds since the epoch */
	size_t extent_first, extent_count; /* into struct volume.extents; empty files have none */
};

struct volume {
	struct volume_entry *entries;
	size_t count;
	struct extent *extents; /* no two neighbours of one file touch: contiguous is one extent */
	size_t extent_count;
	char label[33];      /* volume identifier, trailing blanks cut, unprintable bytes as '?' */
	int64_t created;     /* seconds since the epoch, 0 where the image does not say */
	bool rock_ridge;     /* names, links and modes are the author's own */
	size_t zisofs_count; /* entries with VOLUME_ZISOFS */
	size_t skipped_count; /* entries of kinds that an ISO has no use for, left out with all below:
			       * devices, sockets, resource forks, interleaved files, links without a text;
			       * names that are too long, "." or "..", or have a NUL or a slash */
	char *arena;         /* every string above */
};

/* Looks at the volume descriptors of the file fd of size bytes, reading some 64 KiB at most and
 * nothing else: 0 when it is an ISO 9660 volume that is all there; -ENODATA when the primary
 * descriptor's volume space is larger than the file (a copy that has not ended) or the file is
 * shorter than its descriptors; -EMEDIUMTYPE when there is no ISO 9660 volume (an UDF-only or other
 * disc is named in *why) or its blocks are not of 2048 bytes; -errno from reading. */
int volume_probe(int fd, uint64_t size, struct reason *why);

/* Reads the whole tree of the image mapped read-only at map, size bytes. Parses metadata only: no
 * page of file data is touched. Work is bounded by size. The result is owned by the caller.
 * 0; -EBADMSG corrupt (a truncated image, an entry with an extent outside the image, a path twice,
 * a directory inside itself, directories that overlap, deeper than 64); -EMEDIUMTYPE not an ISO;
 * -E2BIG more than 2^22 entries or extents, or 512 MiB of paths; -ENOMEM. */
int volume_read(const void *map, size_t size, struct volume **out, struct reason *why);

void volume_free(struct volume *v); /* NULL is fine */

enum volume_lookup_flags {
	VOLUME_FOLLOW = 1, /* resolve symbolic links, the last one too; at most 40, never out of the volume:
	                    * an absolute link starts at the volume's root, ".." of the root is the root */
	VOLUME_ANY_CASE = 2, /* where no name is exact, one that differs only in ASCII case, or by a
	                      * trailing ";1" or "." of plain ISO 9660; '\' counts as '/' */
};

/* Finds path, seen from directory entry base (0 for the root; a leading '/' starts at the root
 * anyway; "." and ".." are understood). On success *entry is its number. -ENOENT, -ELOOP; -ENOTDIR
 * where a component that something follows is no directory, or a link that is not to be followed. */
int volume_lookup(const struct volume *v, uint32_t base, const char *path, unsigned flags, uint32_t *entry);

/* The names in directory entry dir, in bytewise order, each with a NUL behind it and a directory's with a '/' at
 * its end; *len bytes together, at most cap. Caller frees *names, which is never NULL. -ENOTDIR when dir is none,
 * -EFBIG when it does not fit in cap, -ENOMEM. */
int volume_dir_names(const struct volume *v, uint32_t dir, size_t cap, char **names, size_t *len);

/* Copies up to cap bytes of a regular file's content from the map it was read from into a new
 * buffer with a NUL behind it (not counted in *len). -EFBIG when it is larger than cap, -EINVAL when
 * not a regular file, -EOPNOTSUPP for zisofs, -ENOMEM. Caller frees *data. */
int volume_file_dup(const struct volume *v, const void *map, uint32_t entry, size_t cap, char **data,
		    size_t *len);

#endif
