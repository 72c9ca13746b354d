/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "volume_walk.h"

/* What is known of the file whose records are being read; a file over 4 GiB has several. */
struct section {
	bool continues;        /* the next record belongs to this file too */
	struct iso_record first;
	uint32_t item;         /* or NONE where the file is left out */
};

#define NONE UINT32_MAX

static int corrupt(struct volume_walk *w, uint32_t dir, const char *what)
{
	const struct volume_item *item = &w->items[dir];

	return reason_set(w->why, -EBADMSG, "corrupt: %s in directory \"%.*s\"", what,
			  item->name_len > 60 ? 60 : (int)item->name_len, w->texts + item->name);
}

static int text_add(struct volume_walk *w, const char *text, size_t len, size_t *at)
{
	size_t wanted, room = w->text_room ? w->text_room : 4096;
	char *grown;

	if (__builtin_add_overflow(w->text_len, len, &wanted))
		return -ENOMEM;
	while (room < wanted)
		if (__builtin_mul_overflow(room, (size_t)2, &room))
			return -ENOMEM;
	if (room != w->text_room) {
		grown = realloc(w->texts, room);
		if (!grown)
			return -ENOMEM;
		w->texts = grown;
		w->text_room = room;
	}
	memcpy(w->texts + w->text_len, text, len);
	*at = w->text_len;
	w->text_len = wanted;
	return 0;
}

static int item_add(struct volume_walk *w, const struct volume_item *item, const char *name)
{
	struct volume_item *added;
	int r;

	if (w->count >= VOLUME_ENTRIES_MAX)
		return reason_set(w->why, -E2BIG, "more than %u files", VOLUME_ENTRIES_MAX);
	r = array_grow(&w->items, &w->room, w->count, sizeof(*w->items));
	if (r < 0)
		return r;
	added = &w->items[w->count];
	*added = *item;
	r = text_add(w, name, item->name_len, &added->name);
	if (r < 0)
		return r;
	if (item->link_len > 0)
		r = text_add(w, w->rr.link, item->link_len, &added->link);
	if (r < 0)
		return r;
	w->count++;
	return 0;
}

/* A copy that was cut short is found here too: its directories are in front, its files are not there. */
static int extent_check(struct volume_walk *w, uint32_t dir, uint64_t offset, uint64_t size)
{
	const struct volume_item *item = &w->items[dir];

	if (range_inside(offset, size, w->size))
		return 0;
	return reason_set(w->why, -EBADMSG,
			  "truncated or corrupt: a file in \"%.*s\" lies at byte %" PRIu64 " of %zu",
			  item->name_len > 40 ? 40 : (int)item->name_len, w->texts + item->name, offset,
			  w->size);
}

static int extent_add(struct volume_walk *w, uint32_t dir, struct section *s, const struct iso_record *record)
{
	struct volume_item *item = s->item == NONE ? NULL : &w->items[s->item];
	struct extent *last;
	int r;

	/* Where the record of a link or a relocated directory points to means nothing. */
	if (!item || !S_ISREG(item->mode) || !record->size)
		return 0;
	r = extent_check(w, dir, record->offset, record->size);
	if (r < 0 || item->flags & VOLUME_ZISOFS)
		return r;
	item->size += record->size; /* a directory has less than 2^27 records */
	last = item->extent_count ? &w->extents[w->extent_count - 1] : NULL;
	if (last && last->offset + last->length == record->offset) {
		last->length += record->size;
		return 0;
	}
	if (w->extent_count >= VOLUME_ENTRIES_MAX)
		return reason_set(w->why, -E2BIG, "more than %u extents", VOLUME_ENTRIES_MAX);
	r = array_grow(&w->extents, &w->extent_room, w->extent_count, sizeof(*w->extents));
	if (r < 0)
		return r;
	if (!item->extent_count)
		item->extent_first = w->extent_count;
	item->extent_count++;
	w->extents[w->extent_count++] = (struct extent){ record->offset, record->size };
	return 0;
}

static int directory_check(struct volume_walk *w, uint32_t parent, struct volume_item *item)
{
	if (item->depth > VOLUME_DEPTH_MAX)
		return corrupt(w, parent, "more than 64 levels of directories");
	if (!range_inside(item->dir_offset, item->dir_size, w->size))
		return corrupt(w, parent, "a directory outside of the image");
	for (uint32_t up = parent;; up = w->items[up].parent) {
		if (w->items[up].dir_offset == item->dir_offset)
			return corrupt(w, parent, "a directory inside itself");
		if (up == 0)
			return 0;
	}
}

/* The record "." that a directory at offset begins with. */
static int dot_parse(const struct volume_walk *w, uint64_t offset, struct iso_record *record)
{
	size_t room, len;

	if (offset >= w->size)
		return -EBADMSG;
	room = w->size - (size_t)offset < ISO_BLOCK ? w->size - (size_t)offset : ISO_BLOCK;
	if (iso_record_parse(w->map + offset, room, record, &len) < 0)
		return -EBADMSG;
	return record->id_len == 1 && record->id[0] == 0 ? 0 : -EBADMSG;
}

static int rockridge_of(struct volume_walk *w, const struct iso_record *record)
{
	const struct rockridge_area area = { w->map, w->size, &w->budget };
	size_t skip = w->skip < record->use_len ? w->skip : record->use_len;

	return rockridge_read(&area, record->use + skip, record->use_len - skip, &w->rr);
}

/* Where a CL entry stands, belongs the directory that it points to, with its own mode and time. */
static int child_resolve(struct volume_walk *w, uint32_t dir, struct volume_item *item)
{
	struct iso_record dot;

	w->children++;
	item->dir_offset = w->rr.child;
	if (dot_parse(w, item->dir_offset, &dot) < 0)
		return corrupt(w, dir, "a relocated directory that is none");
	item->dir_size = dot.size;
	if (rockridge_of(w, &dot) < 0)
		return corrupt(w, dir, "a Rock Ridge entry");
	if (w->rr.mode_seen)
		item->mode = S_IFDIR | (w->rr.mode & 07777);
	item->mtime = w->rr.mtime_seen ? w->rr.mtime : dot.mtime;
	return directory_check(w, dir, item);
}

/* The type that an entry has, or 0 if it is of a kind to be left out. Whether it is a directory
 * is the record's to say. */
static uint32_t item_type(const struct volume_walk *w, const struct iso_record *record)
{
	uint32_t type = w->rock_ridge && w->rr.mode_seen ? w->rr.mode & S_IFMT : 0;

	if (record->flags & ISO_RECORD_DIRECTORY || (w->rock_ridge && w->rr.child_seen))
		return S_IFDIR;
	if (record->flags & ISO_RECORD_ASSOCIATED || record->interleaved)
		return 0;
	if (!type)
		type = w->rock_ridge && w->rr.link_seen ? S_IFLNK : S_IFREG;
	if (type == S_IFLNK)
		return w->rr.link_seen && !w->rr.link_bad && w->rr.link_len &&
		       !memchr(w->rr.link, 0, w->rr.link_len) ? S_IFLNK : 0;
	return type == S_IFREG ? type : 0;
}

static uint32_t item_permissions(const struct volume_walk *w, uint32_t type)
{
	if (w->rock_ridge && w->rr.mode_seen)
		return w->rr.mode & 07777;
	return type == S_IFDIR ? 0555 : type == S_IFLNK ? 0777 : 0444;
}

static const char *item_name(const struct volume_walk *w, const struct iso_record *record, char *buf,
			     size_t *len)
{
	if (w->rock_ridge && w->rr.name_seen) {
		*len = w->rr.name_bad ? 0 : w->rr.name_len;
		return w->rr.name;
	}
	*len = w->joliet ? iso_name_joliet(record->id, record->id_len, buf) :
			   iso_name_plain(record->id, record->id_len, buf);
	return buf;
}

static bool is_moved_name(const char *name, size_t len)
{
	return (len == 8 && !memcmp(name, "rr_moved", 8)) || (len == 9 && !memcmp(name, ".rr_moved", 9));
}

/* One record that begins a file, directory or link. *index is its item, or NONE. */
static int entry_add(struct volume_walk *w, uint32_t dir, const struct iso_record *record, uint32_t *index)
{
	struct volume_item item = { .parent = dir, .depth = (uint8_t)(w->items[dir].depth + 1) };
	char buf[ISO_NAME_MAX], name_copy[ISO_NAME_MAX];
	const char *name;
	int r = 0;

	*index = NONE;
	if (w->rock_ridge && rockridge_of(w, record) < 0)
		return corrupt(w, dir, "a Rock Ridge entry");
	if (w->rock_ridge && w->rr.relocated && record->flags & ISO_RECORD_DIRECTORY) {
		w->relocated++;
		return 0;
	}
	name = item_name(w, record, buf, &item.name_len);
	item.mode = item_type(w, record);
	if (!item.mode || !iso_name_usable(name, item.name_len)) {
		w->skipped++;
		return 0;
	}
	/* Reading what a relocated directory says of itself overwrites the scratch. */
	memcpy(name_copy, name, item.name_len);
	item.mode |= item_permissions(w, item.mode);
	item.mtime = w->rock_ridge && w->rr.mtime_seen ? w->rr.mtime : record->mtime;
	if (S_ISDIR(item.mode)) {
		item.dir_offset = record->offset;
		item.dir_size = record->size;
		if (w->rock_ridge && w->rr.child_seen && !(record->flags & ISO_RECORD_DIRECTORY))
			r = child_resolve(w, dir, &item);
		else
			r = directory_check(w, dir, &item);
		item.moved = w->rock_ridge && dir == 0 && is_moved_name(name_copy, item.name_len);
	} else if (S_ISLNK(item.mode)) {
		item.size = item.link_len = w->rr.link_len;
	} else if (w->rock_ridge && w->rr.zisofs) {
		item.flags = VOLUME_ZISOFS;
		item.size = w->rr.real_size ? w->rr.real_size : record->size;
	}
	if (r == 0)
		r = item_add(w, &item, name_copy);
	if (r == 0)
		*index = (uint32_t)(w->count - 1);
	return r;
}

static int record_add(struct volume_walk *w, uint32_t dir, struct section *s, const struct iso_record *record)
{
	int r;

	if (!s->continues) {
		s->first = *record;
		r = entry_add(w, dir, record, &s->item);
		if (r < 0)
			return r;
	} else if (record->flags & ISO_RECORD_DIRECTORY || record->id_len != s->first.id_len ||
		   memcmp(record->id, s->first.id, record->id_len)) {
		return corrupt(w, dir, "a file without its end");
	}
	s->continues = record->flags & ISO_RECORD_CONTINUES;
	if (!(record->flags & ISO_RECORD_DIRECTORY))
		return extent_add(w, dir, s, record);
	if (s->continues)
		return corrupt(w, dir, "a directory in several extents");
	return 0;
}

static int directory_read(struct volume_walk *w, uint32_t dir)
{
	const uint8_t *base = w->map + w->items[dir].dir_offset;
	size_t size = w->items[dir].dir_size, relocated = w->relocated, before = w->count,
	       skipped = w->skipped;
	struct section section = { .item = NONE };
	int r;

	/* Two directories in one place would let an image of few bytes unfold into a tree without end. */
	if (size > w->budget)
		return corrupt(w, dir, "directories that overlap,");
	w->budget -= size;
	for (size_t block = 0; block < size; block += ISO_BLOCK) {
		size_t end = size - block < ISO_BLOCK ? size : block + ISO_BLOCK, len;

		/* Records do not cross blocks; what is left of a block is zero. */
		for (size_t at = block; at < end && base[at]; at += len) {
			struct iso_record record;

			if (iso_record_parse(base + at, end - at, &record, &len) < 0)
				return corrupt(w, dir, "a directory record");
			if (record.id_len == 1 && record.id[0] <= 1)
				continue; /* "." and ".." */
			r = record_add(w, dir, &section, &record);
			if (r < 0)
				return r;
		}
	}
	if (section.continues)
		return corrupt(w, dir, "a file without its end");
	w->items[dir].hidden = w->items[dir].moved && w->count == before && w->skipped == skipped &&
			       w->relocated > relocated;
	return 0;
}

/* Which tree to read, and its root as the first item. */
static int root_add(struct volume_walk *w)
{
	const struct iso_descriptors *d = &w->descriptors;
	struct volume_item root = { .dir_offset = d->root, .dir_size = d->root_size, .mode = S_IFDIR | 0555 };
	struct iso_record dot;
	size_t at;
	int skip;

	if (dot_parse(w, d->root, &dot) < 0)
		return reason_set(w->why, -EBADMSG, "truncated or corrupt: no root directory");
	skip = rockridge_skip(dot.use, dot.use_len, &at);
	if (skip >= 0) {
		w->skip = at;
		if (rockridge_of(w, &dot) < 0)
			return reason_set(w->why, -EBADMSG,
					  "corrupt: a Rock Ridge entry of the root directory");
		w->rock_ridge = w->rr.seen;
		w->skip = (size_t)skip;
	}
	if (!w->rock_ridge && d->joliet) {
		w->joliet = true;
		root.dir_offset = d->joliet_root;
		root.dir_size = d->joliet_root_size;
		if (dot_parse(w, d->joliet_root, &dot) < 0)
			return reason_set(w->why, -EBADMSG, "truncated or corrupt: no Joliet root directory");
	}
	if (!range_inside(root.dir_offset, root.dir_size, w->size))
		return reason_set(w->why, -EBADMSG,
				  "truncated or corrupt: the root directory ends at byte %" PRIu64 " of %zu",
				  root.dir_offset + root.dir_size, w->size);
	if (w->rock_ridge && w->rr.mode_seen)
		root.mode = S_IFDIR | (w->rr.mode & 07777);
	root.mtime = w->rock_ridge && w->rr.mtime_seen ? w->rr.mtime : dot.mtime;
	return item_add(w, &root, "");
}

static int descriptors_read(struct volume_walk *w)
{
	const struct iso_descriptors *d = &w->descriptors;
	size_t len = w->size > ISO_SYSTEM_AREA ? w->size - ISO_SYSTEM_AREA : 0;

	if (len > ISO_DESCRIPTORS)
		len = ISO_DESCRIPTORS;
	iso_descriptors_parse(w->map + (len ? ISO_SYSTEM_AREA : 0), len, &w->descriptors);
	if (!d->primary || d->block_size != ISO_BLOCK)
		return reason_set(w->why, -EMEDIUMTYPE, "not an ISO: no ISO 9660 volume descriptor");
	if (d->volume_size > w->size)
		return reason_set(w->why, -EBADMSG, "truncated: %zu of %" PRIu64 " bytes", w->size,
				  d->volume_size);
	return 0;
}

int volume_walk(struct volume_walk *w)
{
	int r;

	w->budget = w->size;
	r = descriptors_read(w);
	if (r == 0)
		r = root_add(w);
	/* The list grows while it is walked, so that nothing is nested. */
	for (uint32_t i = 0; r == 0 && i < w->count; i++)
		if (S_ISDIR(w->items[i].mode))
			r = directory_read(w, i);
	if (r == -ENOMEM)
		reason_set(w->why, r, "out of memory");
	/* A relocated directory that no place asks for is nowhere in the tree. */
	if (w->relocated > w->children)
		w->skipped += w->relocated - w->children;
	return r;
}

void volume_walk_end(struct volume_walk *w)
{
	free(w->items);
	free(w->extents);
	free(w->texts);
	w->items = NULL;
	w->extents = NULL;
	w->texts = NULL;
}
