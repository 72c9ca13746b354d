/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_bls.h"

/* --- versions --------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int order(bool a, bool b)
{
	return a - b;
}

static void skip(struct slice *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

static size_t span(struct slice s, bool (*is)(char))
{
	size_t n = 0;

	while (n < s.len && is(s.p[n]))
		n++;
	return n;
}

static int bytes_order(struct slice a, struct slice b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	int r = least ? memcmp(a.p, b.p, least) : 0;

	return r ? r : order(a.len > b.len, a.len < b.len);
}

/* Takes a mark off both where both have it, and says who is lower where one has: the one with it. */
static int mark_order(struct slice *a, struct slice *b, char mark)
{
	bool in_a = a->len && *a->p == mark, in_b = b->len && *b->p == mark;

	if (in_a && in_b) {
		skip(a, 1);
		skip(b, 1);
	}
	return order(in_b, in_a);
}

static int number_order(struct slice a, struct slice b)
{
	if (!a.len || !b.len)
		return order(a.len, b.len);
	while (a.len && *a.p == '0')
		skip(&a, 1);
	while (b.len && *b.p == '0')
		skip(&b, 1);
	return a.len != b.len ? (a.len < b.len ? -1 : 1) : bytes_order(a, b);
}

int bls_version_order(struct slice a, struct slice b)
{
	int r;

	for (;;) {
		while (a.len && !is_digit(*a.p) && !is_alpha(*a.p) && (!*a.p || !strchr("~-^.", *a.p)))
			skip(&a, 1);
		while (b.len && !is_digit(*b.p) && !is_alpha(*b.p) && (!*b.p || !strchr("~-^.", *b.p)))
			skip(&b, 1);
		/* "1~rc1" comes before "1", which comes before all else that begins so. */
		r = mark_order(&a, &b, '~');
		if (r)
			return r;
		if (!a.len || !b.len)
			return order(a.len, b.len);
		for (const char *mark = "-^."; *mark; mark++) {
			r = mark_order(&a, &b, *mark);
			if (r)
				return r;
		}
		if ((a.len && is_digit(*a.p)) || (b.len && is_digit(*b.p))) {
			size_t n = span(a, is_digit), m = span(b, is_digit);

			r = number_order((struct slice){a.p, n}, (struct slice){b.p, m});
			skip(&a, n);
			skip(&b, m);
		} else {
			size_t n = span(a, is_alpha), m = span(b, is_alpha);

			r = bytes_order((struct slice){a.p, n}, (struct slice){b.p, m});
			skip(&a, n);
			skip(&b, m);
		}
		if (r)
			return r;
	}
}

/* --- files ------------------------------------------------------------------------------------ */

static bool bls_file_name(struct slice name)
{
	return name.len > 5 && *name.p != '.' && slice_ends(name, ".conf") &&
	       !(name.len > 5 && !strncasecmp(name.p, "auto-", 5));
}

/* Takes ".conf" off, and "+LEFT" or "+LEFT-DONE" before it. */
static void bls_id(struct bls_entry *e, struct slice name)
{
	size_t end = name.len - 5, at = end;

	e->id = (struct slice){name.p, end};
	while (at > 0 && (is_digit(name.p[at - 1]) || name.p[at - 1] == '-'))
		at--;
	if (at < 2 || at == end || name.p[at - 1] != '+' || !is_digit(name.p[at]))
		return;
	e->id.len = at - 1;
	e->spent = true;
	for (; at < end && is_digit(name.p[at]); at++)
		e->spent = e->spent && name.p[at] == '0';
}

static void bls_start(struct bls_entry *e, enum bls_kind kind, struct slice program)
{
	if (e->kind != BLS_NONE && e->kind != kind)
		kind = BLS_BAD;
	e->kind = kind;
	e->program = program;
}

static void bls_append(struct bls_entry *e, struct slice *list, size_t *count, size_t most,
		       struct slice value)
{
	if (*count < most)
		list[(*count)++] = value;
	else
		e->too_big = true;
}

/* False for a file that is for other machines. */
static bool bls_line(struct bls_entry *e, struct slice line, const char *machine)
{
	struct slice value = slice_trim(line), key = slice_word(&value);

	value = slice_trim(value);
	if (!key.len || *key.p == '#' || !value.len)
		return true;
	if (slice_is(key, "title"))
		e->title = value;
	else if (slice_is(key, "version"))
		e->version = value;
	else if (slice_is(key, "machine-id"))
		e->machine_id = value;
	else if (slice_is(key, "sort-key"))
		e->sort_key = value;
	else if (slice_is(key, "linux"))
		bls_start(e, BLS_LINUX, value);
	else if (slice_is(key, "efi") || slice_is(key, "uki"))
		bls_start(e, BLS_EFI, value);
	else if (slice_is(key, "initrd"))
		bls_append(e, e->initrds, &e->initrd_count, BOOTCFG_INITRDS, value);
	else if (slice_is(key, "options"))
		bls_append(e, e->options, &e->option_count, BLS_OPTIONS, value);
	else if (slice_is(key, "architecture"))
		return slice_is(value, machine);
	return true;
}

static void bls_file(struct bootcfg_job *job, const char *dir, struct slice name, unsigned depth,
		     const char *machine, struct bls *out)
{
	cleanup_free char *path = bootcfg_path(job, dir, name.p, name.len);
	const struct bootcfg_text *t;
	struct bls_entry e = {.kind = BLS_NONE};
	int r = path ? bootcfg_open(job, path, depth, &t) : -EINVAL;

	if (r) {
		if (r != -EALREADY)
			bootcfg_skip(job);
		return;
	}
	for (size_t at = 0; at < t->len;) {
		const char *end = memchr(t->text + at, '\n', t->len - at);
		struct slice line = {t->text + at, end ? (size_t)(end - t->text) - at : t->len - at};

		if (!bootcfg_spend(job, line.len + 1) || !bls_line(&e, line, machine))
			return;
		at += line.len + 1;
	}
	if (e.kind == BLS_NONE || e.kind == BLS_BAD || e.too_big) {
		bootcfg_skip(job);
		return;
	}
	e.source = t->path;
	bls_id(&e, name);
	if (array_grow(&out->v, &out->room, out->count, sizeof(*out->v)))
		job->error = -ENOMEM;
	else
		out->v[out->count++] = e;
}

/* systemd-boot's: those with a sort key first, by it, and what it leaves open by version; the others by name.
 * Newest first. */
static int bls_order(const void *a, const void *b)
{
	const struct bls_entry *p = a, *q = b;
	int r = order(p->spent, q->spent);

	if (!r)
		r = order(!p->sort_key.len, !q->sort_key.len);
	if (!r && p->sort_key.len) {
		r = bytes_order(p->sort_key, q->sort_key);
		if (!r)
			r = bytes_order(p->machine_id, q->machine_id);
		if (!r)
			r = bls_version_order(q->version, p->version);
	}
	return r ? r : bls_version_order(q->id, p->id);
}

int bls_load(struct bootcfg_job *job, const char *dir, unsigned depth, struct bls *out)
{
	const char *machine = bootcfg_arm(job) ? "aa64" : "x64", *name;
	size_t len;
	int r;

	*out = (struct bls){0};
	r = bootcfg_list(job, dir, &out->names, &len);
	if (r)
		return r;
	for (name = out->names; name < out->names + len; name += strlen(name) + 1) {
		struct slice s = {name, strlen(name)};

		if (s.len > 2 && !memcmp(name + s.len - 2, ";1", 2))
			s.len -= 2;
		if (bls_file_name(s))
			bls_file(job, dir, s, depth, machine, out);
	}
	if (out->count)
		qsort(out->v, out->count, sizeof(*out->v), bls_order);
	return 0;
}

void bls_free(struct bls *bls)
{
	free(bls->v);
	free(bls->names);
	*bls = (struct bls){0};
}

/* --- systemd-boot ----------------------------------------------------------------------------- */

/* A path in an entry is one of the ISO's. */
static char *bls_path(struct bootcfg_job *job, struct slice text)
{
	return bootcfg_path(job, "/", text.p, text.len);
}

/* Two entries of one title say their versions, or their names. */
static char *bls_title(struct bootcfg_job *job, const struct bls *bls, const struct bls_entry *e)
{
	struct slice title = e->title.len ? e->title : e->id, more = {"", 0};
	char *text;

	for (size_t i = 0; i < bls->count && bootcfg_spend(job, 1); i++)
		if (&bls->v[i] != e && slice_same(bls->v[i].title, e->title))
			more = e->version.len ? e->version : e->id;
	if (asprintf(&text, "%.*s%s%.*s%s", (int)(title.len < 1024 ? title.len : 1024), title.p,
		     more.len ? " (" : "", (int)(more.len < 256 ? more.len : 256), more.p,
		     more.len ? ")" : "") < 0) {
		job->error = -ENOMEM;
		return NULL;
	}
	return text;
}

static int bls_commit(struct bootcfg_job *job, const struct bls *bls, const struct bls_entry *e)
{
	cleanup_free char *title = bls_title(job, bls, e);
	char *program = bls_path(job, e->program);
	struct bootcfg_draft d = {0};

	/* systemd-boot does not show what is not there. */
	if (!title || !program || !bootcfg_exists(job, program)) {
		free(program);
		bootcfg_skip(job);
		return -ENOENT;
	}
	bootcfg_draft_kernel(&d, program, e->kind == BLS_EFI ? BOOTCFG_CHAIN : BOOTCFG_LINUX);
	for (size_t i = 0; i < e->option_count; i++)
		bootcfg_draft_line(job, &d, e->options[i].p, e->options[i].len);
	/* The firmware starts a program without more files. */
	for (size_t i = 0; i < e->initrd_count && e->kind == BLS_LINUX; i++)
		bootcfg_draft_initrd(job, &d, bls_path(job, e->initrds[i]), NULL);
	/* An older form: the kernel's own loader takes them from the line. */
	for (size_t i = 0; i < e->option_count && e->kind == BLS_LINUX; i++) {
		struct slice rest = e->options[i], w;

		while (bootcfg_spend(job, 8) && (w = slice_word(&rest)).len)
			if (w.len > 7 && !strncmp(w.p, "initrd=", 7))
				bootcfg_draft_initrd(job, &d,
						     bls_path(job, (struct slice){w.p + 7, w.len - 7}), NULL);
	}
	return bootcfg_draft_commit(job, &d, title, strlen(title), "", e->source);
}

struct bls_config {
	struct slice preferred; /* a pattern */
	unsigned long timeout;	/* seconds */
	bool waits;		/* for somebody to choose */
};

static void bls_config(struct bootcfg_job *job, const char *path, struct bls_config *config)
{
	const struct bootcfg_text *t;

	if (!bootcfg_exists(job, path) || bootcfg_open(job, path, 0, &t))
		return;
	for (size_t at = 0; at < t->len;) {
		const char *end = memchr(t->text + at, '\n', t->len - at);
		struct slice line = {t->text + at, end ? (size_t)(end - t->text) - at : t->len - at};
		struct slice value = line, key = slice_word(&value);

		value = slice_trim(value);
		if (!bootcfg_spend(job, line.len + 1))
			return;
		if (slice_is(key, "default"))
			config->preferred = value;
		/* "menu-force" and its like are no time. */
		if (slice_is(key, "timeout"))
			config->waits = slice_is(value, "menu-force");
		if (slice_is(key, "timeout") && value.len && is_digit(*value.p)) {
			config->timeout = 0;
			for (size_t i = 0; i < value.len && is_digit(value.p[i]) && config->timeout < 1000000;
			     i++)
				config->timeout = config->timeout * 10 + (unsigned long)(value.p[i] - '0');
		}
		at += line.len + 1;
	}
}

/* The pattern is for the name with or without ".conf"; "@saved" and its like match none. */
static bool bls_preferred(const struct bls_config *config, const struct bls_entry *e)
{
	struct slice pattern = config->preferred;

	if (bootcfg_match(pattern.p, pattern.len, e->id.p, e->id.len, true))
		return pattern.len > 0;
	if (slice_ends(pattern, ".conf"))
		pattern.len -= 5;
	return pattern.len && bootcfg_match(pattern.p, pattern.len, e->id.p, e->id.len, true);
}

void bootcfg_read_bls(struct bootcfg_job *job, const char *path, const char *prefix)
{
	struct bls_config config = {.timeout = 0};
	int preferred = -ENOENT, first = -ENOENT, n;
	cleanup_free char *file = bootcfg_path(job, prefix, "loader.conf", strlen("loader.conf"));
	struct bls bls;

	if (!bls_load(job, path, 0, &bls) && bls.count) {
		if (file)
			bls_config(job, file, &config);
		for (size_t i = 0; i < bls.count; i++) {
			n = bls_commit(job, &bls, &bls.v[i]);
			if (preferred < 0 && bls_preferred(&config, &bls.v[i]))
				preferred = n;
			if (first < 0)
				first = n;
		}
		bootcfg_set_default(job, preferred < 0 && !config.waits ? first : preferred);
		bootcfg_set_timeout(job, config.timeout);
	}
	bls_free(&bls);
}
