/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_OFFER_H
#define PXEFS_MENU_OFFER_H

#include "menu.h"

/* One entry of an image by one of its family's ways: whether it can travel to clients, and as what. Private to the menu
 * writers. */

#define MENU_PATH_MAX 200u  /* bytes of a path below the tree */
#define MENU_LINE_MAX 2000u /* bytes of a kernel line; kernels cut at 2,048 */
#define MENU_PLATFORMS ((unsigned)(BOOTCFG_BIOS | BOOTCFG_EFI))

enum menu_loader { MENU_GRUB, MENU_IPXE, MENU_LOADERS };

struct menu_offer {
	const struct menu_boot *boot;
	const struct recipe_way *way; /* NULL when left out */
	bool variant;         /* an earlier way of the same entry is there: this one is for who asks for it */
	char **words;         /* the kernel's, with placeholders; NULL when left out */
	const char *archive;  /* path of an archive behind the initrds, menu_archive.path, or NULL */
	uint64_t loaded;      /* bytes of initrds and archive: what the boot loader holds in memory */
	unsigned platforms;   /* where it can be shown, see menu_offer_platforms(); 0 when left out or merged */
	unsigned defaults;    /* of those, where it is the ISO's default; never of a variant, nor, in a plan, of an
			       * entry that wipes disks or checks the medium */
	bool merged;          /* an earlier offer of the plan is the same and stands for it */
	struct reason why;    /* of being left out */
};

/* Makes the offer by that way (NULL: the family has none) of o->boot; o is zero but for that and for o->variant. 0, or
 * o->why says why it is left out and the result is -EOPNOTSUPP; -ENOMEM. Free o->words with words_free(). */
int menu_offer_make(const struct menu_site *site, const struct menu_image *image, const struct recipe_way *w,
		    struct menu_offer *o);

/* That reason where only -o http is missing. */
extern const char menu_offer_http_off[];

/* Whether both start the same, whatever they are called; neither is left out. */
bool menu_offer_same_start(const struct menu_offer *a, const struct menu_offer *b);

/* Whether both are also called the same, in the same sub-menu. */
bool menu_offer_same(const struct menu_offer *a, const struct menu_offer *b);

/* MiB that the client should have for it, or 0 where nothing special is known. */
uint64_t menu_offer_memory(const struct menu_image *image, const struct menu_offer *o);

/* " (needs about 4.2 GiB of memory)" where menu_offer_memory() knows, else "". */
#define MENU_MEMORY_ROOM 48
void menu_offer_needs(const struct menu_image *image, const struct menu_offer *o, char out[static MENU_MEMORY_ROOM]);

/* A system, or the program that the image is for, rather than one beside the system. */
bool menu_offer_is_system(const struct menu_image *image, const struct menu_offer *o);

/* Where that boot loader shows it: on a BIOS not what is too large for it to load there, and not what it does not
 * know how to start. *why (may be NULL) is set where that takes a platform away. */
unsigned menu_offer_platforms(const struct menu_offer *o, enum menu_loader loader, struct reason *why);

/* An entry's title with those of its sub-menus before it, never empty, not yet quoted. */
#define MENU_TITLE_ROOM 1024
void menu_offer_title(const struct menu_offer *o, char title[static MENU_TITLE_ROOM]);

/* The same of a variant: with its way, and with the memory that it needs. */
void menu_variant_title(const struct menu_image *image, const struct menu_offer *o, char title[static MENU_TITLE_ROOM]);

/* What a variant's way is called. */
const char *menu_way_title(const struct recipe_way *way);

#endif
