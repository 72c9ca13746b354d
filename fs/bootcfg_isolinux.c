/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_isolinux.h"

/* The isolinux/syslinux menu reader: keywords, files, and what follows what. */

static void isolinux_config(struct bootcfg_job *job, const char *path, const char *cwd, const char *led_by,
			    unsigned depth, bool silent);
static void isolinux_file(struct isolinux *iso, const char *path);

/* --- files ------------------------------------------------------------------------------------ */

char *isolinux_path(struct isolinux *iso, struct slice name, const char *source)
{
	char *path, *beside;

	if (name.len >= 2 && name.p[0] == ':' && name.p[1] == ':') {
		name.p += 2;
		name.len -= 2;
	}
	path = name.len ? bootcfg_path(iso->job, iso->cwd, name.p, name.len) : NULL;
	if (!path || name.p[0] == '/' || bootcfg_exists(iso->job, path))
		return path;
	beside = bootcfg_path_beside(iso->job, source, name.p, name.len);
	if (beside && bootcfg_exists(iso->job, beside)) {
		free(path);
		return beside;
	}
	free(beside);
	return path;
}

void isolinux_later(struct isolinux *iso, struct slice file, struct slice cwd, struct slice title)
{
	if (!file.len || slice_is(file, "~"))
		return;
	if (iso->config_count == ISOLINUX_CONFIGS) {
		bootcfg_skip(iso->job);
		return;
	}
	iso->configs[iso->config_count].file = file;
	iso->configs[iso->config_count].cwd = cwd;
	iso->configs[iso->config_count].title = title;
	iso->configs[iso->config_count++].label = iso->judging;
}

/* --- keywords --------------------------------------------------------------------------------- */

static void isolinux_end_label(struct isolinux *iso)
{
	struct isolinux_label *l = &iso->now;

	if (!iso->in_label)
		return;
	iso->in_label = false;
	if (!l->has_append)
		l->append = iso->append;
	l->menu = iso->menu;
	l->entry = -ENOENT;
	if (iso->label_count >= ISOLINUX_LABELS)
		bootcfg_skip(iso->job);
	else if (array_grow(&iso->labels, &iso->label_room, iso->label_count, sizeof(*iso->labels)))
		iso->job->error = -ENOMEM;
	else
		iso->labels[iso->label_count++] = *l;
	*l = (struct isolinux_label){.entry = -ENOENT};
}

static void isolinux_menu_begin(struct isolinux *iso, struct slice title)
{
	struct isolinux_menu *m = &iso->menus[iso->menu_count];

	isolinux_end_label(iso);
	if (iso->too_deep || iso->menu_count == ISOLINUX_MENUS ||
	    iso->menus[iso->menu].depth == ISOLINUX_DEPTH) {
		iso->too_deep++;
		bootcfg_skip(iso->job);
		return;
	}
	*m = (struct isolinux_menu){title, iso->menu, iso->menus[iso->menu].depth + 1};
	iso->menu = iso->menu_count++;
}

static void isolinux_menu_end(struct isolinux *iso)
{
	isolinux_end_label(iso);
	if (iso->too_deep)
		iso->too_deep--;
	else
		iso->menu = iso->menus[iso->menu].parent;
}

/* MENU INCLUDE with a tag makes a sub-menu of the file; INCLUDE has none. */
static void isolinux_include(struct isolinux *iso, struct slice rest, bool menu)
{
	cleanup_free char *path = isolinux_path(iso, slice_word(&rest), iso->source);
	const char *source = iso->source;
	struct slice tag = menu ? slice_trim(rest) : (struct slice){"", 0};

	if (!path) {
		bootcfg_skip(iso->job);
		return;
	}
	if (tag.len)
		isolinux_menu_begin(iso, tag);
	iso->depth++;
	isolinux_file(iso, path);
	iso->depth--;
	iso->source = source;
	if (tag.len)
		isolinux_menu_end(iso);
}

static void isolinux_menu_line(struct isolinux *iso, struct slice rest)
{
	struct slice word = slice_word(&rest);
	bool label = slice_is(word, "label");

	rest = slice_trim(rest);
	if (label && iso->in_label)
		iso->now.title = rest;
	else if (label || slice_is(word, "title")) {
		/* Outside a label both name the sub-menu. */
		if (!iso->in_label && iso->menu && !iso->too_deep && rest.len)
			iso->menus[iso->menu].title = rest;
	} else if (slice_is(word, "default"))
		iso->now.is_default = iso->in_label;
	else if (slice_is(word, "hide") || slice_is(word, "disable") || slice_is(word, "disabled"))
		iso->now.hidden = iso->in_label;
	else if (slice_is(word, "begin"))
		isolinux_menu_begin(iso, rest);
	else if (slice_is(word, "end"))
		isolinux_menu_end(iso);
	else if (slice_is(word, "separator"))
		isolinux_end_label(iso);
	else if (slice_is(word, "include"))
		isolinux_include(iso, rest, true);
}

static void isolinux_type_line(struct isolinux *iso, struct slice word, struct slice rest)
{
	static const struct {
		const char *word;
		enum isolinux_type type;
	} types[] = {
		{"kernel", ISOLINUX_KERNEL}, {"linux", ISOLINUX_LINUX},	    {"com32", ISOLINUX_MODULE},
		{"config", ISOLINUX_CONFIG}, {"localboot", ISOLINUX_LOCAL}, {"boot", ISOLINUX_OTHER},
		{"bss", ISOLINUX_OTHER},     {"pxe", ISOLINUX_OTHER},	    {"fdimage", ISOLINUX_OTHER},
		{"comboot", ISOLINUX_OTHER},
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (slice_is(word, types[i].word)) {
			if (iso->in_label) {
				iso->now.type = types[i].type;
				iso->now.file = rest;
			} else if (types[i].type == ISOLINUX_CONFIG) {
				word = slice_word(&rest);
				isolinux_later(iso, word, slice_trim(rest), (struct slice){"", 0});
			}
			return;
		}
}

static void isolinux_line(struct isolinux *iso, struct slice line)
{
	struct slice rest = slice_trim(line), word = slice_word(&rest), number;
	unsigned long tenths = 0;

	rest = slice_trim(rest);
	if (iso->in_text) {
		iso->in_text = !slice_is(word, "endtext");
	} else if (!word.len || word.p[0] == '#') {
		return;
	} else if (slice_is(word, "text")) {
		iso->in_text = true;
	} else if (slice_is(word, "menu")) {
		isolinux_menu_line(iso, rest);
	} else if (slice_is(word, "include")) {
		isolinux_include(iso, rest, false);
	} else if (slice_is(word, "label")) {
		isolinux_end_label(iso);
		iso->in_label = true;
		iso->now.name = slice_word(&rest);
		iso->now.source = iso->source;
	} else if (slice_is(word, "append")) {
		if (iso->in_label) {
			iso->now.append = rest;
			iso->now.has_append = true;
		} else {
			iso->append = rest;
		}
	} else if (slice_is(word, "initrd") && iso->in_label) {
		iso->now.initrd = rest;
	} else if (slice_is(word, "default")) {
		iso->command = rest;
	} else if (slice_is(word, "ui")) {
		iso->ui = rest;
	} else if (slice_is(word, "ontimeout")) {
		iso->ontimeout = rest;
	} else if (slice_is(word, "timeout")) {
		number = slice_word(&rest);
		for (size_t i = 0;
		     i < number.len && number.p[i] >= '0' && number.p[i] <= '9' && tenths < 1000000; i++)
			tenths = tenths * 10 + (unsigned long)(number.p[i] - '0');
		iso->counts = tenths > 0;
		bootcfg_set_timeout(iso->job, (tenths + 9) / 10);
	} else {
		isolinux_type_line(iso, word, rest);
	}
}

static void isolinux_file(struct isolinux *iso, const char *path)
{
	const struct bootcfg_text *t;
	size_t at = 0;
	int r = bootcfg_open(iso->job, path, iso->depth, &t);

	if (r) {
		if (r != -EALREADY)
			bootcfg_skip(iso->job);
		return;
	}
	iso->source = t->path;
	while (at < t->len) {
		const char *end = memchr(t->text + at, '\n', t->len - at);
		struct slice line = {t->text + at, end ? (size_t)(end - t->text) - at : t->len - at};

		if (!bootcfg_spend(iso->job, line.len + 1))
			return;
		isolinux_line(iso, line);
		at += line.len + 1;
	}
}

/* --- a configuration -------------------------------------------------------------------------- */

static void isolinux_follow(struct isolinux *iso, size_t n, const char *path, bool silent)
{
	struct slice dir = iso->configs[n].cwd, title = iso->configs[n].title;
	cleanup_free char *file = isolinux_path(iso, iso->configs[n].file, path);
	cleanup_free char *cwd =
		dir.len ? bootcfg_path(iso->job, iso->cwd, dir.p, dir.len) : strdup(iso->cwd);
	char led_by[2 * BOOTCFG_TITLE_MAX];

	isolinux_level(led_by, sizeof(led_by),
		       (size_t)snprintf(led_by, sizeof(led_by), "%.256s", iso->led_by), title);
	if (!file || !cwd) {
		bootcfg_skip(iso->job);
		return;
	}
	isolinux_config(iso->job, file, cwd, led_by, iso->depth + 1, silent);
}

/* One configuration with its own defaults and labels, and after it those that it leads to. */
static void isolinux_config(struct bootcfg_job *job, const char *path, const char *cwd, const char *led_by,
			    unsigned depth, bool silent)
{
	cleanup_free struct isolinux *iso = calloc(1, sizeof(*iso));
	size_t preferred;
	int entry;

	if (!iso) {
		job->error = -ENOMEM;
		return;
	}
	iso->job = job;
	iso->cwd = cwd;
	iso->source = path;
	iso->led_by = led_by;
	iso->depth = depth;
	iso->menu_count = 1;
	iso->judging = SIZE_MAX;
	isolinux_file(iso, path);
	iso->source = path;
	isolinux_end_label(iso);
	entry = isolinux_judge_all(iso, path, &preferred);
	/* What UI shows instead of this configuration comes first; the default of one that a label leads to
	 * is the default where that label is. */
	for (size_t i = 0; i < iso->config_count && bootcfg_spend(job, 64); i++)
		if (iso->configs[i].label == SIZE_MAX)
			isolinux_follow(iso, i, path, silent);
	if (!silent)
		bootcfg_set_default(job, entry);
	for (size_t i = 0; i < iso->config_count && bootcfg_spend(job, 64); i++)
		if (iso->configs[i].label != SIZE_MAX)
			isolinux_follow(iso, i, path, silent || iso->configs[i].label != preferred);
	free(iso->labels);
}

void bootcfg_read_isolinux(struct bootcfg_job *job, const char *path, const char *prefix)
{
	isolinux_config(job, path, prefix, "", 0, false);
}
