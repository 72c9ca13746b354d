/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "volume_iso.h"

/* Days from 1970-01-01 to a day of the proleptic Gregorian calendar; year > 0, month 1 to 12. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
	/* Counting years from March puts the leap day at their end. */
	int64_t y = month > 2 ? year : year - 1, m = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static int64_t time_make(int year, int month, int day, int hour, int minute, int second, int quarters)
{
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
		return 0;
	if (quarters < -48 || quarters > 52)
		quarters = 0;
	return days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - quarters * 900;
}

int64_t iso_time_binary(const uint8_t *p)
{
	return time_make(1900 + p[0], p[1], p[2], p[3], p[4], p[5], (int8_t)p[6]);
}

static int digits(const uint8_t *p, int count)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		n = n * 10 + p[i] - '0';
	}
	return n;
}

int64_t iso_time_digits(const uint8_t *p)
{
	int year = digits(p, 4), month = digits(p + 4, 2), day = digits(p + 6, 2);
	int hour = digits(p + 8, 2), minute = digits(p + 10, 2), second = digits(p + 12, 2);

	if (year < 1 || hour < 0 || minute < 0 || second < 0)
		return 0;
	return time_make(year, month, day, hour, minute, second, (int8_t)p[16]);
}

int iso_record_parse(const uint8_t *p, size_t room, struct iso_record *record, size_t *len)
{
	size_t id_len, use;

	if (room < 34 || p[0] < 34 || p[0] > room)
		return -EBADMSG;
	id_len = p[32];
	if (id_len == 0 || 33 + id_len > p[0])
		return -EBADMSG;
	use = 33 + id_len + !(id_len & 1); /* padded to an even offset */
	if (use > p[0])
		use = p[0];
	*record = (struct iso_record){
		/* An extended attribute record stands before the data and is not counted in its size. */
		.offset = ((uint64_t)le32(p + 2) + p[1]) * ISO_BLOCK,
		.size = le32(p + 10),
		.flags = p[25],
		.interleaved = p[27] != 0,
		.mtime = iso_time_binary(p + 18),
		.id = p + 33,
		.id_len = id_len,
		.use = p + use,
		.use_len = p[0] - use,
	};
	*len = p[0];
	return 0;
}

static void label_copy(const uint8_t *p, char *label)
{
	size_t len = 32;

	while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == 0))
		len--;
	for (size_t i = 0; i < len; i++)
		label[i] = p[i] >= 0x20 && p[i] < 0x7f ? (char)p[i] : '?';
	label[len] = 0;
}

static void primary_parse(const uint8_t *p, struct iso_descriptors *d)
{
	struct iso_record root;
	size_t len;

	if (d->primary || iso_record_parse(p + 156, 34, &root, &len) < 0)
		return;
	d->primary = true;
	d->block_size = le16(p + 128);
	d->volume_size = (uint64_t)le32(p + 80) * d->block_size;
	d->root = root.offset;
	d->root_size = root.size;
	d->created = iso_time_digits(p + 813);
	label_copy(p + 40, d->label);
}

static void supplementary_parse(const uint8_t *p, struct iso_descriptors *d)
{
	static const char levels[][3] = { { '%', '/', '@' }, { '%', '/', 'C' }, { '%', '/', 'E' } };
	struct iso_record root;
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		if (d->joliet || memcmp(p + 88, levels[i], 3) || le16(p + 128) != ISO_BLOCK ||
		    iso_record_parse(p + 156, 34, &root, &len) < 0)
			continue;
		d->joliet = true;
		d->joliet_root = root.offset;
		d->joliet_root_size = root.size;
	}
}

void iso_descriptors_parse(const uint8_t *p, size_t len, struct iso_descriptors *d)
{
	bool ended = false;

	memset(d, 0, sizeof(*d));
	for (; len >= ISO_BLOCK; p += ISO_BLOCK, len -= ISO_BLOCK) {
		/* UDF's own sequence comes behind the terminator, or alone. */
		if (!memcmp(p + 1, "NSR0", 4))
			d->udf = true;
		if (memcmp(p + 1, "CD001", 5))
			ended = true;
		if (ended)
			continue;
		switch (p[0]) {
		case 1:
			primary_parse(p, d);
			break;
		case 2:
			supplementary_parse(p, d);
			break;
		case 255:
			ended = true;
			break;
		}
	}
}

bool iso_name_usable(const char *name, size_t len)
{
	if (len == 0 || len > ISO_NAME_MAX || memchr(name, 0, len) || memchr(name, '/', len))
		return false;
	return !(name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')));
}

size_t iso_name_plain(const uint8_t *id, size_t len, char *out)
{
	if (len > 2 && id[len - 2] == ';' && id[len - 1] == '1')
		len -= 2;
	if (len > 1 && id[len - 1] == '.')
		len--;
	memcpy(out, id, len);
	return len;
}

static size_t utf8_put(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static uint32_t be16(const uint8_t *p)
{
	return (uint32_t)(p[0] << 8 | p[1]);
}

size_t iso_name_joliet(const uint8_t *id, size_t len, char *out)
{
	size_t used = 0;

	if (len & 1)
		return 0;
	if (len > 4 && be16(id + len - 4) == ';' && be16(id + len - 2) == '1')
		len -= 4;
	for (size_t i = 0; i < len; i += 2) {
		uint32_t c = be16(id + i), low = i + 4 <= len ? be16(id + i + 2) : 0;
		char text[4];
		size_t n;

		if ((c & 0xfc00) == 0xd800 && (low & 0xfc00) == 0xdc00) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		}
		n = utf8_put(c, text);
		if (n > ISO_NAME_MAX - used)
			return 0;
		memcpy(out + used, text, n);
		used += n;
	}
	return used;
}
