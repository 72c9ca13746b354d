/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_CATALOG_KIT_H
#define PXEFS_CATALOG_KIT_H

/* A catalog and what is told about it, for tests: a clock that the test moves, the lines that would go to the
 * state directory, the images let go of, the snapshot of the last commit and what it changed. */

#include <stdarg.h>

#include "catalog.h"
#include "disc-kit.h"
#include "tap.h"
#include "tree.h"

#define WORLD_GRACE 60u

struct world {
	struct catalog *c;
	int64_t now;
	struct snapshot *s; /* of the last commit */
	struct catalog_changes changes;
	char *lines; /* recorded */
	size_t lines_len, line_count;
	uint64_t released[64];
	size_t released_count, retired_count;
};

static inline void world_record(void *ctx, const char *line)
{
	struct world *w = ctx;
	size_t len = strlen(line);
	char *more = realloc(w->lines, w->lines_len + len + 1);

	disc_need(more && len && line[len - 1] == '\n');
	memcpy(more + w->lines_len, line, len + 1);
	w->lines = more;
	w->lines_len += len;
	w->line_count++;
}

static inline void world_retired(void *ctx, const struct text *t, int64_t until)
{
	struct world *w = ctx;

	w->retired_count++;
	disc_need(t->size <= INT64_MAX && until > w->now);
}

static inline void world_released(void *ctx, uint64_t serial)
{
	struct world *w = ctx;

	if (w->released_count < ARRAY_SIZE(w->released))
		w->released[w->released_count++] = serial;
}

static inline void world_open(struct world *w, unsigned volume_bits)
{
	char nfs[] = "/pxe";
	struct catalog_config config = {.site = {.nfs = nfs},
					.grace = WORLD_GRACE,
					.volume_bits = volume_bits,
					.record = world_record,
					.retired = world_retired,
					.ctx = w};

	*w = (struct world){.now = 1000};
	disc_need(!catalog_new(&config, &w->c));
	memset(nfs, '?', 4); /* the catalog has its own copy */
}

static inline void world_close(struct world *w)
{
	snapshot_put(w->s);
	catalog_changes_free(&w->changes);
	catalog_free(w->c);
	free(w->lines);
}

static inline void world_commit(struct world *w)
{
	catalog_changes_free(&w->changes);
	snapshot_put(w->s);
	disc_need(!catalog_commit(w->c, w->now, &w->changes));
	w->s = catalog_get(w->c);
	disc_need(w->s);
}

/* A disc of that seed, so its identity, under that path. */
static inline void world_add(struct world *w, uint64_t serial, const char *path, uint8_t seed, time_t when)
{
	struct image *im = disc_image(serial, path, seed, when);

	im->released = world_released;
	im->released_ctx = w;
	disc_need(!catalog_add(w->c, im));
}

static inline void world_withdraw(struct world *w, uint64_t serial, time_t when)
{
	catalog_withdraw(w->c, serial, (struct timespec){.tv_sec = when});
}

static inline int world_node(const struct snapshot *s, const char *path, struct tree_node *n)
{
	char part[256];
	int r = tree_node(s, NODE_ROOT, n);

	while (*path && !r) {
		size_t len = strcspn(path, "/");

		disc_need(len < sizeof(part));
		memcpy(part, path, len);
		part[len] = 0;
		r = tree_lookup(s, n->id, part, n);
		path += len + (path[len] == '/');
	}
	return r;
}

/* The node id of a path, 0 when there is none. */
static inline uint64_t world_id(const struct world *w, const char *path)
{
	struct tree_node n;

	return world_node(w->s, path, &n) ? 0 : n.id;
}

static inline struct timespec world_time(const struct world *w, const char *path)
{
	struct tree_node n = {.id = 0};

	disc_need(!world_node(w->s, path, &n));
	return n.st.st_mtim;
}

/* All bytes of a small file, NUL-terminated and owned by the caller; NULL with an error in *error. */
static inline char *world_read_id(const struct snapshot *s, uint64_t id, int *error)
{
	struct tree_bytes b;
	size_t at = 0;
	char *out;

	*error = tree_read(s, id, 0, 1u << 20, &b);
	if (*error)
		return NULL;
	out = malloc(b.total + 1);
	disc_need(out);
	for (int i = 0; i < b.count; at += b.run[i++].iov_len)
		memcpy(out + at, b.run[i].iov_base, b.run[i].iov_len);
	out[at] = 0;
	disc_need(at == b.total);
	tree_bytes_free(&b);
	return out;
}

static inline char *world_read(const struct world *w, const char *path)
{
	int error;
	char *text = world_read_id(w->s, world_id(w, path), &error);

	disc_need(text);
	return text;
}

static inline bool world_says(const struct world *w, const char *path, const char *what)
{
	char *text = world_read(w, path);
	bool says = strstr(text, what);

	free(text);
	return says;
}

static inline bool world_changed(const struct world *w, uint64_t folder, const char *name)
{
	for (size_t i = 0; i < w->changes.count; i++)
		if (w->changes.list[i].folder == folder && !strcmp(w->changes.list[i].name, name))
			return true;
	return false;
}

static inline bool world_let_go(const struct world *w, uint64_t serial)
{
	for (size_t i = 0; i < w->released_count; i++)
		if (w->released[i] == serial)
			return true;
	return false;
}

/* ".old/<8 hex digits>" of an image's directory. */
static inline const char *world_old(uint64_t id, char path[32])
{
	snprintf(path, 32, ".old/%08x", (unsigned)(id >> 32));
	return path;
}

#endif
