/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "conf.h"
#include "menu_conf.h"
#include "menu_quote.h"

static enum recipe_how preferred(const struct menu_image *image)
{
	static const enum recipe_how ways[] = {
		[CONF_WAY_ANY] = RECIPE_UNKNOWN, [CONF_WAY_NFS] = RECIPE_NFS, [CONF_WAY_HTTP] = RECIPE_HTTP,
		[CONF_WAY_MEMORY] = RECIPE_MEMORY,
	};

	return image->conf ? ways[image->conf->way] : RECIPE_UNKNOWN;
}

const struct recipe_way *menu_conf_way(const struct menu_image *image, const struct bootcfg_entry *e, size_t n)
{
	enum recipe_how first = preferred(image);
	const struct recipe_way *w;

	if (first == RECIPE_UNKNOWN)
		return recipe_way(image->recipe, e, n);
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; (w = recipe_way(image->recipe, e, i)); i++)
			if ((w->how == first) == !turn && n-- == 0)
				return w;
	return NULL;
}

/* --- words ----------------------------------------------------------------------------------- */

static void words_remove(char **words, char *const *patterns)
{
	size_t kept = 0;

	for (size_t i = 0; words[i]; i++) {
		bool out = false;

		for (char *const *p = patterns; p && *p && !out; p++)
			out = recipe_word_fits(words[i], *p);
		if (out)
			free(words[i]);
		else
			words[kept++] = words[i];
	}
	words[kept] = NULL;
}

/* Where words go that the kernel itself, or the installer alone, is to see: before "--", which ends the kernel's own
 * words, and for an installer also before "---", since what follows that it writes into the system's boot loader. */
static size_t words_end(char *const *words, bool installer)
{
	size_t n = 0;

	while (words[n] && strcmp(words[n], "--") && !(installer && !strcmp(words[n], "---")))
		n++;
	return n;
}

static int words_insert(char ***words, size_t at, const char *const *more)
{
	size_t n = words_count(*words), count = 0;
	char **grown;

	while (more[count])
		count++;
	grown = realloc(*words, (n + count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*words = grown;
	for (size_t i = 0; i < count; i++, at++, n++) {
		char *copy = strdup(more[i]);

		if (!copy)
			return -ENOMEM;
		memmove(grown + at + 1, grown + at, (n - at + 1) * sizeof(*grown));
		grown[at] = copy;
	}
	return 0;
}

/* What stands for another is for entries of the administrator's own; a word that menus cannot carry would cost each
 * entry that it is put into. */
static bool word_fits(const char *word)
{
	return !recipe_word_has(word, NULL) && menu_word_carries(word);
}

static int words_append(char ***words, char *const *more)
{
	cleanup_free const char **fit = calloc(words_count(more) + 1, sizeof(*fit));
	size_t n = 0;

	if (!fit)
		return -ENOMEM;
	for (; more && *more; more++)
		if (word_fits(*more))
			fit[n++] = *more;
	return words_insert(words, words_end(*words, false), fit);
}

/* Whether both give a value to the same name. */
static bool words_rival(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return a[n] && !strncmp(a, b, n + 1);
}

/* Takes out of the ISO's own words those that give another value to what the answer's words set: an expert's
 * "priority=low" would ask the questions that the file answers. */
static void words_yield(char **words, const char *const *answer)
{
	size_t kept = 0;

	for (size_t i = 0; words[i]; i++) {
		bool out = false;

		for (const char *const *a = answer; *a && !out; a++)
			out = words_rival(*a, words[i]) && strcmp(*a, words[i]) != 0;
		if (out)
			free(words[i]);
		else
			words[kept++] = words[i];
	}
	words[kept] = NULL;
}

/* The words that tell an installer of its answer file. An entry for that may say some of them already, and what the
 * administrator appended has the last word. */
static int words_answer(char ***words, const char *const *answer)
{
	size_t end = words_end(*words, true), n = 0;
	int r = 0;

	for (; *answer && !r; answer++, n = 0) {
		const char *one[] = { *answer, NULL };

		while (n < end && strcmp((*words)[n], *answer) != 0 && !words_rival(*answer, (*words)[n]))
			n++;
		if (n < end)
			continue;
		r = words_insert(words, end++, one);
	}
	return r;
}

/* The words by which that way tells its installer of the image's answer file; NULL where it does not. */
static const char *const *way_answers(const struct menu_site *site, const struct menu_image *image,
				      const struct recipe_way *w)
{
	const struct recipe_answer *as = image->answer ? recipe_answer_as(w, image->answer) : NULL;
	const char *const *words = as ? as->words : image->answer ? w->answer : NULL;

	if (w->graft && !image->answered.path)
		return NULL;
	for (const char *const *a = words; a && *a; a++)
		if (recipe_word_has(*a, "@http@") && !site->http)
			return NULL;
	return words;
}

int menu_conf_words(const struct menu_site *site, const struct menu_image *image, const struct recipe_way *w,
		    const struct bootcfg_entry *e, char ***words)
{
	const struct conf *c = image->conf;
	const char *const *answer = way_answers(site, image, w);
	int r = 0;

	/* What is started without a kernel's words, and an entry that the administrator wrote, is as it is. */
	if (e->kind == BOOTCFG_BINARY || e->kind == BOOTCFG_CHAIN || e->written)
		return 0;
	if (c && c->remove)
		words_remove(*words, c->remove);
	if (answer)
		words_yield(*words, answer);
	if (c && c->append)
		r = words_append(words, c->append);
	if (!r && answer)
		r = words_answer(words, answer);
	return r;
}

/* --- the plan -------------------------------------------------------------------------------- */

int menu_conf_timeout(const struct menu_image *image)
{
	if (!image->conf || image->conf->timeout == CONF_TIMEOUT_UNSAID)
		return 10;
	return image->conf->timeout;
}

static bool offer_is_called(const struct menu_offer *o, const char *title)
{
	char whole[MENU_TITLE_ROOM];

	menu_offer_title(o, whole);
	return !strcmp(whole, title) || (o->boot->entry.title && !strcmp(o->boot->entry.title, title));
}

void menu_conf_default(const struct menu_image *image, struct menu_plan *plan)
{
	const char *title = image->conf ? image->conf->default_title : NULL;
	unsigned left = MENU_PLATFORMS;

	if (!title)
		return;
	for (size_t i = 0; i < plan->count; i++) {
		struct menu_offer *o = &plan->offers[i];

		if (o->variant || !(o->platforms & left) || !offer_is_called(o, title))
			continue;
		/* The first of that title on each platform. */
		for (size_t k = 0; k < plan->count; k++)
			if (k != i)
				plan->offers[k].defaults &= ~(o->platforms & left);
		o->defaults = o->platforms & left;
		left &= ~o->platforms;
	}
	if (left == MENU_PLATFORMS)
		menu_plan_note(plan, "its .conf names a default entry that it does not have");
}

void menu_conf_notes(const struct menu_site *site, const struct menu_image *image, struct menu_plan *plan)
{
	bool known = false, taken = false;
	char word[64];

	menu_plan_note(plan, image->conf_note);
	if (image->conf && image->conf->hidden == CONF_YES)
		menu_plan_note(plan, "in no menu, as its .conf says");
	for (char *const *w = image->conf ? image->conf->append : NULL; w && *w; w++) {
		struct reason why;

		if (word_fits(*w))
			continue;
		menu_clean(word, sizeof(word), *w);
		reason_set(&why, 0, recipe_word_has(*w, NULL) ?
			   "its .conf appends \"%s\", but placeholders are for entries of its own" :
			   "its .conf appends \"%s\", which cannot travel through boot loaders unchanged", word);
		menu_plan_note(plan, why.text);
		break; /* the first is enough */
	}
	for (size_t i = 0; i < plan->count; i++) {
		const struct menu_offer *o = &plan->offers[i];
		struct reason why;

		if (!o->boot->entry.written || o->way)
			continue;
		menu_clean(word, sizeof(word), o->boot->entry.title);
		reason_set(&why, 0, "its .conf has an entry \"%s\": %s", word, o->why.text);
		menu_plan_note(plan, why.text);
		break;
	}
	for (size_t i = 0; i < plan->count; i++) {
		const struct recipe_way *w = plan->offers[i].way;

		known = known || (w && w->answer && !w->graft);
		taken = taken || (w && way_answers(site, image, w));
	}
	if (!image->answer || !plan->offered || taken)
		return;
	menu_plan_note(plan, known ? "its installer takes the answer file over HTTP, which -o http switches on" :
			     "how its installer takes an answer file is not known here");
}
