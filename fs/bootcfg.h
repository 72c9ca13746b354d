/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BOOTCFG_H
#define PXEFS_BOOTCFG_H

#include "base.h"

/* Boot menus as ISOs carry them, read into one list of entries: titles, kernels, initrds, words.
 * Readers: isolinux/syslinux, GRUB 2, and systemd-boot with Boot Loader Specification entries, a table row
 * each. Texts are hostile; a reader never fails an ISO: what it cannot follow it skips and counts. Pure: no
 * files but through struct bootcfg_files, no static state.
 * A menu that lies only inside the El Torito EFI image (a FAT file system, as where systemd-boot and its
 * entries are in the EFI system partition alone) is not read: what an ISO boots from there is not a file of
 * the ISO's tree, so nothing could be served from it. Such an ISO has the entries of its other menus. */

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
	char **words; /* the kernel's words in order, one string a word, as the kernel splits the line that
		       * the menu's own loader hands to it; initrd= taken out. Of quotes, those are gone that
		       * the kernel takes off itself (around a word or a value), so a word that was quoted may
		       * have blanks in it. Other quotes, and what GRUB has escaped (its versions differ), are
		       * still there. */
	size_t word_count;
	enum bootcfg_kind kind;
	unsigned platforms; /* enum bootcfg_platform: where the menu that it came from is used */
	bool is_default;    /* of one platform at least */
	bool written;       /* by the administrator (conf.h): nothing of its words is changed; never of an ISO */
	char *source;	    /* path of the menu file */
	char *submenu;	    /* titles of the enclosing sub-menus joined with " > ", or "" */
};

#define BOOTCFG_ABOUT 128

struct bootcfg {
	struct bootcfg_entry *entries;
	size_t count, room;
	unsigned skipped;    /* constructs that could not be followed */
	unsigned timeout;    /* seconds, 0 = not said */
	/* What Debian's kin say of themselves beside their menus: the first line of /.disk/info, cut before a control
	 * character; "" where there is none. */
	char about[BOOTCFG_ABOUT];
	const char *foreign; /* what starts the first of the skipped entries for another system's kernel,
			      * "kfreebsd" (a static text), or NULL */
};

#define BOOTCFG_LIST_MAX (64u << 10)

/* How readers see the ISO. */
struct bootcfg_files {
	void *ctx;
	/* Content of the text file at an absolute path (the callee resolves case and links), NUL-
	 * terminated, at most 1 MiB; the caller frees. -ENOENT and other -errno. */
	int (*read)(void *ctx, const char *path, char **text, size_t *len);
	/* True when there is such a file. */
	bool (*exists)(void *ctx, const char *path);
	/* What is in the directory at an absolute path (resolved likewise): names as they are on the ISO, in
	 * bytewise order, each with a NUL behind it, *len bytes together, at most BOOTCFG_LIST_MAX; a
	 * directory's has a '/' at its end. Of an empty directory *len is 0. The caller frees. -ENOENT,
	 * -ENOTDIR, -EFBIG and other -errno. */
	int (*list)(void *ctx, const char *path, char **names, size_t *len);
};

/* Reads, for each platform, the first of the well-known places whose menu gives an entry for it: for BIOS
 * isolinux' own search order, for EFI EFI/BOOT/grub.cfg, EFI/VENDOR/grub.cfg, ..., for both
 * boot/grub/grub.cfg and its like, for EFI loader/entries/, and last boot/grub/loopback.cfg, whose words
 * are for a loader that has the ISO as a file on a disk. So BIOS machines get what BIOS machines would see,
 * and EFI machines theirs; an ISO whose EFI programs are for ARM alone has GRUB's menus for EFI alone.
 * Follows INCLUDE, CONFIG, source, configfile and blscfg (16 deep, each file once), and merges: the same
 * title, kernel, initrds (in any case) and words for both platforms are one entry. At most one entry is the
 * default of a platform, and only where the menu says so, or counts down without saying it: then
 * it starts the first.
 * What a GRUB menu does not say itself is empty: "findiso=${iso_path}" is the word "findiso=". Where a
 * condition is not known, the entries of all branches are read and it is counted. $grub_cpu is x86_64 for
 * EFI, or arm64 where the ISO's EFI programs or GRUB's modules are for it alone, and i386 for BIOS.
 * At most 256 entries of at most 4 KiB of words, 16 initrds and paths of 1 KiB: what is over is left out
 * and counted. Titles and submenus are cut at 256 bytes. No string has control characters in it. Kernels
 * and initrds need not exist.
 * 0 (also with nothing found) or -ENOMEM. */
int bootcfg_read(const struct bootcfg_files *files, struct bootcfg *out);

/* Frees what b holds, not b; leaves it empty. */
void bootcfg_free(struct bootcfg *b);

#endif
