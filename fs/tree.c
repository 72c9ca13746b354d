/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/sysmacros.h>

#include "tree.h"
#include "tree_private.h"

/* Node ids. An NFS handle is the 64-bit node id and a 32-bit generation, and nfsd presents handles from
 * before a cache drop, a restart or a reboot. So an id is a value that decodes, and nothing here counts:
 *
 *	id = [0][31 bits volume][32 bits object]
 *
 *	volume 0   the root alone, id 1, which FUSE fixes
 *	volume 1   the server's own nodes: folders and texts (snapshot.h)
 *	others     one view of an image (image.h), a digest of content, path and which squashfs
 *
 *	object     of an ISO: 0 to 15 the image's fixed directories, then 16 + the number of the entry, which
 *	           is its place in the bytewise order of paths and less than 2^31; from 3 * 2^30 on the generated
 *	           archives, each by a digest of its name and its bytes (image_archive.c)
 *	           of a squashfs: its own inode number
 *
 * What can be converted: id -> node by tree_resolve() below, and nothing else; node -> id by NODE_ID and
 * the numbers above. A name is never part of an id, but the path of the ISO in the watch folder is, because a
 * directory has one parent: the same bytes under two names are two images.
 *
 * The generation is a digest of content and numbering: where it differs, the numbers would mean something
 * else, and the kernel itself answers ESTALE when LOOKUP "." gives another generation than the handle's. */

static const struct {
	const char *name;
	enum tree_kind kind;
} tree_fixed_table[] = {
	[TREE_FIXED_DIR] = {"", TREE_IMAGE},	      [TREE_FIXED_KERNEL] = {"kernel", TREE_FILES},
	[TREE_FIXED_INITRD] = {"initrd", TREE_FILES}, [TREE_FIXED_LAYERS] = {"layers", TREE_LAYERS},
	[TREE_FIXED_ISO] = {"image.iso", TREE_RAW},   [TREE_FIXED_GENERATED] = {INDEX_GENERATED, TREE_GENERATED},
};

static int tree_unknown(const struct snapshot *s, uint32_t volume)
{
	for (size_t i = 0; i < s->suspended_count; i++)
		if (s->suspended[i] == volume)
			return -ETIMEDOUT;
	return s->settled ? -ESTALE : -ETIMEDOUT;
}

/* Whether the image has that fixed node: empty directories are not shown. */
static bool tree_has_fixed(const struct image *im, uint32_t fixed)
{
	uint32_t first, end;

	switch (fixed) {
	case TREE_FIXED_DIR:
	case TREE_FIXED_ISO:
		return true;
	case TREE_FIXED_GENERATED:
		return im->index->header->count[INDEX_ARCHIVES] > 0;
	case TREE_FIXED_INITRD:
		if (tree_has_fixed(im, TREE_FIXED_GENERATED))
			return true;
		/* fall through */
	case TREE_FIXED_KERNEL:
		index_file_range(im->index, fixed == TREE_FIXED_KERNEL ? INDEX_DIR_KERNEL : INDEX_DIR_INITRD,
				 &first, &end);
		return end > first;
	case TREE_FIXED_LAYERS:
		for (size_t i = 1; i < im->view_count; i++)
			if (im->views[i].kind == IMAGE_VIEW_LAYER)
				return true;
		return false;
	default:
		return false;
	}
}

static int tree_resolve_own(const struct snapshot *s, uint64_t id, struct tree_ref *ref)
{
	const struct own_ref *own;

	if (id == NODE_ROOT) {
		*ref = (struct tree_ref){.kind = TREE_FOLDER};
		return 0;
	}
	if (id >> 32 != NODE_OWN_VOLUME)
		return -ESTALE;
	own = snapshot_own(s, (uint32_t)id);
	if (!own)
		return tree_unknown(s, NODE_OWN_VOLUME);
	*ref = (struct tree_ref){.kind = own->kind == CHILD_FOLDER ? TREE_FOLDER : TREE_TEXT};
	if (ref->kind == TREE_FOLDER)
		ref->folder = own->ref;
	else
		ref->text = s->texts[own->ref];
	return 0;
}

static int tree_resolve_archive(uint32_t object, struct tree_ref *ref)
{
	for (uint64_t i = 0; i < ref->image->index->header->count[INDEX_ARCHIVES]; i++)
		if (ref->image->archives[i].object == object) {
			ref->kind = TREE_ARCHIVE;
			ref->object = (uint32_t)i;
			return 0;
		}
	return -ESTALE;
}

int tree_resolve(const struct snapshot *s, uint64_t id, struct tree_ref *ref)
{
	uint32_t object = (uint32_t)id, entry;
	const struct view_ref *v;
	struct tree_ref out = {0};
	int r;

	if (id >> 63 || id == 0)
		return -ESTALE;
	if (id >> 32 <= NODE_OWN_VOLUME)
		return tree_resolve_own(s, id, ref);
	v = snapshot_view(s, (uint32_t)(id >> 32));
	if (!v)
		return tree_unknown(s, (uint32_t)(id >> 32));
	out.place = &s->places[v->place];
	out.image = out.place->image;
	out.view = v->view;
	if (out.image->views[v->view].kind != IMAGE_VIEW_ISO) {
		/* The number itself is checked by squash.c, on every use. */
		out.kind = TREE_SQUASH;
		out.squash = out.image->squash[out.image->views[v->view].squash];
		out.object = object;
		*ref = out;
		return 0;
	}
	if (object < TREE_FIXED_COUNT) {
		if (object >= ARRAY_SIZE(tree_fixed_table) || !tree_has_fixed(out.image, object))
			return -ESTALE;
		out.kind = tree_fixed_table[object].kind;
		out.object = object;
		*ref = out;
		return 0;
	}
	if (object >= IMAGE_ARCHIVE_OBJECT) {
		r = tree_resolve_archive(object, &out);
		if (!r)
			*ref = out;
		return r;
	}
	entry = object - TREE_FIXED_COUNT;
	if (entry >= out.image->index->header->count[INDEX_ENTRIES])
		return -ESTALE;
	out.kind = TREE_ENTRY;
	out.object = entry;
	*ref = out;
	return 0;
}

uint64_t tree_ref_id(const struct snapshot *s, const struct tree_ref *ref)
{
	uint32_t object = ref->object;

	if (ref->kind == TREE_FOLDER)
		return snapshot_folder_id(s, ref->folder);
	if (ref->kind == TREE_TEXT)
		return NODE_ID(NODE_OWN_VOLUME, ref->text->object);
	if (ref->kind == TREE_ENTRY)
		object += TREE_FIXED_COUNT;
	else if (ref->kind == TREE_ARCHIVE)
		object = ref->image->archives[object].object;
	return NODE_ID(ref->image->views[ref->view].volume, object);
}

/* --- attributes ------------------------------------------------------------------------------- */

static void tree_stat_times(struct stat *st, struct timespec t)
{
	st->st_atim = st->st_mtim = st->st_ctim = t;
}

static void tree_stat_entry(const struct tree_ref *ref, struct stat *st)
{
	const struct index_entry *e = &ref->image->index->entries[ref->object];

	if (S_ISDIR(e->mode)) {
		st->st_mode = S_IFDIR | 0555;
		st->st_nlink = 2 + e->subdirs;
	} else if (S_ISLNK(e->mode)) {
		st->st_mode = S_IFLNK | 0777;
		st->st_size = (off_t)strlen(index_string(ref->image->index, e->target));
	} else {
		st->st_mode = S_IFREG | 0444 | (e->mode & 0111);
		st->st_size = (off_t)e->size;
	}
	tree_stat_times(st, (struct timespec){.tv_sec = e->mtime});
}

bool tree_has_generated(const struct tree_ref *dir)
{
	return dir->kind == TREE_FILES && dir->object == TREE_FIXED_INITRD &&
	       tree_has_fixed(dir->image, TREE_FIXED_GENERATED);
}

static void tree_stat_fixed(const struct tree_ref *ref, struct stat *st)
{
	const struct image *im = ref->image;

	tree_stat_times(st, im->mtime);
	/* A menu that was made anew after the image had come is another node in its directory. */
	for (size_t i = 0; ref->kind == TREE_IMAGE && i < PLACE_TEXTS; i++) {
		const struct text *menu = ref->place->texts[i];

		if (menu && timespec_cmp(im->when, menu->mtime) < 0 && timespec_cmp(st->st_mtim, menu->mtime) < 0)
			tree_stat_times(st, menu->mtime);
	}
	if (ref->kind == TREE_RAW || ref->kind == TREE_ARCHIVE) {
		st->st_mode = S_IFREG | 0444;
		st->st_size = (off_t)(ref->kind == TREE_RAW ? im->size : im->archives[ref->object].cpio->size);
		return;
	}
	st->st_mode = S_IFDIR | 0555;
	st->st_nlink = 2 + tree_has_generated(ref);
	if (ref->kind == TREE_IMAGE) {
		st->st_nlink = 3; /* iso/ */
		for (uint32_t i = TREE_FIXED_KERNEL; i <= TREE_FIXED_LAYERS; i++)
			st->st_nlink += tree_has_fixed(im, i);
	}
	for (size_t i = 1; i < im->view_count; i++)
		st->st_nlink += (ref->kind == TREE_IMAGE && im->views[i].kind == IMAGE_VIEW_ROOT) ||
				(ref->kind == TREE_LAYERS && im->views[i].kind == IMAGE_VIEW_LAYER);
}

/* Archives are this program's, not the image's: a later version may make others of the same image. */
static bool tree_may_grow(const struct tree_ref *dir)
{
	return dir->kind == TREE_GENERATED || (dir->kind == TREE_FILES && dir->object == TREE_FIXED_INITRD);
}

int tree_ref_node(const struct snapshot *s, const struct tree_ref *ref, struct tree_node *node)
{
	struct tree_node n = {.id = tree_ref_id(s, ref), .name_life = TREE_LONG, .attr_life = TREE_LONG};
	const struct folder *f;
	int r;

	n.st.st_nlink = 1;
	n.st.st_blksize = 4096;
	switch (ref->kind) {
	case TREE_FOLDER:
		f = &s->folders[ref->folder];
		n.generation = f->generation;
		n.st.st_mode = f->mode;
		n.st.st_nlink = 2 + f->subdirs;
		n.name_life = n.attr_life = TREE_SHORT;
		tree_stat_times(&n.st, f->mtime);
		break;
	case TREE_TEXT:
		n.generation = ref->text->generation;
		n.st.st_mode = S_IFREG | 0444;
		n.st.st_size = (off_t)ref->text->size;
		n.name_life = TREE_SHORT;
		tree_stat_times(&n.st, ref->text->mtime);
		break;
	case TREE_SQUASH:
		r = squash_stat(ref->squash, ref->object, &n.st);
		if (r)
			return r;
		n.generation = ref->image->generation;
		break;
	case TREE_ENTRY:
		n.generation = ref->image->generation;
		tree_stat_entry(ref, &n.st);
		break;
	case TREE_ARCHIVE:
		n.generation = ref->image->archives[ref->object].generation;
		n.name_life = TREE_SHORT;
		tree_stat_fixed(ref, &n.st);
		break;
	case TREE_IMAGE:
	case TREE_GENERATED:
		n.name_life = TREE_SHORT;
		/* fall through */
	default:
		n.generation = ref->image->generation;
		n.attr_life = tree_may_grow(ref) ? TREE_SHORT : TREE_LONG;
		tree_stat_fixed(ref, &n.st);
		break;
	}
	n.st.st_ino = n.id;
	n.st.st_blocks = (n.st.st_size + 511) / 512;
	*node = n;
	return 0;
}

int tree_node(const struct snapshot *s, uint64_t id, struct tree_node *node)
{
	struct tree_ref ref;
	int r = tree_resolve(s, id, &ref);

	return r ? r : tree_ref_node(s, &ref, node);
}

/* --- names ------------------------------------------------------------------------------------ */

static void tree_ref_child(const struct snapshot *s, const struct child *c, struct tree_ref *ref)
{
	*ref = (struct tree_ref){0};
	if (c->kind == CHILD_FOLDER) {
		ref->kind = TREE_FOLDER;
		ref->folder = c->ref;
	} else if (c->kind == CHILD_TEXT) {
		ref->kind = TREE_TEXT;
		ref->text = s->texts[c->ref];
	} else {
		ref->kind = TREE_IMAGE;
		ref->place = &s->places[c->ref];
		ref->image = ref->place->image;
	}
}

void tree_ref_view(const struct tree_ref *dir, uint32_t view, struct tree_ref *ref)
{
	*ref = (struct tree_ref){.kind = TREE_SQUASH, .place = dir->place, .image = dir->image, .view = view};
	ref->squash = dir->image->squash[dir->image->views[view].squash];
	ref->object = squash_info(ref->squash)->root;
}

void tree_ref_fixed(const struct tree_ref *dir, uint32_t fixed, struct tree_ref *ref)
{
	*ref = (struct tree_ref){.kind = tree_fixed_table[fixed].kind,
				 .place = dir->place,
				 .image = dir->image,
				 .object = fixed};
}

void tree_ref_entry(const struct tree_ref *dir, uint32_t entry, struct tree_ref *ref)
{
	*ref = (struct tree_ref){
		.kind = TREE_ENTRY, .place = dir->place, .image = dir->image, .object = entry};
}

void tree_ref_archive(const struct tree_ref *dir, uint32_t archive, struct tree_ref *ref)
{
	*ref = (struct tree_ref){
		.kind = TREE_ARCHIVE, .place = dir->place, .image = dir->image, .object = archive};
}

const char *tree_view_name(const struct image *im, uint32_t view)
{
	return index_string(im->index, im->index->squash[im->views[view].squash].name);
}

static void tree_ref_text(const struct tree_ref *dir, unsigned i, const char **name, struct tree_ref *ref)
{
	*ref = (struct tree_ref){.kind = TREE_TEXT, .text = dir->place->texts[i]};
	if (ref->text)
		*name = text_name(ref->text);
}

/* The image's directory has few names; one list serves lookup and listing, and its order is the order of
 * positions. Returns false behind the last. */
bool tree_image_child(const struct tree_ref *dir, unsigned i, const char **name, struct tree_ref *ref)
{
	const struct image *im = dir->image;

	*name = NULL;
	if (i == 0) {
		tree_ref_text(dir, 0, name, ref);
	} else if (i <= TREE_FIXED_ISO) {
		if (tree_has_fixed(im, i)) {
			tree_ref_fixed(dir, i, ref);
			*name = tree_fixed_table[i].name;
		}
	} else if (i == TREE_FIXED_ISO + 1) {
		tree_ref_entry(dir, 0, ref);
		*name = "iso";
	} else if (i == TREE_FIXED_ISO + 2) {
		for (uint32_t v = 1; v < im->view_count; v++)
			if (im->views[v].kind == IMAGE_VIEW_ROOT) {
				tree_ref_view(dir, v, ref);
				*name = "root";
			}
	} else if (i <= TREE_FIXED_ISO + 1 + PLACE_TEXTS) {
		tree_ref_text(dir, i - TREE_FIXED_ISO - 2, name, ref);
	} else {
		return false;
	}
	return true;
}

static int tree_lookup_image(const struct tree_ref *dir, const char *name, struct tree_ref *ref)
{
	const char *have;

	for (unsigned i = 0; tree_image_child(dir, i, &have, ref); i++)
		if (have && !strcmp(have, name))
			return 0;
	return -ENOENT;
}

static int tree_lookup_layer(const struct tree_ref *dir, const char *name, struct tree_ref *ref)
{
	for (uint32_t v = 1; v < dir->image->view_count; v++)
		if (dir->image->views[v].kind == IMAGE_VIEW_LAYER &&
		    !strcmp(tree_view_name(dir->image, v), name)) {
			tree_ref_view(dir, v, ref);
			return 0;
		}
	return -ENOENT;
}

static int tree_lookup_name(const struct snapshot *s, const struct tree_ref *dir, const char *name,
			    struct tree_ref *ref)
{
	const struct child *c;
	uint32_t n;
	int r;

	switch (dir->kind) {
	case TREE_FOLDER:
		c = snapshot_child(s, dir->folder, name);
		if (!c)
			return -ENOENT;
		tree_ref_child(s, c, ref);
		return 0;
	case TREE_IMAGE:
		return tree_lookup_image(dir, name, ref);
	case TREE_LAYERS:
		return tree_lookup_layer(dir, name, ref);
	case TREE_GENERATED:
		r = index_archive_find(dir->image->index, name, &n);
		if (!r)
			tree_ref_archive(dir, n, ref);
		return r;
	case TREE_FILES:
		if (tree_has_generated(dir) && !strcmp(name, INDEX_GENERATED)) {
			tree_ref_fixed(dir, TREE_FIXED_GENERATED, ref);
			return 0;
		}
		r = index_file_find(dir->image->index,
				    dir->object == TREE_FIXED_KERNEL ? INDEX_DIR_KERNEL : INDEX_DIR_INITRD,
				    name, &n);
		if (!r)
			tree_ref_entry(dir, dir->image->index->files[n].entry, ref);
		return r;
	case TREE_ENTRY:
		r = index_child(dir->image->index, dir->object, name, &n);
		if (!r)
			tree_ref_entry(dir, n, ref);
		return r;
	case TREE_SQUASH:
		r = squash_lookup(dir->squash, dir->object, name, &n);
		if (!r) {
			*ref = *dir;
			ref->object = n;
		}
		return r;
	default:
		return -ENOTDIR;
	}
}

int tree_ref_parent(const struct snapshot *s, const struct tree_ref *dir, struct tree_ref *ref)
{
	uint32_t parent;
	int r;

	switch (dir->kind) {
	case TREE_FOLDER:
		*ref = (struct tree_ref){.kind = TREE_FOLDER, .folder = s->folders[dir->folder].parent};
		return 0;
	case TREE_IMAGE:
		*ref = (struct tree_ref){.kind = TREE_FOLDER, .folder = dir->place->folder};
		return 0;
	case TREE_FILES:
	case TREE_LAYERS:
		tree_ref_fixed(dir, TREE_FIXED_DIR, ref);
		return 0;
	case TREE_GENERATED:
		tree_ref_fixed(dir, TREE_FIXED_INITRD, ref);
		return 0;
	case TREE_ENTRY:
		if (!S_ISDIR(dir->image->index->entries[dir->object].mode))
			return -ENOTDIR;
		if (dir->object == 0)
			tree_ref_fixed(dir, TREE_FIXED_DIR, ref);
		else
			tree_ref_entry(dir, dir->image->index->entries[dir->object].parent, ref);
		return 0;
	case TREE_SQUASH:
		r = squash_parent(dir->squash, dir->object, &parent);
		if (r)
			return r;
		if (dir->object == squash_info(dir->squash)->root) {
			tree_ref_fixed(dir,
				       dir->image->views[dir->view].kind == IMAGE_VIEW_ROOT
					       ? TREE_FIXED_DIR
					       : TREE_FIXED_LAYERS,
				       ref);
			return 0;
		}
		*ref = *dir;
		ref->object = parent;
		return 0;
	default:
		return -ENOTDIR;
	}
}

int tree_lookup(const struct snapshot *s, uint64_t dir, const char *name, struct tree_node *node)
{
	struct tree_ref d, ref;
	int r = tree_resolve(s, dir, &d);

	if (!r && !strcmp(name, "."))
		return tree_ref_node(s, &d, node);
	if (!r)
		r = strcmp(name, "..") ? tree_lookup_name(s, &d, name, &ref) : tree_ref_parent(s, &d, &ref);
	return r ? r : tree_ref_node(s, &ref, node);
}

bool tree_fixed(const struct snapshot *s, uint64_t dir)
{
	struct tree_ref d;

	return !tree_resolve(s, dir, &d) && d.kind != TREE_FOLDER && !tree_may_grow(&d);
}
