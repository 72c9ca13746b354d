/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <strings.h>
#include <sys/stat.h>

#include "recipe_table.h"

/* What the rows of every family ask of an ISO. */

static bool ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && !strcasecmp(s + n - t, tail);
}

bool recipe_has_squashfs(const struct volume *v, const char *dir, bool deep)
{
	size_t n = strlen(dir);

	for (size_t i = 1; i < v->count; i++) {
		const char *rest = v->entries[i].path;

		if (!S_ISREG(v->entries[i].mode) || !ends_in(rest, ".squashfs"))
			continue;
		if (n && (strncasecmp(rest, dir, n) || rest[n] != '/'))
			continue;
		rest += n ? n + 1 : 0;
		if (deep || !strchr(rest, '/'))
			return true;
	}
	return false;
}

bool recipe_any_entry(const struct bootcfg *b, const char *with, const char *without)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->entries[i].kind == BOOTCFG_LINUX && recipe_entry_has(&b->entries[i], with) &&
		    !(without && recipe_entry_has(&b->entries[i], without)))
			return true;
	return false;
}

bool recipe_all_entries_named(const struct bootcfg *b, const char *const *names)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct bootcfg_entry *e = &b->entries[i];

		if ((e->kind != BOOTCFG_BINARY && e->kind != BOOTCFG_CHAIN) ||
		    !recipe_word_listed(recipe_base_name(e->kernel), names))
			return false;
	}
	return b->count > 0;
}

int recipe_word_replace(char **word, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	free(*word);
	*word = copy;
	return 0;
}
