/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "squash.h"
#include "squash_meta.h"

#include <limits.h>

#define PREFIX "user."
#define PREFIX_SIZE (sizeof(PREFIX) - 1)
#define TYPE_USER 0u
#define TYPE_MASK 0xffu
#define TYPE_ELSEWHERE 0x100u /* the value is a reference to where the same value was stored first */
#define COUNT_MOST 16384u     /* more names than fit into the 64 KiB that listxattr(2) can return */

/* The attributes of one inode, in order. */
struct attrs {
	struct squash_cursor cur;
	uint32_t left;
};

/* One of them; cur stands at its value's length. */
struct attr {
	char name[NAME_MAX + 1]; /* whole, "user." included */
	size_t length;
	bool shown; /* of the user. kind, with a name that Linux can have */
	bool elsewhere;
};

static void attrs_end(struct attrs *attrs)
{
	squash_cursor_end(&attrs->cur);
}

static int attrs_open(const struct squash *sq, uint32_t inode, struct attrs *attrs)
{
	struct squash_inode in;
	uint8_t d[16];
	uint64_t pos;
	int err = squash_inode_get(sq, inode, &in);

	if (err)
		return err;
	if (in.xattr == SQUASH_NONE || sq->xattrs.count == 0) {
		*attrs = (struct attrs){ 0 };
		return 0;
	}
	err = squash_table_get(sq, &sq->xattrs, in.xattr, d);
	if (err)
		return err;
	if (le32(d + 8) > COUNT_MOST || __builtin_add_overflow(sq->xattr_table, le64(d) >> 16, &pos))
		return -EIO;
	*attrs = (struct attrs){ .cur = squash_cursor_at(sq, pos, le64(d) & 0xffff), .left = le32(d + 8) };
	return 0;
}

/* Passes to the next attribute's value: 1, at the end 0, or an error. */
static int attrs_next(struct attrs *attrs, struct attr *attr)
{
	uint8_t d[4];
	size_t length;
	int err;

	if (attrs->left == 0)
		return 0;
	attrs->left--;
	err = squash_cursor_read(&attrs->cur, d, sizeof(d));
	if (err)
		return err;
	length = le16(d + 2);
	attr->elsewhere = le16(d) & TYPE_ELSEWHERE;
	attr->shown = (le16(d) & TYPE_MASK) == TYPE_USER && length > 0 && length <= NAME_MAX - PREFIX_SIZE;
	memcpy(attr->name, PREFIX, PREFIX_SIZE);
	err = squash_cursor_read(&attrs->cur, attr->shown ? attr->name + PREFIX_SIZE : NULL, length);
	if (err)
		return err;
	if (attr->shown) {
		attr->length = PREFIX_SIZE + length;
		attr->name[attr->length] = '\0';
		attr->shown = strlen(attr->name) == attr->length;
	}
	return 1;
}

static int length_read(struct squash_cursor *cur, uint32_t *length)
{
	uint8_t d[4];
	int err = squash_cursor_read(cur, d, sizeof(d));

	if (err)
		return err;
	if (le32(d) > SQUASH_TEXT_MAX)
		return -EIO;
	*length = le32(d);
	return 0;
}

static int value_skip(struct attrs *attrs)
{
	uint32_t length;
	int err = length_read(&attrs->cur, &length);

	return err ? err : squash_cursor_read(&attrs->cur, NULL, length);
}

/* Moves the cursor, which is at an attribute's value, to where the value really is. */
static int value_find(struct attrs *attrs)
{
	const struct squash *sq = attrs->cur.sq;
	uint32_t length;
	uint64_t pos;
	uint8_t d[8];
	int err = length_read(&attrs->cur, &length);

	if (!err && length != sizeof(d))
		err = -EIO;
	if (!err)
		err = squash_cursor_read(&attrs->cur, d, sizeof(d));
	if (!err && __builtin_add_overflow(sq->xattr_table, le64(d) >> 16, &pos))
		err = -EIO;
	if (err)
		return err;
	squash_cursor_end(&attrs->cur);
	attrs->cur = squash_cursor_at(sq, pos, le64(d) & 0xffff);
	return 0;
}

static int value_read(struct attrs *attrs, void *value, size_t cap, size_t *len)
{
	uint32_t length;
	int err = length_read(&attrs->cur, &length);

	if (err)
		return err;
	if (cap > 0 && length > cap)
		return -ERANGE;
	if (cap > 0) {
		err = squash_cursor_read(&attrs->cur, value, length);
		if (err)
			return err;
	}
	*len = length;
	return 0;
}

int squash_getxattr(struct squash *sq, uint32_t inode, const char *name, void *value, size_t cap, size_t *len)
{
	__attribute__((cleanup(attrs_end))) struct attrs attrs = { 0 };
	struct attr attr;
	int err = attrs_open(sq, inode, &attrs);

	if (err)
		return err;
	while ((err = attrs_next(&attrs, &attr)) > 0) {
		if (attr.shown && strcmp(attr.name, name) == 0) {
			err = attr.elsewhere ? value_find(&attrs) : 0;
			return err ? err : value_read(&attrs, value, cap, len);
		}
		err = value_skip(&attrs);
		if (err)
			return err;
	}
	return err ? err : -ENODATA;
}

int squash_listxattr(struct squash *sq, uint32_t inode, char *list, size_t cap, size_t *len)
{
	__attribute__((cleanup(attrs_end))) struct attrs attrs = { 0 };
	struct attr attr;
	size_t used = 0;
	int err = attrs_open(sq, inode, &attrs);

	if (err)
		return err;
	while ((err = attrs_next(&attrs, &attr)) > 0) {
		if (attr.shown) {
			size_t size = attr.length + 1;

			if (cap > 0 && size > cap - used)
				return -ERANGE;
			if (cap > 0)
				memcpy(list + used, attr.name, size);
			used += size;
		}
		err = value_skip(&attrs);
		if (err)
			return err;
	}
	if (err)
		return err;
	*len = used;
	return 0;
}
