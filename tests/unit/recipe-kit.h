/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TEST_RECIPE_KIT_H
#define PXEFS_TEST_RECIPE_KIT_H

#include <sys/stat.h>

#include "recipe.h"
#include "tap.h"

/* Images by hand: paths in bytewise order, directories end in '/'; menus as one text, an entry a line:
 * "kind kernel words...", kind one of L(inux) B(inary) C(hain) M(ultiboot); of the last with " | " before the words of
 * each module. */

#define PATHS 16

struct sample {
	const char *what, *id, *label;
	const char *paths[PATHS];
	const char *menu;
};

/* A line of a menu and what becomes of it by the family's way of that number. */
struct line {
	const char *id, *entry;
	const char *words;  /* what comes out, or NULL */
	const char *reason; /* part of why nothing comes out */
	size_t way;
};

static char *xstrdup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		abort();
	return copy;
}

static void volume_fill(struct volume *v, const struct sample *s)
{
	struct volume_entry *e = calloc(PATHS + 1, sizeof(*e));

	if (!e)
		abort();
	memset(v, 0, sizeof(*v));
	v->entries = e;
	e[0] = (struct volume_entry){.path = "", .name = "", .mode = S_IFDIR | 0555};
	v->count = 1;
	for (size_t i = 0; i < PATHS && s->paths[i]; i++) {
		char *path = xstrdup(s->paths[i]), *slash;
		size_t n = strlen(path);
		bool dir = path[n - 1] == '/';

		if (dir)
			path[n - 1] = '\0';
		slash = strrchr(path, '/');
		e[v->count] = (struct volume_entry){
			.path = path,
			.name = slash ? slash + 1 : path,
			.mode = dir ? S_IFDIR | 0555 : S_IFREG | 0444,
			.size = dir ? 0 : 2048,
		};
		for (uint32_t k = 1; slash && k < v->count; k++)
			if (strlen(e[k].path) == (size_t)(slash - path) &&
			    !strncmp(e[k].path, path, (size_t)(slash - path)))
				e[v->count].parent = k;
		v->count++;
	}
	snprintf(v->label, sizeof(v->label), "%s", s->label);
}

static void volume_empty(struct volume *v)
{
	for (size_t i = 1; i < v->count; i++)
		free((void *)(uintptr_t)v->entries[i].path);
	free(v->entries);
}

static void entry_modules(struct bootcfg_entry *e, char *rest)
{
	while (rest && e->initrd_count < BOOTCFG_INITRDS) {
		char *words = rest + strlen(" | ");

		rest = strstr(words, " | ");
		if (rest)
			*rest = '\0';
		e->initrds[e->initrd_count] = xstrdup("/module");
		e->module_words[e->initrd_count++] = xstrdup(words);
	}
}

static void entry_fill(struct bootcfg_entry *e, const char *line)
{
	char *text = xstrdup(line), *save = NULL, *modules = strstr(text, " | "), *word;

	if (modules)
		*modules = '\0';
	word = strtok_r(text, " ", &save);
	*e = (struct bootcfg_entry){
		.kind = word[0] == 'L'	 ? BOOTCFG_LINUX
			: word[0] == 'B' ? BOOTCFG_BINARY
			: word[0] == 'C' ? BOOTCFG_CHAIN
					 : BOOTCFG_MULTIBOOT,
		.title = xstrdup("title"),
		.source = xstrdup("/menu"),
		.submenu = xstrdup(""),
	};
	e->kernel = xstrdup(strtok_r(NULL, " ", &save));
	e->words = calloc(strlen(line) + 1, sizeof(*e->words));
	while (e->words && (word = strtok_r(NULL, " ", &save)))
		e->words[e->word_count++] = xstrdup(word);
	if (e->kind == BOOTCFG_LINUX)
		e->initrds[e->initrd_count++] = xstrdup("/initrd");
	entry_modules(e, modules);
	free(text);
}

static void menu_fill(struct bootcfg *b, const char *menu)
{
	char *text = xstrdup(menu), *save = NULL;

	memset(b, 0, sizeof(*b));
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (array_grow(&b->entries, &b->room, b->count, sizeof(*b->entries)))
			abort();
		entry_fill(&b->entries[b->count++], line);
	}
	free(text);
}

static void check_samples(const struct sample *samples, size_t sample_count)
{
	for (size_t i = 0; i < sample_count; i++) {
		struct volume v;
		struct bootcfg b;
		const struct recipe *r;

		volume_fill(&v, &samples[i]);
		menu_fill(&b, samples[i].menu);
		r = recipe_recognise(&v, &b);
		tap_ok(!strcmp(r->id, samples[i].id), "%s is %s (%s)", samples[i].what, samples[i].id, r->id);
		bootcfg_free(&b);
		volume_empty(&v);
	}
}

static void check_lines(const struct line *lines, size_t line_count)
{
	for (size_t i = 0; i < line_count; i++) {
		struct bootcfg b;
		struct reason why = {""};
		char **words = NULL, joined[1024] = "";
		const struct recipe *family;
		int r;

		menu_fill(&b, lines[i].entry);
		family = recipe_by_id(lines[i].id);
		r = recipe_words(family, recipe_way(family, &b.entries[0], lines[i].way), &b.entries[0], &words, &why);
		for (char **w = words; w && *w; w++)
			snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s",
				 w == words ? "" : " ", *w);
		if (lines[i].words) {
			if (!tap_ok(!r && !strcmp(joined, lines[i].words), "%s: %s", lines[i].id,
				    lines[i].entry))
				printf("# %d %s\n# got      %s\n# expected %s\n", r, why.text, joined,
				       lines[i].words);
		} else if (!tap_ok(r == -EOPNOTSUPP && !words && strstr(why.text, lines[i].reason),
				   "%s: not %s", lines[i].id, lines[i].entry)) {
			printf("# %d \"%s\", expected \"%s\"\n", r, why.text, lines[i].reason);
		}
		words_free(words);
		bootcfg_free(&b);
	}
}

#endif
