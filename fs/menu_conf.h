/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_CONF_H
#define PXEFS_MENU_CONF_H

#include "menu_plan.h"

/* What the administrator's word (conf.h) changes in a plan. Private to menu_offer.c and menu_plan.c. An image without
 * such words has none of its pointers. */

/* The n-th way of an entry, those that the administrator prefers before the others; NULL past the end. */
const struct recipe_way *menu_conf_way(const struct menu_image *image, const struct bootcfg_entry *e, size_t n);

/* Takes words out and puts words behind the others, then those of an unattended installation where there is a file
 * for one and the site brings it to clients. *words is a NULL-terminated array of the caller's, as recipe_words()
 * gives it. 0 or -ENOMEM, the array then as far as it came. */
int menu_conf_words(const struct menu_site *site, const struct menu_image *image, const struct recipe_way *w,
		    const struct bootcfg_entry *e, char ***words);

/* The default entry by its title, in place of the ISO's own. What is said and is not there costs a note. */
void menu_conf_default(const struct menu_image *image, struct menu_plan *plan);

/* Seconds until an image's default entry is started, or -1: ten, unless the administrator says otherwise. */
int menu_conf_timeout(const struct menu_image *image);

/* What people should know of it: hidden, not understood, not usable. */
void menu_conf_notes(const struct menu_site *site, const struct menu_image *image, struct menu_plan *plan);

#endif
