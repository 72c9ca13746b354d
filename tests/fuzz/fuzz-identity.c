/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>

#include "identity.h"
#include "volume_iso.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The image has to be larger than what is digested whole; the input is what is in it from the volume
 * descriptors on, behind two extents of squashfs. The rest is zero, and nothing may be read behind it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t image_size = IDENTITY_WHOLE + ISO_BLOCK, room = IDENTITY_WHOLE + (1 << 16),
		     guard = 1 << 16;
	struct extent squashfs[2] = { { 0, 0 }, { 0, 0 } };
	struct identity once, again;
	uint8_t *map, *image;

	if (size < 32 || size > IDENTITY_WHOLE / 2)
		return 0;
	for (int i = 0; i < 2; i++)
		squashfs[i] = (struct extent){ le64(data + 16 * i), le64(data + 16 * i + 8) };
	map = mmap(NULL, room + guard, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		   -1, 0);
	if (map == MAP_FAILED)
		return 0;
	if (mprotect(map + room, guard, PROT_NONE) < 0)
		abort();
	image = map + room - image_size;
	memcpy(image + ISO_SYSTEM_AREA, data + 32, size - 32);
	if (identity_compute(image, image_size, squashfs, 1, squashfs, 2, &once) < 0 ||
	    identity_compute(image, image_size, squashfs, 1, squashfs, 2, &again) < 0 ||
	    memcmp(&once, &again, sizeof(once)))
		abort();
	munmap(map, room + guard);
	return 0;
}
