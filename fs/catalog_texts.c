/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog_private.h"
#include "log.h"

#define ANSWERED "answer.cpio" /* the archive with the answer in the ISO in it */

bool catalog_same_text(const struct text *a, const struct text *b)
{
	const void *p = a->image ? a->own : (const void *)a->one.bytes;
	const void *q = b->image ? b->own : (const void *)b->one.bytes;
	uint64_t size = a->image ? a->own_size : a->size;

	/* Of an image's the same image is meant: its bytes are not to be looked at here. */
	return a->generation == b->generation && a->size == b->size && !strcmp(a->path, b->path) &&
	       a->image == b->image && a->own_size == b->own_size && (!size || !memcmp(p, q, size));
}

static struct text *catalog_text_before(const struct snapshot *s, size_t count, const struct text *t)
{
	for (size_t i = 0; i < count; i++)
		if (catalog_same_text(s->texts[i], t))
			return s->texts[i];
	return NULL;
}

/* --- of all images ----------------------------------------------------------------------------- */

struct catalog_making {
	struct catalog *c;
	struct snapshot *s;
	const struct snapshot *before;
};

static int catalog_put_text(void *ctx, const char *path, char *data, size_t size)
{
	const struct catalog_making *m = ctx;
	struct text *t = text_new(path, data, size, m->c->changed), *was;

	if (!t)
		return -ENOMEM;
	was = catalog_text_before(m->before, m->before ? m->before->text_shown : 0, t);
	if (was) {
		t->mtime = was->mtime;
		t->object = was->object;
	}
	return snapshot_add_text(m->s, t);
}

struct menu_image catalog_listing(const struct item *it, const char *path)
{
	struct menu_image listing;

	if (it->state == ITEM_NOTE)
		return (struct menu_image){.path = it->path,
					   .file = it->path,
					   .state = it->note,
					   .reason = it->reason,
					   .label = "",
					   .size = it->size};
	listing = it->image->listing;
	listing.path = path;
	listing.conf = it->word.conf;
	listing.conf_note = it->word.note;
	listing.answer = it->word.answer_name;
	if (listing.answer)
		listing.answered.size = image_answered_size(it->image, it->word.answer_size);
	if (listing.answered.size) {
		listing.answered.path = ANSWERED;
		listing.answered.way = it->image->index->graft->way;
	}
	if (it->word.boots) {
		listing.boots = it->word.boots;
		listing.boot_count = it->word.boot_count;
	}
	return listing;
}

/* An image's row is made once, and then used by every commit. */
static int catalog_row(const struct catalog *c, struct item *it)
{
	struct menu_image listing;

	if (it->row)
		return 0;
	listing = catalog_listing(it, it->tree_path);
	return menu_row_make(&c->config.site, &listing, &it->row);
}

/* Said once, and again after it was there in between. */
static void catalog_check_start(struct catalog *c, const struct menu_row *const *rows, size_t count)
{
	const char *start = c->config.site.start;
	bool missing;

	if (!start || !strcmp(start, MENU_LOCAL) || !c->settled)
		return;
	missing = !menu_row_find(rows, count, start);
	if (missing && !c->start_missing)
		log_warn("menu-default=%s: there is no such image, or it cannot boot; the main menu's default is the "
			 "local disk", start);
	c->start_missing = missing;
}

int catalog_texts(struct catalog *c, struct snapshot *s, const struct snapshot *before)
{
	cleanup_free const struct menu_row **rows = calloc(c->item_count + 1, sizeof(*rows));
	struct catalog_making making = {c, s, before};
	size_t n = 0;
	int r = 0;

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < c->item_count && !r; i++) {
		struct item *it = &c->items[i];

		if (it->state != ITEM_NOTE && (it->state != ITEM_PRESENT || !it->tree_path))
			continue;
		r = catalog_row(c, it);
		rows[n++] = it->row;
	}
	if (r)
		return r;
	qsort(rows, n, sizeof(*rows), menu_row_cmp);
	catalog_check_start(c, rows, n);
	return menu_texts(&c->config.site, rows, n, catalog_put_text, &making);
}

/* --- of one ------------------------------------------------------------------------------------ */

/* Takes over t, which may be NULL; one that was there is taken in its place. */
static int catalog_keep_text(const struct catalog *c, struct text *t, struct text **out)
{
	struct text *was;

	if (!t)
		return -ENOMEM;
	was = catalog_text_before(c->current, c->current ? c->current->text_count : 0, t);
	*out = was ? text_ref(was) : t;
	if (was)
		text_put(t);
	return 0;
}

/* Takes over data. */
static int catalog_own_text(struct catalog *c, const struct item *it, const char *path, const char *name, char *data,
			    size_t size, struct text **out)
{
	struct timespec when = it->image->when;
	cleanup_free char *where = NULL;

	if (asprintf(&where, "%s/%s", path, name) < 0) {
		where = NULL;
		free(data);
		return -ENOMEM;
	}
	when = timespec_cmp(when, it->image->judged) < 0 ? it->image->judged : when;
	when = timespec_cmp(when, it->word.when) < 0 ? it->word.when : when;
	return catalog_keep_text(c, text_new(where, data, size, when), out);
}

static int catalog_image_menu(struct catalog *c, const struct item *it, const char *path,
			      const struct menu_image_text *kind, struct text **out)
{
	struct menu_image listing = catalog_listing(it, path);
	char *data = NULL;
	size_t size;
	FILE *f = open_memstream(&data, &size);
	int r;

	if (!f)
		return -ENOMEM;
	r = kind->write(&c->config.site, &listing, f);
	if (ferror(f) && !r)
		r = -ENOMEM;
	if (fclose(f) && !r)
		r = -ENOMEM;
	if (r) {
		free(data);
		return r;
	}
	return catalog_own_text(c, it, path, kind->name, data, size, out);
}

/* The archive whose bytes are the image's, but for the answer in it. It is the same as long as those are. */
static int catalog_image_answered(const struct catalog *c, const struct item *it, const struct conf_file *f,
				  const char *path, struct text **out)
{
	struct timespec when = timespec_cmp(it->image->mtime, f->when) < 0 ? f->when : it->image->mtime;
	cleanup_free char *where = NULL;
	struct cpio *archive;
	size_t own_size;
	uint8_t *own;
	int r;

	if (asprintf(&where, "%s/" ANSWERED, path) < 0) {
		where = NULL;
		return -ENOMEM;
	}
	r = image_answered_make(it->image, f->data, f->size, &archive, &own, &own_size);
	if (r)
		return r;
	return catalog_keep_text(c, text_new_answered(where, it->image, archive, own, own_size, when), out);
}

/* What stands beside an answer file of that name: its text, with its name, or NULL where nothing does. Who looks for a
 * file called user-data (cloud-init) looks for meta-data, too, and takes neither without the other. */
static const char *catalog_beside(const struct item *it, const char *answer, const char **name)
{
	*name = "meta-data";
	if (!strcmp(answer, "user-data"))
		return "";
	for (const struct recipe_way *w = it->image->listing.recipe->ways; w && w->how; w++) {
		const struct recipe_answer *as = recipe_answer_as(w, answer);

		if (!as)
			continue;
		*name = as->name;
		return as->text;
	}
	return NULL;
}

/* The file for an unattended installation. */
static int catalog_image_answer(struct catalog *c, struct item *it, const char *path)
{
	const struct conf_file *f = catalog_conf_file(c, it->word.answer);
	struct text **out = &it->texts[MENU_IMAGE_TEXTS];
	const char *beside, *name;
	char *copy;
	int r = 0;

	if (!f || *out)
		return 0;
	copy = malloc(f->size + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, f->data, f->size);
	r = catalog_own_text(c, it, path, it->word.answer_name, copy, f->size, out);
	beside = catalog_beside(it, it->word.answer_name, &name);
	if (!r && beside) {
		copy = strdup(beside);
		r = copy ? catalog_own_text(c, it, path, name, copy, strlen(beside), out + 1) : -ENOMEM;
	} else if (!r && image_answered_size(it->image, f->size)) {
		r = catalog_image_answered(c, it, f, path, out + 1);
	}
	return r;
}

int catalog_image_texts(struct catalog *c, struct item *it, const char *path)
{
	int r = 0;

	for (size_t i = 0; i < MENU_IMAGE_TEXTS && !r; i++)
		if (!it->texts[i])
			r = catalog_image_menu(c, it, path, &menu_image_texts[i], &it->texts[i]);
	return r ? r : catalog_image_answer(c, it, path);
}

void catalog_item_forget(struct item *it)
{
	for (size_t i = 0; i < PLACE_TEXTS; i++) {
		text_put(it->texts[i]);
		it->texts[i] = NULL;
	}
	menu_row_free(it->row);
	it->row = NULL;
}
