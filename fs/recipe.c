/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- words and names ------------------------------------------------------------------------- */

bool recipe_has_path(const struct volume *v, const char *path)
{
	uint32_t entry;

	return volume_lookup(v, 0, path, VOLUME_FOLLOW | VOLUME_ANY_CASE, &entry) == 0;
}

static bool recipe_word_is(const char *word, const char *pattern)
{
	size_t n = strlen(pattern);

	if (n && pattern[n - 1] == '*')
		return !strncmp(word, pattern, n - 1);
	return !strcmp(word, pattern);
}

bool recipe_word_listed(const char *word, const char *const *list)
{
	for (; list && *list; list++)
		if (recipe_word_is(word, *list))
			return true;
	return false;
}

bool recipe_entry_has(const struct bootcfg_entry *e, const char *pattern)
{
	for (size_t i = 0; i < e->word_count; i++)
		if (recipe_word_is(e->words[i], pattern))
			return true;
	return false;
}

const char *recipe_base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path ? path : "";
}

/* Names under which media carry them, as no content tells a memory test from any other kernel. */
static const char *const self_contained[] = {
	"memtest*", "mt86plus*", "ipxe*", "shellx64*", "shellaa64*", NULL
};

bool recipe_is_self_contained(const char *kernel)
{
	char name[64];
	const char *base = recipe_base_name(kernel);
	size_t i;

	for (i = 0; base[i] && i < sizeof(name) - 1; i++)
		name[i] = base[i] >= 'A' && base[i] <= 'Z' ? (char)(base[i] | 0x20) : base[i];
	name[i] = '\0';
	return recipe_word_listed(name, self_contained);
}

/* --- finding a row --------------------------------------------------------------------------- */

const struct recipe *recipe_at(size_t i)
{
	return i < recipe_table_count ? &recipe_table[i] : NULL;
}

const struct recipe *recipe_recognise(const struct volume *v, const struct bootcfg *b)
{
	size_t i = 0;

	while (i + 1 < recipe_table_count && !recipe_table[i].match(v, b))
		i++;
	return &recipe_table[i];
}

const struct recipe *recipe_by_id(const char *id)
{
	for (size_t i = 0; id && i < recipe_table_count; i++)
		if (!strcmp(recipe_table[i].id, id))
			return &recipe_table[i];
	return &recipe_table[recipe_table_count - 1];
}

const char *recipe_how_text(enum recipe_how how)
{
	switch (how) {
	case RECIPE_NFS:
		return "over NFS";
	case RECIPE_HTTP:
		return "over HTTP";
	case RECIPE_MEMORY:
		return "in memory";
	case RECIPE_KERNEL:
		return "kernel alone";
	case RECIPE_IMPOSSIBLE:
		return "not possible";
	case RECIPE_UNKNOWN:
		break;
	}
	return "not known";
}

/* --- entries of one's own -------------------------------------------------------------------- */

int recipe_entries(const struct recipe *r, const struct volume *v, struct bootcfg *b)
{
	bool first = true;

	if (b->count || !r->own)
		return 0;
	for (const struct recipe_own *o = r->own; o->title; o++) {
		struct bootcfg_entry e = { .kind = o->kind, .platforms = o->platforms, .is_default = first };

		if (!recipe_has_path(v, o->kernel))
			continue;
		if (array_grow(&b->entries, &b->room, b->count, sizeof(*b->entries)))
			return -ENOMEM;
		e.title = strdup(o->title);
		e.kernel = strdup(o->kernel);
		e.source = strdup("");
		e.submenu = strdup("");
		e.words = calloc(1, sizeof(*e.words));
		b->entries[b->count++] = e; /* even half made: bootcfg_free() takes it */
		if (!e.title || !e.kernel || !e.source || !e.submenu || !e.words)
			return -ENOMEM;
		first = false;
	}
	return 0;
}

/* --- words ----------------------------------------------------------------------------------- */

void recipe_words_free(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}

static bool words_have(char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

static int words_append(char **words, size_t *count, const char *word)
{
	words[*count] = strdup(word);
	if (!words[*count])
		return -ENOMEM;
	++*count;
	return 0;
}

/* What is not about the family's root: may this entry be offered at all? */
static int entry_check(const struct recipe *r, const struct bootcfg_entry *e, bool alone, struct reason *why)
{
	static const char *const placeholders[] = { "@server@", "@iso@", "@root@", "@mac@" };

	if (r->how == RECIPE_UNKNOWN)
		return reason_set(why, -EOPNOTSUPP, "%s", r->why);
	if (e->kind == BOOTCFG_MULTIBOOT)
		return reason_set(why, -EOPNOTSUPP,
				  "a hypervisor, which this version does not start over the network");
	if (alone && r->how != RECIPE_KERNEL && !recipe_is_self_contained(e->kernel))
		return reason_set(why, -EOPNOTSUPP, "a program that looks for the rest of itself on its medium");
	if (!alone && r->how == RECIPE_IMPOSSIBLE)
		return reason_set(why, -EOPNOTSUPP, "%s", r->why ? r->why : "not possible");
	if (!alone && r->needs && !recipe_entry_has(e, r->needs))
		return reason_set(why, -EOPNOTSUPP, "%s", r->needs_why);
	for (size_t i = 0; i < e->word_count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(placeholders); k++)
			if (strstr(e->words[i], placeholders[k]))
				return reason_set(why, -EOPNOTSUPP,
						  "its word \"%s\" is one that stands for another here",
						  e->words[i]);
	return 0;
}

int recipe_words(const struct recipe *r, const struct bootcfg_entry *e, char ***out, struct reason *why)
{
	bool alone = e->kind == BOOTCFG_BINARY || e->kind == BOOTCFG_CHAIN;
	const char *const *drop = alone ? NULL : r->drop, *const *add = alone ? NULL : r->add;
	size_t adds = 0, count = 0, i = 0;
	char **words;
	int err = entry_check(r, e, alone, why);

	if (err)
		return err;
	while (add && add[adds])
		adds++;
	words = calloc(e->word_count + adds + 2, sizeof(*words));
	if (!words)
		return -ENOMEM;
	/* The first word that stays, unless it ends the kernel's own words ("---", "--"). */
	while (i < e->word_count && recipe_word_listed(e->words[i], drop))
		i++;
	if (i < e->word_count && strcmp(e->words[i], "--") && strcmp(e->words[i], "---"))
		err = words_append(words, &count, e->words[i++]);
	for (size_t k = 0; k < adds && !err; k++) {
		bool there = words_have(words, count, add[k]);

		for (size_t n = i; n < e->word_count && !there; n++)
			there = !strcmp(e->words[n], add[k]) && !recipe_word_listed(e->words[n], drop);
		if (!there)
			err = words_append(words, &count, add[k]);
	}
	for (; i < e->word_count && !err; i++)
		if (!recipe_word_listed(e->words[i], drop))
			err = words_append(words, &count, e->words[i]);
	if (!err && !alone && r->adjust)
		err = r->adjust(e, words, &count, why);
	if (err) {
		recipe_words_free(words);
		return err;
	}
	*out = words;
	return 0;
}
