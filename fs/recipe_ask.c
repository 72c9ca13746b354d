/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "recipe_table.h"

/* What the rows of every family ask of an ISO. */

bool recipe_has_squashfs(const struct volume *v, const char *dir, bool deep)
{
	size_t n = strlen(dir);

	for (size_t i = 1; i < v->count; i++) {
		const char *rest = v->entries[i].path;

		if (!S_ISREG(v->entries[i].mode) || !text_ends(rest, ".squashfs"))
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

static bool name_fits(const char *name, const char *pattern)
{
	size_t n = strlen(pattern);

	if (pattern[0] == '*')
		return text_ends(name, pattern + 1);
	if (n && pattern[n - 1] == '*')
		return !strncasecmp(name, pattern, n - 1);
	return !strcasecmp(name, pattern);
}

bool recipe_has_named(const struct volume *v, const char *dir, const char *pattern)
{
	size_t n = dir ? strlen(dir) : 0;

	for (size_t i = 1; i < v->count; i++) {
		const struct volume_entry *e = &v->entries[i];
		const char *name = recipe_base_name(e->path);

		if (!S_ISREG(e->mode) || !name_fits(name, pattern))
			continue;
		if (!dir || (!n && name == e->path) ||
		    (n && !strncasecmp(e->path, dir, n) && name == e->path + n + 1))
			return true;
	}
	return false;
}

bool recipe_any_title(const struct bootcfg *b, const char *text)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->entries[i].title && strcasestr(b->entries[i].title, text))
			return true;
	return false;
}

bool recipe_label_starts(const struct volume *v, const char *text)
{
	return !strncasecmp(v->label, text, strlen(text));
}

bool recipe_says(const struct volume *v, const struct bootcfg *b, const char *text)
{
	return recipe_label_starts(v, text) || !strncasecmp(b->about, text, strlen(text));
}

int recipe_refuse(char *const *words, const char *const *list, const char *text, struct reason *why)
{
	for (; *words; words++)
		if (recipe_word_listed(*words, list))
			return reason_set(why, -EOPNOTSUPP, "%s", text);
	return 0;
}

int recipe_refuse_check(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	/* dracut, linuxrc and kiwi, archiso and its forks. */
	static const char *const checks[] = {
		"rd.live.check", "rd.live.check=1", "mediacheck", "mediacheck=1", "checksum", "checksum=y", NULL
	};

	(void)e;
	(void)count;
	return recipe_refuse(words, checks, "it checks its medium first, and there is no disc to check", why);
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
