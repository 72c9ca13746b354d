/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu_fill.h"
#include "menu_grub.h"
#include "menu_plan.h"
#include "menu_quote.h"

/* What is written here runs in GRUB 1.99 and later: no "||", no --id, and 1.99 has neither grub_platform
 * nor net_default_*, which are then empty. A module that is missing or built in costs at most a
 * message. */

/* Sets pxefs_base from where GRUB was loaded; of the matches the last counts, so a tree that itself lies
 * below a directory called grub is found as well. pxefs_base is there already when the main menu
 * loaded this one. */
void menu_grub_base(FILE *f)
{
	fputs("insmod test\n"
	      "insmod regexp\n"
	      "if [ -z \"$pxefs_base\" ]; then\n"
	      "	regexp --set=1:pxefs_base '^(\\([^)]*\\))' \"$prefix\"\n"
	      "	regexp --set=1:pxefs_base '^(.*)/grub(/[^/]*)?/?$' \"$prefix\"\n"
	      "	regexp --set=1:pxefs_base '^(.*)/EFI/[^/]*/?$' \"$prefix\"\n"
	      "	regexp --set=1:pxefs_base '^(.*)/boot/grub(/[^/]*)?/?$' \"$prefix\"\n"
	      "fi\n", f);
}

void menu_grub_message(const char *text, FILE *f)
{
	fputs("menuentry ", f);
	menu_put_grub(f, text);
	fputs(" {\n\techo ", f);
	menu_put_grub(f, text);
	fputs("\n\techo 'Escape goes back.'\n\tsleep --interruptible 60\n}\n", f);
}

/* --- one image --------------------------------------------------------------------------------- */

/* What names the client's network card, each such word in a variable that stays empty, and then vanishes from
 * the line, where GRUB does not know the address. */
#define GRUB_NICS 8

struct grub_nics {
	const char *words[GRUB_NICS];
	size_t count;
};

static struct grub_nics grub_nic_words(const struct menu_plan *plan)
{
	struct grub_nics nics = { .count = 0 };

	for (size_t i = 0; i < plan->count; i++)
		for (char **w = plan->offers[i].words; w && *w; w++) {
			size_t k = 0;

			while (k < nics.count && strcmp(nics.words[k], *w))
				k++;
			if (k == nics.count && k < GRUB_NICS && recipe_word_has(*w, "@mac@"))
				nics.words[nics.count++] = *w;
		}
	return nics;
}

static void grub_files(const struct menu_site *site, FILE *f)
{
	struct menu_url url;

	if (!site->http) {
		fputs("set pxefs_files=\"$pxefs_base\"\n", f);
		return;
	}
	fputs("insmod http\n", f);
	if (*site->http && !menu_url_parse(site->http, &url, NULL)) {
		if (strchr(url.host, ':'))
			fputs("# A port needs GRUB 2.12, or 2.06 as Debian 12 and Fedora have it.\n", f);
		fprintf(f, "set pxefs_files='(http,%s)%s'\n", url.host, url.path);
	} else {
		fputs("set pxefs_files=\"(http,$pxefs_server)\"\n", f);
	}
}

static void grub_variables(const struct menu_site *site, const struct grub_nics *nics, FILE *f)
{
	const struct menu_fill fill = {
		.server = "$pxefs_server", .mac = "$net_default_mac", .http = "", .nfs = "", .path = "",
	};

	if (site->server) {
		fprintf(f, "set pxefs_server='%s'\n", site->server);
	} else {
		fputs("set pxefs_server=\"$net_default_server\"\n"
		      "if [ -z \"$pxefs_server\" ]; then\n"
		      "	set pxefs_server=\"$pxe_default_server\"\n"
		      "fi\n", f);
	}
	grub_files(site, f);
	for (size_t i = 0; i < nics->count; i++) {
		fprintf(f, "set pxefs_nic%zu=''\nif [ -n \"$net_default_mac\" ]; then\n\tset pxefs_nic%zu=\"", i, i);
		menu_put_filled(f, nics->words[i], &fill);
		fputs("\"\nfi\n", f);
	}
	fputs("if [ \"$grub_platform\" = efi ]; then\n\tinsmod all_video\nfi\n", f);
	fputs("if [ \"$grub_cpu\" = arm64 ]; then\n\tinsmod gzio\nfi\n", f); /* kernels there may be packed */
	fputs("set gfxpayload=keep\n", f);
}

static void grub_path(const struct menu_image *image, const char *path, FILE *f)
{
	fprintf(f, " \"$pxefs_files\"/%s/%s", image->path, path);
}

static void grub_words(const struct menu_site *site, const struct menu_image *image, const struct grub_nics *nics,
		       char *const *words, FILE *f)
{
	char http[MENU_HTTP_ROOM];
	const struct menu_fill fill = {
		.escape = true, .server = "\"$pxefs_server\"", .mac = "",
		.http = http, .nfs = site->nfs, .path = image->path, .answer = image->answer,
		.kib = (image->size + 1023) / 1024,
	};

	menu_http_base(site, fill.server, http);
	for (; *words; words++) {
		size_t k = 0;

		while (k < nics->count && strcmp(nics->words[k], *words))
			k++;
		fputc(' ', f);
		if (k < nics->count)
			fprintf(f, "$pxefs_nic%zu", k);
		else if (recipe_word_has(*words, NULL))
			menu_put_filled(f, *words, &fill);
		else
			menu_put_grub_word(f, *words);
	}
	fputc('\n', f);
}

/* Words that are separated by single blanks; the plan has passed each. */
static void grub_line_words(const char *line, FILE *f)
{
	char word[MENU_LINE_MAX + 1];

	for (const char *p = line ? line : ""; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		fputc(' ', f);
		menu_put_grub_word(f, word);
		p += n;
	}
	fputc('\n', f);
}

struct grub_image {
	const struct menu_site *site;
	const struct menu_image *image;
	struct grub_nics nics;
	FILE *f;
};

/* The hypervisor with its own words, then its modules: the kernel with ours, and the others with their own. */
static void grub_multiboot(const struct grub_image *g, const struct menu_offer *o, const char *indent)
{
	const struct menu_boot *boot = o->boot;

	fprintf(g->f, "%s\tinsmod gzio\n%s\tinsmod multiboot2\n%s\tmultiboot2", indent, indent, indent);
	grub_path(g->image, boot->kernel, g->f);
	for (size_t i = 0; i < boot->entry.word_count; i++) {
		fputc(' ', g->f);
		menu_put_grub_word(g->f, boot->entry.words[i]);
	}
	fputc('\n', g->f);
	for (size_t i = 0; i < boot->initrd_count; i++) {
		/* The system that gets it unpacks it; GRUB would have to fetch all of it before it knows its size. */
		fprintf(g->f, "%s\tmodule2%s", indent, i ? " --nounzip" : "");
		grub_path(g->image, boot->initrds[i], g->f);
		if (i)
			grub_line_words(boot->entry.module_words[i], g->f);
		else
			grub_words(g->site, g->image, &g->nics, o->words, g->f);
	}
}

static void grub_linux(const struct grub_image *g, const struct menu_offer *o, unsigned platforms, const char *indent)
{
	const struct menu_boot *boot = o->boot;
	/* On a BIOS a program without initrd may be older than the kernel's 32-bit boot protocol. */
	const char *loader = boot->entry.kind == BOOTCFG_CHAIN ? "chainloader" :
			     boot->entry.kind == BOOTCFG_BINARY && platforms == BOOTCFG_BIOS ? "linux16" : "linux";

	fprintf(g->f, "%s\t%s", indent, loader);
	grub_path(g->image, boot->kernel, g->f);
	grub_words(g->site, g->image, &g->nics, o->words, g->f);
	if (!boot->initrd_count && !o->archive)
		return;
	fprintf(g->f, "%s\tinitrd", indent);
	for (size_t i = 0; i < boot->initrd_count; i++)
		grub_path(g->image, boot->initrds[i], g->f);
	if (o->archive)
		grub_path(g->image, o->archive, g->f);
	fputc('\n', g->f);
}

static void grub_entry(const struct grub_image *g, const struct menu_offer *o, unsigned platforms, const char *indent)
{
	char title[MENU_TITLE_ROOM], needs[MENU_MEMORY_ROOM];

	if (o->variant)
		menu_variant_title(g->image, o, title);
	else
		menu_offer_title(o, title);
	menu_offer_needs(g->image, o, needs);
	fprintf(g->f, "%smenuentry ", indent);
	menu_put_grub(g->f, title);
	fprintf(g->f, " {\n%s\techo 'Loading ...%s'\n", indent, needs);
	if (o->boot->entry.kind == BOOTCFG_MULTIBOOT)
		grub_multiboot(g, o, indent);
	else
		grub_linux(g, o, platforms, indent);
	fprintf(g->f, "%s}\n", indent);
}

/* A comment on what is not there, or not everywhere. */
static void grub_remark(const char *what, const struct menu_offer *o, const struct reason *why, FILE *f)
{
	char title[MENU_TITLE_ROOM];

	menu_offer_title(o, title);
	fprintf(f, "# %s: \"", what);
	menu_put_comment(f, title);
	fputs("\": ", f);
	menu_put_comment(f, why->text);
	fputc('\n', f);
}

static void grub_offer(const struct grub_image *g, const struct menu_offer *o, const char *indent)
{
	struct reason why = {""};
	unsigned platforms = menu_offer_platforms(o, MENU_GRUB, &why);
	char deeper[4];

	if (o->merged)
		return;
	if (!o->platforms) {
		grub_remark("Left out", o, &o->why, g->f);
		return;
	}
	if (why.text[0])
		grub_remark(platforms ? "Not everywhere" : "Left out", o, &why, g->f);
	if (platforms == MENU_PLATFORMS && o->boot->entry.kind != BOOTCFG_BINARY) {
		grub_entry(g, o, MENU_PLATFORMS, indent);
		return;
	}
	snprintf(deeper, sizeof(deeper), "%s\t", indent);
	if (platforms & BOOTCFG_EFI) {
		fprintf(g->f, "%sif [ \"$grub_platform\" = efi ]; then\n", indent);
		grub_entry(g, o, BOOTCFG_EFI, deeper);
		fprintf(g->f, "%sfi\n", indent);
	}
	if (platforms & BOOTCFG_BIOS) {
		fprintf(g->f, "%sif [ \"$grub_platform\" != efi ]; then\n", indent);
		grub_entry(g, o, BOOTCFG_BIOS, deeper);
		fprintf(g->f, "%sfi\n", indent);
	}
}

/* What the sub-menu's entries use has to be exported: GRUB runs a sub-menu with nothing else. */
static void grub_variants(const struct grub_image *g, const struct menu_plan *plan)
{
	unsigned platforms = menu_plan_variants(plan, MENU_GRUB);

	if (!platforms)
		return;
	if (platforms != MENU_PLATFORMS)
		fprintf(g->f, "if [ \"$grub_platform\" %s efi ]; then\n", platforms == BOOTCFG_EFI ? "=" : "!=");
	fputs("export pxefs_server pxefs_files", g->f);
	for (size_t i = 0; i < g->nics.count; i++)
		fprintf(g->f, " pxefs_nic%zu", i);
	fputs("\nexport gfxpayload\nsubmenu 'Other ways to boot' {\n", g->f);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->offers[i].variant)
			grub_offer(g, &plan->offers[i], "\t");
	fputs(platforms != MENU_PLATFORMS ? "}\nfi\n" : "}\n", g->f);
}

static void grub_default(int number, int timeout, const char *indent, FILE *f)
{
	fprintf(f, "%sset default=%d\n", indent, number < 0 ? 0 : number);
	fprintf(f, "%sset timeout=%d\n", indent, number < 0 ? -1 : timeout);
}

static void grub_defaults(const struct menu_plan *plan, FILE *f)
{
	int bios = menu_plan_default(plan, MENU_GRUB, BOOTCFG_BIOS),
	    efi = menu_plan_default(plan, MENU_GRUB, BOOTCFG_EFI);

	if (bios == efi) {
		grub_default(bios, plan->timeout, "", f);
		return;
	}
	fputs("if [ \"$grub_platform\" = efi ]; then\n", f);
	grub_default(efi, plan->timeout, "\t", f);
	fputs("else\n", f);
	grub_default(bios, plan->timeout, "\t", f);
	fputs("fi\n", f);
}

static bool needs_server(const struct menu_site *site, const struct menu_plan *plan)
{
	if (site->server)
		return false;
	if (site->http && !*site->http)
		return plan->offered > 0;
	for (size_t i = 0; i < plan->count; i++)
		for (char **w = plan->offers[i].words; w && *w; w++)
			if (recipe_word_has(*w, "@server@"))
				return true;
	return false;
}

int menu_image_grub(const struct menu_site *site, const struct menu_image *image, FILE *f)
{
	struct grub_image g = { .site = site, .image = image, .f = f };
	struct menu_plan plan;
	char text[MENU_TITLE];
	int r = menu_plan_make(site, image, &plan);

	if (r)
		return r;
	g.nics = grub_nic_words(&plan);
	fputs("# ", f);
	menu_put_comment(f, image->path);
	fputs(": ", f);
	menu_put_comment(f, image->recipe ? image->recipe->title : "not served");
	fputs(", made by pxefs from the image's own menu.\n", f);
	if (plan.note[0]) {
		fputs("# ", f);
		menu_put_comment(f, plan.note);
		fputc('\n', f);
	}
	if (plan.offered) {
		menu_grub_base(f);
		grub_variables(site, &g.nics, f);
		grub_defaults(&plan, f);
		fputc('\n', f);
	}
	for (size_t i = 0; i < plan.count; i++)
		if (!plan.offers[i].variant)
			grub_offer(&g, &plan.offers[i], "");
	grub_variants(&g, &plan);
	if (!plan.offered) {
		snprintf(text, sizeof(text), "Cannot boot over the network: %.160s", plan.note);
		menu_grub_message(text, f);
	} else if (needs_server(site, &plan)) {
		fputs("if [ -z \"$pxefs_server\" ]; then\n", f);
		fputs("set timeout=-1\n", f);
		menu_grub_message("These entries cannot work: GRUB was told no server address; "
				  "mount pxefs with -o server=ADDRESS", f);
		fputs("fi\n", f);
	}
	menu_plan_free(&plan);
	return 0;
}
