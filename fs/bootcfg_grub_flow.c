/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_grub.h"

/* The order in which a GRUB script's commands run. A text is never parsed into a tree: blocks that repeat
 * are read again, and the job's budget is what ends a script that repeats without end. */

static const struct grub_truth grub_done = { true, true };
static const struct grub_truth grub_unknown = { true, false };

/* A command and its words, and the block behind them if there is one. */
static struct grub_truth grub_simple(struct grub *g, struct grub_cursor *c, struct grub_raw raw, bool live)
{
	struct grub_words w = { .known = true };
	struct grub_truth r = grub_unknown;
	enum grub_token token = GRUB_WORD;
	bool submenu = grub_raw_is(raw, "submenu"), entry, block = false;
	enum grub_end end;
	size_t before;

	entry = submenu || grub_raw_is(raw, "menuentry") || grub_raw_is(raw, "hiddenentry");
	while (token == GRUB_WORD) {
		if (live)
			grub_expand(&g->env, g->args, raw, &w);
		before = c->pos;
		token = grub_token(g->job, c, &raw);
		/* Some write the block of an entry on the next line. */
		if (token == GRUB_SEPARATOR && entry && !block) {
			size_t here = c->pos;

			while (token == GRUB_SEPARATOR)
				token = grub_token(g->job, c, &raw);
			if (token != GRUB_OPEN) {
				token = GRUB_SEPARATOR;
				c->pos = here;
			}
		}
		if (token != GRUB_OPEN) {
			if (token == GRUB_CLOSE)
				c->pos = before;
			continue;
		}
		block = true;
		if (live && entry && w.count)
			grub_entry(g, c, &w, submenu);
		else
			grub_list(g, c, GRUB_AT_CLOSE, false, &end);
		raw.len = 0;
		token = GRUB_WORD;
		live = false;
	}
	if (live && !entry && w.count && bootcfg_spend(g->job, 64))
		r = grub_command(g, c, &w);
	grub_words_free(&w);
	return r;
}

/* --- conditions and loops --------------------------------------------------------------------- */

/* Runs a branch for its entries alone: variables are put back, and a kernel that it gives to the entry that
 * is being read is taken only where that has none. */
static void grub_branch_unlikely(struct grub *g, struct grub_cursor *c, unsigned ends, enum grub_end *end)
{
	struct grub_boot *outer = g->boot, boot = { 0 };
	size_t mark = grub_env_mark(&g->env);

	g->boot = &boot;
	g->unlikely++;
	grub_list(g, c, ends, true, end);
	g->unlikely--;
	g->boot = outer;
	grub_env_undo(&g->env, mark);
	if (boot.draft.entry.kernel && !outer->draft.entry.kernel && !outer->draft.broken) {
		bootcfg_draft_clear(&outer->draft);
		*outer = boot;
		return;
	}
	if (boot.draft.entry.kernel)
		bootcfg_skip(g->job);
	bootcfg_draft_clear(&boot.draft);
}

static struct grub_truth grub_if(struct grub *g, struct grub_cursor *c, bool live)
{
	const unsigned ends = GRUB_AT_ELIF | GRUB_AT_ELSE | GRUB_AT_FI;
	struct grub_truth cond, r = grub_done;
	bool taken = false, likely = false, doubted = false;
	size_t before = g->job->committed;
	enum grub_end end;

	do {
		bool asked = live && !taken;

		cond = grub_list(g, c, GRUB_AT_THEN | ends, asked, &end);
		doubted = doubted || (asked && !cond.known);
		while (end == GRUB_AT_THEN || end == GRUB_AT_ELSE) {
			if (end == GRUB_AT_ELSE)
				cond = grub_done;
			if (!live || taken || (cond.known && !cond.value)) {
				grub_list(g, c, ends, false, &end);
			} else if (cond.value && !likely) {
				r = grub_list(g, c, ends, true, &end);
				likely = true;
			} else {
				grub_branch_unlikely(g, c, ends, &end);
			}
			taken = taken || (cond.known && cond.value);
		}
	} while (end == GRUB_AT_ELIF);
	if (live && doubted && g->job->committed > before)
		bootcfg_skip(g->job);
	return r;
}

/* Whether a loop goes on cannot be known: its body is seen once. */
static void grub_while(struct grub *g, struct grub_cursor *c, bool until, bool live)
{
	size_t before = g->job->committed;
	struct grub_truth cond;
	enum grub_end end;

	cond = grub_list(g, c, GRUB_AT_DO | GRUB_AT_DONE, live, &end);
	if (end != GRUB_AT_DO)
		return;
	grub_list(g, c, GRUB_AT_DONE, live && !(cond.known && cond.value == until), &end);
	if (live && g->job->committed > before)
		bootcfg_skip(g->job);
}

static void grub_for(struct grub *g, struct grub_cursor *c, bool live)
{
	struct grub_words w = { .known = true };
	struct grub_cursor body, one;
	struct grub_raw name, raw;
	enum grub_token token = grub_token(g->job, c, &name);
	enum grub_end end;

	if (token == GRUB_WORD)
		token = grub_token(g->job, c, &raw);
	while (token == GRUB_WORD) {
		size_t before = c->pos;

		token = grub_token(g->job, c, &raw);
		if (token == GRUB_CLOSE || token == GRUB_OPEN)
			c->pos = before;
		if (token == GRUB_WORD && live)
			grub_expand(&g->env, g->args, raw, &w);
	}
	grub_list(g, c, GRUB_AT_DO | GRUB_AT_DONE, false, &end);
	body = *c;
	if (end == GRUB_AT_DO)
		grub_list(g, c, GRUB_AT_DONE, false, &end);
	else
		grub_words_free(&w);
	for (size_t i = 0; i < w.count && bootcfg_spend(g->job, 16); i++) {
		one = body;
		grub_env_set(&g->env, name.p, name.len, w.v[i].text, w.v[i].known);
		grub_list(g, &one, GRUB_AT_DONE, true, &end);
	}
	grub_words_free(&w);
}

static void grub_define(struct grub *g, struct grub_cursor *c, bool live)
{
	struct grub_raw name, raw;
	enum grub_token token = grub_token(g->job, c, &name);
	struct grub_function *f = NULL;
	struct grub_cursor body;
	enum grub_end end;

	if (token != GRUB_WORD)
		return;
	do
		token = grub_token(g->job, c, &raw);
	while (token == GRUB_SEPARATOR);
	if (token != GRUB_OPEN) {
		bootcfg_skip(g->job);
		return;
	}
	body = *c;
	grub_list(g, c, GRUB_AT_CLOSE, false, &end);
	if (!live)
		return;
	for (size_t i = 0; i < g->function_count && !f; i++)
		if (g->functions[i].name.len == name.len && !memcmp(g->functions[i].name.p, name.p, name.len))
			f = &g->functions[i];
	if (!f && g->function_count < GRUB_FUNCTIONS)
		f = &g->functions[g->function_count++];
	if (f)
		*f = (struct grub_function){ name, body };
	else
		bootcfg_skip(g->job);
}

/* --- lists of commands ------------------------------------------------------------------------ */

static enum grub_end grub_keyword(struct grub_raw raw)
{
	static const struct {
		const char *word;
		enum grub_end end;
	} words[] = {
		{ "then", GRUB_AT_THEN }, { "elif", GRUB_AT_ELIF }, { "else", GRUB_AT_ELSE },
		{ "fi", GRUB_AT_FI },	  { "do", GRUB_AT_DO },	    { "done", GRUB_AT_DONE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (grub_raw_is(raw, words[i].word))
			return words[i].end;
	return GRUB_AT_END;
}

static struct grub_truth grub_statement(struct grub *g, struct grub_cursor *c, struct grub_raw raw, bool live)
{
	if (grub_raw_is(raw, "if"))
		return grub_if(g, c, live);
	if (grub_raw_is(raw, "for"))
		grub_for(g, c, live);
	else if (grub_raw_is(raw, "while") || grub_raw_is(raw, "until"))
		grub_while(g, c, raw.p[0] == 'u', live);
	else if (grub_raw_is(raw, "function"))
		grub_define(g, c, live);
	else
		return grub_simple(g, c, raw, live);
	return grub_unknown;
}

struct grub_truth grub_list(struct grub *g, struct grub_cursor *c, unsigned ends, bool live,
			    enum grub_end *end)
{
	struct grub_truth r = grub_done;
	struct grub_raw raw;

	*end = GRUB_AT_END;
	if (g->nest >= GRUB_NEST) {
		/* What is this deep inside itself is no menu; the rest of the text has lost its order. */
		c->pos = c->len;
		bootcfg_skip(g->job);
		return r;
	}
	g->nest++;
	while (bootcfg_spend(g->job, 1)) {
		size_t before = c->pos;
		enum grub_token token = grub_token(g->job, c, &raw);
		enum grub_end inner;

		if (token == GRUB_END)
			break;
		if (token == GRUB_OPEN) {
			r = grub_list(g, c, GRUB_AT_CLOSE, live, &inner);
		} else if (token == GRUB_CLOSE) {
			/* The block around an "if" without "fi" ends both. */
			*end = GRUB_AT_CLOSE;
			if (ends && !(ends & GRUB_AT_CLOSE))
				c->pos = before;
			if (ends)
				break;
		} else if (token == GRUB_WORD) {
			inner = grub_keyword(raw);
			*end = inner;
			if (inner & ends)
				break;
			if (!inner)
				r = grub_statement(g, c, raw, live);
		}
		*end = GRUB_AT_END;
	}
	g->nest--;
	return r;
}
