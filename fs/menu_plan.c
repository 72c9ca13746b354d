/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu_plan.h"
#include "menu_quote.h"

/* --- placeholders ---------------------------------------------------------------------------- */

bool menu_word_has(const char *word, const char *placeholder)
{
	static const char *const all[] = { "@server@", "@iso@", "@root@", "@mac@" };

	for (size_t i = 0; !placeholder && i < ARRAY_SIZE(all); i++)
		if (strstr(word, all[i]))
			return true;
	return placeholder && strstr(word, placeholder);
}

void menu_put_filled(FILE *f, const char *word, const struct menu_fill *fill)
{
	while (*word) {
		if (!strncmp(word, "@server@", 8)) {
			fputs(fill->server, f);
			word += 8;
		} else if (!strncmp(word, "@mac@", 5)) {
			fputs(fill->mac, f);
			word += 5;
		} else if (!strncmp(word, "@iso@", 5)) {
			fprintf(f, "%s/%s/iso", fill->nfs, fill->path);
			word += 5;
		} else if (!strncmp(word, "@root@", 6)) {
			fprintf(f, "%s/%s/root", fill->nfs, fill->path);
			word += 6;
		} else {
			fputc(*word++, f);
		}
	}
}

/* --- one entry ------------------------------------------------------------------------------- */

static int plan_path(const struct menu_image *image, const char *path, const char *what, struct reason *why)
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
static int plan_line(const struct menu_site *site, const struct menu_image *image,
		     const struct menu_boot *boot, char *const *words, struct reason *why)
{
	struct menu_fill fill = {
		.server = site->server ? site->server : "255.255.255.255", .mac = "00:00:00:00:00:00",
		.nfs = site->nfs, .path = image->path,
	};
	size_t len = 0;
	char *line = NULL;
	FILE *f = open_memstream(&line, &len);

	if (!f)
		return -ENOMEM;
	fprintf(f, "BOOT_IMAGE=(http,%s)/%s/%s ", site->http && *site->http ? site->http : "255.255.255.255",
		image->path, boot->kernel);
	for (; *words; words++) {
		menu_put_filled(f, *words, &fill);
		fputc(' ', f);
	}
	for (size_t i = 0; i < boot->initrd_count; i++)
		fprintf(f, "initrd=%s ", boot->initrds[i]);
	if (fclose(f)) {
		free(line);
		return -ENOMEM;
	}
	free(line);
	if (len > MENU_LINE_MAX)
		return reason_set(why, -EOPNOTSUPP, "its kernel line is longer than %u bytes", MENU_LINE_MAX);
	return 0;
}

static int plan_words(const struct menu_site *site, const struct menu_image *image,
		      const struct menu_boot *boot, char *const *words, struct reason *why)
{
	int r = plan_path(image, boot->kernel, "kernel", why);

	if (!r && boot->entry.kind == BOOTCFG_LINUX && !boot->initrd_count)
		r = reason_set(why, -EOPNOTSUPP, "its initrd is not in the image");
	for (size_t i = 0; i < boot->initrd_count && !r; i++)
		r = plan_path(image, boot->initrds[i], "initrd", why);
	for (size_t i = 0; words[i] && !r; i++) {
		char clean[64];

		menu_clean(clean, sizeof(clean), words[i]);
		if (!menu_word_carries(words[i]))
			r = reason_set(why, -EOPNOTSUPP,
				       "its word \"%s\" cannot travel through boot loaders unchanged", clean);
	}
	return r ? r : plan_line(site, image, boot, words, why);
}

static int plan_offer(const struct menu_site *site, const struct menu_image *image, struct menu_offer *o)
{
	const struct bootcfg_entry *e = &o->boot->entry;
	char **words = NULL;
	int r;

	if (!menu_path_carries(image->path))
		return reason_set(&o->why, -EOPNOTSUPP, "its name in the tree cannot travel through boot loaders");
	r = recipe_words(image->recipe, e, &words, &o->why);
	if (r)
		return r;
	r = plan_words(site, image, o->boot, words, &o->why);
	if (r) {
		recipe_words_free(words);
		return r;
	}
	o->words = words;
	o->platforms = e->platforms & MENU_PLATFORMS ? e->platforms & MENU_PLATFORMS : MENU_PLATFORMS;
	if (e->kind == BOOTCFG_CHAIN) /* there is no other firmware that loads it */
		o->platforms = BOOTCFG_EFI;
	o->defaults = e->is_default ? o->platforms : 0;
	return 0;
}

/* --- an image -------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool same_offer(const struct menu_offer *a, const struct menu_offer *b)
{
	const struct menu_boot *x = a->boot, *y = b->boot;
	size_t i = 0;

	if (x->entry.kind != y->entry.kind || !same_text(x->entry.title, y->entry.title) ||
	    !same_text(x->entry.submenu, y->entry.submenu) || !same_text(x->kernel, y->kernel) ||
	    x->initrd_count != y->initrd_count)
		return false;
	for (size_t k = 0; k < x->initrd_count; k++)
		if (!same_text(x->initrds[k], y->initrds[k]))
			return false;
	while (a->words[i] && b->words[i] && !strcmp(a->words[i], b->words[i]))
		i++;
	return !a->words[i] && !b->words[i];
}

/* Menus for the two firmwares often differ only in words that are taken out here (Debian Live's findiso=). */
static void plan_merge(struct menu_plan *plan)
{
	for (size_t i = 1; i < plan->count; i++) {
		struct menu_offer *o = &plan->offers[i], *first = plan->offers;

		if (!o->platforms)
			continue;
		while (first < o && !(first->platforms && same_offer(first, o)))
			first++;
		if (first == o)
			continue;
		first->platforms |= o->platforms;
		first->defaults |= o->defaults;
		o->platforms = o->defaults = 0;
		o->merged = true;
	}
}

/* A menu for one firmware alone (an old isolinux.cfg, a grub.cfg in the EFI partition) says how the medium
 * starts, not what the kernel can: where it is all there is, it serves both. */
static void plan_share_platforms(struct menu_plan *plan)
{
	unsigned seen = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->offers[i].boot->entry.kind == BOOTCFG_LINUX)
			seen |= plan->offers[i].platforms;
	for (size_t i = 0; i < plan->count; i++) {
		struct menu_offer *o = &plan->offers[i];

		if (!o->platforms || o->boot->entry.kind != BOOTCFG_LINUX)
			continue;
		o->platforms |= MENU_PLATFORMS & ~seen;
		o->defaults |= o->defaults ? MENU_PLATFORMS & ~seen : 0;
	}
}

static void plan_note_add(struct reason *note, const char *text)
{
	struct reason old = *note;

	if (!text || !*text || !strcmp(old.text, text))
		return;
	reason_set(note, 0, "%s%s%s", old.text, old.text[0] ? "; " : "", text);
}

static void plan_conclude(const struct menu_image *image, struct menu_plan *plan)
{
	const struct recipe *r = image->recipe;
	char zisofs[80];

	if (image->state != MENU_SERVED || !r) {
		plan->boots = "-";
		plan_note_add(&plan->note, image->reason);
		return;
	}
	plan->boots = recipe_how_text(r->how);
	if (r->how == RECIPE_UNKNOWN || r->how == RECIPE_IMPOSSIBLE) {
		plan_note_add(&plan->note, r->why);
	} else if (!plan->systems) {
		plan->boots = recipe_how_text(RECIPE_IMPOSSIBLE);
		plan_note_add(&plan->note,
			      plan->count ? plan->offers[0].why.text : "no entry of a boot menu was found in it");
	} else {
		plan_note_add(&plan->note, r->why);
	}
	plan_note_add(&plan->note, image->reason);
	if (image->zisofs_count) {
		snprintf(zisofs, sizeof(zisofs), "%zu files are stored compressed (zisofs) and cannot be read",
			 image->zisofs_count);
		plan_note_add(&plan->note, zisofs);
	}
}

int menu_plan_make(const struct menu_site *site, const struct menu_image *image, struct menu_plan *out)
{
	struct menu_plan plan = { .count = 0 };

	if (image->state == MENU_SERVED && image->recipe && image->boot_count) {
		plan.offers = calloc(image->boot_count, sizeof(*plan.offers));
		if (!plan.offers)
			return -ENOMEM;
		plan.count = image->boot_count;
		for (size_t i = 0; i < plan.count; i++)
			plan.offers[i].boot = &image->boots[i];
	}
	for (size_t i = 0; i < plan.count; i++) {
		struct menu_offer *o = &plan.offers[i];
		int r = plan_offer(site, image, o);

		if (r == -ENOMEM) {
			menu_plan_free(&plan);
			return r;
		}
		plan.offered += !r;
		plan.systems += !r && (o->boot->entry.kind == BOOTCFG_LINUX || image->recipe->how == RECIPE_KERNEL);
	}
	plan_merge(&plan);
	plan_share_platforms(&plan);
	plan_conclude(image, &plan);
	*out = plan;
	return 0;
}

int menu_plan_default(const struct menu_plan *plan, enum bootcfg_platform platform)
{
	int n = 0;

	for (size_t i = 0; i < plan->count; i++) {
		if (!(plan->offers[i].platforms & platform))
			continue;
		if (plan->offers[i].defaults & platform)
			return n;
		n++;
	}
	return -1;
}

void menu_offer_title(const struct menu_offer *o, char title[static MENU_TITLE_ROOM])
{
	const char *submenu = o->boot->entry.submenu, *own = o->boot->entry.title;

	snprintf(title, MENU_TITLE_ROOM, "%s%s%s", submenu ? submenu : "", submenu && *submenu ? " > " : "",
		 own && *own ? own : o->boot->kernel ? o->boot->kernel : "?");
}

void menu_plan_free(struct menu_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		recipe_words_free(plan->offers[i].words);
	free(plan->offers);
	*plan = (struct menu_plan){ .count = 0 };
}
