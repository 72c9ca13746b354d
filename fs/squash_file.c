/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "squash.h"
#include "squash_meta.h"

/* The bytes of regular files. A file is blocks of block_size each, whose sizes on disk stand in a list
 * behind its inode and which lie one behind the other from the inode's start; a size of 0 is a hole. The
 * tail may be a piece of a fragment block that several files share.
 *
 * Where block n lies is the sum of the n sizes before it. So that reading at the end of a large file does
 * not add up the whole list each time, sums are remembered at every SQUASH_LIST_STEP-th block, by place in
 * a small table where a newer one simply overwrites an older. */

#define SIZE_MASK 0xffffffu
#define SIZE_VALID 0x1ffffffu /* with the bit that says "stored as is" */
/* 8 TiB at the usual block size; a sum over more would hold a thread for too long. */
#define BLOCKS_MOST (1ull << 26)

struct block_list {
	struct squash_cursor cur; /* at the size of block index */
	uint64_t index;
	uint64_t data; /* where block index lies */
};

static struct squash_bookmark *bookmark_of(struct squash *sq, uint32_t inode, uint32_t step)
{
	return &sq->bookmarks[(inode * 31u + step) % SQUASH_BOOKMARKS];
}

static void bookmark_set(struct squash *sq, uint32_t inode, uint32_t step, const struct block_list *list)
{
	pthread_mutex_lock(&sq->lock);
	*bookmark_of(sq, inode, step) = (struct squash_bookmark){
		.inode = inode, .step = step, .place = list->cur.place, .data = list->data,
	};
	pthread_mutex_unlock(&sq->lock);
}

/* Opens the list of a file at the last known place not behind block wanted. */
static struct block_list list_near(struct squash *sq, const struct squash_inode *in, uint64_t wanted)
{
	struct block_list list = { .data = in->file.start };
	struct squash_place place = in->behind;

	pthread_mutex_lock(&sq->lock);
	for (uint32_t step = (uint32_t)(wanted / SQUASH_LIST_STEP); step > 0; step--) {
		const struct squash_bookmark *mark = bookmark_of(sq, in->number, step);

		if (mark->inode != in->number || mark->step != step)
			continue;
		place = mark->place;
		list.index = (uint64_t)step * SQUASH_LIST_STEP;
		list.data = mark->data;
		break;
	}
	pthread_mutex_unlock(&sq->lock);
	list.cur = squash_cursor_at(sq, place.pos, place.off);
	return list;
}

/* The next block's size word, and where it lies. */
static int list_next(struct squash *sq, struct block_list *list, uint32_t *word, uint64_t *data)
{
	uint8_t raw[4];
	int err = squash_cursor_read(&list->cur, raw, sizeof(raw));

	if (err)
		return err;
	if (le32(raw) & ~SIZE_VALID || list->data > sq->source.size)
		return -EIO;
	*word = le32(raw);
	*data = list->data;
	list->data += *word & SIZE_MASK;
	list->index++;
	return 0;
}

/* Goes on to block wanted. */
static int list_seek(struct squash *sq, uint32_t inode, uint64_t wanted, struct block_list *list)
{
	uint8_t raw[SQUASH_LIST_STEP * 4];

	while (list->index < wanted) {
		uint64_t n = SQUASH_LIST_STEP - list->index % SQUASH_LIST_STEP;
		int err;

		if (n > wanted - list->index)
			n = wanted - list->index;
		err = squash_cursor_read(&list->cur, raw, (size_t)n * 4);
		if (err)
			return err;
		for (uint64_t i = 0; i < n; i++)
			list->data += le32(raw + i * 4) & SIZE_MASK;
		/* Checked per step, so that it cannot wrap: a step adds at most 2^35. */
		if (list->data > sq->source.size)
			return -EIO;
		list->index += n;
		if (list->index % SQUASH_LIST_STEP == 0)
			bookmark_set(sq, inode, (uint32_t)(list->index / SQUASH_LIST_STEP), list);
	}
	return 0;
}

static int copy_block(const struct squash_block *block, uint64_t at, void *to, size_t len)
{
	if (!range_inside(at, len, block->size))
		return -EIO;
	memcpy(to, block->data + at, len);
	return 0;
}

/* len bytes at within of the block that list is at, which has size bytes when decompressed. */
static int read_block(struct squash *sq, struct block_list *list, uint32_t size, uint32_t within, void *to,
		      size_t len)
{
	struct squash_block *block;
	uint64_t data;
	uint32_t word;
	int err = list_next(sq, list, &word, &data);

	if (err)
		return err;
	if ((word & SIZE_MASK) == 0) {
		memset(to, 0, len);
		return 0;
	}
	err = squash_block_data(&sq->source, data, word, &block);
	if (err)
		return err;
	err = block->size == size ? copy_block(block, within, to, len) : -EIO;
	squash_block_put(block);
	return err;
}

/* len bytes at within of the tail, which has size bytes and is in a fragment. */
static int read_tail(struct squash *sq, const struct squash_inode *in, uint32_t size, uint32_t within,
		     void *to, size_t len)
{
	struct squash_block *block;
	uint8_t entry[16];
	int err = squash_table_get(sq, &sq->fragments, in->file.fragment, entry);

	if (!err)
		err = squash_block_data(&sq->source, le64(entry), le32(entry + 8), &block);
	if (err)
		return err;
	if (range_inside(in->file.fragment_off, size, block->size))
		err = copy_block(block, (uint64_t)in->file.fragment_off + within, to, len);
	else
		err = -EIO;
	squash_block_put(block);
	return err;
}

static int read_range(struct squash *sq, const struct squash_inode *in, uint64_t off, size_t len, char *to)
{
	uint32_t block_size = sq->info.block_size;
	uint64_t blocks = in->size / block_size;
	struct block_list list = { 0 };
	bool listed = false;
	int err = 0;

	if (in->file.fragment == SQUASH_NONE && in->size % block_size)
		blocks++;
	if (blocks > BLOCKS_MOST || in->file.start > sq->source.size)
		return -EIO;
	while (!err && len > 0) {
		uint64_t index = off / block_size, left = in->size - index * block_size;
		uint32_t size = left < block_size ? (uint32_t)left : block_size;
		uint32_t within = (uint32_t)(off % block_size);
		size_t take = size - within;

		if (take > len)
			take = len;
		if (index < blocks) {
			if (!listed) {
				list = list_near(sq, in, index);
				listed = true;
				err = list_seek(sq, in->number, index, &list);
			}
			if (!err)
				err = read_block(sq, &list, size, within, to, take);
		} else {
			err = read_tail(sq, in, size, within, to, take);
		}
		to += take;
		off += take;
		len -= take;
	}
	squash_cursor_end(&list.cur);
	return err;
}

int squash_read(struct squash *sq, uint32_t inode, uint64_t off, size_t len, void *buf, size_t *got)
{
	struct squash_inode in;
	int err = squash_inode_get(sq, inode, &in);

	if (err)
		return err;
	if (S_ISDIR(in.mode))
		return -EISDIR;
	if (!S_ISREG(in.mode))
		return -EINVAL;
	if (off >= in.size) {
		*got = 0;
		return 0;
	}
	if (len > in.size - off)
		len = (size_t)(in.size - off);
	err = read_range(sq, &in, off, len, buf);
	if (err)
		return err;
	*got = len;
	return 0;
}
