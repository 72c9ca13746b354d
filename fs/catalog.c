/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "catalog_private.h"
#include "loader.h"
#include "log.h"

/* --- life ------------------------------------------------------------------------------------- */

static int catalog_copy(char **to, const char **shown, const char *from)
{
	if (!from)
		return 0;
	*to = strdup(from);
	*shown = *to;
	return *to ? 0 : -ENOMEM;
}

int catalog_new(const struct catalog_config *config, struct catalog **out)
{
	struct catalog *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return -ENOMEM;
	c->config = *config;
	if (!c->config.volume_bits || c->config.volume_bits > 31)
		c->config.volume_bits = 31;
	pthread_mutex_init(&c->lock, NULL);
	r = catalog_copy(&c->server, &c->config.site.server, config->site.server);
	if (!r)
		r = catalog_copy(&c->nfs, &c->config.site.nfs, config->site.nfs);
	if (!r)
		r = catalog_copy(&c->http, &c->config.site.http, config->site.http);
	if (!r)
		r = catalog_copy(&c->start, &c->config.site.start, config->site.start);
	if (!r)
		r = names_new(&c->names);
	if (r) {
		catalog_free(c);
		return r;
	}
	*out = c;
	return 0;
}

static void item_clear(struct item *it)
{
	image_put(it->image);
	catalog_item_forget(it);
	catalog_word_free(&it->word);
	free(it->tree_path);
	free(it->path);
	free(it->reason);
}

static void catalog_loader_clear(struct catalog *c)
{
	for (size_t i = 0; i < c->loader_count; i++)
		text_put(c->loader[i]);
	c->loader_count = 0;
}

void catalog_free(struct catalog *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->item_count; i++)
		item_clear(&c->items[i]);
	for (size_t i = 0; i < c->retired_count; i++)
		text_put(c->retired[i].text);
	catalog_loader_clear(c);
	catalog_confs_free(c);
	snapshot_put(c->current);
	names_free(c->names);
	free(c->items);
	free(c->retired);
	free(c->suspended);
	free(c->volumes);
	free(c->loader);
	free(c->server);
	free(c->nfs);
	free(c->http);
	free(c->start);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* --- items ------------------------------------------------------------------------------------ */

struct item *catalog_item(struct catalog *c, uint64_t serial)
{
	for (size_t i = 0; i < c->item_count; i++)
		if (c->items[i].serial == serial)
			return &c->items[i];
	return NULL;
}

static struct item *catalog_new_item(struct catalog *c, uint64_t serial, enum item_state state)
{
	struct item *it;

	if (array_grow(&c->items, &c->item_room, c->item_count, sizeof(*c->items)))
		return NULL;
	it = &c->items[c->item_count++];
	*it = (struct item){.serial = serial, .state = state};
	return it;
}

int catalog_add(struct catalog *c, struct image *im)
{
	struct item *it;

	catalog_drop(c, im->serial);
	catalog_touch(c, im->when);
	catalog_volumes(c, im);
	it = catalog_new_item(c, im->serial, ITEM_PRESENT);
	if (!it) {
		image_put(im);
		return -ENOMEM;
	}
	it->image = im;
	return 0;
}

int catalog_judged(struct catalog *c, uint64_t serial, int index_fd, struct reason *why)
{
	struct item *it = catalog_item(c, serial);
	int r;

	if (!it || !it->image)
		return reason_set(why, -ENOENT, "no such image");
	r = image_judged(it->image, index_fd, why);
	if (r)
		return r;
	/* The administrator's entries stand beside copies of what is new now. */
	catalog_word_free(&it->word);
	it->worded = false;
	catalog_item_forget(it);
	return 0;
}

void catalog_withdraw(struct catalog *c, uint64_t serial, struct timespec when)
{
	struct item *it = catalog_item(c, serial);

	catalog_touch(c, when);
	if (!it)
		return;
	if (it->state == ITEM_NOTE)
		catalog_drop(c, serial);
	else
		it->state = ITEM_OLD;
}

void catalog_drop(struct catalog *c, uint64_t serial)
{
	struct item *it = catalog_item(c, serial);

	if (!it)
		return;
	item_clear(it);
	memmove(it, it + 1, (size_t)(&c->items[--c->item_count] - it) * sizeof(*it));
}

int catalog_note(struct catalog *c, uint64_t serial, const char *path, enum menu_state state,
		 const char *reason, uint64_t size)
{
	struct item *it;

	catalog_drop(c, serial);
	it = catalog_new_item(c, serial, ITEM_NOTE);
	if (!it)
		return -ENOMEM;
	it->note = state;
	it->size = size;
	it->path = strdup(path);
	it->reason = strdup(reason);
	if (it->path && it->reason)
		return 0;
	catalog_drop(c, serial);
	return -ENOMEM;
}

static int catalog_loader_file(void *ctx, const char *path, size_t offset, size_t size, struct timespec mtime,
			       struct blob *pack)
{
	struct catalog *c = ctx;
	cleanup_free char *where = NULL;
	struct text *t;

	/* What is generated wins over what lies in the loader directory. */
	if (!strcmp(path, "grub.cfg"))
		return 0;
	if (asprintf(&where, "boot/grub/%s", path) < 0) {
		where = NULL;
		return -ENOMEM;
	}
	t = text_new_blob(where, pack, offset, size, mtime);
	if (!t || array_grow(&c->loader, &c->loader_room, c->loader_count, sizeof(struct text *))) {
		text_put(t);
		return -ENOMEM;
	}
	c->loader[c->loader_count++] = t;
	return 0;
}

int catalog_loader(struct catalog *c, struct blob *pack)
{
	int r;

	catalog_loader_clear(c);
	r = loader_each(pack, catalog_loader_file, c);
	blob_put(pack);
	return r;
}

void catalog_settle(struct catalog *c, bool settled)
{
	c->settled = settled;
}

void catalog_touch(struct catalog *c, struct timespec when)
{
	if (timespec_cmp(c->changed, when) < 0)
		c->changed = when;
}

/* --- the next snapshot ------------------------------------------------------------------------ */

static void catalog_name_recorded(void *ctx, const char *line)
{
	struct catalog *c = ctx;

	if (c->config.record)
		c->config.record(c->config.ctx, line);
}

static int catalog_place_names(struct catalog *c)
{
	cleanup_free const char **paths = calloc(c->item_count + 1, sizeof(*paths));
	cleanup_free char **names = calloc(c->item_count + 1, sizeof(*names));
	size_t n = 0, k = 0;
	int r;

	if (!paths || !names)
		return -ENOMEM;
	for (size_t i = 0; i < c->item_count; i++)
		if (c->items[i].state == ITEM_PRESENT)
			paths[n++] = c->items[i].image->path;
	r = names_map(c->names, paths, n, names, catalog_name_recorded, c);
	if (r)
		return r;
	for (size_t i = 0; i < c->item_count; i++) {
		struct item *it = &c->items[i];
		char *name;

		if (it->state != ITEM_PRESENT)
			continue;
		name = names[k++];
		if (it->tree_path && !strcmp(it->tree_path, name)) {
			free(name);
			continue;
		}
		free(it->tree_path);
		it->tree_path = name;
		catalog_item_forget(it);
	}
	return 0;
}

/* Before anything is written about an image, what the administrator says of it now. */
static int catalog_place_words(struct catalog *c)
{
	for (size_t i = 0; i < c->item_count; i++) {
		struct item *it = &c->items[i];
		int r;

		if (it->state != ITEM_PRESENT || it->worded)
			continue;
		r = catalog_word(c, it->image, &it->word);
		if (r)
			return r;
		it->worded = true;
		catalog_item_forget(it);
	}
	return 0;
}

static int catalog_place_present(struct catalog *c, struct snapshot *s)
{
	for (size_t i = 0; i < c->item_count; i++) {
		struct item *it = &c->items[i];
		int r;

		if (it->state != ITEM_PRESENT)
			continue;
		r = catalog_image_texts(c, it, it->tree_path);
		if (!r)
			r = snapshot_add_place(s, it->tree_path, it->image, it->texts, false);
		if (r)
			return r;
	}
	return 0;
}

/* Withdrawn images, the latest first; one whose bytes are back under their path, or were withdrawn again
 * later, is the same image and stands nowhere twice. */
static int catalog_place_old(struct catalog *c, struct snapshot *s)
{
	uint32_t folder;
	int r = snapshot_add_folder(s, ".old", &folder);

	for (size_t i = c->item_count; i-- > 0 && !r;) {
		struct item *it = &c->items[i];
		char path[32];
		bool shown = false;

		if (it->state != ITEM_OLD)
			continue;
		for (size_t k = 0; k < s->place_count && !shown; k++)
			shown = s->places[k].image->views[0].volume == it->image->views[0].volume;
		if (shown)
			continue;
		snprintf(path, sizeof(path), ".old/%08x", it->image->views[0].volume);
		r = catalog_image_texts(c, it, path);
		if (!r)
			r = snapshot_add_place(s, path, it->image, it->texts, true);
	}
	return r;
}

/* A folder's time is that of the last change of what it lists. */
static void catalog_folder_times(struct catalog *c, struct snapshot *s)
{
	for (uint32_t i = 0; i < s->folder_count; i++) {
		struct folder *f = &s->folders[i];
		const struct folder *was = catalog_folder_before(c->current, f);
		bool same = was && was->count == f->count;

		for (size_t k = 0; same && k < f->count; k++) {
			const struct child *p = &s->children[f->first + k],
					   *q = &c->current->children[was->first + k];

			same = !strcmp(p->name, q->name) && catalog_same_child(s, p, c->current, q);
		}
		f->mtime = same ? was->mtime : c->changed;
	}
}

static int catalog_build(struct catalog *c, struct snapshot *s, int64_t now)
{
	int r = catalog_place_names(c);

	s->settled = c->settled;
	if (!r)
		r = catalog_place_words(c);
	if (!r)
		r = catalog_texts(c, s, c->current);
	for (size_t i = 0; i < c->loader_count && !r; i++)
		r = snapshot_add_text(s, text_ref(c->loader[i]));
	if (!r)
		r = catalog_place_present(c, s);
	if (!r)
		r = catalog_place_old(c, s);
	if (!r)
		r = catalog_retire_texts(c, s, now);
	if (!r)
		r = catalog_place_suspended(c, s, now);
	return r ? r : snapshot_finish(s);
}

int catalog_commit(struct catalog *c, int64_t now, struct catalog_changes *changes)
{
	struct snapshot *s = snapshot_new(), *was;
	int r = s ? catalog_build(c, s, now) : -ENOMEM;

	if (!r && c->current && changes)
		r = catalog_compare(c->current, s, changes);
	if (r) {
		snapshot_put(s);
		return r;
	}
	catalog_folder_times(c, s);
	pthread_mutex_lock(&c->lock);
	was = c->current;
	c->current = s;
	pthread_mutex_unlock(&c->lock);
	snapshot_put(was);
	return 0;
}

void catalog_changes_free(struct catalog_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		free(changes->list[i].name);
	free(changes->list);
	*changes = (struct catalog_changes){0};
}

struct snapshot *catalog_get(struct catalog *c)
{
	struct snapshot *s;

	pthread_mutex_lock(&c->lock);
	s = snapshot_ref(c->current);
	pthread_mutex_unlock(&c->lock);
	return s;
}

void catalog_count(const struct catalog *c, unsigned *present, unsigned *refused, unsigned *incomplete)
{
	*present = *refused = *incomplete = 0;
	for (size_t i = 0; i < c->item_count; i++) {
		const struct item *it = &c->items[i];

		*present += it->state == ITEM_PRESENT;
		*refused += it->state == ITEM_NOTE && it->note == MENU_REJECTED;
		*incomplete += it->state == ITEM_NOTE && it->note == MENU_INCOMPLETE;
	}
}
