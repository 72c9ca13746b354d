/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu_fill.h"
#include "menu_plan.h"
#include "menu_quote.h"

/* One script for each image. Paths are relative, and iPXE takes them against this script's own URL, so that
 * everything comes by the protocol that brought the script. An "||" with nothing behind it keeps iPXE from
 * leaving the script at a command that fails. Scripts are replaced by one another rather than nested, because each
 * that waits for another to end takes some of iPXE's small stack. */

struct ipxe_image {
	const struct menu_site *site;
	const struct menu_image *image;
	FILE *f;
};

static void ipxe_url(const struct ipxe_image *g, const char *path)
{
	struct menu_url url;

	if (g->site->http && *g->site->http && !menu_url_parse(g->site->http, &url, NULL))
		fprintf(g->f, "http://%s%s/%s/%s", url.host, url.path, g->image->path, path);
	else if (g->site->http)
		fprintf(g->f, "http://${pxefs-server}/%s/%s", g->image->path, path);
	else
		fputs(path, g->f);
}

/* The way from this script up to the tree's top. */
static void ipxe_up(const struct ipxe_image *g)
{
	fputs("../", g->f);
	for (const char *p = g->image->path; *p; p++)
		if (*p == '/')
			fputs("../", g->f);
}

/* An initrd's name inside iPXE, which the kernel of a UEFI machine asks for by initrd=. */
static void ipxe_initrd_name(const char *path, FILE *f)
{
	const char *p = strncmp(path, "initrd/", 7) ? path : path + 7;

	for (; *p; p++)
		fputc(*p == '/' ? '-' : *p, f);
}

static void ipxe_words(const struct ipxe_image *g, char *const *words)
{
	char http[MENU_HTTP_ROOM];
	const struct menu_fill fill = {
		.server = "${pxefs-server}", .mac = "${pxefs-mac}",
		.http = http, .nfs = g->site->nfs, .path = g->image->path, .answer = g->image->answer,
		.kib = (g->image->size + 1023) / 1024,
	};

	menu_http_base(g->site, fill.server, http);
	for (; *words; words++) {
		fputc(' ', g->f);
		if (recipe_word_has(*words, NULL))
			menu_put_filled(g->f, *words, &fill);
		else
			fputs(*words, g->f);
	}
}

static void ipxe_initrd(const struct ipxe_image *g, const char *path)
{
	fputs("initrd --name ", g->f);
	ipxe_initrd_name(path, g->f);
	fputc(' ', g->f);
	ipxe_url(g, path);
	fputs(" || goto failed\n", g->f);
}

static void ipxe_boot(const struct ipxe_image *g, const struct menu_offer *o)
{
	const struct menu_boot *boot = o->boot;
	char needs[MENU_MEMORY_ROOM];

	menu_offer_needs(g->image, o, needs);
	if (needs[0])
		fprintf(g->f, "echo Loading ...%s\n", needs);
	if (boot->entry.kind == BOOTCFG_CHAIN) {
		fputs("chain ", g->f);
		ipxe_url(g, boot->kernel);
		ipxe_words(g, o->words);
		fputs(" || goto failed\ngoto start\n", g->f);
		return;
	}
	fputs("kernel ", g->f);
	ipxe_url(g, boot->kernel);
	for (size_t i = 0; i < boot->initrd_count; i++) {
		fputs(" initrd=", g->f);
		ipxe_initrd_name(boot->initrds[i], g->f);
	}
	if (o->archive) {
		fputs(" initrd=", g->f);
		ipxe_initrd_name(o->archive, g->f);
	}
	ipxe_words(g, o->words);
	fputs(" || goto failed\n", g->f);
	for (size_t i = 0; i < boot->initrd_count; i++)
		ipxe_initrd(g, boot->initrds[i]);
	if (o->archive)
		ipxe_initrd(g, o->archive);
	fputs("boot || goto failed\n", g->f);
}

static void ipxe_remark(const char *what, const struct menu_offer *o, const struct reason *why, FILE *f)
{
	char title[MENU_TITLE_ROOM];

	menu_offer_title(o, title);
	fprintf(f, "# %s: \"", what);
	menu_put_ipxe(f, title);
	fputs("\": ", f);
	menu_put_ipxe(f, why->text);
	fputc('\n', f);
}

static void ipxe_item(const struct ipxe_image *g, size_t number, const struct menu_offer *o)
{
	struct reason why = {""};
	unsigned platforms = menu_offer_platforms(o, MENU_IPXE, &why);
	char title[MENU_TITLE_ROOM];

	if (o->merged)
		return;
	if (!platforms || why.text[0])
		ipxe_remark(platforms ? "Not everywhere" : "Left out", o, why.text[0] ? &why : &o->why, g->f);
	if (!platforms)
		return;
	if (o->variant)
		menu_variant_title(g->image, o, title);
	else
		menu_offer_title(o, title);
	if (platforms != MENU_PLATFORMS)
		fprintf(g->f, "iseq ${platform} %s && ", platforms == BOOTCFG_EFI ? "efi" : "pcbios");
	fprintf(g->f, "item e%zu ", number);
	menu_put_ipxe(g->f, title);
	fputs(platforms != MENU_PLATFORMS ? " ||\n" : "\n", g->f);
}

/* The number of the ISO's default among the plan's offers, or -1. */
static int ipxe_default(const struct menu_plan *plan, enum bootcfg_platform platform)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->offers[i].defaults & menu_offer_platforms(&plan->offers[i], MENU_IPXE, NULL) & platform)
			return (int)i;
	return -1;
}

static void ipxe_choose(const struct menu_plan *plan, int number, FILE *f)
{
	fputs("choose", f);
	if (number >= 0 && plan->timeout >= 0) /* 0 milliseconds would be for ever */
		fprintf(f, " --timeout %d", plan->timeout ? plan->timeout * 1000 : 1);
	if (number >= 0)
		fprintf(f, " --default e%d", number);
	fputs(" target || goto back\ngoto ${target}\n", f);
}

static void ipxe_head(const struct menu_site *site, FILE *f)
{
	if (site->server)
		fprintf(f, "set pxefs-server %s\n", site->server);
	else
		fputs("set pxefs-server ${next-server}\n"
		      "isset ${pxefs-server} || "
		      "echo No server address from DHCP: mount pxefs with -o server=ADDRESS\n", f);
	/* The card that was opened last is the one that this script came through. */
	fputs("set pxefs-mac ${netX/mac}\nisset ${pxefs-mac} || set pxefs-mac ${net0/mac}\n", f);
}

static void ipxe_menu(const struct ipxe_image *g, const struct menu_plan *plan)
{
	int bios = ipxe_default(plan, BOOTCFG_BIOS), efi = ipxe_default(plan, BOOTCFG_EFI);
	unsigned variants = menu_plan_variants(plan, MENU_IPXE);

	fprintf(g->f, "\n:start\nmenu Boot %s\n", g->image->path);
	for (size_t i = 0; i < plan->count; i++)
		if (!plan->offers[i].variant)
			ipxe_item(g, i, &plan->offers[i]);
	if (variants == MENU_PLATFORMS)
		fputs("item other Other ways to boot ...\n", g->f);
	else if (variants)
		fprintf(g->f, "iseq ${platform} %s && item other Other ways to boot ... ||\n",
			variants == BOOTCFG_EFI ? "efi" : "pcbios");
	fputs("item --gap\nitem back Back to the main menu\n", g->f);
	if (bios == efi) {
		ipxe_choose(plan, bios, g->f);
	} else {
		fputs("iseq ${platform} efi && goto start-efi ||\n", g->f);
		ipxe_choose(plan, bios, g->f);
		fputs(":start-efi\n", g->f);
		ipxe_choose(plan, efi, g->f);
	}
	if (!variants)
		return;
	fputs("\n:other\nmenu Other ways to boot\n", g->f);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->offers[i].variant)
			ipxe_item(g, i, &plan->offers[i]);
	fputs("item --gap\nitem start Back\nchoose target || goto start\ngoto ${target}\n", g->f);
}

int menu_image_ipxe(const struct menu_site *site, const struct menu_image *image, FILE *f)
{
	struct ipxe_image g = { site, image, f };
	struct menu_plan plan;
	int r = menu_plan_make(site, image, &plan);

	if (r)
		return r;
	fputs("#!ipxe\n# ", f);
	menu_put_ipxe(f, image->path);
	fputs(": ", f);
	menu_put_ipxe(f, image->recipe ? image->recipe->title : "not served");
	fputs(", made by pxefs from the image's own menu.\n", f);
	if (plan.note[0]) {
		fputs("# ", f);
		menu_put_ipxe(f, plan.note);
		fputc('\n', f);
	}
	ipxe_head(site, f);
	if (!plan.offered) {
		fputs("echo Cannot boot over the network: ", f);
		menu_put_ipxe(f, plan.note);
		fputs("\necho Press a key.\nprompt\n\n:start\n", f);
	} else {
		ipxe_menu(&g, &plan);
		for (size_t i = 0; i < plan.count; i++) {
			if (!menu_offer_platforms(&plan.offers[i], MENU_IPXE, NULL))
				continue;
			fprintf(f, "\n:e%zu\n", i);
			ipxe_boot(&g, &plan.offers[i]);
		}
	}
	fputs("\n:back\nchain --replace --autofree ", f);
	ipxe_up(&g);
	fputs("boot.ipxe || goto failed\n"
	      "\n:failed\necho It could not be loaded. Press a key.\nprompt\nimgfree\ngoto start\n", f);
	menu_plan_free(&plan);
	return 0;
}
