/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "watch_private.h"

/* Everything here reserves its memory first and cannot fail after, so that no difference is half
 * taken in. */

static int events_reserve(struct watch *w, size_t more)
{
	return array_grow(&w->events, &w->event_room, w->event_count + more, sizeof(*w->events));
}

static void event_add(struct watch *w, const struct watch_file *f, enum watch_kind kind)
{
	struct watch_event *event = &w->events[w->event_count++];
	bool standing = kind == WATCH_READY || kind == WATCH_INCOMPLETE || kind == WATCH_REFUSED;

	enum watch_role role = watch_role(f->path);

	*event = (struct watch_event){
		.kind = kind,
		.role = role == WATCH_OTHER ? WATCH_ISO : role,
		.serial = f->serial,
		.path = f->path,
		.fd = kind == WATCH_READY ? f->fd : -1,
		.reason = standing ? f->why.text : "",
	};
	if (kind == WATCH_READY)
		event->st = f->st;
}

static bool check(struct watch *w, struct watch_file *f)
{
	if (f->fd < 0 || f->kind == WATCH_CHANGING || watch_file_holds(f))
		return false;
	f->kind = WATCH_CHANGING;
	event_add(w, f, WATCH_CHANGING);
	return true;
}

int watch_merge_leases(struct watch *w, bool *any)
{
	bool broken = false;

	if (events_reserve(w, w->count + w->retired_count))
		return -ENOMEM;
	for (size_t i = 0; i < w->count; i++)
		broken |= check(w, &w->files[i]);
	for (size_t i = 0; i < w->retired_count; i++)
		broken |= check(w, &w->retired[i]);
	*any = broken;
	return 0;
}

/* The file's life under its path ends. Its path is in use by the event, so it stays until the sweep
 * even where nothing is open. WATCH_CHANGING has been the last word already. */
static void leave(struct watch *w, struct watch_file *f, enum watch_kind kind)
{
	if (f->kind != WATCH_CHANGING) {
		if (f->told)
			event_add(w, f, kind);
		f->kind = kind;
	}
	w->retired[w->retired_count++] = *f;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* What becomes of a known file whose path is still there: true when its life goes on, else *end says
 * how it ends. */
static bool goes_on(const struct watch_file *f, const struct watch_found *found, enum watch_kind *end)
{
	*end = WATCH_GONE;
	if (f->kind == WATCH_CHANGING)
		return false;
	if (f->kind != WATCH_READY)
		return same_inode(&f->st, &found->st);
	if (found->why.text[0])
		return found->unsure;
	if (!same_inode(&f->st, &found->st))
		return false;
	/* Renaming, linking and changing modes touch the change time too; but without a lease it is the
	 * only witness of a writer who has set the other time back. */
	if (f->leased || timespec_cmp(f->st.st_ctim, found->st.st_ctim) == 0)
		return true;
	*end = WATCH_CHANGING;
	return false;
}

/* Looks at a file that is not ready; appends it to next unless it has vanished meanwhile. */
static void look(struct watch *w, struct watch_file *f, struct watch_scan *scan,
		 const struct watch_found *found, uint64_t now, struct watch_file *next, size_t *n)
{
	enum watch_kind kind = f->kind;
	struct reason why = f->why;
	struct watch_file *placed;

	if (!watch_file_look(f, scan->root, found, now, w->poll)) {
		leave(w, f, WATCH_GONE);
		w->dirty = true;
		w->scan_at = now;
		return;
	}
	f->told = f->told && f->kind == kind && strcmp(f->why.text, why.text) == 0;
	placed = &next[(*n)++];
	*placed = *f;
	if (!placed->told)
		event_add(w, placed, placed->kind);
	placed->told = true;
}

int watch_merge(struct watch *w, struct watch_scan *scan, uint64_t now)
{
	struct watch_file *next, *old = w->files;
	size_t n = 0, i = 0, j = 0;

	if (events_reserve(w, w->count + 2 * scan->count) ||
	    array_grow(&w->retired, &w->retired_room, w->retired_count + w->count + scan->count,
		       sizeof(*w->retired)))
		return -ENOMEM;
	next = calloc(scan->count + 1, sizeof(*next));
	if (!next)
		return -ENOMEM;

	while (i < w->count || j < scan->count) {
		struct watch_found *found = j < scan->count ? &scan->found[j] : NULL;
		int order = i >= w->count ? 1 : !found ? -1 : strcmp(old[i].path, found->path);
		struct watch_file fresh = { .fd = -1 };
		enum watch_kind end;

		if (order < 0) {
			leave(w, &old[i++], WATCH_GONE);
			continue;
		}
		j++;
		if (order == 0) {
			struct watch_file *f = &old[i++];

			if (goes_on(f, found, &end)) {
				if (f->kind == WATCH_READY)
					next[n++] = *f;
				else
					look(w, f, scan, found, now, next, &n);
				continue;
			}
			leave(w, f, end);
		}
		fresh.serial = ++w->serial;
		fresh.path = steal_pointer(found->path);
		look(w, &fresh, scan, found, now, next, &n);
	}
	w->files = next;
	w->count = n;
	free(old);
	return 0;
}

void watch_merge_sweep(struct watch *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->retired_count; i++) {
		if (w->retired[i].fd < 0)
			free(w->retired[i].path);
		else
			w->retired[n++] = w->retired[i];
	}
	w->retired_count = n;
}
