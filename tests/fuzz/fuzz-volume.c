/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "../unit/volume-sound.h"
#include "identity.h"
#include "volume_graft.h"
#include "volume_iso.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool good)
{
	if (!good)
		abort();
}

/* Whatever is in the table is found, and whatever is found is in the table. */
static void look_up(const struct volume *v, const uint8_t *map)
{
	static const char *const paths[] = { "boot/grub/grub.cfg", "/isolinux/isolinux.cfg", "A/../B/./C",
					     "link/x" };
	uint32_t n;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		for (unsigned flags = 0; flags < 4; flags++)
			require(volume_lookup(v, 0, paths[i], flags, &n) < 0 || n < v->count);
	for (size_t i = 0; i < v->count && i < 100; i++) {
		char *text;
		size_t len;

		require(volume_lookup(v, 0, v->entries[i].path, 0, &n) == 0 && n == i);
		require(volume_lookup(v, 0, v->entries[i].path, VOLUME_FOLLOW | VOLUME_ANY_CASE, &n) < 0 ||
			n < v->count);
		if (volume_file_dup(v, map, (uint32_t)i, 65536, &text, &len) == 0) {
			require(len == v->entries[i].size && !text[len]);
			free(text);
		}
	}
}

/* What a client finds in the image with two files more: those, and all that was there. */
static void read_grafted(const struct volume *v, const uint8_t *map, size_t size, struct volume_graft *g)
{
	static const char answer[] = "[global]\n";
	size_t begin = size + volume_graft_padding(size), whole = begin + g->tail_size + ISO_BLOCK, len = 0;
	cleanup_free uint8_t *grafted = calloc(1, whole);
	struct volume *w = NULL;
	char *text = NULL;
	uint32_t n;

	require(grafted);
	volume_graft_size(g->head, g->tail, g->size_at, sizeof(answer) - 1);
	memcpy(grafted, map, size);
	memcpy(grafted + g->descriptor, g->head, ISO_BLOCK);
	memcpy(grafted + begin, g->tail, g->tail_size);
	memcpy(grafted + begin + g->tail_size, answer, sizeof(answer) - 1);
	require(!volume_read(grafted, whole, &w, NULL));
	require(!volume_lookup(w, 0, "answer.toml", 0, &n) && !volume_file_dup(w, grafted, n, 100, &text, &len));
	require(len == sizeof(answer) - 1 && !strcmp(text, answer));
	free(text);
	require(!volume_lookup(w, 0, "mode", 0, &n) && !volume_file_dup(w, grafted, n, 100, &text, &len));
	require(!strcmp(text, "iso"));
	free(text);
	for (size_t i = 0; i < v->count; i++) {
		const struct volume_entry *e = &v->entries[i];

		if (e->parent == 0 && (!strcasecmp(e->name, "answer.toml") || !strcasecmp(e->name, "mode")))
			continue;
		if (!strncasecmp(e->path, "answer.toml/", 12) || !strncasecmp(e->path, "mode/", 5))
			continue;
		require(!volume_lookup(w, 0, e->path, 0, &n) && w->entries[n].size == e->size &&
			w->entries[n].mode == e->mode);
	}
	volume_free(w);
}

static void graft(const struct volume *v, const uint8_t *map, size_t size)
{
	static const struct volume_graft_file files[] = { { "mode", "iso" }, { "answer.toml", NULL } };
	struct volume_graft g;
	struct reason why = { "" };
	int r = volume_graft_make(map, size, files, ARRAY_SIZE(files), &g, &why);

	require(r ? !g.tail && *why.text : range_inside(g.descriptor, ISO_BLOCK, size) &&
		g.tail_size % ISO_BLOCK == 0 && range_inside(g.size_at, 8, g.tail_size));
	if (!r && v && v->rock_ridge)
		read_grafted(v, map, size, &g);
	free(g.tail);
}

static void read_volume(const uint8_t *map, size_t size)
{
	struct volume *v = NULL;
	struct identity id;
	struct reason why = { "" };
	int r = volume_read(map, size, &v, &why);

	require(r == 0 || (!v && *why.text));
	if (r == 0) {
		require(volume_sound(v, size));
		look_up(v, map);
		identity_compute(map, size, v->extents, v->extent_count < 50 ? v->extent_count : 50,
				 v->extents, v->extent_count < 50 ? v->extent_count : 50, &id);
	}
	graft(r ? NULL : v, map, size);
	volume_free(v);
	identity_compute(map, size, NULL, 0, NULL, 0, &id);
}

/* An input is a whole image, or one without the 32 KiB in front that nothing here looks at. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free uint8_t *image = NULL;

	if (size > ISO_SYSTEM_AREA + 6 && !memcmp(data + ISO_SYSTEM_AREA + 1, "CD001", 5)) {
		read_volume(data, size);
		return 0;
	}
	image = calloc(1, ISO_SYSTEM_AREA + size);
	if (!image)
		return 0;
	memcpy(image + ISO_SYSTEM_AREA, data, size);
	read_volume(image, ISO_SYSTEM_AREA + size);
	return 0;
}
