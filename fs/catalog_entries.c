/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "catalog_private.h"

/* Entries that the administrator wrote (conf.h), with the image's own before them. Their files are named by their
 * paths in the ISO, and so that is where menus load them from. */

void catalog_entries_free(struct item_word *w)
{
	for (size_t i = 0; w->boots && i < w->boot_count; i++) {
		struct menu_boot *b = &w->boots[i];

		if (!b->entry.written)
			continue; /* the image's */
		free((void *)(uintptr_t)b->kernel);
		for (size_t k = 0; b->initrds && k < b->initrd_count; k++)
			free((void *)(uintptr_t)b->initrds[k]);
		free((void *)(uintptr_t)b->initrds);
	}
	free(w->boots);
	w->boots = NULL;
	w->boot_count = 0;
}

/* A regular file of the ISO, through no link: "iso/boot/vmlinuz" for "/boot/vmlinuz". */
static int entry_file(const struct index *x, const char *path, char **where, uint64_t *size)
{
	cleanup_free char *copy = strdup(path);
	char *save = NULL;
	uint32_t entry = 0;
	int r = copy ? 0 : -ENOMEM;

	for (char *name = copy ? strtok_r(copy, "/", &save) : NULL; name && !r; name = strtok_r(NULL, "/", &save))
		r = index_child(x, entry, name, &entry);
	if (!r && !S_ISREG(x->entries[entry].mode))
		r = -ENOENT;
	if (!r && asprintf(where, "iso%s", path) < 0) {
		*where = NULL;
		r = -ENOMEM;
	}
	if (!r)
		*size += x->entries[entry].size;
	return r;
}

/* The texts stay those of the conf, which lives as long as the word does. */
static int entry_make(const struct index *x, const struct conf_entry *from, struct menu_boot *b)
{
	struct bootcfg_entry *e = &b->entry;
	uint64_t ignored = 0;
	char **initrds;
	int r;

	*e = (struct bootcfg_entry){ .title = from->title, .kernel = from->kernel, .written = true,
				     .kind = from->initrds ? BOOTCFG_LINUX : BOOTCFG_BINARY,
				     .words = from->words, .platforms = BOOTCFG_BIOS | BOOTCFG_EFI };
	e->submenu = e->source = (char *)(uintptr_t)"";
	while (from->words && from->words[e->word_count])
		e->word_count++;
	initrds = calloc(CONF_INITRDS + 1u, sizeof(*initrds));
	if (!initrds)
		return -ENOMEM;
	b->initrds = (const char *const *)initrds;
	r = entry_file(x, from->kernel, (char **)(uintptr_t)&b->kernel, &ignored);
	for (size_t i = 0; from->initrds && from->initrds[i] && i < CONF_INITRDS && !r; i++) {
		r = entry_file(x, from->initrds[i], &initrds[i], &b->initrd_size);
		if (r)
			break;
		e->initrds[i] = from->initrds[i];
		e->initrd_count = b->initrd_count = i + 1;
	}
	return r;
}

static int entry_missing(struct item_word *w, const struct conf_entry *from)
{
	if (!w->note &&
	    asprintf(&w->note, "its .conf has an entry \"%s\" whose files are not in the ISO", from->title) < 0) {
		w->note = NULL;
		return -ENOMEM;
	}
	return 0;
}

int catalog_entries(const struct image *im, struct item_word *w)
{
	const struct menu_image *l = &im->listing;
	size_t more = w->conf ? w->conf->entry_count : 0;

	if (!more)
		return 0;
	w->boots = calloc(l->boot_count + more, sizeof(*w->boots));
	if (!w->boots)
		return -ENOMEM;
	if (l->boot_count)
		memcpy(w->boots, l->boots, l->boot_count * sizeof(*w->boots));
	w->boot_count = l->boot_count;
	for (size_t i = 0; i < more; i++) {
		struct menu_boot *b = &w->boots[w->boot_count++];
		int r = entry_make(im->index, &w->conf->entries[i], b);

		if (!r)
			continue;
		if (r == -ENOENT || r == -ENOTDIR) {
			/* Half made: taken back, as catalog_entries_free() would. */
			struct item_word half = { .boots = calloc(1, sizeof(*b)), .boot_count = 1 };

			if (!half.boots)
				return -ENOMEM;
			*half.boots = *b;
			w->boot_count--;
			catalog_entries_free(&half);
			r = entry_missing(w, &w->conf->entries[i]);
		}
		if (r)
			return r;
	}
	return 0;
}
