/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_PLAN_H
#define PXEFS_MENU_PLAN_H

#include "menu.h"

/* What of an image is offered to whom, decided once for all languages. Private to the menu writers. */

#define MENU_PATH_MAX 200u  /* bytes of a path below the tree */
#define MENU_LINE_MAX 2000u /* bytes of a kernel line; kernels cut at 2,048 */
#define MENU_PLATFORMS ((unsigned)(BOOTCFG_BIOS | BOOTCFG_EFI))

enum menu_loader { MENU_GRUB, MENU_IPXE, MENU_LOADERS };

/* One entry of an image by one of its family's ways. */
struct menu_offer {
	const struct menu_boot *boot;
	const struct recipe_way *way; /* NULL when left out */
	bool variant;         /* an earlier way of the same entry is there: this one is for who asks for it */
	char **words;         /* the kernel's, with placeholders; NULL when left out */
	const char *archive;  /* path of a generated archive behind the initrds, or NULL */
	uint64_t loaded;      /* bytes of initrds and archive: what the boot loader holds in memory */
	unsigned platforms;   /* where it can be shown, see menu_offer_platforms(); 0 when left out or merged */
	unsigned defaults;    /* of those, where it is the ISO's default; never of a variant, nor of an entry that
			       * wipes disks or checks the medium */
	bool merged;          /* an earlier offer is the same and stands for it */
	struct reason why;    /* of being left out */
};

struct menu_plan {
	struct menu_offer *offers; /* the image's boots in their order, each by its ways, or once where left out */
	size_t count;
	size_t offered;       /* of them, shown somewhere */
	size_t systems;       /* of those, a system rather than a program complete by itself */
	int timeout;          /* seconds until the default is started; -1: never */
	const char *boots;    /* in a few words: how it boots */
	struct reason note;   /* why it does not, or what is to be known; may be "" */
};

/* The plan of an image; one that is not served has an empty one. 0 or -ENOMEM; free with menu_plan_free(). */
int menu_plan_make(const struct menu_site *site, const struct menu_image *image, struct menu_plan *plan);
void menu_plan_free(struct menu_plan *plan);

/* Puts a sentence behind what is to be known, once; text may be NULL or "". */
void menu_plan_note(struct menu_plan *plan, const char *text);

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

/* Where lists of that boot loader show the image: where a system is offered, or, without one, anything. */
unsigned menu_plan_platforms(const struct menu_image *image, const struct menu_plan *plan, enum menu_loader loader);

/* The number of the ISO's default entry among those that the boot loader shows on that platform, variants not counted,
 * or -1 where it is not. */
int menu_plan_default(const struct menu_plan *plan, enum menu_loader loader, enum bootcfg_platform platform);

/* Where that boot loader shows a variant of some entry. */
unsigned menu_plan_variants(const struct menu_plan *plan, enum menu_loader loader);

/* An entry's title with those of its sub-menus before it, never empty, not yet quoted. */
#define MENU_TITLE_ROOM 1024
void menu_offer_title(const struct menu_offer *o, char title[static MENU_TITLE_ROOM]);

/* The same of a variant: with its way, and with the memory that it needs. */
void menu_variant_title(const struct menu_image *image, const struct menu_offer *o, char title[static MENU_TITLE_ROOM]);

/* What a variant's way is called. */
const char *menu_way_title(const struct recipe_way *way);

/* What stands for the placeholders in a language. */
struct menu_fill {
	const char *server, *mac;
	const char *http; /* URL of the tree, no slash at its end */
	const char *nfs;  /* menu_site.nfs */
	const char *path; /* menu_image.path */
	const char *answer; /* menu_image.answer */
	bool escape;        /* a backslash before what means something to GRUB */
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
