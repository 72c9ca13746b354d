/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_INITRD_PRIVATE_H
#define PXEFS_INITRD_PRIVATE_H

#include "initrd.h"

/* Between the parts of initrd: what decompresses (initrd.c), where a compressed part ends (initrd_frame.c), what
 * walks through archives (initrd_cpio.c) and what a member tells (initrd_names.c). */

/* --- initrd_names.c ---------------------------------------------------------------------------- */

/* Besides the bits of initrd.h, what becomes one of them only together with others. */
#define INITRD_MARK_LINUXRC   (UINT64_C(1) << 48) /* a file called /linuxrc */
#define INITRD_MARK_GENKERNEL (UINT64_C(1) << 49) /* genkernel's settings */
#define INITRD_MARK_BUSYBOX   (UINT64_C(1) << 50)
#define INITRD_MARK_IFUP      (UINT64_C(1) << 51) /* dracut's network-legacy, or another's program of that name */
#define INITRD_MARK_NM	      (UINT64_C(1) << 52) /* NetworkManager */
#define INITRD_MARK_NETWORKD  (UINT64_C(1) << 53)
#define INITRD_MARK_NETGEN    (UINT64_C(1) << 54) /* what tells systemd-networkd of the kernel line */
#define INITRD_MARK_CONNMAN   (UINT64_C(1) << 55)
#define INITRD_MARK_UDHCPC    (UINT64_C(1) << 56) /* the DHCP client's script, where mkinitfs puts it */
#define INITRD_MARK_CURL      (UINT64_C(1) << 57)

/* What the content of a file is looked through for. */
enum initrd_text { INITRD_TEXT_NONE, INITRD_TEXT_INIT, INITRD_TEXT_BUILTIN, INITRD_TEXT_DMSQUASH };
#define INITRD_TEXT_MAX (1u << 20) /* bytes; a longer file is not looked through */

/* What a member's name and kind (st_mode) tell, as bits and marks. */
uint64_t initrd_name_marks(const char *name, uint32_t mode);

/* Whether its content tells more. */
enum initrd_text initrd_name_text(const char *name, uint32_t mode);

/* What len bytes of such a file tell. */
uint64_t initrd_text_marks(enum initrd_text kind, const char *text, size_t len);

/* The bits of initrd.h that all marks together make. */
uint64_t initrd_marks_can(uint64_t marks);

/* --- initrd_cpio.c ----------------------------------------------------------------------------- */

#define INITRD_HEADER_SIZE 110u /* of newc: a magic number and 13 fields of 8 hexadecimal digits */
#define INITRD_NAME_MAX	   4096u /* the kernel's PATH_MAX, the NUL included */

/* A walk through archives that come in pieces of any size. Initialise with {0}; free() text in the end. */
struct initrd_walk {
	enum { INITRD_BETWEEN, INITRD_HEADER, INITRD_NAME, INITRD_DATA } state;
	bool bad;      /* what came is no archive */
	bool closed;   /* the last member was TRAILER!!! */
	uint64_t left; /* bytes of this part that are to come, padding included */
	size_t have;   /* bytes of header, name or text that are there */
	uint32_t mode;
	uint64_t size; /* of the data, without padding */
	size_t name_size;
	char header[INITRD_HEADER_SIZE], name[INITRD_NAME_MAX + 4];
	enum initrd_text text_kind;
	char *text; /* of a file that is looked through, or NULL */
	uint64_t members, marks;
};

/* Takes in bytes at p: archives of the formats newc and crc, one after the other, and zeros between them. Stops
 * before a byte between archives that begins neither, or where it makes no sense (bad is set). Returns how many it
 * took. What lies in a file that is not looked through is not touched. */
size_t initrd_walk_feed(struct initrd_walk *w, const uint8_t *p, size_t len);

/* --- initrd_frame.c ---------------------------------------------------------------------------- */

/* Each gives the length of the compressed part that begins at p, told by its own block sizes and without
 * decompression; 0 where it does not end within size bytes, is damaged, or asks for a window above 256 MiB. */
size_t initrd_xz_size(const uint8_t *p, size_t size);
size_t initrd_zstd_size(const uint8_t *p, size_t size);
size_t initrd_lz4_size(const uint8_t *p, size_t size);
/* The format of lz4 -l, which the kernel reads. It has no end of its own: it ends before what cannot be a block. */
size_t initrd_lz4_legacy_size(const uint8_t *p, size_t size);

#endif
