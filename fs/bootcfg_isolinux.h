/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BOOTCFG_ISOLINUX_H
#define PXEFS_BOOTCFG_ISOLINUX_H

#include "bootcfg_readers.h"
#include "bootcfg_slice.h"

/* The isolinux/syslinux reader in two parts: lines become labels (bootcfg_isolinux.c); when a configuration
 * has been read to its end, labels become entries (bootcfg_isolinux_label.c), since one may lead to another
 * behind it. Slices point into the job's texts, which outlive the reader. Private to these two. */

#define ISOLINUX_MENUS	 256 /* sub-menus of one configuration */
#define ISOLINUX_DEPTH	 16  /* MENU BEGIN inside another */
#define ISOLINUX_LABELS	 1024
#define ISOLINUX_CONFIGS 32 /* other configurations that one leads to */

enum isolinux_type {
	ISOLINUX_NONE,
	ISOLINUX_KERNEL, /* the file's name says what it is */
	ISOLINUX_LINUX,
	ISOLINUX_MODULE, /* COM32 */
	ISOLINUX_CONFIG,
	ISOLINUX_LOCAL, /* local disk */
	ISOLINUX_OTHER, /* boot sectors, floppy images */
};

struct isolinux_label {
	struct slice name, title, file, append, initrd;
	bool has_append; /* of its own */
	bool is_default, hidden;
	enum isolinux_type type;
	const char *source;  /* path of the menu file that it began in */
	size_t menu;	     /* number of the sub-menu, 0 the main one */
	bool judged, passed; /* passed: whichsys.c32 or ifcpu64.c32 goes there on other machines than ours */
	int entry;	     /* what it became, or negative */
};

struct isolinux_menu {
	struct slice title;
	size_t parent;
	unsigned depth;
};

struct isolinux {
	struct bootcfg_job *job;
	const char *cwd; /* what relative names are relative to first */
	const char *source;
	const char *led_by; /* title of the entry that led to this configuration, or "" */
	unsigned depth;
	struct slice append;	  /* APPEND before any label */
	struct slice ui, command; /* UI; DEFAULT */
	struct slice ontimeout;
	bool counts;		  /* TIMEOUT, of this configuration */
	struct isolinux_label now;
	bool in_label, in_text;
	struct isolinux_label *labels;
	size_t label_count, label_room;
	struct isolinux_menu menus[ISOLINUX_MENUS];
	size_t menu, menu_count, too_deep;
	struct {
		struct slice file, cwd, title;
		size_t label; /* number of the label that leads there, SIZE_MAX for none */
	} configs[ISOLINUX_CONFIGS];
	size_t config_count;
	size_t judging; /* number of the label that is being judged, SIZE_MAX for none */
};

/* A file that a menu names: relative to the working directory, or, where it is not there, to source, the file
 * that names it. NULL as bootcfg_path(). Owned by the caller. */
char *isolinux_path(struct isolinux *iso, struct slice name, const char *source);

/* Notes another configuration, to be followed when this one's labels are judged; an empty title is none, an
 * empty cwd this one's. */
void isolinux_later(struct isolinux *iso, struct slice file, struct slice cwd, struct slice title);

/* Makes entries of the labels. The number of the default one, or negative; *label is the number of the label
 * that DEFAULT names, or SIZE_MAX. */
int isolinux_judge_all(struct isolinux *iso, const char *path, size_t *label);

/* Appends a title less the '^' before its hot key to the sub-menus in out, which holds n bytes and ends in a
 * NUL. The new length. */
size_t isolinux_level(char *out, size_t size, size_t n, struct slice title);

#endif
