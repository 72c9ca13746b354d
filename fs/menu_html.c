/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cpu.h"
#include "conf.h"
#include "menu_quote.h"
#include "menu_row.h"

/* One page that stands by itself: no script, nothing from elsewhere, so that a saved copy is the page. */

static const char html_head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<title>Boot images</title>\n<style>\n"
	":root { --back: #f4f5f7; --card: #fff; --text: #1b212d; --dim: #5d6778; --line: #dfe3e9; --tag: #eceff3;\n"
	"  --good: #0f6b41; --goodback: #dff3e8; --wait: #7a5600; --waitback: #fbefd2;\n"
	"  --bad: #a3211b; --badback: #fbe3e1; --link: #1a56b4; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"  :root { --back: #13161b; --card: #1b1f26; --text: #e4e7ed; --dim: #9aa4b5; --line: #2d333e;\n"
	"    --tag: #2a303a; --good: #6fd3a3; --goodback: #17362a; --wait: #e5bb62; --waitback: #3a2f14;\n"
	"    --bad: #f4978f; --badback: #412020; --link: #8cb6ff; }\n}\n"
	"* { box-sizing: border-box; }\n"
	"html { overflow-wrap: anywhere; }\n"
	"body { margin: 0 auto; padding: 2.2rem 1.1rem; max-width: 60rem; background: var(--back);\n"
	"  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }\n"
	"a { color: var(--link); }\n"
	"h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }\n"
	"h2 { font-size: 1rem; color: var(--dim); font-weight: 600; margin: 2rem 0 .6rem; }\n"
	".name { flex: 1 1 14rem; min-width: 0; }\n"
	"header p { color: var(--dim); margin: 0 0 .8rem; }\n"
	"nav a { display: inline-block; margin: 0 .4rem .4rem 0; padding: .2rem .8rem; border-radius: 1rem;\n"
	"  background: var(--tag); color: var(--text); text-decoration: none; }\n"
	"nav a.boots { background: var(--goodback); color: var(--good); }\n"
	"nav a.wait { background: var(--waitback); color: var(--wait); }\n"
	"nav a.bad { background: var(--badback); color: var(--bad); }\n"
	"section > details { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;\n"
	"  margin: .45rem 0; padding: 0 1rem; }\n"
	"section > details:target { border-color: var(--link); }\n"
	"section > details[open] { padding-bottom: .8rem; }\n"
	"summary { cursor: pointer; }\n"
	"section > details > summary { display: flex; flex-wrap: wrap; gap: .1rem .9rem; align-items: baseline;\n"
	"  padding: .6rem 0; list-style: none; }\n"
	"section > details > summary::-webkit-details-marker { display: none; }\n"
	"section > details > summary::before { content: \"\\25B8\"; color: var(--dim); }\n"
	"section > details[open] > summary::before { content: \"\\25BE\"; }\n"
	".family { flex: 0 1 13rem; min-width: 0; color: var(--dim); }\n"
	".size { flex: 0 0 4.8rem; color: var(--dim); text-align: right; }\n"
	".how { flex: 0 0 9.6rem; text-align: center; font-size: .85rem; font-weight: 600;\n"
	"  border-radius: 1rem; padding: .1rem .7rem; background: var(--badback); color: var(--bad); }\n"
	".boots .how { background: var(--goodback); color: var(--good); }\n"
	".wait .how { background: var(--waitback); color: var(--wait); }\n"
	"details p { margin: .2rem 0; }\n"
	".facts, .needs, details details { color: var(--dim); font-size: .9rem; }\n"
	".why { border-left: 3px solid var(--line); padding-left: .7rem; }\n"
	".wait .why { border-color: var(--wait); }\n"
	".bad .why { border-color: var(--bad); }\n"
	"ul { margin: .4rem 0; padding-left: 1.3rem; }\n"
	".tag { font-size: .75rem; background: var(--tag); border-radius: .3rem; padding: .05rem .4rem;\n"
	"  margin-left: .3rem; white-space: nowrap; }\n"
	"footer { margin-top: 2.5rem; color: var(--dim); font-size: .9rem; }\n"
	"@media (max-width: 36rem) {\n"
	"  .name { flex-basis: calc(100% - 2rem); } .size, .how { flex-basis: auto; }\n"
	"  .family { flex: 1 1 auto; padding-left: 1.1rem; }\n}\n"
	"@media print { section > details::details-content { content-visibility: visible; } }\n"
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

/* --- one image --------------------------------------------------------------------------------- */

static void html_summary(const struct menu_image *image, const struct menu_plan *plan, const char *name, FILE *f)
{
	const char *class = "bad", *how = "not served";

	if (image->state == MENU_INCOMPLETE) {
		class = "wait";
		how = "being copied";
	} else if (image->state == MENU_SERVED && plan->systems) {
		class = "boots";
		how = plan->boots;
	} else if (image->state == MENU_SERVED) {
		class = "wait";
		how = plan->offered ? "memory test alone" : "does not boot";
	}
	fprintf(f, " class=\"%s\"", class);
	if (image->path && menu_path_carries(image->path))
		fprintf(f, " id=\"image/%s\"", image->path);
	html_text(f, ">\n<summary><strong class=\"name\">", name, "</strong>");
	if (image->state == MENU_SERVED && image->recipe)
		html_text(f, " <span class=\"family\">",
			  image->conf && image->conf->title ? image->conf->title : image->recipe->title, "</span>");
	if (image->size) {
		fputs(" <span class=\"size\">", f);
		html_size(f, image->size);
		fputs("</span>", f);
	}
	html_text(f, " <span class=\"how\">", how, "</span></summary>\n");
}

static void html_cpus(unsigned cpu, FILE *f)
{
	const char *name;
	unsigned bit;

	for (size_t i = 0; (name = cpu_name(i, &bit)); i++)
		if (cpu & bit)
			html_text(f, " &middot; ", name, "");
}

static void html_facts(const struct menu_image *image, FILE *f)
{
	fputs("<p class=\"facts\">", f);
	html_text(f, "From ", image->file && *image->file ? image->file : "?", "");
	if (image->label && *image->label)
		html_text(f, " &middot; volume ", image->label, "");
	html_cpus(image->cpu, f);
	fputs("</p>\n", f);
	if (image->state != MENU_SERVED || !image->path || !menu_path_carries(image->path))
		return;
	fprintf(f, "<p class=\"facts\"><a href=\"./%s/image.iso\">ISO image</a>\n", image->path);
	fprintf(f, "&middot; <a href=\"./%s/iso/\">its files</a>\n", image->path);
	fprintf(f, "&middot; <a href=\"./%s/grub.cfg\">GRUB menu</a>\n", image->path);
	fprintf(f, "&middot; <a href=\"./%s/boot.ipxe\">iPXE menu</a></p>\n", image->path);
}

static void html_tags(const struct menu_image *image, const struct menu_offer *o, FILE *f)
{
	char needs[MENU_MEMORY_ROOM];

	if (!(o->platforms & BOOTCFG_EFI))
		fputs(" <span class=\"tag\">BIOS</span>", f);
	if (!(o->platforms & BOOTCFG_BIOS))
		fputs(" <span class=\"tag\">UEFI</span>", f);
	if (o->defaults)
		fputs(" <span class=\"tag\">default</span>", f);
	menu_offer_needs(image, o, needs);
	if (needs[0])
		html_text(f, " <span class=\"needs\">", needs, "</span>");
	for (int loader = 0; loader < MENU_LOADERS; loader++) {
		struct reason why = {""};

		menu_offer_platforms(o, (enum menu_loader)loader, &why);
		if (why.text[0])
			html_text(f, " <span class=\"needs\">- ", why.text, "</span>");
	}
}

/* Entry i and, below it, its variants, which follow it. Returns the next entry. */
static size_t html_entry(const struct menu_image *image, const struct menu_plan *plan, size_t i, FILE *f)
{
	char title[MENU_TITLE_ROOM];
	bool open = false;

	menu_offer_title(&plan->offers[i], title);
	html_text(f, "<li>", title, "");
	html_tags(image, &plan->offers[i], f);
	for (i++; i < plan->count && plan->offers[i].variant; i++) {
		const struct menu_offer *o = &plan->offers[i];

		if (!o->platforms)
			continue;
		html_text(f, open ? "<li>" : "\n<ul>\n<li>", menu_way_title(o->way), "");
		html_tags(image, o, f);
		fputs("</li>\n", f);
		open = true;
	}
	fputs(open ? "</ul></li>\n" : "</li>\n", f);
	return i;
}

static void html_entries(const struct menu_image *image, const struct menu_plan *plan, FILE *f)
{
	if (!plan->offered)
		return;
	fputs("<ul>\n", f);
	for (size_t i = 0; i < plan->count;) {
		if (plan->offers[i].platforms)
			i = html_entry(image, plan, i, f);
		else
			i++;
	}
	fputs("</ul>\n", f);
}

static void html_left_out(const struct menu_plan *plan, FILE *f)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += !plan->offers[i].platforms && !plan->offers[i].merged;
	if (!count)
		return;
	fprintf(f, "<details%s><summary>%zu %s left out</summary>\n<ul>\n", plan->offered ? "" : " open", count,
		count == 1 ? "entry of its menu" : "entries of its menu");
	for (size_t i = 0; i < plan->count; i++) {
		const struct menu_offer *o = &plan->offers[i];
		char title[MENU_TITLE_ROOM];

		if (o->platforms || o->merged)
			continue;
		menu_offer_title(o, title);
		html_text(f, "<li>", title, "");
		html_text(f, ": ", o->why.text, "</li>\n");
	}
	fputs("</ul>\n</details>\n", f);
}

void menu_html_image(const struct menu_image *image, const struct menu_plan *plan, FILE *f)
{
	bool named = image->path && *image->path;

	html_summary(image, plan, named ? image->path : image->file, f);
	if (plan->note[0])
		html_text(f, "<p class=\"why\">", plan->note, "</p>\n");
	html_facts(image, f);
	html_entries(image, plan, f);
	html_left_out(plan, f);
	fputs("</details>\n", f);
}

/* --- the page ---------------------------------------------------------------------------------- */

static const struct {
	const char *id, *class, *title, *count; /* count: what so many of them do */
} html_sections[MENU_OUTCOMES] = {
	[MENU_BOOTS] = { "boots", "boots", "Boot over the network", "boot" },
	[MENU_TOOLS] = { "tools", "wait", "Boot a memory test alone", "with a memory test alone" },
	[MENU_UNBOOTABLE] = { "not-bootable", "wait", "Served, but do not boot", "served, but not bootable" },
	[MENU_COPYING] = { "copying", "wait", "Being copied", "being copied" },
	[MENU_REFUSED] = { "refused", "bad", "Not served", "not served" },
};

/* With so few of them nobody wants to open each. */
#define HTML_OPEN_MOST 4u

static void html_header(const size_t counts[MENU_OUTCOMES], size_t count, uint64_t size, FILE *f)
{
	fprintf(f, "<header>\n<h1>Boot images</h1>\n<p>%zu image%s, ", count, count == 1 ? "" : "s");
	html_size(f, size);
	fputs("</p>\n", f);
	if (count)
		fputs("<nav>\n", f);
	for (int i = 0; i < MENU_OUTCOMES; i++)
		if (counts[i])
			fprintf(f, "<a class=\"%s\" href=\"#%s\">%zu %s</a>\n", html_sections[i].class,
				html_sections[i].id, counts[i], html_sections[i].count);
	fputs(count ? "</nav>\n</header>\n<main>\n" : "</header>\n<main>\n", f);
}

void menu_html_page(const struct menu_row *const *rows, size_t count, FILE *f)
{
	size_t counts[MENU_OUTCOMES] = {0};
	uint64_t size = 0;

	for (size_t i = 0; i < count; i++) {
		counts[rows[i]->outcome]++;
		size += rows[i]->size;
	}
	fputs(html_head, f);
	html_header(counts, count, size, f);
	for (int outcome = 0; outcome < MENU_OUTCOMES; outcome++) {
		if (!counts[outcome])
			continue;
		fprintf(f, "<section id=\"%s\">\n<h2>%s</h2>\n", html_sections[outcome].id,
			html_sections[outcome].title);
		for (size_t i = 0; i < count; i++)
			if ((int)rows[i]->outcome == outcome) {
				fputs(count > HTML_OPEN_MOST ? "<details" : "<details open", f);
				fputs(rows[i]->html, f);
			}
		fputs("</section>\n", f);
	}
	if (!count)
		fputs("<p>The folder holds no image. Copy an ISO into it, and it appears here.</p>\n", f);
	fputs("</main>\n<footer>Made by pxefs. The same as text: <a href=\"./status\">status</a></footer>\n"
	      "</body>\n</html>\n", f);
}
