/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>

#include "../unit/squash-walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is a squashfs; everything is asked of it. A promise of squash.h that is not kept is a crash. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_fd int fd = memfd_create("squashfs", MFD_CLOEXEC);
	struct walk w = { 0 };

	if (fd < 0 || write_full(fd, data, size) < 0)
		return 0;
	walk_image(&w, fd, 0, size);
	if (w.wrong)
		abort();
	return 0;
}
