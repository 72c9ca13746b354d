/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_bls.h"
#include "bootcfg_grub.h"

/* What a GRUB menu runs beside its own text: other files, texts made by it, entries that lie in files. */

char *grub_submenu_title(struct grub *g, const char *title)
{
	char *joined;

	if (asprintf(&joined, "%.512s%s%.512s", g->submenu, *g->submenu && *title ? " > " : "", title) < 0) {
		g->job->error = -ENOMEM;
		return NULL;
	}
	return joined;
}

void grub_file(struct grub *g, const char *path)
{
	const struct bootcfg_text *t;
	struct grub_cursor c;
	enum grub_end end;
	int r = bootcfg_open(g->job, path, g->files, &t);

	if (r) {
		if (r != -EALREADY)
			bootcfg_skip(g->job);
		return;
	}
	c = (struct grub_cursor){t->text, t->len, 0, t->path};
	g->files++;
	grub_list(g, &c, 0, true, &end);
	g->files--;
}

void grub_source(struct grub *g, const struct grub_words *w)
{
	cleanup_free char *path = w->count > 1 ? grub_path(g->job, w->v[1].text) : NULL;

	if (path)
		grub_file(g, path);
	else
		bootcfg_skip(g->job);
}

/* A menu in place of this one; from an entry it is what the entry leads to, so its sub-menu. */
void grub_configfile(struct grub *g, const struct grub_words *w)
{
	const char *outer_submenu = g->submenu;
	struct grub_boot *outer_boot = g->boot, boot = {0};
	int outer_parent = g->parent, item = g->item;
	cleanup_free char *joined = NULL;

	if (item < 0) {
		grub_source(g, w);
		return;
	}
	joined = grub_submenu_title(g, g->items[item].title);
	if (!joined)
		return;
	outer_boot->elsewhere = true;
	g->submenu = joined;
	g->parent = item;
	g->item = -1;
	g->boot = &boot;
	grub_source(g, w);
	bootcfg_draft_clear(&boot.draft);
	g->boot = outer_boot;
	g->item = item;
	g->parent = outer_parent;
	g->submenu = outer_submenu;
}

/* Runs a text, which is taken over; NULL for want of memory. */
static void grub_run_text(struct grub *g, char *text, size_t len)
{
	struct grub_cursor c = {text, len, 0, g->path};
	enum grub_end end;

	if (!text) {
		g->job->error = -ENOMEM;
		return;
	}
	if (g->eval_count == GRUB_EVALS || !range_inside(g->eval_bytes, len, GRUB_EVAL_BYTES)) {
		bootcfg_skip(g->job);
		free(text);
		return;
	}
	/* Kept until the run ends: a function may be defined in it. */
	g->evals[g->eval_count++] = text;
	g->eval_bytes += len;
	grub_list(g, &c, 0, true, &end);
}

void grub_eval(struct grub *g, const struct grub_words *w)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	for (size_t i = 1; f && i < w->count; i++)
		fprintf(f, "%s ", w->v[i].text);
	if (f && fclose(f)) {
		free(text);
		text = NULL;
	}
	grub_run_text(g, text, len);
}

/* --- blscfg ----------------------------------------------------------------------------------- */

static void grub_put_quoted(FILE *f, struct slice s)
{
	fputc('\'', f);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '\'')
			fputs("'\\''", f);
		else
			fputc(s.p[i], f);
	fputc('\'', f);
}

/* The menu entry that GRUB makes of it; "$kernelopts" and the like in its options are GRUB's variables. */
static void grub_put_bls(FILE *f, const struct bls_entry *e)
{
	bool efi = e->kind == BLS_EFI;

	fputs("menuentry ", f);
	grub_put_quoted(f, e->title.len ? e->title : e->program);
	fputs(" --id ", f);
	grub_put_quoted(f, e->id);
	fprintf(f, " {\n%s %.*s", efi ? "chainloader" : "linux", (int)e->program.len, e->program.p);
	for (size_t i = 0; i < e->option_count && !efi; i++)
		fprintf(f, " %.*s", (int)e->options[i].len, e->options[i].p);
	for (size_t i = 0; i < e->initrd_count && !efi; i++)
		fprintf(f, "%s %.*s", i ? "" : "\ninitrd", (int)e->initrds[i].len, e->initrds[i].p);
	fputs("\n}\n", f);
}

/* GRUB sorts by file names and by rpm's rules, which differ from these in odd cases alone. */
void grub_blscfg(struct grub *g, const struct grub_words *w)
{
	const char *arg = w->count > 1 ? w->v[1].text : "";
	const struct grub_var *blsdir = grub_env_get(&g->env, "blsdir", strlen("blsdir"));
	const char *dir = *arg == '/' || *arg == '(' ? arg : blsdir ? blsdir->value : "/loader/entries";
	cleanup_free char *path = grub_path(g->job, dir);
	char *text = NULL;
	size_t len = 0;
	struct bls bls = {0};
	FILE *f;
	int r = path ? bls_load(g->job, path, g->files, &bls) : -ENOENT;

	if (r == -ENOENT && dir != arg && path) {
		bls_free(&bls);
		r = bls_load(g->job, "/boot/loader/entries", g->files, &bls);
	}
	if (r) {
		bootcfg_skip(g->job);
		bls_free(&bls);
		return;
	}
	f = open_memstream(&text, &len);
	for (size_t i = 0; f && i < bls.count; i++)
		grub_put_bls(f, &bls.v[i]);
	if (f && fclose(f)) {
		free(text);
		text = NULL;
	}
	bls_free(&bls);
	grub_run_text(g, text, len);
}
