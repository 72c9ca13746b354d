/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_H
#define PXEFS_MENU_H

#include "base.h"
#include "bootcfg.h"
#include "recipe.h"

/* The texts that the tree generates: grub.cfg of an image and of all, boot.ipxe, index.html, status.
 * Writers take plain data and know nothing of nodes. Everything from an ISO or a file name is
 * hostile: it is quoted for the language it goes into, or the entry is left out with a reason. */

/* What the administrator said. */
struct menu_site {
	const char *server; /* -o server=, an IPv4 address, or NULL: GRUB's own variables say it at boot */
	const char *nfs;    /* the tree's path as clients mount it, no trailing slash; "" is the export's root */
	const char *http;   /* URL of the tree for kernels and initrds, "" for http on the same server, or NULL */
};

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

/* A generated archive in initrd/generated/. */
struct menu_archive {
	const char *path; /* "initrd/generated/image.squashfs.img.cpio" */
	uint64_t size;    /* bytes */
	size_t way;       /* the recipe's way that it is for */
};

enum menu_state { MENU_SERVED, MENU_INCOMPLETE, MENU_REJECTED };

struct menu_image {
	const char *path;   /* below /pxe: "name" or "folder/name" */
	const char *file;   /* below the watch folder, for people */
	enum menu_state state;
	const char *reason; /* why not served, or why it cannot boot, or a note; may be NULL or "" */
	const struct recipe *recipe; /* NULL unless served */
	const char *label;  /* volume identifier, may be "" */
	uint64_t size;      /* bytes */
	const struct menu_boot *boots;
	size_t boot_count;
	const struct menu_archive *archives;
	size_t archive_count;
	uint64_t root_size;  /* bytes of the squashfs that root/ shows; 0 without one */
	size_t zisofs_count; /* files that cannot be read */
};

/* Each writes text into f (an open_memstream); 0 or -errno. The caller checks ferror and closes. The
 * site has passed menu_site_check(). */

/* <name>/grub.cfg of a served image: derives the tree's base from $prefix (the loader's directory is
 * <base>/boot/grub, <base>/grub or <base>/EFI/<vendor>), unless pxefs_base is set, sets pxefs_server
 * from -o server, net_default_server or GRUB 1.99's pxe_default_server, and says in words when all are
 * empty. An entry whose words or paths cannot be carried through GRUB unchanged is left out and its
 * reason is a comment; one of another platform stands under an "if" on $grub_platform, unless the image
 * has no Linux entry at all for that platform. Entries that differ only in words that are taken out
 * become one. Default and time-out are the ISO's default entry after ten seconds, or none where that
 * entry is not offered. Runs on GRUB 1.99 and later (regexp is in 1.99) and passes grub-script-check. */
int menu_image_grub(const struct menu_site *site, const struct menu_image *image, FILE *f);

/* boot/grub/grub.cfg: an entry for each served image that has something to boot (its menu is loaded when
 * chosen), folders as sub-menus, then the local disk; images are in the order given (sorted by path). No
 * time-out: nobody's machine is booted unasked into something that wipes it. */
int menu_main_grub(const struct menu_site *site, const struct menu_image *images, size_t count, FILE *f);

/* boot.ipxe: the same for iPXE (#!ipxe), kernels and initrds over the protocol that it was loaded by. */
int menu_main_ipxe(const struct menu_site *site, const struct menu_image *images, size_t count, FILE *f);

/* index.html: the catalogue for people; one file without scripts or outside references. */
int menu_html(const struct menu_site *site, const struct menu_image *images, size_t count, FILE *f);

/* status: one line for each image and each file refused: path, state, family, how it boots, or why
 * it cannot; tab-separated after a header line, "-" for nothing. An image without a name in the tree is
 * told by its file. */
int menu_status(const struct menu_site *site, const struct menu_image *images, size_t count, FILE *f);

/* True when word can go through GRUB's and iPXE's line assembly and the kernel's own splitting
 * unchanged: not empty, printable ASCII or well-formed UTF-8, no blanks, quotes, backslash, '$', or control
 * characters, and not beginning with what ends a command in iPXE ('#', ";", "||", "&&"). */
bool menu_word_carries(const char *word);

#endif
