/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu-stage.h"

/* Hostile titles, words and paths through every writer: by structure, through GRUB's own parser, and
 * through GRUB itself where the distribution has grub-emu. */

/* --- hostile ----------------------------------------------------------------------------------- */

static char long_title[4097], long_word[2200], long_path[260];

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

static const char *const paths[] = {
	"kernel/a b",
	"kernel/a'b",
	"kernel/../../etc/passwd",
	"kernel//x",
	"/kernel",
	"kernel/",
	"kernel/$x",
	"kernel/a;reboot",
	"kernel/a\nb",
	"kernel/gr\xc3\xbc",
	"",
	"kernel/.",
	"kernel/a\\b",
	"kernel/`x`",
	long_path,
};

/* In a line of shell-like text, what GRUB would do something with outside of quotes. */
static bool title_is_one_word(const char *line)
{
	const char *p = strstr(line, "menuentry '");

	if (!p)
		return false;
	for (p += strlen("menuentry "); *p == '\'' || (p[0] == '\\' && p[1] == '\'');) {
		if (*p == '\\') {
			p += 2;
			continue;
		}
		p = strchr(p + 1, '\'');
		if (!p)
			return false;
		p++;
	}
	return !strcmp(p, " {");
}

/* Every line of a menu is one that this program writes; nothing from outside has made a line of its own. */
static bool lines_are_ours(const char *text, const char *const starts[])
{
	char *copy = xstrdup(text), *save = NULL;
	bool good = true;

	for (char *line = strtok_r(copy, "\n", &save); line && good; line = strtok_r(NULL, "\n", &save)) {
		const char *p = line + strspn(line, "\t");
		size_t i = 0;

		while (starts[i] && strncmp(p, starts[i], strlen(starts[i])))
			i++;
		good = starts[i] && (strncmp(p, "menuentry ", 10) || title_is_one_word(line));
		if (!good)
			printf("# %s\n", line);
	}
	free(copy);
	return good;
}

static const char *const grub_lines[] = {
	"# ",
	"insmod ",
	"if [ ",
	"else",
	"fi",
	"set pxefs_",
	"set gfxpayload=keep",
	"set default=",
	"set timeout=",
	"set root='(hd0)'",
	"regexp --set=1:pxefs_base '",
	"export pxefs_base",
	"menuentry '",
	"echo '",
	"linux \"$pxefs_files\"/",
	"linux16 \"$pxefs_files\"/",
	"initrd \"$pxefs_files\"/",
	"chainloader \"$pxefs_files\"/",
	"}",
	"sleep 10",
	"submenu '",
	"configfile \"$pxefs_base\"/",
	"exit",
	"chainloader +1",
	NULL,
};

static const char *const ipxe_lines[] = {
	"#!ipxe",
	"# ",
	"set pxefs-",
	"isset ${pxefs-",
	":",
	"menu Boot ",
	"item i",
	"item start Back",
	"item local ",
	"item shell ",
	"item --gap",
	"iseq ${platform} efi ",
	"choose ",
	"goto ",
	"kernel ",
	"initrd --name ",
	"chain ",
	"boot || goto failed",
	"exit",
	"shell",
	"echo It could not",
	"prompt",
	"imgfree",
	NULL,
};

/* iPXE splits at blanks, takes "#...", "||", "&&" and ";" for itself, and then fills in settings: nothing
 * of that comes from outside. */
static bool ipxe_means_ours(const char *text)
{
	static const char *const settings[] = {"${pxefs-server}", "${pxefs-mac}", "${next-server}",
					       "${netX/mac}",	  "${net0/mac}",  "${platform}",
					       "${target}"};
	char *copy = xstrdup(text), *save = NULL;
	bool good = true;

	for (const char *p = text; good && (p = strstr(p, "${")); p++) {
		size_t i = 0;

		while (i < ARRAY_SIZE(settings) && strncmp(p, settings[i], strlen(settings[i])))
			i++;
		good = i < ARRAY_SIZE(settings);
	}
	for (char *line = strtok_r(copy, "\n", &save); line && good; line = strtok_r(NULL, "\n", &save)) {
		char *rest = NULL;

		if (strncmp(line, "item i", 6))
			continue;
		for (char *token = strtok_r(line, " \t\v\f\r", &rest); token;
		     token = strtok_r(NULL, " \t\v\f\r", &rest))
			good = good && token[0] != '#' && strcmp(token, "||") && strcmp(token, "&&") &&
			       strcmp(token, ";");
	}
	if (!good)
		printf("# %s\n", text);
	free(copy);
	return good;
}

static void stage_hostile(struct stage *s, const char *title, const char *word, const char *path)
{
	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "hostile",
		.file = title,
		.state = MENU_SERVED,
		.recipe = recipe_by_id("debian-live"),
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

static void check_hostile(const char *what, size_t number, struct stage *s, bool offered)
{
	char *image = menu_text(IMAGE_GRUB, &plain, &s->image, 1),
	     *all = menu_text(MAIN_GRUB, &plain, &s->image, 1);
	char *ipxe = menu_text(MAIN_IPXE, &plain, &s->image, 1),
	     *html = menu_text(HTML, &plain, &s->image, 1);
	char *status = menu_text(STATUS, &plain, &s->image, 1);
	size_t tabs = count_of(status, "\t"), newlines = count_of(status, "\n");

	tap_ok(grub_parses(image) && grub_parses(all), "%s %zu: GRUB parses the menus", what, number);
	tap_ok(lines_are_ours(image, grub_lines) && lines_are_ours(all, grub_lines),
	       "%s %zu: no line of its own in GRUB", what, number);
	tap_ok(lines_are_ours(ipxe, ipxe_lines), "%s %zu: no line of its own in iPXE", what, number);
	tap_ok(!strstr(ipxe, "\\\n"), "%s %zu: no line of iPXE's goes on", what, number);
	tap_ok(ipxe_means_ours(ipxe), "%s %zu: iPXE sees nothing of its own in it", what, number);
	tap_ok(count_of(image, "\tlinux ") == offered && count_of(ipxe, "\nkernel ") == offered, "%s %zu: %s",
	       what, number, offered ? "offered" : "left out");
	tap_ok(offered || strstr(image, "# Left out: \""), "%s %zu: with a reason where left out", what,
	       number);
	tap_ok(tabs == 8 && newlines == 2, "%s %zu: status stays a table", what, number);
	tap_ok(!strstr(html, "<script") && count_of(html, "</title>") == 1 && !strstr(html, "<!-") &&
		       count_of(html, "<") == count_of(html, ">") && count_of(html, "</article>") == 1,
	       "%s %zu: no tag of its own in HTML", what, number);
	free(image);
	free(all);
	free(ipxe);
	free(html);
	free(status);
}

static void test_hostile(void)
{
	struct stage s;

	memset(long_title, 'T', sizeof(long_title) - 1);
	memcpy(long_title + 200, "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 9);
	memset(long_word, 'w', sizeof(long_word) - 1);
	memset(long_path, 'k', sizeof(long_path) - 1);
	memcpy(long_path, "kernel/", 7);
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++) {
		stage_hostile(&s, titles[i], NULL, "kernel/linux");
		check_hostile("title", i, &s, true);
		stage_free(&s);
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		stage_hostile(&s, "T", words[i], "kernel/linux");
		check_hostile("word", i, &s, menu_word_carries(words[i]));
		stage_free(&s);
	}
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		stage_hostile(&s, "T", NULL, paths[i]);
		check_hostile("path", i, &s, false);
		stage_free(&s);
	}
	stage_hostile(&s, "T", long_word, "kernel/linux");
	check_hostile("long line", 0, &s, false);
	stage_free(&s);
	stage_hostile(&s, "T", "@iso@", "kernel/linux");
	check_hostile("placeholder", 0, &s, false);
	stage_free(&s);
	stage_hostile(&s, "T", NULL, "kernel/linux");
	s.initrds[0][0] = "initrd/a b";
	check_hostile("initrd's path", 0, &s, false);
	stage_free(&s);
	stage_hostile(&s, "T", NULL, "kernel/linux");
	s.boots[0].initrd_count = 0;
	check_hostile("no initrd", 0, &s, false);
	stage_free(&s);
}

/* --- GRUB itself ------------------------------------------------------------------------------- */

/* Stand in for what an emulator cannot do: each tells its arguments, one a line. */
static const char grub_doubles[] =
	"function tell { echo \"CALL<$#>\"; for a in \"$@\"; do echo \"ARG<$a>\"; done; }\n"
	"function linux { tell linux \"$@\"; }\n"
	"function linux16 { tell linux16 \"$@\"; exit; }\n"
	"function initrd { tell initrd \"$@\"; exit; }\n";

/* What GRUB says when it runs text with these settings before it and then, by itself, its entry number
 * entry. */
static char *grub_runs(const char *settings, const char *text, int entry)
{
	static const char *const argv[] = {"timeout", "30", "grub-emu", "-d", ".", "-m", "device.map", NULL};
	char *out = NULL, *cfg;

	if (asprintf(&cfg, "%s%s\n%s\nset default=%d\nset timeout=0\n", grub_doubles, settings, text, entry) <
	    0)
		abort();
	/* GRUB makes this variable itself from its network card, and the emulator has none. */
	for (char *p = cfg; (p = strstr(p, "$net_default_mac")); p++)
		memcpy(p, "$set_by_the_test", strlen("$net_default_mac"));
	write_file("device.map", "(hd0) /dev/null\n");
	write_file("grub.cfg", cfg);
	run(argv, &out);
	free(cfg);
	return out;
}

static void test_grub_base(void)
{
	static const char *const cases[][2] = {
		{"(pxe)/boot/grub", "(pxe)"},
		{"(tftp,10.0.0.1)/boot/grub", "(tftp,10.0.0.1)"},
		{"(tftp)/sub/dir/boot/grub", "(tftp)/sub/dir"},
		{"(http,10.0.0.1)/pxe/boot/grub", "(http,10.0.0.1)/pxe"},
		{"(http,10.0.0.1:8080)/pxe/grub", "(http,10.0.0.1:8080)/pxe"},
		{"/boot/grub", ""},
		{"/grub", ""},
		{"(tftp)/grub", "(tftp)"},
		{"(tftp)/grub/x86_64-efi", "(tftp)"},
		{"(tftp)/boot/grub/", "(tftp)"},
		{"(tftp)/boot/grub/i386-pc", "(tftp)"},
		{"(tftp,1.2.3.4)/EFI/debian", "(tftp,1.2.3.4)"},
		{"(tftp)/a/EFI/BOOT", "(tftp)/a"},
		{"(tftp)/grub/boot/grub", "(tftp)/grub"},
		{"(tftp)/elsewhere", "(tftp)"},
		{"(tftp)", "(tftp)"},
	};
	char *text = menu_text(MAIN_GRUB, &plain, NULL, 0), *menu = strstr(text, "set default="),
	     *script = NULL, *out;
	size_t len = 0;
	FILE *f = open_memstream(&script, &len);

	if (!f || !menu)
		abort();
	*menu = '\0'; /* what stands before the entries, once for each prefix */
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		fprintf(f, "set prefix='%s'\nset pxefs_base=\n%s\necho \"BASE%zu<$pxefs_base>\"\n",
			cases[i][0], text, i);
	fputs("exit\n", f);
	fclose(f);
	out = grub_runs("insmod test\ninsmod regexp\ninsmod echo\n", script, 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char expected[128];

		snprintf(expected, sizeof(expected), "BASE%zu<%s>", i, cases[i][1]);
		if (!tap_ok(strstr(out, expected) != NULL, "GRUB at %s finds the tree at \"%s\"", cases[i][0],
			    cases[i][1]))
			printf("# %s\n", out);
	}
	free(out);
	free(script);
	free(text);
}

static bool told(const char *out, const char *const args[])
{
	char expected[4096], plain_out[16384];
	size_t n = 0;

	for (const char *p = out; *p && n + 1 < sizeof(plain_out); p++)
		if (*p != '\r')
			plain_out[n++] = *p;
	plain_out[n] = '\0';
	n = 0;
	while (args[n])
		n++;
	snprintf(expected, sizeof(expected), "CALL<%zu>\n", n);
	for (size_t i = 0; i < n; i++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected), "ARG<%s>\n",
			 args[i]);
	if (strstr(plain_out, expected))
		return true;
	printf("# expected:\n%s# got:\n%s\n", expected, plain_out);
	return false;
}

static const char grub_net[] =
	"set net_default_server=10.9.8.7\nset set_by_the_test=52:54:00:ab:cd:ef\nset pxefs_base='(tftp)/t'\n";

static void test_grub_lines(void)
{
	static const char *const live[] = {"linux",
					   "(tftp)/t/debian-live-12/kernel/vmlinuz-6.1.0-28-amd64",
					   "boot=live",
					   "netboot=nfs",
					   "nfsroot=10.9.8.7:/pxe/debian-live-12/iso",
					   "BOOTIF=01-52:54:00:ab:cd:ef",
					   "components",
					   "quiet",
					   "splash",
					   NULL};
	static const char *const live_initrd[] = {
		"initrd", "(tftp)/t/debian-live-12/initrd/initrd.img-6.1.0-28-amd64", NULL};
	static const char *const no_mac[] = {"linux",
					     "(tftp)/t/debian-live-12/kernel/vmlinuz-6.1.0-28-amd64",
					     "boot=live",
					     "netboot=nfs",
					     "nfsroot=10.168.100.3:/pxe/debian-live-12/iso",
					     "components",
					     "quiet",
					     "splash",
					     NULL};
	static const char *const over_http[] = {
		"initrd", "(http,10.9.8.7)/debian-live-12/initrd/initrd.img-6.1.0-28-amd64", NULL};
	static const char *const old[] = {"linux",
					  "(pxe)/old/x86_gentoo_install/kernel/gentoo",
					  "dokeymap",
					  "cdroot",
					  "real_root=/dev/nfs",
					  "nfsroot=10.1.1.1:/pxe/old/x86_gentoo_install/iso,rsize=131072",
					  "net.ifnames=0",
					  "nodhcp",
					  "looptype=squashfs",
					  "loop=/image.squashfs",
					  "vga=791",
					  NULL};
	static const char *const memtest[] = {"linux16", "(pxe)/old/x86_gentoo_install/kernel/memtest86",
					      NULL};
	struct stage s;
	char *text, *out;

	stage_live(&s);
	text = menu_text(IMAGE_GRUB, &plain, &s.image, 1);
	out = grub_runs(grub_net, text, 0);
	ok(told(out, live) && told(out, live_initrd));
	free(out);
	free(text);
	text = menu_text(IMAGE_GRUB, &fixed, &s.image, 1);
	out = grub_runs("set pxefs_base='(tftp)/t'\n", text, 0);
	ok(told(out, no_mac));
	free(out);
	free(text);
	text = menu_text(IMAGE_GRUB, &http, &s.image, 1);
	out = grub_runs(grub_net, text, 0);
	ok(told(out, over_http));
	free(out);
	free(text);
	stage_free(&s);

	/* GRUB 1.99: its own variable for the server, none for the card or the platform. The default is
	 * the entry after the memory test. */
	stage_isolinux(&s);
	text = menu_text(IMAGE_GRUB, &plain, &s.image, 1);
	ok(strstr(text, "set default=1\n") != NULL);
	out = grub_runs("set pxe_default_server=10.1.1.1\nset prefix='(pxe)/boot/grub'\nset grub_platform=\n",
			text, 1);
	ok(told(out, old));
	free(out);
	out = grub_runs(
		"set pxe_default_server=10.1.1.1\nset prefix='(pxe)/boot/grub'\nset grub_platform=pc\n", text,
		0);
	ok(told(out, memtest));
	free(out);
	free(text);
	stage_free(&s);
}

/* All hostile words that travel, in one line: they arrive as they are, and nothing else happens. */
static void test_grub_words(void)
{
	const char *args[ARRAY_SIZE(words) + 16] = {
		"linux",       "(tftp)/t/hostile/kernel/linux",	    "boot=live",
		"netboot=nfs", "nfsroot=10.9.8.7:/pxe/hostile/iso", "BOOTIF=01-52:54:00:ab:cd:ef",
	};
	size_t n = 6;
	struct stage s;
	char *text, *out;

	stage_hostile(&s, "T", NULL, "kernel/linux");
	s.boots[0].entry.word_count = 1;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		/* The emulator's console shows no other characters, so it cannot tell them. */
		if (!menu_word_carries(words[i]) || (words[i][0] & 0x80) || strstr(words[i], "\xc3"))
			continue;
		s.boots[0].entry.words[s.boots[0].entry.word_count++] = (char *)(uintptr_t)words[i];
		args[n++] = words[i];
	}
	args[n] = NULL;
	text = menu_text(IMAGE_GRUB, &plain, &s.image, 1);
	out = grub_runs(grub_net, text, 0);
	ok(told(out, args));
	free(out);
	free(text);
	stage_free(&s);
}

/* Behind hostile titles there is still the entry; had one of them run anything, this would not be reached. */
static void test_grub_titles(void)
{
	static const char *const reached[] = {"linux",
					      "(tftp)/t/hostile/kernel/last",
					      "boot=live",
					      "netboot=nfs",
					      "nfsroot=10.9.8.7:/pxe/hostile/iso",
					      "BOOTIF=01-52:54:00:ab:cd:ef",
					      "first",
					      "last",
					      NULL};

	for (size_t at = 0; at < ARRAY_SIZE(titles); at += BOOTS - 1) {
		struct stage s;
		char *text, *out;
		int n = 0;

		stage_hostile(&s, titles[at], NULL, "kernel/linux");
		for (size_t i = at + 1; i < ARRAY_SIZE(titles) && n < BOOTS - 2; i++, n++)
			stage_boot(&s, BOOTCFG_LINUX, BOTH, titles[i], "kernel/linux", "initrd/initrd",
				   "boot=live");
		stage_boot(&s, BOOTCFG_LINUX, BOTH, "' 'last", "kernel/last", "initrd/initrd",
			   "boot=live first last");
		text = menu_text(IMAGE_GRUB, &plain, &s.image, 1);
		out = grub_runs(grub_net, text, n + 1);
		tap_ok(told(out, reached), "GRUB reaches the entry behind hostile titles from %zu on", at);
		ok(count_of(out, "CALL<") == 2); /* linux and initrd of that entry, nothing else's */
		free(out);
		free(text);
		stage_free(&s);
	}
}

int main(void)
{
	work_open();
	test_hostile();
	if (have_program("grub-emu") && have_program("timeout")) {
		test_grub_base();
		test_grub_lines();
		test_grub_words();
		test_grub_titles();
	} else {
		printf("# grub-emu is not installed: GRUB itself ran nothing of this\n");
	}
	work_close();
	return tap_done();
}
