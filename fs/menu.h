/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_H
#define PXEFS_MENU_H

#include "base.h"
#include "bootcfg.h"
#include "recipe.h"

/* The texts that the tree generates: grub.cfg and boot.ipxe of an image, those of all, index.html, status.
 * Writers take plain data and know nothing of nodes. Everything from an ISO or a file name is
 * hostile: it is quoted for the language it goes into, or the entry is left out with a reason. */

/* What the administrator said. */
struct menu_site {
	const char *server; /* -o server=, an IPv4 address, or NULL: GRUB's own variables say it at boot */
	const char *nfs;    /* the tree's path as clients mount it, no trailing slash; "" is the export's root */
	const char *http;   /* URL of the tree for kernels and initrds, "" for http on the same server, or NULL */
	unsigned timeout;   /* -o menu-timeout=: seconds until the main menu starts its default; 0: it never does */
	const char *start;  /* -o menu-default=: an image's path in the tree, MENU_LOCAL, or NULL: none */
};

#define MENU_LOCAL "local" /* the client's own disk */

/* Says whether menus can carry these. The server is an IPv4 address, because most initrds cannot resolve
 * names and know no IPv6; the URL is http://HOST[:PORT][/PATH], because GRUB has no TLS (and a port only
 * from 2.12 on, or 2.06 as Debian 12 and Fedora patched it). 0, or -EINVAL with a sentence. */
int menu_site_check(const struct menu_site *site, struct reason *why);

/* One entry of an image, made from bootcfg_entry with its files found. */
struct menu_boot {
	struct bootcfg_entry entry;
	const char *kernel;  /* path below the image's directory: "kernel/gentoo" */
	const char *const *initrds; /* "initrd/gentoo.igz" */
	size_t initrd_count;
	uint64_t can;         /* INITRD_* bits of all its initrds together; INITRD_JUDGED if all were judged */
	uint64_t initrd_size; /* bytes, all of its initrds together */
};

/* An archive that some way loads behind the initrds: a generated one, or a file of the ISO. */
struct menu_archive {
	const char *path; /* below the image's directory: "initrd/generated/image.squashfs.img.cpio",
			   * "iso/images/pxeboot/rootfs.img" */
	uint64_t size;    /* bytes */
	size_t way;       /* the recipe's way that it is for */
};

struct conf;

enum menu_state { MENU_SERVED, MENU_INCOMPLETE, MENU_REJECTED };

struct menu_image {
	const char *path;   /* below /pxe: "name" or "folder/name" */
	const char *file;   /* below the watch folder, for people */
	enum menu_state state;
	const char *reason; /* why not served, or why it cannot boot, or a note; may be NULL or "" */
	const struct recipe *recipe; /* NULL unless served */
	const char *label;  /* volume identifier, may be "" */
	uint64_t size;      /* bytes */
	unsigned cpu;       /* enum cpu bits of what its kernels are for; 0: not known */
	const struct menu_boot *boots;
	size_t boot_count;
	const struct menu_archive *archives;
	size_t archive_count;
	const struct conf *conf; /* what the administrator says of it, or NULL */
	const char *conf_note;   /* what is wrong with that, or NULL */
	const char *answer;      /* name in its directory of the file for an unattended installation, or NULL */
	struct menu_archive answered; /* the archive with that file in the ISO in it; path NULL: there is none */
	bool has_root;       /* root/ is there */
	uint64_t root_size;  /* bytes of the squashfs that the root is in (index_root_squash()); 0 without one */
	size_t zisofs_count; /* files that cannot be read */
};

/* --- texts of one image ------------------------------------------------------------------------ */

/* Each writes text into f (an open_memstream); 0 or -errno. The caller checks ferror and closes. The
 * site has passed menu_site_check(). */

/* <name>/grub.cfg of a served image: derives the tree's base from $prefix (the loader's directory is
 * <base>/boot/grub, <base>/grub or <base>/EFI/<vendor>), unless pxefs_base is set, sets pxefs_server
 * from -o server, net_default_server or GRUB 1.99's pxe_default_server, and says in words when all are
 * empty. An entry whose words or paths cannot be carried through GRUB unchanged is left out and its
 * reason is a comment; one of another platform stands under an "if" on $grub_platform, unless the image
 * has no Linux entry at all for that platform. Entries that differ only in words that are taken out
 * become one. Further ways of an entry stand in a sub-menu. Default and time-out are what the administrator
 * says, else the ISO's default entry after ten seconds, or none where that entry is not offered, wipes disks or
 * checks the medium. Runs on GRUB
 * 1.99 and later (regexp is in 1.99) and passes grub-script-check. */
int menu_image_grub(const struct menu_site *site, const struct menu_image *image, FILE *f);

/* <name>/boot.ipxe: the same for iPXE. Its paths are relative to itself, so that everything comes by the
 * protocol that brought the script. */
int menu_image_ipxe(const struct menu_site *site, const struct menu_image *image, FILE *f);

/* Both, by their names in an image's directory. */
#define MENU_IMAGE_TEXTS 2
extern const struct menu_image_text {
	const char *name;
	int (*write)(const struct menu_site *site, const struct menu_image *image, FILE *f);
} menu_image_texts[MENU_IMAGE_TEXTS];

/* --- texts of all images ----------------------------------------------------------------------- */

/* What the texts of all images say of one: made once for it, since neither it nor the site changes. */
struct menu_row;

/* The row of an image, whether served or not; *row is owned by the caller. 0 or -ENOMEM. */
int menu_row_make(const struct menu_site *site, const struct menu_image *image, struct menu_row **row);

/* Frees it; NULL is nothing. */
void menu_row_free(struct menu_row *row);

/* For qsort() on an array of pointers: the order of menus, folder by folder, a number in a name by its value, so
 * that 2 comes before 10. Total: 0 only for the same path. */
int menu_row_cmp(const void *a, const void *b);

/* The row of the image at that path in the tree that menus offer, or NULL. */
const struct menu_row *menu_row_find(const struct menu_row *const *rows, size_t count, const char *path);

/* Called for each text: takes over data, size bytes, also on failure. 0 or -errno, which ends the making. */
typedef int (*menu_put)(void *ctx, const char *path, char *data, size_t size);

/* Makes all texts of all images from their rows, which are in the order of menus, and gives each to put with its
 * path in the tree:
 *   boot/grub/grub.cfg, grub/grub.cfg, boot.ipxe   the main menu: an entry for each image of the top folder that
 *       has something to boot (its own menu is loaded when chosen), one for each folder that has such, then the
 *       local disk. Where the top folder has more than MENU_MAIN_MOST of them, one for each family in their
 *       place. What another kind of machine boots is not shown. Without menu-timeout nothing is ever
 *       started unasked; with it menu-default, or, where that is not there or cannot boot, the local disk.
 *   FOLDER/grub.cfg, FOLDER/boot.ipxe              the same of a folder
 *   boot/family/ID.cfg, boot/family/ID.ipxe        the top folder's images of a family, where there are too many
 *   boot/not-bootable.cfg, boot/not-bootable.ipxe  where there are such: what does not boot, and why
 *   index.html                                     the catalogue for people, without scripts or outside references
 *   status                                         a line for each: path, state, family, how it boots, or why it
 *       cannot; tab-separated after a header line, "-" for nothing. What has no name in the tree is told by its file.
 * 0, -ENOMEM, or what put said. */
#define MENU_MAIN_MOST 60u
int menu_texts(const struct menu_site *site, const struct menu_row *const *rows, size_t count, menu_put put, void *ctx);

/* True when word can go through GRUB's and iPXE's line assembly and the kernel's own splitting
 * unchanged: not empty, printable ASCII or well-formed UTF-8, no blanks, quotes, backslash, '$', or control
 * characters, and not beginning with what ends a command in iPXE ('#', ";", "||", "&&"). */
bool menu_word_carries(const char *word);

#endif
