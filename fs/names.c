/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "names_private.h"

#include "identity.h"

#define DIGITS_CUT 6

/* A component of one or more of the paths: a file or a folder in the folder in front of it. */
struct item {
	const char *path; /* borrowed; the component ends at end */
	size_t parent; /* bytes of path in front of the component, slash included */
	size_t end;
	bool folder;
	bool exact; /* called just so: nothing had to be mapped */
	bool plain; /* has base itself for a name */
	bool recorded;
	unsigned digits; /* 0 when plain */
	char *base; /* mapped, of any length */
	char name[NAMES_MOST + 1];
};

/* Length of the character at p, 1 to 4 bytes where it is well-formed UTF-8 (RFC 3629), else 1. */
static size_t character(const unsigned char *p, size_t len)
{
	uint32_t code, least;
	size_t n;

	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		n = 2, code = p[0] & 0x1f, least = 0x80;
	} else if ((p[0] & 0xf0) == 0xe0) {
		n = 3, code = p[0] & 0x0f, least = 0x800;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		n = 4, code = p[0] & 0x07, least = 0x10000;
	} else {
		return 1;
	}
	if (n > len)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 1;
	return n;
}

/* Not isalnum(): what is a letter must not depend on the locale. */
static bool character_kept(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '_' || c == '+' || c == '-';
}

static int item_base(struct item *it)
{
	const unsigned char *p = (const unsigned char *)it->path + it->parent;
	size_t len = it->end - it->parent, n = 0;

	it->exact = it->folder;
	if (!it->folder && len >= 4 && strncasecmp((const char *)p + len - 4, ".iso", 4) == 0) {
		it->exact = memcmp(p + len - 4, ".iso", 4) == 0;
		len -= 4;
	}
	it->base = malloc(len + 2);
	if (!it->base)
		return -ENOMEM;
	for (size_t i = 0; i < len;) {
		bool kept = character_kept(p[i]) && !(i == 0 && p[i] == '.');

		it->base[n++] = kept ? (char)p[i] : '_';
		it->exact &= kept;
		i += character(p + i, len - i);
	}
	if (n == 0) {
		it->base[n++] = '_';
		it->exact = false;
	}
	it->base[n] = '\0';
	return 0;
}

/* The digits are of the component's own name, so that they do not change with its folder's. */
static void item_name(struct item *it)
{
	char hex[NAMES_DIGITS_MOST + 1];
	struct identity_part parts[] = {
		{ it->path + it->parent, it->end - it->parent },
		{ "more", 4 },
	};

	if (it->plain) {
		snprintf(it->name, sizeof(it->name), "%s", it->base);
		return;
	}
	snprintf(hex, sizeof(hex), "%016llx%016llx", (unsigned long long)identity_hash(parts, 1),
		 (unsigned long long)identity_hash(parts, 2));
	snprintf(it->name, sizeof(it->name), "%.*s-%.*s", (int)(NAMES_MOST - 1 - it->digits), it->base,
		 (int)it->digits, hex);
}

static bool name_listed(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

/* What the tree itself has by that name: in its top folder, or in one below. */
static bool name_fixed(const char *name, bool top)
{
	static const char *const at_top[] = {
		"boot", "grub", "EFI", "boot.ipxe", "index.html", "status", ".old", NULL
	};
	static const char *const below[] = { "grub.cfg", "boot.ipxe", NULL };

	return name_listed(name, top ? at_top : below);
}

/* --- one folder --- */

/* By folder, and in it by own name: the order in which an item is found again. */
static int by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int c = names_bytes_cmp(x->path, x->parent, y->path, y->parent);

	if (c == 0)
		c = names_bytes_cmp(x->path + x->parent, x->end - x->parent, y->path + y->parent,
				    y->end - y->parent);
	return c ? c : (int)y->folder - (int)x->folder;
}

/* By mapped name; those who have a better right to it first. */
static int by_base(const void *a, const void *b)
{
	const struct item *x = *(const struct item *const *)a, *y = *(const struct item *const *)b;
	int c = strcmp(x->base, y->base);

	if (c == 0)
		c = (int)y->folder - (int)x->folder;
	return c ? c : (int)y->exact - (int)x->exact;
}

/* By name; those who keep it first. */
static int by_name(const void *a, const void *b)
{
	const struct item *x = *(const struct item *const *)a, *y = *(const struct item *const *)b;
	int c = strcmp(x->name, y->name);

	if (c == 0)
		c = (int)y->plain - (int)x->plain;
	return c ? c : (int)y->recorded - (int)x->recorded;
}

/* Who has the plain name: nobody who is recorded; but they make it ambiguous still. */
static void settle_plain(struct item **group, size_t count)
{
	qsort(group, count, sizeof(*group), by_base);
	for (size_t i = 0, end; i < count; i = end) {
		struct item *first = NULL;
		size_t folders = 0;

		for (end = i; end < count && strcmp(group[end]->base, group[i]->base) == 0; end++) {
			folders += group[end]->folder;
			if (!first && !group[end]->recorded)
				first = group[end];
		}
		if (!first || strlen(first->base) > NAMES_MOST ||
		    name_fixed(first->base, first->parent == 0))
			continue;
		first->plain = first->exact || (first->folder ? folders : end - i) == 1;
	}
}

/* Names the suffixed ones, with more digits until no two are equal. */
static int settle_digits(struct item **group, size_t count)
{
	bool again;

	for (size_t i = 0; i < count; i++) {
		struct item *it = group[i];

		if (!it->plain && !it->recorded)
			it->digits =
				strlen(it->base) + 1 + NAMES_DIGITS > NAMES_MOST ? DIGITS_CUT : NAMES_DIGITS;
		item_name(it);
	}
	do {
		again = false;
		qsort(group, count, sizeof(*group), by_name);
		for (size_t i = 0, end; i < count; i = end) {
			bool keeps = group[i]->plain;

			for (end = i + 1; end < count && strcmp(group[end]->name, group[i]->name) == 0;)
				end++;
			if (end == i + 1)
				continue;
			keeps |= group[i]->recorded && !group[i + 1]->recorded;
			for (size_t k = i + keeps; k < end; k++) {
				if (group[k]->digits >= NAMES_DIGITS_MOST)
					return -EEXIST;
				group[k]->digits++;
				again = true;
			}
		}
		for (size_t i = 0; again && i < count; i++)
			item_name(group[i]);
	} while (again);
	return 0;
}

/* --- all of them --- */

/* One item for each component of each path, each once; sorted by_place. */
static int items_make(const char *const *paths, size_t count, struct item **out, size_t *out_count)
{
	struct item *items = NULL;
	size_t n = 0, room = 0, unique = 0;

	for (size_t i = 0; i < count; i++) {
		size_t start = 0, len = strlen(paths[i]);

		for (size_t end = 0; end <= len; end++) {
			if (paths[i][end] != '/' && end < len)
				continue;
			if (array_grow(&items, &room, n, sizeof(*items))) {
				free(items);
				return -ENOMEM;
			}
			items[n++] = (struct item){
				.path = paths[i],
				.parent = start,
				.end = end,
				.folder = end < len,
			};
			start = end + 1;
		}
	}
	if (n)
		qsort(items, n, sizeof(*items), by_place);
	for (size_t i = 0; i < n; i++)
		if (!unique || by_place(&items[unique - 1], &items[i]) != 0)
			items[unique++] = items[i];
	*out = items;
	*out_count = unique;
	return 0;
}

static int items_name(const struct names *n, struct item *items, size_t count)
{
	cleanup_free struct item **group = malloc((count + 1) * sizeof(*group));
	int err = 0;

	if (!group)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		size_t at;

		err = item_base(&items[i]);
		if (err)
			return err;
		items[i].recorded = names_record_find(n, items[i].path, items[i].end, items[i].folder, &at);
		if (items[i].recorded)
			items[i].digits = n->records[at].digits;
	}
	for (size_t i = 0, end; !err && i < count; i = end) {
		for (end = i; end < count && names_bytes_cmp(items[end].path, items[end].parent,
							     items[i].path, items[i].parent) == 0;
		     end++)
			group[end - i] = &items[end];
		settle_plain(group, end - i);
		err = settle_digits(group, end - i);
	}
	return err;
}

static char *path_join(const struct item *items, size_t count, const char *path)
{
	size_t len = strlen(path), parts = 1, start = 0, n = 0;
	char *joined;

	for (size_t i = 0; i < len; i++)
		parts += path[i] == '/';
	joined = malloc(parts * (NAMES_MOST + 1));
	if (!joined)
		return NULL;
	for (size_t end = 0; end <= len; end++) {
		struct item key = { .path = path, .parent = start, .end = end, .folder = end < len };
		const struct item *it;
		size_t name;

		if (path[end] != '/' && end < len)
			continue;
		it = bsearch(&key, items, count, sizeof(*items), by_place);
		name = strlen(it->name);
		memcpy(joined + n, it->name, name);
		n += name;
		joined[n++] = end < len ? '/' : '\0';
		start = end + 1;
	}
	return joined;
}

/* Whether the record says too little about the item. A name that is only too long says it itself. */
static bool item_is_news(const struct names *n, const struct item *it)
{
	size_t at;

	if (it->plain || (strlen(it->base) > NAMES_MOST && it->digits == DIGITS_CUT && !it->recorded))
		return false;
	return !names_record_find(n, it->path, it->end, it->folder, &at) ||
	       n->records[at].digits != it->digits;
}

/* Collects the lines first and then puts them all, the room being there. */
static int items_record(struct names *n, const struct item *items, size_t count, names_recorded recorded,
			void *ctx)
{
	struct names_record *news = NULL;
	char **lines = NULL;
	size_t news_count = 0, news_room = 0;
	int err = -ENOMEM;

	for (size_t i = 0; i < count; i++) {
		struct names_record *r;

		if (!item_is_news(n, &items[i]))
			continue;
		if (array_grow(&news, &news_room, news_count, sizeof(*news)))
			goto out;
		r = &news[news_count];
		r->digits = items[i].digits;
		if (asprintf(&r->path, "%.*s%s", (int)items[i].end, items[i].path,
			     items[i].folder ? "/" : "") < 0)
			goto out;
		news_count++;
	}
	lines = calloc(news_count + 1, sizeof(*lines));
	if (!lines || array_grow(&n->records, &n->room, n->count + news_count, sizeof(*n->records)))
		goto out;
	for (size_t i = 0; i < news_count; i++) {
		lines[i] = names_record_line(&news[i]);
		if (!lines[i])
			goto out;
	}
	for (size_t i = 0; i < news_count; i++) {
		names_record_put(n, steal_pointer(news[i].path), news[i].digits);
		if (recorded)
			recorded(ctx, lines[i]);
	}
	err = 0;
out:
	for (size_t i = 0; i < news_count; i++) {
		free(news[i].path);
		if (lines)
			free(lines[i]);
	}
	free(lines);
	free(news);
	return err;
}

int names_map(struct names *n, const char *const *iso_paths, size_t count, char **tree_paths,
	      names_recorded recorded, void *ctx)
{
	struct item *items = NULL;
	char **paths = calloc(count + 1, sizeof(*paths));
	size_t item_count = 0;
	int err = paths ? items_make(iso_paths, count, &items, &item_count) : -ENOMEM;

	if (!err)
		err = items_name(n, items, item_count);
	for (size_t i = 0; !err && i < count; i++) {
		paths[i] = path_join(items, item_count, iso_paths[i]);
		if (!paths[i])
			err = -ENOMEM;
	}
	if (!err)
		err = items_record(n, items, item_count, recorded, ctx);
	for (size_t i = 0; paths && i < count; i++) {
		if (err)
			free(paths[i]);
		else
			tree_paths[i] = paths[i];
	}
	for (size_t i = 0; i < item_count; i++)
		free(items[i].base);
	free(items);
	free(paths);
	return err;
}
