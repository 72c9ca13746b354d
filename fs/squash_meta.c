/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "squash_meta.h"

#include <sys/sysmacros.h>

#define BASE_SIZE 16u
#define INODE_MOST 56u
#define EXTENDED 7u /* types from 8 on are 1 to 7 with more fields */

enum {
	TYPE_DIR = 1, TYPE_FILE, TYPE_LINK, TYPE_BLOCK, TYPE_CHAR, TYPE_FIFO, TYPE_SOCKET,
	TYPE_LAST = TYPE_SOCKET
};

uint32_t squash_type(uint16_t type)
{
	static const uint32_t types[] = {
		[TYPE_DIR] = S_IFDIR, [TYPE_FILE] = S_IFREG, [TYPE_LINK] = S_IFLNK, [TYPE_BLOCK] = S_IFBLK,
		[TYPE_CHAR] = S_IFCHR, [TYPE_FIFO] = S_IFIFO, [TYPE_SOCKET] = S_IFSOCK,
	};

	if (type > EXTENDED)
		type = (uint16_t)(type - EXTENDED);
	return type < ARRAY_SIZE(types) ? types[type] : 0;
}

int squash_cursor_read(struct squash_cursor *cur, void *buf, size_t len)
{
	char *p = buf;

	while (len > 0) {
		size_t take;
		int err;

		if (!cur->block) {
			err = squash_block_meta(&cur->sq->source, cur->place.pos, &cur->block);
			if (err)
				return err;
		}
		if (cur->place.off > cur->block->size)
			return -EIO;
		take = cur->block->size - cur->place.off;
		if (take == 0) {
			cur->place = (struct squash_place){ .pos = cur->block->next };
			squash_cursor_end(cur);
			continue;
		}
		if (take > len)
			take = len;
		if (p) {
			memcpy(p, cur->block->data + cur->place.off, take);
			p += take;
		}
		cur->place.off += (uint32_t)take;
		len -= take;
	}
	return 0;
}

int squash_table_load(const struct squash_source *src, uint64_t start, uint64_t count, uint32_t each,
		      struct squash_table *table)
{
	uint64_t bytes, nblocks, *blocks;
	int err;

	if (count == 0) {
		*table = (struct squash_table){ .each = each };
		return 0;
	}
	if (__builtin_mul_overflow(count, (uint64_t)each, &bytes))
		return -EBADMSG;
	nblocks = bytes / SQUASH_META_SIZE + (bytes % SQUASH_META_SIZE != 0);
	if (!range_inside(start, nblocks * sizeof(*blocks), src->size))
		return -EBADMSG;
	blocks = malloc(nblocks * sizeof(*blocks));
	if (!blocks)
		return -ENOMEM;
	err = pread_full(src->fd, blocks, nblocks * sizeof(*blocks), src->offset + start);
	if (err) {
		free(blocks);
		return -EIO;
	}
	for (uint64_t i = 0; i < nblocks; i++)
		blocks[i] = le64(&blocks[i]);
	*table = (struct squash_table){ .blocks = blocks, .count = count, .each = each };
	return 0;
}

int squash_table_get(const struct squash *sq, const struct squash_table *table, uint64_t index, void *buf)
{
	uint64_t at;
	struct squash_block *block;
	int err;

	if (index >= table->count)
		return -EIO;
	at = index * table->each;
	err = squash_block_meta(&sq->source, table->blocks[at / SQUASH_META_SIZE], &block);
	if (err)
		return err;
	at %= SQUASH_META_SIZE;
	if (range_inside(at, table->each, block->size))
		memcpy(buf, block->data + at, table->each);
	else
		err = -EIO;
	squash_block_put(block);
	return err;
}

/* Kernel's own encoding: twelve bits of major inside twenty of minor. */
static dev_t decode_device(uint32_t rdev)
{
	return makedev(rdev >> 8 & 0xfff, (rdev & 0xff) | (rdev >> 12 & 0xfff00));
}

/* What follows the common 16 bytes, by type; d points at the whole inode. */
static void decode_basic(uint16_t type, const uint8_t *d, struct squash_inode *in)
{
	switch (type) {
	case TYPE_DIR:
		in->dir.start = le32(d + 16);
		in->nlink = le32(d + 20);
		in->size = le16(d + 24);
		in->dir.off = le16(d + 26);
		in->dir.parent = le32(d + 28);
		break;
	case TYPE_FILE:
		in->nlink = 1;
		in->file.start = le32(d + 16);
		in->file.fragment = le32(d + 20);
		in->file.fragment_off = le32(d + 24);
		in->size = le32(d + 28);
		break;
	case TYPE_LINK:
		in->nlink = le32(d + 16);
		in->size = le32(d + 20);
		break;
	case TYPE_BLOCK:
	case TYPE_CHAR:
		in->nlink = le32(d + 16);
		in->rdev = decode_device(le32(d + 20));
		break;
	default:
		in->nlink = le32(d + 16);
		break;
	}
}

static void decode_extended(uint16_t type, const uint8_t *d, struct squash_inode *in)
{
	switch (type) {
	case TYPE_DIR:
		in->nlink = le32(d + 16);
		in->size = le32(d + 20);
		in->dir.start = le32(d + 24);
		in->dir.parent = le32(d + 28);
		in->dir.indices = le16(d + 32);
		in->dir.off = le16(d + 34);
		in->xattr = le32(d + 36);
		break;
	case TYPE_FILE:
		in->file.start = le64(d + 16);
		in->size = le64(d + 24);
		in->file.sparse = le64(d + 32);
		in->nlink = le32(d + 40);
		in->file.fragment = le32(d + 44);
		in->file.fragment_off = le32(d + 48);
		in->xattr = le32(d + 52);
		break;
	case TYPE_BLOCK:
	case TYPE_CHAR:
		decode_basic(type, d, in);
		in->xattr = le32(d + 24);
		break;
	case TYPE_LINK: /* its attributes' index is behind the text */
		decode_basic(type, d, in);
		break;
	default:
		decode_basic(type, d, in);
		in->xattr = le32(d + 20);
		break;
	}
}

/* The index of an extended link's attributes, for which the text has to be passed. */
static int link_xattr(struct squash_cursor *cur, struct squash_inode *in)
{
	uint8_t word[4];
	int err = squash_cursor_read(cur, NULL, (size_t)in->size);

	if (!err)
		err = squash_cursor_read(cur, word, sizeof(word));
	if (!err)
		in->xattr = le32(word);
	return err;
}

int squash_inode_at(const struct squash *sq, uint64_t ref, struct squash_inode *inode)
{
	static const uint8_t sizes[2][TYPE_LAST + 1] = {
		{ 0, 32, 32, 24, 24, 24, 20, 20 },
		{ 0, 40, INODE_MOST, 24, 28, 28, 24, 24 },
	};
	cleanup_cursor struct squash_cursor cur = { 0 };
	struct squash_inode in = { .xattr = SQUASH_NONE };
	uint8_t d[INODE_MOST];
	uint16_t type;
	bool extended;
	uint64_t pos;
	int err;

	if (__builtin_add_overflow(sq->info.inode_table, ref >> 16, &pos) || pos >= sq->directory_table)
		return -EIO;
	cur = squash_cursor_at(sq, pos, ref & 0xffff);
	err = squash_cursor_read(&cur, d, BASE_SIZE);
	if (err)
		return err;
	type = le16(d);
	extended = type > EXTENDED;
	in.mode = squash_type(type);
	if (!in.mode)
		return -EIO;
	if (extended)
		type = (uint16_t)(type - EXTENDED);
	/* mode's own type bits, if it has any, are ignored as the kernel does it. */
	in.mode |= le16(d + 2) & 07777u;
	in.uid = le16(d + 4);
	in.gid = le16(d + 6);
	in.mtime = le32(d + 8);
	in.number = le32(d + 12);
	err = squash_cursor_read(&cur, d + BASE_SIZE, sizes[extended][type] - BASE_SIZE);
	if (err)
		return err;
	(extended ? decode_extended : decode_basic)(type, d, &in);
	in.behind = cur.place;
	if (in.size > INT64_MAX)
		return -EIO;
	if (type == TYPE_LINK) {
		if (in.size == 0 || in.size > SQUASH_TEXT_MAX)
			return -EIO;
		err = extended ? link_xattr(&cur, &in) : 0;
		if (err)
			return err;
	}
	*inode = in;
	return 0;
}

int squash_inode_get(const struct squash *sq, uint32_t number, struct squash_inode *inode)
{
	struct squash_inode in;
	uint8_t word[8];
	uint64_t ref;
	int err;

	if (number == 0 || number > sq->info.inodes)
		return -ESTALE;
	if (sq->numbers) {
		ref = sq->numbers[number - 1];
	} else {
		err = squash_table_get(sq, &sq->exports, number - 1, word);
		if (err)
			return err;
		ref = le64(word);
	}
	err = squash_inode_at(sq, ref, &in);
	if (err)
		return err;
	if (in.number != number)
		return -ESTALE;
	*inode = in;
	return 0;
}

bool squash_inode_fits(const struct squash *sq, const struct squash_inode *inode, uint32_t dir, uint32_t type)
{
	if ((inode->mode & S_IFMT) != type)
		return false;
	return type != S_IFDIR || (inode->dir.parent == dir && inode->number != sq->info.root);
}

int squash_inode_stat(const struct squash *sq, const struct squash_inode *inode, struct stat *st)
{
	uint64_t stored = inode->size;
	uint8_t uid[4], gid[4];
	int err = squash_table_get(sq, &sq->ids, inode->uid, uid);

	if (!err)
		err = squash_table_get(sq, &sq->ids, inode->gid, gid);
	if (err)
		return err;
	if (S_ISREG(inode->mode))
		stored -= inode->file.sparse < stored ? inode->file.sparse : stored;
	*st = (struct stat){
		.st_ino = inode->number,
		.st_mode = inode->mode,
		/* A count of 0 would tell the kernel that the file is deleted. */
		.st_nlink = inode->nlink ? inode->nlink : 1,
		.st_uid = le32(uid),
		.st_gid = le32(gid),
		.st_rdev = S_ISBLK(inode->mode) || S_ISCHR(inode->mode) ? inode->rdev : 0,
		.st_size = (off_t)inode->size,
		.st_blksize = (blksize_t)sq->info.block_size,
		.st_blocks = (blkcnt_t)(stored / 512 + (stored % 512 != 0)),
		.st_atim.tv_sec = inode->mtime,
		.st_mtim.tv_sec = inode->mtime,
		.st_ctim.tv_sec = inode->mtime,
	};
	return 0;
}
