/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <ini.h>

#include "conf.h"

/* inih cuts lines at this length, silently; so longer ones are refused before. */
#define CONF_LINE_MAX 197u

struct conf_job {
	struct conf *conf;
	struct reason *why;
	char last[80]; /* section and key of the value before, which a line without a key goes on */
	int error;
};

/* --- lists of words ---------------------------------------------------------------------------- */

static int words_add(char ***words, const char *word, size_t len)
{
	size_t n = words_count(*words);
	char **more;

	if (n >= CONF_WORDS)
		return -E2BIG;
	more = realloc(*words, (n + 2) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	*words = more;
	more[n] = strndup(word, len);
	more[n + 1] = NULL;
	return more[n] ? 0 : -ENOMEM;
}

static int words_split(char ***words, const char *text)
{
	int r = 0;

	for (size_t n; !r && *(text += strspn(text, " \t")); text += n) {
		n = strcspn(text, " \t");
		r = words_add(words, text, n);
	}
	return r;
}

static int words_copy(char ***words, char *const *from)
{
	int r = 0;

	for (; from && *from && !r; from++)
		r = words_add(words, *from, strlen(*from));
	return r;
}

/* --- one value --------------------------------------------------------------------------------- */

static int value_text(char **text, const char *value, bool again)
{
	char *copy = NULL;

	if (!*value)
		return -EINVAL;
	if (again && *text) {
		if (asprintf(&copy, "%s %s", *text, value) < 0)
			return -ENOMEM;
	} else {
		copy = strdup(value);
	}
	if (!copy)
		return -ENOMEM;
	free(*text);
	*text = copy;
	return 0;
}

static int value_flag(enum conf_flag *flag, const char *value)
{
	static const char *const yes[] = { "yes", "true", "on", "1" }, *const no[] = { "no", "false", "off", "0" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		if (!strcmp(value, yes[i]))
			*flag = CONF_YES;
		else if (!strcmp(value, no[i]))
			*flag = CONF_NO;
		else
			continue;
		return 0;
	}
	return -EINVAL;
}

static int value_timeout(int *timeout, const char *value)
{
	char *end;
	long n;

	if (!strcmp(value, "never")) {
		*timeout = CONF_TIMEOUT_NEVER;
		return 0;
	}
	errno = 0;
	n = strtol(value, &end, 10);
	if (errno || end == value || *end || n < 0 || n > 86400)
		return -EINVAL;
	*timeout = (int)n;
	return 0;
}

static int value_way(enum conf_way *way, const char *value)
{
	static const char *const names[] = {
		[CONF_WAY_NFS] = "nfs", [CONF_WAY_HTTP] = "http", [CONF_WAY_MEMORY] = "memory",
	};

	for (size_t i = CONF_WAY_NFS; i < ARRAY_SIZE(names); i++)
		if (!strcmp(value, names[i])) {
			*way = (enum conf_way)i;
			return 0;
		}
	return -EINVAL;
}

size_t conf_answer_stem(const char *name)
{
	static const char mark[] = ".answer";
	const size_t mark_len = sizeof(mark) - 1;
	const char *dot = strrchr(name, '.');

	/* The suffix before the last one, as installers want their own. */
	if (dot && strcasecmp(dot, mark))
		dot = (size_t)(dot - name) > mark_len && !strncasecmp(dot - mark_len, mark, mark_len) ?
		      dot - mark_len : NULL;
	return dot ? (size_t)(dot - name) : 0;
}

static int value_answer(char **answer, const char *value)
{
	if (*value == '.' || strchr(value, '/') || !conf_answer_stem(value))
		return -EINVAL;
	return value_text(answer, value, false);
}

static int value_path(char **path, const char *value)
{
	return *value == '/' ? value_text(path, value, false) : -EINVAL;
}

static int value_initrds(char ***initrds, const char *value)
{
	size_t before = words_count(*initrds);
	int r = words_split(initrds, value);

	for (size_t i = before; !r && i < words_count(*initrds); i++)
		if ((*initrds)[i][0] != '/' || i >= CONF_INITRDS)
			r = -EINVAL;
	return r;
}

/* --- sections ---------------------------------------------------------------------------------- */

/* -ENOENT: no such key. again: the value goes on. */
static int image_value(struct conf *c, const char *key, const char *value, bool again)
{
	if (!strcmp(key, "append"))
		return words_split(&c->append, value);
	if (!strcmp(key, "remove"))
		return words_split(&c->remove, value);
	if (!strcmp(key, "title"))
		return value_text(&c->title, value, again);
	if (!strcmp(key, "default"))
		return value_text(&c->default_title, value, again);
	if (again)
		return -EINVAL;
	if (!strcmp(key, "hidden"))
		return value_flag(&c->hidden, value);
	if (!strcmp(key, "timeout"))
		return value_timeout(&c->timeout, value);
	if (!strcmp(key, "way"))
		return value_way(&c->way, value);
	if (!strcmp(key, "answer"))
		return value_answer(&c->answer, value);
	return -ENOENT;
}

static int entry_value(struct conf_entry *e, const char *key, const char *value, bool again)
{
	if (!strcmp(key, "append"))
		return words_split(&e->words, value);
	if (!strcmp(key, "initrd"))
		return value_initrds(&e->initrds, value);
	if (!strcmp(key, "title"))
		return value_text(&e->title, value, again);
	if (!strcmp(key, "kernel"))
		return again ? -EINVAL : value_path(&e->kernel, value);
	return -ENOENT;
}

static int conf_entry(struct conf *c, const char *section, struct conf_entry **out)
{
	struct conf_entry *more;

	for (size_t i = 0; i < c->entry_count; i++)
		if (!strcmp(c->entries[i].name, section)) {
			*out = &c->entries[i];
			return 0;
		}
	if (c->entry_count >= CONF_ENTRIES)
		return -E2BIG;
	more = realloc(c->entries, (c->entry_count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->entries = more;
	more += c->entry_count;
	*more = (struct conf_entry){ .name = strdup(section) };
	if (!more->name)
		return -ENOMEM;
	c->entry_count++;
	*out = more;
	return 0;
}

static int conf_value(void *ctx, const char *section, const char *key, const char *value)
{
	struct conf_job *job = ctx;
	char place[sizeof(job->last)];
	struct conf_entry *e;
	bool again;
	int r;

	if (job->error)
		return 1;
	snprintf(place, sizeof(place), "%s\n%s", section, key);
	again = !strcmp(place, job->last);
	snprintf(job->last, sizeof(job->last), "%s", place);
	if (!*section) {
		r = image_value(job->conf, key, value, again);
	} else if (!strncmp(section, "entry ", 6)) {
		r = conf_entry(job->conf, section, &e);
		if (!r)
			r = entry_value(e, key, value, again);
	} else {
		job->error = reason_set(job->why, -EINVAL, "[%s]: only [entry NAME] is a section", section);
		return 1;
	}
	if (r == -ENOENT)
		r = reason_set(job->why, -EINVAL, "%s = ...: there is no such key%s", key,
			       *section ? " of an entry" : "");
	else if (r == -E2BIG)
		r = reason_set(job->why, -EINVAL, "%s = ...: more than this version takes", key);
	else if (r == -EINVAL)
		r = reason_set(job->why, -EINVAL, "%s = %s: not a value that it can have", key, value);
	job->error = r;
	return 1;
}

/* --- the file ---------------------------------------------------------------------------------- */

static int conf_lines(const char *text, struct reason *why)
{
	unsigned n = 1;

	for (size_t len; *text; text += len + (text[len] == '\n'), n++) {
		len = strcspn(text, "\n");
		if (len > CONF_LINE_MAX)
			return reason_set(why, -EINVAL,
					  "line %u is longer than %u bytes: go on in the next one, indented",
					  n, CONF_LINE_MAX);
	}
	return 0;
}

static int conf_complete(const struct conf *c, struct reason *why)
{
	for (size_t i = 0; i < c->entry_count; i++)
		if (!c->entries[i].title || !c->entries[i].kernel)
			return reason_set(why, -EINVAL, "[%s] has no %s", c->entries[i].name,
					  c->entries[i].title ? "kernel" : "title");
	return 0;
}

int conf_parse(const char *text, size_t len, struct conf **out, struct reason *why)
{
	struct conf_job job = { .why = why };
	cleanup_free char *copy = NULL;
	int line;

	if (len > CONF_FILE_MAX)
		return reason_set(why, -EINVAL, "more than %u bytes", CONF_FILE_MAX);
	if (memchr(text, 0, len))
		return reason_set(why, -EINVAL, "not a text");
	copy = strndup(text, len);
	job.conf = calloc(1, sizeof(*job.conf));
	if (!copy || !job.conf) {
		free(job.conf);
		return -ENOMEM;
	}
	job.conf->timeout = CONF_TIMEOUT_UNSAID;
	job.error = conf_lines(copy, why);
	if (!job.error) {
		line = ini_parse_string(copy, conf_value, &job);
		if (!job.error && line)
			job.error = line < 0 ? -ENOMEM : reason_set(why, -EINVAL, "line %d is no KEY = VALUE", line);
	}
	if (!job.error)
		job.error = conf_complete(job.conf, why);
	if (job.error) {
		conf_free(job.conf);
		return job.error;
	}
	*out = job.conf;
	return 0;
}

/* --- folders ----------------------------------------------------------------------------------- */

static int text_copy(char **to, const char *from)
{
	if (!from)
		return 0;
	free(*to);
	*to = strdup(from);
	return *to ? 0 : -ENOMEM;
}

static int entries_copy(struct conf *c, const struct conf *from)
{
	int r = 0;

	for (size_t i = 0; i < from->entry_count && !r; i++) {
		const struct conf_entry *old = &from->entries[i];
		struct conf_entry *more = realloc(c->entries, (c->entry_count + 1) * sizeof(*more));

		if (!more)
			return -ENOMEM;
		c->entries = more;
		more += c->entry_count++;
		*more = (struct conf_entry){ .name = NULL };
		r = text_copy(&more->name, old->name);
		r = r ? r : text_copy(&more->title, old->title);
		r = r ? r : text_copy(&more->kernel, old->kernel);
		r = r ? r : words_copy(&more->initrds, old->initrds);
		r = r ? r : words_copy(&more->words, old->words);
	}
	return r;
}

static int conf_lay(struct conf *c, const struct conf *over)
{
	int r = text_copy(&c->title, over->title);

	r = r ? r : text_copy(&c->default_title, over->default_title);
	r = r ? r : text_copy(&c->answer, over->answer);
	c->hidden = over->hidden ? over->hidden : c->hidden;
	c->way = over->way ? over->way : c->way;
	c->timeout = over->timeout != CONF_TIMEOUT_UNSAID ? over->timeout : c->timeout;
	/* Two full lists together may be over the limit: the rest is left out; a kernel's line is shorter anyway. */
	r = r ? r : words_copy(&c->append, over->append);
	r = r && r != -E2BIG ? r : words_copy(&c->remove, over->remove);
	return r && r != -E2BIG ? r : entries_copy(c, over);
}

int conf_merge(const struct conf *far, const struct conf *near, struct conf **out)
{
	struct conf *c = calloc(1, sizeof(*c));
	int r = c ? 0 : -ENOMEM;

	if (c)
		c->timeout = CONF_TIMEOUT_UNSAID;
	if (!r && far)
		r = conf_lay(c, far);
	if (!r && near)
		r = conf_lay(c, near);
	if (r) {
		conf_free(c);
		return r;
	}
	*out = c;
	return 0;
}

void conf_free(struct conf *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->entry_count; i++) {
		free(c->entries[i].name);
		free(c->entries[i].title);
		free(c->entries[i].kernel);
		words_free(c->entries[i].initrds);
		words_free(c->entries[i].words);
	}
	free(c->entries);
	words_free(c->append);
	words_free(c->remove);
	free(c->title);
	free(c->default_title);
	free(c->answer);
	free(c);
}
