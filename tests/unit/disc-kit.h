/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_DISC_KIT_H
#define PXEFS_DISC_KIT_H

/* A made-up disc: bytes and the index of them, without any tool, for tests of what lies above the indexer.
 * What does not work here aborts: this is for tests. */

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cpio.h"
#include "image.h"
#include "index.h"
#include "volume.h"

#define DISC_SIZE  262144u
#define DISC_MTIME 1700000000

struct disc {
	struct index_draft draft;
	uint8_t *bytes; /* of the image; random, the same for the same seed */
	uint64_t size, used;
};

static inline void disc_need(bool good)
{
	if (!good)
		abort();
}

/* Numbers that are the same on every run. */
static inline uint64_t disc_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline void disc_init(struct disc *d, uint8_t seed)
{
	uint64_t state = seed + 1000u;

	*d = (struct disc){.size = DISC_SIZE, .used = 34816};
	d->bytes = malloc(d->size);
	disc_need(d->bytes);
	for (size_t i = 0; i < d->size; i++)
		d->bytes[i] = (uint8_t)(disc_random(&state) >> 24);
	index_draft_init(&d->draft);
	memset(d->draft.header.identity, seed, IDENTITY_SIZE);
	d->draft.header.image_size = d->size;
	snprintf(d->draft.header.family, sizeof(d->draft.header.family), "debian-live");
	d->draft.header.label = index_draft_string(&d->draft, "A DISC");
}

static inline void disc_free(struct disc *d)
{
	index_draft_free(&d->draft);
	free(d->bytes);
	d->bytes = NULL;
}

/* Entries are added in bytewise order of their paths; 0 is the root, which comes first. */
static inline uint32_t disc_entry(struct disc *d, uint32_t parent, const char *name, uint32_t mode)
{
	struct index_entry e = {.mode = mode, .parent = parent, .mtime = DISC_MTIME};

	e.name = index_draft_string(&d->draft, name);
	return index_draft_add(&d->draft, INDEX_ENTRIES, &e);
}

static inline struct index_entry *disc_at(struct disc *d, uint32_t entry)
{
	return (struct index_entry *)d->draft.section[INDEX_ENTRIES].data + entry;
}

static inline uint32_t disc_dir(struct disc *d, uint32_t parent, const char *name)
{
	return disc_entry(d, parent, name, S_IFDIR | 0755);
}

static inline uint32_t disc_link(struct disc *d, uint32_t parent, const char *name, const char *target)
{
	uint32_t n = disc_entry(d, parent, name, S_IFLNK | 0777),
		 text = index_draft_string(&d->draft, target);

	disc_at(d, n)->target = text;
	disc_at(d, n)->size = strlen(target);
	return n;
}

/* A file of that many pieces of length bytes each, which do not touch. */
static inline uint32_t disc_file(struct disc *d, uint32_t parent, const char *name, uint32_t pieces,
				 uint64_t length)
{
	uint32_t n = disc_entry(d, parent, name, S_IFREG | 0644);

	disc_at(d, n)->first = (uint32_t)d->draft.section[INDEX_EXTENTS].count;
	disc_at(d, n)->count = pieces;
	disc_at(d, n)->size = pieces * length;
	for (uint32_t i = 0; i < pieces; i++) {
		struct index_extent x = {d->used, length};

		disc_need(range_inside(d->used, length, d->size));
		index_draft_add(&d->draft, INDEX_EXTENTS, &x);
		d->used += (length + 2048) / 2048 * 2048;
	}
	return n;
}

/* Puts a squashfs behind the rest and lists it as a file and as a layer. */
static inline uint32_t disc_squash(struct disc *d, uint32_t parent, const char *name, const void *data,
				   size_t len, uint32_t flags)
{
	struct index_squash q = {.offset = d->size, .length = len, .flags = flags};
	uint32_t n = disc_entry(d, parent, name, S_IFREG | 0644);
	struct index_extent x = {d->size, len};
	uint8_t *more = realloc(d->bytes, d->size + len + 4096);

	disc_need(more);
	d->bytes = more;
	memcpy(d->bytes + d->size, data, len);
	memset(d->bytes + d->size + len, 0, 4096);
	d->size = (d->size + len + 2048) / 2048 * 2048;
	d->draft.header.image_size = d->size;
	disc_at(d, n)->first = index_draft_add(&d->draft, INDEX_EXTENTS, &x);
	disc_at(d, n)->count = 1;
	disc_at(d, n)->size = len;
	q.entry = n;
	q.name = index_draft_string(&d->draft, name);
	index_draft_add(&d->draft, INDEX_SQUASH, &q);
	return n;
}

static inline uint32_t disc_boot_file(struct disc *d, enum index_dir dir, const char *name, uint32_t entry)
{
	struct index_file f = {.dir = dir, .entry = entry};

	f.name = index_draft_string(&d->draft, name);
	return index_draft_add(&d->draft, INDEX_FILES, &f);
}

static inline uint64_t disc_archive_size(const char *member, uint64_t file_size)
{
	struct cpio_file f = {.name = member, .size = file_size};
	uint64_t size = 0;

	disc_need(!cpio_size(&f, 1, &size, NULL));
	return size;
}

/* An archive of one file of that size; those of one disc come in order of name. */
static inline uint32_t disc_archive(struct disc *d, const char *name, const char *member,
				    enum index_member_kind kind, uint32_t source, uint64_t file_size, uint32_t ways)
{
	struct index_archive a = {.ways = ways, .count = 1};
	struct index_member m = {.kind = kind, .source = source};

	a.size = disc_archive_size(member, file_size);
	a.name = index_draft_string(&d->draft, name);
	m.name = index_draft_string(&d->draft, member);
	a.first = index_draft_add(&d->draft, INDEX_MEMBERS, &m);
	return index_draft_add(&d->draft, INDEX_ARCHIVES, &a);
}

/* One more file in the archive that was made last. */
static inline void disc_archive_more(struct disc *d, const char *member, enum index_member_kind kind, uint32_t source,
				     uint64_t file_size)
{
	struct index_member m = {.kind = kind, .source = source};
	struct index_archive *a;

	m.name = index_draft_string(&d->draft, member);
	index_draft_add(&d->draft, INDEX_MEMBERS, &m);
	a = (struct index_archive *)d->draft.section[INDEX_ARCHIVES].data + d->draft.section[INDEX_ARCHIVES].count - 1;
	a->count++;
	a->size += disc_archive_size(member, file_size) - 124; /* the end is there once */
}

static inline uint32_t disc_word(struct disc *d, const char *word)
{
	uint32_t s = index_draft_string(&d->draft, word);

	return index_draft_add(&d->draft, INDEX_REFS, &s);
}

static inline void disc_boot(struct disc *d, const char *title, uint32_t kernel, uint32_t initrd)
{
	struct index_boot b = {.kernel = kernel, .platforms = BOOTCFG_BIOS | BOOTCFG_EFI, .is_default = 1};

	b.title = index_draft_string(&d->draft, title);
	b.source = index_draft_string(&d->draft, "/boot/grub/grub.cfg");
	b.word_first = disc_word(d, "boot=live");
	disc_word(d, "quiet");
	b.word_count = 2;
	b.initrd_first = index_draft_add(&d->draft, INDEX_REFS, &initrd);
	b.initrd_count = 1;
	b.module_words = UINT32_MAX;
	index_draft_add(&d->draft, INDEX_BOOTS, &b);
}

/* Makes the lists of children from the parents. */
static inline void disc_children(struct disc *d)
{
	size_t n = d->draft.section[INDEX_ENTRIES].count;

	d->draft.section[INDEX_CHILDREN].count = 0;
	for (uint32_t p = 0; p < n; p++) {
		if (!S_ISDIR(disc_at(d, p)->mode))
			continue;
		disc_at(d, p)->first = (uint32_t)d->draft.section[INDEX_CHILDREN].count;
		disc_at(d, p)->count = disc_at(d, p)->subdirs = 0;
		for (uint32_t i = 1; i < n; i++)
			if (disc_at(d, i)->parent == p) {
				index_draft_add(&d->draft, INDEX_CHILDREN, &i);
				disc_at(d, p)->count++;
				disc_at(d, p)->subdirs += S_ISDIR(disc_at(d, i)->mode);
			}
	}
}

/* What the entries of disc_fill() are. */
enum disc_number {
	DISC_ROOT,
	DISC_BOOT,
	DISC_BOOT_X, /* "boot-x" stands before "boot/grub", because '-' comes before '/' */
	DISC_GRUB,
	DISC_GRUB_CFG,
	DISC_INITRD,
	DISC_KERNEL,
	DISC_EMPTY,
	DISC_LINK,
	DISC_NOTHING, /* an empty directory */
	DISC_PIECES,
	DISC_PACKED, /* zisofs */
	DISC_COUNT,
};

#define DISC_TARGET "../boot/vmlinuz"
#define DISC_PIECE  3000u

static inline void disc_fill(struct disc *d)
{
	uint32_t files[2];

	disc_entry(d, 0, "", S_IFDIR | 0755);
	disc_dir(d, DISC_ROOT, "boot");
	disc_file(d, DISC_ROOT, "boot-x", 1, 10);
	disc_dir(d, DISC_BOOT, "grub");
	disc_file(d, DISC_GRUB, "grub.cfg", 1, 300);
	disc_file(d, DISC_BOOT, "initrd", 1, 9000);
	disc_file(d, DISC_BOOT, "vmlinuz", 1, 5000);
	disc_file(d, DISC_ROOT, "empty", 0, 0);
	disc_link(d, DISC_ROOT, "link", DISC_TARGET);
	disc_dir(d, DISC_ROOT, "nothing");
	disc_file(d, DISC_ROOT, "pieces", 5, DISC_PIECE);
	disc_entry(d, DISC_ROOT, "zisofs.txt", S_IFREG | 0444);
	disc_at(d, DISC_PACKED)->flags = VOLUME_ZISOFS;
	disc_at(d, DISC_PACKED)->size = 12345;
	disc_at(d, DISC_KERNEL)->mode |= 0111;
	files[0] = disc_boot_file(d, INDEX_DIR_KERNEL, "vmlinuz", DISC_KERNEL);
	files[1] = disc_boot_file(d, INDEX_DIR_INITRD, "initrd", DISC_INITRD);
	disc_boot(d, "Try it", files[0], files[1]);
	disc_children(d);
}

/* The index as bytes, owned by the caller. */
static inline uint8_t *disc_index(struct disc *d, size_t *size)
{
	int fd = memfd_create("index", MFD_CLOEXEC);
	struct stat st;
	uint8_t *bytes;

	disc_need(fd >= 0 && !index_draft_write(&d->draft, fd) && !fstat(fd, &st));
	*size = (size_t)st.st_size;
	bytes = malloc(*size);
	disc_need(bytes && !pread_full(fd, bytes, *size, 0));
	close(fd);
	return bytes;
}

static inline int disc_memfd(const void *bytes, size_t size)
{
	int fd = memfd_create("bytes", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	disc_need(fd >= 0 && !write_full(fd, bytes, size));
	disc_need(!fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL));
	return fd;
}

static inline struct image *disc_open(struct disc *d, uint64_t serial, const char *path, time_t when)
{
	struct stat st = {.st_size = (off_t)d->size, .st_mtim = {.tv_sec = DISC_MTIME}};
	struct image *im = NULL;
	struct reason why = {""};
	size_t size;
	uint8_t *bytes = disc_index(d, &size);
	int index = disc_memfd(bytes, size), r;

	r = image_open(serial, path, disc_memfd(d->bytes, d->size), &st, index,
		       (struct timespec){.tv_sec = when}, &im, &why);
	if (r)
		printf("# image_open: %d, %s\n", r, why.text);
	disc_need(!r);
	close(index);
	free(bytes);
	return im;
}

/* A disc of its own with disc_fill(), its bytes and identity by seed. */
static inline struct image *disc_image(uint64_t serial, const char *path, uint8_t seed, time_t when)
{
	struct image *im;
	struct disc d;

	disc_init(&d, seed);
	disc_fill(&d);
	im = disc_open(&d, serial, path, when);
	disc_free(&d);
	return im;
}

#endif
