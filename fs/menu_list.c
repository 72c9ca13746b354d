/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cpu.h"
#include "menu_row.h"

/* Which texts of all images there are, where each stands, and what is in it. What they look like is the business of
 * menu_list_grub.c, menu_list_ipxe.c and menu_html.c. */

struct menu_texts {
	const struct menu_site *site;
	const struct menu_row *const *rows;
	size_t count;
	menu_put put;
	void *ctx;
};

/* The second grub.cfg stands where signed GRUB images of Debian and Ubuntu look (their prefix is /grub). */
static const struct menu_list_writer list_writers[] = {
	{ MENU_GRUB, "cfg", "grub.cfg", { "boot/grub/grub.cfg", "grub/grub.cfg" }, menu_list_grub, menu_refused_grub },
	{ MENU_IPXE, "ipxe", "boot.ipxe", { "boot.ipxe", NULL }, menu_list_ipxe, menu_refused_ipxe },
};

/* --- writing and putting --------------------------------------------------------------------- */

struct buffer {
	FILE *f;
	char *data;
	size_t size;
};

static int buffer_open(struct buffer *b)
{
	b->data = NULL;
	b->f = open_memstream(&b->data, &b->size);
	return b->f ? 0 : -ENOMEM;
}

/* Closes it. */
static int buffer_put(const struct menu_texts *t, struct buffer *b, const char *path, const char *also)
{
	bool failed = ferror(b->f);
	char *copy;
	int r;

	if (fclose(b->f) || failed) {
		free(b->data);
		return -ENOMEM;
	}
	copy = also ? malloc(b->size + 1) : NULL;
	if (also && !copy) {
		free(b->data);
		return -ENOMEM;
	}
	if (also)
		memcpy(copy, b->data, b->size + 1);
	r = t->put(t->ctx, path, b->data, b->size);
	if (also && !r)
		return t->put(t->ctx, also, copy, b->size);
	free(copy);
	return r;
}

static int put_list(const struct menu_texts *t, const struct menu_list_writer *w, const struct menu_list *list,
		    const char *path, const char *also)
{
	struct buffer b;

	if (buffer_open(&b))
		return -ENOMEM;
	w->list(t->site, list, b.f);
	return buffer_put(t, &b, path, also);
}

/* --- what is in a list ----------------------------------------------------------------------- */

static bool row_listed(const struct menu_row *row, enum menu_loader loader)
{
	return row->platforms[loader] != 0;
}

static bool row_below(const struct menu_row *row, const char *folder, size_t len)
{
	return !len || (!strncmp(row->path, folder, len) && row->path[len] == '/');
}

static void entry_count(struct menu_list_entry *e, const struct menu_row *row, enum menu_loader loader)
{
	bool first = !e->platforms;

	e->count++;
	e->platforms |= row->platforms[loader];
	/* One that is shown everywhere makes what holds it be shown everywhere. */
	e->cpu = !row->cpu || (!first && !e->cpu) ? 0 : e->cpu | row->cpu;
}

static struct menu_list_entry *list_add(struct menu_list *list)
{
	if (array_grow(&list->entries, &list->room, list->count, sizeof(*list->entries)))
		return NULL;
	list->entries[list->count] = (struct menu_list_entry){ .row = NULL };
	return &list->entries[list->count++];
}

/* One entry for each image and each folder in the list's folder; what is in it stands together, from row i on. */
static int list_folder(const struct menu_texts *t, enum menu_loader loader, struct menu_list *list, size_t i)
{
	struct menu_list_entry *e = NULL;

	for (; i < t->count && row_below(t->rows[i], list->folder, list->folder_len); i++) {
		const struct menu_row *row = t->rows[i];
		const char *slash;
		size_t len;

		slash = strchr(row->path + (list->folder_len ? list->folder_len + 1 : 0), '/');
		if (!row_listed(row, loader) || (row == list->start && !slash))
			continue;
		len = slash ? (size_t)(slash - row->path) : 0;
		if (!slash || !e || e->row || e->folder_len != len || strncmp(e->folder, row->path, len)) {
			e = list_add(list);
			if (!e)
				return -ENOMEM;
			e->row = slash ? NULL : row;
			e->folder = slash ? row->path : NULL;
			e->folder_len = len;
		}
		entry_count(e, row, loader);
	}
	return 0;
}

/* Puts one entry for each family in the place of the images. */
static int list_families(enum menu_loader loader, struct menu_list *list)
{
	struct menu_list out = *list;

	out.entries = NULL;
	out.count = out.room = 0;
	for (size_t i = 0; recipe_at(i); i++) {
		struct menu_list_entry *e = NULL;

		for (size_t k = 0; k < list->count; k++) {
			if (!list->entries[k].row || list->entries[k].row->recipe != recipe_at(i))
				continue;
			if (!e)
				e = list_add(&out);
			if (!e)
				goto fail;
			e->family = recipe_at(i);
			entry_count(e, list->entries[k].row, loader);
		}
	}
	for (size_t k = 0; k < list->count; k++) {
		struct menu_list_entry *e;

		if (list->entries[k].row)
			continue;
		e = list_add(&out);
		if (!e)
			goto fail;
		*e = list->entries[k];
	}
	free(list->entries);
	*list = out;
	return 0;
fail:
	free(out.entries);
	return -ENOMEM;
}

/* --- the texts ------------------------------------------------------------------------------- */

/* The lists of those families that the main menu has an entry for; images are those that it would have. */
static int put_families(const struct menu_texts *t, const struct menu_list_writer *w, const struct menu_list *top,
			const struct menu_list *images)
{
	int r = 0;

	for (size_t i = 0; i < top->count && !r; i++) {
		struct menu_list list = { .folder = "", .family = top->entries[i].family };
		cleanup_free char *path = NULL;

		if (!list.family)
			continue;
		for (size_t k = 0; k < images->count && !r; k++) {
			const struct menu_list_entry *image = &images->entries[k];
			struct menu_list_entry *e;

			if (!image->row || image->row->recipe != list.family)
				continue;
			e = list_add(&list);
			if (e)
				*e = *image;
			else
				r = -ENOMEM;
		}
		if (!r && asprintf(&path, "boot/family/%s.%s", list.family->id, w->suffix) < 0) {
			path = NULL;
			r = -ENOMEM;
		}
		if (!r)
			r = put_list(t, w, &list, path, NULL);
		free(list.entries);
	}
	return r;
}

static int put_main(const struct menu_texts *t, const struct menu_list_writer *w)
{
	struct menu_list list = { .folder = "", .top = true }, images = { .folder = "" };
	size_t shown = 0;
	int r;

	if (t->site->start)
		list.start = menu_row_find(t->rows, t->count, t->site->start);
	if (list.start && !row_listed(list.start, w->loader))
		list.start = NULL;
	for (size_t i = 0; i < t->count; i++)
		list.refused += menu_row_refused(t->rows[i]);
	r = list_folder(t, w->loader, &list, 0);
	for (size_t i = 0; i < list.count; i++)
		shown += list.entries[i].row != NULL;
	if (!r && shown > MENU_MAIN_MOST) {
		r = list_folder(t, w->loader, &images, 0);
		if (!r)
			r = list_families(w->loader, &list);
		if (!r)
			r = put_families(t, w, &list, &images);
	}
	if (!r)
		r = put_list(t, w, &list, w->main[0], w->main[1]);
	free(images.entries);
	free(list.entries);
	return r;
}

/* The folder that is the first len bytes of row i's path. */
static int put_folder(const struct menu_texts *t, const struct menu_list_writer *w, size_t i, size_t len)
{
	const char *folder = t->rows[i]->path;
	struct menu_list list = { .folder = folder, .folder_len = len };
	cleanup_free char *path = NULL;
	int r = list_folder(t, w->loader, &list, i);

	if (!r && asprintf(&path, "%.*s/%s", (int)len, folder, w->name) < 0) {
		path = NULL;
		r = -ENOMEM;
	}
	if (!r)
		r = put_list(t, w, &list, path, NULL);
	free(list.entries);
	return r;
}

/* Each folder that has something in it, also only further down: where the row before was not in it yet. */
static int put_folders(const struct menu_texts *t, const struct menu_list_writer *w)
{
	const struct menu_row *before = NULL;
	int r = 0;

	for (size_t i = 0; i < t->count && !r; i++) {
		const struct menu_row *row = t->rows[i];

		if (!row_listed(row, w->loader))
			continue;
		for (const char *p = row->path; (p = strchr(p, '/')) && !r; p++)
			if (!before || !row_below(before, row->path, (size_t)(p - row->path)))
				r = put_folder(t, w, i, (size_t)(p - row->path));
		before = row;
	}
	return r;
}

static int put_refused(const struct menu_texts *t, const struct menu_list_writer *w)
{
	char path[64];
	struct buffer b;
	size_t refused = 0;

	for (size_t i = 0; i < t->count; i++)
		refused += menu_row_refused(t->rows[i]);
	if (!refused)
		return 0;
	if (buffer_open(&b))
		return -ENOMEM;
	w->refused(t->rows, t->count, b.f);
	snprintf(path, sizeof(path), "boot/not-bootable.%s", w->suffix);
	return buffer_put(t, &b, path, NULL);
}

static int put_html(const struct menu_texts *t)
{
	struct buffer b;

	if (buffer_open(&b))
		return -ENOMEM;
	menu_html_page(t->rows, t->count, b.f);
	return buffer_put(t, &b, "index.html", NULL);
}

static int put_status(const struct menu_texts *t)
{
	struct buffer b;

	if (buffer_open(&b))
		return -ENOMEM;
	fputs("# name\tstate\tfamily\tboots\treason\n", b.f);
	for (size_t i = 0; i < t->count; i++)
		fputs(t->rows[i]->status, b.f);
	return buffer_put(t, &b, "status", NULL);
}

int menu_texts(const struct menu_site *site, const struct menu_row *const *rows, size_t count, menu_put put, void *ctx)
{
	const struct menu_texts t = { site, rows, count, put, ctx };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(list_writers) && !r; i++) {
		r = put_main(&t, &list_writers[i]);
		if (!r)
			r = put_folders(&t, &list_writers[i]);
		if (!r)
			r = put_refused(&t, &list_writers[i]);
	}
	if (!r)
		r = put_html(&t);
	return r ? r : put_status(&t);
}
