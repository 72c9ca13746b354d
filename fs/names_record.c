/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "names_private.h"

#define PATH_MOST 4096

int names_bytes_cmp(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int c = memcmp(a, b, a_len < b_len ? a_len : b_len);

	if (c)
		return c;
	return a_len < b_len ? -1 : a_len > b_len;
}

bool names_record_find(const struct names *n, const char *path, size_t len, bool folder, size_t *at)
{
	size_t low = 0, high = n->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2, have = strlen(n->records[mid].path);
		const char *p = n->records[mid].path;
		int c = names_bytes_cmp(p, have < len ? have : len, path, len);

		if (c == 0)
			c = names_bytes_cmp(p + len, have - len, "/", folder);
		if (c == 0) {
			*at = mid;
			return true;
		}
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return false;
}

int names_record_put(struct names *n, char *path, unsigned digits)
{
	size_t len = strlen(path), at;

	if (names_record_find(n, path, len, false, &at)) {
		n->records[at].digits = digits;
		free(path);
		return 0;
	}
	if (array_grow(&n->records, &n->room, n->count, sizeof(*n->records)))
		return -ENOMEM;
	memmove(&n->records[at + 1], &n->records[at], (n->count - at) * sizeof(*n->records));
	n->records[at] = (struct names_record){ .path = path, .digits = digits };
	n->count++;
	return 0;
}

char *names_record_line(const struct names_record *r)
{
	size_t size = 4 * strlen(r->path) + 16, n;
	char *line = malloc(size);

	if (!line)
		return NULL;
	n = (size_t)snprintf(line, size, "%u ", r->digits);
	for (const unsigned char *p = (const unsigned char *)r->path; *p; p++) {
		if (*p < 0x20 || *p == 0x7f || *p == '\\')
			n += (size_t)snprintf(line + n, size - n, "\\%03o", *p);
		else
			line[n++] = (char)*p;
	}
	line[n++] = '\n';
	line[n] = '\0';
	return line;
}

static int octal(const char *p)
{
	int value = 0;

	for (int i = 0; i < 3; i++) {
		if (p[i] < '0' || p[i] > '7')
			return -1;
		value = value * 8 + (p[i] - '0');
	}
	return value >= 1 && value <= 255 ? value : -1;
}

/* 0, also for a line that says nothing; -ENOMEM. */
static int record_parse(struct names *n, const char *line, size_t len)
{
	cleanup_free char *path = NULL;
	unsigned digits = 0;
	size_t i = 0, o = 0;
	int err;

	for (; i < len && i < 3 && line[i] >= '0' && line[i] <= '9'; i++)
		digits = digits * 10 + (unsigned)(line[i] - '0');
	if (digits < NAMES_DIGITS || digits > NAMES_DIGITS_MOST || i == len || line[i++] != ' ' ||
	    len - i > 4 * PATH_MOST)
		return 0;
	path = malloc(len - i + 1);
	if (!path)
		return -ENOMEM;
	while (i < len) {
		int c = (unsigned char)line[i++];

		if (c == '\\') {
			c = len - i >= 3 ? octal(line + i) : -1;
			i += 3;
		}
		if (c <= 0)
			return 0;
		path[o++] = (char)c;
	}
	if (o == 0)
		return 0;
	path[o] = '\0';
	err = names_record_put(n, path, digits);
	if (!err)
		path = NULL;
	return err;
}

int names_new(struct names **out)
{
	struct names *n = calloc(1, sizeof(*n));

	if (!n)
		return -ENOMEM;
	*out = n;
	return 0;
}

void names_free(struct names *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->count; i++)
		free(n->records[i].path);
	free(n->records);
	free(n);
}

int names_load(struct names *n, const char *text, size_t len)
{
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line;
		int err;

		if (!end)
			return 0;
		line = (size_t)(end - text);
		err = record_parse(n, text, line);
		if (err)
			return err;
		text += line + 1;
		len -= line + 1;
	}
	return 0;
}
