/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "../unit/volume-sound.h"
#include "identity.h"
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
