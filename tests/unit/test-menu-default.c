/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu-stage.h"

/* Which entry of an image a menu starts when nobody chooses. */

/* What erases disks, or reads the medium through, is started by nobody's time-out. */
static void test_risky(void)
{
	static const char *const risky[] = {
		"boot=live rd.live.check", "boot=live mediacheck=1", "boot=live nuke=dwipe", "boot=live autonuke",
		"boot=live nwipe_options=--autonuke", "boot=live integrity-check",
	};
	static const char *const plain_words[] = {"boot=live", "boot=live quiet mediacheck=0", "boot=live memtest"};
	struct recipe wiper;
	struct stage s;
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(risky) + ARRAY_SIZE(plain_words); i++) {
		bool starts = i >= ARRAY_SIZE(risky);
		const char *words = starts ? plain_words[i - ARRAY_SIZE(risky)] : risky[i];

		stage_live(&s);
		s.image.boot_count = 0;
		free(s.store[0]);
		s.boots[0].entry.word_count = 0;
		stage_boot(&s, BOOTCFG_LINUX, BOTH, "T", "kernel/k", "initrd/i", words);
		text = image_text(&plain, &s.image, "grub.cfg");
		tap_ok(!!strstr(text, "\nset timeout=10\n") == starts, "%s: %s", words, starts ? "starts" : "waits");
		free(text);
		text = image_text(&plain, &s.image, "boot.ipxe");
		tap_ok(!!strstr(text, "\nchoose --timeout 10000 --default e0 target ") == starts,
		       "%s: the same in iPXE", words);
		free(text);
		stage_free(&s);
	}
	stage_live(&s);
	wiper = *s.image.recipe;
	wiper.wipes = true;
	s.image.recipe = &wiper;
	text = image_text(&plain, &s.image, "grub.cfg");
	ok(strstr(text, "\nset timeout=-1\n") && !strstr(text, "timeout=10"));
	free(text);
	stage_free(&s);
}

/* Where the ISO's default checks the medium first and there is none to check, the default is what would come then, and
 * nothing else. */
static void test_unchecked(void)
{
	static const struct {
		const char *kernel, *words;
		bool starts;
	} others[] = {
		{"kernel/vmlinuz", "inst.stage2=hd:LABEL=X quiet", true},
		{"kernel/vmlinuz", "inst.stage2=hd:LABEL=X nomodeset quiet", false},
		{"kernel/vmlinuz", "inst.stage2=hd:LABEL=X", false},
		{"kernel/vmlinuz", "inst.stage2=hd:LABEL=X quiet inst.rescue", false},
		{"kernel/another", "inst.stage2=hd:LABEL=X quiet", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct stage s;
		char *text;

		memset(&s, 0, sizeof(s));
		s.image = (struct menu_image){.path = "x", .file = "x.iso", .state = MENU_SERVED, .label = "X",
					      .recipe = recipe_by_id("anaconda"), .size = 1 << 30};
		stage_boot(&s, BOOTCFG_LINUX, BOTH, "Test this media", "kernel/vmlinuz", "initrd/i",
			   "inst.stage2=hd:LABEL=X rd.live.check quiet");
		stage_boot(&s, BOOTCFG_LINUX, BOTH, "Install", others[i].kernel, "initrd/i", others[i].words);
		text = image_text(&plain, &s.image, "grub.cfg");
		tap_ok(strstr(text, "menuentry 'Install'") && !strstr(text, "menuentry 'Test this media'") &&
		       !!strstr(text, "\nset timeout=10\n") == others[i].starts,
		       "without its check: %s %s", others[i].kernel, others[i].starts ? "starts" : "waits");
		free(text);
		stage_free(&s);
	}
}

int main(void)
{
	test_risky();
	test_unchecked();
	return tap_done();
}
