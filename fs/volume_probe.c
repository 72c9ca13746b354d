/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "volume.h"
#include "volume_iso.h"

/* Other things that people drop into the folder, so that the reason says what it is. */
static const struct {
	uint16_t offset;
	uint8_t len;
	bool small; /* may be shorter than any ISO */
	const char *magic, *text;
} others[] = {
	{ 0, 2, true, "\x1f\x8b", "compressed with gzip; unpack it first" },
	{ 0, 6, true, "\xfd\x37zXZ\0", "compressed with xz; unpack it first" },
	{ 0, 4, true, "\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first" },
	{ 0, 3, true, "BZh", "compressed with bzip2; unpack it first" },
	{ 0, 4, true, "PK\x03\x04", "a zip archive; unpack it first" },
	{ 0, 6, true, "7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first" },
	{ 0, 4, true, "Rar!", "a rar archive; unpack it first" },
	{ 0, 9, true, "<!DOCTYPE", "a web page, not the image it led to" },
	{ 0, 9, true, "<!doctype", "a web page, not the image it led to" },
	{ 0, 5, true, "<html", "a web page, not the image it led to" },
	{ 0, 4, true, "hsqs", "a bare squashfs" },
	{ 0, 4, true, "QFI\xfb", "a qcow2 disk image" },
	{ 0, 12, true, "\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0",
	  "a raw copy of a CD with sectors of 2352 bytes" },
	{ 512, 8, false, "EFI PART", "a disk image with partitions" },
	{ 510, 2, false, "\x55\xaa", "a disk image" },
};

static int other_reason(const uint8_t *head, size_t len, bool small, struct reason *why)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if ((small && !others[i].small) || !range_inside(others[i].offset, others[i].len, len) ||
		    memcmp(head + others[i].offset, others[i].magic, others[i].len))
			continue;
		return reason_set(why, -EMEDIUMTYPE, "not an ISO: %s", others[i].text);
	}
	if (small)
		return 0;
	return reason_set(why, -EMEDIUMTYPE, "not an ISO: no ISO 9660 volume descriptor");
}

int volume_probe(int fd, uint64_t size, struct reason *why)
{
	cleanup_free uint8_t *buf = NULL;
	struct iso_descriptors d;
	uint8_t head[1024];
	size_t head_len = size < sizeof(head) ? (size_t)size : sizeof(head), len;
	int r;

	r = pread_full(fd, head, head_len, 0);
	if (r < 0)
		return reason_set(why, r, "cannot be read: %s", strerror(-r));
	if (size < ISO_SYSTEM_AREA + ISO_BLOCK) {
		r = other_reason(head, head_len, true, why);
		if (r == 0)
			r = reason_set(why, -ENODATA, "incomplete: %" PRIu64 " bytes are no ISO yet", size);
		return r;
	}
	len = size - ISO_SYSTEM_AREA < ISO_DESCRIPTORS ? (size_t)(size - ISO_SYSTEM_AREA) : ISO_DESCRIPTORS;
	buf = malloc(len);
	if (!buf)
		return reason_set(why, -ENOMEM, "out of memory");
	r = pread_full(fd, buf, len, ISO_SYSTEM_AREA);
	if (r < 0)
		return reason_set(why, r, "cannot be read: %s", strerror(-r));
	iso_descriptors_parse(buf, len, &d);
	if (!d.primary && d.udf)
		return reason_set(why, -EMEDIUMTYPE, "not an ISO 9660 disc: UDF only");
	if (!d.primary && !memcmp(buf + 9, "CDROM", 5))
		return reason_set(why, -EMEDIUMTYPE, "not an ISO 9660 disc: High Sierra");
	if (!d.primary)
		return other_reason(head, head_len, false, why);
	if (d.block_size != ISO_BLOCK)
		return reason_set(why, -EMEDIUMTYPE, "ISO 9660 with blocks of %" PRIu32 " bytes, not 2048",
				  d.block_size);
	if (d.volume_size > size)
		return reason_set(why, -ENODATA, "incomplete: %" PRIu64 " of %" PRIu64 " bytes", size,
				  d.volume_size);
	return 0;
}
