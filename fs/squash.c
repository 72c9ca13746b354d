/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "squash.h"
#include "squash_meta.h"

#define MAGIC 0x73717368u
#define MAGIC_SWAPPED 0x68737173u
#define BLOCK_LEAST 4096u
#define BLOCK_MOST (1u << 20)
#define ABSENT UINT64_MAX /* of a table that may be missing */
#define INODE_LEAST 20u
#define XATTR_HEADER 16u

/* The numbers and names of compressions that squashfs 4.0 and the library know; "lzma" is not among them. */
static const char *const compressions[] = { NULL, "gzip", NULL, "lzo", "xz", "lz4", "zstd" };

/* One table's index has to lie behind the directories, as the kernel wants it, and inside the file system. */
static bool table_fits(uint64_t directories, uint64_t start, uint64_t count, uint32_t each, uint64_t size)
{
	uint64_t blocks = (count * each + SQUASH_META_SIZE - 1) / SQUASH_META_SIZE; /* count has 32 bits */

	return start > directories && range_inside(start, blocks * 8, size);
}

/* An inode table of so many bytes cannot hold more inodes than this, even compressed as well as can be. */
static uint64_t inodes_most(uint64_t bytes)
{
	return (bytes / 3 + 1) * (SQUASH_META_SIZE / INODE_LEAST + 1);
}

static int super_check(const struct squash_info *in, const struct squash_super *super, struct reason *why)
{
	uint64_t dirs = super->directory_table;
	uint32_t b = in->block_size;

	if (b < BLOCK_LEAST || b > BLOCK_MOST || (b & (b - 1)))
		return reason_set(why, -EBADMSG, "squashfs with a block size of %u", b);
	if (in->inode_table < SQUASH_SUPER_SIZE || in->inode_table >= dirs || dirs >= in->size)
		return reason_set(why, -EBADMSG, "squashfs whose inode or directory table is outside of it");
	if (in->inodes == 0 || in->inodes > inodes_most(dirs - in->inode_table))
		return reason_set(why, -EBADMSG, "squashfs that cannot have %u inodes", in->inodes);
	if (super->ids == 0 || !table_fits(dirs, super->id_table, super->ids, 4, in->size))
		return reason_set(why, -EBADMSG, "squashfs whose table of owners is outside of it");
	if (super->fragments && !table_fits(dirs, super->fragment_table, super->fragments, 16, in->size))
		return reason_set(why, -EBADMSG, "squashfs whose fragment table is outside of it");
	if (in->exportable && !table_fits(dirs, super->export_table, in->inodes, 8, in->size))
		return reason_set(why, -EBADMSG, "squashfs whose export table is outside of it");
	if (super->xattr_id_table != ABSENT &&
	    !(super->xattr_id_table > dirs && range_inside(super->xattr_id_table, XATTR_HEADER, in->size)))
		return reason_set(why, -EBADMSG, "squashfs whose attribute table is outside of it");
	return 0;
}

static int super_read(int fd, uint64_t offset, uint64_t length, struct squash_info *info,
		      struct squash_super *super, struct reason *why)
{
	uint8_t d[SQUASH_SUPER_SIZE];
	struct squash_info in;
	struct squash_super su;
	int err;

	if (offset > INT64_MAX || length > INT64_MAX - offset)
		return reason_set(why, -EINVAL, "no file has these offsets");
	if (length < sizeof(d))
		return reason_set(why, -EMEDIUMTYPE, "too short for a squashfs");
	err = pread_full(fd, d, sizeof(d), offset);
	if (err == -ENODATA)
		return reason_set(why, -EBADMSG, "the file ends before the squashfs");
	if (err)
		return reason_set(why, -EIO, "cannot read a squashfs superblock: %s", strerror(-err));
	if (le32(d) != MAGIC && le32(d) != MAGIC_SWAPPED)
		return reason_set(why, -EMEDIUMTYPE, "no squashfs");
	if (le32(d) == MAGIC_SWAPPED || le16(d + 28) != 4 || le16(d + 30) != 0)
		return reason_set(why, -EOPNOTSUPP, "squashfs of another version than 4.0");
	su = (struct squash_super){
		.fragments = le32(d + 16),
		.compression = le16(d + 20),
		.ids = le16(d + 26),
		.root_ref = le64(d + 32),
		.id_table = le64(d + 48),
		.xattr_id_table = le64(d + 56),
		.directory_table = le64(d + 72),
		.fragment_table = le64(d + 80),
		.export_table = le64(d + 88),
	};
	if (su.compression >= ARRAY_SIZE(compressions) || !compressions[su.compression])
		return reason_set(why, -EOPNOTSUPP, "squashfs with unknown compression %u", su.compression);
	in = (struct squash_info){
		.size = le64(d + 40),
		.inodes = le32(d + 4),
		.block_size = le32(d + 12),
		.mtime = le32(d + 8),
		.exportable = su.export_table != ABSENT,
		.inode_table = le64(d + 64),
		.compression = compressions[su.compression],
	};
	if (in.size > length)
		return reason_set(why, -EBADMSG, "squashfs of %llu bytes where there are %llu",
				  (unsigned long long)in.size, (unsigned long long)length);
	err = super_check(&in, &su, why);
	if (err)
		return err;
	*info = in;
	*super = su;
	return 0;
}

int squash_probe(int fd, uint64_t offset, uint64_t length, struct squash_info *info, struct reason *why)
{
	struct squash_super super;

	return super_read(fd, offset, length, info, &super, why);
}

/* The table of attributes has its count and the start of what it points into in front of its index. */
static int xattrs_load(struct squash *sq, uint64_t start)
{
	uint8_t d[XATTR_HEADER];
	int err;

	if (start == ABSENT)
		return 0;
	err = pread_full(sq->source.fd, d, sizeof(d), sq->source.offset + start);
	if (err)
		return -EIO;
	sq->xattr_table = le64(d);
	if (sq->xattr_table > sq->source.size)
		return -EBADMSG;
	return squash_table_load(&sq->source, start + sizeof(d), le32(d + 8), 16, &sq->xattrs);
}

static int tables_load(struct squash *sq, const struct squash_super *super)
{
	const struct squash_source *src = &sq->source;
	int err = squash_table_load(src, super->id_table, super->ids, 4, &sq->ids);

	if (!err)
		err = squash_table_load(src, super->fragment_table, super->fragments, 16, &sq->fragments);
	if (!err && sq->info.exportable)
		err = squash_table_load(src, super->export_table, sq->info.inodes, 8, &sq->exports);
	if (!err)
		err = xattrs_load(sq, super->xattr_id_table);
	return err;
}

int squash_load(int fd, uint64_t offset, uint64_t length, struct squash **out, struct reason *why)
{
	struct squash_info info = { 0 };
	struct squash_super super = { 0 };
	struct squash_inode root;
	struct squash *sq;
	int err = super_read(fd, offset, length, &info, &super, why);

	if (err)
		return err;
	if (!squash_block_codec(super.compression))
		return reason_set(why, -EOPNOTSUPP, "this libsquashfuse cannot decompress %s",
				  info.compression);
	sq = calloc(1, sizeof(*sq));
	if (!sq)
		return reason_set(why, -ENOMEM, "out of memory");
	sq->info = info;
	sq->source = (struct squash_source){
		.fd = fd, .offset = offset, .size = info.size,
		.block_size = info.block_size, .compression = super.compression,
	};
	sq->root_ref = super.root_ref;
	sq->directory_table = super.directory_table;
	pthread_mutex_init(&sq->lock, NULL);
	err = tables_load(sq, &super);
	if (err) {
		reason_set(why, err, "squashfs with unreadable tables");
		goto fail;
	}
	err = squash_inode_at(sq, sq->root_ref, &root);
	if (!err && (!S_ISDIR(root.mode) || root.number == 0 || root.number > info.inodes))
		err = -EBADMSG;
	if (err) {
		reason_set(why, err, "squashfs with an unreadable root directory");
		goto fail;
	}
	sq->info.root = root.number;
	*out = sq;
	return 0;
fail:
	squash_close(sq);
	return err;
}

int squash_open(int fd, uint64_t offset, uint64_t length, const uint64_t *numbers, size_t numbers_count,
		struct squash **out, struct reason *why)
{
	struct squash_inode root;
	struct squash *sq;
	int err = squash_load(fd, offset, length, &sq, why);

	if (err)
		return err;
	if (numbers ? numbers_count != sq->info.inodes : !sq->info.exportable) {
		squash_close(sq);
		return reason_set(why, -EINVAL, "squashfs whose inodes cannot be found by number");
	}
	sq->numbers = numbers;
	err = squash_inode_get(sq, sq->info.root, &root);
	if (!err && !S_ISDIR(root.mode))
		err = -EBADMSG;
	if (err) {
		squash_close(sq);
		return reason_set(why, err == -ESTALE ? -EBADMSG : err,
				  "squashfs whose root directory cannot be found by number");
	}
	*out = sq;
	return 0;
}

void squash_close(struct squash *sq)
{
	if (!sq)
		return;
	squash_block_forget(&sq->source);
	pthread_mutex_destroy(&sq->lock);
	free(sq->ids.blocks);
	free(sq->fragments.blocks);
	free(sq->exports.blocks);
	free(sq->xattrs.blocks);
	free(sq);
}

const struct squash_info *squash_info(const struct squash *sq)
{
	return &sq->info;
}

int squash_stat(struct squash *sq, uint32_t inode, struct stat *st)
{
	struct squash_inode in;
	int err = squash_inode_get(sq, inode, &in);

	return err ? err : squash_inode_stat(sq, &in, st);
}

int squash_parent(struct squash *sq, uint32_t inode, uint32_t *parent)
{
	struct squash_inode in, up;
	int err = squash_inode_get(sq, inode, &in);

	if (err)
		return err;
	if (!S_ISDIR(in.mode))
		return -ENOTDIR;
	/* What a root has for a parent is a number behind the last. */
	if (inode == sq->info.root) {
		*parent = inode;
		return 0;
	}
	err = squash_inode_get(sq, in.dir.parent, &up);
	if (err == -ESTALE || (!err && !S_ISDIR(up.mode)))
		err = -EIO;
	if (err)
		return err;
	*parent = in.dir.parent;
	return 0;
}

int squash_readlink(struct squash *sq, uint32_t inode, char **target)
{
	cleanup_cursor struct squash_cursor cur = { 0 };
	cleanup_free char *text = NULL;
	struct squash_inode in;
	int err = squash_inode_get(sq, inode, &in);

	if (err)
		return err;
	if (!S_ISLNK(in.mode))
		return -EINVAL;
	text = malloc((size_t)in.size + 1);
	if (!text)
		return -ENOMEM;
	cur = squash_cursor_at(sq, in.behind.pos, in.behind.off);
	err = squash_cursor_read(&cur, text, (size_t)in.size);
	if (err)
		return err;
	text[in.size] = '\0';
	if (strlen(text) != in.size)
		return -EIO;
	*target = steal_pointer(text);
	return 0;
}
