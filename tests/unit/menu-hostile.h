/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_HOSTILE_H
#define PXEFS_MENU_HOSTILE_H

#include "menu-stage.h"

/* Titles and words that want to be commands of GRUB's or iPXE's, or tags, and an image that has them. */

static char long_title[4097], long_word[2200];

static const char *const titles[] = {
	"plain",
	"",
	"'",
	"''",
	"'; reboot; '",
	"' { reboot\n}\n'",
	"\"; reboot; \"",
	"$(reboot)",
	"`reboot`",
	"${prefix}",
	"$prefix",
	"a\nreboot\nb",
	"a\r\nb",
	"; reboot",
	"# x",
	"}",
	"{",
	"} reboot {",
	"\\",
	"x\\",
	"\\'; reboot; \\'",
	"--help",
	"-x",
	"--users=root",
	"a && reboot",
	"|| reboot",
	"&& shell",
	"${net0/mac}",
	"]]>",
	"</title><script>alert(1)</script>",
	"<!--",
	"&lt;",
	"gr\xc3\xbc\xc3\x9f dich",
	"\xe2\x80\xaeseitrap",
	"\xff\xfe\xc3",
	"\t tab \t",
	"%s%n",
	"[ -z x ]",
	"if",
	"fi",
	"*",
	long_title,
};

static const char *const words[] = {
	"a;reboot", "{reboot}",	 "a|reboot",  "a&reboot",
	"<x>",	    "#reboot",	 "*",	      "[a-z]*",
	"?",	    "~",	 "if",	      "then",
	"fi",	    "function",	 "menuentry", "}",
	"{",	    "!",	 "a'b",	      "a\"b",
	"$prefix",  "$(reboot)", "`reboot`",  "a\\",
	"--help",   "-",	 "--",	      "---",
	"=",	    "a=b=c",	 "x\ny",      "gr\xc3\xbc\xc3\x9f",
	"@mac",	    "@server",	 "@@",	      "%2f",
	"\xff",	    "||",	 "&&",	      ";",
	"time",	    "[[",	 "]]",	      "in",
};

/* An image that has the title everywhere, and between its words that word, or none for NULL. */
static void stage_hostile(struct stage *s, const char *title, const char *word, const char *path)
{
	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "hostile",
		.file = title,
		.state = MENU_SERVED,
		.recipe = recipe_by_id("debian-live"), .has_root = true,
		.label = title,
		.reason = title,
	};
	stage_boot(s, BOOTCFG_LINUX, BOTH, title, path, "initrd/initrd", "boot=live first last");
	if (word)
		s->boots[0].entry.words[1] = (char *)(uintptr_t)word;
	s->boots[0].entry.submenu = (char *)(uintptr_t)title;
}

static size_t count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

static void hostile_fill(void)
{
	memset(long_title, 'T', sizeof(long_title) - 1);
	memcpy(long_title + 200, "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 9);
	memset(long_word, 'w', sizeof(long_word) - 1);
}

#endif
