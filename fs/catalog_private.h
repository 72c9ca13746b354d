/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_CATALOG_PRIVATE_H
#define PXEFS_CATALOG_PRIVATE_H

#include <pthread.h>

#include "catalog.h"
#include "conf.h"
#include "names.h"

enum item_state { ITEM_PRESENT, ITEM_OLD, ITEM_NOTE };

/* A file of the administrator's (catalog_conf.c). */
struct conf_file {
	char *path;        /* below the watch folder */
	bool answer;
	struct conf *conf; /* NULL where it could not be understood, and of an answer */
	char *data;        /* of an answer; NULL where it is too large */
	struct reason why; /* it is not used */
	size_t size;
	struct timespec when; /* it was written */
};

/* What they say of one image. */
struct item_word {
	struct conf *conf; /* all of them together, or NULL */
	char *note;        /* what is wrong with one, or NULL */
	char *answer;      /* path of its answer file, or NULL */
	char *answer_name; /* what that is called in the tree */
	size_t answer_size; /* bytes */
	struct timespec when; /* of the newest of them */
	struct menu_boot *boots; /* the image's own entries, then the administrator's; NULL without such */
	size_t boot_count;
};

struct item {
	uint64_t serial;
	enum item_state state;
	struct image *image;   /* PRESENT, OLD */
	struct text *texts[PLACE_TEXTS]; /* its own as last made, for tree_path */
	struct menu_row *row;  /* PRESENT, NOTE: as last made, for tree_path */
	char *tree_path;       /* where it stands, below /pxe */
	struct item_word word;
	bool worded;           /* word is what the files say now */
	char *path, *reason;   /* NOTE */
	enum menu_state note;
	uint64_t size;
};

struct retired {
	struct text *text;
	int64_t until; /* CLOCK_MONOTONIC seconds */
};

struct volume_record {
	uint8_t key[16]; /* of identity, path, view */
	uint32_t counter;
};

struct suspended {
	uint32_t volume;
	int64_t until; /* CLOCK_MONOTONIC seconds */
};

struct catalog {
	struct catalog_config config;
	char *server, *nfs, *http, *start; /* own copies of config.site's */
	pthread_mutex_t lock; /* guards current alone */
	struct snapshot *current;
	struct item *items;
	size_t item_count, item_room;
	struct names *names;
	struct conf_file *confs;
	size_t conf_count, conf_room;
	struct retired *retired;
	size_t retired_count, retired_room;
	struct suspended *suspended;
	size_t suspended_count, suspended_room;
	struct volume_record *volumes;
	size_t volume_count, volume_room;
	struct text **loader;
	size_t loader_count, loader_room;
	bool settled;
	bool start_missing; /* menu-default was not there at the last commit, and that was said */
	struct timespec changed;
};

/* The item of that serial, or NULL; good until one is added or dropped. */
struct item *catalog_item(struct catalog *c, uint64_t serial);

/* Retires the texts of the current snapshot that s, which has all its texts, does not show, lets go of those whose time
 * is up, and adds those that still answer to s: a client may hold a menu open. 0 or -ENOMEM. */
int catalog_retire_texts(struct catalog *c, struct snapshot *s, int64_t now);

/* Adds the volumes that are suspended still to s. 0 or -ENOMEM. */
int catalog_place_suspended(struct catalog *c, struct snapshot *s, int64_t now);

/* The generated texts of all images, from their listings: main menus, catalogue, status. Adds them to s. A text
 * equal to the one in before keeps its time. */
int catalog_texts(struct catalog *c, struct snapshot *s, const struct snapshot *before);

/* What menus are to know of an item, at that path of the tree. */
struct menu_image catalog_listing(const struct item *it, const char *path);

/* Those texts of an item at path that it lacks. One equal to a text that answers now is that text, so that an id has
 * one time whichever way it is come by. */
int catalog_image_texts(struct catalog *c, struct item *it, const char *path);

/* Forgets what was made for an item's place in the tree. */
void catalog_item_forget(struct item *it);

/* What the administrator's files say of the image, by its path in the watch folder, in place of what *out says. 0 or
 * -ENOMEM, *out then as it was. */
int catalog_word(const struct catalog *c, const struct image *im, struct item_word *out);
void catalog_word_free(struct item_word *w);

/* Fills the word's boots from its conf's entries. 0 or -ENOMEM, then still to be freed. */
int catalog_entries(const struct image *im, struct item_word *w);
void catalog_entries_free(struct item_word *w);

/* The file of that path, or NULL; path may be NULL. Good until the next catalog_conf(). */
struct conf_file *catalog_conf_file(const struct catalog *c, const char *path);
void catalog_confs_free(struct catalog *c);

/* Gives an image its volume ids, and records a counter where two images want one. */
void catalog_volumes(struct catalog *c, struct image *im);

/* Whether both are the same bytes at the same path. Their numbers may differ, after a clash. */
bool catalog_same_text(const struct text *a, const struct text *b);

/* What changed from one snapshot to the next, for the kernel. 0 or -ENOMEM. */
int catalog_compare(const struct snapshot *from, const struct snapshot *to, struct catalog_changes *changes);

/* The folder of s with the same id and path, or NULL; s may be NULL. */
const struct folder *catalog_folder_before(const struct snapshot *s, const struct folder *f);

/* Whether two children are the same node. */
bool catalog_same_child(const struct snapshot *a, const struct child *p, const struct snapshot *b,
			const struct child *q);

#endif
