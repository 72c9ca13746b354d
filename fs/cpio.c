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

/* And behind them. */
static uint64_t cpio_tail_size(uint64_t file_size)
{
	return cpio_padded(file_size) - file_size + cpio_member_size(strlen(CPIO_END));
}

int cpio_size(const char *name, uint64_t file_size, uint64_t *size, struct reason *why)
{
	if (!cpio_name_ok(name))
		return reason_set(why, -EINVAL, "no file in an initramfs can be called \"%.60s\"", name);
	if (file_size > CPIO_FILE_MAX)
		return reason_set(why, -EFBIG, "%.60s would be 4 GiB or more, which an initramfs archive cannot hold",
				  name);
	*size = cpio_head_size(name) + file_size + cpio_tail_size(file_size);
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

int cpio_make(const char *name, const struct segment *file, size_t count, struct cpio **out, struct reason *why)
{
	uint64_t file_size = 0, size, head, tail;
	uint32_t inode = 1;
	struct cpio *c;
	uint8_t *text, *at;
	int r;

	for (size_t i = 0; i < count; i++)
		if (__builtin_add_overflow(file_size, file[i].length, &file_size))
			file_size = UINT64_MAX;
	r = cpio_size(name, file_size, &size, why);
	if (r)
		return r;
	head = cpio_head_size(name);
	tail = cpio_tail_size(file_size);
	c = calloc(1, sizeof(*c) + (count + 2) * sizeof(struct segment) + head + tail);
	if (!c)
		return -ENOMEM;
	c->segments = (struct segment *)(c + 1);
	c->size = size;
	text = at = (uint8_t *)(c->segments + count + 2);
	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/'))
		at = cpio_put(at, name, (size_t)(slash - name), S_IFDIR | 0755, inode++, 0);
	cpio_put(at, name, strlen(name), S_IFREG | 0644, inode, (uint32_t)file_size);
	cpio_put(text + head + (cpio_padded(file_size) - file_size), CPIO_END, strlen(CPIO_END), 0, 0, 0);
	c->segments[c->count++] = (struct segment){text, head};
	for (size_t i = 0; i < count; i++)
		if (file[i].length)
			c->segments[c->count++] = file[i];
	c->segments[c->count++] = (struct segment){text + head, tail};
	*out = c;
	return 0;
}

void cpio_free(struct cpio *c)
{
	free(c);
}
