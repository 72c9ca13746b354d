/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu.h"
#include "menu_plan.h"
#include "menu_quote.h"

/* What is written here runs in GRUB 1.99 and later: no "||", no --id, and 1.99 has neither grub_platform
 * nor net_default_*, which are then empty. A module that is missing or built in costs at most a
 * message. */

/* Sets pxefs_base from where GRUB was loaded; of the matches the last counts, so a tree that itself lies
 * below a directory called grub is found as well. pxefs_base is there already when the main menu
 * loaded this one. */
static void grub_base(FILE *f)
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
		.server = "\"$pxefs_server\"", .mac = "",
		.http = http, .nfs = site->nfs, .path = image->path, .kib = (image->size + 1023) / 1024,
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

static void grub_entry(const struct menu_site *site, const struct menu_image *image, const struct grub_nics *nics,
		       const struct menu_offer *o, unsigned platforms, const char *indent, FILE *f)
{
	const struct menu_boot *boot = o->boot;
	/* On a BIOS a program without initrd may be older than the kernel's 32-bit boot protocol. */
	const char *loader = boot->entry.kind == BOOTCFG_CHAIN ? "chainloader" :
			     boot->entry.kind == BOOTCFG_BINARY && platforms == BOOTCFG_BIOS ? "linux16" : "linux";
	char title[MENU_TITLE_ROOM];

	menu_offer_title(o, title);
	fprintf(f, "%smenuentry ", indent);
	menu_put_grub(f, title);
	fprintf(f, " {\n%s\techo 'Loading ...'\n%s\t%s", indent, indent, loader);
	grub_path(image, boot->kernel, f);
	grub_words(site, image, nics, o->words, f);
	if (boot->initrd_count) {
		fprintf(f, "%s\tinitrd", indent);
		for (size_t i = 0; i < boot->initrd_count; i++)
			grub_path(image, boot->initrds[i], f);
		fputc('\n', f);
	}
	fprintf(f, "%s}\n", indent);
}

static void grub_offer(const struct menu_site *site, const struct menu_image *image, const struct grub_nics *nics,
		       const struct menu_offer *o, FILE *f)
{
	bool everywhere = o->platforms == MENU_PLATFORMS;

	if (o->merged)
		return;
	if (!o->platforms) {
		char title[MENU_TITLE_ROOM];

		menu_offer_title(o, title);
		fputs("# Left out: \"", f);
		menu_put_comment(f, title);
		fputs("\": ", f);
		menu_put_comment(f, o->why.text);
		fputc('\n', f);
		return;
	}
	if (everywhere && o->boot->entry.kind != BOOTCFG_BINARY) {
		grub_entry(site, image, nics, o, MENU_PLATFORMS, "", f);
		return;
	}
	if (o->platforms & BOOTCFG_EFI) {
		fputs("if [ \"$grub_platform\" = efi ]; then\n", f);
		grub_entry(site, image, nics, o, BOOTCFG_EFI, "\t", f);
		fputs("fi\n", f);
	}
	if (o->platforms & BOOTCFG_BIOS) {
		fputs("if [ \"$grub_platform\" != efi ]; then\n", f);
		grub_entry(site, image, nics, o, BOOTCFG_BIOS, "\t", f);
		fputs("fi\n", f);
	}
}

static void grub_default(int number, const char *indent, FILE *f)
{
	fprintf(f, "%sset default=%d\n", indent, number < 0 ? 0 : number);
	fprintf(f, "%sset timeout=%d\n", indent, number < 0 ? -1 : 10);
}

static void grub_defaults(const struct menu_plan *plan, FILE *f)
{
	int bios = menu_plan_default(plan, BOOTCFG_BIOS), efi = menu_plan_default(plan, BOOTCFG_EFI);

	if (bios == efi) {
		grub_default(bios, "", f);
		return;
	}
	fputs("if [ \"$grub_platform\" = efi ]; then\n", f);
	grub_default(efi, "\t", f);
	fputs("else\n", f);
	grub_default(bios, "\t", f);
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

/* An entry that only tells something: there is no other place where a menu can. */
static void grub_message(const char *text, FILE *f)
{
	fputs("menuentry ", f);
	menu_put_grub(f, text);
	fputs(" {\n\techo ", f);
	menu_put_grub(f, text);
	fputs("\n\tsleep 10\n}\n", f);
}

int menu_image_grub(const struct menu_site *site, const struct menu_image *image, FILE *f)
{
	struct menu_plan plan;
	struct grub_nics nics;
	char text[MENU_TITLE];
	int r = menu_plan_make(site, image, &plan);

	if (r)
		return r;
	nics = grub_nic_words(&plan);
	fputs("# ", f);
	menu_put_comment(f, image->path);
	fputs(": ", f);
	menu_put_comment(f, image->recipe ? image->recipe->title : "not served");
	fputs(", made by pxefs from the image's own menu.\n", f);
	if (plan.note.text[0]) {
		fputs("# ", f);
		menu_put_comment(f, plan.note.text);
		fputc('\n', f);
	}
	if (!plan.offered) {
		for (size_t i = 0; i < plan.count; i++)
			grub_offer(site, image, &nics, &plan.offers[i], f);
		snprintf(text, sizeof(text), "Cannot boot over the network: %s", plan.note.text);
		grub_message(text, f);
	} else {
		grub_base(f);
		grub_variables(site, &nics, f);
		grub_defaults(&plan, f);
		fputc('\n', f);
		for (size_t i = 0; i < plan.count; i++)
			grub_offer(site, image, &nics, &plan.offers[i], f);
		if (needs_server(site, &plan)) {
			fputs("if [ -z \"$pxefs_server\" ]; then\n", f);
			fputs("set timeout=-1\n", f);
			grub_message("These entries cannot work: GRUB was told no server address; "
				     "mount pxefs with -o server=ADDRESS", f);
			fputs("fi\n", f);
		}
	}
	menu_plan_free(&plan);
	return 0;
}

/* --- all of them ------------------------------------------------------------------------------- */

static void put_indent(size_t depth, FILE *f)
{
	while (depth--)
		fputc('\t', f);
}

/* Bytes of the folders that path and the open folder have in common, ending behind a '/'. */
static size_t common_folders(const char *a, const char *b)
{
	size_t common = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			common = i + 1;
	return common;
}

static size_t count_slashes(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += s[i] == '/';
	return n;
}

/* Closes the sub-menus that the next image is not in and opens those that it is in. */
static void grub_folders(const char *before, const char *path, FILE *f)
{
	size_t same = common_folders(before, path);
	size_t depth = count_slashes(before, strlen(before)), keep = count_slashes(path, same);

	while (depth > keep) {
		put_indent(--depth, f);
		fputs("}\n", f);
	}
	for (const char *p = path + same, *slash; (slash = strchr(p, '/')); p = slash + 1) {
		put_indent(depth++, f);
		fprintf(f, "submenu '%.*s/' {\n", (int)(slash - p), p); /* names of the tree quote themselves */
	}
}

static void grub_image(const struct menu_image *image, const struct menu_plan *plan, FILE *f)
{
	const char *slash = strrchr(image->path, '/'), *name = slash ? slash + 1 : image->path;
	size_t depth = count_slashes(image->path, strlen(image->path));
	char title[MENU_TITLE_ROOM];

	snprintf(title, sizeof(title), "%s: %s%s", name, image->recipe->title,
		 plan->systems ? "" : " - not the system, only its memory test");
	put_indent(depth, f);
	fputs("menuentry ", f);
	menu_put_grub(f, title);
	fputs(" {\n", f);
	put_indent(depth + 1, f);
	fprintf(f, "configfile \"$pxefs_base\"/%s/grub.cfg\n", image->path);
	/* Who leaves that menu again, or finds its image gone, comes back to the images of now, not of power-on. */
	put_indent(depth + 1, f);
	fputs("configfile \"$pxefs_base\"/boot/grub/grub.cfg\n", f);
	put_indent(depth, f);
	fputs("}\n", f);
}

static int grub_unlisted(const struct menu_site *site, const struct menu_image *image, FILE *f)
{
	struct menu_plan plan;
	int r = menu_plan_make(site, image, &plan);

	if (r)
		return r;
	if (!plan.offered) {
		fputs("# Not here: \"", f);
		menu_put_comment(f, image->path && *image->path ? image->path : image->file);
		fputs("\": ", f);
		menu_put_comment(f, plan.note.text[0] ? plan.note.text : "not served");
		fputc('\n', f);
	}
	menu_plan_free(&plan);
	return 0;
}

static const char local_disk[] =
	"menuentry 'Local disk' {\n"
	"	if [ \"$grub_platform\" = efi ]; then\n"
	"		exit\n"
	"	fi\n"
	"	insmod biosdisk\n"
	"	insmod chain\n"
	"	set root='(hd0)'\n"
	"	chainloader +1\n"
	"}\n";

int menu_main_grub(const struct menu_site *site, const struct menu_image *images, size_t count, FILE *f)
{
	const char *before = "";
	size_t shown = 0;
	int r = 0;

	fputs("# Made by pxefs: one entry for each image in its folder that boots over the network.\n", f);
	grub_base(f);
	fputs("export pxefs_base\nset default=0\nset timeout=-1\n\n", f);
	for (size_t i = 0; i < count; i++) {
		struct menu_plan plan;

		r = menu_plan_make(site, &images[i], &plan);
		if (r)
			return r;
		if (plan.offered) {
			grub_folders(before, images[i].path, f);
			grub_image(&images[i], &plan, f);
			before = images[i].path;
			shown++;
		}
		menu_plan_free(&plan);
	}
	grub_folders(before, "", f);
	if (!shown)
		grub_message("No image in the folder boots over the network yet; the file \"status\" says why", f);
	fputs(local_disk, f);
	for (size_t i = 0; i < count && !r; i++)
		r = grub_unlisted(site, &images[i], f);
	return r;
}
