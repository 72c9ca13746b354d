/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_RECIPE_TABLE_H
#define PXEFS_RECIPE_TABLE_H

#include "recipe.h"

/* Between the rows (recipe_table.c) and what works on any row (recipe.c); nobody else's. */

extern const struct recipe recipe_table[]; /* the last row matches everything */
extern const size_t recipe_table_count;

/* True when v has a file or directory there; case does not count. */
bool recipe_has_path(const struct volume *v, const char *path);

/* True when a pattern of the NULL-terminated list (which may be NULL) fits; "name=*" fits any word that
 * starts so. */
bool recipe_word_listed(const char *word, const char *const *list);

/* True when one of the entry's words fits the pattern. */
bool recipe_entry_has(const struct bootcfg_entry *e, const char *pattern);

/* True for the programs that need nothing of their medium: memory tests, iPXE, the EFI shell. */
bool recipe_is_self_contained(const char *kernel);

/* What follows the last '/'; "" for NULL. */
const char *recipe_base_name(const char *path);

#endif
