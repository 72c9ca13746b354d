/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu_conf.h"
#include "menu_fill.h"
#include "menu_offer.h"
#include "menu_quote.h"

/* --- what can travel to the client ------------------------------------------------------------- */

static int offer_path(const struct menu_image *image, const char *path, const char *what, struct reason *why)
{
	char clean[64];

	menu_clean(clean, sizeof(clean), path);
	if (!path || !*path)
		return reason_set(why, -EOPNOTSUPP, "its %s is not in the image", what);
	if (!menu_path_carries(path))
		return reason_set(why, -EOPNOTSUPP, "the name of its %s \"%s\" cannot travel through boot loaders",
				  what, clean);
	if (strlen(image->path) + 1 + strlen(path) > MENU_PATH_MAX)
		return reason_set(why, -EOPNOTSUPP, "the path of its %s is longer than %u bytes", what,
				  MENU_PATH_MAX);
	return 0;
}

/* The longest that the kernel line gets on any client, with what boot loaders add to it: GRUB the
 * kernel's own path, iPXE the initrds' names. */
static int offer_line(const struct menu_site *site, const struct menu_image *image,
		      const struct menu_offer *o, char *const *words, struct reason *why)
{
	const struct menu_boot *boot = o->boot;
	char http[MENU_HTTP_ROOM];
	struct menu_fill fill = {
		.server = site->server ? site->server : "255.255.255.255", .mac = "00:00:00:00:00:00",
		.http = http, .nfs = site->nfs, .path = image->path, .answer = image->answer,
		.kib = UINT32_MAX,
	};
	size_t len = 0;
	char *line = NULL;
	FILE *f = open_memstream(&line, &len);

	if (!f)
		return -ENOMEM;
	menu_http_base(site, fill.server, http);
	fprintf(f, "BOOT_IMAGE=(http,%s)/%s/%s ", site->http && *site->http ? site->http : "255.255.255.255",
		image->path, boot->kernel);
	for (; *words; words++) {
		menu_put_filled(f, *words, &fill);
		fputc(' ', f);
	}
	for (size_t i = 0; i < boot->initrd_count; i++)
		fprintf(f, "initrd=%s ", boot->initrds[i]);
	if (o->archive)
		fprintf(f, "initrd=%s ", o->archive);
	if (fclose(f)) {
		free(line);
		return -ENOMEM;
	}
	free(line);
	if (len > MENU_LINE_MAX)
		return reason_set(why, -EOPNOTSUPP, "its kernel line is longer than %u bytes", MENU_LINE_MAX);
	return 0;
}

static int offer_carries(char *const *words, size_t count, struct reason *why)
{
	for (size_t i = 0; i < count && words[i]; i++) {
		char clean[64];

		menu_clean(clean, sizeof(clean), words[i]);
		if (!menu_word_carries(words[i]))
			return reason_set(why, -EOPNOTSUPP,
					  "its word \"%s\" cannot travel through boot loaders unchanged", clean);
	}
	return 0;
}

/* A hypervisor's own words, and those of the modules behind its kernel. */
static int offer_modules(const struct bootcfg_entry *e, struct reason *why)
{
	int r = offer_carries(e->words, e->word_count, why);
	size_t len = 0;

	for (size_t i = 0; i < e->word_count; i++)
		len += strlen(e->words[i]) + 1;
	for (size_t i = 1; i < e->initrd_count && !r && len <= MENU_LINE_MAX; i++) {
		char *copy = strdup(e->module_words[i] ? e->module_words[i] : ""), *save = NULL;

		if (!copy)
			return -ENOMEM;
		len = strlen(copy);
		for (char *w = strtok_r(copy, " ", &save); w && !r; w = strtok_r(NULL, " ", &save))
			r = offer_carries(&w, 1, why);
		free(copy);
	}
	if (!r && len > MENU_LINE_MAX)
		return reason_set(why, -EOPNOTSUPP, "a line of its modules is longer than %u bytes", MENU_LINE_MAX);
	return r;
}

static int offer_words(const struct menu_site *site, const struct menu_image *image,
		       const struct menu_offer *o, char *const *words, struct reason *why)
{
	const struct menu_boot *boot = o->boot;
	int r = offer_path(image, boot->kernel, "kernel", why);

	if (!r && boot->entry.kind == BOOTCFG_LINUX && !boot->initrd_count)
		r = reason_set(why, -EOPNOTSUPP, "its initrd is not in the image");
	for (size_t i = 0; i < boot->initrd_count && !r; i++)
		r = offer_path(image, boot->initrds[i], "initrd", why);
	if (!r && o->archive)
		r = offer_path(image, o->archive, "archive", why);
	if (!r && boot->entry.kind == BOOTCFG_MULTIBOOT)
		r = offer_modules(&boot->entry, why);
	if (!r)
		r = offer_carries(words, SIZE_MAX, why);
	return r ? r : offer_line(site, image, o, words, why);
}

const char menu_offer_http_off[] = "it boots over HTTP, which -o http switches on";

/* Whether one of the words has that placeholder. */
static bool words_have(const char *const *words, const char *placeholder)
{
	for (; words && *words; words++)
		if (recipe_word_has(*words, placeholder))
			return true;
	return false;
}

/* Whether the tree's URL names a port. */
static bool site_has_port(const struct menu_site *site)
{
	struct menu_url url;

	return site->http && *site->http && !menu_url_parse(site->http, &url, NULL) && strchr(url.host, ':');
}

/* Whether the entry can be booted by that way, whatever its words. */
static int offer_way(const struct menu_site *site, const struct menu_image *image, struct menu_offer *o,
		     const struct recipe_way *w)
{
	int r = recipe_way_check(image->recipe, w, o->boot->can, &o->why);

	if (r)
		return r;
	if (site_has_port(site) && words_have(w->add, "@http-host@"))
		return reason_set(&o->why, -EOPNOTSUPP, "its initrd knows no port but 80, and takes none");
	if (!image->has_root && words_have(w->add, "@root@"))
		return reason_set(&o->why, -EOPNOTSUPP, "there is no root/ of it");
	if (!w->archive && !w->initrd)
		return 0;
	if (image->answered.path && image->answered.way == (size_t)(w - image->recipe->ways)) {
		o->archive = image->answered.path;
		o->loaded += image->answered.size;
	}
	for (size_t i = 0; i < image->archive_count && !o->archive; i++)
		if (image->archives[i].way == (size_t)(w - image->recipe->ways)) {
			o->archive = image->archives[i].path;
			o->loaded += image->archives[i].size;
		}
	if (o->archive)
		return 0;
	return reason_set(&o->why, -EOPNOTSUPP, w->archive ? "the archive that it needs cannot be made" :
			  "the archive that it needs is not on it as a file of its own");
}

int menu_offer_make(const struct menu_site *site, const struct menu_image *image, const struct recipe_way *w,
		    struct menu_offer *o)
{
	const struct bootcfg_entry *e = &o->boot->entry;
	char **words = NULL;
	int r;

	o->loaded = o->boot->initrd_size;
	if (!menu_path_carries(image->path))
		return reason_set(&o->why, -EOPNOTSUPP, "its name in the tree cannot travel through boot loaders");
	/* What is wrong with the entry itself is said before what is wrong with a way. */
	r = recipe_words(image->recipe, w, e, &words, &o->why);
	if (!r)
		r = offer_way(site, image, o, w);
	if (!r)
		r = menu_conf_words(site, image, w, e, &words);
	if (!r)
		r = offer_words(site, image, o, words, &o->why);
	/* Last, since it is said where nothing else is in the way. */
	if (!r && w->how == RECIPE_HTTP && !site->http)
		r = reason_set(&o->why, -EOPNOTSUPP, "%s", menu_offer_http_off);
	if (r) {
		words_free(words);
		o->archive = NULL;
		return r;
	}
	o->way = w;
	o->words = words;
	o->platforms = e->platforms & MENU_PLATFORMS ? e->platforms & MENU_PLATFORMS : MENU_PLATFORMS;
	if (e->kind == BOOTCFG_CHAIN) /* there is no other firmware that loads it */
		o->platforms = BOOTCFG_EFI;
	o->defaults = e->is_default && !o->variant ? o->platforms : 0;
	return 0;
}

/* --- two of them ------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* A hypervisor's own words, and those of its modules. */
static bool same_modules(const struct bootcfg_entry *a, const struct bootcfg_entry *b)
{
	if (a->word_count != b->word_count)
		return false;
	for (size_t i = 0; i < a->word_count; i++)
		if (strcmp(a->words[i], b->words[i]))
			return false;
	for (size_t i = 0; i < a->initrd_count && i < b->initrd_count; i++)
		if (!same_text(a->module_words[i], b->module_words[i]))
			return false;
	return true;
}

bool menu_offer_same_start(const struct menu_offer *a, const struct menu_offer *b)
{
	const struct menu_boot *x = a->boot, *y = b->boot;
	size_t i = 0;

	if (a->way != b->way || x->entry.kind != y->entry.kind || !same_text(x->kernel, y->kernel) ||
	    x->initrd_count != y->initrd_count ||
	    (x->entry.kind == BOOTCFG_MULTIBOOT && !same_modules(&x->entry, &y->entry)))
		return false;
	for (size_t k = 0; k < x->initrd_count; k++)
		if (!same_text(x->initrds[k], y->initrds[k]))
			return false;
	while (a->words[i] && b->words[i] && !strcmp(a->words[i], b->words[i]))
		i++;
	return !a->words[i] && !b->words[i];
}

bool menu_offer_same(const struct menu_offer *a, const struct menu_offer *b)
{
	const struct bootcfg_entry *x = &a->boot->entry, *y = &b->boot->entry;

	return same_text(x->title, y->title) && same_text(x->submenu, y->submenu) && menu_offer_same_start(a, b);
}

/* --- what is asked of one ---------------------------------------------------------------------- */

bool menu_offer_is_system(const struct menu_image *image, const struct menu_offer *o)
{
	return o->boot->entry.kind == BOOTCFG_LINUX || o->boot->entry.kind == BOOTCFG_MULTIBOOT ||
	       recipe_how(image->recipe) == RECIPE_KERNEL;
}

/* How many MiB of initrds each loads on a BIOS, where it works below 4 GiB beside the firmware: GRUB into one piece
 * below the kernel's limit of 2 GiB less what its heap and the machine's holes take; iPXE below 4 GiB. */
static const unsigned bios_mib[MENU_LOADERS] = { [MENU_GRUB] = 800, [MENU_IPXE] = 2048 };

unsigned menu_offer_platforms(const struct menu_offer *o, enum menu_loader loader, struct reason *why)
{
	/* iPXE knows Multiboot 1 on a BIOS alone, and no packed hypervisor in the versions that are about. */
	if (o->platforms && o->boot->entry.kind == BOOTCFG_MULTIBOOT && loader == MENU_IPXE) {
		reason_set(why, 0, "iPXE cannot start this hypervisor");
		return 0;
	}
	if (!(o->platforms & BOOTCFG_BIOS) || o->loaded <= (uint64_t)bios_mib[loader] << 20)
		return o->platforms;
	reason_set(why, 0, "on BIOS machines %s cannot load its %llu MiB", loader == MENU_GRUB ? "GRUB" : "iPXE",
		   (unsigned long long)(o->loaded >> 20));
	return o->platforms & ~(unsigned)BOOTCFG_BIOS;
}

uint64_t menu_offer_memory(const struct menu_image *image, const struct menu_offer *o)
{
	uint64_t copied;

	if (!o->way || !(o->way->memory_mib || o->way->memory_copies))
		return 0;
	copied = recipe_way_holds(o->way, RECIPE_MEMBER_ROOT) ? image->root_size : image->size;
	return o->way->memory_mib + o->way->memory_copies * ((copied + (1u << 20) - 1) >> 20);
}

void menu_offer_needs(const struct menu_image *image, const struct menu_offer *o, char out[static MENU_MEMORY_ROOM])
{
	unsigned long long mib = menu_offer_memory(image, o), tenths = (mib * 10 + 1023) / 1024;

	out[0] = '\0';
	if (mib >= 1024)
		snprintf(out, MENU_MEMORY_ROOM, " (needs about %llu.%llu GiB of memory)", tenths / 10, tenths % 10);
	else if (mib)
		snprintf(out, MENU_MEMORY_ROOM, " (needs about %llu MiB of memory)", mib);
}

void menu_offer_title(const struct menu_offer *o, char title[static MENU_TITLE_ROOM])
{
	const char *submenu = o->boot->entry.submenu, *own = o->boot->entry.title;

	snprintf(title, MENU_TITLE_ROOM, "%s%s%s", submenu ? submenu : "", submenu && *submenu ? " > " : "",
		 own && *own ? own : o->boot->kernel ? o->boot->kernel : "?");
}

const char *menu_way_title(const struct recipe_way *way)
{
	return way->title ? way->title : recipe_how_text(way->how);
}

void menu_variant_title(const struct menu_image *image, const struct menu_offer *o, char title[static MENU_TITLE_ROOM])
{
	char needs[MENU_MEMORY_ROOM], own[MENU_TITLE_ROOM], cut[160];

	menu_offer_title(o, own);
	menu_clean(cut, sizeof(cut), own); /* so that what tells it from the others is there in full */
	menu_offer_needs(image, o, needs);
	snprintf(title, MENU_TITLE_ROOM, "%s - %s%s", cut, menu_way_title(o->way), needs);
}
