/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog_private.h"

static void catalog_volume_key(const struct image *im, size_t view, uint8_t key[16])
{
	uint32_t kind = im->views[view].kind, squash = im->views[view].squash;
	struct identity_part parts[] = {
		{"volume", 6},
		{im->index->header->identity, IDENTITY_SIZE},
		{im->path, strlen(im->path)},
		{&kind, sizeof(kind)},
		{&squash, sizeof(squash)},
		{"", 0},
	};
	uint64_t a = identity_hash(parts, ARRAY_SIZE(parts)), b;

	parts[5] = (struct identity_part){"2", 1};
	b = identity_hash(parts, ARRAY_SIZE(parts));
	memcpy(key, &a, 8);
	memcpy(key + 8, &b, 8);
}

static uint32_t catalog_volume_id(const struct catalog *c, const uint8_t key[16], uint32_t counter)
{
	struct identity_part parts[] = {{"id", 2}, {key, 16}, {&counter, sizeof(counter)}};
	uint32_t id = (uint32_t)(identity_hash(parts, ARRAY_SIZE(parts)) >> 33) &
		      (uint32_t)((1ull << c->config.volume_bits) - 1);

	return id < 2 ? id + 2 : id;
}

/* Whether another image's view has that id. The same bytes under the same path may: they are one image. */
static bool catalog_volume_taken(const struct catalog *c, uint32_t id, const struct image *im, size_t view)
{
	for (size_t v = 0; v < view; v++)
		if (im->views[v].volume == id)
			return true;
	for (size_t i = 0; i < c->item_count; i++) {
		const struct image *other = c->items[i].image;

		for (size_t v = 0; other && v < other->view_count; v++)
			if (other->views[v].volume == id &&
			    !(image_same(other, im) && other->views[v].kind == im->views[view].kind &&
			      other->views[v].squash == im->views[view].squash))
				return true;
	}
	return false;
}

static struct volume_record *catalog_volume_record(struct catalog *c, const uint8_t key[16])
{
	for (size_t i = 0; i < c->volume_count; i++)
		if (!memcmp(c->volumes[i].key, key, 16))
			return &c->volumes[i];
	return NULL;
}

static int catalog_volume_keep(struct catalog *c, const uint8_t key[16], uint32_t counter)
{
	struct volume_record *r = catalog_volume_record(c, key);

	if (!r) {
		if (array_grow(&c->volumes, &c->volume_room, c->volume_count, sizeof(*c->volumes)))
			return -ENOMEM;
		r = &c->volumes[c->volume_count++];
		memcpy(r->key, key, 16);
	}
	r->counter = counter;
	return 0;
}

void catalog_volumes(struct catalog *c, struct image *im)
{
	for (size_t v = 0; v < im->view_count; v++) {
		const struct volume_record *rec;
		uint32_t counter = 0, id;
		uint8_t key[16];
		char line[80];

		catalog_volume_key(im, v, key);
		rec = catalog_volume_record(c, key);
		if (rec)
			counter = rec->counter;
		for (id = catalog_volume_id(c, key, counter); catalog_volume_taken(c, id, im, v);)
			id = catalog_volume_id(c, key, ++counter);
		im->views[v].volume = id;
		if (!counter || (rec && rec->counter == counter))
			continue;
		if (!catalog_volume_keep(c, key, counter) && c->config.record) {
			int n = snprintf(line, sizeof(line), "volume %u ", counter);

			for (int i = 0; i < 16; i++)
				n += snprintf(line + n, sizeof(line) - (size_t)n, "%02x", key[i]);
			snprintf(line + n, sizeof(line) - (size_t)n, "\n");
			c->config.record(c->config.ctx, line);
		}
	}
}

static int catalog_remember_volume(struct catalog *c, const char *line)
{
	uint8_t key[16];
	uint32_t counter;
	int at = 0;

	/* A torn line has fewer digits, and what is behind its end is nobody's. */
	if (sscanf(line, "volume %u %n", &counter, &at) != 1 || !at ||
	    strspn(line + at, "0123456789abcdef") != 2 * sizeof(key) || line[at + 2 * (int)sizeof(key)])
		return 0;
	for (int i = 0; i < 16; i++)
		if (sscanf(line + at + 2 * i, "%2hhx", &key[i]) != 1)
			return 0;
	return catalog_volume_keep(c, key, counter);
}

int catalog_remember(struct catalog *c, const char *text, size_t len)
{
	int r = names_load(c->names, text, len);

	for (const char *end; len && !r && (end = memchr(text, '\n', len)); text = end + 1) {
		cleanup_free char *line = strndup(text, (size_t)(end - text));

		r = line ? catalog_remember_volume(c, line) : -ENOMEM;
		len -= (size_t)(end - text) + 1;
	}
	return r;
}
