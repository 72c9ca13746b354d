/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SEGMENT_H
#define PXEFS_SEGMENT_H

#include <stdint.h>

/* A run of bytes of a file: files are lists of these. The bytes are a part of the map of an ISO or a text, and
 * stay their owner's; NULL for zeros. */
struct segment {
	const uint8_t *bytes;
	uint64_t length;
};

#endif
