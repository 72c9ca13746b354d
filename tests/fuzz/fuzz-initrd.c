/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "../unit/initrd-kit.h"

#define LIMIT (1u << 20) /* decompressed, so that a bomb does not hold up the search */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t can = 0, again = 0;
	int r = initrd_judge(data, size, LIMIT, &can);

	bytes_need(!r || r == -ENOMEM);
	bytes_need(!(can & ~INITRD_ALL) && !(can & INITRD_JUDGED) != !(can & INITRD_CUT));
	if (r)
		return 0;
	/* A limit hides things, and never shows any. */
	if (initrd_judge(data, size, 1000, &again))
		return 0;
	bytes_need(again & INITRD_CUT ? !(again & ~can & ~INITRD_CUT) : again == can);
	return 0;
}
