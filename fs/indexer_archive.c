/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include "cpio.h"
#include "indexer_archive.h"
#include "volume.h"
#include "volume_graft.h"

/* A file of an archive that some ways ask for. Its text is the family's. */
struct file {
	char name[CPIO_NAME_MAX + 1];
	const char *text;
	uint64_t size;
	struct index_member member;
};

struct wanted {
	char name[CPIO_NAME_MAX + 8];
	size_t first; /* into files */
	struct index_archive archive;
};

struct plan {
	struct index_draft *draft;
	struct file *files; /* INDEX_MEMBERS_MAX */
	size_t file_count;
	struct wanted list[INDEX_ARCHIVES_MAX];
	size_t count;
};

/* The entry's path, with no slash before it; NULL where it is longer than any that a menu could name. */
static const char *draft_path(const struct index_draft *d, uint32_t entry, char buf[static 4096])
{
	const struct index_entry *entries = d->section[INDEX_ENTRIES].data;
	const char *strings = d->section[INDEX_STRINGS].data;
	size_t at = 4095;

	buf[at] = '\0';
	for (; entry; entry = entries[entry].parent) {
		const char *name = strings + entries[entry].name;
		size_t n = strlen(name);

		if (n + 1 > at)
			return NULL;
		if (buf[at])
			buf[--at] = '/';
		at -= n;
		memcpy(buf + at, name, n);
	}
	return buf + at;
}

/* One more file of the archive that is being made. */
static int plan_file(struct plan *p, struct wanted *w, const char *name, const char *behind, struct index_member m,
		     uint64_t size, struct reason *why)
{
	struct file *f = &p->files[p->file_count];

	if (p->file_count == INDEX_MEMBERS_MAX)
		return reason_set(why, -E2BIG, "more than %u files for its initrd", INDEX_MEMBERS_MAX);
	if (snprintf(f->name, sizeof(f->name), "%s%s", name, behind) >= (int)sizeof(f->name))
		return reason_set(why, -EINVAL, "the name %.60s is too long for its initrd", behind);
	f->text = "";
	f->size = size;
	f->member = m;
	p->file_count++;
	w->archive.count++;
	return 0;
}

static int plan_root(struct plan *p, struct wanted *w, const struct recipe_member *want, struct reason *why)
{
	const struct index_squash *squash = p->draft->section[INDEX_SQUASH].data;
	const struct index_entry *entries = p->draft->section[INDEX_ENTRIES].data;
	const struct index_squash *root = index_root_squash(squash, p->draft->section[INDEX_SQUASH].count);

	if (!root || entries[root->entry].flags & VOLUME_ZISOFS)
		return -ENOENT;
	return plan_file(p, w, want->name, "",
			 (struct index_member){.kind = INDEX_MEMBER_SQUASH, .source = (uint32_t)(root - squash)},
			 entries[root->entry].size, why);
}

static int plan_files(struct plan *p, struct wanted *w, const struct recipe_member *want, struct reason *why)
{
	const struct index_entry *entries = p->draft->section[INDEX_ENTRIES].data;
	const char *strings = p->draft->section[INDEX_STRINGS].data, *path;
	uint32_t before = w->archive.count;
	char buf[4096];
	int r = 0;

	for (uint32_t i = 1; i < p->draft->section[INDEX_ENTRIES].count && !r; i++) {
		if (!S_ISREG(entries[i].mode) || entries[i].flags & VOLUME_ZISOFS)
			continue;
		path = draft_path(p->draft, i, buf);
		if (path && !fnmatch(want->text, path, 0))
			r = plan_file(p, w, want->name, strings + entries[i].name,
				      (struct index_member){.kind = INDEX_MEMBER_FILE, .source = i}, entries[i].size,
				      why);
	}
	if (!r && w->archive.count == before)
		r = reason_set(why, -ENOENT, "it has no file like %s, which its initrd would need", want->text);
	return r;
}

static int plan_member(struct plan *p, struct wanted *w, const struct recipe_member *want, struct reason *why)
{
	struct index_member m = {.kind = INDEX_MEMBER_TEXT};
	int r;

	switch (want->kind) {
	case RECIPE_MEMBER_ROOT:
		return plan_root(p, w, want, why);
	case RECIPE_MEMBER_IMAGE:
		m.kind = INDEX_MEMBER_IMAGE;
		return plan_file(p, w, want->name, "", m, p->draft->header.image_size, why);
	case RECIPE_MEMBER_TEXT:
		r = strlen(want->text) <= INDEX_MEMBER_TEXT_MAX ? 0 : -E2BIG;
		if (!r)
			r = plan_file(p, w, want->name, "", m, strlen(want->text), why);
		if (!r)
			p->files[p->file_count - 1].text = want->text;
		return r;
	case RECIPE_MEMBER_FILES:
		return plan_files(p, w, want, why);
	case RECIPE_MEMBER_END:
		break;
	}
	return -ENOENT;
}

/* What the way asks for, behind the files of those before it. 0, or an error where the image has no such thing. */
static int plan_way(struct plan *p, const struct recipe_way *way, struct wanted *w, struct reason *why)
{
	struct cpio_file files[INDEX_MEMBERS_MAX];
	int r = way->archive ? 0 : -ENOENT;

	*w = (struct wanted){.first = p->file_count};
	for (const struct recipe_member *m = way->archive; !r && m->kind != RECIPE_MEMBER_END; m++)
		r = plan_member(p, w, m, why);
	for (uint32_t i = 0; i < w->archive.count; i++)
		files[i] = (struct cpio_file){.name = p->files[w->first + i].name, .size = p->files[w->first + i].size};
	if (!r)
		r = cpio_size(files, w->archive.count, &w->archive.size, why);
	if (r)
		p->file_count = w->first;
	return r;
}

static bool wanted_same(const struct plan *p, const struct wanted *a, const struct wanted *b)
{
	for (uint32_t i = 0; i < a->archive.count && a->archive.count == b->archive.count; i++) {
		const struct file *f = &p->files[a->first + i], *g = &p->files[b->first + i];

		if (strcmp(f->name, g->name) || f->member.kind != g->member.kind ||
		    f->member.source != g->member.source || strcmp(f->text, g->text))
			return false;
	}
	return a->archive.count == b->archive.count;
}

/* The first file's name with '-' for '/', and with the way's number where another archive is called so. */
static void wanted_name(const struct plan *p, size_t way, struct wanted *w)
{
	size_t len;

	snprintf(w->name, sizeof(w->name), "%s.cpio", p->files[w->first].name);
	for (char *c = w->name; *c; c++)
		if (*c == '/')
			*c = '-';
	len = strlen(w->name) - strlen(".cpio");
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->list[i].name, w->name)) {
			snprintf(w->name + len, sizeof(w->name) - len, "-%zu.cpio", way);
			return;
		}
}

static int wanted_cmp(const void *a, const void *b)
{
	const struct wanted *p = a, *q = b;

	return strcmp(p->name, q->name);
}

static void plan_write(const struct plan *p)
{
	struct index_draft *d = p->draft;

	for (size_t i = 0; i < p->count; i++) {
		struct index_archive a = p->list[i].archive;

		a.name = index_draft_string(d, p->list[i].name);
		a.first = (uint32_t)d->section[INDEX_MEMBERS].count;
		index_draft_add(d, INDEX_ARCHIVES, &a);
		for (uint32_t k = 0; k < a.count; k++) {
			const struct file *f = &p->files[p->list[i].first + k];
			struct index_member m = f->member;

			m.name = index_draft_string(d, f->name);
			if (m.kind == INDEX_MEMBER_TEXT)
				m.source = index_draft_string(d, f->text);
			index_draft_add(d, INDEX_MEMBERS, &m);
		}
	}
}

int indexer_archives(struct index_draft *d, const struct recipe *r, struct reason *why)
{
	cleanup_free struct plan *p = calloc(1, sizeof(*p));
	cleanup_free struct file *files = calloc(INDEX_MEMBERS_MAX, sizeof(*files));
	size_t same;

	if (!p || !files)
		return -ENOMEM;
	p->draft = d;
	p->files = files;
	for (uint32_t n = 0; n < INDEX_ARCHIVES_MAX && r->ways && r->ways[n].how != RECIPE_UNKNOWN; n++) {
		struct wanted *w = &p->list[p->count];

		if (plan_way(p, &r->ways[n], w, why))
			continue;
		for (same = 0; same < p->count; same++)
			if (wanted_same(p, &p->list[same], w))
				break;
		p->list[same].archive.ways |= UINT32_C(1) << n;
		if (same < p->count)
			p->file_count = w->first;
		else {
			wanted_name(p, n, w);
			p->count++;
		}
	}
	qsort(p->list, p->count, sizeof(*p->list), wanted_cmp);
	plan_write(p);
	return d->error;
}

int indexer_graft(struct index_draft *d, const struct recipe *r, const struct volume *v, const void *map, size_t size)
{
	const struct recipe_way *w = r->ways;
	struct volume_graft graft;
	struct index_graft g;
	uint32_t entry;
	int e;

	while (w && w->how != RECIPE_UNKNOWN && !w->graft)
		w++;
	if (!w || !w->graft || volume_lookup(v, 0, w->graft->sign, 0, &entry))
		return d->error;
	e = volume_graft_make(map, size, (struct volume_graft_file[]){ { w->graft->name, w->graft->text },
								       { w->answer_name, NULL } },
			      2, &graft, NULL);
	if (e)
		return e == -ENOMEM ? e : d->error;
	g = (struct index_graft){
		.descriptor = graft.descriptor,
		.tail_size = (uint32_t)graft.tail_size,
		.size_at = (uint32_t)graft.size_at,
		.member = index_draft_string(d, w->archive->name),
		.way = (uint32_t)(w - r->ways),
	};
	index_draft_add(d, INDEX_GRAFTS, &g);
	index_draft_bytes(d, graft.head, sizeof(graft.head));
	index_draft_bytes(d, graft.tail, graft.tail_size);
	free(graft.tail);
	return d->error;
}
