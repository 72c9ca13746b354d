/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog_private.h"

/* What is gone from the tree and answers by id for a while yet: generated texts, and images whose file somebody has
 * opened for writing. */

/* --- texts ------------------------------------------------------------------------------------- */

static int catalog_retire(struct catalog *c, struct text *t, int64_t until)
{
	for (size_t i = 0; i < c->retired_count; i++)
		if (c->retired[i].text->object == t->object &&
		    c->retired[i].text->generation == t->generation) {
			c->retired[i].until = until;
			return 0;
		}
	if (array_grow(&c->retired, &c->retired_room, c->retired_count, sizeof(*c->retired)))
		return -ENOMEM;
	c->retired[c->retired_count++] = (struct retired){text_ref(t), until};
	return 0;
}

int catalog_restore(struct catalog *c, const char *path, char *data, size_t size, struct timespec mtime,
		    int64_t until)
{
	struct text *t = text_new(path, data, size, mtime);
	int r = t ? catalog_retire(c, t, until) : -ENOMEM;

	text_put(t);
	return r;
}

/* Lets go of what has had its time, and of the oldest while there is too much. */
static void catalog_retire_end(struct catalog *c, int64_t now)
{
	uint64_t bytes = 0;
	size_t keep = 0;

	for (size_t i = c->retired_count; i-- > 0;) {
		bytes += c->retired[i].text->size;
		if (bytes > CATALOG_RETIRED_BYTES && c->retired[i].until > now)
			c->retired[i].until = now;
	}
	for (size_t i = 0; i < c->retired_count; i++)
		if (c->retired[i].until > now)
			c->retired[keep++] = c->retired[i];
		else
			text_put(c->retired[i].text);
	c->retired_count = keep;
}

/* near is where it probably is: from one snapshot to the next few texts come or go. */
static bool catalog_has_text(const struct snapshot *s, const struct text *t, size_t near)
{
	size_t begin = near > 16 ? near - 16 : 0;

	for (size_t i = 0; i < s->text_count; i++) {
		const struct text *have = s->texts[(begin + i) % s->text_count];

		if (have == t || (have->object == t->object && have->generation == t->generation))
			return true;
	}
	return false;
}

int catalog_retire_texts(struct catalog *c, struct snapshot *s, int64_t now)
{
	size_t shown = s->text_count;
	int64_t until;
	int r = 0;

	for (size_t i = 0; c->current && i < c->current->text_count && !r; i++) {
		struct text *t = c->current->texts[i];
		bool already = false;

		for (size_t k = 0; k < c->retired_count && !already; k++)
			already = c->retired[k].text == t;
		/* One with an image's bytes in it would keep the image, and who wants to write to it waiting. */
		if (already || t->image || catalog_has_text(s, t, i) || !c->config.grace)
			continue;
		until = now + (c->config.grace < CATALOG_RETIRED_SECONDS ? c->config.grace
									 : CATALOG_RETIRED_SECONDS);
		r = catalog_retire(c, t, until);
		if (!r && c->config.retired)
			c->config.retired(c->config.ctx, t, until);
	}
	/* Only now: the current snapshot still has those whose time is up, and they would begin a second one. */
	catalog_retire_end(c, now);
	for (size_t i = 0; i < c->retired_count && !r;) {
		bool back = false;

		for (size_t k = 0; k < shown && !back; k++)
			back = catalog_same_text(s->texts[k], c->retired[i].text);
		if (!back) {
			r = snapshot_add_retired(s, c->retired[i++].text);
			continue;
		}
		/* Shown again: when it goes the next time, its grace is a whole one. */
		text_put(c->retired[i].text);
		memmove(&c->retired[i], &c->retired[i + 1], (--c->retired_count - i) * sizeof(*c->retired));
	}
	return r;
}

/* --- images ------------------------------------------------------------------------------------ */

void catalog_suspend(struct catalog *c, uint64_t serial, int64_t now)
{
	const struct item *it = catalog_item(c, serial);

	for (size_t i = 0; it && it->image && i < it->image->view_count; i++) {
		/* Without room its ids are stale, as after any other withdrawal. */
		if (array_grow(&c->suspended, &c->suspended_room, c->suspended_count, sizeof(*c->suspended)))
			return;
		c->suspended[c->suspended_count++] =
			(struct suspended){it->image->views[i].volume, now + CATALOG_SUSPENDED_SECONDS};
	}
}

int catalog_place_suspended(struct catalog *c, struct snapshot *s, int64_t now)
{
	size_t keep = 0;
	int r = 0;

	for (size_t i = 0; i < c->suspended_count; i++)
		if (c->suspended[i].until > now)
			c->suspended[keep++] = c->suspended[i];
	c->suspended_count = keep;
	for (size_t i = 0; i < keep && !r; i++)
		r = snapshot_add_suspended(s, c->suspended[i].volume);
	return r;
}

/* --- both -------------------------------------------------------------------------------------- */

int catalog_next(const struct catalog *c, int64_t now)
{
	int64_t next = -1;

	for (size_t i = 0; i < c->retired_count; i++)
		if (next < 0 || c->retired[i].until < next)
			next = c->retired[i].until;
	for (size_t i = 0; i < c->suspended_count; i++)
		if (next < 0 || c->suspended[i].until < next)
			next = c->suspended[i].until;
	if (next < 0)
		return -1;
	return next <= now ? 0 : next - now > 86400 ? 86400 : (int)(next - now);
}
