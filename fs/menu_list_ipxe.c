/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cpu.h"
#include "menu_quote.h"
#include "menu_row.h"

/* An item's name is the path of what it loads, against this script's own URL, with "./" before it, so that none
 * is taken for an option or for one of our own. See menu_ipxe.c on how scripts go from one to another. */

static const struct {
	unsigned bits;
	const char *build, *name;
} ipxe_cpus[] = {
	{ CPU_X86, NULL, "x86" },
	{ CPU_ARM64, "arm64", "arm64" },
	{ CPU_RISCV64, "riscv64", "riscv64" },
	{ CPU_LOONGARCH64, "loong64", "loongarch64" },
};

static void ipxe_cpu(FILE *f)
{
	fputs("set pxefs-cpu x86\n", f);
	for (size_t i = 1; i < ARRAY_SIZE(ipxe_cpus); i++)
		fprintf(f, "iseq ${buildarch} %s && set pxefs-cpu %s ||\n", ipxe_cpus[i].build, ipxe_cpus[i].name);
}

/* What does not hold everywhere is told by this before a command, and by " ||" behind it. An image for several
 * kinds of processors, but not all, is shown to all. */
static bool ipxe_guard(unsigned platforms, unsigned cpu, FILE *f)
{
	const char *name = NULL;
	size_t fits = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ipxe_cpus); i++)
		if (cpu & ipxe_cpus[i].bits) {
			name = ipxe_cpus[i].name;
			fits++;
		}
	if (platforms != MENU_PLATFORMS)
		fprintf(f, "iseq ${platform} %s && ", platforms == BOOTCFG_EFI ? "efi" : "pcbios");
	if (fits == 1)
		fprintf(f, "iseq ${pxefs-cpu} %s && ", name);
	return platforms != MENU_PLATFORMS || fits == 1;
}

static void ipxe_image(const struct menu_row *row, const char *up, const char *way, const char *name, FILE *f)
{
	bool guarded = ipxe_guard(row->platforms[MENU_IPXE], row->cpu, f);
	char title[MENU_TITLE];

	menu_row_title(row, name, title, sizeof(title));
	fprintf(f, "item %s%s/boot.ipxe ", up, way);
	menu_put_ipxe(f, title);
	fputs(guarded ? " ||\n" : "\n", f);
}

static void ipxe_line(const struct menu_list *list, const struct menu_list_entry *e, FILE *f)
{
	size_t skip = list->folder_len ? list->folder_len + 1 : 0;
	bool guarded;

	if (e->row) {
		ipxe_image(e->row, list->family ? "../../" : "./", e->row->path + skip,
			   path_base(e->row->path), f);
		return;
	}
	guarded = ipxe_guard(e->platforms, e->cpu, f);
	if (e->folder) {
		int len = (int)(e->folder_len - skip);

		fprintf(f, "item ./%.*s/boot.ipxe %.*s/ (%zu)", len, e->folder + skip, len, e->folder + skip, e->count);
	} else {
		fprintf(f, "item ./boot/family/%s.ipxe ", e->family->id);
		menu_put_ipxe(f, e->family->title);
		fprintf(f, " (%zu)", e->count);
	}
	fputs(guarded ? " ||\n" : "\n", f);
}

/* What iPXE does with a default that is not in the menu is to take the first item, so it is asked before. */
static void ipxe_start(const struct menu_site *site, const struct menu_list *list, FILE *f)
{
	if (!site->timeout && !site->start) {
		fputs("choose target || goto local\n", f);
		return;
	}
	fputs("set pxefs-start local\n", f);
	if (list->start) {
		bool guarded = ipxe_guard(list->start->platforms[MENU_IPXE], list->start->cpu, f);

		fprintf(f, "set pxefs-start ./%s/boot.ipxe%s\n", list->start->path, guarded ? " ||" : "");
	}
	fputs("choose", f);
	if (site->timeout) /* milliseconds, a signed number of 32 bits on some */
		fprintf(f, " --timeout %u", site->timeout < INT32_MAX / 1000 ? site->timeout * 1000 : INT32_MAX);
	fputs(" --default ${pxefs-start} target || goto local\n", f);
}

static const char ipxe_main_tail[] =
	"\n:local\niseq ${platform} efi || sanboot --no-describe --drive 0x80 ||\nexit\n"
	"\n:shell\nshell\ngoto start\n";

static const char ipxe_failed[] =
	"\n:failed\necho It could not be loaded. Press a key.\nprompt\nimgfree\ngoto start\n";

/* The way up to the main menu from depth folders below the top. */
static void ipxe_back(size_t depth, FILE *f)
{
	fputs("\n:back\nchain --replace --autofree ", f);
	while (depth--)
		fputs("../", f);
	fputs("boot.ipxe || goto failed\n", f);
}

static size_t ipxe_depth(const struct menu_list *list)
{
	size_t depth = list->family ? 2 : list->folder_len ? 1 : 0;

	for (size_t i = 0; i < list->folder_len; i++)
		depth += list->folder[i] == '/';
	return depth;
}

static void ipxe_main(const struct menu_site *site, const struct menu_list *list, FILE *f)
{
	if (!list->count && !list->start)
		fputs("item --gap -- No image in the folder boots over the network yet\n", f);
	fputs("item --gap\n", f);
	if (list->refused)
		fprintf(f, "item ./boot/not-bootable.ipxe Not bootable (%zu): why\n", list->refused);
	fputs("item local Local disk\nitem shell iPXE shell\n", f);
	ipxe_start(site, list, f);
	fputs("iseq ${target} local && goto local ||\niseq ${target} shell && goto shell ||\n", f);
}

void menu_list_ipxe(const struct menu_site *site, const struct menu_list *list, FILE *f)
{
	fputs(list->top ? "#!ipxe\n# Made by pxefs: what of its folder boots over the network.\n" :
	      "#!ipxe\n# Made by pxefs: a part of the main menu, which loads it.\n", f);
	ipxe_cpu(f);
	if (list->family) {
		fputs("\n:start\nmenu ", f);
		menu_put_ipxe(f, list->family->title);
		fputc('\n', f);
	} else if (list->top) {
		fputs("\n:start\nmenu Boot over the network\n", f);
	} else { /* what begins with "-" would be an option */
		fprintf(f, "\n:start\nmenu %s%.*s/\n", *list->folder == '-' ? "./" : "", (int)list->folder_len,
			list->folder);
	}
	if (list->start)
		ipxe_image(list->start, "./", list->start->path, list->start->path, f);
	for (size_t i = 0; i < list->count; i++)
		ipxe_line(list, &list->entries[i], f);
	if (list->top)
		ipxe_main(site, list, f);
	else
		fputs("item --gap\nitem back Back to the main menu\nchoose target || goto back\n"
		      "iseq ${target} back && goto back ||\n", f);
	fputs("chain --replace --autofree ${target} || goto failed\n", f);
	if (list->top)
		fputs(ipxe_main_tail, f);
	else
		ipxe_back(ipxe_depth(list), f);
	fputs(ipxe_failed, f);
}

/* A menu's line is cut at the screen's width, so what is chosen is told in full. */
void menu_refused_ipxe(const struct menu_row *const *rows, size_t count, FILE *f)
{
	char text[MENU_TITLE];

	fputs("#!ipxe\n# Made by pxefs: what of its folder does not boot over the network, and why.\n"
	      "\n:start\nmenu Not bootable\n", f);
	for (size_t i = 0; i < count; i++) {
		if (!menu_row_refused(rows[i]))
			continue;
		snprintf(text, sizeof(text), "%s: %s", rows[i]->path, rows[i]->note);
		fprintf(f, "item r%zu ", i);
		menu_put_ipxe(f, text);
		fputc('\n', f);
	}
	fputs("item --gap\nitem back Back to the main menu\nchoose target || goto back\ngoto ${target}\n", f);
	for (size_t i = 0; i < count; i++) {
		if (!menu_row_refused(rows[i]))
			continue;
		snprintf(text, sizeof(text), "%s: %s", rows[i]->path, rows[i]->note);
		fprintf(f, "\n:r%zu\necho Reason: ", i); /* not at its beginning, where it could be an option */
		menu_put_ipxe(f, text);
		fputs("\necho Press a key.\nprompt\ngoto start\n", f);
	}
	ipxe_back(1, f);
	fputs(ipxe_failed, f);
}
