/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TREE_WALK_H
#define PXEFS_TREE_WALK_H

/* Goes through a whole tree and holds each node to what tree.h promises. Of squashfs that are damaged on
 * purpose it knows nothing: everything must be readable. */

#include <stdarg.h>

#include "tree.h"

#define WALK_READ 65536 /* bytes of each file that are asked for */

struct walk_name {
	char *name;
	uint64_t id, off;
	uint32_t type;
};

struct walk {
	uint64_t *ids; /* every node met, a directory once */
	size_t count, room;
	size_t dirs, files, links;
	unsigned wrong; /* promises broken; each is told on stdout, as a comment */
	/* the listing that is being taken */
	struct walk_name *names;
	size_t name_count, name_room;
	bool full;
};

__attribute__((format(printf, 3, 4))) static inline bool walk_promise(struct walk *w, bool kept,
								      const char *fmt, ...)
{
	va_list ap;

	if (kept || w->wrong++ > 20)
		return kept;
	va_start(ap, fmt);
	printf("# broken: ");
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
	return false;
}

static inline void walk_names_free(struct walk *w)
{
	for (size_t i = 0; i < w->name_count; i++)
		free(w->names[i].name);
	w->name_count = 0;
}

static inline void walk_free(struct walk *w)
{
	walk_names_free(w);
	free(w->names);
	free(w->ids);
}

static inline int walk_id_cmp(const void *a, const void *b)
{
	const uint64_t *p = a, *q = b;

	return *p < *q ? -1 : *p > *q;
}

/* After walk_sort(). */
static inline bool walk_met(const struct walk *w, uint64_t id)
{
	return bsearch(&id, w->ids, w->count, sizeof(id), walk_id_cmp);
}

static inline void walk_sort(struct walk *w)
{
	qsort(w->ids, w->count, sizeof(*w->ids), walk_id_cmp);
}

static inline void walk_meet(struct walk *w, uint64_t id)
{
	if (array_grow(&w->ids, &w->room, w->count, sizeof(*w->ids)))
		abort();
	w->ids[w->count++] = id;
}

static inline int walk_take(void *ctx, const char *name, const struct tree_node *node, uint64_t off)
{
	struct walk *w = ctx;

	if (array_grow(&w->names, &w->name_room, w->name_count, sizeof(*w->names)))
		abort();
	w->names[w->name_count] =
		(struct walk_name){strdup(name), node->id, off, (uint32_t)(node->st.st_mode & S_IFMT)};
	walk_promise(w, node->st.st_ino == node->id, "%s: d_ino is not the node id", name);
	walk_promise(w, !w->full || node->st.st_nlink > 0, "%s: listed in full without attributes", name);
	w->name_count++;
	return 0;
}

struct walk_resume {
	struct walk *w;
	size_t at;
	bool one; /* stop after the first */
};

static inline int walk_again(void *ctx, const char *name, const struct tree_node *node, uint64_t off)
{
	struct walk_resume *again = ctx;
	const struct walk_name *n = &again->w->names[again->at++];

	walk_promise(again->w,
		     again->at <= again->w->name_count && !strcmp(n->name, name) && n->id == node->id &&
			     n->off == off && n->type == (node->st.st_mode & S_IFMT),
		     "%s: another entry than before at position %llu", name, (unsigned long long)off);
	return again->one || again->at >= again->w->name_count;
}

/* From every position on the same names come, at most 64 of them to the end of the directory. */
static inline void walk_positions(struct walk *w, const struct snapshot *s, uint64_t dir)
{
	for (size_t i = 0; i < w->name_count; i++) {
		bool whole = i < 4 || w->name_count - i < 64 || i % 97 == 0;
		struct walk_resume again = {w, i + 1, !whole};
		int r;

		if (i + 1 == w->name_count) {
			r = tree_readdir(s, dir, w->names[i].off, false, walk_take, w);
			walk_promise(w, r == 0 && w->name_count == i + 1, "names behind the last position");
			continue;
		}
		r = tree_readdir(s, dir, w->names[i].off, i % 2, walk_again, &again);
		walk_promise(w, r == 0 && again.at == (whole ? w->name_count : i + 2),
			     "%s: a listing went on for %zu of %zu names", w->names[i].name, again.at,
			     w->name_count);
	}
}

static inline void walk_list(struct walk *w, const struct snapshot *s, uint64_t dir, uint64_t parent,
			     size_t *subdirs)
{
	struct walk_resume again = {w, 0, false};
	uint64_t last = 0;

	walk_names_free(w);
	w->full = true;
	walk_promise(w, tree_readdir(s, dir, 0, true, walk_take, w) == 0, "%llx cannot be listed",
		     (unsigned long long)dir);
	w->full = false;
	if (!walk_promise(w, w->name_count >= 2, "a directory without dots"))
		return;
	walk_promise(w, !strcmp(w->names[0].name, ".") && w->names[0].id == dir && w->names[0].off == 1,
		     "no .");
	walk_promise(w, !strcmp(w->names[1].name, "..") && w->names[1].id == parent && w->names[1].off == 2,
		     "no ..");
	*subdirs = 0;
	for (size_t i = 0; i < w->name_count; i++) {
		walk_promise(w,
			     w->names[i].off > last && (i < 2 || w->names[i].off >= 3) &&
				     w->names[i].off <= INT64_MAX,
			     "%s: no good position", w->names[i].name);
		last = w->names[i].off;
		*subdirs += i >= 2 && S_ISDIR(w->names[i].type);
	}
	walk_promise(w, tree_readdir(s, dir, 0, false, walk_again, &again) == 0 && again.at == w->name_count,
		     "other names when not listed in full");
	walk_positions(w, s, dir);
}

static inline void walk_leaf(struct walk *w, const struct snapshot *s, const struct tree_node *n)
{
	struct tree_node other = {.id = 77};
	struct tree_bytes bytes;
	char *text = NULL;

	walk_promise(w, tree_lookup(s, n->id, "..", &other) == -ENOTDIR && other.id == 77, ".. of a file");
	walk_promise(w, tree_lookup(s, n->id, "x", &other) == -ENOTDIR, "a name in a file");
	walk_promise(w, tree_readdir(s, n->id, 0, false, walk_take, w) == -ENOTDIR, "a file was listed");
	walk_promise(w, tree_readdir(s, n->id, 2, true, walk_take, w) == -ENOTDIR,
		     "a file was listed from 2 on");
	walk_promise(w, !w->name_count, "a file has an entry");
	if (S_ISLNK(n->st.st_mode)) {
		w->links++;
		walk_promise(w, tree_readlink(s, n->id, &text) == 0 && (off_t)strlen(text) == n->st.st_size,
			     "a link's size is not its text's");
		free(text);
		walk_promise(w, tree_read(s, n->id, 0, 10, &bytes) == -EINVAL, "a link was read");
		return;
	}
	walk_promise(w, tree_readlink(s, n->id, &text) == -EINVAL && !text, "a file has a link's text");
	w->files += S_ISREG(n->st.st_mode);
	if (!S_ISREG(n->st.st_mode) || tree_read(s, n->id, (uint64_t)n->st.st_size, 10, &bytes))
		return;
	walk_promise(w, bytes.total == 0 && bytes.count == 0, "bytes behind the end");
	tree_bytes_free(&bytes);
	if (tree_read(s, n->id, 0, WALK_READ, &bytes))
		return;
	walk_promise(w, bytes.total == (size_t)(n->st.st_size < WALK_READ ? n->st.st_size : WALK_READ),
		     "%llx: %zu bytes of %lld", (unsigned long long)n->id, bytes.total, (long long)n->st.st_size);
	tree_bytes_free(&bytes);
}

static inline void walk_node(struct walk *w, const struct snapshot *s, const struct tree_node *n)
{
	struct tree_node same = {.id = 0};
	char value[8];
	size_t len = 0;
	char *where = NULL;

	walk_promise(w, n->st.st_ino == n->id && n->st.st_mode & S_IFMT && n->st.st_size >= 0,
		     "%llx: no node", (unsigned long long)n->id);
	walk_promise(w,
		     tree_node(s, n->id, &same) == 0 && same.id == n->id &&
			     same.generation == n->generation && !memcmp(&same.st, &n->st, sizeof(n->st)),
		     "%llx is another node by its id", (unsigned long long)n->id);
	memset(&same, 0, sizeof(same));
	walk_promise(w,
		     tree_lookup(s, n->id, ".", &same) == 0 && same.id == n->id &&
			     same.generation == n->generation,
		     ". is another node");
	walk_promise(w,
		     tree_getxattr(s, n->id, "security.capability", value, sizeof(value), &len) == -ENODATA,
		     "an attribute that is not user.*");
	walk_promise(w, tree_listxattr(s, n->id, NULL, 0, &len) == 0, "attributes cannot be listed");
	walk_promise(w, tree_where(s, n->id, &where) == 0 && where && *where, "nobody knows where it is");
	free(where);
}

static inline void walk_dir(struct walk *w, const struct snapshot *s, uint64_t dir, uint64_t parent,
			    size_t most);

static inline void walk_children(struct walk *w, const struct snapshot *s, uint64_t dir, size_t most)
{
	struct walk_name *names = w->names;
	size_t count = w->name_count;

	/* Taken over, because each directory below has names of its own. */
	w->names = NULL;
	w->name_count = w->name_room = 0;
	for (size_t i = 0; i < count; i++) {
		struct tree_node n = {.id = 0};
		int r = tree_lookup(s, dir, names[i].name, &n);

		walk_promise(w, r == 0 && n.id == names[i].id && (n.st.st_mode & S_IFMT) == names[i].type,
			     "%s: listed as %llx, found as %llx (%d)", names[i].name,
			     (unsigned long long)names[i].id, (unsigned long long)n.id, r);
		if (i >= 2 && !r && w->count < most && S_ISDIR(n.st.st_mode)) {
			walk_dir(w, s, n.id, dir, most);
		} else if (i >= 2 && !r && !S_ISDIR(n.st.st_mode)) {
			walk_meet(w, n.id);
			walk_node(w, s, &n);
			walk_leaf(w, s, &n);
		}
		free(names[i].name);
	}
	free(names);
}

static inline void walk_dir(struct walk *w, const struct snapshot *s, uint64_t dir, uint64_t parent,
			    size_t most)
{
	struct tree_node n = {.id = 0}, up = {.id = 0};
	struct tree_bytes bytes;
	size_t subdirs = 0;

	w->dirs++;
	walk_meet(w, dir);
	if (!walk_promise(w, tree_node(s, dir, &n) == 0 && S_ISDIR(n.st.st_mode), "%llx is no directory",
			  (unsigned long long)dir))
		return;
	walk_node(w, s, &n);
	walk_promise(w, tree_lookup(s, dir, "..", &up) == 0 && up.id == parent, "%llx: .. is %llx, not %llx",
		     (unsigned long long)dir, (unsigned long long)up.id, (unsigned long long)parent);
	walk_promise(w, tree_lookup(s, dir, "no such name", &up) == -ENOENT, "a name that nobody gave");
	walk_promise(w, tree_lookup(s, dir, "", &up) == -ENOENT, "an empty name");
	walk_promise(w, tree_read(s, dir, 0, 1, &bytes) == -EISDIR, "a directory was read");
	walk_list(w, s, dir, parent, &subdirs);
	walk_promise(w, n.st.st_nlink == 2 + subdirs, "%llx: %zu directories, %zu links",
		     (unsigned long long)dir, subdirs, (size_t)n.st.st_nlink);
	walk_children(w, s, dir, most);
}

/* From the root on; stops going deeper after most nodes. */
static inline void walk_tree(struct walk *w, const struct snapshot *s, size_t most)
{
	walk_dir(w, s, NODE_ROOT, NODE_ROOT, most);
}

#endif
