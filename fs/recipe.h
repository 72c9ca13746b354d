/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_RECIPE_H
#define PXEFS_RECIPE_H

#include "base.h"
#include "bootcfg.h"
#include "initrd.h"
#include "volume.h"

/* The table of distribution families: how each is recognised by content, and how the words of its
 * own menu become words that boot it over the network. A row a family, in the recipe_*.c file of its kin. Each
 * row names its sources. Nothing depends on a file's name outside the ISO. */

enum recipe_how {
	RECIPE_UNKNOWN,      /* family not known: no entry is offered */
	RECIPE_NFS,          /* over NFS */
	RECIPE_HTTP,         /* over HTTP */
	RECIPE_MEMORY,       /* its squashfs or the whole ISO comes along in memory */
	RECIPE_KERNEL,       /* kernel (and initrd) are all there is: memory test, small rescue system */
	RECIPE_IMPOSSIBLE,   /* not possible, because ... */
	RECIPE_WRITTEN,      /* an entry that the administrator wrote */
};

/* Of a family, for people: how sure its row is. */
enum recipe_proof {
	RECIPE_READ,     /* read in its sources only */
	RECIPE_EMULATED, /* booted here with an image of its layout and its own initrd scripts */
	RECIPE_BOOTED,   /* a real image of it was booted here */
};

/* What is in a generated archive, which the kernel unpacks behind the entry's own initrds. */
enum recipe_member_kind {
	RECIPE_MEMBER_END,   /* ends a list of them */
	RECIPE_MEMBER_ROOT,  /* the squashfs that root/ shows, or the only one (index_root_squash()) */
	RECIPE_MEMBER_IMAGE, /* the ISO itself */
	RECIPE_MEMBER_TEXT,  /* text */
	RECIPE_MEMBER_FILES, /* files of the ISO whose paths, with no slash before them, fit text as fnmatch(3) has it
			      * without flags; at least one. Each is called name, which may be "", and behind it its
			      * own base name */
};

struct recipe_member {
	enum recipe_member_kind kind;
	const char *name; /* in the initramfs, no slash before it: "image.squashfs.img" */
	const char *text;
};

/* Of an installer that looks for the file of an unattended installation in the root directory of its medium: that, and
 * a file more, are put there where the ISO goes into memory. */
struct recipe_graft {
	const char *sign;  /* absolute path in the ISO of what only those have that look for it */
	const char *name, *text; /* the file more, as volume_graft.h wants it */
};

/* An answer file of a kind that the family's media do not fetch by themselves, told by its name's end, and what is
 * shown beside it to do that for them. */
struct recipe_answer {
	const char *suffix;       /* ".json"; case does not count */
	const char *const *words; /* in place of recipe_way.answer */
	const char *name, *text;  /* of the file beside it */
};

/* One way to boot an entry of the family. */
struct recipe_way {
	enum recipe_how how; /* NFS, HTTP, MEMORY or KERNEL */
	const char *title;   /* how menus call it where the entry has others before it ("copied to memory"), or NULL */
	uint64_t needs;      /* INITRD_* bits that the entry's initrds have together; see initrd.h */
	uint64_t unless;     /* INITRD_* bits any of which rules it out */
	const char *lacks;   /* for people, where needs or unless rule it out: "its initrd has no NFS client" */
	bool multiboot;      /* for hypervisors too: the words are those of its first module, the kernel */
	/* NULL-terminated lists or NULL. drop: words taken out, "findiso=*" ends in '*' for any that start
	 * so. add: words put in, with placeholders: @server@ (address), @iso@, @root@ and @dir@ (paths of iso/, of
	 * root/ and of the image's own directory as clients mount them), @http@ (the image's own directory as an
	 * HTTP URL, no slash at its end; in ways that are RECIPE_HTTP alone), @http-host@ and @http-path@ (that URL's
	 * two parts, for initrds that know no port but 80: ways with them are not offered where the URL names one),
	 * @mac@ (the client's address), @kib@ (the image's size in KiB, rounded up). A word with @mac@ is left out
	 * where the boot loader does not know the address. Of add, what the entry says already is not repeated. */
	const char *const *drop;
	const char *const *add;
	/* Words that an unattended installation takes more, where the administrator gave a file for it; may have
	 * @answer@, its path below the image's own directory. Those with @http@ are for sites that serve HTTP, whatever
	 * the way. NULL: the family has no such thing this way. */
	const char *const *answer;
	/* What the file must be called there; NULL: "answer" and its own suffix. */
	const char *answer_name;
	/* With answer_name: the file is for that place. The archive is the ISO alone then. NULL: it is not. */
	const struct recipe_graft *graft;
	const struct recipe_answer *answer_as; /* where answer is not NULL: one of another kind, or NULL */
	/* Changes that tables cannot say; may be NULL. Gets the kept and the added words in an array with room
	 * for RECIPE_ADJUST_ROOM more and its NULL; frees what it takes out. 0, -EOPNOTSUPP with a reason, -ENOMEM. */
	int (*adjust)(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why);
	const struct recipe_member *archive; /* the archive is called after the first of them; NULL: there is none */
	/* In place of that one an archive that the ISO has itself: its path there, with no slash before it. It is
	 * loaded as it is, behind the entry's own initrds. NULL: there is none. */
	const char *initrd;
	/* Memory that the client needs for it: so many MiB, and so many times the squashfs or image that is copied
	 * (an archive: twice, as the boot loader's buffer and unpacked). 0 and 0 where nothing special is needed. */
	unsigned memory_mib, memory_copies;
};

#define RECIPE_ADJUST_ROOM 4

struct recipe {
	const char *id;    /* "gentoo-genkernel"; stable, kept in indexes; a-z 0-9 '-' */
	const char *title; /* "Gentoo (genkernel)" */
	/* The reason why there is no way at all, or, where there are some, a limit worth saying or NULL. */
	const char *why;
	/* True when the ISO is of this family; the first row that says so wins. */
	bool (*match)(const struct volume *v, const struct bootcfg *b);
	/* A word that an entry with an initrd must carry, in the notation of drop, or NULL; and what an entry
	 * without it is, for people. An ISO's menu holds more than its live system. */
	const char *needs;
	const char *needs_why;
	/* INITRD_* bits that the family's initrds have as a rule: what they are taken for until they are judged. */
	uint64_t usual;
	/* In order of preference; the end has how RECIPE_UNKNOWN. NULL: not possible, or not known. */
	const struct recipe_way *ways;
	/* Entries of images that boot without a menu, straight from El Torito, and of what menus leave out; ends in a
	 * NULL title, or NULL. */
	const struct recipe_own *own;
	bool wipes; /* it is made to destroy the client's data: no menu starts any of it unasked */
	enum recipe_proof proof;
	const char *examples; /* for the documentation: images that it is for ("Debian Live, Kali, Parrot") */
	const char *sources;  /* for the documentation: whose files say so ("live-boot: components/9990-netboot.sh") */
};

struct recipe_own {
	const char *title;
	const char *kernel; /* absolute path in the ISO */
	enum bootcfg_kind kind;
	unsigned platforms;
	const char *initrd; /* likewise, or NULL */
	bool beside;        /* put behind the entries of the ISO's own menu, which do not have it */
};

/* Never NULL: the last row is the unknown family. */
const struct recipe *recipe_recognise(const struct volume *v, const struct bootcfg *b);
/* The row of that id, or the unknown family for an id that this version does not have. */
const struct recipe *recipe_by_id(const char *id);
/* Rows in order, for tables and tests; NULL past the end. */
const struct recipe *recipe_at(size_t i);

/* Appends to b what the family's own list says of those files that v has, when b has no entry of the
 * ISO's own menu or the list says so; the strings are b's, for bootcfg_free(). 0 or -ENOMEM. */
int recipe_entries(const struct recipe *r, const struct volume *v, struct bootcfg *b);

/* The n-th way of an entry, in order of preference, or NULL past the end. A program that is complete by itself
 * (a memory test) has one way in every known family, and the family's own ones never. */
const struct recipe_way *recipe_way(const struct recipe *r, const struct bootcfg_entry *e, size_t n);

/* Whether initrds that can do this (INITRD_* bits; what the family's usually can, until they are judged) can do
 * the way. Damaged ones are taken for the usual. 0, or -EOPNOTSUPP with a reason. */
int recipe_way_check(const struct recipe *r, const struct recipe_way *w, uint64_t can, struct reason *why);

/* Words of that way made from an entry's own words (of a hypervisor's entry, from those of its first module):
 * those to drop taken out, those to add put behind the first word, the ISO's other words kept as they are
 * (repeated ones too: the order of console= words means something); nothing is added that is there already.
 * Placeholders are still in, and only where the table put them. *words is a NULL-terminated array owned by the
 * caller (free with words_free). w may be NULL, for a family without a way. 0; -EOPNOTSUPP when this entry cannot be
 * booted so, reason in *why; -ENOMEM. */
int recipe_words(const struct recipe *r, const struct recipe_way *w, const struct bootcfg_entry *e, char ***words,
		 struct reason *why);

/* How an answer file of that name is taken by that way where it is of another kind, or NULL. */
const struct recipe_answer *recipe_answer_as(const struct recipe_way *w, const char *name);

/* Whether the archive of that way has a member of that kind. */
bool recipe_way_holds(const struct recipe_way *w, enum recipe_member_kind kind);

/* "over NFS", "not possible", ... */
const char *recipe_how_text(enum recipe_how how);

/* The family as a whole, by its first way: RECIPE_UNKNOWN for the last row, RECIPE_IMPOSSIBLE where there is none. */
enum recipe_how recipe_how(const struct recipe *r);

/* True when the word is the pattern, or begins like a pattern that ends in '*'. */
bool recipe_word_fits(const char *word, const char *pattern);

/* True when the word has that placeholder in it, or with NULL any of them. */
bool recipe_word_has(const char *word, const char *placeholder);

#endif
