/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>

#include "tree.h"
#include "tree_private.h"
#include "volume.h"

/* --- listing ---------------------------------------------------------------------------------- */

struct tree_walk {
	const struct snapshot *s;
	const struct tree_ref *dir;
	bool full;
	tree_each each;
	void *ctx;
	int stopped; /* what each said, told apart from errors */
};

/* Reports one child. A node that cannot be read (a damaged inode) is listed by its id and kind alone. */
static int tree_emit(struct tree_walk *w, const char *name, const struct tree_ref *ref, uint32_t type,
		     uint64_t off)
{
	struct tree_node node = {.id = tree_ref_id(w->s, ref)};

	node.st.st_ino = node.id;
	node.st.st_mode = type;
	if (w->full || !type) {
		int r = tree_ref_node(w->s, ref, &node);

		if (r == -ENOMEM)
			return r;
	}
	w->stopped = w->each(w->ctx, name, &node, off);
	return w->stopped;
}

static int tree_list_dots(struct tree_walk *w, uint64_t off)
{
	struct tree_ref up;
	int r = 0;

	/* The parent first: what has none is no directory, and is answered with an error alone. */
	if (off < 2)
		r = tree_ref_parent(w->s, w->dir, &up);
	if (!r && off < 1)
		r = tree_emit(w, ".", w->dir, S_IFDIR, 1);
	if (!r && off < 2)
		r = tree_emit(w, "..", &up, S_IFDIR, 2);
	return r;
}

static int tree_list_folder(struct tree_walk *w, uint64_t off)
{
	const struct folder *f = &w->s->folders[w->dir->folder];
	size_t lo = f->first, end = f->first + f->count, hi = end;
	struct tree_ref ref;
	int r = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->s->children[mid].cookie <= off)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < end && !r; lo++) {
		const struct child *c = &w->s->children[lo];
		uint32_t generation;

		r = tree_resolve(w->s, snapshot_child_id(w->s, c, &generation), &ref);
		if (!r)
			r = tree_emit(w, c->name, &ref, c->kind == CHILD_TEXT ? S_IFREG : S_IFDIR, c->cookie);
	}
	return r;
}

/* In an image nothing comes or goes: a position is a number in the list, plus 3. */

static int tree_list_image(struct tree_walk *w, uint64_t i)
{
	struct tree_ref ref;
	const char *name;
	int r = 0;

	for (; i < 16 && !r && tree_image_child(w->dir, (unsigned)i, &name, &ref); i++)
		if (name)
			r = tree_emit(w, name, &ref, 0, i + 3);
	return r;
}

static int tree_list_files(struct tree_walk *w, uint64_t i)
{
	const struct index *x = w->dir->image->index;
	struct tree_ref ref;
	uint32_t first, end;
	int r = 0;

	index_file_range(x, w->dir->object == TREE_FIXED_KERNEL ? INDEX_DIR_KERNEL : INDEX_DIR_INITRD, &first,
			 &end);
	for (; i < end - first && !r; i++) {
		tree_ref_entry(w->dir, x->files[first + i].entry, &ref);
		r = tree_emit(w, index_string(x, x->files[first + i].name), &ref, S_IFREG, i + 3);
	}
	if (!r && i == end - first && tree_has_generated(w->dir)) {
		tree_ref_fixed(w->dir, TREE_FIXED_GENERATED, &ref);
		r = tree_emit(w, INDEX_GENERATED, &ref, S_IFDIR, i + 3);
	}
	return r;
}

static int tree_list_generated(struct tree_walk *w, uint64_t i)
{
	const struct index *x = w->dir->image->index;
	struct tree_ref ref;
	int r = 0;

	for (; i < x->header->count[INDEX_ARCHIVES] && !r; i++) {
		tree_ref_archive(w->dir, (uint32_t)i, &ref);
		r = tree_emit(w, index_string(x, x->archives[i].name), &ref, S_IFREG, i + 3);
	}
	return r;
}

static int tree_list_layers(struct tree_walk *w, uint64_t i)
{
	const struct image *im = w->dir->image;
	struct tree_ref ref;
	int r = 0;

	for (; i + 1 < im->view_count && !r; i++) {
		uint32_t v = (uint32_t)i + 1;

		if (im->views[v].kind != IMAGE_VIEW_LAYER)
			continue;
		tree_ref_view(w->dir, v, &ref);
		r = tree_emit(w, tree_view_name(im, v), &ref, S_IFDIR, i + 3);
	}
	return r;
}

static int tree_list_entries(struct tree_walk *w, uint64_t i)
{
	const struct index *x = w->dir->image->index;
	const struct index_entry *d = &x->entries[w->dir->object];
	struct tree_ref ref;
	int r = 0;

	if (!S_ISDIR(d->mode))
		return -ENOTDIR;
	for (; i < d->count && !r; i++) {
		uint32_t e = x->children[d->first + i];

		tree_ref_entry(w->dir, e, &ref);
		r = tree_emit(w, index_string(x, x->entries[e].name), &ref, x->entries[e].mode & S_IFMT,
			      i + 3);
	}
	return r;
}

static int tree_list_squash_one(void *ctx, const char *name, uint32_t inode, uint32_t type, uint64_t next,
				const struct stat *st)
{
	struct tree_walk *w = ctx;
	struct tree_ref ref = *w->dir;
	struct tree_node node = {
		.generation = ref.image->generation, .name_life = TREE_LONG, .attr_life = TREE_LONG};

	ref.object = inode;
	if (st) {
		node.st = *st;
		node.st.st_blocks = (st->st_size + 511) / 512;
	}
	node.st.st_mode = st ? st->st_mode : type;
	node.id = node.st.st_ino = tree_ref_id(w->s, &ref);
	w->stopped = w->each(w->ctx, name, &node, next + 3);
	return w->stopped;
}

int tree_readdir(const struct snapshot *s, uint64_t dir, uint64_t off, bool full, tree_each each, void *ctx)
{
	struct tree_ref d;
	struct tree_walk w = {s, &d, full, each, ctx, 0};
	int r = tree_resolve(s, dir, &d);

	if (r)
		return r;
	r = tree_list_dots(&w, off);
	if (r)
		return w.stopped ? 0 : r;
	if (d.kind == TREE_FOLDER) {
		r = tree_list_folder(&w, off < 2 ? 2 : off);
		return w.stopped ? 0 : r;
	}
	off = off < 3 ? 0 : off - 2;
	switch (d.kind) {
	case TREE_IMAGE:
		r = tree_list_image(&w, off);
		break;
	case TREE_FILES:
		r = tree_list_files(&w, off);
		break;
	case TREE_GENERATED:
		r = tree_list_generated(&w, off);
		break;
	case TREE_LAYERS:
		r = tree_list_layers(&w, off);
		break;
	case TREE_ENTRY:
		r = tree_list_entries(&w, off);
		break;
	case TREE_SQUASH:
		/* Its positions are already those behind an entry. */
		r = squash_readdir(d.squash, d.object, off ? off - 1 : 0, full, tree_list_squash_one, &w);
		break;
	default:
		return -ENOTDIR;
	}
	return w.stopped ? 0 : r;
}

/* --- bytes ------------------------------------------------------------------------------------ */

static const uint8_t tree_zeros[65536];

/* Adds the part of a segment that lies in [off, off+len) of the file; at is the segment's place in it. */
static void tree_run(struct tree_bytes *b, const struct segment *seg, uint64_t at, uint64_t off, size_t len)
{
	uint64_t from = off > at ? off - at : 0, end = off + len - at, n;

	if (at >= off + len || from >= seg->length)
		return;
	n = (end < seg->length ? end : seg->length) - from;
	while (n > 0 && b->count < TREE_RUNS) {
		uint64_t part = seg->bytes || n < sizeof(tree_zeros) ? n : sizeof(tree_zeros);

		b->run[b->count].iov_base = (void *)(uintptr_t)(seg->bytes ? seg->bytes + from : tree_zeros);
		b->run[b->count++].iov_len = part;
		b->total += part;
		from += part;
		n -= part;
	}
}

static int tree_read_entry(const struct tree_ref *ref, uint64_t off, size_t len, struct tree_bytes *b)
{
	const struct index *x = ref->image->index;
	const struct index_entry *e = &x->entries[ref->object];
	uint64_t at = 0;

	if (S_ISDIR(e->mode))
		return -EISDIR;
	if (!S_ISREG(e->mode))
		return -EINVAL;
	if (e->flags & VOLUME_ZISOFS)
		return -EIO;
	for (uint32_t i = 0; i < e->count && at < off + len; i++) {
		const struct index_extent *ext = &x->extents[e->first + i];
		struct segment seg = {ref->image->map + ext->offset, ext->length};

		/* A file in so many pieces is read a piece at a time by its reader; no disc author makes one.
		 */
		if (b->count == TREE_RUNS)
			return -EIO;
		tree_run(b, &seg, at, off, len);
		at += ext->length;
	}
	return 0;
}

static int tree_read_segments(const struct segment *list, size_t count, uint64_t off, size_t len, struct tree_bytes *b)
{
	uint64_t at = 0;

	for (size_t i = 0; i < count && at < off + len; i++) {
		if (b->count == TREE_RUNS)
			return -EIO;
		tree_run(b, &list[i], at, off, len);
		at += list[i].length;
	}
	return 0;
}

static int tree_read_squash(const struct tree_ref *ref, uint64_t off, size_t len, struct tree_bytes *b)
{
	size_t got;
	int r;

	b->buffer = malloc(len ? len : 1);
	if (!b->buffer)
		return -ENOMEM;
	r = squash_read(ref->squash, ref->object, off, len, b->buffer, &got);
	if (r)
		return r;
	b->run[0] = (struct iovec){b->buffer, got};
	b->count = got > 0;
	b->total = got;
	return 0;
}

int tree_read(const struct snapshot *s, uint64_t id, uint64_t off, size_t len, struct tree_bytes *bytes)
{
	struct tree_bytes b = {.count = 0};
	const struct cpio *c;
	struct tree_ref ref;
	int r = tree_resolve(s, id, &ref);

	if (r)
		return r;
	if (off > INT64_MAX || len > INT64_MAX - off)
		return -EINVAL;
	switch (ref.kind) {
	case TREE_TEXT:
		r = tree_read_segments(ref.text->segments, ref.text->segment_count, off, len, &b);
		break;
	case TREE_RAW:
		tree_run(&b, &(struct segment){ref.image->map, ref.image->size}, 0, off, len);
		break;
	case TREE_ENTRY:
		r = tree_read_entry(&ref, off, len, &b);
		break;
	case TREE_ARCHIVE:
		c = ref.image->archives[ref.object].cpio;
		r = tree_read_segments(c->segments, c->count, off, len, &b);
		break;
	case TREE_SQUASH:
		r = tree_read_squash(&ref, off, len, &b);
		break;
	default:
		return -EISDIR;
	}
	if (r) {
		free(b.buffer);
		return r;
	}
	*bytes = b;
	return 0;
}

void tree_bytes_free(struct tree_bytes *bytes)
{
	free(bytes->buffer);
	bytes->buffer = NULL;
}

int tree_readlink(const struct snapshot *s, uint64_t id, char **target)
{
	const struct index_entry *e;
	struct tree_ref ref;
	int r = tree_resolve(s, id, &ref);

	if (r)
		return r;
	if (ref.kind == TREE_SQUASH)
		return squash_readlink(ref.squash, ref.object, target);
	if (ref.kind != TREE_ENTRY)
		return -EINVAL;
	e = &ref.image->index->entries[ref.object];
	if (!S_ISLNK(e->mode))
		return -EINVAL;
	*target = strdup(index_string(ref.image->index, e->target));
	return *target ? 0 : -ENOMEM;
}

/* --- the rest --------------------------------------------------------------------------------- */

int tree_getxattr(const struct snapshot *s, uint64_t id, const char *name, void *value, size_t cap,
		  size_t *len)
{
	struct tree_ref ref;
	int r = tree_resolve(s, id, &ref);

	if (r)
		return r;
	if (ref.kind != TREE_SQUASH || strncmp(name, "user.", 5))
		return -ENODATA;
	return squash_getxattr(ref.squash, ref.object, name, value, cap, len);
}

int tree_listxattr(const struct snapshot *s, uint64_t id, char *list, size_t cap, size_t *len)
{
	struct tree_ref ref;
	int r = tree_resolve(s, id, &ref);

	if (r)
		return r;
	if (ref.kind != TREE_SQUASH) {
		*len = 0;
		return 0;
	}
	return squash_listxattr(ref.squash, ref.object, list, cap, len);
}

/* A list of segments, told apart by where their bytes are: in the image, in our own memory, nowhere. */
static void tree_where_archive(const struct image *im, const struct cpio *c, FILE *f)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct segment *seg = &c->segments[i];
		uintptr_t at = (uintptr_t)seg->bytes - (uintptr_t)im->map;

		fputs(i ? " " : "", f);
		if (seg->bytes && range_inside(at, seg->length, im->size))
			fprintf(f, "iso %llu", (unsigned long long)at);
		else
			fputs(seg->bytes ? "text" : "zeros", f);
		fprintf(f, "+%llu", (unsigned long long)seg->length);
	}
}

int tree_where(const struct snapshot *s, uint64_t id, char **where)
{
	struct tree_ref ref;
	size_t size;
	FILE *f;
	int r = tree_resolve(s, id, &ref);

	if (r)
		return r;
	f = open_memstream(where, &size);
	if (!f)
		return -ENOMEM;
	if (ref.kind == TREE_TEXT && ref.text->cpio)
		tree_where_archive(ref.text->image, ref.text->cpio, f);
	else if (ref.kind == TREE_TEXT)
		fputs(ref.text->blob ? "loader" : "text", f);
	else if (ref.kind == TREE_RAW)
		fprintf(f, "iso 0+%llu", (unsigned long long)ref.image->size);
	else if (ref.kind == TREE_SQUASH)
		fprintf(f, "squashfs %s inode %u", tree_view_name(ref.image, ref.view), ref.object);
	else if (ref.kind == TREE_ARCHIVE)
		tree_where_archive(ref.image, ref.image->archives[ref.object].cpio, f);
	else if (ref.kind == TREE_ENTRY && S_ISREG(ref.image->index->entries[ref.object].mode)) {
		const struct index *x = ref.image->index;
		const struct index_entry *e = &x->entries[ref.object];

		fputs(e->flags & VOLUME_ZISOFS ? "zisofs" : "iso", f);
		for (uint32_t i = 0; i < e->count; i++)
			fprintf(f, " %llu+%llu", (unsigned long long)x->extents[e->first + i].offset,
				(unsigned long long)x->extents[e->first + i].length);
	} else {
		fputc('-', f);
	}
	return fclose(f) ? -ENOMEM : 0;
}
