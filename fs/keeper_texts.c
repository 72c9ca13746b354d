/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog.h"
#include "keeper_private.h"

static void keeper_text_clear(struct keeper_text *t)
{
	fd_close(&t->fd);
	free(t->path);
}

/* Each is a descriptor, and the images need theirs. */
#define KEEPER_TEXTS 256

/* The same bounds as the server's: time, and bytes of the latest. */
void keeper_texts_end(struct keeper *k)
{
	int64_t now = keeper_ms() / 1000;
	uint64_t bytes = 0;
	size_t keep = 0;

	for (size_t i = k->text_count; i-- > 0;) {
		bytes += k->texts[i].size;
		if (bytes > CATALOG_RETIRED_BYTES || k->text_count - i > KEEPER_TEXTS)
			k->texts[i].until = now;
	}
	for (size_t i = 0; i < k->text_count; i++)
		if (k->texts[i].until > now)
			k->texts[keep++] = k->texts[i];
		else
			keeper_text_clear(&k->texts[i]);
	k->text_count = keep;
}

void keeper_text_add(struct keeper *k, struct proto_msg *m)
{
	struct keeper_text t = {.size = m->head.size,
				.when = {.tv_sec = m->head.when_sec, .tv_nsec = m->head.when_nsec},
				.until = (int64_t)m->head.serial};

	keeper_texts_end(k);
	if (m->fd[0] < 0 || array_grow(&k->texts, &k->text_room, k->text_count, sizeof(*k->texts)))
		return;
	t.path = strdup(m->text);
	if (!t.path)
		return;
	t.fd = steal_fd(m->fd[0]);
	k->texts[k->text_count++] = t;
}

void keeper_tell_texts(struct keeper *k, struct keeper_server *sv)
{
	keeper_texts_end(k);
	for (size_t i = 0; i < k->text_count; i++) {
		const struct keeper_text *t = &k->texts[i];
		struct proto_head head = {.type = PROTO_OLD_TEXT,
					  .serial = (uint64_t)t->until,
					  .size = t->size,
					  .when_sec = t->when.tv_sec,
					  .when_nsec = (uint32_t)t->when.tv_nsec};

		keeper_say_to(k, sv, &head, t->path, strlen(t->path), t->fd, -1);
	}
}

void keeper_texts_free(struct keeper *k)
{
	for (size_t i = 0; i < k->text_count; i++)
		keeper_text_clear(&k->texts[i]);
	free(k->texts);
	k->texts = NULL;
	k->text_count = 0;
}
