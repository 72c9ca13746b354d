/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_PLAN_H
#define PXEFS_MENU_PLAN_H

#include "menu.h"

/* What of an image is offered to whom, decided once for all languages. Private to the menu writers. */

#define MENU_PATH_MAX 200u  /* bytes of a path below the tree */
#define MENU_LINE_MAX 2000u /* bytes of a kernel line; kernels cut at 2,048 */
#define MENU_PLATFORMS (BOOTCFG_BIOS | BOOTCFG_EFI)

/* One entry of an image by one of its family's ways. */
struct menu_offer {
	const struct menu_boot *boot;
	const struct recipe_way *way; /* NULL when left out */
	bool variant;         /* an earlier way of the same entry is there: this one is for who asks for it */
	char **words;         /* the kernel's, with placeholders; NULL when left out */
	const char *archive;  /* path of a generated archive behind the initrds, or NULL */
	unsigned platforms;   /* where it is shown; 0 when left out or merged */
	unsigned defaults;    /* of those, where it is the ISO's default; never of a variant */
	bool merged;          /* an earlier offer is the same and stands for it */
	struct reason why;    /* of being left out */
};

struct menu_plan {
	struct menu_offer *offers; /* the image's boots in their order, each by its ways, or once where left out */
	size_t count;
	size_t offered;       /* of them, shown somewhere */
	size_t systems;       /* of those, a system rather than a program complete by itself */
	const char *boots;    /* in a few words: how it boots */
	struct reason note;   /* why it does not, or what is to be known; may be "" */
};

/* The plan of an image; one that is not served has an empty one. 0 or -ENOMEM; free with menu_plan_free(). */
int menu_plan_make(const struct menu_site *site, const struct menu_image *image, struct menu_plan *plan);
void menu_plan_free(struct menu_plan *plan);

/* MiB that the client should have for it, or 0 where nothing special is known. */
uint64_t menu_offer_memory(const struct menu_image *image, const struct menu_offer *o);

/* The number of the ISO's default entry among those shown on that platform, variants not counted, or -1 where it is
 * not. */
int menu_plan_default(const struct menu_plan *plan, enum bootcfg_platform platform);

/* An entry's title with those of its sub-menus before it, never empty, not yet quoted. */
#define MENU_TITLE_ROOM 1024
void menu_offer_title(const struct menu_offer *o, char title[static MENU_TITLE_ROOM]);

/* What stands for the placeholders in a language. */
struct menu_fill {
	const char *server, *mac;
	const char *http; /* URL of the tree, no slash at its end */
	const char *nfs;  /* menu_site.nfs */
	const char *path; /* menu_image.path */
	uint64_t kib;     /* of the image */
};

/* Writes a word that has placeholders (recipe_word_has()) with its placeholders filled. */
void menu_put_filled(FILE *f, const char *word, const struct menu_fill *fill);

/* Where kernels come from when -o http is given: HOST[:PORT] and /PATH or "". */
struct menu_url {
	char host[80];
	char path[160];
};

/* The tree's URL without a slash at its end, for words that a client's system fetches from: what -o http said, or
 * that server (a literal or a boot loader's variable) itself. */
#define MENU_HTTP_ROOM 300
void menu_http_base(const struct menu_site *site, const char *server, char out[static MENU_HTTP_ROOM]);

/* Takes an http URL apart. -EINVAL with a sentence. */
int menu_url_parse(const char *text, struct menu_url *url, struct reason *why);

#endif
