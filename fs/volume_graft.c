/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <ctype.h>

#include "volume_graft.h"
#include "volume_iso.h"
#include "volume_rockridge.h"

#define ROOT_MAX (1u << 20) /* bytes of a root directory; some 100 is what installers' discs have in it */
#define NAME_MAX_HERE 64u
#define RECORD_MAX 255u

/* Places in a directory record (ECMA-119 9.1) and in the primary volume descriptor (8.4). Numbers stand there twice,
 * the first time with their low byte first. */
enum { RECORD_XATTR = 1, RECORD_EXTENT = 2, RECORD_SIZE = 10, RECORD_ID_LEN = 32, RECORD_ID = 33 };
enum { DESCRIPTOR_SPACE = 80, DESCRIPTOR_ROOT = 156 };

struct graft {
	const uint8_t *map;
	size_t size;
	const struct volume_graft_file *files;
	size_t count;
	size_t skip;           /* bytes before each record's System Use entries */
	uint8_t date[7];       /* the old root directory's */
	uint8_t *dir;          /* the new one */
	size_t len, room;
	size_t at[VOLUME_GRAFT_FILES]; /* each file's record in it */
	bool placed[VOLUME_GRAFT_FILES];
	struct reason *why;
};

static void both32(uint8_t *p, uint32_t n)
{
	for (unsigned i = 0; i < 4; i++) {
		p[i] = (uint8_t)(n >> (8 * i));
		p[7 - i] = p[i];
	}
}

static size_t blocks(uint64_t bytes)
{
	return (size_t)((bytes + ISO_BLOCK - 1) / ISO_BLOCK);
}

static bool name_ok(const char *name)
{
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

	return len && !name[len] && len <= NAME_MAX_HERE && name[0] != '.';
}

/* What plain ISO 9660 calls the file; Rock Ridge has its name. */
static size_t plain_id(const char *name, uint8_t *id)
{
	size_t n = 0;

	for (; name[n]; n++)
		id[n] = name[n] == '-' ? '_' : (uint8_t)toupper((unsigned char)name[n]);
	memcpy(id + n, ";1", 2);
	return n + 2;
}

/* A record goes into one block. */
static uint8_t *dir_put(struct graft *g, const uint8_t *record, size_t len)
{
	uint8_t *p;

	if (g->len % ISO_BLOCK + len > ISO_BLOCK)
		g->len += volume_graft_padding(g->len);
	if (len > g->room - g->len)
		return NULL;
	p = memcpy(g->dir + g->len, record, len);
	g->len += len;
	return p;
}

/* IEEE P1282 (Rock Ridge 1.12, and 1.09 as far as this goes): PX with mode, links, owner and group; TF with the times
 * of change, access and attributes; NM with the name. */
static size_t file_record(const struct graft *g, const struct volume_graft_file *f, uint8_t *out)
{
	size_t name_len = strlen(f->name), n = RECORD_ID;

	memset(out, 0, RECORD_MAX + 1);
	memcpy(out + 18, g->date, sizeof(g->date));
	both32(out + RECORD_SIZE, f->text ? (uint32_t)strlen(f->text) : 0);
	out[28] = out[31] = 1; /* volume sequence number */
	out[RECORD_ID_LEN] = (uint8_t)plain_id(f->name, out + n);
	n += out[RECORD_ID_LEN];
	n += (n & 1) + g->skip;
	memcpy(out + n, "PX\x24\x01", 4);
	both32(out + n + 4, 0100444);
	both32(out + n + 12, 1);
	n += 36;
	memcpy(out + n, "TF\x1a\x01\x0e", 5);
	for (unsigned i = 0; i < 3; i++)
		memcpy(out + n + 5 + 7u * i, g->date, 7);
	n += 26;
	out[n] = 'N';
	out[n + 1] = 'M';
	out[n + 2] = (uint8_t)(5 + name_len);
	out[n + 3] = 1;
	memcpy(out + n + 5, f->name, name_len);
	n += 5 + name_len;
	n += n & 1;
	out[0] = (uint8_t)n;
	return n;
}

static int file_put(struct graft *g, size_t i)
{
	uint8_t record[RECORD_MAX + 1];
	size_t len;
	uint8_t *p;

	/* Identifier and padding, what stands before the entries, PX, TF, NM and padding. */
	if (RECORD_ID + NAME_MAX_HERE + 3 + g->skip + 36 + 26 + NAME_MAX_HERE + 6 > RECORD_MAX)
		return reason_set(g->why, -EOPNOTSUPP, "its directory records have no room");
	len = file_record(g, &g->files[i], record);
	p = dir_put(g, record, len);
	if (!p)
		return -ENOMEM;
	g->at[i] = (size_t)(p - g->dir);
	g->placed[i] = true;
	return 0;
}

static int id_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	int r = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return r ? r : (a_len > b_len) - (a_len < b_len);
}

/* The files that belong before a record of that identifier, in the order of theirs; all without one. */
static int files_before(struct graft *g, const uint8_t *id, size_t id_len)
{
	int r = 0;

	while (!r) {
		uint8_t own[NAME_MAX_HERE + 2], best[NAME_MAX_HERE + 2];
		size_t own_len, best_len = 0, next = g->count;

		for (size_t i = 0; i < g->count; i++) {
			own_len = plain_id(g->files[i].name, own);
			if (g->placed[i] || (id && id_cmp(own, own_len, id, id_len) > 0) ||
			    (next < g->count && id_cmp(own, own_len, best, best_len) > 0))
				continue;
			next = i;
			best_len = own_len;
			memcpy(best, own, own_len);
		}
		if (next == g->count)
			return 0;
		if (id && !id_cmp(best, best_len, id, id_len))
			return reason_set(g->why, -EOPNOTSUPP, "it has another file where %s would be",
					  g->files[next].name);
		r = file_put(g, next);
	}
	return r;
}

/* Whether one of the new files takes the place of that record's. What has no name of Rock Ridge's has its plain one,
 * which Linux shows in lower case. */
static int record_replaced(const struct graft *g, const struct iso_record *record, bool *replaced)
{
	char plain[ISO_NAME_MAX];
	size_t plain_len = iso_name_plain(record->id, record->id_len, plain);
	struct rockridge rr;
	uint64_t budget = ROOT_MAX;
	struct rockridge_area area = {.map = g->map, .size = g->size, .budget = &budget};
	size_t skip = g->skip < record->use_len ? g->skip : record->use_len;
	int r = rockridge_read(&area, record->use + skip, record->use_len - skip, &rr);

	*replaced = false;
	for (size_t i = 0; i < g->count && !r; i++) {
		const char *name = g->files[i].name;

		if (rr.name_seen && !rr.name_bad)
			*replaced |= rr.name_len == strlen(name) && !memcmp(rr.name, name, rr.name_len);
		else
			*replaced |= plain_len == strlen(name) && !strncasecmp(plain, name, plain_len);
	}
	return r;
}

static int dir_copy(struct graft *g, const uint8_t *root, size_t root_size)
{
	bool replaced = false, continues = false; /* a file's further records follow its first one */
	size_t len, seen = 0;
	int r = 0;

	for (size_t at = 0; at < root_size && !r;) {
		size_t left = ISO_BLOCK - at % ISO_BLOCK;
		struct iso_record record;

		if (left > root_size - at)
			left = root_size - at;
		if (!root[at]) {
			at += left;
			continue;
		}
		if (iso_record_parse(root + at, left, &record, &len))
			return reason_set(g->why, -EBADMSG, "corrupt: its root directory");
		/* The first two are "." and "..". */
		if (seen++ >= 2 && !continues) {
			r = record_replaced(g, &record, &replaced);
			if (!r && !replaced)
				r = files_before(g, record.id, record.id_len);
		}
		continues = seen > 2 && record.flags & ISO_RECORD_CONTINUES;
		if (!r && !replaced && !dir_put(g, root + at, len))
			r = -ENOMEM;
		at += len;
	}
	if (r == -EBADMSG)
		return reason_set(g->why, r, "corrupt: a Rock Ridge entry of its root directory");
	if (!r && seen < 2)
		return reason_set(g->why, -EBADMSG, "corrupt: its root directory");
	return r ? r : files_before(g, NULL, 0);
}

static void place(uint8_t *record, uint64_t block, uint64_t size)
{
	record[RECORD_XATTR] = 0;
	both32(record + RECORD_EXTENT, (uint32_t)block);
	both32(record + RECORD_SIZE, (uint32_t)size);
}

/* The directory, then the files' texts, each from a block's beginning. first is the block that this comes to. */
static int graft_lay_out(struct graft *g, uint64_t first, struct volume_graft *out)
{
	size_t dir_size = g->len + volume_graft_padding(g->len), size = dir_size, last = g->count - 1;
	uint64_t root = first;

	for (size_t i = 0; i < last; i++)
		size += strlen(g->files[i].text) + volume_graft_padding(strlen(g->files[i].text));
	if (first + size / ISO_BLOCK > UINT32_MAX - (1u << 21)) /* and 4 GiB for the last file */
		return reason_set(g->why, -EOPNOTSUPP, "it is too large for one file more");
	out->tail = calloc(1, size);
	if (!out->tail)
		return -ENOMEM;
	out->tail_size = size;
	memcpy(out->tail, g->dir, g->len);
	place(out->tail, root, dir_size);
	place(out->tail + out->tail[0], root, dir_size);
	place(out->head + DESCRIPTOR_ROOT, root, dir_size);
	size = dir_size;
	for (size_t i = 0; i < g->count; i++) {
		size_t len = i < last ? strlen(g->files[i].text) : 0;

		place(out->tail + g->at[i], root + size / ISO_BLOCK, len);
		if (len)
			memcpy(out->tail + size, g->files[i].text, len);
		size += len + volume_graft_padding(len);
	}
	out->size_at = g->at[last] + RECORD_SIZE;
	both32(out->head + DESCRIPTOR_SPACE, (uint32_t)(first + out->tail_size / ISO_BLOCK));
	return 0;
}

/* Where the primary volume descriptor is: iso_descriptors_parse() has found one. */
static uint64_t descriptor_find(const uint8_t *map, size_t size)
{
	uint64_t at = ISO_SYSTEM_AREA;

	while (at + 2 * ISO_BLOCK <= size && !(map[at] == 1 && !memcmp(map + at + 1, "CD001", 5)))
		at += ISO_BLOCK;
	return at;
}

static int graft_root(struct graft *g, struct volume_graft *out)
{
	size_t room = g->size > ISO_SYSTEM_AREA ? g->size - ISO_SYSTEM_AREA : 0, len, at;
	struct iso_descriptors d;
	struct iso_record dot;
	int skip;

	iso_descriptors_parse(g->map + (room ? ISO_SYSTEM_AREA : 0), room < ISO_DESCRIPTORS ? room : ISO_DESCRIPTORS,
			      &d);
	if (!d.primary || d.block_size != ISO_BLOCK || !range_inside(d.root, d.root_size, g->size) ||
	    iso_record_parse(g->map + d.root, d.root_size < ISO_BLOCK ? d.root_size : ISO_BLOCK, &dot, &len))
		return reason_set(g->why, -EBADMSG, "corrupt: no root directory");
	skip = rockridge_skip(dot.use, dot.use_len, &at);
	if (skip < 0)
		return reason_set(g->why, -EOPNOTSUPP, "it has no Rock Ridge");
	if (d.root_size > ROOT_MAX)
		return reason_set(g->why, -EOPNOTSUPP, "its root directory is larger than 1 MiB");
	g->skip = (size_t)skip;
	memcpy(g->date, g->map + d.root + 18, sizeof(g->date));
	/* Records may fall into blocks otherwise: each block wastes less than one record. */
	g->room = (blocks(d.root_size) + d.root_size / ISO_BLOCK / 4 + 4) * ISO_BLOCK;
	g->dir = calloc(1, g->room);
	if (!g->dir)
		return -ENOMEM;
	out->descriptor = descriptor_find(g->map, g->size);
	memcpy(out->head, g->map + out->descriptor, ISO_BLOCK);
	if (iso_record_parse(out->head + DESCRIPTOR_ROOT, 34, &dot, &len) || dot.offset != d.root)
		return reason_set(g->why, -EBADMSG, "corrupt: its volume descriptors");
	return dir_copy(g, g->map + d.root, d.root_size);
}

int volume_graft_make(const uint8_t *map, size_t size, const struct volume_graft_file *files, size_t count,
		      struct volume_graft *out, struct reason *why)
{
	struct graft g = {.map = map, .size = size, .files = files, .count = count, .why = why};
	int r = 0;

	*out = (struct volume_graft){.tail = NULL};
	if (!count || count > VOLUME_GRAFT_FILES)
		return reason_set(why, -EINVAL, "no files");
	for (size_t i = 0; i < count && !r; i++)
		if (!name_ok(files[i].name) || !files[i].text != (i == count - 1))
			r = reason_set(why, -EINVAL, "no file can be called so");
	if (!r)
		r = graft_root(&g, out);
	if (!r)
		r = graft_lay_out(&g, blocks(size), out);
	free(g.dir);
	return r;
}

void volume_graft_size(uint8_t *head, uint8_t *tail, size_t size_at, uint32_t size)
{
	both32(tail + size_at, size);
	both32(head + DESCRIPTOR_SPACE, le32(head + DESCRIPTOR_SPACE) + (uint32_t)blocks(size));
}
