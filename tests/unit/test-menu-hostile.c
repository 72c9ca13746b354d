/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu-hostile.h"

/* Hostile titles, words and paths through every writer: by structure, and through GRUB's own parser. */

static char long_path[260];

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
	"export pxefs_",
	"export gfxpayload",
	"set default='Local disk'",
	"menuentry '",
	"echo '",
	"linux \"$pxefs_files\"/",
	"linux16 \"$pxefs_files\"/",
	"initrd \"$pxefs_files\"/",
	"chainloader \"$pxefs_files\"/",
	"}",
	"sleep --interruptible 60",
	"multiboot2 \"$pxefs_files\"/",
	"module2 \"$pxefs_files\"/",
	"module2 --nounzip \"$pxefs_files\"/",
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
	"menu Debian Live",
	"menu Not bootable",
	"menu Other ways to boot",
	"item i",
	"item e",
	"item r",
	"item ./",
	"item ../../",
	"item other ",
	"item back ",
	"item start Back",
	"item local ",
	"item shell ",
	"item --gap",
	"iseq ${platform} efi ",
	"iseq ${platform} pcbios && item ",
	"iseq ${buildarch} ",
	"iseq ${pxefs-cpu} ",
	"iseq ${target} ",
	"choose ",
	"goto ",
	"kernel ",
	"initrd --name ",
	"chain ",
	"echo Cannot boot over the network: ",
	"echo Loading ... (needs about ",
	"echo Reason: ",
	"echo Press a key.",
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
					       "${target}",	  "${buildarch}", "${pxefs-cpu}",
					       "${pxefs-start}"};
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

		char *item = strstr(line, "item ");
		size_t len = strlen(line);

		/* What stands before and behind an item that is not for every machine is ours. */
		if (item && strcmp(line + len - 3, " ||") == 0)
			line[len - 3] = '\0';
		if (!item && !strncmp(line, "echo ", 5))
			item = line;
		if (!item)
			continue;
		for (char *token = strtok_r(item, " \t\v\f\r", &rest); token;
		     token = strtok_r(NULL, " \t\v\f\r", &rest))
			good = good && token[0] != '#' && strcmp(token, "||") && strcmp(token, "&&") &&
			       strcmp(token, ";");
	}
	if (!good)
		printf("# %s\n", text);
	free(copy);
	return good;
}

/* The menus of one image: no line is made by what is hostile. */
static void check_image(const char *what, size_t number, const struct menu_image *image)
{
	char *grub = image_text(&http, image, "grub.cfg"), *ipxe = image_text(&http, image, "boot.ipxe");

	tap_ok(grub_parses(grub) && lines_are_ours(grub, grub_lines), "%s %zu: the image's menu in GRUB", what, number);
	tap_ok(lines_are_ours(ipxe, ipxe_lines) && !strstr(ipxe, "\\\n") && ipxe_means_ours(ipxe),
	       "%s %zu: the image's menu in iPXE", what, number);
	free(grub);
	free(ipxe);
}

/* Those of all: no line, tag or column. */
static void check_all(const char *what, size_t number, const struct menu_image *image)
{
	struct stage_texts t;
	const char *html, *status;

	stage_texts_make(&t, &plain, image, 1);
	html = strstr(stage_text(&t, "index.html"), "</style>"); /* the style has '>' for itself */
	status = stage_text(&t, "status");
	for (size_t i = 0; i < t.count; i++) {
		const char *suffix = strrchr(t.path[i], '.');

		if (suffix && !strcmp(suffix, ".cfg"))
			tap_ok(grub_parses(t.text[i]) && lines_are_ours(t.text[i], grub_lines), "%s %zu: %s", what,
			       number, t.path[i]);
		else if (suffix && !strcmp(suffix, ".ipxe"))
			tap_ok(lines_are_ours(t.text[i], ipxe_lines) && !strstr(t.text[i], "\\\n") &&
				       ipxe_means_ours(t.text[i]),
			       "%s %zu: %s", what, number, t.path[i]);
	}
	tap_ok(count_of(status, "\t") == 8 && count_of(status, "\n") == 2, "%s %zu: status stays a table", what,
	       number);
	tap_ok(html && !strstr(html, "<script") && !strstr(html, "<title>") && !strstr(html, "<!-") &&
		       count_of(html, "<") == count_of(html, ">") && count_of(html, "<strong") == 1,
	       "%s %zu: no tag of its own in HTML", what, number);
	stage_texts_free(&t);
}

static void check_hostile(const char *what, size_t number, struct stage *s, bool offered)
{
	char *grub = image_text(&plain, &s->image, "grub.cfg"), *ipxe = image_text(&plain, &s->image, "boot.ipxe");

	check_image(what, number, &s->image);
	check_all(what, number, &s->image);
	tap_ok(!!strstr(grub, "\tlinux ") == offered && !!strstr(ipxe, "\nkernel ") == offered, "%s %zu: %s", what,
	       number, offered ? "offered" : "left out");
	tap_ok(offered || strstr(grub, "# Left out: \""), "%s %zu: with a reason where left out", what, number);
	tap_ok(!strstr(grub, "-o http"), "%s %zu: which is not that another way is switched off", what, number);
	free(grub);
	free(ipxe);
}

/* The same through variants, archives, hypervisors and their modules. */
static void check_ways(const char *what, size_t number, const char *title, const char *word)
{
	char *modules = NULL, *grub;
	bool carries = !word || menu_word_carries(word);
	struct stage s;

	if (asprintf(&modules, "first %s last", word ? word : "x") < 0)
		abort();
	stage_ways(&s);
	for (size_t i = 0; i < s.image.boot_count; i++) {
		s.boots[i].entry.title = (char *)(uintptr_t)title;
		s.boots[i].entry.submenu = (char *)(uintptr_t)title;
		if (word)
			s.boots[i].entry.words[0] = (char *)(uintptr_t)word;
	}
	s.boots[3].entry.module_words[1] = modules;
	check_image(what, number, &s.image);
	check_all(what, number, &s.image);
	grub = image_text(&plain, &s.image, "grub.cfg");
	/* A word with a blank in it is two words of a module; that is for others to say. */
	tap_ok(!!strstr(grub, "\tmultiboot2 ") == carries && !!strstr(grub, "\tinitrd ") == carries,
	       "%s %zu: by every way %s", what, number, carries ? "offered" : "left out");
	free(grub);
	/* One whose module's word alone is hostile. */
	s.boots[3].entry.words[0] = (char *)(uintptr_t) "plain";
	grub = image_text(&plain, &s.image, "grub.cfg");
	tap_ok(!word || !*word || strchr(word, ' ') || !!strstr(grub, "\tmultiboot2 ") == carries,
	       "%s %zu: as a module's word %s", what, number, carries ? "offered" : "left out");
	free(grub);
	stage_free(&s);
	free(modules);
}

/* Of a file that is not served, everything is hostile. */
static void check_refused(size_t number, const char *text)
{
	const struct menu_image image = {.file = text, .state = MENU_REJECTED, .reason = text, .label = text};

	check_all("refused", number, &image);
}

static void test_hostile(void)
{
	struct stage s;

	hostile_fill();
	memset(long_path, 'k', sizeof(long_path) - 1);
	memcpy(long_path, "kernel/", 7);
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++) {
		stage_hostile(&s, titles[i], NULL, "kernel/linux");
		check_hostile("title", i, &s, true);
		stage_free(&s);
		check_ways("title of ways", i, titles[i], NULL);
		check_refused(i, titles[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		stage_hostile(&s, "T", words[i], "kernel/linux");
		check_hostile("word", i, &s, menu_word_carries(words[i]));
		stage_free(&s);
		check_ways("word of ways", i, "T", words[i]);
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

int main(void)
{
	work_open();
	test_hostile();
	work_close();
	return tap_done();
}
