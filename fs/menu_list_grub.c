/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cpu.h"
#include "menu_grub.h"
#include "menu_quote.h"
#include "menu_row.h"

/* --- guards ---------------------------------------------------------------------------------- */

/* GRUB's $grub_cpu, less the kinds of x86: a 32-bit GRUB starts 64-bit kernels. */
static const struct {
	unsigned bits;
	const char *name;
} grub_cpus[] = {
	{ CPU_X86, "x86" },
	{ CPU_ARM64, "arm64" },
	{ CPU_RISCV64, "riscv64" },
	{ CPU_LOONGARCH64, "loongarch64" },
};

/* GRUB 1.99 has no $grub_cpu, and knows x86 alone. */
static const char grub_cpu[] =
	"set pxefs_cpu=x86\n"
	"if [ -n \"$grub_cpu\" -a \"$grub_cpu\" != i386 -a \"$grub_cpu\" != x86_64 ]; then\n"
	"	set pxefs_cpu=\"$grub_cpu\"\n"
	"fi\n";

/* What the lines that follow stand under; nothing is the same as everywhere. */
struct guard {
	unsigned platforms, cpu;
};

static const struct guard everywhere = { MENU_PLATFORMS, 0 };

static void guard_close(const struct guard *g, FILE *f)
{
	if (g->cpu)
		fputs("fi\n", f);
	if (g->platforms != MENU_PLATFORMS)
		fputs("fi\n", f);
}

static void guard_open(const struct guard *g, FILE *f)
{
	bool first = true;

	if (g->platforms != MENU_PLATFORMS)
		fprintf(f, "if [ \"$grub_platform\" %s efi ]; then\n", g->platforms == BOOTCFG_EFI ? "=" : "!=");
	for (size_t i = 0; i < ARRAY_SIZE(grub_cpus); i++)
		if (g->cpu & grub_cpus[i].bits) {
			fprintf(f, "%s \"$pxefs_cpu\" = %s", first ? "if [" : " -o", grub_cpus[i].name);
			first = false;
		}
	if (!first)
		fputs(" ]; then\n", f);
}

/* From what the lines before stood under to what the next one does: most have the same as their neighbours. */
static void guard_change(struct guard *now, struct guard next, FILE *f)
{
	if (next.cpu == CPU_ALL)
		next.cpu = 0;
	if (now->platforms == next.platforms && now->cpu == next.cpu)
		return;
	guard_close(now, f);
	guard_open(&next, f);
	*now = next;
}

/* --- entries --------------------------------------------------------------------------------- */

/* Who leaves that menu again, or finds it gone, comes back to the images of now, not of power-on. */
static void grub_loads(const char *path, int len, const char *name, FILE *f)
{
	fprintf(f, "\tconfigfile \"$pxefs_base\"/%.*s%s\n", len, path, name);
	fputs("\tconfigfile \"$pxefs_base\"/boot/grub/grub.cfg\n}\n", f);
}

static void grub_image(const struct menu_row *row, const char *name, FILE *f)
{
	char title[MENU_TITLE];

	menu_row_title(row, name, title, sizeof(title));
	fputs("menuentry ", f);
	menu_put_grub(f, title);
	fputs(" {\n", f);
	grub_loads(row->path, (int)strlen(row->path), "/grub.cfg", f);
}

static void grub_line(const struct menu_list *list, const struct menu_list_entry *e, FILE *f)
{
	size_t skip = list->folder_len ? list->folder_len + 1 : 0;
	char title[MENU_TITLE];

	if (e->row) {
		grub_image(e->row, path_base(e->row->path), f);
	} else if (e->folder) {
		snprintf(title, sizeof(title), "%.*s/ (%zu)", (int)(e->folder_len - skip), e->folder + skip, e->count);
		fputs("menuentry ", f);
		menu_put_grub(f, title);
		fputs(" {\n", f);
		grub_loads(e->folder, (int)e->folder_len, "/grub.cfg", f);
	} else {
		snprintf(title, sizeof(title), "%s (%zu)", e->family->title, e->count);
		fputs("menuentry ", f);
		menu_put_grub(f, title);
		fputs(" {\n", f);
		snprintf(title, sizeof(title), "boot/family/%s.cfg", e->family->id);
		grub_loads(title, (int)strlen(title), "", f);
	}
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

static const char back[] =
	"menuentry 'Back to the main menu' {\n"
	"	configfile \"$pxefs_base\"/boot/grub/grub.cfg\n"
	"}\n";

/* --- the lists ------------------------------------------------------------------------------- */

/* The default is told by its title, because which number it has depends on the machine. GRUB takes a title that
 * begins with a digit for a number, and an image's name may; so that image comes first, as number 0. */
static void grub_start(const struct menu_site *site, const struct menu_list *list, FILE *f)
{
	struct guard now = everywhere;

	if (!site->timeout && !site->start) {
		fputs("set default=0\nset timeout=-1\n\n", f);
		return;
	}
	fputs("set default='Local disk'\n", f);
	if (site->timeout)
		fprintf(f, "set timeout=%u\n\n", site->timeout);
	else
		fputs("set timeout=-1\n\n", f);
	if (!list->start)
		return;
	guard_change(&now, (struct guard){ list->start->platforms[MENU_GRUB], list->start->cpu }, f);
	fputs("set default=0\n", f);
	grub_image(list->start, list->start->path, f);
	guard_change(&now, everywhere, f);
}

void menu_list_grub(const struct menu_site *site, const struct menu_list *list, FILE *f)
{
	struct guard now = everywhere;

	if (list->top) {
		fputs("# Made by pxefs: what of its folder boots over the network.\n", f);
		menu_grub_base(f);
		fputs("export pxefs_base\n", f);
	} else {
		fputs("# Made by pxefs: a part of the main menu, which loads it.\n", f);
		menu_grub_base(f);
	}
	fputs(grub_cpu, f);
	if (list->top)
		grub_start(site, list, f);
	else
		fputs("set default=0\nset timeout=-1\n\n", f);
	for (size_t i = 0; i < list->count; i++) {
		guard_change(&now, (struct guard){ list->entries[i].platforms, list->entries[i].cpu }, f);
		grub_line(list, &list->entries[i], f);
	}
	guard_change(&now, everywhere, f);
	if (!list->top) {
		fputs(back, f);
		return;
	}
	if (!list->count && !list->start)
		menu_grub_message("No image in the folder boots over the network yet; the file \"status\" says why", f);
	if (list->refused)
		fprintf(f, "menuentry 'Not bootable (%zu): why' {\n"
			"	configfile \"$pxefs_base\"/boot/not-bootable.cfg\n"
			"	configfile \"$pxefs_base\"/boot/grub/grub.cfg\n}\n", list->refused);
	fputs(local_disk, f);
}

void menu_refused_grub(const struct menu_row *const *rows, size_t count, FILE *f)
{
	fputs("# Made by pxefs: what of its folder does not boot over the network, and why.\n", f);
	menu_grub_base(f);
	fputs("set default=0\nset timeout=-1\n\n", f);
	for (size_t i = 0; i < count; i++) {
		char text[MENU_TITLE];

		if (!menu_row_refused(rows[i]))
			continue;
		snprintf(text, sizeof(text), "%s: %s", rows[i]->path, rows[i]->note[0] ? rows[i]->note : "not served");
		menu_grub_message(text, f);
	}
	fputs(back, f);
}
