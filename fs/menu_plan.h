/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_PLAN_H
#define PXEFS_MENU_PLAN_H

#include "menu.h"

/* What of an image is offered to whom, decided once for all languages. Private to the menu writers. */

#define MENU_PATH_MAX 200u  /* bytes of a path below the tree */
#define MENU_LINE_MAX 2000u /* bytes of a kernel line; kernels cut at 2,048 */
#define MENU_PLATFORMS (BOOTCFG_BIOS | BOOTCFG_EFI)

struct menu_offer {
	const struct menu_boot *boot;
	char **words;         /* with placeholders; NULL when left out */
	unsigned platforms;   /* where it is shown; 0 when left out or merged */
	unsigned defaults;    /* of those, where it is the ISO's default */
	bool merged;          /* an earlier offer is the same and stands for it */
	struct reason why;    /* of being left out */
};

struct menu_plan {
	struct menu_offer *offers; /* one for each of the image's boots, in their order */
	size_t count;
	size_t offered;       /* of them, shown somewhere */
	size_t systems;       /* of those, a system rather than a program complete by itself */
	const char *boots;    /* in a few words: how it boots */
	struct reason note;   /* why it does not, or what is to be known; may be "" */
};

/* The plan of an image; one that is not served has an empty one. 0 or -ENOMEM; free with menu_plan_free(). */
int menu_plan_make(const struct menu_site *site, const struct menu_image *image, struct menu_plan *plan);
void menu_plan_free(struct menu_plan *plan);

/* The number of the ISO's default entry among those shown on that platform, or -1 where it is not. */
int menu_plan_default(const struct menu_plan *plan, enum bootcfg_platform platform);

/* An entry's title with those of its sub-menus before it, never empty, not yet quoted. */
#define MENU_TITLE_ROOM 1024
void menu_offer_title(const struct menu_offer *o, char title[static MENU_TITLE_ROOM]);

/* What stands for the placeholders in a language. */
struct menu_fill {
	const char *server, *mac;
	const char *nfs;  /* menu_site.nfs */
	const char *path; /* menu_image.path */
};

/* True when the word has that placeholder in it, or with NULL any; then it is the table's own, as
 * recipe_words() refuses an ISO's word that has one. */
bool menu_word_has(const char *word, const char *placeholder);

/* Writes such a word with its placeholders filled. */
void menu_put_filled(FILE *f, const char *word, const struct menu_fill *fill);

/* Where kernels come from when -o http is given: HOST[:PORT] and /PATH or "". */
struct menu_url {
	char host[80];
	char path[160];
};

/* Takes an http URL apart. -EINVAL with a sentence. */
int menu_url_parse(const char *text, struct menu_url *url, struct reason *why);

#endif
