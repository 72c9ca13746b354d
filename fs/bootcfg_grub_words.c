/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_grub.h"

/* --- tokens ----------------------------------------------------------------------------------- */

static bool grub_ends_word(char c)
{
	return strchr(" \t\r\n;&|<>{}", c); /* the NUL at the end too */
}

/* The length of a backslash with what it escapes; at the end of a line CR may stand between. */
static size_t grub_escape(const char *p, size_t len)
{
	if (len >= 3 && p[1] == '\r' && p[2] == '\n')
		return 3;
	return len >= 2 ? 2 : 1;
}

static bool grub_escaped_newline(const char *p, size_t n)
{
	return n >= 2 && p[n - 1] == '\n';
}

static bool grub_name_char(char c, bool first)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (!first && c >= '0' && c <= '9');
}

/* The length of the variable reference at p, which is a '$', and its name; 0 where it is just a '$'. */
static size_t grub_reference(const char *p, size_t len, struct grub_raw *name)
{
	size_t at = 1, n = 0;
	bool brace = len > 1 && p[1] == '{';

	at += brace;
	if (at < len && grub_name_char(p[at], true))
		while (at + n < len && grub_name_char(p[at + n], false))
			n++;
	else if (at < len && p[at] >= '0' && p[at] <= '9')
		while (at + n < len && p[at + n] >= '0' && p[at + n] <= '9')
			n++;
	else if (at < len && strchr("?#*@", p[at]))
		n = 1;
	if (!n || (brace && (at + n >= len || p[at + n] != '}')))
		return 0;
	*name = (struct grub_raw){ p + at, n };
	return at + n + brace;
}

/* The length of the word at p. A quote that is never closed ends with the text. */
static size_t grub_word_length(const char *p, size_t len)
{
	struct grub_raw name;
	size_t i = 0, n;
	char quote = 0;

	while (i < len) {
		char c = p[i];

		if (!quote && grub_ends_word(c))
			break;
		if (c == '\\' && quote != '\'')
			i += grub_escape(p + i, len - i);
		else if (c == '$' && quote != '\'' && (n = grub_reference(p + i, len - i, &name)))
			i += n;
		else {
			if (quote ? c == quote : c == '"' || c == '\'')
				quote = quote ? 0 : c;
			i++;
		}
	}
	return i < len ? i : len;
}

static enum grub_token grub_next(struct grub_cursor *c, struct grub_raw *raw)
{
	*raw = (struct grub_raw){ "", 0 };
	while (c->pos < c->len) {
		const char *p = c->text + c->pos;
		size_t left = c->len - c->pos, n;

		switch (*p) {
		case ' ':
		case '\t':
		case '\r':
			c->pos++;
			continue;
		case '#':
			p = memchr(p, '\n', left);
			c->pos = p ? (size_t)(p - c->text) : c->len;
			continue;
		case '\\':
			n = grub_escape(p, left);
			if (!grub_escaped_newline(p, n))
				break;
			c->pos += n;
			continue;
		case '{':
			c->pos++;
			return GRUB_OPEN;
		case '}':
			c->pos++;
			return GRUB_CLOSE;
		case '\n':
		case ';':
		case '&':
		case '|':
		case '<':
		case '>':
			c->pos++;
			return GRUB_SEPARATOR;
		}
		*raw = (struct grub_raw){ p, grub_word_length(p, left) };
		c->pos += raw->len;
		return GRUB_WORD;
	}
	return GRUB_END;
}

enum grub_token grub_token(struct bootcfg_job *job, struct grub_cursor *c, struct grub_raw *raw)
{
	size_t before = c->pos;
	enum grub_token token = grub_next(c, raw);

	return bootcfg_spend(job, c->pos - before + 1) ? token : GRUB_END;
}

bool grub_raw_is(struct grub_raw raw, const char *word)
{
	return raw.len == strlen(word) && !memcmp(raw.p, word, raw.len);
}

/* --- variables -------------------------------------------------------------------------------- */

static struct grub_var *grub_env_find(const struct grub_env *env, const char *name, size_t len)
{
	bootcfg_spend(env->job, env->count / 4 + 1);
	for (size_t i = 0; i < env->count; i++)
		if (!strncmp(env->vars[i].name, name, len) && !env->vars[i].name[len])
			return (struct grub_var *)&env->vars[i];
	return NULL;
}

const struct grub_var *grub_env_get(const struct grub_env *env, const char *name, size_t len)
{
	return grub_env_find(env, name, len);
}

/* Takes over what stood in v, for grub_env_undo(). */
static void grub_env_remember(struct grub_env *env, struct grub_var v)
{
	if (!env->marks) {
		free(v.value);
		free(v.name);
		return;
	}
	if (array_grow(&env->undo, &env->undo_room, env->undo_count, sizeof(*env->undo))) {
		env->job->error = -ENOMEM;
		free(v.value);
		free(v.name);
		return;
	}
	env->undo_bytes += v.value ? strlen(v.value) : 0;
	env->undo[env->undo_count++] = v;
}

void grub_env_set(struct grub_env *env, const char *name, size_t len, const char *value, bool known)
{
	struct grub_var *v = grub_env_find(env, name, len);
	struct grub_var old = { 0 }, fresh = { NULL, NULL, known };

	if (!v && !value)
		return;
	if (len > GRUB_VALUE_MAX || (!v && env->count == GRUB_VARS) || env->undo_count >= GRUB_UNDO_MAX ||
	    env->undo_bytes > BOOTCFG_TEXTS_BYTES) {
		bootcfg_skip(env->job);
		return;
	}
	old.name = strndup(name, len);
	if (value) {
		fresh.name = strndup(name, len);
		fresh.value = strdup(value);
	}
	if (!old.name || (value && (!fresh.name || !fresh.value))) {
		free(old.name);
		free(fresh.name);
		free(fresh.value);
		env->job->error = -ENOMEM;
		return;
	}
	if (v) {
		old.value = v->value;
		old.known = v->known;
		free(v->name);
		*v = env->vars[--env->count];
	}
	if (value)
		env->vars[env->count++] = fresh;
	grub_env_remember(env, old);
}

size_t grub_env_mark(struct grub_env *env)
{
	env->marks++;
	return env->undo_count;
}

void grub_env_undo(struct grub_env *env, size_t mark)
{
	while (env->undo_count > mark) {
		struct grub_var old = env->undo[--env->undo_count],
				*v = grub_env_find(env, old.name, strlen(old.name));

		env->undo_bytes -= old.value ? strlen(old.value) : 0;
		if (v) {
			free(v->name);
			free(v->value);
			*v = env->vars[--env->count];
		}
		if (old.value)
			env->vars[env->count++] = old;
		else
			free(old.name);
	}
	env->marks--;
}

void grub_env_free(struct grub_env *env)
{
	for (size_t i = 0; i < env->count; i++) {
		free(env->vars[i].name);
		free(env->vars[i].value);
	}
	for (size_t i = 0; i < env->undo_count; i++) {
		free(env->undo[i].name);
		free(env->undo[i].value);
	}
	free(env->undo);
}

/* --- words ------------------------------------------------------------------------------------ */

struct grub_expansion {
	struct grub_env *env;
	const struct grub_words *args;
	struct grub_words *out;
	char text[GRUB_VALUE_MAX];
	size_t len;
	bool begun; /* there is a word, even if it is empty: '' */
	bool known;
	bool wild, literal; /* there is a '*' or '?' outside of quotes; inside */
};

static void grub_put(struct grub_expansion *x, char c, bool quoted)
{
	x->begun = true;
	if (c == '*' || c == '?') {
		x->wild = x->wild || !quoted;
		x->literal = x->literal || quoted;
	}
	if (x->len < sizeof(x->text) - 1)
		x->text[x->len++] = c;
}

static void grub_add_word(struct grub_expansion *x, const char *text, size_t len)
{
	struct grub_words *w = x->out;
	char *copy;

	if (!bootcfg_spend(x->env->job, len + 8) || w->bytes > GRUB_WORDS_MAX)
		return;
	copy = strndup(text, len);
	if (!copy || array_grow(&w->v, &w->room, w->count, sizeof(*w->v))) {
		free(copy);
		x->env->job->error = -ENOMEM;
		return;
	}
	w->v[w->count++] = (struct grub_word){ copy, x->known };
	w->bytes += len + sizeof(*w->v);
}

/* Adds the paths that the word means as a pattern; false where it means none, and is then itself. */
static bool grub_add_matches(struct grub_expansion *x)
{
	struct bootcfg_names found = { 0 };
	const char *path = x->text, *end;
	bool any;

	x->text[x->len] = 0;
	if (*path == '(') {
		end = memrchr(path, ')', strcspn(path, "/"));
		path = end ? end + 1 : "";
	}
	bootcfg_glob(x->env->job, path, &found);
	for (size_t i = 0; i < found.count; i++) {
		cleanup_free char *word = NULL;
		int n = asprintf(&word, "%.*s%s", (int)(path - x->text), x->text, found.v[i]);

		if (n < 0)
			x->env->job->error = -ENOMEM;
		else
			grub_add_word(x, word, (size_t)n);
	}
	any = found.count;
	bootcfg_names_free(&found);
	return any;
}

static void grub_finish_word(struct grub_expansion *x)
{
	x->out->known = x->out->known && x->known;
	if (!x->begun)
		return;
	/* A word with both kinds stays as it is, which is what it means but for rare ones. */
	if (!x->wild || x->literal || !grub_add_matches(x))
		grub_add_word(x, x->text, x->len);
	x->len = 0;
	x->begun = false;
	x->known = true;
	x->wild = false;
	x->literal = false;
}

static void grub_put_value(struct grub_expansion *x, const char *value, bool quoted)
{
	bootcfg_spend(x->env->job, strlen(value));
	for (; *value; value++)
		if (!quoted && strchr(" \t\n", *value))
			grub_finish_word(x);
		else
			grub_put(x, *value, quoted);
}

static void grub_put_reference(struct grub_expansion *x, struct grub_raw name, bool quoted)
{
	const struct grub_words *args = x->args;
	const struct grub_var *var;
	char number[24];
	size_t n = 0;

	if (grub_name_char(name.p[0], true)) {
		var = grub_env_get(x->env, name.p, name.len);
		if (var)
			grub_put_value(x, var->value, quoted);
		x->known = x->known && var && var->known;
	} else if (name.p[0] >= '0' && name.p[0] <= '9') {
		for (size_t i = 0; i < name.len && n < 10000; i++)
			n = n * 10 + (size_t)(name.p[i] - '0');
		if (args && n > 0 && n <= args->count) {
			grub_put_value(x, args->v[n - 1].text, quoted);
			x->known = x->known && args->v[n - 1].known;
		}
	} else if (name.p[0] == '#') {
		snprintf(number, sizeof(number), "%zu", args ? args->count : 0);
		grub_put_value(x, number, quoted);
	} else if (name.p[0] == '?') {
		x->known = false;
	} else {
		for (size_t i = 0; args && i < args->count; i++) {
			if (i)
				grub_put_value(x, " ", quoted);
			grub_put_value(x, args->v[i].text, quoted);
			x->known = x->known && args->v[i].known;
		}
	}
}

/* What an escape outside single quotes stands for. "\x20" stays as it is: GRUB of the Red Hat family hands
 * it on to the kernel. */
static void grub_put_escape(struct grub_expansion *x, const char *p, size_t n, size_t left, bool quoted)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (grub_escaped_newline(p, n))
		return;
	if (n < 2) {
		grub_put(x, '\\', true);
		return;
	}
	if (quoted ? !strchr("$\"\\", p[1])
		   : p[1] == 'x' && left >= 4 && strchr(hex, p[2]) && strchr(hex, p[3]))
		grub_put(x, '\\', true);
	grub_put(x, p[1], true);
}

void grub_expand(struct grub_env *env, const struct grub_words *args, struct grub_raw raw,
		 struct grub_words *out)
{
	cleanup_free struct grub_expansion *x = malloc(sizeof(*x));
	struct grub_raw name;
	char quote = 0;
	size_t n;

	if (!x) {
		env->job->error = -ENOMEM;
		return;
	}
	x->env = env;
	x->args = args;
	x->out = out;
	x->len = 0;
	x->begun = false;
	x->known = true;
	x->wild = false;
	x->literal = false;
	for (size_t i = 0; i < raw.len && bootcfg_spend(env->job, 1); i += n) {
		const char *p = raw.p + i;
		size_t left = raw.len - i;

		n = 1;
		if (*p == '\\' && quote != '\'') {
			n = grub_escape(p, left);
			grub_put_escape(x, p, n, left, quote);
		} else if (*p == '$' && quote != '\'' && (n = grub_reference(p, left, &name))) {
			grub_put_reference(x, name, quote);
		} else if (*p == '$' && !quote && left > 1 && p[1] == '"') {
			n = 1; /* $"..." is text to be translated */
		} else if (quote ? *p == quote : *p == '"' || *p == '\'') {
			n = 1;
			quote = quote ? 0 : *p;
			x->begun = true;
		} else {
			n = 1;
			grub_put(x, *p, quote);
		}
	}
	grub_finish_word(x);
}

void grub_words_free(struct grub_words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->v[i].text);
	free(w->v);
	*w = (struct grub_words){ 0 };
}
