/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_RECIPE_TABLE_H
#define PXEFS_RECIPE_TABLE_H

#include "recipe.h"

/* Between the rows (recipe_gentoo.c and its siblings; in order in recipe_table.c) and what works on any row
 * (recipe.c); nobody else's. */

extern const struct recipe *const recipe_table[]; /* the last row matches everything */
extern const size_t recipe_table_count;

/* The rows, by the file of their kin. */
extern const struct recipe recipe_gentoo_genkernel, recipe_gentoo_dracut;
extern const struct recipe recipe_tails, recipe_truenas_scale, recipe_debian_live, recipe_debian_installer;
extern const struct recipe recipe_antix;
extern const struct recipe recipe_memtest, recipe_ipxe;

/* True when v has a file or directory there; case does not count. */
bool recipe_has_path(const struct volume *v, const char *path);

/* True when a pattern of the NULL-terminated list (which may be NULL) fits; "name=*" fits any word that
 * starts so. */
bool recipe_word_listed(const char *word, const char *const *list);

/* True when one of the entry's words fits the pattern. */
bool recipe_entry_has(const struct bootcfg_entry *e, const char *pattern);

/* True for the programs that need nothing of their medium: memory tests, iPXE, the EFI shell. */
bool recipe_is_self_contained(const char *kernel);

/* A squashfs by its name: deep is below that directory at any depth, else directly in it; "" is the root. */
bool recipe_has_squashfs(const struct volume *v, const char *dir, bool deep);

/* True when there is an entry with an initrd that carries a word fitting with and none fitting without (which may
 * be NULL). */
bool recipe_any_entry(const struct bootcfg *b, const char *with, const char *without);

/* True when there are entries and each is a program by itself whose base name fits the list. */
bool recipe_all_entries_named(const struct bootcfg *b, const char *const *names);

/* Puts a copy of text in the word's place. 0 or -ENOMEM, the word then as it was. */
int recipe_word_replace(char **word, const char *text);

/* What follows the last '/'; "" for NULL. */
const char *recipe_base_name(const char *path);

#endif
