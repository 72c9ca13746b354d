/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "squash_block.h"

#include <pthread.h>

/* squashfuse installs its own config.h and includes it; these two keep it out. */
#define SQFS_CONFIG_H
#define HAVE_LINUX_TYPES_LE16 1
#include <squashfuse/decompress.h>

#define BUCKETS 1024u
#define META_HEADER 2u
#define META_STORED 0x8000u
#define DATA_STORED (1u << 24)

enum class { META, DATA, CLASSES };

struct idle_list {
	struct squash_block *newest, *oldest;
	size_t bytes, most;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t loaded;
	struct squash_block *buckets[BUCKETS];
	struct idle_list idle[CLASSES]; /* the blocks with no pin; a pinned one is in its bucket alone */
} cache = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.loaded = PTHREAD_COND_INITIALIZER,
	.idle = { [META] = { .most = SQUASH_CACHE_META }, [DATA] = { .most = SQUASH_CACHE_DATA } },
};

bool squash_block_codec(uint16_t compression)
{
	return sqfs_decompressor_get(compression) != NULL;
}

static struct squash_block **bucket_of(const struct squash_source *src, uint64_t pos)
{
	uint64_t h = (pos ^ (uint64_t)(uintptr_t)src << 17) * 0x9e3779b97f4a7c15u;

	return &cache.buckets[h >> 32 & (BUCKETS - 1)];
}

static struct idle_list *idle_of(const struct squash_block *block)
{
	return &cache.idle[block->header ? DATA : META];
}

static void idle_add(struct squash_block *block)
{
	struct idle_list *list = idle_of(block);

	block->newer = NULL;
	block->older = list->newest;
	if (list->newest)
		list->newest->newer = block;
	else
		list->oldest = block;
	list->newest = block;
	list->bytes += block->size;
}

static void idle_remove(struct squash_block *block)
{
	struct idle_list *list = idle_of(block);

	if (block->newer)
		block->newer->older = block->older;
	else
		list->newest = block->older;
	if (block->older)
		block->older->newer = block->newer;
	else
		list->oldest = block->newer;
	list->bytes -= block->size;
}

static void bucket_remove(struct squash_block *block)
{
	struct squash_block **at = bucket_of(block->src, block->pos);

	while (*at && *at != block)
		at = &(*at)->chain;
	if (*at)
		*at = block->chain;
	block->chain = NULL;
}

/* Frees blocks chained through chain; called without the lock, because giving back a megabyte is slow. */
static void free_chain(struct squash_block *block)
{
	while (block) {
		struct squash_block *next = block->chain;

		free(block->data);
		free(block);
		block = next;
	}
}

/* Takes from the list what is over its budget and returns it, for free_chain(). */
static struct squash_block *evict(struct idle_list *list)
{
	struct squash_block *out = NULL, *old;

	while (list->bytes > list->most && (old = list->oldest)) {
		idle_remove(old);
		bucket_remove(old);
		old->chain = out;
		out = old;
	}
	return out;
}

/* Decompresses, or copies, the packed bytes into a block's own, at most room bytes. */
static int unpack(struct squash_block *block, uint8_t *packed, uint32_t packed_size, bool stored,
		  uint32_t room)
{
	sqfs_decompressor decompress = sqfs_decompressor_get(block->src->compression);
	size_t size = room;

	if (!stored && !decompress)
		return -EIO;
	block->data = malloc(stored ? packed_size : room);
	if (!block->data)
		return -ENOMEM;
	if (stored) {
		size = packed_size;
		memcpy(block->data, packed, packed_size);
	} else if (decompress(packed, packed_size, block->data, &size) != SQFS_OK) {
		return -EIO;
	}
	/* An empty block would let a chain of them be walked without an end in sight. */
	if (size == 0 || size > room)
		return -EIO;
	block->size = (uint32_t)size;
	if (size < room && !stored) {
		/* The budget counts sizes, and a file's last block may be a few bytes in a megabyte. */
		uint8_t *less = realloc(block->data, size);

		if (less)
			block->data = less;
	}
	return 0;
}

static int load_meta(struct squash_block *block)
{
	const struct squash_source *src = block->src;
	uint8_t raw[META_HEADER + SQUASH_META_SIZE];
	uint64_t there = src->size - block->pos; /* get() has seen that pos is inside */
	size_t len = there < sizeof(raw) ? (size_t)there : sizeof(raw);
	uint32_t word, size;
	int err;

	if (len < META_HEADER)
		return -EIO;
	err = pread_full(src->fd, raw, len, src->offset + block->pos);
	if (err)
		return err;
	word = le16(raw);
	size = word & (META_STORED - 1);
	if (size == 0 || size > len - META_HEADER)
		return -EIO;
	block->next = block->pos + META_HEADER + size;
	return unpack(block, raw + META_HEADER, size, word & META_STORED, SQUASH_META_SIZE);
}

static int load_data(struct squash_block *block)
{
	const struct squash_source *src = block->src;
	uint32_t size = block->header & (DATA_STORED - 1);
	cleanup_free uint8_t *packed = NULL;
	int err;

	if (size == 0 || size > src->block_size || block->header >= DATA_STORED << 1 ||
	    !range_inside(block->pos, size, src->size))
		return -EIO;
	packed = malloc(size);
	if (!packed)
		return -ENOMEM;
	err = pread_full(src->fd, packed, size, src->offset + block->pos);
	if (err)
		return err;
	block->next = block->pos + size;
	return unpack(block, packed, size, block->header & DATA_STORED, src->block_size);
}

/* Ends the load of a block: those who wait for it learn of it, and a failed one can be tried again. */
static void loaded(struct squash_block *block, int err)
{
	pthread_mutex_lock(&cache.lock);
	block->error = err == 0 || err == -ENOMEM ? err : -EIO;
	block->loading = false;
	if (err)
		bucket_remove(block);
	pthread_cond_broadcast(&cache.loaded);
	pthread_mutex_unlock(&cache.lock);
}

static int get(const struct squash_source *src, uint64_t pos, uint32_t header, struct squash_block **out)
{
	struct squash_block **bucket = bucket_of(src, pos), *block;
	bool mine = false;
	int err;

	if (pos >= src->size)
		return -EIO;
	pthread_mutex_lock(&cache.lock);
	for (block = *bucket; block; block = block->chain)
		if (block->src == src && block->pos == pos && block->header == header)
			break;
	if (block) {
		if (block->pins++ == 0)
			idle_remove(block);
		while (block->loading)
			pthread_cond_wait(&cache.loaded, &cache.lock);
	} else {
		block = calloc(1, sizeof(*block));
		if (block) {
			mine = true;
			*block = (struct squash_block){ .src = src, .pos = pos, .header = header, .pins = 1,
							.loading = true, .chain = *bucket };
			*bucket = block;
		}
	}
	pthread_mutex_unlock(&cache.lock);
	if (!block)
		return -ENOMEM;
	if (mine)
		loaded(block, header ? load_data(block) : load_meta(block));
	err = block->error;
	if (err) {
		squash_block_put(block);
		return err;
	}
	*out = block;
	return 0;
}

int squash_block_meta(const struct squash_source *src, uint64_t pos, struct squash_block **out)
{
	return get(src, pos, 0, out);
}

int squash_block_data(const struct squash_source *src, uint64_t pos, uint32_t header,
		      struct squash_block **out)
{
	if (header == 0)
		return -EIO;
	return get(src, pos, header, out);
}

void squash_block_put(struct squash_block *block)
{
	struct squash_block *dead = NULL;

	if (!block)
		return;
	pthread_mutex_lock(&cache.lock);
	if (--block->pins == 0) {
		if (block->error) {
			dead = block;
		} else {
			idle_add(block);
			dead = evict(idle_of(block));
		}
	}
	pthread_mutex_unlock(&cache.lock);
	free_chain(dead);
}

void squash_block_forget(const struct squash_source *src)
{
	struct squash_block *dead = NULL;

	pthread_mutex_lock(&cache.lock);
	for (size_t i = 0; i < BUCKETS; i++) {
		struct squash_block **at = &cache.buckets[i], *block;

		while ((block = *at)) {
			if (block->src != src || block->pins > 0) {
				at = &block->chain;
				continue;
			}
			*at = block->chain;
			idle_remove(block);
			block->chain = dead;
			dead = block;
		}
	}
	pthread_mutex_unlock(&cache.lock);
	free_chain(dead);
}
