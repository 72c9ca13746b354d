/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_isolinux.h"

/* Labels of isolinux become entries. */

static int isolinux_judge(struct isolinux *iso, struct isolinux_label *l);

/* --- titles and words ------------------------------------------------------------------------- */

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

size_t isolinux_level(char *out, size_t size, size_t n, struct slice title)
{
	if (title.len && n && n + 4 < size) {
		memcpy(out + n, " > ", 3);
		n += 3;
	}
	return n + isolinux_title(out + n, size - n, title);
}

/* Appends the titles of the sub-menu and of those around it. */
static size_t isolinux_levels(const struct isolinux *iso, size_t menu, char *out, size_t size, size_t n)
{
	size_t chain[ISOLINUX_DEPTH + 1], count = 0;

	for (; menu && count < ARRAY_SIZE(chain); menu = iso->menus[menu].parent)
		chain[count++] = menu;
	while (count)
		n = isolinux_level(out, size, n, iso->menus[chain[--count]].title);
	return n;
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
	isolinux_levels(iso, l->menu, menu, sizeof(menu), m);
	return bootcfg_draft_commit(iso->job, d, title, n, menu, l->source);
}

/* Gives the draft the words of rest; the last initrd= among them is the one that counts. */
static void isolinux_words(struct isolinux *iso, struct bootcfg_draft *d, struct slice rest,
			   struct slice *initrd)
{
	struct slice look = rest, w;

	if (!bootcfg_spend(iso->job, rest.len))
		return;
	while (initrd && (w = slice_word(&look)).len)
		if (w.len > 7 && !strncmp(w.p, "initrd=", 7))
			*initrd = (struct slice){w.p + 7, w.len - 7};
	bootcfg_draft_line(iso->job, d, rest.p, rest.len);
}

/* --- kinds of labels -------------------------------------------------------------------------- */

static int isolinux_linux(struct isolinux *iso, const struct isolinux_label *l, struct slice file,
			  struct slice more, struct slice append)
{
	struct bootcfg_draft d = {0};
	struct slice initrd = {NULL, 0};

	bootcfg_draft_kernel(&d, isolinux_path(iso, file, l->source), BOOTCFG_LINUX);
	isolinux_words(iso, &d, more, &initrd);
	isolinux_words(iso, &d, append, &initrd);
	if (l->initrd.len)
		initrd = l->initrd;
	for (size_t i = 0; i < initrd.len && !d.broken;) {
		const char *comma = memchr(initrd.p + i, ',', initrd.len - i);
		struct slice one = {initrd.p + i, comma ? (size_t)(comma - initrd.p) - i : initrd.len - i};

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
	struct bootcfg_draft d = {0};

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

/* The module's name without its suffix. */
static bool isolinux_module_is(struct slice base, const char *name)
{
	if (slice_ends(base, ".c32"))
		base.len -= 4;
	return slice_is(base, name);
}

/* A file without a suffix may be a module whose suffix isolinux finds itself. */
static bool isolinux_is_module(struct isolinux *iso, const struct isolinux_label *l, struct slice file)
{
	struct slice base = slice_base(file);
	cleanup_free char *path = NULL;
	cleanup_free char *longer = NULL;

	if (l->type == ISOLINUX_MODULE || slice_ends(file, ".c32"))
		return true;
	if (l->type == ISOLINUX_LINUX || !base.len || memchr(base.p, '.', base.len))
		return false;
	path = isolinux_path(iso, file, l->source);
	if (!path || bootcfg_exists(iso->job, path))
		return false;
	if (asprintf(&longer, "%s.c32", path) < 0) {
		longer = NULL;
		iso->job->error = -ENOMEM;
	}
	return longer && bootcfg_exists(iso->job, longer);
}

static struct isolinux_label *isolinux_find(struct isolinux *iso, struct slice name)
{
	for (size_t i = 0; i < iso->label_count && bootcfg_spend(iso->job, 1); i++)
		if (slice_same(iso->labels[i].name, name))
			return &iso->labels[i];
	return NULL;
}

/* What the label's module is called with; an empty module where it has none. */
static struct slice isolinux_module_line(struct isolinux *iso, const struct isolinux_label *l,
					 struct slice *rest)
{
	struct slice file;

	*rest = l->file;
	file = slice_word(rest);
	if (l->type == ISOLINUX_NONE) /* its name is the file */
		file = l->name;
	if (l->type == ISOLINUX_LOCAL || l->type == ISOLINUX_CONFIG || l->type == ISOLINUX_OTHER ||
	    !isolinux_is_module(iso, l, file))
		return (struct slice){"", 0};
	*rest = slice_trim(*rest);
	if (!rest->len)
		*rest = slice_is(l->append, "-") ? (struct slice){"", 0} : l->append;
	return slice_base(file);
}

/* Where whichsys.c32 ("-pxe- LABEL -sys- LABEL -iso- LABEL") and ifcpu64.c32 ("LABEL64 [-- LABELPAE] --
 * LABEL32") go on our machines, which are booted as from a disc and have 64 bits; what they name else is
 * passed by. False where the module is another. */
static bool isolinux_choice(struct isolinux *iso, struct slice module, struct slice rest,
			    struct slice *chosen)
{
	bool which = isolinux_module_is(module, "whichsys"), first = !which;
	struct isolinux_label *l;
	struct slice key = {"", 0}, value;

	if (!which && !isolinux_module_is(module, "ifcpu64"))
		return false;
	*chosen = (struct slice){"", 0};
	for (struct slice look = rest; (value = slice_word(&look)).len;) {
		if (which ? *value.p == '-' : slice_is(value, "--")) {
			key = value;
			first = which;
			continue;
		}
		if (first && (!which || slice_is(key, "-iso-")))
			*chosen = value;
		first = false; /* what follows are the command's words */
	}
	for (struct slice look = rest; bootcfg_spend(iso->job, 8) && (value = slice_word(&look)).len;) {
		l = *value.p == '-' || slice_same(value, *chosen) ? NULL : isolinux_find(iso, value);
		/* One that the menu shows by itself stays. */
		if (l && (l->type == ISOLINUX_CONFIG || l->hidden))
			l->passed = true;
	}
	return true;
}

/* Goes on with the label that was chosen; one that the menu hides has the place and title of the one that
 * leads to it. */
static int isolinux_chosen(struct isolinux *iso, const struct isolinux_label *l, struct slice name)
{
	struct isolinux_label *t = isolinux_find(iso, name);

	if (!t)
		return -ENOENT;
	if (t->hidden && !t->judged) {
		t->hidden = false;
		t->menu = l->menu;
		if (l->title.len)
			t->title = l->title;
	}
	return isolinux_judge(iso, t);
}

/* Modules that start nothing are left out without a count: their job is the menu's, or the local disk's. */
static int isolinux_module(struct isolinux *iso, const struct isolinux_label *l, struct slice module,
			   struct slice rest)
{
	struct slice chosen;

	if (isolinux_module_is(module, "mboot"))
		return isolinux_mboot(iso, l, rest);
	if (isolinux_module_is(module, "linux")) {
		struct slice file = slice_word(&rest);

		return isolinux_linux(iso, l, file, rest, (struct slice){"", 0});
	}
	if (isolinux_module_is(module, "config"))
		isolinux_later(iso, slice_word(&rest), slice_trim(rest), l->title);
	if (isolinux_module_is(module, "menu") || isolinux_module_is(module, "vesamenu"))
		for (struct slice file; bootcfg_spend(iso->job, 8) && (file = slice_word(&rest)).len;)
			isolinux_later(iso, file, (struct slice){"", 0}, l->title);
	if (isolinux_choice(iso, module, rest, &chosen))
		return isolinux_chosen(iso, l, chosen);
	return -ENOENT;
}

/* UI and DEFAULT may name a menu program, with the names of other menus. */
static void isolinux_command(struct isolinux *iso, struct slice command)
{
	struct slice rest = command, file = slice_word(&rest);
	struct isolinux_label l = {.source = iso->source, .title = {"", 0}, .type = ISOLINUX_KERNEL};

	rest = slice_trim(rest);
	if (rest.len && isolinux_is_module(iso, &l, file))
		isolinux_module(iso, &l, slice_base(file), rest);
}

/* --- judging ---------------------------------------------------------------------------------- */

static int isolinux_judge_kind(struct isolinux *iso, const struct isolinux_label *l)
{
	static const char *const not_kernels[] = {".c32", ".bin", ".bss", ".img",
						  ".com", ".cbt", ".0",	  "memdisk"};
	struct slice rest, append = slice_is(l->append, "-") ? (struct slice){"", 0} : l->append, file,
			   module = isolinux_module_line(iso, l, &rest);

	if (module.len)
		return isolinux_module(iso, l, module, rest);
	rest = l->file;
	file = slice_word(&rest);
	if (l->type == ISOLINUX_LOCAL)
		return -ENOENT;
	if (l->type == ISOLINUX_CONFIG) {
		struct slice cwd = slice_trim(rest);

		isolinux_later(iso, file, cwd.len || !l->has_append ? cwd : slice_trim(l->append), l->title);
		return -ENOENT;
	}
	if (l->type == ISOLINUX_NONE) {
		/* A label without a kernel names one; most are headings of a menu. */
		cleanup_free char *path = isolinux_path(iso, l->name, l->source);

		if (!path || !bootcfg_exists(iso->job, path))
			return -ENOENT;
		file = l->name;
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

static int isolinux_judge(struct isolinux *iso, struct isolinux_label *l)
{
	if (l->judged)
		return l->entry;
	l->judged = true; /* now, so that two that lead to one another end */
	if (!l->hidden && !l->passed)
		l->entry = isolinux_judge_kind(iso, l);
	return l->entry;
}

/* DEFAULT without a label of that name is a kernel with its words. */
static int isolinux_bare_command(struct isolinux *iso, const char *path)
{
	struct slice rest = iso->command, file = slice_word(&rest);
	struct isolinux_label l = {.name = file, .title = {"", 0}, .initrd = {"", 0}, .source = path};
	cleanup_free char *kernel = NULL;

	if (!file.len || slice_ends(file, ".c32"))
		return -ENOENT;
	kernel = isolinux_path(iso, file, path);
	if (!kernel || !bootcfg_exists(iso->job, kernel))
		return -ENOENT;
	return isolinux_linux(iso, &l, file, rest, iso->append);
}

/* What menu.c32 and vesamenu.c32 start when their time is up and nobody said what: the first entry that can be chosen.
 * Negative where that is in a sub-menu, or none of ours. */
static int isolinux_first(const struct isolinux *iso)
{
	struct slice rest = iso->ui.len ? iso->ui : iso->command, module = slice_base(slice_word(&rest));

	if (!iso->counts || slice_trim(rest).len ||
	    (!slice_is(module, "menu.c32") && !slice_is(module, "vesamenu.c32")))
		return -ENOENT;
	for (size_t i = 0; i < iso->label_count; i++) {
		const struct isolinux_label *l = &iso->labels[i];
		bool heading = l->type == ISOLINUX_NONE && l->entry < 0;

		if (!l->hidden && !heading)
			return l->menu ? -ENOENT : l->entry;
	}
	return -ENOENT;
}

int isolinux_judge_all(struct isolinux *iso, const char *path, size_t *label)
{
	struct slice rest = iso->command, chosen;
	struct isolinux_label *preferred = isolinux_find(iso, slice_word(&rest)), *l;
	int entry = -ENOENT, r;

	/* What boots without being asked is no secret. */
	if (preferred)
		preferred->hidden = false;
	for (size_t i = 0; i < iso->label_count && bootcfg_spend(iso->job, 8); i++) {
		struct slice module = isolinux_module_line(iso, &iso->labels[i], &rest);

		if (module.len)
			isolinux_choice(iso, module, rest, &chosen);
	}
	for (size_t i = 0; i < iso->label_count && bootcfg_spend(iso->job, 8); i++) {
		l = &iso->labels[i];
		iso->judging = i;
		r = isolinux_judge(iso, l);
		/* Defaults of sub-menus are where the cursor stands in them, not what boots. */
		if (r >= 0 && l->is_default && !l->menu)
			entry = r;
	}
	iso->judging = SIZE_MAX;
	isolinux_command(iso, iso->ui);
	if (!preferred)
		isolinux_command(iso, iso->command);
	*label = preferred ? (size_t)(preferred - iso->labels) : SIZE_MAX;
	if (preferred)
		return preferred->entry;
	if (entry < 0)
		entry = isolinux_bare_command(iso, path);
	rest = iso->ontimeout;
	l = entry < 0 ? isolinux_find(iso, slice_word(&rest)) : NULL;
	if (l)
		return l->entry;
	return entry < 0 && !iso->ontimeout.len ? isolinux_first(iso) : entry;
}
