/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TREE_PRIVATE_H
#define PXEFS_TREE_PRIVATE_H

#include "tree.h"

/* A node decoded: what it is, and the things that it lies in. */
enum tree_kind {
	TREE_FOLDER, /* folder */
	TREE_TEXT,   /* text */
	TREE_IMAGE,  /* an image's own directory */
	TREE_FILES,  /* kernel/ or initrd/ */
	TREE_LAYERS, /* layers/ */
	TREE_RAW,    /* image.iso */
	TREE_GENERATED, /* initrd/generated/ */
	TREE_ARCHIVE, /* in it */
	TREE_ENTRY,  /* of the ISO's tree */
	TREE_SQUASH, /* of a squashfs' tree */
};

/* The fixed objects of an ISO's volume; their numbers are part of node ids and never change. */
enum tree_fixed_object {
	TREE_FIXED_DIR = 0,
	TREE_FIXED_KERNEL = 1,
	TREE_FIXED_INITRD = 2,
	TREE_FIXED_LAYERS = 3,
	TREE_FIXED_ISO = 4,
	TREE_FIXED_GENERATED = 5,
	TREE_FIXED_COUNT = 16,
};

struct tree_ref {
	enum tree_kind kind;
	uint32_t folder, view, object; /* object: number of fixed node, entry, inode, or archive, by kind */
	const struct text *text;
	const struct place *place;
	struct image *image;
	struct squash *squash;
};

/* Decodes and validates an id. -ESTALE, -ETIMEDOUT. */
int tree_resolve(const struct snapshot *s, uint64_t id, struct tree_ref *ref);

/* Its node id, that of any node that was decoded or is one's child or parent. */
uint64_t tree_ref_id(const struct snapshot *s, const struct tree_ref *ref);

/* Its id, generation, times to live and attributes. 0, or as squash_stat(). */
int tree_ref_node(const struct snapshot *s, const struct tree_ref *ref, struct tree_node *node);

/* What is above a directory; of the root the root. 0, -ENOTDIR, or as squash_parent(). */
int tree_ref_parent(const struct snapshot *s, const struct tree_ref *dir, struct tree_ref *ref);

/* Nodes of the same image as dir: a fixed one, an entry of the ISO's tree, a view's root, an archive, by number. */
void tree_ref_fixed(const struct tree_ref *dir, uint32_t fixed, struct tree_ref *ref);
void tree_ref_entry(const struct tree_ref *dir, uint32_t entry, struct tree_ref *ref);
void tree_ref_view(const struct tree_ref *dir, uint32_t view, struct tree_ref *ref);
void tree_ref_archive(const struct tree_ref *dir, uint32_t archive, struct tree_ref *ref);

/* What a view's squashfs is called in layers/. */
const char *tree_view_name(const struct image *im, uint32_t view);

/* Whether dir is the directory that initrd/generated/ lies in, and is there. */
bool tree_has_generated(const struct tree_ref *dir);

/* The i-th name of an image's directory; *name is NULL where this image has none at i. */
bool tree_image_child(const struct tree_ref *dir, unsigned i, const char **name, struct tree_ref *ref);

#endif
