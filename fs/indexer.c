/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "bootcfg.h"
#include "cpu.h"
#include "identity.h"
#include "indexer.h"
#include "indexer_archive.h"
#include "log.h"
#include "recipe.h"
#include "sandbox.h"
#include "squash.h"
#include "volume.h"

#define INDEXER_LAYERS	   64
#define INDEXER_PROBES	   4096
#define INDEXER_PROBE_SIZE (1u << 20) /* smaller files are squashfs only if their name says so */
#define INDEXER_MENU_CAP   (1u << 20)
#define INDEXER_MENUS	   256

struct indexer {
	int fd;
	const void *map;
	uint64_t size;
	struct volume *volume;
	struct bootcfg boot;
	struct extent menus[INDEXER_MENUS]; /* the menu files read: part of the identity */
	size_t menu_count;
	struct extent squash[INDEXER_LAYERS];
	size_t squash_count;
	struct index_draft *draft;
	char note[256];
};

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

/* --- squashfs inside -------------------------------------------------------------------------- */

static bool indexer_suffix(const char *name, const char *const *list)
{
	size_t len = strlen(name);

	for (; *list; list++)
		if (len > strlen(*list) && !strcasecmp(name + len - strlen(*list), *list))
			return true;
	return false;
}

static bool indexer_inside(struct squash *sq, const char *path)
{
	char part[256];
	uint32_t at = squash_info(sq)->root;

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n >= sizeof(part))
			return false;
		memcpy(part, path, n);
		part[n] = 0;
		if (squash_lookup(sq, at, part, &at))
			return false;
		path += n + (path[n] == '/');
	}
	return true;
}

/* A root has an os-release or an init; with merged /usr, sbin is a link, so both places are tried. */
static bool indexer_is_root(struct squash *sq)
{
	static const char *const marks[] = {"etc/os-release",	 "usr/lib/os-release",	    "sbin/init",
					    "usr/sbin/init",	 "usr/lib/systemd/systemd", "init",
					    "etc/initrd-release"};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (indexer_inside(sq, marks[i]))
			return true;
	return false;
}

/* Base name if no other file of the volume has it, else the path with '-' for '/'; what could not travel
 * in a kernel line or a URL becomes '_'. 0 or -ENAMETOOLONG. */
static int indexer_short_name(const struct volume *v, uint32_t entry, char out[256])
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

static int indexer_squash_one(struct indexer *ix, uint32_t entry, uint64_t offset, uint64_t length)
{
	struct index_squash q = {.entry = entry, .offset = offset};
	const struct volume_entry *e = &ix->volume->entries[entry];
	cleanup_free uint64_t *numbers = NULL;
	struct squash_info info;
	struct squash *sq;
	struct reason why;
	char name[256];
	int r;

	r = squash_probe(ix->fd, offset, length, &info, &why);
	if (r == -EMEDIUMTYPE)
		return 0;
	if (!r && !info.exportable)
		r = squash_number(ix->fd, offset, length, &numbers, &why);
	if (!r)
		r = squash_open(ix->fd, offset, length, numbers, numbers ? info.inodes : 0, &sq, &why);
	if (!r) {
		q.flags = INDEX_SQUASH_LAYER;
		if (indexer_is_root(sq))
			q.flags |= INDEX_SQUASH_ROOT;
		else if (indexer_inside(sq, "LiveOS/rootfs.img") || indexer_inside(sq, "LiveOS/ext3fs.img"))
			snprintf(ix->note, sizeof(ix->note),
				 "no root/: it is inside a file system image in %.120s", e->path);
		squash_close(sq);
	}
	if (r == -ENOMEM)
		return r;
	if (r) {
		snprintf(ix->note, sizeof(ix->note), "%.80s: %.150s", e->path, why.text);
		return 0;
	}
	if (indexer_short_name(ix->volume, entry, name)) {
		snprintf(ix->note, sizeof(ix->note), "%.80s: name too long to show", e->path);
		return 0;
	}
	q.length = info.size;
	q.name = index_draft_string(ix->draft, name);
	q.numbers_first = ix->draft->section[INDEX_NUMBERS].count;
	if (numbers) {
		q.numbers_count = info.inodes;
		for (uint32_t i = 0; i < info.inodes; i++)
			index_draft_add(ix->draft, INDEX_NUMBERS, &numbers[i]);
	}
	index_draft_add(ix->draft, INDEX_SQUASH, &q);
	ix->squash[ix->squash_count].offset = offset;
	ix->squash[ix->squash_count++].length = info.size;
	return 0;
}

/* Of several roots the lowest layer stays the root: its name is the shortest, because layers are named
 * "minimal", "minimal.standard", "minimal.standard.live" (casper) or alike. */
static void indexer_choose_root(struct indexer *ix)
{
	struct index_squash *all = ix->draft->section[INDEX_SQUASH].data, *best = NULL;
	const char *strings = ix->draft->section[INDEX_STRINGS].data;

	for (size_t i = 0; i < ix->squash_count; i++) {
		struct index_squash *q = &all[i];

		if (!(q->flags & INDEX_SQUASH_ROOT))
			continue;
		if (!best || strlen(strings + q->name) < strlen(strings + best->name)) {
			if (best)
				best->flags &= ~(uint32_t)INDEX_SQUASH_ROOT;
			best = q;
		} else {
			q->flags &= ~(uint32_t)INDEX_SQUASH_ROOT;
		}
	}
}

static int indexer_squashes(struct indexer *ix)
{
	static const char *const suffixes[] = {".squashfs", ".sqfs", ".sfs", ".sqsh", ".squash", ".img",
					       ".module",   ".lzm",  ".sb",  ".xzm",  ".erofs",	 NULL};
	static const uint8_t erofs_magic[4] = {0xe2, 0xe1, 0xf5, 0xe0}; /* EROFS_SUPER_MAGIC_V1 at 1024 */
	unsigned probes = 0;

	for (uint32_t i = 0; i < ix->volume->count && ix->squash_count < INDEXER_LAYERS; i++) {
		const struct volume_entry *e = &ix->volume->entries[i];
		const struct extent *x = &ix->volume->extents[e->extent_first];
		uint8_t magic[4];
		int r;

		if (!S_ISREG(e->mode) || e->extent_count != 1 || e->size < SQUASH_SUPER_SIZE)
			continue;
		if (e->size < INDEXER_PROBE_SIZE && !indexer_suffix(e->name, suffixes))
			continue;
		if (++probes > INDEXER_PROBES)
			break;
		if (pread_full(ix->fd, magic, 4, x->offset))
			continue;
		if (!memcmp(magic, "hsqs", 4)) {
			r = indexer_squash_one(ix, i, x->offset, x->length);
			if (r)
				return r;
		} else if (e->size > 2048 && !pread_full(ix->fd, magic, 4, x->offset + 1024) &&
			   !memcmp(magic, erofs_magic, 4)) {
			snprintf(ix->note, sizeof(ix->note), "no root/: it is an EROFS image, %.120s",
				 e->path);
		}
	}
	if (!ix->draft->error)
		indexer_choose_root(ix);
	return ix->draft->error;
}

/* --- boot entries ----------------------------------------------------------------------------- */

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
	/* Two names made alike by '_' : the later says its entry number. So does an initrd that is called as the
	 * archives' directory beside it is. */
	taken = dir == INDEX_DIR_INITRD && !strcmp(name, INDEX_GENERATED);
	for (size_t i = 0; i < count && !taken; i++)
		taken = all[i].dir == f.dir &&
			!strcmp((char *)ix->draft->section[INDEX_STRINGS].data + all[i].name, name);
	if (taken) {
		size_t n = strlen(name);

		snprintf(name + n, sizeof(name) - n, "-%u", f.entry);
	}
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
	for (size_t i = 0; i < ix->boot.count; i++)
		indexer_boot(ix, &ix->boot.entries[i]);
	if (!d->error)
		d->error = indexer_sort_files(d);
	if (!d->error)
		d->header.cpu = indexer_cpu(ix);
	snprintf(d->header.family, sizeof(d->header.family), "%s", recipe->id);
	memcpy(d->header.identity, identity.digest, sizeof(d->header.identity));
	d->header.label = index_draft_string(d, ix->volume->label);
	d->header.image_size = ix->size;
	if (!d->error)
		d->error = indexer_archives(d, recipe, &left_out);
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
