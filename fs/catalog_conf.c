/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog_private.h"
#include "log.h"
#include "menu_quote.h"

/* The administrator's word by path: x.conf is for x.iso beside it, pxefs.conf for all in its folder and below. An
 * image has what its folders say, the outermost first, and its own over that. */

#define FOLDER_CONF "pxefs.conf"

static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The path without its suffix: of "a/b.iso", and of the answer file "a/b.answer.ks", "a/b". */
static size_t stem_len(const char *path, bool answer)
{
	size_t folder = folder_len(path);
	const char *dot = strrchr(path + folder, '.');

	if (answer)
		return folder + conf_answer_stem(path + folder);
	return dot ? (size_t)(dot - path) : strlen(path);
}

static bool is_folder_conf(const char *path)
{
	return !strcasecmp(path + folder_len(path), FOLDER_CONF);
}

static bool conf_concerns(const struct conf_file *f, const char *image)
{
	size_t n;

	if (!f->answer && !is_folder_conf(f->path)) {
		n = stem_len(f->path, false);
		return n == stem_len(image, false) && !strncmp(f->path, image, n);
	}
	/* An answer may be named by a folder's conf: it concerns all below it. */
	n = folder_len(f->path);
	return !strncmp(f->path, image, n);
}

static void conf_file_clear(struct conf_file *f)
{
	free(f->path);
	conf_free(f->conf);
	free(f->data);
}

void catalog_confs_free(struct catalog *c)
{
	for (size_t i = 0; i < c->conf_count; i++)
		conf_file_clear(&c->confs[i]);
	free(c->confs);
}

void catalog_word_free(struct item_word *w)
{
	conf_free(w->conf);
	free(w->note);
	free(w->answer);
	free(w->answer_name);
	catalog_entries_free(w);
	*w = (struct item_word){ .conf = NULL };
}

/* Of two notes the first is enough: it is mended first. */
static int word_unused(struct item_word *w, const struct conf_file *f)
{
	if (w->note || asprintf(&w->note, "%s is not used: %s", f->path + folder_len(f->path), f->why.text) >= 0)
		return 0;
	w->note = NULL;
	return -ENOMEM;
}

static int word_add(struct item_word *w, const struct conf_file *f)
{
	struct conf *both;
	int r;

	w->when = timespec_cmp(w->when, f->when) < 0 ? f->when : w->when;
	if (!f->conf)
		return word_unused(w, f);
	r = conf_merge(w->conf, f->conf, &both);
	if (r)
		return r;
	conf_free(w->conf);
	w->conf = both;
	return 0;
}

/* The answer file of that name, or without a name the image's own, nearest to the image. */
static const struct conf_file *word_answer(const struct catalog *c, const char *image, const char *name)
{
	const struct conf_file *best = NULL;

	for (size_t i = 0; i < c->conf_count; i++) {
		const struct conf_file *f = &c->confs[i];
		size_t stem = stem_len(f->path, f->answer);

		if (!f->answer || strncmp(f->path, image, folder_len(f->path)))
			continue;
		if (name ? strcmp(f->path + folder_len(f->path), name) != 0 :
			   stem != stem_len(image, false) || strncmp(f->path, image, stem) != 0)
			continue;
		if (!best || folder_len(f->path) > folder_len(best->path))
			best = f;
	}
	return best;
}

/* What an installer's own rule wants it to be called, else "answer" with its suffix. */
static char *answer_name(const struct image *im, const char *path)
{
	const char *dot = strrchr(path, '.');
	char *name;

	for (const struct recipe_way *w = im->listing.recipe->ways; w && w->how; w++) {
		const struct recipe_answer *as = recipe_answer_as(w, path);

		if (as) /* the file beside it knows it by that name */
			return asprintf(&name, "answer%s", as->suffix) < 0 ? NULL : name;
		if (w->answer && w->answer_name)
			return strdup(w->answer_name);
	}
	if (!strcasecmp(dot, ".answer") || !menu_path_carries(dot + 1))
		return strdup("answer");
	return asprintf(&name, "answer%s", dot) < 0 ? NULL : name;
}

static int by_depth(const void *a, const void *b)
{
	const struct conf_file *p = *(const struct conf_file *const *)a, *q = *(const struct conf_file *const *)b;
	size_t m = folder_len(p->path), n = folder_len(q->path);

	if (m != n)
		return m < n ? -1 : 1;
	return is_folder_conf(p->path) ? -1 : is_folder_conf(q->path) ? 1 : 0;
}

int catalog_word(const struct catalog *c, const struct image *im, struct item_word *out)
{
	const char *image = im->path;
	cleanup_free const struct conf_file **files = calloc(c->conf_count + 1, sizeof(*files));
	struct item_word w = { .conf = NULL };
	const struct conf_file *answer;
	bool named = false; /* an answer, by the image's own conf */
	size_t n = 0;
	int r = 0;

	if (!files)
		return -ENOMEM;
	for (size_t i = 0; i < c->conf_count; i++)
		if (!c->confs[i].answer && conf_concerns(&c->confs[i], image))
			files[n++] = &c->confs[i];
	qsort(files, n, sizeof(*files), by_depth);
	for (size_t i = 0; i < n && !r; i++) {
		r = word_add(&w, files[i]);
		named = named || (!is_folder_conf(files[i]->path) && files[i]->conf && files[i]->conf->answer);
	}
	/* One of the image's own is nearer than what its folder names. */
	answer = named ? NULL : word_answer(c, image, NULL);
	if (!answer && w.conf && w.conf->answer)
		answer = word_answer(c, image, w.conf->answer);
	if (answer && !answer->data && !r)
		r = word_unused(&w, answer);
	if (answer && answer->data && !r) {
		w.answer = strdup(answer->path);
		w.answer_name = answer_name(im, answer->path);
		w.answer_size = answer->size;
		w.when = timespec_cmp(w.when, answer->when) < 0 ? answer->when : w.when;
		r = w.answer && w.answer_name ? 0 : -ENOMEM;
	}
	if (!r)
		r = catalog_entries(im, &w);
	if (!r && !answer && !w.note && w.conf && w.conf->answer &&
	    asprintf(&w.note, "the answer file \"%s\" is not there", w.conf->answer) < 0) {
		w.note = NULL;
		r = -ENOMEM;
	}
	if (r) {
		catalog_word_free(&w);
		return r;
	}
	catalog_word_free(out);
	*out = w;
	return 0;
}

struct conf_file *catalog_conf_file(const struct catalog *c, const char *path)
{
	for (size_t i = 0; path && i < c->conf_count; i++)
		if (!strcmp(c->confs[i].path, path))
			return &c->confs[i];
	return NULL;
}

/* Every image that it concerns is to have its menus written again. */
static void conf_spread(struct catalog *c, const struct conf_file *f)
{
	for (size_t i = 0; i < c->item_count; i++) {
		struct item *it = &c->items[i];

		if (it->image && conf_concerns(f, it->image->path))
			it->worded = false;
	}
}

static int conf_file_new(struct catalog *c, const char *path, bool answer, const char *data, size_t size,
			 struct timespec when)
{
	struct conf_file f = { .answer = answer, .size = size, .when = when };
	int r = 0;

	if (!answer)
		r = conf_parse(data, size, &f.conf, &f.why);
	else if (size > CONF_ANSWER_MAX)
		r = reason_set(&f.why, -EINVAL, "more than %u bytes", CONF_ANSWER_MAX);
	if (r == -EINVAL) {
		log_warn("\"%s\" is not used: %s", path, f.why.text);
		r = 0;
	}
	f.path = strdup(path);
	f.data = answer && size <= CONF_ANSWER_MAX ? malloc(size + 1) : NULL;
	if (f.data)
		memcpy(f.data, data, size);
	if (r || !f.path || (answer && !f.data && !f.why.text[0]) ||
	    array_grow(&c->confs, &c->conf_room, c->conf_count, sizeof(f))) {
		conf_file_clear(&f);
		return -ENOMEM;
	}
	c->confs[c->conf_count++] = f;
	conf_spread(c, &f);
	return 0;
}

int catalog_conf(struct catalog *c, const char *path, bool answer, const char *data, size_t size,
		 struct timespec when)
{
	struct conf_file *old = catalog_conf_file(c, path);

	if (old) {
		conf_spread(c, old);
		conf_file_clear(old);
		memmove(old, old + 1, (size_t)(&c->confs[--c->conf_count] - old) * sizeof(*old));
	}
	return data ? conf_file_new(c, path, answer, data, size, when) : 0;
}
