/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu.h"
#include "menu_plan.h"
#include "menu_quote.h"

/* One script with a menu for the images and one for each image's entries; no folders, names are whole
 * paths. Paths are relative, and iPXE takes them against this script's own URL, so that everything
 * comes by the protocol that brought the script. An "||" with nothing behind it keeps iPXE from
 * leaving the script at a command that fails. */

static void ipxe_url(const struct menu_site *site, const struct menu_image *image, const char *path, FILE *f)
{
	struct menu_url url;

	if (site->http && *site->http && !menu_url_parse(site->http, &url, NULL))
		fprintf(f, "http://%s%s/", url.host, url.path);
	else if (site->http)
		fputs("http://${pxefs-server}/", f);
	fprintf(f, "%s/%s", image->path, path);
}

/* An initrd's name inside iPXE, which the kernel of a UEFI machine asks for by initrd=. */
static void ipxe_initrd_name(const char *path, FILE *f)
{
	const char *p = strncmp(path, "initrd/", 7) ? path : path + 7;

	for (; *p; p++)
		fputc(*p == '/' ? '-' : *p, f);
}

static void ipxe_words(const struct menu_site *site, const struct menu_image *image, char *const *words,
		       FILE *f)
{
	char http[MENU_HTTP_ROOM];
	const struct menu_fill fill = {
		.server = "${pxefs-server}", .mac = "${pxefs-mac}",
		.http = http, .nfs = site->nfs, .path = image->path, .kib = (image->size + 1023) / 1024,
	};

	menu_http_base(site, fill.server, http);
	for (; *words; words++) {
		fputc(' ', f);
		if (recipe_word_has(*words, NULL))
			menu_put_filled(f, *words, &fill);
		else
			fputs(*words, f);
	}
}

static void ipxe_boot(const struct menu_site *site, const struct menu_image *image,
		      const struct menu_offer *o, FILE *f)
{
	const struct menu_boot *boot = o->boot;

	if (boot->entry.kind == BOOTCFG_CHAIN) {
		fputs("chain ", f);
		ipxe_url(site, image, boot->kernel, f);
		ipxe_words(site, image, o->words, f);
		fputs(" || goto failed\ngoto start\n", f);
		return;
	}
	fputs("kernel ", f);
	ipxe_url(site, image, boot->kernel, f);
	for (size_t i = 0; i < boot->initrd_count; i++) {
		fputs(" initrd=", f);
		ipxe_initrd_name(boot->initrds[i], f);
	}
	ipxe_words(site, image, o->words, f);
	fputs(" || goto failed\n", f);
	for (size_t i = 0; i < boot->initrd_count; i++) {
		fputs("initrd --name ", f);
		ipxe_initrd_name(boot->initrds[i], f);
		fputc(' ', f);
		ipxe_url(site, image, boot->initrds[i], f);
		fputs(" || goto failed\n", f);
	}
	fputs("boot || goto failed\n", f);
}

static void ipxe_item(size_t image, size_t entry, const struct menu_offer *o, FILE *f)
{
	char title[MENU_TITLE_ROOM];

	menu_offer_title(o, title);
	if (o->platforms == BOOTCFG_EFI)
		fputs("iseq ${platform} efi && ", f);
	else if (o->platforms == BOOTCFG_BIOS)
		fputs("iseq ${platform} efi || ", f);
	fprintf(f, "item i%zu-%zu ", image, entry);
	menu_put_ipxe(f, title);
	fputs(o->platforms == BOOTCFG_EFI ? " ||\n" : "\n", f);
}

static void ipxe_image(const struct menu_site *site, const struct menu_image *image,
		       const struct menu_plan *plan, size_t number, FILE *f)
{
	fprintf(f, "\n:i%zu\nmenu Boot %s\n", number, image->path);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->offers[i].platforms)
			ipxe_item(number, i, &plan->offers[i], f);
	fputs("item --gap\nitem start Back\n", f);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->offers[i].defaults) {
			fprintf(f, "choose --default i%zu-%zu target || goto start\ngoto ${target}\n", number, i);
			break;
		} else if (i + 1 == plan->count) {
			fputs("choose target || goto start\ngoto ${target}\n", f);
		}
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->offers[i].platforms)
			continue;
		fprintf(f, ":i%zu-%zu\n", number, i);
		ipxe_boot(site, image, &plan->offers[i], f);
	}
}

static void ipxe_head(const struct menu_site *site, FILE *f)
{
	fputs("#!ipxe\n# Made by pxefs: one entry for each image in its folder that boots over the network.\n", f);
	if (site->server)
		fprintf(f, "set pxefs-server %s\n", site->server);
	else
		fputs("set pxefs-server ${next-server}\n"
		      "isset ${pxefs-server} || "
		      "echo No server address from DHCP: mount pxefs with -o server=ADDRESS\n", f);
	/* The card that was opened last is the one that this script came through. */
	fputs("set pxefs-mac ${netX/mac}\nisset ${pxefs-mac} || set pxefs-mac ${net0/mac}\n", f);
}

static const char ipxe_tail[] =
	"\n:local\niseq ${platform} efi || sanboot --no-describe --drive 0x80 ||\nexit\n"
	"\n:shell\nshell\ngoto start\n"
	"\n:failed\necho It could not be loaded. Press a key.\nprompt\nimgfree\ngoto start\n";

int menu_main_ipxe(const struct menu_site *site, const struct menu_image *images, size_t count, FILE *f)
{
	struct menu_plan *plans = calloc(count + 1, sizeof(*plans));
	size_t made = 0, shown = 0;
	int r = plans ? 0 : -ENOMEM;

	for (; !r && made < count; made++) {
		r = menu_plan_make(site, &images[made], &plans[made]);
		if (r)
			break;
	}
	if (r)
		goto out;
	ipxe_head(site, f);
	fputs("\n:start\nmenu Boot over the network\n", f);
	for (size_t i = 0; i < count; i++) {
		if (!plans[i].offered)
			continue;
		fprintf(f, "item i%zu %s: ", i, images[i].path);
		menu_put_ipxe(f, images[i].recipe->title);
		fputs(plans[i].systems ? "\n" : " - not the system, only its memory test\n", f);
		shown++;
	}
	if (!shown)
		fputs("item --gap -- No image in the folder boots over the network yet\n", f);
	fputs("item --gap\nitem local Local disk\nitem shell iPXE shell\n"
	      "choose target || goto local\ngoto ${target}\n", f);
	for (size_t i = 0; i < count; i++)
		if (plans[i].offered)
			ipxe_image(site, &images[i], &plans[i], i, f);
	fputs(ipxe_tail, f);
out:
	while (made > 0)
		menu_plan_free(&plans[--made]);
	free(plans);
	return r;
}
