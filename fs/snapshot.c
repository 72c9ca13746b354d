/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "snapshot.h"

/* --- counted things --------------------------------------------------------------------------- */

static bool refs_drop(atomic_uint *refs)
{
	return atomic_fetch_sub_explicit(refs, 1, memory_order_acq_rel) == 1;
}

struct blob *blob_ref(struct blob *b)
{
	atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
	return b;
}

void blob_put(struct blob *b)
{
	if (b && refs_drop(&b->refs)) {
		if (b->map)
			munmap(b->map, b->size);
		free(b);
	}
}

/* Called so, with an id made of the parts. */
static struct text *text_alloc(const char *path, const struct identity_part *parts, size_t part_count,
			       struct timespec mtime)
{
	struct text *t = calloc(1, sizeof(*t));
	uint64_t hash;

	if (!t)
		return NULL;
	atomic_init(&t->refs, 1);
	t->path = strdup(path);
	if (!t->path) {
		free(t);
		return NULL;
	}
	hash = identity_hash(parts, part_count);
	t->object = (uint32_t)hash;
	t->generation = (uint32_t)(hash >> 32);
	t->mtime = mtime;
	return t;
}

static struct text *text_of(const char *path, const void *data, size_t size, struct timespec mtime)
{
	struct identity_part parts[] = {{"text", 4}, {path, strlen(path)}, {data, size}};
	struct text *t = text_alloc(path, parts, ARRAY_SIZE(parts), mtime);

	if (!t)
		return NULL;
	t->size = size;
	t->one = (struct segment){data, size};
	t->segments = &t->one;
	t->segment_count = 1;
	return t;
}

struct text *text_new(const char *path, char *data, size_t size, struct timespec mtime)
{
	struct text *t = text_of(path, data ? data : "", size, mtime);

	if (t) {
		t->own = data;
		t->own_size = size;
	} else {
		free(data);
	}
	return t;
}

struct text *text_new_answered(const char *path, struct image *im, struct cpio *c, uint8_t *own, size_t own_size,
			       struct timespec mtime)
{
	/* What is in the image's map, and where it stands, is told by the identity and what surrounds it. */
	struct identity_part parts[] = {{"answered", 8},
					{path, strlen(path)},
					{im->index->header->identity, IDENTITY_SIZE},
					{im->index->graft, sizeof(*im->index->graft)},
					{own, own_size}};
	struct text *t = text_alloc(path, parts, ARRAY_SIZE(parts), mtime);

	if (!t) {
		free(own);
		cpio_free(c);
		return NULL;
	}
	t->size = c->size;
	t->segments = c->segments;
	t->segment_count = c->count;
	t->cpio = c;
	t->own = (char *)own;
	t->own_size = own_size;
	t->image = image_ref(im);
	return t;
}

struct text *text_new_blob(const char *path, struct blob *b, size_t offset, size_t size,
			   struct timespec mtime)
{
	struct text *t;

	if (!range_inside(offset, size, b->size))
		return NULL;
	t = text_of(path, (const uint8_t *)b->map + offset, size, mtime);
	if (t)
		t->blob = blob_ref(b);
	return t;
}

struct text *text_ref(struct text *t)
{
	atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
	return t;
}

void text_put(struct text *t)
{
	if (!t || !refs_drop(&t->refs))
		return;
	free(t->own);
	cpio_free(t->cpio);
	blob_put(t->blob);
	image_put(t->image);
	free(t->path);
	free(t);
}

struct snapshot *snapshot_ref(struct snapshot *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void snapshot_put(struct snapshot *s)
{
	if (!s || !refs_drop(&s->refs))
		return;
	for (size_t i = 0; i < s->folder_count; i++)
		free(s->folders[i].path);
	for (size_t i = 0; i < s->text_count; i++)
		text_put(s->texts[i]);
	for (size_t i = 0; i < s->place_count; i++) {
		image_put(s->places[i].image);
		for (size_t k = 0; k < PLACE_TEXTS; k++)
			text_put(s->places[i].texts[k]);
		free(s->places[i].path);
	}
	for (size_t i = 0; i < s->child_count; i++)
		free(s->children[i].name);
	free(s->folders);
	free(s->texts);
	free(s->places);
	free(s->children);
	free(s->views);
	free(s->owns);
	free(s->suspended);
	free(s);
}

/* --- looking things up ------------------------------------------------------------------------ */

uint64_t snapshot_cookie(const char *name)
{
	struct identity_part parts[] = {{"cookie", 6}, {name, strlen(name)}};
	uint64_t hash = identity_hash(parts, ARRAY_SIZE(parts)) >> 2;

	return hash < 3 ? hash + 3 : hash;
}

const struct view_ref *snapshot_view(const struct snapshot *s, uint32_t volume)
{
	size_t lo = 0, hi = s->view_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->views[mid].volume == volume)
			return &s->views[mid];
		if (s->views[mid].volume < volume)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const struct own_ref *snapshot_own(const struct snapshot *s, uint32_t object)
{
	size_t lo = 0, hi = s->own_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->owns[mid].object == object)
			return &s->owns[mid];
		if (s->owns[mid].object < object)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const struct child *snapshot_child(const struct snapshot *s, uint32_t folder, const char *name)
{
	const struct folder *f = &s->folders[folder];
	uint64_t cookie = snapshot_cookie(name);
	size_t lo = f->first, end = f->first + f->count, hi = end;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->children[mid].cookie < cookie)
			lo = mid + 1;
		else
			hi = mid;
	}
	/* A name whose cookie was taken stands a little behind it. */
	for (; lo < end && s->children[lo].cookie - cookie < 16; lo++)
		if (!strcmp(s->children[lo].name, name))
			return &s->children[lo];
	return NULL;
}

uint64_t snapshot_folder_id(const struct snapshot *s, uint32_t folder)
{
	return folder == 0 ? NODE_ROOT : NODE_ID(NODE_OWN_VOLUME, s->folders[folder].object);
}

uint64_t snapshot_child_id(const struct snapshot *s, const struct child *c, uint32_t *generation)
{
	const struct image *im;

	switch (c->kind) {
	case CHILD_FOLDER:
		*generation = s->folders[c->ref].generation;
		return snapshot_folder_id(s, c->ref);
	case CHILD_TEXT:
		*generation = s->texts[c->ref]->generation;
		return NODE_ID(NODE_OWN_VOLUME, s->texts[c->ref]->object);
	case CHILD_PLACE:
		break;
	}
	im = s->places[c->ref].image;
	*generation = im->generation;
	return NODE_ID(im->views[0].volume, 0);
}

/* --- building --------------------------------------------------------------------------------- */

static int snapshot_add_child(struct snapshot *s, uint32_t folder, const char *name, enum child_kind kind,
			      size_t ref)
{
	struct child *c;

	if (array_grow(&s->children, &s->child_room, s->child_count, sizeof(*s->children)))
		return -ENOMEM;
	c = &s->children[s->child_count];
	*c = (struct child){
		.folder = folder, .kind = kind, .cookie = snapshot_cookie(name), .ref = (uint32_t)ref};
	c->name = strdup(name);
	if (!c->name)
		return -ENOMEM;
	s->child_count++;
	return 0;
}

static int snapshot_new_folder(struct snapshot *s, const char *path, uint32_t parent, const char *name,
			       uint32_t *folder)
{
	struct identity_part parts[] = {{"folder", 6}, {path, strlen(path)}};
	uint64_t hash = identity_hash(parts, ARRAY_SIZE(parts));
	struct folder *f;

	if (array_grow(&s->folders, &s->folder_room, s->folder_count, sizeof(*s->folders)))
		return -ENOMEM;
	f = &s->folders[s->folder_count];
	*f = (struct folder){.object = (uint32_t)hash,
			     .generation = (uint32_t)(hash >> 32),
			     .parent = parent,
			     .mode = S_IFDIR | (strcmp(path, ".old") ? 0555 : 0711)};
	f->path = strdup(path);
	if (!f->path)
		return -ENOMEM;
	*folder = (uint32_t)s->folder_count++;
	if (*folder == 0) {
		f->object = NODE_ROOT;
		f->generation = 0;
		return 0;
	}
	return snapshot_add_child(s, parent, name, CHILD_FOLDER, *folder);
}

struct snapshot *snapshot_new(void)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	uint32_t root;

	if (!s)
		return NULL;
	atomic_init(&s->refs, 1);
	if (snapshot_new_folder(s, "", 0, "", &root)) {
		snapshot_put(s);
		return NULL;
	}
	return s;
}

int snapshot_add_folder(struct snapshot *s, const char *path, uint32_t *folder)
{
	uint32_t parent = 0;
	const char *slash, *name = path;
	int r;

	for (uint32_t i = 0; i < s->folder_count; i++)
		if (!strcmp(s->folders[i].path, path)) {
			*folder = i;
			return 0;
		}
	slash = strrchr(path, '/');
	if (slash) {
		cleanup_free char *above = strndup(path, (size_t)(slash - path));

		if (!above)
			return -ENOMEM;
		r = snapshot_add_folder(s, above, &parent);
		if (r)
			return r;
		name = slash + 1;
	}
	return snapshot_new_folder(s, path, parent, name, folder);
}

/* Splits a path into its folder, made if absent, and its last component. */
static int snapshot_folder_of(struct snapshot *s, const char *path, uint32_t *folder, const char **name)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *above = strndup(path, slash ? (size_t)(slash - path) : 0);

	if (!above)
		return -ENOMEM;
	*name = slash ? slash + 1 : path;
	return snapshot_add_folder(s, above, folder);
}

static int snapshot_keep_text(struct snapshot *s, struct text *t)
{
	if (array_grow(&s->texts, &s->text_room, s->text_count, sizeof(struct text *))) {
		text_put(t);
		return -ENOMEM;
	}
	s->texts[s->text_count++] = t;
	return 0;
}

int snapshot_add_text(struct snapshot *s, struct text *t)
{
	const char *name;
	uint32_t folder;
	int r = snapshot_folder_of(s, t->path, &folder, &name);

	if (r) {
		text_put(t);
		return r;
	}
	r = snapshot_keep_text(s, t);
	if (!r) {
		s->text_shown = s->text_count;
		r = snapshot_add_child(s, folder, name, CHILD_TEXT, s->text_count - 1);
	}
	return r;
}

int snapshot_add_retired(struct snapshot *s, struct text *t)
{
	return snapshot_keep_text(s, text_ref(t));
}

int snapshot_add_place(struct snapshot *s, const char *path, struct image *im,
		       struct text *const texts[PLACE_TEXTS], bool old)
{
	struct place *p;
	const char *name;
	uint32_t folder;
	int r = snapshot_folder_of(s, path, &folder, &name);

	if (r || array_grow(&s->places, &s->place_room, s->place_count, sizeof(*s->places)))
		return -ENOMEM;
	p = &s->places[s->place_count];
	*p = (struct place){.folder = folder, .old = old, .path = strdup(path)};
	if (!p->path)
		return -ENOMEM;
	p->image = image_ref(im);
	for (size_t k = 0; k < PLACE_TEXTS; k++)
		p->texts[k] = texts[k] ? text_ref(texts[k]) : NULL;
	s->place_count++;
	s->bytes += im->size;
	for (uint32_t i = 0; i < im->view_count; i++) {
		if (array_grow(&s->views, &s->view_room, s->view_count, sizeof(*s->views)))
			return -ENOMEM;
		s->views[s->view_count++] =
			(struct view_ref){im->views[i].volume, (uint32_t)s->place_count - 1, i};
	}
	/* An image's texts are no folder's children, so they need their own places among the texts. */
	for (size_t k = 0; k < PLACE_TEXTS; k++)
		if (texts[k] && snapshot_keep_text(s, text_ref(texts[k])))
			return -ENOMEM;
	return snapshot_add_child(s, folder, name, CHILD_PLACE, s->place_count - 1);
}

int snapshot_add_suspended(struct snapshot *s, uint32_t volume)
{
	if (array_grow(&s->suspended, &s->suspended_room, s->suspended_count, sizeof(*s->suspended)))
		return -ENOMEM;
	s->suspended[s->suspended_count++] = volume;
	return 0;
}

static int child_cmp(const void *a, const void *b)
{
	const struct child *p = a, *q = b;

	if (p->folder != q->folder)
		return p->folder < q->folder ? -1 : 1;
	if (p->cookie != q->cookie)
		return p->cookie < q->cookie ? -1 : 1;
	return strcmp(p->name, q->name);
}

static int view_cmp(const void *a, const void *b)
{
	const struct view_ref *p = a, *q = b;

	return p->volume != q->volume ? (p->volume < q->volume ? -1 : 1)
	       : p->place < q->place  ? -1
				      : p->place > q->place;
}

static int own_cmp(const void *a, const void *b)
{
	const struct own_ref *p = a, *q = b;

	if (p->object != q->object)
		return p->object < q->object ? -1 : 1;
	return p->kind != q->kind ? (p->kind < q->kind ? -1 : 1) : p->ref < q->ref ? -1 : p->ref > q->ref;
}

/* Another number for the later of two nodes that hash to one. A text that was shown before keeps its own. */
static void snapshot_rehash(struct snapshot *s, const struct own_ref *a, const struct own_ref *b,
			    uint32_t counter)
{
	const struct own_ref *change = a->kind == CHILD_TEXT && !s->texts[a->ref]->shown ? a : b;
	uint32_t *object =
		change->kind == CHILD_TEXT ? &s->texts[change->ref]->object : &s->folders[change->ref].object;
	uint32_t generation = change->kind == CHILD_TEXT ? s->texts[change->ref]->generation
							 : s->folders[change->ref].generation;
	struct identity_part parts[] = {
		{"again", 5}, {&generation, sizeof(generation)}, {&counter, sizeof(counter)}};

	if (change->kind == CHILD_TEXT && s->texts[change->ref]->shown)
		return; /* one text twice: shown and retired, or under grub.cfg of two snapshots */
	*object = (uint32_t)identity_hash(parts, ARRAY_SIZE(parts));
}

static bool snapshot_own_clash(const struct snapshot *s, const struct own_ref *a, const struct own_ref *b)
{
	return a->object == b->object && !(a->kind == CHILD_TEXT && b->kind == CHILD_TEXT &&
					   s->texts[a->ref]->generation == s->texts[b->ref]->generation &&
					   s->texts[a->ref]->size == s->texts[b->ref]->size &&
					   !strcmp(s->texts[a->ref]->path, s->texts[b->ref]->path));
}

static int snapshot_owns(struct snapshot *s, uint32_t counter)
{
	s->own_count = 0;
	for (uint32_t i = 1; i < s->folder_count; i++) {
		if (array_grow(&s->owns, &s->own_room, s->own_count, sizeof(*s->owns)))
			return -ENOMEM;
		s->owns[s->own_count++] = (struct own_ref){s->folders[i].object, CHILD_FOLDER, i};
	}
	for (uint32_t i = 0; i < s->text_count; i++) {
		if (array_grow(&s->owns, &s->own_room, s->own_count, sizeof(*s->owns)))
			return -ENOMEM;
		s->owns[s->own_count++] = (struct own_ref){s->texts[i]->object, CHILD_TEXT, i};
	}
	if (s->own_count)
		qsort(s->owns, s->own_count, sizeof(*s->owns), own_cmp);
	for (size_t i = 1; i < s->own_count && counter < 16; i++)
		if (snapshot_own_clash(s, &s->owns[i - 1], &s->owns[i])) {
			snapshot_rehash(s, &s->owns[i], &s->owns[i - 1], counter);
			return snapshot_owns(s, counter + 1);
		}
	return 0;
}

int snapshot_finish(struct snapshot *s)
{
	int r = snapshot_owns(s, 1);

	if (r)
		return r;
	for (size_t i = 0; i < s->text_count; i++)
		s->texts[i]->shown = true;
	if (s->child_count)
		qsort(s->children, s->child_count, sizeof(*s->children), child_cmp);
	if (s->view_count)
		qsort(s->views, s->view_count, sizeof(*s->views), view_cmp);
	for (size_t i = 0; i < s->child_count; i++) {
		struct child *c = &s->children[i];
		struct folder *f = &s->folders[c->folder];

		if (f->count++ == 0)
			f->first = i;
		else if (c->cookie <= c[-1].cookie)
			c->cookie = c[-1].cookie + 1;
		f->subdirs += c->kind != CHILD_TEXT;
	}
	return 0;
}
