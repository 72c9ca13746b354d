/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INDEX_H
#define PXEFS_INDEX_H

#include "base.h"
#include "identity.h"

/* One ISO's parsed truth, as one block of memory: written by an indexer, checked by the server, kept in
 * the state directory. It holds numbers in the machine's own order and no pointer. The sections
 * follow the header in the order of enum index_section, each of count elements and 8-byte aligned;
 * strings are offsets into the last section, which ends in a NUL. Whoever opens it trusts nothing
 * of it before index_open() has checked every number. */

#define INDEX_MAGIC "PXEFSIDX"
#define INDEX_VERSION 4u
#define INDEX_NUMBERING 1u /* of objects in an image; part of every generation, so another one is another handle */

enum index_section {
	INDEX_ENTRIES,  /* struct index_entry, bytewise order of path; 0 is the root */
	INDEX_EXTENTS,  /* struct index_extent */
	INDEX_CHILDREN, /* uint32_t: entry numbers, a directory's together, in order of name */
	INDEX_SQUASH,   /* struct index_squash */
	INDEX_NUMBERS,  /* uint64_t: inode tables of squashfs without export table */
	INDEX_FILES,    /* struct index_file: what kernel/ and initrd/ list, in order of (dir, name) */
	INDEX_BOOTS,    /* struct index_boot */
	INDEX_REFS,     /* uint32_t: the words, initrds and module words of boots */
	INDEX_ARCHIVES, /* struct index_archive, in order of name */
	INDEX_MEMBERS,  /* struct index_member, an archive's together, in the order of archives */
	INDEX_GRAFTS,   /* struct index_graft, at most one */
	INDEX_BYTES,    /* uint8_t: the graft's */
	INDEX_STRINGS,  /* char */
	INDEX_SECTIONS,
};

struct index_header {
	char magic[8];
	uint32_t version;
	uint32_t zisofs_count;
	uint64_t total;      /* bytes of all of it */
	uint64_t image_size; /* bytes of the ISO */
	uint8_t identity[IDENTITY_SIZE];
	char family[32];     /* recipe id, NUL-padded */
	int64_t created;
	uint32_t label, note; /* strings */
	uint32_t skipped;    /* menu constructs and entries not followed */
	uint32_t judged_nsec;
	int64_t judged;      /* CLOCK_REALTIME seconds at which the initrds were judged; 0: not yet */
	uint32_t cpu;        /* enum cpu bits of what the kernels are for; 0: not known */
	uint32_t reserved;
	uint64_t count[INDEX_SECTIONS];
};

struct index_entry {
	uint64_t size;
	int64_t mtime;
	uint32_t name;    /* string */
	uint32_t parent;  /* < own number; the root's is 0 */
	uint32_t mode;    /* S_IFDIR, S_IFREG, S_IFLNK and permission bits */
	uint32_t flags;   /* enum volume_flags */
	uint32_t first, count; /* of a file into extents, of a directory into children */
	uint32_t target;  /* string: a link's text */
	uint32_t subdirs; /* directories in a directory */
};

struct index_extent {
	uint64_t offset, length;
};

enum index_squash_flags { INDEX_SQUASH_ROOT = 1, INDEX_SQUASH_LAYER = 2 };

struct index_squash {
	uint64_t offset, length; /* in the ISO */
	uint64_t numbers_first;
	uint32_t numbers_count;  /* 0 where the file system has its own table */
	uint32_t entry;          /* the file it is */
	uint32_t name;           /* string: its name in layers/ */
	uint32_t flags;
};

enum index_dir { INDEX_DIR_KERNEL, INDEX_DIR_INITRD };

struct index_file {
	uint32_t dir;  /* enum index_dir */
	uint32_t name; /* string */
	uint32_t entry;
	uint32_t reserved;
	uint64_t can; /* of an initrd: bits of initrd.h, 0 for not judged */
};

struct index_boot {
	uint32_t title, submenu, source; /* strings */
	uint32_t kernel;                 /* into files */
	uint32_t kind, platforms, is_default;
	uint32_t word_first, word_count;     /* into refs: strings */
	uint32_t initrd_first, initrd_count; /* into refs: files */
	uint32_t module_words;               /* into refs: initrd_count strings, or UINT32_MAX */
};

/* What a file in a generated archive (cpio.h) is. */
enum index_member_kind {
	INDEX_MEMBER_SQUASH, /* the file that is squashfs number source */
	INDEX_MEMBER_IMAGE,  /* the ISO itself; source is 0 */
	INDEX_MEMBER_TEXT,   /* the string source, without its end */
	INDEX_MEMBER_FILE,   /* the file that is entry number source */
};

/* The archives' directory in initrd/: where it is, no initrd is called so. */
#define INDEX_GENERATED	      "generated"
#define INDEX_ARCHIVES_MAX    32u
#define INDEX_MEMBERS_MAX     64u /* of all archives */
#define INDEX_MEMBER_TEXT_MAX 65536u

struct index_archive {
	uint64_t size;         /* bytes of the archive */
	uint32_t name;         /* string: its name in initrd/generated/ */
	uint32_t ways;         /* bit n: for way n of the family */
	uint32_t first, count; /* into members; at least one */
};

struct index_member {
	uint32_t name; /* string: what the file is called in the initramfs */
	uint32_t kind; /* enum index_member_kind */
	uint32_t source;
	uint32_t reserved;
};

/* The image with the file for an unattended installation in its root directory (volume_graft.h): bytes are the new
 * descriptor and then the tail, the file itself follows them. */
struct index_graft {
	uint64_t descriptor;
	uint32_t tail_size; /* bytes */
	uint32_t size_at;
	uint32_t member;    /* string: what the image is called in the initramfs */
	uint32_t way;       /* of the family, which it is for */
};

/* What an indexer fills; every array may be NULL with count 0. Strings were added with
 * index_draft_string(). */
struct index_draft {
	struct index_header header; /* family, identity, created, image_size, counts of skipped */
	struct {
		void *data;
		size_t count, room;
	} section[INDEX_SECTIONS];
	int error; /* first failure of any call below */
};

/* Makes it empty, of this version. */
void index_draft_init(struct index_draft *d);
/* Adds a string and gives its offset; the empty string is always 0. */
uint32_t index_draft_string(struct index_draft *d, const char *s);
/* Adds bytes to INDEX_BYTES. */
void index_draft_bytes(struct index_draft *d, const void *bytes, size_t size);
/* Adds one element of the section's type; gives its number. */
uint32_t index_draft_add(struct index_draft *d, enum index_section s, const void *element);
/* Writes it all to fd, from its position. 0 or -errno (also of an earlier call). */
int index_draft_write(struct index_draft *d, int fd);
/* Frees what d holds, not d. */
void index_draft_free(struct index_draft *d);

struct index {
	const struct index_header *header;
	const struct index_entry *entries;
	const struct index_extent *extents;
	const uint32_t *children;
	const struct index_squash *squash;
	const uint64_t *numbers;
	const struct index_file *files;
	const struct index_boot *boots;
	const uint32_t *refs;
	const struct index_archive *archives;
	const struct index_member *members;
	const struct index_graft *graft; /* or NULL */
	const uint8_t *bytes;
	const char *strings;
	size_t map_size;
};

/* Maps fd (sealed against writing and shrinking, so that nobody can change it below us) and checks all of
 * it: sections inside, strings ended, names that are one component, entries that form one tree whose
 * paths are in bytewise order, extents inside an image of image_size bytes, and lists that do not share
 * elements, so that going through all of it takes time in proportion to its size. 0, -EBADMSG with a
 * reason, -ENOMEM. The result is owned by the caller; fd is not needed any more. */
int index_open(int fd, uint64_t image_size, struct index **out, struct reason *why);

/* The same check on bytes that stay the caller's and outlive the index. */
int index_check(const void *bytes, size_t size, uint64_t image_size, struct index *out, struct reason *why);

/* Ends an index of index_open(), and no other; NULL is nothing. */
void index_close(struct index *x);

/* Writes the same index to fd with can[i] for file i, and judged at that time (not before 1970). 0 or -errno. */
int index_write_judged(const struct index *x, const uint64_t *can, struct timespec when, int fd);

/* Whether both differ in nothing but the judge's findings. */
bool index_same_but_judged(const struct index *a, const struct index *b);

/* Whether the index in fd says that there is nothing left to judge. Looks at that number alone. */
bool index_is_judged(int fd);

/* The string at that offset, which a check has passed. */
static inline const char *index_string(const struct index *x, uint32_t s)
{
	return x->strings + s;
}

/* A name among a directory's children: the entry's number, or -ENOENT, -ENOTDIR. */
int index_child(const struct index *x, uint32_t dir, const char *name, uint32_t *entry);

/* A name in kernel/ or initrd/. -ENOENT when absent. *file is its number in files. */
int index_file_find(const struct index *x, enum index_dir dir, const char *name, uint32_t *file);

/* The range of files that belong to dir. */
void index_file_range(const struct index *x, enum index_dir dir, uint32_t *first, uint32_t *end);

/* The squashfs that the root is in: the one that root/ shows, else the only one, which then has a file system image
 * in it. NULL where there is none, or several that none of which is a root. */
const struct index_squash *index_root_squash(const struct index_squash *list, size_t count);

/* Bytes of that file of an archive. */
uint64_t index_member_size(const struct index *x, const struct index_member *m);

/* The entry that the file of an archive is, or NULL for the ISO itself and texts. */
const struct index_entry *index_member_entry(const struct index *x, const struct index_member *m);

/* A name in initrd/generated/. -ENOENT when absent. *archive is its number in archives. */
int index_archive_find(const struct index *x, const char *name, uint32_t *archive);

#endif
