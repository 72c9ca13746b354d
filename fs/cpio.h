/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_CPIO_H
#define PXEFS_CPIO_H

#include "base.h"
#include "segment.h"

/* A generated archive for the kernel's initramfs unpacker: newc (kernel Documentation/driver-api/
 * early-userspace/buffer-format.rst), not compressed, with a few files in it. What is in a file is never copied: the
 * archive is a list of segments, a few hundred bytes of our own around those of each file. It begins and ends at a
 * multiple of 4, as the kernel wants it; boot loaders pad what comes before it to that. */

#define CPIO_FILE_MAX UINT32_MAX /* bytes of a file: the format has 32 bits for it */
#define CPIO_NAME_MAX 255u	 /* bytes of its name */

/* A file that is to be in it. */
struct cpio_file {
	const char *name;
	uint64_t size;			/* bytes of all segments */
	const struct segment *segments; /* not needed for cpio_size() */
	size_t count;
};

struct cpio {
	struct segment *segments;
	size_t count; /* those of the files, less empty ones, and one more than there are files */
	uint64_t size; /* bytes of all of them, a multiple of 4 */
};

/* Whether a file in the initramfs can be called so: relative, no empty, "." or ".." component, no control
 * characters, at most CPIO_NAME_MAX bytes, and not taken for the archive's end. */
bool cpio_name_ok(const char *name);

/* Bytes of the archive of files of these names and sizes. 0; -EINVAL for a name that is not ok, -EFBIG for a file
 * above CPIO_FILE_MAX, each with a reason. */
int cpio_size(const struct cpio_file *files, size_t count, uint64_t *size, struct reason *why);

/* The archive of these files in this order, mode 0100644, owner root, time 0: the same files give the same bytes
 * everywhere. A name with slashes gets directories (mode 040755) before it, which the kernel does not make by
 * itself; a directory takes the place of a symbolic link that an initrd before it has there, so such names are for
 * directories that are known to be real. The lists are copied, what they point to is not and must outlive the
 * archive. *out is owned by the caller. 0; -ENOMEM; -EINVAL also for segments of another size than the file's; or
 * as cpio_size(). */
int cpio_make(const struct cpio_file *files, size_t count, struct cpio **out, struct reason *why);

/* Frees it, and nothing that its segments point to but its own bytes; NULL is nothing. */
void cpio_free(struct cpio *c);

#endif
