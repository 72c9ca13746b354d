/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_NAMES_H
#define PXEFS_NAMES_H

#include "base.h"

/* From paths below the watch folder to paths in the tree: "Folder A/My Disc.ISO" to "Folder_A/My_Disc". Pure;
 * nothing of the file system is looked at.
 *
 * A file name loses its ".iso" (the last one, in any case of letters); then each component gets '_' for
 * each character outside [A-Za-z0-9._+-] (a character is one of valid UTF-8, else one byte), for a leading
 * dot and for an empty name. Within a folder a name belongs, in this order, to: a fixed entry (at the
 * top); the sub-folder called so; the only sub-folder that maps to it; the file called "<name>.iso"; the
 * only file that maps to it. Everyone else gets "-" and 4 hex digits of the hash of its own file
 * name. What would be over 64 bytes is cut and gets 6; more digits where two would still be equal.
 *
 * A path that got a suffix because of another is recorded with its number of digits, and keeps the
 * suffix when the other is gone. Given the record, the result depends on the set of paths alone. */

#define NAMES_MOST 64 /* bytes in a component */

struct names;

/* One with an empty record. 0 or -ENOMEM. */
int names_new(struct names **out);

/* Frees it, and no name that it gave; NULL is nothing. */
void names_free(struct names *n);

/* Takes in the record of earlier runs: lines as names_recorded() was given them. Lines that are not understood, a
 * torn last one too, are left out. A later line about a path counts. 0 or -ENOMEM. */
int names_load(struct names *n, const char *text, size_t len);

/* A line, with its newline, to be appended to the record. */
typedef void (*names_recorded)(void *ctx, const char *line);

/* Maps count paths (no leading slash; any order; the same one twice is the same name twice), of everything
 * in the folder: what is left out cannot be in the way of others. tree_paths[i] is set to an owned
 * string. recorded, which may be NULL, is told what is new in the record. O(m log m) for m components.
 * 0; -ENOMEM; -EEXIST when 32 digits cannot tell two names apart. Nothing is changed on failure. */
int names_map(struct names *n, const char *const *iso_paths, size_t count, char **tree_paths,
	      names_recorded recorded, void *ctx);

#endif
