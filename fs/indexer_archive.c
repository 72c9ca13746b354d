/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cpio.h"
#include "indexer_archive.h"
#include "volume.h"

/* An archive that some ways ask for. The member's name and the text are the family's. */
struct wanted {
	char name[CPIO_NAME_MAX + 8];
	const char *member, *text;
	struct index_archive archive;
};

/* What the way asks for. False where the image has no such thing. */
static bool wanted_of(const struct index_draft *d, const struct recipe_way *w, struct wanted *out,
		      uint64_t *file_size)
{
	const struct index_squash *squash = d->section[INDEX_SQUASH].data;
	const struct index_entry *entries = d->section[INDEX_ENTRIES].data;
	const struct index_squash *root;

	*out = (struct wanted){.member = w->archive_name, .text = ""};
	switch (w->archive) {
	case RECIPE_ARCHIVE_ROOT:
		root = index_root_squash(squash, d->section[INDEX_SQUASH].count);
		if (!root || entries[root->entry].flags & VOLUME_ZISOFS)
			return false;
		out->archive.kind = INDEX_ARCHIVE_SQUASH;
		out->archive.source = (uint32_t)(root - squash);
		*file_size = entries[root->entry].size;
		return true;
	case RECIPE_ARCHIVE_IMAGE:
		out->archive.kind = INDEX_ARCHIVE_IMAGE;
		*file_size = d->header.image_size;
		return true;
	case RECIPE_ARCHIVE_TEXT:
		out->archive.kind = INDEX_ARCHIVE_TEXT;
		out->text = w->archive_text;
		*file_size = strlen(w->archive_text);
		return *file_size <= INDEX_ARCHIVE_TEXT_MAX;
	case RECIPE_NO_ARCHIVE:
		break;
	}
	return false;
}

/* The member's name with '-' for '/', and with the way's number where another archive is called so. */
static void wanted_name(const struct wanted *list, size_t count, size_t way, struct wanted *w)
{
	size_t len;

	snprintf(w->name, sizeof(w->name), "%s.cpio", w->member);
	for (char *p = w->name; *p; p++)
		if (*p == '/')
			*p = '-';
	len = strlen(w->name) - strlen(".cpio");
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, w->name)) {
			snprintf(w->name + len, sizeof(w->name) - len, "-%zu.cpio", way);
			return;
		}
}

static int wanted_cmp(const void *a, const void *b)
{
	const struct wanted *p = a, *q = b;

	return strcmp(p->name, q->name);
}

int indexer_archives(struct index_draft *d, const struct recipe *r, struct reason *why)
{
	cleanup_free struct wanted *list = calloc(INDEX_ARCHIVES_MAX, sizeof(*list));
	size_t count = 0, same;

	if (!list)
		return -ENOMEM;
	for (uint32_t n = 0; n < INDEX_ARCHIVES_MAX && r->ways && r->ways[n].how != RECIPE_UNKNOWN; n++) {
		struct wanted *w = &list[count];
		uint64_t file_size;

		if (!wanted_of(d, &r->ways[n], w, &file_size) ||
		    cpio_size(w->member, file_size, &w->archive.size, why))
			continue;
		for (same = 0; same < count; same++)
			if (!strcmp(list[same].member, w->member) && list[same].archive.kind == w->archive.kind &&
			    !strcmp(list[same].text, w->text))
				break;
		list[same].archive.ways |= UINT32_C(1) << n;
		if (same == count)
			wanted_name(list, count++, n, w);
	}
	qsort(list, count, sizeof(*list), wanted_cmp);
	for (size_t i = 0; i < count; i++) {
		struct index_archive *a = &list[i].archive;

		a->name = index_draft_string(d, list[i].name);
		a->member = index_draft_string(d, list[i].member);
		if (a->kind == INDEX_ARCHIVE_TEXT)
			a->source = index_draft_string(d, list[i].text);
		index_draft_add(d, INDEX_ARCHIVES, a);
	}
	return d->error;
}
