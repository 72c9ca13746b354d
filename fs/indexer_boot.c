/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "indexer_private.h"

/* The entries of the boot menus whose files are there, and those files as kernel/ and initrd/ show them. */

int indexer_short_name(const struct volume *v, uint32_t entry, char out[256])
{
	const struct volume_entry *e = &v->entries[entry];
	const char *name = e->name;
	size_t n;

	for (size_t i = 0; i < v->count; i++)
		if (i != entry && S_ISREG(v->entries[i].mode) && !strcmp(v->entries[i].name, e->name)) {
			name = e->path;
			break;
		}
	n = strlen(name);
	if (n > 128)
		return -ENAMETOOLONG;
	for (size_t i = 0; i <= n; i++) {
		char c = name[i];

		out[i] = c == '/' ? '-'
			 : !c || strchr("._+-", c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
					 (c >= 'A' && c <= 'Z')
				 ? c
				 : '_';
	}
	if (out[0] == '.')
		out[0] = '_';
	return 0;
}

void indexer_name_more(char name[256], uint32_t entry)
{
	size_t n = strlen(name);

	snprintf(name + n, 256 - n, "-%u", entry);
}

/* Before the files are sorted, refs hold numbers into this draft order; indexer_sort_files() maps them. */
static int indexer_boot_file(struct indexer *ix, const char *path, enum index_dir dir, uint32_t *file)
{
	struct index_file f = {.dir = dir};
	const struct index_file *all = ix->draft->section[INDEX_FILES].data;
	size_t count = ix->draft->section[INDEX_FILES].count;
	char name[256];
	bool taken;
	int r;

	r = volume_lookup(ix->volume, 0, path, VOLUME_FOLLOW | VOLUME_ANY_CASE, &f.entry);
	if (r)
		return r;
	if (!S_ISREG(ix->volume->entries[f.entry].mode) || ix->volume->entries[f.entry].flags & VOLUME_ZISOFS)
		return -ENOENT;
	for (size_t i = 0; i < count; i++)
		if (all[i].dir == f.dir && all[i].entry == f.entry) {
			*file = (uint32_t)i;
			return 0;
		}
	r = indexer_short_name(ix->volume, f.entry, name);
	if (r)
		return r;
	/* An initrd that is called as the archives' directory beside it says its number, too. */
	taken = dir == INDEX_DIR_INITRD && !strcmp(name, INDEX_GENERATED);
	for (size_t i = 0; i < count && !taken; i++)
		taken = all[i].dir == f.dir &&
			!strcmp((char *)ix->draft->section[INDEX_STRINGS].data + all[i].name, name);
	if (taken)
		indexer_name_more(name, f.entry);
	f.name = index_draft_string(ix->draft, name);
	*file = index_draft_add(ix->draft, INDEX_FILES, &f);
	return ix->draft->error;
}

static void indexer_boot(struct indexer *ix, const struct bootcfg_entry *e)
{
	struct index_draft *d = ix->draft;
	struct index_boot b = {.kind = e->kind,
			       .platforms = e->platforms,
			       .is_default = e->is_default,
			       .module_words = UINT32_MAX};
	uint32_t initrds[BOOTCFG_INITRDS], ref;

	if (indexer_boot_file(ix, e->kernel, INDEX_DIR_KERNEL, &b.kernel)) {
		d->header.skipped++;
		return;
	}
	for (size_t i = 0; i < e->initrd_count; i++)
		if (indexer_boot_file(ix, e->initrds[i], INDEX_DIR_INITRD, &initrds[i])) {
			d->header.skipped++;
			return;
		}
	b.title = index_draft_string(d, e->title);
	b.submenu = index_draft_string(d, e->submenu);
	b.source = index_draft_string(d, e->source);
	b.word_first = (uint32_t)d->section[INDEX_REFS].count;
	b.word_count = (uint32_t)e->word_count;
	for (size_t i = 0; i < e->word_count; i++) {
		ref = index_draft_string(d, e->words[i]);
		index_draft_add(d, INDEX_REFS, &ref);
	}
	b.initrd_first = (uint32_t)d->section[INDEX_REFS].count;
	b.initrd_count = (uint32_t)e->initrd_count;
	for (size_t i = 0; i < e->initrd_count; i++)
		index_draft_add(d, INDEX_REFS, &initrds[i]);
	if (e->kind == BOOTCFG_MULTIBOOT) {
		b.module_words = (uint32_t)d->section[INDEX_REFS].count;
		for (size_t i = 0; i < e->initrd_count; i++) {
			ref = index_draft_string(d, e->module_words[i]);
			index_draft_add(d, INDEX_REFS, &ref);
		}
	}
	index_draft_add(d, INDEX_BOOTS, &b);
}

struct indexer_order {
	uint32_t dir, old;
	const char *name;
};

static int indexer_order_cmp(const void *a, const void *b)
{
	const struct indexer_order *p = a, *q = b;

	return p->dir != q->dir ? (p->dir < q->dir ? -1 : 1) : strcmp(p->name, q->name);
}

static int indexer_sort_files(struct index_draft *d)
{
	size_t n = d->section[INDEX_FILES].count;
	struct index_file *files = d->section[INDEX_FILES].data;
	struct index_boot *boots = d->section[INDEX_BOOTS].data;
	uint32_t *refs = d->section[INDEX_REFS].data;
	cleanup_free struct indexer_order *order = calloc(n + 1, sizeof(*order));
	cleanup_free struct index_file *sorted = calloc(n + 1, sizeof(*sorted));
	cleanup_free uint32_t *now = calloc(n + 1, sizeof(*now));

	if (!order || !sorted || !now)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		order[i] = (struct indexer_order){files[i].dir, (uint32_t)i,
						  (char *)d->section[INDEX_STRINGS].data + files[i].name};
	if (n)
		qsort(order, n, sizeof(*order), indexer_order_cmp);
	for (size_t i = 0; i < n; i++) {
		sorted[i] = files[order[i].old];
		now[order[i].old] = (uint32_t)i;
	}
	if (n)
		memcpy(files, sorted, n * sizeof(*files));
	for (size_t i = 0; i < d->section[INDEX_BOOTS].count; i++) {
		boots[i].kernel = now[boots[i].kernel];
		for (uint32_t k = 0; k < boots[i].initrd_count; k++)
			refs[boots[i].initrd_first + k] = now[refs[boots[i].initrd_first + k]];
	}
	return 0;
}

int indexer_boots(struct indexer *ix)
{
	for (size_t i = 0; i < ix->boot.count; i++)
		indexer_boot(ix, &ix->boot.entries[i]);
	return ix->draft->error ? ix->draft->error : indexer_sort_files(ix->draft);
}
