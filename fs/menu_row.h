/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_ROW_H
#define PXEFS_MENU_ROW_H

#include "menu_plan.h"

/* What the texts of all images take from one of them. Private to the menu writers. */

enum menu_outcome {
	MENU_BOOTS,      /* a system is offered, or the program that the image is for */
	MENU_TOOLS,      /* only programs beside the system are */
	MENU_UNBOOTABLE, /* served, but nothing is offered */
	MENU_COPYING,    /* not complete yet */
	MENU_REFUSED,    /* not served */
	MENU_OUTCOMES,
};

struct menu_row {
	char *path;                       /* in the tree; of what has no name there, its file; never empty */
	const struct recipe *recipe;      /* NULL unless served */
	char *title;                      /* the administrator's, or the family's; "" unless served */
	enum menu_outcome outcome;
	bool hidden;                      /* in no menu, as the administrator says */
	unsigned platforms[MENU_LOADERS]; /* on which each boot loader lists it */
	unsigned cpu;                     /* enum cpu bits; 0: not known, listed everywhere */
	uint64_t size;                    /* bytes of the ISO */
	char *note;                       /* why it does not boot, or what is to be known; may be "" */
	char *html;                       /* from behind "<details" to its end */
	char *status;                     /* a line */
};

/* True for a row that stands in the menu of those that do not boot. */
static inline bool menu_row_refused(const struct menu_row *row)
{
	return row->outcome >= MENU_UNBOOTABLE && !row->hidden;
}

/* What stands behind a name in the lists: family, and the remark that there is no system. out is cut to cap bytes;
 * not yet quoted. */
void menu_row_title(const struct menu_row *row, const char *name, char *out, size_t cap);

/* Writers of an image's html and status. */
void menu_html_image(const struct menu_image *image, const struct menu_plan *plan, FILE *f);
void menu_status_image(const struct menu_image *image, const struct menu_plan *plan, FILE *f);

/* The whole page from all rows. */
void menu_html_page(const struct menu_row *const *rows, size_t count, FILE *f);

/* --- lists of rows, for boot menus --------------------------------------------------------------- */

/* What a list shows, in the order of menus. */
struct menu_list_entry {
	const struct menu_row *row; /* an image, or NULL */
	const char *folder;         /* a folder: its path, folder_len bytes, or NULL */
	size_t folder_len;
	const struct recipe *family; /* a family's images together, or NULL */
	size_t count;                /* of a folder or family: images in it, at any depth */
	unsigned platforms, cpu;     /* where it is shown; cpu 0: everywhere */
};

struct menu_list {
	const char *folder; /* path, folder_len bytes; "" is the top, also of a family's list */
	size_t folder_len;
	const struct recipe *family; /* of a family's list, or NULL */
	bool top;                    /* the main menu */
	const struct menu_row *start; /* the default, in the main menu alone, or NULL; it comes first */
	size_t refused;              /* how many do not boot, in the main menu alone */
	struct menu_list_entry *entries;
	size_t count, room;
};

/* Writers of lists; a row each boot loader. rows are all of them. */
struct menu_list_writer {
	enum menu_loader loader;
	const char *suffix; /* of family and not-bootable lists: "cfg" */
	const char *name;   /* in a folder */
	const char *main[2]; /* paths of the main menu; the second may be NULL */
	void (*list)(const struct menu_site *site, const struct menu_list *list, FILE *f);
	void (*refused)(const struct menu_row *const *rows, size_t count, FILE *f);
};

/* What those rows call: a list of images, and the list of what does not boot, in each boot loader's language. */
void menu_list_grub(const struct menu_site *site, const struct menu_list *list, FILE *f);
void menu_refused_grub(const struct menu_row *const *rows, size_t count, FILE *f);
void menu_list_ipxe(const struct menu_site *site, const struct menu_list *list, FILE *f);
void menu_refused_ipxe(const struct menu_row *const *rows, size_t count, FILE *f);

#endif
