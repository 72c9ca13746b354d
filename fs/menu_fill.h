/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_FILL_H
#define PXEFS_MENU_FILL_H

#include "menu.h"

/* What a recipe's words leave open until a menu is written: where the tree is, and what the client is. Private to the
 * menu writers. */

/* Where kernels come from when -o http is given: HOST[:PORT] and /PATH or "". */
struct menu_url {
	char host[80];
	char path[160];
};

/* The tree's URL without a slash at its end, for words that a client's system fetches from: what -o http said, or
 * that server (a literal or a boot loader's variable) itself. */
#define MENU_HTTP_ROOM 300
void menu_http_base(const struct menu_site *site, const char *server, char out[static MENU_HTTP_ROOM]);

/* Takes a URL apart that menu_site_check() allows. 0, or -EINVAL with a sentence. */
int menu_url_parse(const char *text, struct menu_url *url, struct reason *why);

/* What stands for the placeholders in a language. */
struct menu_fill {
	const char *server, *mac;
	const char *http; /* URL of the tree, menu_http_base() */
	const char *nfs;  /* menu_site.nfs */
	const char *path; /* menu_image.path */
	const char *answer; /* menu_image.answer, or NULL */
	bool escape;      /* a backslash before what means something to GRUB, in the word's own text */
	uint64_t kib;     /* of the image */
};

/* Writes a word that has placeholders (recipe_word_has()) with its placeholders filled. */
void menu_put_filled(FILE *f, const char *word, const struct menu_fill *fill);

#endif
