/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "volume_iso.h"
#include "volume_rockridge.h"

#define AREAS_MAX 64 /* continuation areas of one record; the longest name and link need three */

enum nm_flags { NM_CONTINUES = 1 };

enum sl_flags { SL_CONTINUES = 1 };

enum component_flags {
	COMPONENT_CONTINUES = 1,
	COMPONENT_CURRENT = 2,
	COMPONENT_PARENT = 4,
	COMPONENT_ROOT = 8
};

enum tf_flags { TF_CREATION = 0x01, TF_MODIFY = 0x02, TF_LONG = 0x80 };

/* Each takes a whole entry; len is its length, at least the row's least in the table below. */

static void px_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	(void)len;
	r->mode = le32(p + 4);
	r->mode_seen = true;
}

static void nm_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	size_t text = len - 5;

	if (!r->name_continues) {
		r->name_len = 0;
		r->name_bad = false;
	}
	r->name_seen = true;
	r->name_continues = p[4] & NM_CONTINUES;
	/* The other flags stand for ".", ".." and the host's name. */
	if (p[4] & ~NM_CONTINUES || text > sizeof(r->name) - r->name_len) {
		r->name_bad = true;
		return;
	}
	memcpy(r->name + r->name_len, p + 5, text);
	r->name_len += text;
}

static void link_append(struct rockridge *r, const void *text, size_t len)
{
	if (len > ROCKRIDGE_LINK_MAX - r->link_len) {
		r->link_bad = true;
		return;
	}
	memcpy(r->link + r->link_len, text, len);
	r->link_len += len;
}

/* A link text is cut into components and components over several SL entries; a slash belongs between
 * two components whether or not an entry ends between them. */
static void sl_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	if (!r->link_continues) {
		r->link_len = 0;
		r->link_bad = r->link_slash = false;
	}
	r->link_seen = true;
	r->link_continues = p[4] & SL_CONTINUES;
	for (size_t at = 5; at + 2 <= len;) {
		uint8_t flags = p[at], text = p[at + 1];

		at += 2;
		if (text > len - at) {
			r->link_bad = true;
			return;
		}
		if (r->link_slash)
			link_append(r, "/", 1);
		r->link_slash = !(flags & COMPONENT_CONTINUES);
		switch (flags & ~COMPONENT_CONTINUES) {
		case 0:
			link_append(r, p + at, text);
			break;
		case COMPONENT_CURRENT:
			link_append(r, ".", 1);
			break;
		case COMPONENT_PARENT:
			link_append(r, "..", 2);
			break;
		case COMPONENT_ROOT:
			link_append(r, "/", 1);
			r->link_slash = false;
			break;
		default:
			r->link_bad = true;
		}
		at += text;
	}
}

static void tf_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	size_t each = p[4] & TF_LONG ? 17 : 7, at = 5 + (p[4] & TF_CREATION ? each : 0);

	if (!(p[4] & TF_MODIFY) || at + each > len)
		return;
	r->mtime = p[4] & TF_LONG ? iso_time_digits(p + at) : iso_time_binary(p + at);
	r->mtime_seen = true;
}

static void cl_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	(void)len;
	r->child = (uint64_t)le32(p + 4) * ISO_BLOCK;
	r->child_seen = true;
}

static void re_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	(void)p;
	(void)len;
	r->relocated = true;
}

static void rr_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	(void)r;
	(void)p;
	(void)len;
}

static void zf_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	(void)len;
	r->zisofs = true;
	r->real_size = 0;
	if (p[3] == 1 && p[4] == 'p' && p[5] == 'z')
		r->real_size = le32(p + 8);
	else if (p[3] == 2 && p[4] == 'P' && p[5] == 'Z')
		r->real_size = le64(p + 8);
}

static const struct {
	char signature[2];
	uint8_t least, version; /* length; highest version */
	bool rock_ridge;
	void (*read)(struct rockridge *r, const uint8_t *p, size_t len);
} entries[] = {
	{ { 'P', 'X' }, 12, 1, true, px_read },
	{ { 'N', 'M' }, 5, 1, true, nm_read },
	{ { 'S', 'L' }, 5, 1, true, sl_read },
	{ { 'T', 'F' }, 5, 1, true, tf_read },
	{ { 'C', 'L' }, 12, 1, true, cl_read },
	{ { 'R', 'E' }, 4, 1, true, re_read },
	{ { 'R', 'R' }, 5, 1, true, rr_read },
	{ { 'Z', 'F' }, 16, 2, false, zf_read },
};

static void entry_read(struct rockridge *r, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		if (memcmp(p, entries[i].signature, 2) || len < entries[i].least || p[3] < 1 ||
		    p[3] > entries[i].version)
			continue;
		entries[i].read(r, p, len);
		r->seen |= entries[i].rock_ridge;
	}
}

int rockridge_skip(const uint8_t *use, size_t len, size_t *at)
{
	/* On discs with CD-ROM XA its 14 bytes come first. */
	static const size_t places[] = { 0, 14 };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (len < places[i] + 7 || memcmp(use + places[i], "SP\x07\x01\xbe\xef", 6))
			continue;
		*at = places[i];
		return use[places[i] + 6];
	}
	return -1;
}

int rockridge_read(const struct rockridge_area *area, const uint8_t *use, size_t len, struct rockridge *out)
{
	memset(out, 0, offsetof(struct rockridge, name));
	out->name_continues = out->link_continues = out->link_slash = false;
	for (unsigned areas = 0; areas < AREAS_MAX; areas++) {
		uint64_t next = 0, next_len = 0;

		while (len >= 4 && use[2] >= 4 && use[2] <= len) {
			size_t entry = use[2];

			if (!memcmp(use, "ST", 2))
				break;
			if (!memcmp(use, "CE", 2) && entry >= 28) {
				next = (uint64_t)le32(use + 4) * ISO_BLOCK + le32(use + 12);
				next_len = le32(use + 20);
			} else {
				entry_read(out, use, entry);
			}
			use += entry;
			len -= entry;
		}
		if (next_len == 0)
			return 0;
		if (!range_inside(next, next_len, area->size) || next_len > *area->budget)
			return -EBADMSG;
		*area->budget -= next_len;
		use = area->map + next;
		len = (size_t)next_len;
	}
	return -EBADMSG;
}
