/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BOOTCFG_READERS_H
#define PXEFS_BOOTCFG_READERS_H

#include "bootcfg.h"

/* What bootcfg.c (the job, paths, the walk), bootcfg_draft.c (entries) and bootcfg_glob.c (directories) lend
 * to the readers, and the readers themselves. Private to bootcfg*.c.
 *
 * Menu texts are hostile, so everything has a bound: a budget of bytes looked at, made or compared,
 * shared by all menus of an ISO; files, entries, words and paths as below. Memory running out is
 * kept in job->error and makes every further bootcfg_spend() false, so that readers unwind without
 * a check behind each call. */

#define BOOTCFG_ENTRIES	    256
#define BOOTCFG_DEPTH	    16
#define BOOTCFG_TITLE_MAX   256
#define BOOTCFG_WORDS_MAX   4096 /* bytes of one entry's words and module words together */
#define BOOTCFG_PATH_MAX    1024
#define BOOTCFG_VAGUE	    8
#define BOOTCFG_TEXTS	    64
#define BOOTCFG_TEXT_MAX    (1u << 20)
#define BOOTCFG_TEXTS_BYTES (4u << 20)
#define BOOTCFG_BUDGET	    (16u << 20)
#define BOOTCFG_MATCHES	    256 /* names that a pattern gives */

/* A menu file in memory until the job ends, so readers may keep pointers into it. A NUL in it has become
 * a blank; text[len] is the only one. */
struct bootcfg_text {
	char *path;
	char *text;
	size_t len;
	bool seen; /* in this run of a reader */
};

struct bootcfg_job {
	const struct bootcfg_files *files;
	struct bootcfg *out;
	unsigned platforms; /* the one of this run */
	unsigned defaulted; /* platforms whose default entry is known */
	unsigned served;    /* platforms that have an entry */
	size_t committed;   /* entries that readers gave, merged ones among them */
	uint64_t budget;
	int error;
	struct bootcfg_text texts[BOOTCFG_TEXTS];
	size_t text_count, text_bytes;
};

/* An entry in the making. Zeroed is empty. */
struct bootcfg_draft {
	struct bootcfg_entry entry;
	size_t word_room;
	size_t bytes;		     /* of words and module words */
	bool broken;		     /* something of it could not be carried: it is left out and counted */
	size_t vague[BOOTCFG_VAGUE]; /* numbers of words that ended in a variable whose value is not known */
	size_t vague_count;
};

/* Takes n from the budget. False when it or the memory is used up: then return. */
bool bootcfg_spend(struct bootcfg_job *job, size_t n);

/* Counts a construct that could not be followed. */
void bootcfg_skip(struct bootcfg_job *job);

/* The text at path for this run. -ENOENT and other -errno of the callback; -EALREADY when this run had it,
 * -ELOOP when depth is over BOOTCFG_DEPTH, -EFBIG when there are too many bytes or files. */
int bootcfg_open(struct bootcfg_job *job, const char *path, unsigned depth, const struct bootcfg_text **text);

/* True when there is such a file, at an absolute path. */
bool bootcfg_exists(struct bootcfg_job *job, const char *path);

/* True when the ISO starts on 64-bit ARM machines and on no other. */
bool bootcfg_arm(struct bootcfg_job *job);

/* The names in the directory at path, as struct bootcfg_files says; each ends within *len, which a caller may
 * rely on. Owned by the caller, untouched on failure. -ENOENT and other -errno of the callback, -EBADMSG when
 * that is broken, -EFBIG when the budget is used up. */
int bootcfg_list(struct bootcfg_job *job, const char *path, char **names, size_t *len);

struct bootcfg_names {
	char **v;
	size_t count, room;
};

/* Appends the paths that exist and that the absolute pattern matches, in bytewise order of names; '*' and '?'
 * are what they are to a shell, in any component, and no '/'. Where no name of a directory matches, one that
 * differs in case or by a trailing ";1" does. At most BOOTCFG_MATCHES paths: more are counted. */
void bootcfg_glob(struct bootcfg_job *job, const char *pattern, struct bootcfg_names *out);

/* Frees what names holds, not names. */
void bootcfg_names_free(struct bootcfg_names *names);

/* True when all of name (len bytes) matches the pattern, of one component. any_case: ASCII letters. */
bool bootcfg_match(const char *pattern, size_t pattern_len, const char *name, size_t len, bool any_case);

/* name (len bytes) as an absolute path without ".", ".." and doubled slashes: below the directory dir
 * unless it begins with a slash. A backslash is a slash. Owned by the caller. NULL when it is too long or
 * has control characters in it, or there is no memory. */
char *bootcfg_path(struct bootcfg_job *job, const char *dir, const char *name, size_t len);

/* The same, below the directory that the file at path stands in. */
char *bootcfg_path_beside(struct bootcfg_job *job, const char *path, const char *name, size_t len);

/* Adds a word of the kernel's; an empty one and initrd= are no words. A vague word, "findiso=" out of
 * "findiso=${iso_path}", does not make the entry another than one that says the same without it. */
void bootcfg_draft_word(struct bootcfg_job *job, struct bootcfg_draft *d, const char *word, size_t len,
			bool vague);

/* Adds the words of a line that a loader hands to the kernel as it is, split as the kernel does: blanks
 * inside double quotes do not separate, and quotes around a word or around the value behind its '=' go. */
void bootcfg_draft_line(struct bootcfg_job *job, struct bootcfg_draft *d, const char *line, size_t len);

/* Sets the kernel or adds an initrd or module; takes path over, and NULL makes the draft broken. words is
 * NULL but for a module. */
void bootcfg_draft_kernel(struct bootcfg_draft *d, char *path, enum bootcfg_kind kind);
void bootcfg_draft_initrd(struct bootcfg_job *job, struct bootcfg_draft *d, char *path, const char *words);

/* Empties a draft that is not wanted. */
void bootcfg_draft_clear(struct bootcfg_draft *d);

/* Makes the draft an entry of job->out, or adds this run's platforms to the entry that says the same; the
 * draft is empty afterwards. title and submenu are cleaned and cut. The entry's number, or -ENOENT when it
 * was left out. */
int bootcfg_draft_commit(struct bootcfg_job *job, struct bootcfg_draft *d, const char *title,
			 size_t title_len, const char *submenu, const char *source);

/* Marks the default of this run's platform, unless it has one from a menu read earlier. Negative: nothing. */
void bootcfg_set_default(struct bootcfg_job *job, int entry);

/* The first menu that says a time-out wins; 0 says none. */
void bootcfg_set_timeout(struct bootcfg_job *job, unsigned long seconds);

/* Readers: follow the menu at path (of bootcfg_read_bls(), the directory of entries) and commit its entries.
 * prefix is GRUB's $prefix, isolinux' working directory, or where loader.conf lies. */
void bootcfg_read_isolinux(struct bootcfg_job *job, const char *path, const char *prefix);
void bootcfg_read_grub(struct bootcfg_job *job, const char *path, const char *prefix);
void bootcfg_read_bls(struct bootcfg_job *job, const char *path, const char *prefix);

#endif
