/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "initrd_private.h"

/* The kernel's own grammar (its buffer-format.rst): header, name, data, each padded to four bytes; after the member
 * TRAILER!!!, and for many writers in between, zeros. */

/* A member is 112 bytes at least, so that a small compressed file could hold very many. */
#define INITRD_MEMBERS (1u << 20)

enum { FIELD_MODE = 1, FIELD_SIZE = 6, FIELD_NAME_SIZE = 11 };

static uint64_t initrd_padding(uint64_t n)
{
	return -n & 3;
}

static bool initrd_field(const char *header, unsigned field, uint32_t *value)
{
	*value = 0;
	for (const char *p = header + 6 + field * 8, *end = p + 8; p < end; p++) {
		char c = *p;
		uint32_t digit;

		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (uint32_t)(c - 'a') + 10;
		else if (c >= 'A' && c <= 'F')
			digit = (uint32_t)(c - 'A') + 10;
		else
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

static void initrd_header_done(struct initrd_walk *w)
{
	uint32_t size, name_size;

	if ((memcmp(w->header, "070701", 6) && memcmp(w->header, "070702", 6)) ||
	    !initrd_field(w->header, FIELD_MODE, &w->mode) || !initrd_field(w->header, FIELD_SIZE, &size) ||
	    !initrd_field(w->header, FIELD_NAME_SIZE, &name_size) || !name_size ||
	    ++w->members > INITRD_MEMBERS) {
		w->bad = true;
		return;
	}
	w->have = 0;
	w->size = size;
	w->name_size = name_size;
	w->left = name_size + initrd_padding(INITRD_HEADER_SIZE + (uint64_t)name_size);
	w->state = INITRD_NAME;
	/* The kernel leaves such a member out, too. */
	if (name_size > INITRD_NAME_MAX) {
		w->left += size + initrd_padding(size);
		w->text_kind = INITRD_TEXT_NONE;
		w->state = INITRD_DATA;
	}
}

static void initrd_name_done(struct initrd_walk *w)
{
	if (w->name[w->name_size - 1]) {
		w->bad = true;
		return;
	}
	w->have = 0;
	w->left = w->size + initrd_padding(w->size);
	w->state = INITRD_DATA;
	w->text_kind = INITRD_TEXT_NONE;
	w->closed = !strcmp(w->name, "TRAILER!!!");
	if (w->closed)
		return;
	w->marks |= initrd_name_marks(w->name, w->mode);
	if (!w->size || w->size > INITRD_TEXT_MAX)
		return;
	w->text_kind = initrd_name_text(w->name, w->mode);
	if (w->text_kind == INITRD_TEXT_NONE)
		return;
	w->text = malloc(w->size);
	if (!w->text)
		w->bad = true;
}

static void initrd_data_done(struct initrd_walk *w)
{
	if (w->text)
		w->marks |= initrd_text_marks(w->text_kind, w->text, w->size);
	free(w->text);
	w->text = NULL;
	w->have = 0;
	w->state = INITRD_BETWEEN;
}

/* Takes n bytes of the current part, as far as they are for its buffer, which has that room. */
static void initrd_keep(struct initrd_walk *w, char *buffer, size_t room, const uint8_t *p, size_t n)
{
	if (w->have < room) {
		size_t more = room - w->have < n ? room - w->have : n;

		memcpy(buffer + w->have, p, more);
		w->have += more;
	}
}

static void initrd_part_done(struct initrd_walk *w)
{
	if (w->state == INITRD_HEADER)
		initrd_header_done(w);
	else if (w->state == INITRD_NAME)
		initrd_name_done(w);
	else
		initrd_data_done(w);
}

size_t initrd_walk_feed(struct initrd_walk *w, const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (!w->bad) {
		size_t n;

		if (w->state == INITRD_BETWEEN) {
			while (at < len && !p[at])
				at++;
			if (at == len || p[at] != '0')
				break;
			w->state = INITRD_HEADER;
			w->left = INITRD_HEADER_SIZE;
			w->have = 0;
		}
		n = len - at < w->left ? len - at : (size_t)w->left;
		if (w->state == INITRD_HEADER)
			initrd_keep(w, w->header, sizeof(w->header), p + at, n);
		else if (w->state == INITRD_NAME)
			initrd_keep(w, w->name, sizeof(w->name), p + at, n);
		else if (w->text)
			initrd_keep(w, w->text, w->size, p + at, n);
		at += n;
		w->left -= n;
		if (w->left)
			break;
		initrd_part_done(w);
	}
	return at;
}
