/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <limits.h>

#include "bootcfg_grub.h"

/* The GRUB 2 reader's entries and commands, and its run over a menu for one platform. Bodies of entries and
 * sub-menus are run where they stand, with the values known there. */

static const struct grub_truth grub_done = { true, true };
static const struct grub_truth grub_unknown = { true, false };

/* --- entries ---------------------------------------------------------------------------------- */

static void grub_commit(struct grub *g, struct grub_boot *boot, const char *title, const char *path, int item)
{
	int n;

	if (boot->draft.broken || (boot->draft.entry.kernel && !boot->elsewhere)) {
		n = bootcfg_draft_commit(g->job, &boot->draft, title, strlen(title), g->submenu, path);
		if (item >= 0)
			g->items[item].entry = n;
	}
	bootcfg_draft_clear(&boot->draft);
}

/* The number of a new item of the menu, or -1. */
static int grub_item(struct grub *g, const char *title, const char *id)
{
	struct grub_item *i = &g->items[g->item_count];

	if (g->item_count == GRUB_ITEMS) {
		bootcfg_skip(g->job);
		return -1;
	}
	*i = (struct grub_item){ g->parent, -1, !g->unlikely, strdup(title), strdup(id) };
	if (!i->title || !i->id) {
		free(i->title);
		free(i->id);
		g->job->error = -ENOMEM;
		return -1;
	}
	return (int)g->item_count++;
}

/* The arguments of menuentry and submenu: the title becomes $1, what follows it $2 and on. */
static void grub_entry_args(const struct grub_words *w, struct grub_words *args, const char **id)
{
	static const char *const valued[] = { "--class", "--users", "--hotkey", "--source", "--id" };
	bool options = true;

	*id = "";
	for (size_t i = 1; i < w->count; i++) {
		const char *text = w->v[i].text;
		bool takes_value = false;

		if (!options || strncmp(text, "--", 2)) {
			args->v[args->count++] = w->v[i];
			continue;
		}
		options = text[2];
		if (!strncmp(text, "--id=", 5))
			*id = text + 5;
		for (size_t k = 0; k < ARRAY_SIZE(valued); k++)
			takes_value = takes_value || !strcmp(text, valued[k]);
		if (takes_value && ++i < w->count && !strcmp(text, "--id"))
			*id = w->v[i].text;
	}
}

void grub_entry(struct grub *g, struct grub_cursor *c, const struct grub_words *w, bool submenu)
{
	cleanup_free struct grub_word *room = calloc(w->count, sizeof(*room));
	struct grub_words args = { .v = room, .known = w->known };
	const struct grub_words *outer_args = g->args;
	struct grub_boot *outer_boot = g->boot, boot = { 0 };
	const char *outer_submenu = g->submenu, *id, *title;
	cleanup_free char *joined = NULL;
	int outer_parent = g->parent, outer_item = g->item, item;
	size_t mark = grub_env_mark(&g->env);
	enum grub_end end;

	if (room)
		grub_entry_args(w, &args, &id);
	else
		g->job->error = -ENOMEM;
	title = args.count ? args.v[0].text : "";
	item = room ? grub_item(g, title, id) : -1;
	if (submenu && (joined = grub_submenu_title(g, title))) {
		g->submenu = joined;
		g->parent = item;
	}
	g->boot = &boot;
	g->args = &args;
	g->item = submenu ? -1 : item;
	grub_list(g, c, GRUB_AT_CLOSE, true, &end);
	g->item = outer_item;
	g->args = outer_args;
	g->boot = outer_boot;
	g->parent = outer_parent;
	g->submenu = outer_submenu;
	if (submenu)
		bootcfg_draft_clear(&boot.draft);
	else
		grub_commit(g, &boot, title, c->path, item);
	grub_env_undo(&g->env, mark);
}

/* --- what boots ------------------------------------------------------------------------------- */

static void grub_kernel_words(struct grub *g, const struct grub_words *w, size_t first)
{
	for (; first < w->count; first++) {
		const struct grub_word *word = &w->v[first];
		size_t len = strlen(word->text);
		bool vague = !word->known && len && word->text[len - 1] == '=';

		bootcfg_draft_word(g->job, &g->boot->draft, word->text, len, vague);
	}
}

/* The first word of a loader that is not an option of the loader's. */
static size_t grub_operand(const struct grub_words *w)
{
	size_t i = 1;

	while (i < w->count && !strncmp(w->v[i].text, "--", 2))
		i++;
	return i;
}

static bool grub_base_is(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return !strcasecmp(slash ? slash + 1 : path, name);
}

static void grub_kernel(struct grub *g, const struct grub_words *w, enum bootcfg_kind kind)
{
	size_t i = grub_operand(w);

	/* A second kernel in one entry takes the first one's place, as in GRUB. */
	bootcfg_draft_clear(&g->boot->draft);
	g->boot->elsewhere = false;
	bootcfg_draft_kernel(&g->boot->draft, i < w->count ? grub_path(g->job, w->v[i].text) : NULL, kind);
	/* memdisk's initrd is a disk image: isolinux' reader leaves it out likewise. */
	if (i < w->count && grub_base_is(w->v[i].text, "memdisk"))
		g->boot->draft.broken = true;
	grub_kernel_words(g, w, i + 1);
}

static void grub_linux(struct grub *g, const struct grub_words *w)
{
	grub_kernel(g, w, BOOTCFG_LINUX);
}

static void grub_multiboot(struct grub *g, const struct grub_words *w)
{
	grub_kernel(g, w, BOOTCFG_MULTIBOOT);
}

static void grub_initrd(struct grub *g, const struct grub_words *w)
{
	struct bootcfg_draft *d = &g->boot->draft;

	for (size_t i = 0; i < d->entry.initrd_count; i++) {
		free(d->entry.initrds[i]);
		free(d->entry.module_words[i]);
	}
	d->entry.initrd_count = 0;
	for (size_t i = 1; i < w->count && !d->broken; i++) {
		/* "newc:NAME:FILE" is a file wrapped in an archive: without it the system would lack a file.
		 */
		if (!strncmp(w->v[i].text, "newc:", 5))
			d->broken = true;
		else if (w->v[i].text[0])
			bootcfg_draft_initrd(g->job, d, grub_path(g->job, w->v[i].text), NULL);
	}
	/* All that it names are variables whose values are not known. */
	if (!d->entry.initrd_count)
		d->broken = true;
}

/* Modules of a hypervisor: their words stay one line, in which GRUB has put quotes around words with blanks. */
static void grub_module(struct grub *g, const struct grub_words *w)
{
	struct bootcfg_draft *d = &g->boot->draft;
	size_t at = grub_operand(w), len = 0, n;
	char words[BOOTCFG_WORDS_MAX];

	if (!d->entry.kernel)
		return;
	if (at == w->count)
		d->broken = true;
	for (size_t i = at + 1; i < w->count && !d->broken; i++) {
		const char *quote = strchr(w->v[i].text, ' ') ? "\"" : "";

		n = strlen(w->v[i].text);
		if (!n)
			continue;
		if (!range_inside(len, n + 4, sizeof(words))) {
			d->broken = true;
			return;
		}
		len += (size_t)snprintf(words + len, sizeof(words) - len, "%s%s%s%s", len ? " " : "", quote,
					w->v[i].text, quote);
	}
	words[len] = 0;
	if (!d->broken)
		bootcfg_draft_initrd(g->job, d, grub_path(g->job, w->v[at].text), words);
}

/* Local disks are chained to by lists of blocks or by paths that are not on the disc. */
static void grub_chain(struct grub *g, const struct grub_words *w)
{
	size_t i = grub_operand(w);
	cleanup_free char *path = i < w->count ? grub_path(g->job, w->v[i].text) : NULL;

	bootcfg_draft_clear(&g->boot->draft);
	g->boot->elsewhere = !path || !bootcfg_exists(g->job, path);
	if (g->boot->elsewhere)
		return;
	bootcfg_draft_kernel(&g->boot->draft, steal_pointer(path), BOOTCFG_CHAIN);
	grub_kernel_words(g, w, i + 1);
}

/* The kernel of another system: with a loader of its own, so the entry cannot be carried to ours. */
static void grub_foreign(struct grub *g, const struct grub_words *w)
{
	static const char *const loaders[] = { "kfreebsd", "knetbsd", "kopenbsd", "ntldr", "freedos", "plan9" };

	for (size_t i = 0; i < ARRAY_SIZE(loaders) && !g->job->out->foreign; i++)
		if (!strcmp(w->v[0].text, loaders[i]))
			g->job->out->foreign = loaders[i];
	g->boot->draft.broken = true;
}

static void grub_unsupported(struct grub *g, const struct grub_words *w)
{
	(void)w;
	g->boot->draft.broken = true;
}

/* --- commands --------------------------------------------------------------------------------- */

/* "NAME=VALUE"; false where it is not that. */
static bool grub_assign(struct grub *g, const struct grub_word *w)
{
	size_t n = strcspn(w->text, "=");

	if (!n || !w->text[n] || (w->text[0] >= '0' && w->text[0] <= '9'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", w->text[i]))
			return false;
	grub_env_set(&g->env, w->text, n, w->text + n + 1, w->known);
	return true;
}

static void grub_set(struct grub *g, const struct grub_words *w)
{
	for (size_t i = 1; i < w->count; i++)
		grub_assign(g, &w->v[i]);
}

static void grub_unset(struct grub *g, const struct grub_words *w)
{
	for (size_t i = 1; i < w->count; i++)
		grub_env_set(&g->env, w->v[i].text, strlen(w->v[i].text), NULL, false);
}

#define GRUB_PC	 BOOTCFG_BIOS
#define GRUB_EFI BOOTCFG_EFI
#define GRUB_ANY (BOOTCFG_BIOS | BOOTCFG_EFI)

static const struct grub_command {
	const char *name;
	void (*run)(struct grub *g, const struct grub_words *w);
	unsigned platforms; /* where GRUB has it */
} grub_commands[] = {
	{ "linux", grub_linux, GRUB_ANY },
	{ "linuxefi", grub_linux, GRUB_EFI },
	{ "linux16", grub_linux, GRUB_PC },
	{ "linux32", grub_linux, GRUB_ANY },
	{ "initrd", grub_initrd, GRUB_ANY },
	{ "initrdefi", grub_initrd, GRUB_EFI },
	{ "initrd16", grub_initrd, GRUB_PC },
	{ "initrd32", grub_initrd, GRUB_ANY },
	{ "multiboot", grub_multiboot, GRUB_ANY },
	{ "multiboot2", grub_multiboot, GRUB_ANY },
	{ "xen_hypervisor", grub_multiboot, GRUB_EFI },
	{ "module", grub_module, GRUB_ANY },
	{ "module2", grub_module, GRUB_ANY },
	{ "xen_module", grub_module, GRUB_EFI },
	{ "chainloader", grub_chain, GRUB_EFI },
	{ "set", grub_set, GRUB_ANY },
	{ "unset", grub_unset, GRUB_ANY },
	{ "source", grub_source, GRUB_ANY },
	{ ".", grub_source, GRUB_ANY },
	{ "configfile", grub_configfile, GRUB_ANY },
	{ "normal", grub_configfile, GRUB_ANY },
	{ "eval", grub_eval, GRUB_ANY },
	{ "blscfg", grub_blscfg, GRUB_ANY },
	{ "kfreebsd", grub_foreign, GRUB_ANY },
	{ "knetbsd", grub_foreign, GRUB_ANY },
	{ "kopenbsd", grub_foreign, GRUB_ANY },
	{ "ntldr", grub_foreign, GRUB_ANY },
	{ "freedos", grub_foreign, GRUB_ANY },
	{ "plan9", grub_foreign, GRUB_ANY },
	{ "legacy_kernel", grub_unsupported, GRUB_ANY },
	{ "legacy_configfile", grub_unsupported, GRUB_ANY },
	{ "syslinux_configfile", grub_unsupported, GRUB_ANY },
};

static struct grub_truth grub_call(struct grub *g, const struct grub_function *f, const struct grub_words *w)
{
	struct grub_words args = { .v = w->v + 1, .count = w->count - 1, .known = w->known };
	const struct grub_words *outer = g->args;
	struct grub_cursor c = f->body;
	struct grub_truth r;
	enum grub_end end;

	g->args = &args;
	r = grub_list(g, &c, GRUB_AT_CLOSE, true, &end);
	g->args = outer;
	return r;
}

struct grub_truth grub_command(struct grub *g, const struct grub_cursor *c, const struct grub_words *w)
{
	const char *name = w->v[0].text;
	bool bracket = !strcmp(name, "[");

	g->path = c->path;
	if (bracket || !strcmp(name, "test"))
		return grub_test(g->job, w, 1, w->count - (bracket && !strcmp(w->v[w->count - 1].text, "]")));
	if (!strcmp(name, "true") || !strcmp(name, "false"))
		return (struct grub_truth){ *name == 't', true };
	if (grub_assign(g, &w->v[0]))
		return grub_done;
	for (size_t i = 0; i < g->function_count; i++)
		if (grub_raw_is(g->functions[i].name, name))
			return grub_call(g, &g->functions[i], w);
	for (size_t i = 0; i < ARRAY_SIZE(grub_commands); i++)
		if (!strcmp(name, grub_commands[i].name)) {
			if (grub_commands[i].platforms & g->job->platforms)
				grub_commands[i].run(g, w);
			else
				g->boot->elsewhere = true;
			return grub_unknown;
		}
	return grub_unknown;
}

/* --- the run ---------------------------------------------------------------------------------- */

/* Finds what the first part of a default says: a number, an id or a title, up to a '>' that is not doubled.
 */
static int grub_find_item(const struct grub *g, int parent, const char *text, size_t len)
{
	cleanup_free char *name = strndup(text, len);
	unsigned long number = ULONG_MAX, n = 0;
	char *rest;

	if (!name) {
		g->job->error = -ENOMEM;
		return -1;
	}
	if (len && len < 10 && name[0] >= '0' && name[0] <= '9') {
		number = strtoul(name, &rest, 10);
		if (*rest)
			number = ULONG_MAX;
	}
	for (size_t i = 0; i < g->item_count; i++) {
		const struct grub_item *it = &g->items[i];

		if (it->parent != parent)
			continue;
		if ((it->counts && n++ == number) ||
		    (len && (!strcmp(it->id, name) || !strcmp(it->title, name))))
			return (int)i;
	}
	return -1;
}

/* timeout: the menu counts down, and then starts its first entry where it has no default. */
static void grub_default(struct grub *g, bool timeout)
{
	const struct grub_var *v = grub_env_get(&g->env, "default", strlen("default"));
	const char *p = v && *v->value ? v->value : timeout ? "0" : "";
	int item = -1, parent = -1;

	while (*p) {
		size_t n = 0;

		while (p[n] && (p[n] != '>' || p[n + 1] == '>'))
			n += p[n] == '>' ? 2 : 1;
		item = grub_find_item(g, parent, p, n);
		if (item < 0)
			return;
		parent = item;
		p += n + (p[n] == '>');
	}
	if (item >= 0)
		bootcfg_set_default(g->job, g->items[item].entry);
}

/* What GRUB itself sets before it reads a menu. */
static void grub_builtin(struct grub *g, const char *prefix)
{
	static const char *const features[] = {
		"feature_menuentry_id",	     "feature_menuentry_options",
		"feature_default_font_path", "feature_all_video_module",
		"feature_timeout_style",     "feature_platform_search_hint",
		"feature_chainloader_bpb",   "feature_ntldr",
		"feature_nativedisk_cmd",    "feature_200_final",
	};
	bool efi = g->job->platforms == BOOTCFG_EFI;
	bool arm = efi && bootcfg_arm(g->job);
	const char *const values[][2] = {
		{ "grub_platform", efi ? "efi" : "pc" },
		{ "grub_cpu", arm   ? "arm64"
			      : efi ? "x86_64"
				    : "i386" },
		{ "prefix", prefix },
		{ "cmdpath", prefix },
		{ "menuentry_id_option", "--id" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(features); i++)
		grub_env_set(&g->env, features[i], strlen(features[i]), "y", true);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		grub_env_set(&g->env, values[i][0], strlen(values[i][0]), values[i][1], true);
}

void bootcfg_read_grub(struct bootcfg_job *job, const char *path, const char *prefix)
{
	cleanup_free struct grub *g = calloc(1, sizeof(*g));
	struct grub_boot bare = { 0 };
	const struct grub_var *timeout;
	bool counts;

	if (!g) {
		job->error = -ENOMEM;
		return;
	}
	g->job = job;
	g->env.job = job;
	g->boot = &bare;
	g->submenu = "";
	g->parent = -1;
	g->item = -1;
	grub_builtin(g, prefix);
	grub_file(g, path);
	/* A script that boots without a menu. */
	grub_commit(g, &bare, "", path, -1);
	timeout = grub_env_get(&g->env, "timeout", strlen("timeout"));
	counts = timeout && timeout->value[0] >= '0' && timeout->value[0] <= '9';
	grub_default(g, counts);
	if (counts)
		bootcfg_set_timeout(job, strtoul(timeout->value, NULL, 10));
	grub_env_free(&g->env);
	for (size_t i = 0; i < g->item_count; i++) {
		free(g->items[i].title);
		free(g->items[i].id);
	}
	for (size_t i = 0; i < g->eval_count; i++)
		free(g->evals[i]);
}
