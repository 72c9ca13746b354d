/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_PLAN_H
#define PXEFS_MENU_PLAN_H

#include "menu_offer.h"

/* What of an image is offered to whom, decided once for all languages. Private to the menu writers. */

#define MENU_NOTE_ROOM 1024

struct menu_plan {
	struct menu_offer *offers; /* the image's boots in their order, each by its ways, or once where left out */
	size_t count;
	size_t offered;       /* of them, shown somewhere */
	size_t systems;       /* of those, a system rather than a program complete by itself */
	int timeout;          /* seconds until the default is started; -1: never */
	const char *boots;    /* in a few words: how it boots */
	char note[MENU_NOTE_ROOM]; /* why it does not, or what is to be known; may be "" */
};

/* The plan of an image; one that is not served has an empty one. 0 or -ENOMEM; free with menu_plan_free(). */
int menu_plan_make(const struct menu_site *site, const struct menu_image *image, struct menu_plan *plan);

/* Leaves an empty plan; what it points to in the image is the caller's. */
void menu_plan_free(struct menu_plan *plan);

/* Puts a sentence behind what is to be known, once; text may be NULL or "". */
void menu_plan_note(struct menu_plan *plan, const char *text);

/* Where lists of that boot loader show the image: where a system is offered, or, without one, anything. */
unsigned menu_plan_platforms(const struct menu_image *image, const struct menu_plan *plan, enum menu_loader loader);

/* The number of the ISO's default entry among those that the boot loader shows on that platform, variants not counted,
 * or -1 where it is not. */
int menu_plan_default(const struct menu_plan *plan, enum menu_loader loader, enum bootcfg_platform platform);

/* Where that boot loader shows a variant of some entry. */
unsigned menu_plan_variants(const struct menu_plan *plan, enum menu_loader loader);

#endif
