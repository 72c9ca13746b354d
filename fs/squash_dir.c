/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "squash_dir.h"

#include <limits.h>

#define HEADER_SIZE 12u
#define ENTRY_SIZE 8u
#define GROUP_MOST 256u
#define LISTING_EXTRA 3u /* what a directory's size has on top of its listing, for "." and ".." */
/* Some ten million entries. Reading a listing is linear, and an image's word on it could be 4 GiB. */
#define LISTING_MOST (256u << 20)

bool squash_name_usable(const char *name, size_t length)
{
	if (length == 0 || length > NAME_MAX || memchr(name, '/', length) || memchr(name, '\0', length))
		return false;
	return name[0] != '.' || !(length == 1 || (length == 2 && name[1] == '.'));
}

static int listing_start(const struct squash *sq, uint32_t start, uint32_t off, struct squash_listing *list)
{
	uint64_t pos;

	if (__builtin_add_overflow(sq->directory_table, (uint64_t)start, &pos) || pos >= sq->source.size)
		return -EIO;
	squash_listing_end(list);
	list->cur = squash_cursor_at(sq, pos, off);
	list->left = 0;
	return 0;
}

int squash_listing_open(const struct squash *sq, const struct squash_inode *dir, struct squash_listing *list)
{
	struct squash_listing l = { 0 };
	int err;

	if (!S_ISDIR(dir->mode))
		return -ENOTDIR;
	l.total = dir->size > LISTING_EXTRA ? dir->size - LISTING_EXTRA : 0;
	if (l.total > LISTING_MOST)
		return -EIO;
	/* An empty directory's start may point at nothing. */
	if (l.total > 0) {
		err = listing_start(sq, dir->dir.start, dir->dir.off, &l);
		if (err)
			return err;
	}
	*list = l;
	return 0;
}

int squash_listing_skip(const struct squash_inode *dir, const uint64_t *position, const char *name,
			struct squash_listing *list)
{
	const struct squash *sq = list->cur.sq;
	cleanup_cursor struct squash_cursor cur = { 0 };
	uint32_t offset = 0, start = 0;

	if (!sq || dir->dir.indices == 0)
		return 0;
	cur = squash_cursor_at(sq, dir->behind.pos, dir->behind.off);
	for (uint16_t i = 0; i < dir->dir.indices; i++) {
		char first[SQUASH_NAME_MOST + 1];
		uint8_t d[HEADER_SIZE];
		int err = squash_cursor_read(&cur, d, sizeof(d));

		if (err)
			return err;
		if (le32(d + 8) >= SQUASH_NAME_MOST)
			return -EIO;
		err = squash_cursor_read(&cur, first, le32(d + 8) + 1);
		if (err)
			return err;
		first[le32(d + 8) + 1] = '\0';
		if ((position && le32(d) > *position) || (name && strcmp(first, name) > 0))
			break;
		offset = le32(d);
		start = le32(d + 4);
	}
	if (offset == 0)
		return 0;
	if (offset >= list->total)
		return -EIO;
	list->offset = offset;
	/* Metadata blocks are full but for the last one, so the offset in the block follows. */
	return listing_start(sq, start, (dir->dir.off + offset) % SQUASH_META_SIZE, list);
}

/* Reads len bytes of the listing, which must not go beyond its end. */
static int listing_read(struct squash_listing *list, void *buf, size_t len)
{
	if (!range_inside(list->offset, len, list->total))
		return -EIO;
	list->offset += len;
	return squash_cursor_read(&list->cur, buf, len);
}

int squash_listing_next(struct squash_listing *list, struct squash_entry *entry)
{
	uint64_t position = list->offset;
	uint8_t d[HEADER_SIZE];
	uint16_t type;
	int err;

	if (list->left == 0) {
		if (list->offset >= list->total)
			return 0;
		err = listing_read(list, d, HEADER_SIZE);
		if (err)
			return err;
		if (le32(d) >= GROUP_MOST)
			return -EIO;
		list->left = le32(d) + 1;
		list->start = le32(d + 4);
		list->number = le32(d + 8);
	}
	err = listing_read(list, d, ENTRY_SIZE);
	if (err)
		return err;
	type = le16(d + 4);
	if (le16(d + 6) >= SQUASH_NAME_MOST || !squash_type(type))
		return -EIO;
	entry->length = (uint16_t)(le16(d + 6) + 1);
	err = listing_read(list, entry->name, entry->length);
	if (err)
		return err;
	list->left--;
	entry->name[entry->length] = '\0';
	entry->type = squash_type(type);
	entry->ref = (uint64_t)list->start << 16 | le16(d);
	/* The entry has the difference to the header's number, with a sign; wrapping is wanted. */
	entry->number = list->number + (uint32_t)(int32_t)(int16_t)le16(d + 2);
	entry->position = position;
	entry->next = list->offset;
	return 1;
}

int squash_lookup(struct squash *sq, uint32_t dir, const char *name, uint32_t *inode)
{
	cleanup_listing struct squash_listing list = { 0 };
	struct squash_entry entry;
	struct squash_inode in;
	int err = squash_inode_get(sq, dir, &in);

	if (!err)
		err = squash_listing_open(sq, &in, &list);
	if (err)
		return err;
	if (!squash_name_usable(name, strlen(name)))
		return -ENOENT;
	err = squash_listing_skip(&in, NULL, name, &list);
	if (err)
		return err;
	while ((err = squash_listing_next(&list, &entry)) > 0) {
		struct squash_inode child;

		/* Listings are sorted; this is as much of it as the kernel's squashfs relies on. */
		if ((uint8_t)entry.name[0] > (uint8_t)name[0])
			return -ENOENT;
		if (strcmp(entry.name, name) != 0 || strlen(name) != entry.length)
			continue;
		err = squash_inode_get(sq, entry.number, &child);
		if (err == -ESTALE || (!err && !squash_inode_fits(sq, &child, dir, entry.type)))
			err = -EIO;
		if (err)
			return err;
		*inode = entry.number;
		return 0;
	}
	return err ? err : -ENOENT;
}

int squash_readdir(struct squash *sq, uint32_t dir, uint64_t position, bool with_stat, squash_each each,
		   void *ctx)
{
	cleanup_listing struct squash_listing list = { 0 };
	struct squash_entry entry;
	struct squash_inode in;
	int err = squash_inode_get(sq, dir, &in);

	if (!err)
		err = squash_listing_open(sq, &in, &list);
	if (!err && position > 0)
		err = position >= list.total ? 0 : squash_listing_skip(&in, &position, NULL, &list);
	if (err || position >= list.total)
		return err;
	while ((err = squash_listing_next(&list, &entry)) > 0) {
		struct squash_inode child;
		struct stat st;
		bool known;

		if (entry.position < position || !squash_name_usable(entry.name, entry.length))
			continue;
		known = with_stat && squash_inode_get(sq, entry.number, &child) == 0 &&
			squash_inode_fits(sq, &child, dir, entry.type) &&
			squash_inode_stat(sq, &child, &st) == 0;
		if (each(ctx, entry.name, entry.number, entry.type, entry.next, known ? &st : NULL))
			return 0;
	}
	return err;
}
