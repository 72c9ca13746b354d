/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "cpio.h"

#define CPIO_HEADER   110u /* bytes: magic and 13 numbers of 8 hex digits */
#define CPIO_END      "TRAILER!!!"

static uint64_t cpio_padded(uint64_t bytes)
{
	return (bytes + 3) & ~UINT64_C(3);
}

/* Bytes of a member without data; its name is so long. */
static uint64_t cpio_member_size(size_t name_len)
{
	return cpio_padded(CPIO_HEADER + name_len + 1);
}

bool cpio_name_ok(const char *name)
{
	size_t len = strnlen(name, CPIO_NAME_MAX + 1), first = strcspn(name, "/");

	if (!len || len > CPIO_NAME_MAX || (first == strlen(CPIO_END) && !memcmp(name, CPIO_END, first)))
		return false;
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	for (const char *part = name;; part++) {
		size_t n = strcspn(part, "/");

		if (!n || (n == 1 && part[0] == '.') || (n == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		part += n;
		if (!*part)
			return true;
	}
}

/* Bytes before the file's own. */
static uint64_t cpio_head_size(const char *name)
{
	uint64_t size = cpio_member_size(strlen(name));

	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/'))
		size += cpio_member_size((size_t)(slash - name));
	return size;
}

/* What fills a file up. */
static uint64_t cpio_padding(uint64_t file_size)
{
	return cpio_padded(file_size) - file_size;
}

int cpio_size(const struct cpio_file *files, size_t count, uint64_t *size, struct reason *why)
{
	uint64_t all = cpio_member_size(strlen(CPIO_END));

	for (const struct cpio_file *f = files; f < files + count; f++) {
		if (!cpio_name_ok(f->name))
			return reason_set(why, -EINVAL, "no file in an initramfs can be called \"%.60s\"", f->name);
		if (f->size > CPIO_FILE_MAX)
			return reason_set(why, -EFBIG,
					  "%.60s would be 4 GiB or more, which an initramfs archive cannot hold",
					  f->name);
		all += cpio_head_size(f->name) + cpio_padded(f->size);
	}
	*size = all;
	return 0;
}

/* Writes one member without its data, and gives where the next one goes. The zeros of the padding are there. */
static uint8_t *cpio_put(uint8_t *at, const char *name, size_t name_len, uint32_t mode, uint32_t inode, uint32_t size)
{
	uint32_t links = S_ISDIR(mode) ? 2 : 1;
	char header[CPIO_HEADER + 1];

	/* inode, mode, uid, gid, links, time, size, device (2), device of a device node (2), name, checksum */
	snprintf(header, sizeof(header), "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", inode,
		 mode, 0u, 0u, links, 0u, size, 0u, 0u, 0u, 0u, (unsigned)name_len + 1, 0u);
	memcpy(at, header, CPIO_HEADER);
	memcpy(at + CPIO_HEADER, name, name_len);
	return at + cpio_member_size(name_len);
}

/* The same for a file and the directories before it. */
static uint8_t *cpio_put_file(uint8_t *at, const struct cpio_file *f, uint32_t *inode)
{
	for (const char *slash = strchr(f->name, '/'); slash; slash = strchr(slash + 1, '/'))
		at = cpio_put(at, f->name, (size_t)(slash - f->name), S_IFDIR | 0755, ++*inode, 0);
	return cpio_put(at, f->name, strlen(f->name), S_IFREG | 0644, ++*inode, (uint32_t)f->size);
}

static bool cpio_segments_ok(const struct cpio_file *f)
{
	uint64_t size = 0;

	for (size_t i = 0; i < f->count; i++)
		if (__builtin_add_overflow(size, f->segments[i].length, &size))
			return false;
	return size == f->size;
}

int cpio_make(const struct cpio_file *files, size_t count, struct cpio **out, struct reason *why)
{
	uint64_t size, own;
	size_t segments = count + 1;
	uint32_t inode = 0;
	struct cpio *c;
	uint8_t *text, *at;
	int r = cpio_size(files, count, &size, why);

	if (r)
		return r;
	own = size;
	for (size_t i = 0; i < count; i++) {
		if (!cpio_segments_ok(&files[i]))
			return reason_set(why, -EINVAL, "%.60s is of another size", files[i].name);
		segments += files[i].count;
		own -= files[i].size;
	}
	c = calloc(1, sizeof(*c) + segments * sizeof(struct segment) + own);
	if (!c)
		return -ENOMEM;
	c->segments = (struct segment *)(c + 1);
	c->size = size;
	text = at = (uint8_t *)(c->segments + segments);
	for (const struct cpio_file *f = files; f < files + count; f++) {
		at = cpio_put_file(at, f, &inode);
		c->segments[c->count++] = (struct segment){text, (uint64_t)(at - text)};
		for (size_t i = 0; i < f->count; i++)
			if (f->segments[i].length)
				c->segments[c->count++] = f->segments[i];
		text = at;
		at += cpio_padding(f->size);
	}
	at = cpio_put(at, CPIO_END, strlen(CPIO_END), 0, 0, 0);
	c->segments[c->count++] = (struct segment){text, (uint64_t)(at - text)};
	*out = c;
	return 0;
}

void cpio_free(struct cpio *c)
{
	free(c);
}
