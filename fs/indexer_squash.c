/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "indexer_private.h"
#include "squash.h"

/* Which squashfs images the volume's files are, what each is called in layers/, and which of them is the root. */

#define INDEXER_PROBES	   4096
#define INDEXER_PROBE_SIZE (1u << 20) /* smaller files are squashfs only if their name says so */

static bool indexer_suffix(const char *name, const char *const *list)
{
	size_t len = strlen(name);

	for (; *list; list++)
		if (len > strlen(*list) && !strcasecmp(name + len - strlen(*list), *list))
			return true;
	return false;
}

static bool indexer_inside(struct squash *sq, const char *path)
{
	char part[256];
	uint32_t at = squash_info(sq)->root;

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n >= sizeof(part))
			return false;
		memcpy(part, path, n);
		part[n] = 0;
		if (squash_lookup(sq, at, part, &at))
			return false;
		path += n + (path[n] == '/');
	}
	return true;
}

/* A root has an os-release or an init; with merged /usr, sbin is a link, so both places are tried. */
static bool indexer_is_root(struct squash *sq)
{
	static const char *const marks[] = {"etc/os-release",	 "usr/lib/os-release",	    "sbin/init",
					    "usr/sbin/init",	 "usr/lib/systemd/systemd", "init",
					    "etc/initrd-release"};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (indexer_inside(sq, marks[i]))
			return true;
	return false;
}

static int indexer_squash_one(struct indexer *ix, uint32_t entry, uint64_t offset, uint64_t length)
{
	struct index_squash q = {.entry = entry, .offset = offset};
	const struct index_squash *all = ix->draft->section[INDEX_SQUASH].data;
	const struct volume_entry *e = &ix->volume->entries[entry];
	bool taken = false;
	cleanup_free uint64_t *numbers = NULL;
	struct squash_info info;
	struct squash *sq;
	struct reason why;
	char name[256];
	int r;

	r = squash_probe(ix->fd, offset, length, &info, &why);
	if (r == -EMEDIUMTYPE)
		return 0;
	if (!r && !info.exportable)
		r = squash_number(ix->fd, offset, length, &numbers, &why);
	if (!r)
		r = squash_open(ix->fd, offset, length, numbers, numbers ? info.inodes : 0, &sq, &why);
	if (!r) {
		q.flags = INDEX_SQUASH_LAYER;
		if (indexer_is_root(sq))
			q.flags |= INDEX_SQUASH_ROOT;
		else if (indexer_inside(sq, "LiveOS/rootfs.img") || indexer_inside(sq, "LiveOS/ext3fs.img"))
			snprintf(ix->note, sizeof(ix->note),
				 "no root/: it is inside a file system image in %.120s", e->path);
		squash_close(sq);
	}
	if (r == -ENOMEM)
		return r;
	if (r) {
		snprintf(ix->note, sizeof(ix->note), "%.80s: %.150s", e->path, why.text);
		return 0;
	}
	if (indexer_short_name(ix->volume, entry, name)) {
		snprintf(ix->note, sizeof(ix->note), "%.80s: name too long to show", e->path);
		return 0;
	}
	for (size_t i = 0; i < ix->squash_count && !taken; i++)
		taken = !strcmp((char *)ix->draft->section[INDEX_STRINGS].data + all[i].name, name);
	if (taken)
		indexer_name_more(name, entry);
	q.length = info.size;
	q.name = index_draft_string(ix->draft, name);
	q.numbers_first = ix->draft->section[INDEX_NUMBERS].count;
	if (numbers) {
		q.numbers_count = info.inodes;
		for (uint32_t i = 0; i < info.inodes; i++)
			index_draft_add(ix->draft, INDEX_NUMBERS, &numbers[i]);
	}
	index_draft_add(ix->draft, INDEX_SQUASH, &q);
	ix->squash[ix->squash_count].offset = offset;
	ix->squash[ix->squash_count++].length = info.size;
	return 0;
}

/* Of several roots the lowest layer stays the root: its name is the shortest, because layers are named
 * "minimal", "minimal.standard", "minimal.standard.live" (casper) or alike. */
static void indexer_choose_root(struct indexer *ix)
{
	struct index_squash *all = ix->draft->section[INDEX_SQUASH].data, *best = NULL;
	const char *strings = ix->draft->section[INDEX_STRINGS].data;

	for (size_t i = 0; i < ix->squash_count; i++) {
		struct index_squash *q = &all[i];

		if (!(q->flags & INDEX_SQUASH_ROOT))
			continue;
		if (!best || strlen(strings + q->name) < strlen(strings + best->name)) {
			if (best)
				best->flags &= ~(uint32_t)INDEX_SQUASH_ROOT;
			best = q;
		} else {
			q->flags &= ~(uint32_t)INDEX_SQUASH_ROOT;
		}
	}
}

int indexer_squashes(struct indexer *ix)
{
	static const char *const suffixes[] = {".squashfs", ".sqfs", ".sfs", ".sqsh", ".squash", ".img",
					       ".module",   ".lzm",  ".sb",  ".xzm",  ".erofs",	 NULL};
	static const uint8_t erofs_magic[4] = {0xe2, 0xe1, 0xf5, 0xe0}; /* EROFS_SUPER_MAGIC_V1 at 1024 */
	unsigned probes = 0;

	for (uint32_t i = 0; i < ix->volume->count && ix->squash_count < INDEXER_LAYERS; i++) {
		const struct volume_entry *e = &ix->volume->entries[i];
		const struct extent *x = &ix->volume->extents[e->extent_first];
		uint8_t magic[4];
		int r;

		if (!S_ISREG(e->mode) || e->extent_count != 1 || e->size < SQUASH_SUPER_SIZE)
			continue;
		if (e->size < INDEXER_PROBE_SIZE && !indexer_suffix(e->name, suffixes))
			continue;
		if (++probes > INDEXER_PROBES)
			break;
		if (pread_full(ix->fd, magic, 4, x->offset))
			continue;
		if (!memcmp(magic, "hsqs", 4)) {
			r = indexer_squash_one(ix, i, x->offset, x->length);
			if (r)
				return r;
		} else if (e->size > 2048 && !pread_full(ix->fd, magic, 4, x->offset + 1024) &&
			   !memcmp(magic, erofs_magic, 4)) {
			snprintf(ix->note, sizeof(ix->note), "no root/: it is an EROFS image, %.120s",
				 e->path);
		}
	}
	if (!ix->draft->error)
		indexer_choose_root(ix);
	return ix->draft->error;
}
