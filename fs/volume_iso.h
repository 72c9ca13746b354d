/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_VOLUME_ISO_H
#define PXEFS_VOLUME_ISO_H

#include "base.h"

/* The plain structures of ECMA-119 and Joliet: volume descriptors, directory records, dates and
 * names. Every function takes bytes of strangers and looks at nothing outside what it was given. */

#define ISO_SYSTEM_AREA (16 * (uint64_t)ISO_BLOCK) /* where the volume descriptors begin */
#define ISO_DESCRIPTORS (16 * (size_t)ISO_BLOCK)   /* how many bytes of them are looked at */
#define ISO_NAME_MAX 255 /* the longest name that an NFS client can ask for */

enum iso_record_flags {
	ISO_RECORD_DIRECTORY = 0x02,
	ISO_RECORD_ASSOCIATED = 0x04, /* a resource fork, under the name of its file */
	ISO_RECORD_CONTINUES = 0x80,  /* the next record has more of this file */
};

/* One directory record; id and use point into the bytes that it was read from. */
struct iso_record {
	uint64_t offset; /* byte in the image where its data begin */
	uint32_t size;
	uint8_t flags; /* enum iso_record_flags */
	bool interleaved;
	int64_t mtime;
	const uint8_t *id, *use; /* file identifier, system use area */
	size_t id_len, use_len;  /* id_len > 0 */
};

struct iso_descriptors {
	bool primary, joliet, udf; /* what there is; all else is valid with primary only */
	uint32_t block_size;
	uint64_t volume_size; /* bytes */
	uint64_t root, joliet_root; /* byte offsets of the root directories */
	uint32_t root_size, joliet_root_size;
	char label[33]; /* as struct volume has it */
	int64_t created;
};

/* Reads the descriptor set at p, which is len bytes from ISO_SYSTEM_AREA on. Never fails: what is
 * not there is not set. */
void iso_descriptors_parse(const uint8_t *p, size_t len, struct iso_descriptors *d);

/* Reads the record at p, of which room bytes may be looked at; *len is its length (>= 34, <= room).
 * 0 or -EBADMSG. */
int iso_record_parse(const uint8_t *p, size_t room, struct iso_record *record, size_t *len);

/* Seconds since the epoch of a 7-byte binary or a 17-byte digit date; 0 where it is none. */
int64_t iso_time_binary(const uint8_t *p);
int64_t iso_time_digits(const uint8_t *p);

/* Writes the name for people of a record's identifier: without ";1", plain names without a "." at the end.
 * Joliet's UTF-16BE becomes UTF-8, and half a surrogate pair the three bytes that it would have
 * (no UTF-8, but no two names become one). out has room for ISO_NAME_MAX bytes and no NUL is written.
 * The length, or 0 where the identifier is no name at all or too long. */
size_t iso_name_plain(const uint8_t *id, size_t len, char *out);
size_t iso_name_joliet(const uint8_t *id, size_t len, char *out);

/* True when a directory can have this name: 1 to ISO_NAME_MAX bytes, no NUL or '/', not "." or "..". */
bool iso_name_usable(const char *name, size_t len);

#endif
