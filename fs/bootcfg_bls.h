/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BOOTCFG_BLS_H
#define PXEFS_BOOTCFG_BLS_H

#include "bootcfg_readers.h"
#include "bootcfg_slice.h"

/* Entries of the Boot Loader Specification (type 1): a file each in loader/entries/. systemd-boot shows them,
 * and GRUB of the Fedora family does where its menu says blscfg. Private to bootcfg*.c. */

#define BLS_OPTIONS 16 /* lines of options in one file */

enum bls_kind { BLS_NONE, BLS_LINUX, BLS_EFI, BLS_BAD };

/* Slices point into the job's texts, or into struct bls. */
struct bls_entry {
	const char *source; /* path of the file */
	struct slice id;    /* its name without ".conf" and the counter of boots */
	struct slice title, version, machine_id, sort_key;
	struct slice program; /* the kernel, or what the firmware starts */
	struct slice initrds[BOOTCFG_INITRDS], options[BLS_OPTIONS];
	size_t initrd_count, option_count;
	enum bls_kind kind;
	bool spent;   /* its counter of boots is down to 0 */
	bool too_big; /* more initrds or options than fit */
};

struct bls {
	struct bls_entry *v;
	size_t count, room;
	char *names; /* of the directory */
};

/* Reads the entries in the directory that have something to start on machines of the ISO's kind, in the order
 * in which systemd-boot shows them; files that cannot be read or are contradictory are counted. 0, or -ENOENT
 * and other -errno of bootcfg_list(); *out is to be freed in any case. */
int bls_load(struct bootcfg_job *job, const char *dir, unsigned depth, struct bls *out);
void bls_free(struct bls *bls);

/* Orders versions as the UAPI group's Version Format Specification does: negative, 0 or positive. */
int bls_version_order(struct slice a, struct slice b);

#endif
