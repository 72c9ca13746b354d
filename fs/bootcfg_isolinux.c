/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_readers.h"
#include "bootcfg_slice.h"

/* The isolinux/syslinux menu reader. A label is collected line by line and judged when the next one
 * begins. Slices point into the job's texts, which outlive the reader. */

#define ISOLINUX_MENUS	 16 /* MENU BEGIN inside another */
#define ISOLINUX_LABELS	 1024
#define ISOLINUX_CONFIGS 32 /* other configurations that one leads to */

enum isolinux_type {
	ISOLINUX_NONE,
	ISOLINUX_KERNEL, /* the file's name says what it is */
	ISOLINUX_LINUX,
	ISOLINUX_MODULE, /* COM32 */
	ISOLINUX_CONFIG,
	ISOLINUX_LOCAL, /* local disk */
	ISOLINUX_OTHER, /* boot sectors, floppy images */
};

struct isolinux_label {
	struct slice name, title, file, append, initrd;
	bool has_append, is_default, hidden;
	enum isolinux_type type;
	const char *source; /* path of the menu file that it began in */
};

struct isolinux {
	struct bootcfg_job *job;
	const char *cwd; /* what relative names are relative to first */
	const char *source;
	unsigned depth;
	struct slice append, command; /* APPEND before any label; DEFAULT */
	struct slice chosen;	      /* the label in command */
	struct slice ontimeout;
	struct slice pxe_label; /* whichsys.c32 goes there when booted by PXE, which an ISO is not */
	struct slice titles[ISOLINUX_MENUS];
	size_t menu, too_deep;
	const char *led_by; /* title of the entry that led to this configuration, or "" */
	struct isolinux_label now;
	bool in_label, in_text;
	int menu_default;
	struct {
		struct slice name;
		int entry;
	} * labels;
	size_t label_count, label_room;
	struct {
		struct slice file, cwd, title;
	} configs[ISOLINUX_CONFIGS];
	size_t config_count;
};

static void isolinux_menu(struct bootcfg_job *job, const char *path, const char *cwd, const char *led_by,
			  unsigned depth);
static void isolinux_file(struct isolinux *iso, const char *path);

/* --- words ------------------------------------------------------------------------------------ */

/* The kernel's words as the kernel itself would split them: blanks inside double quotes do not separate.
 * Takes one off *rest into buf without its quotes; false at the end. A word too long for buf comes in
 * pieces, which the cap on all words makes the entry's end. */
static bool isolinux_kernel_word(struct slice *rest, char buf[BOOTCFG_WORDS_MAX], size_t *len)
{
	bool quoted = false;
	size_t n = 0, i = 0;

	while (i < rest->len && slice_blank(rest->p[i]))
		i++;
	if (i == rest->len)
		return false;
	for (; i < rest->len && n < BOOTCFG_WORDS_MAX; i++) {
		if (rest->p[i] == '"')
			quoted = !quoted;
		else if (!quoted && slice_blank(rest->p[i]))
			break;
		else
			buf[n++] = rest->p[i];
	}
	rest->p += i;
	rest->len -= i;
	*len = n;
	return true;
}

/* --- files ------------------------------------------------------------------------------------ */

/* A file that a menu names: relative to the working directory, or, where it is not there, to the file that
 * names it. */
static char *isolinux_path(struct isolinux *iso, struct slice name, const char *source)
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

static void isolinux_later(struct isolinux *iso, struct slice file, struct slice cwd, struct slice title)
{
	if (!file.len || slice_is(file, "~"))
		return;
	if (iso->config_count == ISOLINUX_CONFIGS) {
		bootcfg_skip(iso->job);
		return;
	}
	iso->configs[iso->config_count].file = file;
	iso->configs[iso->config_count].cwd = cwd;
	iso->configs[iso->config_count++].title = title;
}

/* --- labels become entries -------------------------------------------------------------------- */

/* Puts a MENU LABEL less the '^' before its hot key at out, which ends in a NUL; "^^" is a '^'. */
static size_t isolinux_title(char *out, size_t size, struct slice from)
{
	size_t n = 0;

	for (size_t i = 0; i < from.len && n < size - 1; i++) {
		if (from.p[i] == '^' && ++i == from.len)
			break;
		out[n++] = from.p[i];
	}
	out[n] = 0;
	return n;
}

/* Appends a level to the sub-menus in out. */
static size_t isolinux_level(char *out, size_t size, size_t n, struct slice title)
{
	if (title.len && n && n + 4 < size) {
		memcpy(out + n, " > ", 3);
		n += 3;
	}
	return n + isolinux_title(out + n, size - n, title);
}

static int isolinux_commit(struct isolinux *iso, const struct isolinux_label *l, struct bootcfg_draft *d)
{
	char title[2 * BOOTCFG_TITLE_MAX], menu[2 * BOOTCFG_TITLE_MAX];
	size_t m = (size_t)snprintf(menu, sizeof(menu), "%.256s", iso->led_by);
	size_t n = l->name.len < sizeof(title) ? l->name.len : sizeof(title);

	if (l->title.len)
		n = isolinux_title(title, sizeof(title), l->title);
	else
		memcpy(title, l->name.p, n);
	for (size_t k = 0; k < iso->menu; k++)
		m = isolinux_level(menu, sizeof(menu), m, iso->titles[k]);
	return bootcfg_draft_commit(iso->job, d, title, n, menu, l->source);
}

/* Gives the draft the words of rest; the last initrd= among them is the one that counts. */
static void isolinux_words(struct isolinux *iso, struct bootcfg_draft *d, struct slice rest,
			   struct slice *initrd)
{
	cleanup_free char *buf = malloc(BOOTCFG_WORDS_MAX);
	struct slice look = rest, w;
	size_t len;

	if (!buf) {
		iso->job->error = -ENOMEM;
		return;
	}
	if (!bootcfg_spend(iso->job, 2 * rest.len))
		return;
	while (initrd && (w = slice_word(&look)).len)
		if (w.len > 7 && !strncmp(w.p, "initrd=", 7))
			*initrd = (struct slice){ w.p + 7, w.len - 7 };
	while (!d->broken && isolinux_kernel_word(&rest, buf, &len))
		bootcfg_draft_word(iso->job, d, buf, len, false);
}

static int isolinux_linux(struct isolinux *iso, const struct isolinux_label *l, struct slice file,
			  struct slice more, struct slice append)
{
	struct bootcfg_draft d = { 0 };
	struct slice initrd = { NULL, 0 };

	bootcfg_draft_kernel(&d, isolinux_path(iso, file, l->source), BOOTCFG_LINUX);
	isolinux_words(iso, &d, more, &initrd);
	isolinux_words(iso, &d, append, &initrd);
	if (l->initrd.len)
		initrd = l->initrd;
	for (size_t i = 0; i < initrd.len && !d.broken;) {
		const char *comma = memchr(initrd.p + i, ',', initrd.len - i);
		struct slice one = { initrd.p + i, comma ? (size_t)(comma - initrd.p) - i : initrd.len - i };

		i += one.len + 1;
		one = slice_trim(one);
		if (one.len)
			bootcfg_draft_initrd(iso->job, &d, isolinux_path(iso, one, l->source), NULL);
	}
	return isolinux_commit(iso, l, &d);
}

/* "xen.gz words --- vmlinuz words --- initrd": the first is the hypervisor. */
static int isolinux_mboot(struct isolinux *iso, const struct isolinux_label *l, struct slice rest)
{
	struct bootcfg_draft d = { 0 };

	for (bool first = true; rest.len > 0 && !d.broken && bootcfg_spend(iso->job, 8); first = false) {
		struct slice part = rest, file, w;
		char *path, *words;

		for (part.len = 0; (w = slice_word(&rest)).len && !slice_is(w, "---");)
			part.len = (size_t)(w.p - part.p) + w.len;
		file = slice_word(&part);
		/* An option of mboot.c32, which names a file of its own kind. */
		path = file.len && file.p[0] != '-' ? isolinux_path(iso, file, l->source) : NULL;
		part = slice_trim(part);
		if (first) {
			bootcfg_draft_kernel(&d, path, BOOTCFG_MULTIBOOT);
			isolinux_words(iso, &d, part, NULL);
			continue;
		}
		words = part.len < BOOTCFG_WORDS_MAX ? strndup(part.len ? part.p : "", part.len) : NULL;
		if (!words)
			d.broken = true;
		bootcfg_draft_initrd(iso->job, &d, path, words ? words : "");
		free(words);
	}
	return isolinux_commit(iso, l, &d);
}

/* Modules that start nothing are left out without a count: their job is the menu's, or the local disk's. */
static int isolinux_module(struct isolinux *iso, const struct isolinux_label *l, struct slice file,
			   struct slice append)
{
	struct slice base = slice_base(file), rest = append, key, value, pxe = { NULL, 0 };

	if (slice_is(base, "mboot.c32"))
		return isolinux_mboot(iso, l, append);
	if (slice_is(base, "linux.c32")) {
		file = slice_word(&rest);
		return isolinux_linux(iso, l, file, rest, (struct slice){ "", 0 });
	}
	if (slice_is(base, "menu.c32") || slice_is(base, "vesamenu.c32") || slice_is(base, "config.c32"))
		isolinux_later(iso, slice_word(&rest), (struct slice){ NULL, 0 }, l->title);
	if (slice_is(base, "whichsys.c32")) {
		while ((key = slice_word(&rest)).len && (value = slice_word(&rest)).len) {
			if (slice_is(key, "-pxe-"))
				pxe = value;
			else if (slice_same(pxe, value))
				pxe.len = 0;
		}
		if (pxe.len)
			iso->pxe_label = pxe;
	}
	return -ENOENT;
}

static int isolinux_judge(struct isolinux *iso, struct isolinux_label *l)
{
	static const char *const not_kernels[] = { ".c32", ".bin", ".bss", ".img",
						   ".com", ".cbt", ".0",   "memdisk" };
	struct slice rest = l->file, file = slice_word(&rest),
		     append = l->has_append ? l->append : iso->append;

	if (slice_is(append, "-"))
		append.len = 0;
	if (l->type == ISOLINUX_LOCAL || (l->hidden && !slice_same(iso->chosen, l->name)))
		return -ENOENT;
	if (l->type == ISOLINUX_CONFIG) {
		if (!slice_same(l->name, iso->pxe_label)) {
			struct slice cwd = slice_trim(rest);

			isolinux_later(iso, file, cwd.len || !l->has_append ? cwd : slice_trim(l->append),
				       l->title);
		}
		return -ENOENT;
	}
	if (l->type == ISOLINUX_NONE) {
		/* A label without a kernel names one; most are headings of a menu. */
		cleanup_free char *path = isolinux_path(iso, l->name, l->source);

		if (!path || slice_ends(l->name, ".c32") || !bootcfg_exists(iso->job, path))
			return -ENOENT;
		file = l->name;
	}
	if (l->type == ISOLINUX_MODULE || slice_ends(file, ".c32")) {
		if (!rest.len)
			rest = append;
		return isolinux_module(iso, l, file, rest);
	}
	if (l->type == ISOLINUX_OTHER || slice_is(slice_base(file), "memdisk")) {
		bootcfg_skip(iso->job);
		return -ENOENT;
	}
	for (size_t i = 0; i < ARRAY_SIZE(not_kernels) && l->type != ISOLINUX_LINUX; i++)
		if (slice_ends(file, not_kernels[i])) {
			bootcfg_skip(iso->job);
			return -ENOENT;
		}
	return isolinux_linux(iso, l, file, rest, append);
}

static void isolinux_end_label(struct isolinux *iso)
{
	struct isolinux_label l = iso->now;
	int entry;

	if (!iso->in_label)
		return;
	iso->in_label = false;
	iso->now = (struct isolinux_label){ 0 };
	entry = isolinux_judge(iso, &l);
	if (entry < 0)
		return;
	/* Defaults of sub-menus are where the cursor stands in them, not what boots. */
	if (l.is_default && !iso->menu)
		iso->menu_default = entry;
	if (iso->label_count >= ISOLINUX_LABELS)
		return;
	if (array_grow(&iso->labels, &iso->label_room, iso->label_count, sizeof(*iso->labels))) {
		iso->job->error = -ENOMEM;
		return;
	}
	iso->labels[iso->label_count].name = l.name;
	iso->labels[iso->label_count++].entry = entry;
}

static int isolinux_find(const struct isolinux *iso, struct slice command)
{
	struct slice name = slice_word(&command);

	for (size_t i = 0; i < iso->label_count; i++)
		if (slice_same(iso->labels[i].name, name))
			return iso->labels[i].entry;
	return -ENOENT;
}

/* --- keywords --------------------------------------------------------------------------------- */

static void isolinux_include(struct isolinux *iso, struct slice rest)
{
	cleanup_free char *path = isolinux_path(iso, slice_word(&rest), iso->source);
	const char *source = iso->source;

	if (!path) {
		bootcfg_skip(iso->job);
		return;
	}
	iso->depth++;
	isolinux_file(iso, path);
	iso->depth--;
	iso->source = source;
}

static void isolinux_menu_begin(struct isolinux *iso, struct slice rest)
{
	isolinux_end_label(iso);
	if (iso->menu == ISOLINUX_MENUS) {
		iso->too_deep++;
		bootcfg_skip(iso->job);
		return;
	}
	iso->titles[iso->menu++] = rest;
}

static void isolinux_menu_end(struct isolinux *iso)
{
	isolinux_end_label(iso);
	if (iso->too_deep)
		iso->too_deep--;
	else if (iso->menu)
		iso->menu--;
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
			iso->titles[iso->menu - 1] = rest;
	} else if (slice_is(word, "default"))
		iso->now.is_default = iso->in_label;
	else if (slice_is(word, "hide") || slice_is(word, "disable"))
		iso->now.hidden = iso->in_label;
	else if (slice_is(word, "begin"))
		isolinux_menu_begin(iso, rest);
	else if (slice_is(word, "end"))
		isolinux_menu_end(iso);
	else if (slice_is(word, "separator"))
		isolinux_end_label(iso);
	else if (slice_is(word, "include"))
		isolinux_include(iso, rest);
}

static void isolinux_type_line(struct isolinux *iso, struct slice word, struct slice rest)
{
	static const struct {
		const char *word;
		enum isolinux_type type;
	} types[] = {
		{ "kernel", ISOLINUX_KERNEL }, { "linux", ISOLINUX_LINUX },	{ "com32", ISOLINUX_MODULE },
		{ "config", ISOLINUX_CONFIG }, { "localboot", ISOLINUX_LOCAL }, { "boot", ISOLINUX_OTHER },
		{ "bss", ISOLINUX_OTHER },     { "pxe", ISOLINUX_OTHER },	{ "fdimage", ISOLINUX_OTHER },
		{ "comboot", ISOLINUX_OTHER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (slice_is(word, types[i].word)) {
			if (iso->in_label) {
				iso->now.type = types[i].type;
				iso->now.file = rest;
			} else if (types[i].type == ISOLINUX_CONFIG) {
				word = slice_word(&rest);
				isolinux_later(iso, word, slice_trim(rest), (struct slice){ "", 0 });
			}
			return;
		}
}

/* What stands behind UI or DEFAULT may be a menu program with the name of another menu. */
static void isolinux_command(struct isolinux *iso, struct slice command)
{
	struct slice rest = command, file = slice_word(&rest);
	struct isolinux_label l = { .source = iso->source };

	if (slice_ends(file, ".c32") && slice_trim(rest).len)
		isolinux_module(iso, &l, file, rest);
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
		isolinux_include(iso, rest);
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
		iso->chosen = slice_word(&rest);
		isolinux_command(iso, iso->command);
	} else if (slice_is(word, "ui")) {
		isolinux_command(iso, rest);
	} else if (slice_is(word, "ontimeout")) {
		iso->ontimeout = rest;
	} else if (slice_is(word, "timeout")) {
		number = slice_word(&rest);
		for (size_t i = 0;
		     i < number.len && number.p[i] >= '0' && number.p[i] <= '9' && tenths < 1000000; i++)
			tenths = tenths * 10 + (unsigned long)(number.p[i] - '0');
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
		struct slice line = { t->text + at, end ? (size_t)(end - t->text) - at : t->len - at };

		if (!bootcfg_spend(iso->job, line.len + 1))
			return;
		isolinux_line(iso, line);
		at += line.len + 1;
	}
}

/* --- a configuration -------------------------------------------------------------------------- */

/* DEFAULT without a label of that name is a kernel with its words. */
static int isolinux_bare_command(struct isolinux *iso, const char *path)
{
	struct slice rest = iso->command, file = slice_word(&rest);
	struct isolinux_label l = { .name = file, .source = path };
	cleanup_free char *kernel = NULL;

	if (!file.len || slice_ends(file, ".c32"))
		return -ENOENT;
	kernel = isolinux_path(iso, file, path);
	if (!kernel || !bootcfg_exists(iso->job, kernel))
		return -ENOENT;
	return isolinux_linux(iso, &l, file, rest, iso->append);
}

static void isolinux_follow(struct isolinux *iso, size_t n, const char *path)
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
	isolinux_menu(iso->job, file, cwd, led_by, iso->depth + 1);
}

/* One configuration with its own defaults and labels, and after it those that it leads to. */
static void isolinux_menu(struct bootcfg_job *job, const char *path, const char *cwd, const char *led_by,
			  unsigned depth)
{
	cleanup_free struct isolinux *iso = calloc(1, sizeof(*iso));
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
	iso->menu_default = -ENOENT;
	isolinux_file(iso, path);
	iso->source = path;
	isolinux_end_label(iso);
	iso->menu = 0;
	entry = iso->menu_default;
	if (entry < 0)
		entry = isolinux_find(iso, iso->command);
	if (entry < 0)
		entry = isolinux_bare_command(iso, path);
	if (entry < 0)
		entry = isolinux_find(iso, iso->ontimeout);
	bootcfg_set_default(job, entry);
	for (size_t i = 0; i < iso->config_count && bootcfg_spend(job, 64); i++)
		isolinux_follow(iso, i, path);
	free(iso->labels);
}

void bootcfg_read_isolinux(struct bootcfg_job *job, const char *path, const char *prefix)
{
	cleanup_free char *cwd = bootcfg_path_beside(job, path, ".", 1);

	(void)prefix;
	if (cwd)
		isolinux_menu(job, path, cwd, "", 0);
}
