/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "squash.h"
#include "squash_dir.h"

#define DEPTH_MOST 256u

/* Directories still to be read, first in, first out; each is put in once. */
struct queue {
	struct pending {
		uint64_t ref;
		uint32_t number, depth;
	} *items;
	size_t room, count, next;
};

/* Hard links let there be more entries than inodes, and listings that share their bytes can be read over
 * and over; this many entries is a tree, more is an attack. */
static uint64_t entries_most(uint32_t inodes)
{
	return (uint64_t)inodes * 64 + (1u << 20);
}

/* Notes where each entry of one directory is; a reference is kept as one more, so that 0 is "not seen". */
static int number_directory(const struct squash *sq, struct pending dir, uint64_t *numbers, uint64_t *entries,
			    struct queue *queue)
{
	cleanup_listing struct squash_listing list = { 0 };
	struct squash_entry entry;
	struct squash_inode in;
	int err = squash_inode_at(sq, dir.ref, &in);

	if (!err && in.number != dir.number)
		err = -EIO;
	if (!err)
		err = squash_listing_open(sq, &in, &list);
	if (err)
		return err;
	while ((err = squash_listing_next(&list, &entry)) > 0) {
		if (entry.number == 0 || entry.number > sq->info.inodes ||
		    ++*entries > entries_most(sq->info.inodes))
			return -EBADMSG;
		if (numbers[entry.number - 1])
			continue;
		numbers[entry.number - 1] = entry.ref + 1;
		if (entry.type != S_IFDIR)
			continue;
		if (dir.depth == DEPTH_MOST)
			return -EBADMSG;
		err = array_grow(&queue->items, &queue->room, queue->count, sizeof(*queue->items));
		if (err)
			return err;
		queue->items[queue->count++] = (struct pending){ entry.ref, entry.number, dir.depth + 1 };
	}
	return err;
}

static int number_all(const struct squash *sq, uint64_t *numbers)
{
	struct queue queue = { 0 };
	uint64_t entries = 0;
	int err = array_grow(&queue.items, &queue.room, 0, sizeof(*queue.items));

	if (err)
		return err;
	queue.items[queue.count++] = (struct pending){ sq->root_ref, sq->info.root, 0 };
	numbers[sq->info.root - 1] = sq->root_ref + 1;
	while (!err && queue.next < queue.count)
		err = number_directory(sq, queue.items[queue.next++], numbers, &entries, &queue);
	free(queue.items);
	for (uint32_t i = 0; !err && i < sq->info.inodes; i++)
		if (numbers[i])
			numbers[i]--;
	return err;
}

int squash_number(int fd, uint64_t offset, uint64_t length, uint64_t **numbers, struct reason *why)
{
	struct squash *sq;
	uint64_t *found;
	int err = squash_load(fd, offset, length, &sq, why);

	if (err)
		return err;
	found = calloc(sq->info.inodes, sizeof(*found));
	err = found ? number_all(sq, found) : -ENOMEM;
	squash_close(sq);
	if (err) {
		free(found);
		return reason_set(why, err,
				  "squashfs without export table whose directories cannot be walked");
	}
	*numbers = found;
	return 0;
}
