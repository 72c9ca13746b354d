/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "volume.h"

#define LINKS_MAX 40

struct lookup {
	const struct volume *v;
	unsigned flags; /* enum volume_lookup_flags */
	unsigned links; /* followed so far */
};

struct name {
	const char *text;
	size_t len;
};

/* Orders path against "dir/name", as the table is ordered. dir is not the root. */
static int path_compare(const char *path, const char *dir, size_t dir_len, struct name name)
{
	int c = strncmp(path, dir, dir_len);

	if (c)
		return c;
	path += dir_len;
	if (*path != '/')
		return (unsigned char)*path - '/';
	path++;
	c = strncmp(path, name.text, name.len);
	return c ? c : path[name.len] != 0;
}

static int child_exact(const struct volume *v, uint32_t dir, struct name name, uint32_t *entry)
{
	const char *base = v->entries[dir].path;
	size_t base_len = strlen(base), low = (size_t)dir + 1, high = v->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *path = v->entries[middle].path;
		int c;

		if (base_len) {
			c = path_compare(path, base, base_len, name);
		} else {
			c = strncmp(path, name.text, name.len);
			c = c ? c : path[name.len] != 0;
		}
		if (c == 0) {
			*entry = (uint32_t)middle;
			return 0;
		}
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -ENOENT;
}

/* What is left of a plain ISO 9660 name without its version and an empty extension. */
static struct name name_bare(struct name n)
{
	if (n.len > 2 && n.text[n.len - 2] == ';' && n.text[n.len - 1] == '1')
		n.len -= 2;
	if (n.len > 1 && n.text[n.len - 1] == '.')
		n.len--;
	return n;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool name_alike(struct name a, struct name b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.text[i]) != lower(b.text[i]))
			return false;
	return true;
}

static int child_alike(const struct volume *v, uint32_t dir, struct name name, uint32_t *entry)
{
	const char *base = v->entries[dir].path;
	size_t base_len = strlen(base);

	name = name_bare(name);
	/* All that begins with the directory's path stands together, behind it. */
	for (size_t i = (size_t)dir + 1; i < v->count; i++) {
		const struct volume_entry *e = &v->entries[i];

		if (e->parent == dir &&
		    name_alike(name, name_bare((struct name){ e->name, strlen(e->name) }))) {
			*entry = (uint32_t)i;
			return 0;
		}
		if (strncmp(e->path, base, base_len))
			break;
	}
	return -ENOENT;
}

static bool is_slash(const struct lookup *l, char c)
{
	return c == '/' || (c == '\\' && l->flags & VOLUME_ANY_CASE);
}

static int walk(struct lookup *l, uint32_t from, const char *path, uint32_t *entry);

static int step(struct lookup *l, uint32_t dir, struct name name, uint32_t *entry)
{
	const struct volume_entry *e = &l->v->entries[dir];
	uint32_t at;
	int r;

	if (name.len == 1 && name.text[0] == '.') {
		*entry = dir;
		return 0;
	}
	if (name.len == 2 && !memcmp(name.text, "..", 2)) {
		*entry = e->parent;
		return 0;
	}
	r = child_exact(l->v, dir, name, &at);
	if (r < 0 && l->flags & VOLUME_ANY_CASE)
		r = child_alike(l->v, dir, name, &at);
	if (r < 0)
		return r;
	e = &l->v->entries[at];
	if (S_ISLNK(e->mode) && l->flags & VOLUME_FOLLOW) {
		/* Also what bounds the recursion. */
		if (++l->links > LINKS_MAX)
			return -ELOOP;
		return walk(l, dir, e->target, entry);
	}
	*entry = at;
	return 0;
}

static int walk(struct lookup *l, uint32_t from, const char *path, uint32_t *entry)
{
	uint32_t at = is_slash(l, *path) ? 0 : from;

	for (;;) {
		struct name name;
		bool slash = false;
		int r;

		for (; is_slash(l, *path); path++)
			slash = true;
		if ((*path || slash) && !S_ISDIR(l->v->entries[at].mode))
			return -ENOTDIR;
		if (!*path)
			break;
		name = (struct name){ path, 0 };
		while (*path && !is_slash(l, *path))
			path++;
		name.len = (size_t)(path - name.text);
		r = step(l, at, name, &at);
		if (r < 0)
			return r;
	}
	*entry = at;
	return 0;
}

int volume_lookup(const struct volume *v, uint32_t base, const char *path, unsigned flags, uint32_t *entry)
{
	struct lookup l = { .v = v, .flags = flags };

	if (base >= v->count)
		return -ENOENT;
	if (!S_ISDIR(v->entries[base].mode))
		return -ENOTDIR;
	return walk(&l, base, path, entry);
}

int volume_dir_names(const struct volume *v, uint32_t dir, size_t cap, char **names, size_t *len)
{
	cleanup_free char *text = NULL;
	size_t n = 0, base_len;

	if (!S_ISDIR(v->entries[dir].mode))
		return -ENOTDIR;
	text = malloc(cap ? cap : 1);
	if (!text)
		return -ENOMEM;
	base_len = strlen(v->entries[dir].path);
	/* All that begins with the directory's path stands together, behind it, and siblings in order. */
	for (size_t i = (size_t)dir + 1; i < v->count; i++) {
		const struct volume_entry *e = &v->entries[i];
		size_t size = strlen(e->name);

		if (strncmp(e->path, v->entries[dir].path, base_len))
			break;
		if (e->parent != dir)
			continue;
		if (!range_inside(n, size + S_ISDIR(e->mode) + 1, cap))
			return -EFBIG;
		memcpy(text + n, e->name, size);
		n += size;
		if (S_ISDIR(e->mode))
			text[n++] = '/';
		text[n++] = 0;
	}
	*names = steal_pointer(text);
	*len = n;
	return 0;
}
