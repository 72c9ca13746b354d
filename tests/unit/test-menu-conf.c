/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "conf.h"
#include "menu-stage.h"
#include "menu_conf.h"
#include "menu_quote.h"

/* What the administrator's word makes of an image's menus. */

static struct conf *parsed(const char *text)
{
	struct conf *c = NULL;
	struct reason why;

	if (conf_parse(text, strlen(text), &c, &why)) {
		tap_ok(false, "%s: %s", text, why.text);
		abort();
	}
	return c;
}

static bool has(const char *text, const char *wanted)
{
	if (strstr(text, wanted))
		return true;
	printf("# no \"%s\" in\n%s\n", wanted, text);
	return false;
}

/* GRUB's menu of the image with that word; it has to be one that GRUB parses. */
static char *with(struct stage *s, const struct menu_site *site, const char *conf, const char *answer)
{
	struct conf *c = parsed(conf);
	char *text;

	s->image.conf = c;
	s->image.answer = answer;
	text = image_text(site, &s->image, "grub.cfg");
	ok(grub_parses(text));
	s->image.conf = NULL;
	s->image.answer = NULL;
	conf_free(c);
	return text;
}

static void test_words(void)
{
	struct stage s;
	char *text;

	stage_live(&s);
	text = with(&s, &fixed, "append = a=1 b;c\nremove = quiet nom*\n", NULL);
	ok(has(text, "$pxefs_nic0 components splash a=1 'b;c'\n"));
	ok(!strstr(text, "quiet") && !strstr(text, "nomodeset") && !strstr(text, "nomce") && has(text, "noapic"));
	free(text);
	/* What follows "--" is not the kernel's. */
	s.boots[0].entry.words[1] = (char *)(uintptr_t)"--";
	text = with(&s, &fixed, "append = a=1\n", NULL);
	ok(has(text, "a=1 -- quiet splash\n"));
	free(text);
	text = with(&s, &fixed, "append = nfsroot=@server@:/x fine\n", NULL);
	ok(has(text, "fine") && has(text, "placeholders are for entries of its own") && !strstr(text, ":/x fine"));
	free(text);
	text = with(&s, &fixed, "append = #a b\n", NULL);
	ok(has(text, "\"#a\", which cannot travel") && has(text, " b -- quiet splash\n"));
	free(text);
	stage_free(&s);
}

static void test_defaults(void)
{
	struct stage s;
	char *text;

	stage_live(&s);
	text = with(&s, &fixed, "default = Live system (amd64 fail-safe mode)\ntimeout = 3\n", NULL);
	ok(has(text, "set default=1\nset timeout=3\n"));
	free(text);
	text = with(&s, &fixed, "timeout = 0\n", NULL);
	ok(has(text, "set default=0\nset timeout=0\n"));
	free(text);
	text = with(&s, &fixed, "timeout = never\n", NULL);
	ok(has(text, "set default=0\nset timeout=-1\n"));
	free(text);
	/* What is there, but cannot be booted, is no default either. */
	text = with(&s, &fixed, "default = Start installer\n", NULL);
	ok(has(text, "default entry that it does not have") && has(text, "set default=0\nset timeout=10\n"));
	free(text);
	stage_free(&s);
}

static void test_way(void)
{
	struct stage s;
	char *text;

	stage_ways(&s);
	text = with(&s, &url, "way = memory\n", NULL);
	ok(has(text, "menuentry 'Start' {\n\t\techo 'Loading ... (needs about 1.9 GiB of memory)'\n"));
	ok(has(text, "menuentry 'Start - over NFS'"));
	free(text);
	text = with(&s, &url, "way = http\n", NULL);
	ok(has(text, "menuentry 'Start - over NFS'") && has(text, "menuentry 'Start - copied to memory"));
	free(text);
	/* Of what there is not the others are left. */
	text = with(&s, &fixed, "way = http\n", NULL);
	ok(has(text, "menuentry 'Start' {\n\techo 'Loading ...'\n") && !strstr(text, "over HTTP'"));
	free(text);
	stage_free(&s);
}

static void test_answers(void)
{
	struct stage s;
	char *text;

	memset(&s, 0, sizeof(s));
	s.image = (struct menu_image){
		.path = "noble", .file = "noble.iso", .state = MENU_SERVED, .label = "",
		.recipe = recipe_by_id("ubuntu-server"), .size = 1 << 30,
	};
	stage_boot(&s, BOOTCFG_LINUX, BOTH, "Install", "kernel/vmlinuz", "initrd/initrd", "--- quiet");
	text = with(&s, &http, "", "user-data");
	/* The installed system does not take over what stands before the dashes. */
	ok(has(text, " autoinstall ds=nocloud-net\\;s=http://\"$pxefs_server\"/noble/ --- quiet\n"));
	free(text);
	text = with(&s, &fixed, "", "user-data");
	ok(!strstr(text, "autoinstall") && has(text, "takes the answer file over HTTP, which -o http switches on"));
	free(text);
	text = with(&s, &http, "append = console=ttyS0\n", NULL);
	ok(!strstr(text, "autoinstall") && has(text, " --- quiet console=ttyS0\n"));
	free(text);
	stage_boot(&s, BOOTCFG_LINUX, BOTH, "By itself", "kernel/vmlinuz", "initrd/initrd",
		   "a autoinstall --- autoinstall");
	text = with(&s, &http, "", "user-data");
	/* What an entry says is not said again. */
	ok(has(text, " autoinstall ds=nocloud-net\\;s=http://\"$pxefs_server\"/noble/ --- autoinstall\n") &&
	   !strstr(text, "autoinstall autoinstall"));
	free(text);
	stage_free(&s);

	/* Nor does an entry say otherwise, but the administrator may. */
	memset(&s, 0, sizeof(s));
	s.image = (struct menu_image){
		.path = "mini", .file = "mini.iso", .state = MENU_SERVED, .label = "",
		.recipe = recipe_by_id("debian-netboot"), .size = 1 << 26,
	};
	stage_boot(&s, BOOTCFG_LINUX, BOTH, "Expert install", "kernel/linux", "initrd/initrd.gz",
		   "priority=low vga=788 --- priority=low quiet");
	text = with(&s, &http, "", "answer.cfg");
	ok(has(text, "/linux vga=788 auto=true priority=critical url=http://\"$pxefs_server\"/mini/answer.cfg --- "
		     "quiet\n"));
	free(text);
	text = with(&s, &fixed, "", "answer.cfg");
	ok(has(text, "/linux priority=low vga=788 --- priority=low quiet\n"));
	free(text);
	text = with(&s, &http, "append = priority=high\n", "answer.cfg");
	ok(has(text, "/linux vga=788 auto=true priority=critical url=") && has(text, " --- quiet priority=high\n"));
	free(text);
	stage_free(&s);

	/* A file of another kind has words of its own. */
	memset(&s, 0, sizeof(s));
	s.image = (struct menu_image){
		.path = "arch", .file = "arch.iso", .state = MENU_SERVED, .label = "",
		.recipe = recipe_by_id("archiso"), .size = 1 << 30,
	};
	stage_boot(&s, BOOTCFG_LINUX, BOTH, "Install", "kernel/vmlinuz", "initrd/initrd",
		   "archisobasedir=arch script=/x");
	text = with(&s, &http, "", "answer.json");
	ok(has(text, " script=http://\"$pxefs_server\"/arch/answer.sh\n") && !strstr(text, "script=/x"));
	free(text);
	text = with(&s, &http, "", "answer.py");
	ok(has(text, " script=http://\"$pxefs_server\"/arch/answer.py\n"));
	free(text);
	text = with(&s, &fixed, "", "answer.json");
	ok(has(text, " script=/x\n") && has(text, "over HTTP, which -o http switches on"));
	free(text);
	stage_free(&s);

	stage_live(&s);
	text = with(&s, &http, "", "answer.ks");
	ok(has(text, "how its installer takes an answer file is not known here"));
	free(text);
	stage_free(&s);
}

static void test_hidden(void)
{
	struct conf *c = parsed("title = Title of the lab\nhidden = yes\n");
	struct stage s;
	struct stage_texts t;

	stage_live(&s);
	s.image.conf = c;
	stage_texts_make(&t, &fixed, &s.image, 1);
	ok(!strstr(stage_text(&t, "boot/grub/grub.cfg"), "debian-live-12"));
	ok(!strstr(stage_text(&t, "boot.ipxe"), "debian-live-12"));
	ok(has(stage_text(&t, "status"), "in no menu, as its .conf says"));
	ok(has(stage_text(&t, "index.html"), "debian-live-12"));
	stage_texts_free(&t);
	c->hidden = CONF_NO;
	stage_texts_make(&t, &fixed, &s.image, 1);
	ok(has(stage_text(&t, "boot/grub/grub.cfg"), "Title of the lab"));
	ok(has(stage_text(&t, "boot.ipxe"), "Title of the lab"));
	stage_texts_free(&t);

	/* Nor is one that does not boot in the menu that says why. */
	s.image.recipe = recipe_by_id("unknown");
	stage_texts_make(&t, &fixed, &s.image, 1);
	ok(has(stage_text(&t, "boot/not-bootable.cfg"), "debian-live-12"));
	stage_texts_free(&t);
	c->hidden = CONF_YES;
	stage_texts_make(&t, &fixed, &s.image, 1);
	ok(!stage_text(&t, "boot/not-bootable.cfg") && !stage_text(&t, "boot/not-bootable.ipxe"));
	ok(!strstr(stage_text(&t, "boot/grub/grub.cfg"), "Not bootable"));
	stage_texts_free(&t);
	stage_free(&s);
	conf_free(c);
}

static void test_written(void)
{
	struct stage s;
	struct menu_boot *b;
	char *text;

	/* A family that nothing else boots. */
	stage_live(&s);
	s.image.recipe = &closed;
	b = stage_boot(&s, BOOTCFG_LINUX, BOTH, "By hand", "iso/k", "iso/i", "root=@server@:@root@ a;b");
	b->entry.written = true;
	text = with(&s, &fixed, "append = no\nremove = a;b\n", NULL);
	ok(has(text, "menuentry 'By hand'") && has(text, "root=\"$pxefs_server\":/pxe/debian-live-12/root 'a;b'\n"));
	free(text);
	/* Beside a placeholder a word is not quoted. */
	b->entry.words[0] = (char *)(uintptr_t)"root=@server@;reboot";
	text = with(&s, &fixed, "", NULL);
	ok(!strstr(text, "menuentry 'By hand'") && has(text, "has a placeholder"));
	ok(has(text, "its .conf has an entry \"By hand\": its word \"root=@server@;reboot\" has a placeholder"));
	free(text);
	stage_free(&s);
}

/* Of each family that has them. */
static void test_rows(void)
{
	const struct recipe *r;
	unsigned seen = 0;

	for (size_t i = 0; (r = recipe_at(i)); i++)
		for (const struct recipe_way *w = r->ways; w && w->how; w++) {
			const char *name = w->answer_name ? w->answer_name : "answer";
			bool told = false, good = menu_path_carries(name) && !strchr(name, '/');

			if (!w->answer)
				continue;
			seen++;
			for (const char *const *a = w->answer; *a; a++) {
				told = told || w->graft || strstr(*a, "@answer@") ||
				       (w->answer_name && strstr(*a, "@http@/"));
				good = good && menu_word_carries(*a);
			}
			/* The file beside it is not called as the file itself would be. */
			for (const char *const *a = w->answer_as ? w->answer_as->words : NULL; a && *a; a++)
				good = good && menu_word_carries(*a) && strstr(*a, w->answer_as->name) &&
				       menu_path_carries(w->answer_as->name) &&
				       !text_ends(w->answer_as->name, w->answer_as->suffix);
			if (!good || !told)
				tap_ok(false, "words for an answer file of %s", r->id);
		}
	ok(seen >= 20);
}

/* What is wrong with a file is told whole, beside what else is to be known, and a hostile name in it harms nothing. */
static void test_long_note(void)
{
	char note[400] = "a\tname\nis not used: ", told[400];
	struct stage_texts t;
	struct stage s;

	memset(note + strlen(note), 'n', 350);
	snprintf(told, sizeof(told), "a?name?%s", note + strlen("a\tname\n"));
	stage_live(&s);
	s.image.conf_note = note;
	stage_texts_make(&t, &plain, &s.image, 1);
	ok(strstr(stage_text(&t, "status"), told) != NULL);
	ok(strstr(stage_text(&t, "index.html"), told) != NULL);
	stage_texts_free(&t);
	stage_free(&s);
}

int main(void)
{
	work_open();
	test_words();
	test_defaults();
	test_way();
	test_answers();
	test_hidden();
	test_written();
	test_rows();
	test_long_note();
	work_close();
	return tap_done();
}
