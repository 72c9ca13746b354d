/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu.h"
#include "menu_plan.h"
#include "menu_quote.h"

/* One page that stands by itself: no script, nothing from elsewhere, so that a saved copy is the page. */

static const char html_head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<title>Boot images</title>\n<style>\n"
	":root { --back: #f6f7f9; --card: #fff; --text: #1d2330; --dim: #667085; --line: #e3e6eb;\n"
	"  --good: #137a4b; --wait: #8a6100; --bad: #b3261e; --link: #1f5fbf; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"  :root { --back: #14171c; --card: #1c2027; --text: #e6e9ef; --dim: #98a2b3; --line: #2c323c;\n"
	"    --good: #5cc995; --wait: #e0b04c; --bad: #f2847c; --link: #86b2ff; }\n}\n"
	"body { margin: 0 auto; padding: 2.5rem 1.25rem; max-width: 54rem; background: var(--back);\n"
	"  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }\n"
	"h1 { font-size: 1.6rem; margin: 0; }\n"
	"header p, footer { color: var(--dim); }\n"
	"article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;\n"
	"  padding: 1rem 1.25rem; margin: .9rem 0; }\n"
	"h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }\n"
	"article p { margin: .2rem 0; overflow-wrap: anywhere; }\n"
	".facts, .from { color: var(--dim); font-size: .9rem; }\n"
	".state { float: right; font-size: .85rem; font-weight: 600; margin-left: 1rem; }\n"
	".good { color: var(--good); } .wait { color: var(--wait); } .bad { color: var(--bad); }\n"
	"ul { margin: .6rem 0 0; padding-left: 1.2rem; } li { overflow-wrap: anywhere; }\n"
	"li.out { color: var(--dim); } a { color: var(--link); }\n"
	"</style>\n</head>\n<body>\n";

static void html_size(FILE *f, uint64_t size)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB" };
	size_t unit = 0;
	uint64_t tenths = size > UINT64_MAX / 10 ? UINT64_MAX : size * 10;

	while (unit + 1 < ARRAY_SIZE(units) && tenths >= 10240) {
		tenths /= 1024;
		unit++;
	}
	if (!unit)
		fprintf(f, "%llu bytes", (unsigned long long)size);
	else if (tenths >= 1000)
		fprintf(f, "%llu %s", (unsigned long long)tenths / 10, units[unit]);
	else
		fprintf(f, "%llu.%llu %s", (unsigned long long)tenths / 10, (unsigned long long)tenths % 10,
			units[unit]);
}

static void html_text(FILE *f, const char *before, const char *text, const char *after)
{
	fputs(before, f);
	menu_put_html(f, text);
	fputs(after, f);
}

static void html_state(const struct menu_image *image, const struct menu_plan *plan, FILE *f)
{
	const char *class = "bad", *text = "refused";

	if (image->state == MENU_INCOMPLETE) {
		class = "wait";
		text = "being copied";
	} else if (image->state == MENU_SERVED && plan->systems) {
		class = "good";
		text = plan->boots;
	} else if (image->state == MENU_SERVED) {
		class = "wait";
		text = "served, does not boot";
	}
	fprintf(f, "<span class=\"state %s\">%s</span>\n", class, text);
}

static void html_entries(const struct menu_plan *plan, FILE *f)
{
	if (!plan->count)
		return;
	fputs("<ul>\n", f);
	for (size_t i = 0; i < plan->count; i++) {
		const struct menu_offer *o = &plan->offers[i];
		char title[MENU_TITLE_ROOM];

		if (o->merged)
			continue;
		menu_offer_title(o, title);
		html_text(f, o->platforms ? "<li>" : "<li class=\"out\">", title, "");
		if (!o->platforms)
			html_text(f, " (left out: ", o->why.text, ")");
		else if (o->platforms == BOOTCFG_EFI)
			fputs(" (UEFI)", f);
		else if (o->platforms == BOOTCFG_BIOS)
			fputs(" (BIOS)", f);
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
}

static void html_image(const struct menu_image *image, const struct menu_plan *plan, FILE *f)
{
	bool named = image->path && *image->path;

	fputs("<article>\n", f);
	html_state(image, plan, f);
	html_text(f, "<h2>", named ? image->path : image->file, "</h2>\n");
	if (image->state == MENU_SERVED && image->recipe) {
		html_text(f, "<p class=\"facts\">", image->recipe->title, " &middot; ");
		html_size(f, image->size);
		if (image->label && *image->label)
			html_text(f, " &middot; ", image->label, "");
		if (menu_path_carries(image->path))
			fprintf(f, " &middot; <a href=\"./%s/image.iso\">image</a>"
				" &middot; <a href=\"./%s/iso/\">files</a>", image->path, image->path);
		fputs("</p>\n", f);
	}
	if (image->file && *image->file && named)
		html_text(f, "<p class=\"from\">from ", image->file, "</p>\n");
	if (plan->note.text[0])
		html_text(f, "<p class=\"why\">", plan->note.text, "</p>\n");
	html_entries(plan, f);
	fputs("</article>\n", f);
}

int menu_html(const struct menu_site *site, const struct menu_image *images, size_t count, FILE *f)
{
	size_t served = 0;

	for (size_t i = 0; i < count; i++)
		served += images[i].state == MENU_SERVED;
	fputs(html_head, f);
	fprintf(f, "<header>\n<h1>Boot images</h1>\n<p>%zu of %zu served.</p>\n</header>\n<main>\n", served, count);
	for (size_t i = 0; i < count; i++) {
		struct menu_plan plan;
		int r = menu_plan_make(site, &images[i], &plan);

		if (r)
			return r;
		html_image(&images[i], &plan, f);
		menu_plan_free(&plan);
	}
	if (!count)
		fputs("<p>The folder holds no image.</p>\n", f);
	fputs("</main>\n<footer>Made by pxefs. The same as text: <a href=\"./status\">status</a></footer>\n"
	      "</body>\n</html>\n", f);
	return 0;
}
