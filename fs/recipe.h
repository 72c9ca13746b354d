/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_RECIPE_H
#define PXEFS_RECIPE_H

#include "base.h"
#include "bootcfg.h"
#include "volume.h"

/* The table of distribution families: how each is recognised by content, and how the words of its
 * own menu become words that boot it over the network. A row a family; room for fifty. Each
 * row names its sources. Nothing depends on a file's name outside the ISO. */

enum recipe_how {
	RECIPE_UNKNOWN,      /* family not known: no entry is offered */
	RECIPE_NFS,          /* over NFS */
	RECIPE_HTTP,         /* over HTTP */
	RECIPE_MEMORY,       /* whole image in memory */
	RECIPE_KERNEL,       /* kernel (and initrd) are all there is: memory test, small rescue kernel */
	RECIPE_IMPOSSIBLE,   /* not possible, because ... */
};

struct recipe {
	const char *id;    /* "gentoo-genkernel"; stable, kept in indexes; a-z 0-9 '-' */
	const char *title; /* "Gentoo (genkernel)" */
	enum recipe_how how;
	const char *why;   /* for IMPOSSIBLE: the reason; else a limit worth saying, or NULL */
	/* True when the ISO is of this family; the first row that says so wins. */
	bool (*match)(const struct volume *v, const struct bootcfg *b);
	/* A word that an entry with an initrd must carry, in the notation of drop, or NULL; and what an entry
	 * without it is, for people. An ISO's menu holds more than its live system. */
	const char *needs;
	const char *needs_why;
	/* NULL-terminated lists or NULL. drop: words taken out, "findiso=*" ends in '*' for any that start
	 * so. add: words put in, with @server@, @iso@ (path of iso/ as clients mount it), @root@ (of root/),
	 * @mac@ in them. A word with @mac@ is left out where the boot loader does not know the address. */
	const char *const *drop;
	const char *const *add;
	/* Changes that tables cannot say; may be NULL. Gets the kept and the added words in an array with room
	 * for one more and its NULL; frees what it takes out. 0, -EOPNOTSUPP with a reason, -ENOMEM. */
	int (*adjust)(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why);
	/* Entries of images that boot without a menu, straight from El Torito; ends in a NULL title, or NULL. */
	const struct recipe_own *own;
};

struct recipe_own {
	const char *title;
	const char *kernel; /* absolute path in the ISO */
	enum bootcfg_kind kind;
	unsigned platforms;
};

/* Never NULL: the last row is the unknown family. */
const struct recipe *recipe_recognise(const struct volume *v, const struct bootcfg *b);
/* The row of that id, or the unknown family for an id that this version does not have. */
const struct recipe *recipe_by_id(const char *id);
/* Rows in order, for tables and tests; NULL past the end. */
const struct recipe *recipe_at(size_t i);

/* Appends to b what the family's own list says of those files that v has, when b has no entry of the
 * ISO's own menu; the strings are b's, for bootcfg_free(). 0 or -ENOMEM. */
int recipe_entries(const struct recipe *r, const struct volume *v, struct bootcfg *b);

/* Words of the family's network boot made from an entry's own words: those to drop taken out, those to
 * add put behind the first word, the ISO's other words kept as they are (repeated ones too: the
 * order of console= words means something); nothing is added that is there already. A program that is
 * complete by itself (a memory test) keeps its words in every known family. Placeholders are
 * still in, and only where the table put them. *words is a NULL-terminated array owned by the caller
 * (free with recipe_words_free). -EOPNOTSUPP when this entry cannot be booted, reason in *why. */
int recipe_words(const struct recipe *r, const struct bootcfg_entry *e, char ***words, struct reason *why);
void recipe_words_free(char **words);

/* "over NFS", "not possible", ... */
const char *recipe_how_text(enum recipe_how how);

#endif
