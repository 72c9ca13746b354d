/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SNAPSHOT_H
#define PXEFS_SNAPSHOT_H

#include <stdatomic.h>

#include "base.h"
#include "image.h"
#include "segment.h"

/* What /pxe is at one moment: folders, texts, and where each image stands. Immutable and counted: a
 * request takes one reference, works on it to its end, and lets go; a change is another snapshot.
 *
 * Node ids of volume 1, the server's own nodes: a folder's object number is a hash of its path, a
 * text's a hash of path and content, so that an id names bytes for ever; the generation is the other
 * half of that hash. Two present nodes with one object number: the later is hashed again. */

#define NODE_ROOT 1u
#define NODE_OWN_VOLUME 1u
#define NODE_ID(volume, object) ((uint64_t)(volume) << 32 | (uint32_t)(object))

/* Bytes that several texts lie in: the loader directory as one block. */
struct blob {
	atomic_uint refs;
	void *map;
	size_t size;
};

struct text {
	atomic_uint refs;
	uint32_t object, generation;
	char *path; /* below /pxe */
	struct timespec mtime;
	uint64_t size;
	const struct segment *segments;
	size_t segment_count;
	struct segment one;     /* what segments is where there is one */
	char *own;              /* freed with the text, or NULL */
	size_t own_size;        /* bytes */
	struct blob *blob;      /* let go with the text, or NULL */
	struct image *image;    /* likewise: some segments are in its map */
	struct cpio *cpio;      /* freed with the text: what segments is then, or NULL */
	bool shown;             /* has been in a finished snapshot: its id is fixed */
};

enum child_kind { CHILD_FOLDER, CHILD_TEXT, CHILD_PLACE };

struct child {
	uint32_t folder; /* whose child: number of the folder */
	enum child_kind kind;
	uint64_t cookie; /* >= 3, unique in the folder, a hash of the name: stable whatever comes or goes */
	char *name;
	uint32_t ref; /* number of the folder, text or place */
};

struct folder {
	uint32_t object, generation; /* of the root 1 and 0 */
	uint32_t parent;             /* folder number; the root's is itself */
	char *path;                  /* below /pxe, "" for the root */
	uint32_t mode;               /* S_IFDIR and bits */
	uint32_t subdirs;
	struct timespec mtime;
	size_t first, count; /* children, in order of cookie */
};

/* The generated texts of an image: its menus, and the file for an unattended installation with what some
 * installers want beside it. Each is called as the last component of its path says. */
#define PLACE_TEXTS (MENU_IMAGE_TEXTS + 2)

/* An image at its place in the tree. */
struct place {
	struct image *image;
	char *path; /* below /pxe: "folder/name" or ".old/id" */
	uint32_t folder;
	struct text *texts[PLACE_TEXTS]; /* its menus, as menu_image_texts has them, then others; NULL for none */
	bool old;
};

struct view_ref {
	uint32_t volume, place, view;
};

struct own_ref {
	uint32_t object;
	enum child_kind kind; /* CHILD_FOLDER or CHILD_TEXT */
	uint32_t ref;
};

struct snapshot {
	atomic_uint refs;
	bool settled; /* every image of the watch folder has been seen: an unknown id is stale, not early */
	struct folder *folders; /* 0 is the root */
	size_t folder_count, folder_room;
	struct text **texts; /* shown ones, then retired ones */
	size_t text_count, text_room, text_shown;
	struct place *places;
	size_t place_count, place_room;
	struct child *children; /* in order of (folder, cookie) */
	size_t child_count, child_room;
	struct view_ref *views; /* in order of volume */
	size_t view_count, view_room;
	struct own_ref *owns; /* in order of object */
	size_t own_count, own_room;
	uint32_t *suspended; /* volumes that may be back in a moment */
	size_t suspended_count, suspended_room;
	uint64_t bytes; /* of all images shown, for statfs */
};

/* One reference more; and one less (NULL is nothing), the last of which frees it with all that it holds. Any thread. */
struct snapshot *snapshot_ref(struct snapshot *s);
void snapshot_put(struct snapshot *s);

/* The last component of its path. */
static inline const char *text_name(const struct text *t)
{
	return path_base(t->path);
}

/* The same for texts and blobs. */
struct text *text_ref(struct text *t);
void text_put(struct text *t);
struct blob *blob_ref(struct blob *b);
void blob_put(struct blob *b);

/* A text with one reference for the caller; its id is made of path and content. The first takes over data (NULL with
 * size 0 is an empty text), also on failure; the second takes a reference of its own to b, in which the range lies.
 * NULL when out of memory, or for a range that is not in b. */
struct text *text_new(const char *path, char *data, size_t size, struct timespec mtime);
struct text *text_new_blob(const char *path, struct blob *b, size_t offset, size_t size, struct timespec mtime);

/* The archive that image_answered_make() made of im. The text takes a reference of im for itself, and c and own over,
 * also on failure. */
struct text *text_new_answered(const char *path, struct image *im, struct cpio *c, uint8_t *own, size_t own_size,
			       struct timespec mtime);

/* 62-bit cookie of a name, >= 3; where two names of a folder have one, snapshot_finish() moves the later on. */
uint64_t snapshot_cookie(const char *name);

/* The view that has that volume, the folder or text of that object, the child of that name; NULL when there is none. */
const struct view_ref *snapshot_view(const struct snapshot *s, uint32_t volume);
const struct own_ref *snapshot_own(const struct snapshot *s, uint32_t object);
const struct child *snapshot_child(const struct snapshot *s, uint32_t folder, const char *name);

/* Node id and generation of what a child is, and the node id of a folder by its number. */
uint64_t snapshot_child_id(const struct snapshot *s, const struct child *c, uint32_t *generation);
uint64_t snapshot_folder_id(const struct snapshot *s, uint32_t folder);

/* Building, by one thread, before anybody else sees it: one with the root folder alone and one reference, or NULL when
 * out of memory; then what is in it, each 0 or -ENOMEM. */
struct snapshot *snapshot_new(void);
/* The folder of that path and its parents, made if absent; *folder is its number. */
int snapshot_add_folder(struct snapshot *s, const char *path, uint32_t *folder);
/* Takes over one reference of t, also on failure. */
int snapshot_add_text(struct snapshot *s, struct text *t);
/* Takes references of its own. */
int snapshot_add_place(struct snapshot *s, const char *path, struct image *im,
		       struct text *const texts[PLACE_TEXTS], bool old);
/* A text that is shown no more but still answers by id. */
int snapshot_add_retired(struct snapshot *s, struct text *t);
/* A volume that is not there, but not stale yet. */
int snapshot_add_suspended(struct snapshot *s, uint32_t volume);
/* Sorts all tables; nothing may be added afterwards. */
int snapshot_finish(struct snapshot *s);

#endif
