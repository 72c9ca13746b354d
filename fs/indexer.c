/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cpu.h"
#include "identity.h"
#include "indexer.h"
#include "indexer_archive.h"
#include "indexer_private.h"
#include "log.h"
#include "recipe.h"
#include "sandbox.h"

#define INDEXER_MENU_CAP (1u << 20)

/* --- menus: the reader's eyes ----------------------------------------------------------------- */

static int indexer_menu_read(void *ctx, const char *path, char **text, size_t *len)
{
	struct indexer *ix = ctx;
	const struct volume_entry *e;
	uint32_t n;
	int r = volume_lookup(ix->volume, 0, path, VOLUME_FOLLOW | VOLUME_ANY_CASE, &n);

	if (!r)
		r = volume_file_dup(ix->volume, ix->map, n, INDEXER_MENU_CAP, text, len);
	if (r)
		return r;
	e = &ix->volume->entries[n];
	for (size_t i = 0; i < e->extent_count && ix->menu_count < INDEXER_MENUS; i++)
		ix->menus[ix->menu_count++] = ix->volume->extents[e->extent_first + i];
	return 0;
}

static bool indexer_menu_exists(void *ctx, const char *path)
{
	const struct indexer *ix = ctx;
	uint32_t n;

	return !volume_lookup(ix->volume, 0, path, VOLUME_FOLLOW | VOLUME_ANY_CASE, &n) &&
	       S_ISREG(ix->volume->entries[n].mode);
}

static int indexer_menu_list(void *ctx, const char *path, char **names, size_t *len)
{
	const struct indexer *ix = ctx;
	uint32_t n;
	int r = volume_lookup(ix->volume, 0, path, VOLUME_FOLLOW | VOLUME_ANY_CASE, &n);

	return r ? r : volume_dir_names(ix->volume, n, BOOTCFG_LIST_MAX, names, len);
}

/* --- processors ------------------------------------------------------------------------------- */

/* What the kernels say for themselves; where one does not say (it is packed), what the EFI loaders of the medium are
 * for as well. */
static unsigned indexer_cpu(const struct indexer *ix)
{
	const struct index_boot *boots = ix->draft->section[INDEX_BOOTS].data;
	const struct index_file *files = ix->draft->section[INDEX_FILES].data;
	const struct volume *v = ix->volume;
	unsigned kernels = 0, loaders = 0;
	size_t told = 0, packed = 0;
	uint8_t head[CPU_HEAD];

	for (uint32_t i = 0; i < v->count; i++)
		if (S_ISREG(v->entries[i].mode) && !strncasecmp(v->entries[i].path, "efi/boot/", 9))
			loaders |= cpu_of_loader(v->entries[i].name);
	for (size_t i = 0; i < ix->draft->section[INDEX_BOOTS].count; i++) {
		const struct volume_entry *e = &v->entries[files[boots[i].kernel].entry];
		size_t len = e->size < sizeof(head) ? (size_t)e->size : sizeof(head);
		unsigned cpu = 0;

		if (boots[i].kind != BOOTCFG_LINUX)
			continue;
		if (len && e->extent_count && v->extents[e->extent_first].length >= len &&
		    !pread_full(ix->fd, head, len, v->extents[e->extent_first].offset))
			cpu = cpu_of_program(head, len);
		kernels |= cpu;
		told += cpu != 0;
		packed += cpu == 0;
	}
	if (told && !packed)
		return kernels;
	return loaders ? kernels | loaders : 0;
}

/* --- the tree --------------------------------------------------------------------------------- */

static int indexer_entries(struct indexer *ix)
{
	const struct volume *v = ix->volume;
	struct index_draft *d = ix->draft;
	cleanup_free uint32_t *fill = calloc(v->count + 1, sizeof(*fill));
	struct index_entry *entries;
	uint32_t *children, at = 0;

	if (!fill)
		return -ENOMEM;
	for (size_t i = 0; i < v->extent_count; i++) {
		struct index_extent x = {v->extents[i].offset, v->extents[i].length};

		index_draft_add(d, INDEX_EXTENTS, &x);
	}
	for (size_t i = 0; i < v->count; i++) {
		const struct volume_entry *e = &v->entries[i];
		struct index_entry out = {.size = e->size,
					  .mtime = e->mtime,
					  .parent = e->parent,
					  .mode = e->mode,
					  .flags = e->flags,
					  .first = (uint32_t)e->extent_first,
					  .count = (uint32_t)e->extent_count};

		out.name = index_draft_string(d, e->name);
		out.target = index_draft_string(d, e->target);
		index_draft_add(d, INDEX_ENTRIES, &out);
		index_draft_add(d, INDEX_CHILDREN, &out.parent); /* room; filled below */
	}
	if (d->error)
		return d->error;
	/* The root is nobody's child. */
	d->section[INDEX_CHILDREN].count--;
	entries = d->section[INDEX_ENTRIES].data;
	children = d->section[INDEX_CHILDREN].data;
	for (size_t i = 1; i < v->count; i++) {
		struct index_entry *p = &entries[entries[i].parent];

		p->count++;
		p->subdirs += S_ISDIR(entries[i].mode);
	}
	for (size_t i = 0; i < v->count; i++)
		if (S_ISDIR(entries[i].mode)) {
			entries[i].first = at;
			at += entries[i].count;
		}
	/* Entries come in order of whole paths, and siblings among them in order of names. */
	for (size_t i = 1; i < v->count; i++)
		children[entries[entries[i].parent].first + fill[entries[i].parent]++] = (uint32_t)i;
	return 0;
}

static bool indexer_has_initrd(const struct index_draft *d)
{
	const struct index_file *files = d->section[INDEX_FILES].data;

	for (size_t i = 0; i < d->section[INDEX_FILES].count; i++)
		if (files[i].dir == INDEX_DIR_INITRD)
			return true;
	return false;
}

static int indexer_parse(struct indexer *ix, struct reason *why)
{
	struct bootcfg_files files = {ix, indexer_menu_read, indexer_menu_exists, indexer_menu_list};
	struct index_draft *d = ix->draft;
	const struct recipe *recipe;
	struct identity identity;
	struct reason left_out = {""};
	int r;

	r = volume_read(ix->map, ix->size, &ix->volume, why);
	if (r)
		return r;
	r = indexer_entries(ix);
	if (!r)
		r = indexer_squashes(ix);
	if (!r)
		r = bootcfg_read(&files, &ix->boot);
	if (!r && !ix->boot.count && ix->boot.foreign && !ix->note[0])
		snprintf(ix->note, sizeof(ix->note), "its menu starts another system's kernel (%s)",
			 ix->boot.foreign);
	if (!r)
		r = identity_compute(ix->map, ix->size, ix->menus, ix->menu_count, ix->squash,
				     ix->squash_count, &identity);
	if (r)
		return reason_set(why, r, "%s", strerror(-r));
	recipe = recipe_recognise(ix->volume, &ix->boot);
	r = recipe_entries(recipe, ix->volume, &ix->boot);
	if (r)
		return reason_set(why, r, "%s", strerror(-r));
	d->error = indexer_boots(ix);
	if (!d->error)
		d->header.cpu = indexer_cpu(ix);
	snprintf(d->header.family, sizeof(d->header.family), "%s", recipe->id);
	memcpy(d->header.identity, identity.digest, sizeof(d->header.identity));
	d->header.label = index_draft_string(d, ix->volume->label);
	d->header.image_size = ix->size;
	if (!d->error)
		d->error = indexer_archives(d, recipe, &left_out);
	if (!d->error)
		d->error = indexer_graft(d, recipe, ix->volume, ix->map, ix->size);
	d->header.note = index_draft_string(d, ix->note[0] ? ix->note : left_out.text);
	d->header.created = ix->volume->created;
	d->header.judged = !indexer_has_initrd(d);
	d->header.zisofs_count = (uint32_t)ix->volume->zisofs_count;
	d->header.skipped += ix->boot.skipped + (uint32_t)ix->volume->skipped_count;
	return d->error ? reason_set(why, d->error, "%s", strerror(-d->error)) : 0;
}

int indexer_build(int fd, struct index_draft *draft, struct reason *why)
{
	struct indexer ix = {.fd = fd, .draft = draft};
	struct stat st;
	void *map;
	int r;

	if (fstat(fd, &st) < 0)
		return reason_set(why, -errno, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size <= 0)
		return reason_set(why, -EMEDIUMTYPE, "not an ISO: empty or not a file");
	ix.size = (uint64_t)st.st_size;
	r = volume_probe(fd, ix.size, why);
	if (r)
		return r;
	map = mmap(NULL, ix.size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return reason_set(why, -errno, "%s", strerror(errno));
	/* Without this a fault on a directory reads its neighbours, which are somebody's file data. */
	madvise(map, ix.size, MADV_RANDOM);
	ix.map = map;
	r = indexer_parse(&ix, why);
	bootcfg_free(&ix.boot);
	volume_free(ix.volume);
	munmap(map, ix.size);
	return r;
}

int indexer_main(void)
{
	struct index_draft draft;
	struct reason why = {""};
	int r;

	log_open(LOG_TARGET_PREFIXED, false);
	r = sandbox_indexer(INDEXER_FD_IMAGE);
	if (r) {
		log_err("indexer: cannot lock itself in: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	index_draft_init(&draft);
	r = indexer_build(INDEXER_FD_IMAGE, &draft, &why);
	if (!r) {
		r = index_draft_write(&draft, INDEXER_FD_OUT);
		if (r)
			reason_set(&why, r, "index: %s", strerror(-r));
	}
	index_draft_free(&draft);
	if (!r)
		return INDEXER_OK;
	if (!why.text[0])
		reason_set(&why, r, "%s", strerror(-r));
	if (ftruncate(INDEXER_FD_OUT, 0) < 0 || lseek(INDEXER_FD_OUT, 0, SEEK_SET) < 0 ||
	    write_full(INDEXER_FD_OUT, why.text, strlen(why.text)))
		return EXIT_FAILURE;
	return r == -ENODATA ? INDEXER_INCOMPLETE : INDEXER_REFUSED;
}
