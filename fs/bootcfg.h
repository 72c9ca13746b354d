/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BOOTCFG_H
#define PXEFS_BOOTCFG_H

#include "base.h"

/* Boot menus as ISOs carry them, read into one list of entries: titles, kernels, initrds, words.
 * Readers: isolinux/syslinux and GRUB 2 so far, a table row each. Texts are hostile; a reader never
 * fails an ISO: what it cannot follow it skips and counts. Pure: no files but through
 * struct bootcfg_files, no static state. */

enum bootcfg_platform {
	BOOTCFG_BIOS = 1,
	BOOTCFG_EFI = 2,
};

enum bootcfg_kind {
	BOOTCFG_LINUX,	   /* kernel, initrds, words */
	BOOTCFG_MULTIBOOT, /* multiboot, multiboot2, mboot.c32: kernel is the hypervisor, initrds its modules;
			    * each module's own words are in module_words */
	BOOTCFG_BINARY,	   /* a kernel without initrd started by itself: memtest, a kernel with all in it */
	BOOTCFG_CHAIN,	   /* chainloader of an EFI program that is on the disc; EFI alone */
};

#define BOOTCFG_INITRDS 16

struct bootcfg_entry {
	char *title;  /* UTF-8 as far as the author's was; control characters gone, '^' of isolinux gone */
	char *kernel; /* path as written, made absolute against the file it stood in ("/" first) */
	char *initrds[BOOTCFG_INITRDS];	     /* likewise */
	char *module_words[BOOTCFG_INITRDS]; /* MULTIBOOT alone, else NULL; joined by blanks, may be "" */
	size_t initrd_count;
	char **words; /* the kernel's words in order, unquoted, one string a word; initrd= taken out */
	size_t word_count;
	enum bootcfg_kind kind;
	unsigned platforms; /* enum bootcfg_platform: where the menu that it came from is used */
	bool is_default;    /* of one platform at least */
	char *source;	    /* path of the menu file */
	char *submenu;	    /* titles of the enclosing sub-menus joined with " > ", or "" */
};

struct bootcfg {
	struct bootcfg_entry *entries;
	size_t count, room;
	unsigned skipped; /* constructs that could not be followed */
	unsigned timeout; /* seconds, 0 = not said */
};

/* How readers see the ISO. */
struct bootcfg_files {
	void *ctx;
	/* Content of the text file at an absolute path (the callee resolves case and links), NUL-
	 * terminated, at most 1 MiB; the caller frees. -ENOENT and other -errno. */
	int (*read)(void *ctx, const char *path, char **text, size_t *len);
	/* True when there is such a file. */
	bool (*exists)(void *ctx, const char *path);
};

/* Reads every menu that the table of well-known places finds (isolinux/isolinux.cfg,
 * boot/isolinux/isolinux.cfg, syslinux/..., boot/syslinux/..., boot/grub/grub.cfg, EFI/BOOT/grub.cfg, ...;
 * boot/grub/loopback.cfg where no other GRUB menu gave an entry), follows INCLUDE, CONFIG, source and
 * configfile (16 deep, each file once), and merges: the same title, kernel, initrds and words from a BIOS
 * and an EFI menu are one entry with both platforms. isolinux menus are for BIOS; GRUB's are for
 * both, but where isolinux gave entries, for EFI. At most one entry is the default of a platform, and
 * only where the menu says so.
 * What a GRUB menu does not say itself is empty: "findiso=${iso_path}" is the word "findiso=". Where a
 * condition is not known, the entries of all branches are read and it is counted. At most 256 entries of at
 * most 4 KiB of words, 16 initrds and paths of 1 KiB: what is over is left out and counted. Titles and
 * submenus are cut at 256 bytes. No string has control characters in it. Kernels and initrds need not exist.
 * 0 (also with nothing found) or -ENOMEM. */
int bootcfg_read(const struct bootcfg_files *files, struct bootcfg *out);
void bootcfg_free(struct bootcfg *b);

#endif
