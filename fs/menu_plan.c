/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu_conf.h"
#include "menu_plan.h"

/* --- an entry's ways --------------------------------------------------------------------------- */

static int plan_add(struct menu_plan *plan, size_t *room, const struct menu_offer *o)
{
	if (array_grow(&plan->offers, room, plan->count, sizeof(*plan->offers)))
		return -ENOMEM;
	plan->offers[plan->count++] = *o;
	return 0;
}

/* An entry by each way that there is, or left out with the reason that its first way gives. */
static int plan_boot(const struct menu_site *site, const struct menu_image *image, const struct menu_boot *boot,
		     struct menu_plan *plan, size_t *room)
{
	struct menu_offer first = { .boot = boot };
	size_t found = 0, n = 0;
	const struct recipe_way *w;
	int r = 0;

	do {
		struct menu_offer o = { .boot = boot, .variant = found > 0 };

		w = menu_conf_way(image, &boot->entry, n);
		r = w || !n ? menu_offer_make(site, image, w, &o) : -EOPNOTSUPP;
		if (r == -ENOMEM)
			return r;
		/* What the administrator can change is worth more than why the family's first way is not there. */
		if (!n || !strcmp(o.why.text, menu_offer_http_off))
			first = o;
		if (!r) {
			r = plan_add(plan, room, &o);
			if (r) {
				words_free(o.words);
				return r;
			}
			found++;
			plan->offered++;
			plan->systems += menu_offer_is_system(image, &o);
		}
		n++;
	} while (w);
	if (found)
		return 0;
	return plan_add(plan, room, &first);
}

/* --- an image's entries ------------------------------------------------------------------------ */

/* Menus for the two firmwares often differ only in words that are taken out here (Debian Live's findiso=). */
static void plan_merge(struct menu_plan *plan)
{
	for (size_t i = 1; i < plan->count; i++) {
		struct menu_offer *o = &plan->offers[i], *first = plan->offers;

		if (!o->platforms)
			continue;
		while (first < o && !(first->platforms && menu_offer_same(first, o)))
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

/* Whether that word of an ISO has its medium read through. */
static bool word_is_check(const char *word)
{
	/* dracut: rd.live.check; SUSE: mediacheck; Red Hat's isomd5sum; casper: integrity-check; DBAN, ShredOS */
	static const char *const checks[] = {
		"rd.live.check", "rd.live.check=1", "mediacheck", "mediacheck=1", "checkisomd5", "integrity-check",
		"verify-checksums", NULL
	};

	for (size_t k = 0; checks[k]; k++)
		if (!strcasecmp(word, checks[k]))
			return true;
	return false;
}

/* What erases disks or only reads the medium through is for somebody who asks for it. By the ISO's own words: a
 * check that finds no medium to check still is not what somebody wants who asked for nothing. */
static bool entry_is_risky(const struct bootcfg_entry *e)
{
	static const char *const wipers[] = { "autonuke", "nwipe", "dwipe", "dban", "nuke=", NULL };

	for (size_t i = 0; i < e->word_count; i++) {
		if (word_is_check(e->words[i]))
			return true;
		for (size_t k = 0; wipers[k]; k++)
			if (strcasestr(e->words[i], wipers[k]))
				return true;
	}
	return false;
}

/* Whether the one is the other with a check of the medium before it, by the ISO's own words. */
static bool same_but_checked(const struct menu_boot *checked, const struct menu_boot *plain)
{
	const struct bootcfg_entry *a = &checked->entry, *b = &plain->entry;
	size_t k = 0;

	if (a->kind != b->kind || !checked->kernel || !plain->kernel || strcmp(checked->kernel, plain->kernel) ||
	    checked->initrd_count != plain->initrd_count)
		return false;
	for (size_t i = 0; i < a->initrd_count && i < b->initrd_count; i++)
		if (strcmp(checked->initrds[i], plain->initrds[i]))
			return false;
	for (size_t i = 0; i < a->word_count; i++) {
		if (word_is_check(a->words[i]))
			continue;
		if (k == b->word_count || strcmp(a->words[i], b->words[k++]))
			return false;
	}
	return k == b->word_count;
}

/* Where the ISO starts a media check that cannot be offered, what it would start behind the check is the default. */
static void plan_default_unchecked(struct menu_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct menu_boot *boot = plan->offers[i].boot;

		if (plan->offers[i].way || !boot->entry.is_default)
			continue;
		for (size_t k = 0; k < plan->count; k++) {
			struct menu_offer *o = &plan->offers[k];
			unsigned where = boot->entry.platforms & MENU_PLATFORMS;

			if (o->way && !o->variant && same_but_checked(boot, o->boot))
				o->defaults |= o->platforms & (where ? where : MENU_PLATFORMS);
		}
	}
}

/* Where the ISO starts a media check that this program has taken out, the same entry without it is the default. */
static void plan_bar_defaults(const struct menu_image *image, struct menu_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct menu_offer *o = &plan->offers[i];
		unsigned defaults = o->defaults;

		if (!defaults || !(image->recipe->wipes || entry_is_risky(&o->boot->entry)))
			continue;
		o->defaults = 0;
		for (size_t k = 0; k < plan->count && !image->recipe->wipes; k++) {
			struct menu_offer *other = &plan->offers[k];

			if (other->variant || !other->platforms || entry_is_risky(&other->boot->entry) ||
			    !menu_offer_same_start(o, other))
				continue;
			other->defaults |= defaults & other->platforms;
			defaults &= ~other->platforms;
		}
	}
}

/* How the image's own default boots, or its first system. */
static enum recipe_how plan_how(const struct menu_plan *plan)
{
	const struct menu_offer *best = NULL;

	for (size_t i = 0; i < plan->count; i++) {
		const struct menu_offer *o = &plan->offers[i];

		if (o->way && !o->merged && o->way->how != RECIPE_KERNEL && (!best || (o->defaults && !best->defaults)))
			best = o;
	}
	return best ? best->way->how : RECIPE_KERNEL;
}

void menu_plan_note(struct menu_plan *plan, const char *text)
{
	char *end = plan->note + strlen(plan->note);

	if (!text || !*text || strstr(plan->note, text))
		return;
	snprintf(end, (size_t)(plan->note + sizeof(plan->note) - end), "%s%s", end > plan->note ? "; " : "", text);
	/* A file's name may be in it. */
	for (; *end; end++)
		if ((unsigned char)*end < 0x20 || *end == 0x7f)
			*end = '?';
}

/* The ways that variants have, each once. */
static void plan_note_variants(struct menu_plan *plan)
{
	char text[120] = "also ";
	size_t len = 5;

	for (size_t i = 0; i < plan->count && len < sizeof(text); i++) {
		const struct menu_offer *o = &plan->offers[i];
		bool known = !o->variant || !o->platforms;

		for (size_t k = 0; k < i && !known; k++)
			known = plan->offers[k].variant && plan->offers[k].way == o->way;
		if (!known)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len > 5 ? ", " : "",
						menu_way_title(o->way));
	}
	if (len > 5)
		menu_plan_note(plan, text);
}

static void plan_conclude(const struct menu_image *image, struct menu_plan *plan)
{
	const struct recipe *r = image->recipe;
	char zisofs[80];

	if (image->state != MENU_SERVED || !r) {
		plan->boots = "-";
		menu_plan_note(plan, image->reason);
		return;
	}
	plan->boots = recipe_how_text(recipe_how(r));
	if (!plan->systems && (recipe_how(r) == RECIPE_UNKNOWN || recipe_how(r) == RECIPE_IMPOSSIBLE)) {
		menu_plan_note(plan, r->why);
	} else if (!plan->systems) {
		plan->boots = recipe_how_text(RECIPE_IMPOSSIBLE);
		menu_plan_note(plan,
			      plan->count ? plan->offers[0].why.text : "no entry of a boot menu was found in it");
	} else {
		plan->boots = recipe_how_text(plan_how(plan));
		plan_note_variants(plan);
		menu_plan_note(plan, r->why);
	}
	menu_plan_note(plan, image->reason);
	if (image->zisofs_count) {
		snprintf(zisofs, sizeof(zisofs), "%zu files are stored compressed (zisofs) and cannot be read",
			 image->zisofs_count);
		menu_plan_note(plan, zisofs);
	}
}

int menu_plan_make(const struct menu_site *site, const struct menu_image *image, struct menu_plan *out)
{
	struct menu_plan plan = { .timeout = menu_conf_timeout(image) };
	size_t room = 0;

	for (size_t i = 0; image->state == MENU_SERVED && image->recipe && i < image->boot_count; i++) {
		int r = plan_boot(site, image, &image->boots[i], &plan, &room);

		if (r) {
			menu_plan_free(&plan);
			return r;
		}
	}
	plan_default_unchecked(&plan);
	plan_merge(&plan);
	plan_share_platforms(&plan);
	if (plan.count)
		plan_bar_defaults(image, &plan);
	menu_conf_default(image, &plan);
	plan_conclude(image, &plan);
	menu_conf_notes(site, image, &plan);
	*out = plan;
	return 0;
}

/* --- what writers ask -------------------------------------------------------------------------- */

unsigned menu_plan_platforms(const struct menu_image *image, const struct menu_plan *plan, enum menu_loader loader)
{
	unsigned platforms = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (!plan->systems || menu_offer_is_system(image, &plan->offers[i]))
			platforms |= menu_offer_platforms(&plan->offers[i], loader, NULL);
	return platforms;
}

unsigned menu_plan_variants(const struct menu_plan *plan, enum menu_loader loader)
{
	unsigned platforms = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->offers[i].variant)
			platforms |= menu_offer_platforms(&plan->offers[i], loader, NULL);
	return platforms;
}

int menu_plan_default(const struct menu_plan *plan, enum menu_loader loader, enum bootcfg_platform platform)
{
	int n = 0;

	for (size_t i = 0; i < plan->count; i++) {
		if (!(menu_offer_platforms(&plan->offers[i], loader, NULL) & platform) || plan->offers[i].variant)
			continue;
		if (plan->offers[i].defaults & platform)
			return n;
		n++;
	}
	return -1;
}

void menu_plan_free(struct menu_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		words_free(plan->offers[i].words);
	free(plan->offers);
	*plan = (struct menu_plan){ .count = 0 };
}
