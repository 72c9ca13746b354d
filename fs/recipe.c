/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- words and names ------------------------------------------------------------------------- */

bool recipe_has_path(const struct volume *v, const char *path)
{
	uint32_t entry;

	return volume_lookup(v, 0, path, VOLUME_FOLLOW | VOLUME_ANY_CASE, &entry) == 0;
}

bool recipe_word_fits(const char *word, const char *pattern)
{
	size_t n = strlen(pattern);

	if (n && pattern[n - 1] == '*')
		return !strncmp(word, pattern, n - 1);
	return !strcmp(word, pattern);
}

bool recipe_word_listed(const char *word, const char *const *list)
{
	for (; list && *list; list++)
		if (recipe_word_fits(word, *list))
			return true;
	return false;
}

bool recipe_entry_has(const struct bootcfg_entry *e, const char *pattern)
{
	for (size_t i = 0; i < e->word_count; i++)
		if (recipe_word_fits(e->words[i], pattern))
			return true;
	return false;
}

const char *recipe_base_name(const char *path)
{
	return path ? path_base(path) : "";
}

/* Names under which media carry them, as no content tells a memory test from any other kernel. */
static const char *const self_contained[] = {
	"memtest*", "mt86p*", "ipxe*", "netboot.xyz*", "shellx64*", "shellia32*", "shellaa64*", NULL
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
	return i < recipe_table_count ? recipe_table[i] : NULL;
}

const struct recipe *recipe_recognise(const struct volume *v, const struct bootcfg *b)
{
	size_t i = 0;

	while (i + 1 < recipe_table_count && !recipe_table[i]->match(v, b))
		i++;
	return recipe_table[i];
}

const struct recipe *recipe_by_id(const char *id)
{
	for (size_t i = 0; id && i < recipe_table_count; i++)
		if (!strcmp(recipe_table[i]->id, id))
			return recipe_table[i];
	return recipe_table[recipe_table_count - 1];
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
	case RECIPE_WRITTEN:
		return "as its .conf says";
	case RECIPE_UNKNOWN:
		break;
	}
	return "not known";
}

/* --- entries of one's own -------------------------------------------------------------------- */

int recipe_entries(const struct recipe *r, const struct volume *v, struct bootcfg *b)
{
	bool first = !b->count, alone = first;

	for (const struct recipe_own *o = r->own; o && o->title; o++) {
		struct bootcfg_entry e = { .kind = o->kind, .platforms = o->platforms, .is_default = first };

		if ((!alone && !o->beside) || !recipe_has_path(v, o->kernel) ||
		    (o->initrd && !recipe_has_path(v, o->initrd)))
			continue;
		if (array_grow(&b->entries, &b->room, b->count, sizeof(*b->entries)))
			return -ENOMEM;
		e.title = strdup(o->title);
		e.kernel = strdup(o->kernel);
		e.source = strdup("");
		e.submenu = strdup("");
		e.words = calloc(1, sizeof(*e.words));
		e.initrds[0] = o->initrd ? strdup(o->initrd) : NULL;
		e.initrd_count = o->initrd != NULL;
		b->entries[b->count++] = e; /* even half made: bootcfg_free() takes it */
		if (!e.title || !e.kernel || !e.source || !e.submenu || !e.words || (o->initrd && !e.initrds[0]))
			return -ENOMEM;
		first = false;
	}
	return 0;
}

/* --- words ----------------------------------------------------------------------------------- */

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

/* Programs need nothing of any family. */
static const struct recipe_way recipe_alone = { .how = RECIPE_KERNEL };

static const struct recipe_way recipe_written = { .how = RECIPE_WRITTEN, .multiboot = true };

static bool entry_is_alone(const struct bootcfg_entry *e)
{
	return e->kind == BOOTCFG_BINARY || e->kind == BOOTCFG_CHAIN;
}

const struct recipe_way *recipe_way(const struct recipe *r, const struct bootcfg_entry *e, size_t n)
{
	if (e->written)
		return n ? NULL : &recipe_written;
	if (entry_is_alone(e) && recipe_how(r) != RECIPE_KERNEL)
		return n || !recipe_is_self_contained(e->kernel) ? NULL : &recipe_alone;
	for (size_t i = 0; i <= n && r->ways; i++)
		if (!r->ways[i].how)
			return NULL;
	return r->ways ? &r->ways[n] : NULL;
}

const struct recipe_answer *recipe_answer_as(const struct recipe_way *w, const char *name)
{
	size_t n = strlen(name), end = w->answer_as ? strlen(w->answer_as->suffix) : SIZE_MAX;

	return n > end && !strcasecmp(name + n - end, w->answer_as->suffix) ? w->answer_as : NULL;
}

bool recipe_way_holds(const struct recipe_way *w, enum recipe_member_kind kind)
{
	for (const struct recipe_member *m = w->archive; m && m->kind != RECIPE_MEMBER_END; m++)
		if (m->kind == kind)
			return true;
	return false;
}

enum recipe_how recipe_how(const struct recipe *r)
{
	if (r == recipe_table[recipe_table_count - 1])
		return RECIPE_UNKNOWN;
	return r->ways ? r->ways[0].how : RECIPE_IMPOSSIBLE;
}

int recipe_way_check(const struct recipe *r, const struct recipe_way *w, uint64_t can, struct reason *why)
{
	if (!(can & INITRD_JUDGED))
		can = r->usual;
	if ((can & w->needs) == w->needs && !(can & w->unless))
		return 0;
	return reason_set(why, -EOPNOTSUPP, "%s", w->lacks ? w->lacks : "its initrd cannot do that");
}

static const char *const placeholders[] = { "@server@", "@iso@", "@root@", "@dir@", "@http@", "@http-host@",
					    "@http-path@", "@mac@", "@kib@", "@answer@" };

bool recipe_word_has(const char *word, const char *placeholder)
{
	for (size_t i = 0; !placeholder && i < ARRAY_SIZE(placeholders); i++)
		if (strstr(word, placeholders[i]))
			return true;
	return placeholder && strstr(word, placeholder);
}

/* Its words may have placeholders, and what stands beside one goes into menus unquoted. */
static int entry_check_written(const struct bootcfg_entry *e, struct reason *why)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-/:=,@";

	for (size_t i = 0; i < e->word_count; i++)
		if (recipe_word_has(e->words[i], NULL) && e->words[i][strspn(e->words[i], plain)])
			return reason_set(why, -EOPNOTSUPP,
					  "its word \"%s\" has a placeholder and more than ._+-/:=, beside it",
					  e->words[i]);
	return 0;
}

/* What is not about the family's root: may this entry be offered at all? */
static int entry_check(const struct recipe *r, const struct recipe_way *w, const struct bootcfg_entry *e,
		       struct reason *why)
{
	if (e->written)
		return entry_check_written(e, why);
	if (recipe_how(r) == RECIPE_UNKNOWN)
		return reason_set(why, -EOPNOTSUPP, "%s", r->why);
	if (entry_is_alone(e) && !w)
		return reason_set(why, -EOPNOTSUPP, "a program that looks for the rest of itself on its medium");
	if (!w)
		return reason_set(why, -EOPNOTSUPP, "%s", r->why ? r->why : "not possible");
	if (e->kind == BOOTCFG_MULTIBOOT && !w->multiboot)
		return reason_set(why, -EOPNOTSUPP,
				  "a hypervisor, which this version does not start over the network");
	if (e->kind == BOOTCFG_LINUX && r->needs && !recipe_entry_has(e, r->needs))
		return reason_set(why, -EOPNOTSUPP, "%s", r->needs_why);
	for (size_t i = 0; i < e->word_count; i++)
		if (recipe_word_has(e->words[i], NULL))
			return reason_set(why, -EOPNOTSUPP, "its word \"%s\" is one that stands for another here",
					  e->words[i]);
	for (size_t i = 0; i < e->initrd_count; i++)
		if (e->module_words[i] && recipe_word_has(e->module_words[i], NULL))
			return reason_set(why, -EOPNOTSUPP, "words of its modules stand for others here");
	return 0;
}

/* The entry as the rest sees it: of a hypervisor's, its kernel's words. *split is the caller's to free, with what it
 * points into. */
static int entry_words(const struct bootcfg_entry *e, char ***words, size_t *count, char **split)
{
	char *text, *save = NULL;
	size_t n = 0;

	*split = NULL;
	*words = e->words;
	*count = e->word_count;
	if (e->kind != BOOTCFG_MULTIBOOT)
		return 0;
	text = strdup(e->initrd_count && e->module_words[0] ? e->module_words[0] : "");
	*words = text ? calloc(strlen(text) / 2 + 2, sizeof(**words)) : NULL;
	if (!*words) {
		free(text);
		return -ENOMEM;
	}
	*split = text;
	for (char *w = strtok_r(text, " ", &save); w; w = strtok_r(NULL, " ", &save))
		(*words)[n++] = w;
	*count = n;
	return 0;
}

static int words_make(const struct recipe_way *w, char *const *own, size_t own_count, char **words, size_t *count)
{
	size_t i = 0;
	int err = 0;

	/* The first word that stays, unless it ends the kernel's own words ("---", "--"). */
	while (i < own_count && recipe_word_listed(own[i], w->drop))
		i++;
	if (i < own_count && strcmp(own[i], "--") && strcmp(own[i], "---"))
		err = words_append(words, count, own[i++]);
	for (const char *const *add = w->add; add && *add && !err; add++) {
		bool there = words_have(words, *count, *add);

		for (size_t n = i; n < own_count && !there; n++)
			there = !strcmp(own[n], *add) && !recipe_word_listed(own[n], w->drop);
		if (!there)
			err = words_append(words, count, *add);
	}
	for (; i < own_count && !err; i++)
		if (!recipe_word_listed(own[i], w->drop))
			err = words_append(words, count, own[i]);
	return err;
}

int recipe_words(const struct recipe *r, const struct recipe_way *w, const struct bootcfg_entry *e, char ***out,
		 struct reason *why)
{
	char **own, **words, *split;
	size_t adds = 0, count = 0, own_count;
	int err = entry_check(r, w, e, why);

	if (!err)
		err = entry_words(e, &own, &own_count, &split);
	if (err)
		return err;
	while (w->add && w->add[adds])
		adds++;
	words = calloc(own_count + adds + RECIPE_ADJUST_ROOM + 1, sizeof(*words));
	err = words ? words_make(w, own, own_count, words, &count) : -ENOMEM;
	if (!err && w->adjust)
		err = w->adjust(e, words, &count, why);
	if (e->kind == BOOTCFG_MULTIBOOT) {
		free(own);
		free(split);
	}
	if (err) {
		words_free(words);
		return err;
	}
	*out = words;
	return 0;
}
