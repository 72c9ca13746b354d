/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "bootcfg.h"
#include "index.h"
#include "index_private.h"
#include "initrd.h"
#include "volume.h"

static const size_t index_element_size[INDEX_SECTIONS] = {
	[INDEX_ENTRIES] = sizeof(struct index_entry),
	[INDEX_EXTENTS] = sizeof(struct index_extent),
	[INDEX_CHILDREN] = sizeof(uint32_t),
	[INDEX_SQUASH] = sizeof(struct index_squash),
	[INDEX_NUMBERS] = sizeof(uint64_t),
	[INDEX_FILES] = sizeof(struct index_file),
	[INDEX_BOOTS] = sizeof(struct index_boot),
	[INDEX_REFS] = sizeof(uint32_t),
	[INDEX_ARCHIVES] = sizeof(struct index_archive),
	[INDEX_MEMBERS] = sizeof(struct index_member),
	[INDEX_GRAFTS] = sizeof(struct index_graft),
	[INDEX_BYTES] = 1,
	[INDEX_STRINGS] = 1,
};

static uint64_t index_padded(uint64_t bytes)
{
	return (bytes + 7) & ~(uint64_t)7;
}

void index_draft_init(struct index_draft *d)
{
	memset(d, 0, sizeof(*d));
	memcpy(d->header.magic, INDEX_MAGIC, sizeof(d->header.magic));
	d->header.version = INDEX_VERSION;
	index_draft_string(d, "");
}

static void *index_draft_room(struct index_draft *d, enum index_section s, size_t more)
{
	size_t size = index_element_size[s];

	if (d->error)
		return NULL;
	if (d->section[s].count + more > UINT32_MAX) {
		d->error = -E2BIG;
		return NULL;
	}
	d->error = array_grow(&d->section[s].data, &d->section[s].room, d->section[s].count + more - 1, size);
	return d->error ? NULL : (char *)d->section[s].data + d->section[s].count * size;
}

uint32_t index_draft_string(struct index_draft *d, const char *s)
{
	size_t len = s ? strlen(s) : 0;
	uint32_t at = (uint32_t)d->section[INDEX_STRINGS].count;
	char *p;

	if (len == 0 && at > 0)
		return 0;
	p = index_draft_room(d, INDEX_STRINGS, len + 1);
	if (!p)
		return 0;
	if (len)
		memcpy(p, s, len);
	p[len] = 0;
	d->section[INDEX_STRINGS].count += len + 1;
	return at;
}

void index_draft_bytes(struct index_draft *d, const void *bytes, size_t size)
{
	void *p = size ? index_draft_room(d, INDEX_BYTES, size) : NULL;

	if (!p)
		return;
	memcpy(p, bytes, size);
	d->section[INDEX_BYTES].count += size;
}

uint32_t index_draft_add(struct index_draft *d, enum index_section s, const void *element)
{
	void *p = index_draft_room(d, s, 1);

	if (!p)
		return 0;
	memcpy(p, element, index_element_size[s]);
	return (uint32_t)d->section[s].count++;
}

int index_draft_write(struct index_draft *d, int fd)
{
	static const char zeros[8];
	uint64_t total = sizeof(d->header);
	int r;

	if (d->error)
		return d->error;
	for (int s = 0; s < INDEX_SECTIONS; s++) {
		d->header.count[s] = d->section[s].count;
		total += index_padded(d->section[s].count * index_element_size[s]);
	}
	d->header.total = total;
	r = write_full(fd, &d->header, sizeof(d->header));
	for (int s = 0; s < INDEX_SECTIONS && !r; s++) {
		size_t bytes = d->section[s].count * index_element_size[s];

		if (bytes)
			r = write_full(fd, d->section[s].data, bytes);
		if (!r)
			r = write_full(fd, zeros, index_padded(bytes) - bytes);
	}
	return r;
}

void index_draft_free(struct index_draft *d)
{
	for (int s = 0; s < INDEX_SECTIONS; s++)
		free(d->section[s].data);
	memset(d, 0, sizeof(*d));
}

/* Checks of an opened index. Each returns 0 or a filled reason. */

int index_bad(struct reason *why, const char *what)
{
	return reason_set(why, -EBADMSG, "index: %s", what);
}

bool index_name_ok(const char *name)
{
	size_t n = strnlen(name, 256);

	return n && n <= 255 && strcmp(name, ".") && strcmp(name, "..") && !memchr(name, '/', n);
}

/* Compares the paths of two entries bytewise without building them: the parents' chains are walked up to
 * one depth and then side by side; depth is bounded because a parent's number is smaller. */
static size_t index_path(const struct index *x, uint32_t e, const char **parts, size_t max)
{
	size_t n = 0;

	for (; e != 0 && n < max; e = x->entries[e].parent)
		parts[n++] = index_string(x, x->entries[e].name);
	return e == 0 ? n : SIZE_MAX;
}

#define INDEX_DEPTH	 66
#define INDEX_TARGET_MAX 4096 /* PATH_MAX: what readlink(2) can be answered with */
#define INDEX_LAYERS_MAX 64
/* Menus are at most some hundred entries; these bound what is done for each pair or each look-up. */
#define INDEX_BOOTS_MAX 1024
#define INDEX_WORD_MAX	65536
#define INDEX_FILES_MAX (INDEX_BOOTS_MAX * (1 + BOOTCFG_INITRDS))

static int index_path_cmp(const char **a, size_t an, const char **b, size_t bn)
{
	while (an && bn) {
		const unsigned char *p = (const unsigned char *)a[--an], *q = (const unsigned char *)b[--bn];

		while (*p && *p == *q)
			p++, q++;
		if (!*p && !*q)
			continue;
		/* What follows the component in the whole path is '/' or the end. */
		int pc = *p ? *p : an ? '/' : 0, qc = *q ? *q : bn ? '/' : 0;

		if (pc != qc)
			return pc < qc ? -1 : 1;
		return !*p ? -1 : 1; /* a '/' inside a name was refused before: cannot happen */
	}
	return an ? 1 : bn ? -1 : 0;
}

static int index_check_entries(const struct index *x, uint64_t image_size, struct reason *why)
{
	const struct index_header *h = x->header;
	const char *before[INDEX_DEPTH], *now[INDEX_DEPTH];
	size_t before_n = 0, now_n, target;
	uint64_t listed = 0;

	for (uint64_t i = 0; i < h->count[INDEX_ENTRIES]; i++) {
		const struct index_entry *e = &x->entries[i];
		uint64_t limit = h->count[S_ISDIR(e->mode) ? INDEX_CHILDREN : INDEX_EXTENTS], sum = 0;

		if (e->name >= h->count[INDEX_STRINGS] || e->target >= h->count[INDEX_STRINGS])
			return index_bad(why, "a string outside");
		if (!S_ISDIR(e->mode) && !S_ISREG(e->mode) && !S_ISLNK(e->mode))
			return index_bad(why, "an entry of no known kind");
		if (e->mode & ~(uint32_t)(S_IFMT | 07777))
			return index_bad(why, "mode bits that do not exist");
		if (e->size > INT64_MAX)
			return index_bad(why, "a file of no possible size");
		target = strnlen(index_string(x, e->target), INDEX_TARGET_MAX);
		if (S_ISLNK(e->mode) && (!target || target >= INDEX_TARGET_MAX))
			return index_bad(why, "a link of no possible text");
		if (i == 0 ? !S_ISDIR(e->mode) || e->parent
			   : e->parent >= i || !index_name_ok(index_string(x, e->name)))
			return index_bad(why, "an entry without a place");
		if (i && !S_ISDIR(x->entries[e->parent].mode))
			return index_bad(why, "an entry below a file");
		now_n = index_path(x, (uint32_t)i, now, INDEX_DEPTH);
		if (now_n == SIZE_MAX)
			return index_bad(why, "a path too deep");
		if (i && index_path_cmp(before, before_n, now, now_n) >= 0)
			return index_bad(why, "paths out of order");
		memcpy(before, now, now_n * sizeof(now[0]));
		before_n = now_n;
		if (!range_inside(e->first, e->count, limit))
			return index_bad(why, "a list outside");
		if (!S_ISREG(e->mode))
			continue;
		/* Lists that overlapped would make a small index endless to go through. */
		listed += e->count;
		if (listed > h->count[INDEX_EXTENTS])
			return index_bad(why, "more extents listed than there are");
		for (uint32_t k = 0; k < e->count; k++) {
			const struct index_extent *ext = &x->extents[e->first + k];

			if (!ext->length || !range_inside(ext->offset, ext->length, image_size) ||
			    __builtin_add_overflow(sum, ext->length, &sum))
				return index_bad(why, "an extent outside the image");
		}
		if (sum != e->size && !(e->flags & VOLUME_ZISOFS && !e->count))
			return index_bad(why, "a file whose extents are not its size");
	}
	return 0;
}

static int index_check_children(const struct index *x, struct reason *why)
{
	uint64_t listed = 0, n = x->header->count[INDEX_ENTRIES];

	for (uint64_t i = 0; i < n; i++) {
		const struct index_entry *e = &x->entries[i];
		uint32_t subdirs = 0;

		if (!S_ISDIR(e->mode))
			continue;
		for (uint32_t k = 0; k < e->count; k++) {
			uint32_t c = x->children[e->first + k];

			if (c == 0 || c >= n || x->entries[c].parent != i)
				return index_bad(why, "a child of somebody else");
			if (k && strcmp(index_string(x, x->entries[x->children[e->first + k - 1]].name),
					index_string(x, x->entries[c].name)) >= 0)
				return index_bad(why, "children out of order");
			subdirs += S_ISDIR(x->entries[c].mode);
		}
		if (subdirs != e->subdirs)
			return index_bad(why, "directories miscounted");
		listed += e->count;
	}
	/* Each entry names one parent and each list is in strict order, so equal sums mean all are listed. */
	return listed == n - 1 ? 0 : index_bad(why, "an entry that nobody lists");
}

static int index_check_squash(const struct index *x, uint64_t image_size, struct reason *why)
{
	const struct index_header *h = x->header;
	unsigned roots = 0;

	if (h->count[INDEX_SQUASH] > INDEX_LAYERS_MAX)
		return index_bad(why, "too many layers");
	for (uint64_t i = 0; i < h->count[INDEX_SQUASH]; i++) {
		const struct index_squash *q = &x->squash[i];

		if (!range_inside(q->offset, q->length, image_size) || q->entry >= h->count[INDEX_ENTRIES] ||
		    q->name >= h->count[INDEX_STRINGS] ||
		    !range_inside(q->numbers_first, q->numbers_count, h->count[INDEX_NUMBERS]))
			return index_bad(why, "a squashfs outside");
		if (!index_name_ok(index_string(x, q->name)))
			return index_bad(why, "a layer without a name");
		for (uint64_t k = 0; k < i; k++)
			if (!strcmp(index_string(x, x->squash[k].name), index_string(x, q->name)))
				return index_bad(why, "two layers of one name");
		roots += !!(q->flags & INDEX_SQUASH_ROOT);
	}
	return roots <= 1 ? 0 : index_bad(why, "too many roots");
}

static bool index_refs_are(const struct index *x, uint32_t first, uint32_t count, uint64_t limit)
{
	if (!range_inside(first, count, x->header->count[INDEX_REFS]))
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (x->refs[first + i] >= limit)
			return false;
	return true;
}

static bool index_words_are(const struct index *x, uint32_t first, uint32_t count)
{
	if (!index_refs_are(x, first, count, x->header->count[INDEX_STRINGS]))
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (strnlen(index_string(x, x->refs[first + i]), INDEX_WORD_MAX) == INDEX_WORD_MAX)
			return false;
	return true;
}

static int index_check_boots(const struct index *x, struct reason *why)
{
	const struct index_header *h = x->header;
	uint64_t strings = h->count[INDEX_STRINGS], files = h->count[INDEX_FILES], listed = 0;

	if (h->count[INDEX_BOOTS] > INDEX_BOOTS_MAX || files > INDEX_FILES_MAX)
		return index_bad(why, "too many boot entries or files");
	for (uint64_t i = 0; i < files; i++) {
		const struct index_file *f = &x->files[i];

		if (f->can & ~INITRD_ALL || (f->can && (f->dir != INDEX_DIR_INITRD || !h->judged)))
			return index_bad(why, "a judgement that cannot be");
		if (f->dir > INDEX_DIR_INITRD || f->name >= strings || f->entry >= h->count[INDEX_ENTRIES] ||
		    !S_ISREG(x->entries[f->entry].mode) || !index_name_ok(index_string(x, f->name)))
			return index_bad(why, "a boot file that is none");
		if (i && (x->files[i - 1].dir > f->dir ||
			  (x->files[i - 1].dir == f->dir &&
			   strcmp(index_string(x, x->files[i - 1].name), index_string(x, f->name)) >= 0)))
			return index_bad(why, "boot files out of order");
	}
	for (uint64_t i = 0; i < h->count[INDEX_BOOTS]; i++) {
		const struct index_boot *b = &x->boots[i];

		listed += (uint64_t)b->word_count + b->initrd_count;
		if (listed > h->count[INDEX_REFS])
			return index_bad(why, "too many boot words listed for those there are");
		if (b->kind > BOOTCFG_CHAIN || b->title >= strings || b->submenu >= strings ||
		    b->source >= strings || b->kernel >= files ||
		    x->files[b->kernel].dir != INDEX_DIR_KERNEL ||
		    !index_words_are(x, b->word_first, b->word_count) ||
		    !index_refs_are(x, b->initrd_first, b->initrd_count, files) ||
		    (b->module_words != UINT32_MAX && !index_words_are(x, b->module_words, b->initrd_count)))
			return index_bad(why, "a boot entry that points outside");
		for (uint32_t k = 0; k < b->initrd_count; k++)
			if (x->files[x->refs[b->initrd_first + k]].dir != INDEX_DIR_INITRD)
				return index_bad(why, "an initrd that is none");
	}
	return 0;
}

int index_check(const void *bytes, size_t size, uint64_t image_size, struct index *out, struct reason *why)
{
	struct index x = {.header = bytes, .map_size = size};
	const void *at[INDEX_SECTIONS];
	const struct index_header *h = bytes;
	uint64_t off = sizeof(*h);
	int r;

	if (size < sizeof(*h) || memcmp(h->magic, INDEX_MAGIC, sizeof(h->magic)))
		return index_bad(why, "not one");
	if (h->version != INDEX_VERSION)
		return index_bad(why, "of another version");
	if (h->total != size || h->image_size != image_size)
		return index_bad(why, "of another size");
	for (int s = 0; s < INDEX_SECTIONS; s++) {
		uint64_t bytes_here;

		if (h->count[s] >= UINT32_MAX ||
		    __builtin_mul_overflow(h->count[s], (uint64_t)index_element_size[s], &bytes_here) ||
		    !range_inside(off, index_padded(bytes_here), size))
			return index_bad(why, "a section outside");
		at[s] = (const char *)bytes + off;
		off += index_padded(bytes_here);
	}
	x.entries = at[INDEX_ENTRIES];
	x.extents = at[INDEX_EXTENTS];
	x.children = at[INDEX_CHILDREN];
	x.squash = at[INDEX_SQUASH];
	x.numbers = at[INDEX_NUMBERS];
	x.files = at[INDEX_FILES];
	x.boots = at[INDEX_BOOTS];
	x.refs = at[INDEX_REFS];
	x.archives = at[INDEX_ARCHIVES];
	x.members = at[INDEX_MEMBERS];
	x.graft = h->count[INDEX_GRAFTS] ? at[INDEX_GRAFTS] : NULL;
	x.bytes = at[INDEX_BYTES];
	x.strings = at[INDEX_STRINGS];
	if (!h->count[INDEX_STRINGS] || x.strings[0] || x.strings[h->count[INDEX_STRINGS] - 1])
		return index_bad(why, "strings without an end");
	if (!h->count[INDEX_ENTRIES] || h->count[INDEX_ENTRIES] > (UINT32_MAX >> 1) ||
	    h->label >= h->count[INDEX_STRINGS] || h->note >= h->count[INDEX_STRINGS] || h->judged < 0 ||
	    h->judged_nsec > 999999999 ||
	    !memchr(h->family, 0, sizeof(h->family)))
		return index_bad(why, "a header that cannot be");
	r = index_check_entries(&x, image_size, why);
	if (!r)
		r = index_check_children(&x, why);
	if (!r)
		r = index_check_squash(&x, image_size, why);
	if (!r)
		r = index_check_boots(&x, why);
	if (!r)
		r = index_check_archives(&x, why);
	if (!r)
		*out = x;
	return r;
}

int index_open(int fd, uint64_t image_size, struct index **out, struct reason *why)
{
	struct index *x;
	struct stat st;
	void *map;
	int r;

	if (fstat(fd, &st) < 0)
		return reason_set(why, -errno, "index: %s", strerror(errno));
	if (st.st_size < (off_t)sizeof(struct index_header))
		return index_bad(why, "too short");
	x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		free(x);
		return reason_set(why, -ENOMEM, "index: %s", strerror(errno));
	}
	r = index_check(map, (size_t)st.st_size, image_size, x, why);
	if (r) {
		munmap(map, (size_t)st.st_size);
		free(x);
		return r;
	}
	*out = x;
	return 0;
}

void index_close(struct index *x)
{
	if (!x)
		return;
	munmap((void *)(uintptr_t)x->header, x->map_size);
	free(x);
}

int index_write_judged(const struct index *x, const uint64_t *can, struct timespec when, int fd)
{
	uint64_t count = x->header->count[INDEX_FILES];
	struct index_header head = *x->header;
	const char *begin = (const char *)x->header, *rest = (const char *)(x->files + count);
	int r;

	head.judged = when.tv_sec;
	head.judged_nsec = (uint32_t)when.tv_nsec;
	r = write_full(fd, &head, sizeof(head));
	if (!r)
		r = write_full(fd, begin + sizeof(head), (size_t)((const char *)x->files - begin) - sizeof(head));
	for (uint64_t i = 0; i < count && !r; i++) {
		struct index_file f = x->files[i];

		f.can = can[i];
		r = write_full(fd, &f, sizeof(f));
	}
	return r ? r : write_full(fd, rest, x->map_size - (size_t)(rest - begin));
}

bool index_same_but_judged(const struct index *a, const struct index *b)
{
	struct index_header p = *a->header, q = *b->header;
	const char *begin = (const char *)a->header, *other = (const char *)b->header;
	size_t files, rest;

	p.judged = q.judged = 0;
	p.judged_nsec = q.judged_nsec = 0;
	/* From here on the sections are at the same places. */
	if (a->map_size != b->map_size || memcmp(&p, &q, sizeof(p)))
		return false;
	files = (size_t)((const char *)a->files - begin);
	rest = (size_t)((const char *)(a->files + p.count[INDEX_FILES]) - begin);
	if (memcmp(begin + sizeof(p), other + sizeof(p), files - sizeof(p)) ||
	    memcmp(begin + rest, other + rest, a->map_size - rest))
		return false;
	for (uint64_t i = 0; i < p.count[INDEX_FILES]; i++) {
		struct index_file f = a->files[i], g = b->files[i];

		f.can = g.can = 0;
		if (memcmp(&f, &g, sizeof(f)))
			return false;
	}
	return true;
}

bool index_is_judged(int fd)
{
	struct index_header h;

	return !pread_full(fd, &h, sizeof(h), 0) && h.judged;
}

int index_child(const struct index *x, uint32_t dir, const char *name, uint32_t *entry)
{
	const struct index_entry *d = &x->entries[dir];
	uint32_t lo = 0, hi = d->count;

	if (!S_ISDIR(d->mode))
		return -ENOTDIR;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2, c = x->children[d->first + mid];
		int cmp = strcmp(name, index_string(x, x->entries[c].name));

		if (cmp == 0) {
			*entry = c;
			return 0;
		}
		if (cmp < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return -ENOENT;
}

void index_file_range(const struct index *x, enum index_dir dir, uint32_t *first, uint32_t *end)
{
	uint32_t n = (uint32_t)x->header->count[INDEX_FILES], i = 0;

	while (i < n && x->files[i].dir < dir)
		i++;
	*first = i;
	while (i < n && x->files[i].dir == dir)
		i++;
	*end = i;
}

int index_file_find(const struct index *x, enum index_dir dir, const char *name, uint32_t *file)
{
	uint32_t i, end;

	for (index_file_range(x, dir, &i, &end); i < end; i++)
		if (!strcmp(index_string(x, x->files[i].name), name)) {
			*file = i;
			return 0;
		}
	return -ENOENT;
}
