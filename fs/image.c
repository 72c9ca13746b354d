/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>

#include "cpu.h"
#include "image.h"
#include "image_private.h"
#include "initrd.h"
#include "log.h"

/* The menus' view of an index: strings stay the index's. */

/* What the initrds of an entry can do together; x is the image's index, or the judge's copy of it. */
static uint64_t image_boot_can(const struct index *x, const struct index_boot *b)
{
	uint64_t all = INITRD_JUDGED, any = 0;
	/* A hypervisor's first module is the kernel. */
	uint32_t i = b->kind == BOOTCFG_MULTIBOOT && b->initrd_count > 1;

	for (; i < b->initrd_count; i++) {
		uint64_t can = x->files[x->refs[b->initrd_first + i]].can;

		all &= can;
		any |= can;
	}
	return (any & ~INITRD_JUDGED) | all;
}

static int image_boot(const struct index *x, const struct index_boot *b, struct menu_boot *out)
{
	struct bootcfg_entry *e = &out->entry;
	const char **initrds;
	uint64_t size;

	e->title = (char *)(uintptr_t)index_string(x, b->title);
	e->submenu = (char *)(uintptr_t)index_string(x, b->submenu);
	e->source = (char *)(uintptr_t)index_string(x, b->source);
	e->kind = b->kind;
	e->platforms = b->platforms;
	e->is_default = b->is_default;
	e->words = calloc(b->word_count + 1u, sizeof(*e->words));
	if (!e->words)
		return -ENOMEM;
	for (uint32_t i = 0; i < b->word_count; i++)
		e->words[i] = (char *)(uintptr_t)index_string(x, x->refs[b->word_first + i]);
	e->word_count = b->word_count;
	initrds = calloc(b->initrd_count + 1u, sizeof(*initrds));
	if (!initrds)
		return -ENOMEM;
	out->initrds = initrds;
	out->initrd_count = b->initrd_count < BOOTCFG_INITRDS ? b->initrd_count : BOOTCFG_INITRDS;
	if (asprintf((char **)(uintptr_t)&out->kernel, "kernel/%s",
		     index_string(x, x->files[b->kernel].name)) < 0) {
		out->kernel = NULL;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < out->initrd_count; i++) {
		if (asprintf((char **)(uintptr_t)&initrds[i], "initrd/%s",
			     index_string(x, x->files[x->refs[b->initrd_first + i]].name)) < 0) {
			initrds[i] = NULL;
			return -ENOMEM;
		}
		e->initrds[i] = (char *)(uintptr_t)initrds[i];
		size = x->entries[x->files[x->refs[b->initrd_first + i]].entry].size;
		if (__builtin_add_overflow(out->initrd_size, size, &out->initrd_size))
			out->initrd_size = UINT64_MAX;
		if (b->module_words != UINT32_MAX)
			e->module_words[i] = (char *)(uintptr_t)index_string(x, x->refs[b->module_words + i]);
	}
	e->initrd_count = out->initrd_count;
	e->kernel = (char *)(uintptr_t)out->kernel;
	out->can = image_boot_can(x, b);
	return 0;
}

static void image_listing_free(struct menu_image *l)
{
	struct menu_boot *boots = (struct menu_boot *)(uintptr_t)l->boots;

	for (size_t i = 0; boots && i < l->boot_count; i++) {
		free(boots[i].entry.words);
		free((void *)(uintptr_t)boots[i].kernel);
		for (size_t k = 0; boots[i].initrds && k < boots[i].initrd_count; k++)
			free((void *)(uintptr_t)boots[i].initrds[k]);
		free((void *)(uintptr_t)boots[i].initrds);
	}
	free(boots);
}

static void image_judged_time(struct image *im, const struct index *x)
{
	im->judged = (struct timespec){.tv_sec = x->header->judged, .tv_nsec = x->header->judged_nsec};
}

static int image_listing(struct image *im)
{
	const struct index *x = im->index;
	struct menu_image *l = &im->listing;
	size_t count = x->header->count[INDEX_BOOTS];
	struct menu_boot *boots = calloc(count + 1, sizeof(*boots));
	const struct index_squash *root;

	if (!boots)
		return -ENOMEM;
	image_judged_time(im, x);
	l->boots = boots;
	l->boot_count = count;
	l->file = im->path;
	l->state = MENU_SERVED;
	l->reason = index_string(x, x->header->note);
	l->recipe = recipe_by_id(x->header->family);
	l->label = index_string(x, x->header->label);
	l->size = im->size;
	l->cpu = x->header->cpu & CPU_ALL;
	l->zisofs_count = x->header->zisofs_count;
	root = index_root_squash(x->squash, x->header->count[INDEX_SQUASH]);
	l->root_size = root ? x->entries[root->entry].size : 0;
	for (size_t i = 0; i < count; i++)
		if (image_boot(x, &x->boots[i], &boots[i]))
			return -ENOMEM;
	return image_archives_make(im);
}

static int image_squashes(struct image *im)
{
	const struct index *x = im->index;
	size_t count = x->header->count[INDEX_SQUASH], n = 0;
	bool layered = count > 1;

	im->squash = calloc(count + 1, sizeof(struct squash *));
	im->views = calloc(2 * count + 1, sizeof(*im->views));
	if (!im->squash || !im->views)
		return -ENOMEM;
	im->views[n++].kind = IMAGE_VIEW_ISO;
	for (uint32_t i = 0; i < count; i++) {
		const struct index_squash *q = &x->squash[i];
		struct reason why;
		struct stat st;
		int r = squash_open(im->fd, q->offset, q->length,
				    q->numbers_count ? &x->numbers[q->numbers_first] : NULL, q->numbers_count,
				    &im->squash[i], &why);

		if (r) {
			log_warn("\"%s\": %s is not shown: %s", im->path, index_string(x, q->name), why.text);
			im->squash[i] = NULL;
			continue;
		}
		/* What cannot even be looked at is nobody's root. */
		im->listing.has_root |= (q->flags & INDEX_SQUASH_ROOT) &&
					!squash_stat(im->squash[i], squash_info(im->squash[i])->root, &st);
		if (q->flags & INDEX_SQUASH_ROOT)
			im->views[n++] = (struct image_view){IMAGE_VIEW_ROOT, i, 0};
		/* A single squashfs that is the root needs no second view. */
		if (layered || !(q->flags & INDEX_SQUASH_ROOT))
			im->views[n++] = (struct image_view){IMAGE_VIEW_LAYER, i, 0};
	}
	im->view_count = n;
	return 0;
}

static void image_free(struct image *im)
{
	image_listing_free(&im->listing);
	image_archives_free(im);
	for (size_t i = 0; im->index && im->squash && i < im->index->header->count[INDEX_SQUASH]; i++)
		squash_close(im->squash[i]);
	free(im->squash);
	free(im->views);
	index_close(im->index);
	if (im->map)
		munmap((void *)(uintptr_t)im->map, im->size);
	fd_close(&im->fd);
	free(im->path);
	if (im->released)
		im->released(im->released_ctx, im->serial);
	free(im);
}

int image_open(uint64_t serial, const char *path, int fd, const struct stat *st, int index_fd,
	       struct timespec when, struct image **out, struct reason *why)
{
	struct image *im = calloc(1, sizeof(*im));
	struct identity_part parts[3];
	uint32_t version = INDEX_NUMBERING;
	void *map;
	int r;

	if (!im) {
		close(fd);
		return -ENOMEM;
	}
	atomic_init(&im->refs, 1);
	im->fd = fd;
	im->serial = serial;
	im->size = (uint64_t)st->st_size;
	im->mtime = st->st_mtim;
	im->when = when;
	im->path = strdup(path);
	r = im->path ? index_open(index_fd, im->size, &im->index, why) : -ENOMEM;
	if (r)
		goto fail;
	map = mmap(NULL, im->size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		r = reason_set(why, -errno, "cannot map it: %s", strerror(errno));
		goto fail;
	}
	im->map = map;
	parts[0] = (struct identity_part){"generation", 10};
	parts[1] = (struct identity_part){im->index->header->identity, IDENTITY_SIZE};
	parts[2] = (struct identity_part){&version, sizeof(version)};
	im->generation = (uint32_t)identity_hash(parts, 3);
	r = image_squashes(im);
	if (!r)
		r = image_listing(im);
	if (r)
		goto fail;
	*out = im;
	return 0;
fail:
	image_free(im);
	return r;
}

int image_judged(struct image *im, int index_fd, struct reason *why)
{
	struct menu_boot *boots = (struct menu_boot *)(uintptr_t)im->listing.boots;
	struct index *x;
	int r = index_open(index_fd, im->size, &x, why);

	if (r)
		return r;
	if (!index_same_but_judged(im->index, x)) {
		index_close(x);
		return reason_set(why, -EBADMSG, "index: the judge's is about another image");
	}
	for (size_t i = 0; i < im->listing.boot_count; i++)
		boots[i].can = image_boot_can(x, &x->boots[i]);
	image_judged_time(im, x);
	index_close(x);
	return 0;
}

struct image *image_ref(struct image *im)
{
	atomic_fetch_add_explicit(&im->refs, 1, memory_order_relaxed);
	return im;
}

void image_put(struct image *im)
{
	if (im && atomic_fetch_sub_explicit(&im->refs, 1, memory_order_acq_rel) == 1)
		image_free(im);
}

bool image_same(const struct image *a, const struct image *b)
{
	return !memcmp(a->index->header->identity, b->index->header->identity, IDENTITY_SIZE) &&
	       !strcmp(a->path, b->path);
}
