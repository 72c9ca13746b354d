/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu-stage.h"
#include "menu_quote.h"

/* The menus of a few images against reviewed texts in tests/fixtures/expected/ (PXEFS_UPDATE=1 writes
 * them anew). */

static char *read_expected(const char *name)
{
	const char *top = getenv("srcdir");
	char path[4096], *text = NULL, buf[4096];
	size_t len = 0, n;
	FILE *f, *m;

	snprintf(path, sizeof(path), "%s/tests/fixtures/expected/%s", top ? top : ".", name);
	f = fopen(path, "r");
	if (!f)
		return NULL;
	m = open_memstream(&text, &len);
	while (m && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		fwrite(buf, 1, n, m);
	if (m)
		fclose(m);
	fclose(f);
	return text;
}

static void show_difference(const char *got, const char *expected)
{
	unsigned line = 1;

	for (; *got && *got == *expected; got++, expected++)
		line += *got == '\n';
	printf("# line %u from there:\n#  got      %.*s\n#  expected %.*s\n", line, (int)strcspn(got, "\n"),
	       got, (int)strcspn(expected, "\n"), expected);
}

/* A text against the reviewed one of that name. */
static void check_expected(const char *name, const char *text)
{
	const char *top = getenv("srcdir"), *suffix = strrchr(name, '.');
	char *expected;

	if (!tap_ok(text != NULL, "%s is there", name))
		return;
	if (getenv("PXEFS_UPDATE")) {
		char path[4096];
		FILE *f;

		snprintf(path, sizeof(path), "%s/tests/fixtures/expected/%s", top ? top : ".", name);
		f = fopen(path, "w");
		if (!f || fputs(text, f) < 0 || fclose(f))
			abort();
	}
	expected = read_expected(name);
	if (!tap_ok(expected && !strcmp(text, expected), "%s is the reviewed text", name) && expected)
		show_difference(text, expected);
	if (suffix && !strcmp(suffix, ".cfg"))
		tap_ok(grub_parses(text), "%s passes grub-script-check", name);
	free(expected);
}

static void check_image(const char *name, const struct menu_site *site, const struct menu_image *image,
			const char *which)
{
	char *text = image_text(site, image, which);

	check_expected(name, text);
	free(text);
}

/* An ISO that is nothing but its name. */
static struct menu_image named(const char *path, const char *recipe)
{
	return (struct menu_image){.path = path,
				   .file = path,
				   .state = MENU_SERVED,
				   .recipe = recipe_by_id(recipe),
				   .label = ""};
}

static void test_images(void)
{
	struct stage s[3], dracut, ways;

	stage_genkernel(&s[0]);
	stage_isolinux(&s[1]);
	stage_live(&s[2]);
	check_image("genkernel.cfg", &plain, &s[0].image, "grub.cfg");
	check_image("genkernel-server.cfg", &fixed, &s[0].image, "grub.cfg");
	check_image("genkernel-isolinux.cfg", &fixed, &s[1].image, "grub.cfg");
	check_image("live.cfg", &plain, &s[2].image, "grub.cfg");
	check_image("live-http.cfg", &http, &s[2].image, "grub.cfg");
	check_image("live-url.cfg", &url, &s[2].image, "grub.cfg");
	check_image("genkernel.ipxe", &plain, &s[0].image, "boot.ipxe");
	check_image("genkernel-isolinux.ipxe", &plain, &s[1].image, "boot.ipxe");
	check_image("live-url.ipxe", &url, &s[2].image, "boot.ipxe");
	stage_ways(&ways);
	check_image("ways.cfg", &http, &ways.image, "grub.cfg");
	check_image("ways.ipxe", &http, &ways.image, "boot.ipxe");
	stage_free(&ways);
	stage_genkernel(&dracut);
	dracut.image.recipe = &closed;
	check_image("closed.cfg", &fixed, &dracut.image, "grub.cfg");
	check_image("closed.ipxe", &fixed, &dracut.image, "boot.ipxe");
	stage_free(&dracut);
	for (size_t i = 0; i < ARRAY_SIZE(s); i++)
		stage_free(&s[i]);
}

static void test_lists(void)
{
	struct menu_site start = fixed;
	struct stage_texts t;
	struct stage s[3], dracut, ways;
	struct menu_image all[9];

	stage_genkernel(&s[0]);
	stage_isolinux(&s[1]);
	stage_live(&s[2]);
	stage_genkernel(&dracut);
	dracut.image.path = "closed";
	dracut.image.file = "closed.iso";
	dracut.image.recipe = &closed;
	stage_ways(&ways);
	all[0] = s[2].image;
	all[1] = dracut.image;
	all[2] = s[0].image;
	all[3] = s[1].image;
	all[4] = s[2].image;
	all[4].path = "old/older/debian-live-9";
	all[4].cpu = CPU_ARM64;
	all[5] = named("unknown", "unknown");
	all[5].zisofs_count = 2;
	all[5].size = 1023;
	all[6] = (struct menu_image){.path = "",
				     .file = "half\tcopied.iso",
				     .state = MENU_INCOMPLETE,
				     .reason = "the file is shorter than its volume"};
	all[7] = (struct menu_image){.path = NULL,
				     .file = "<b>broken</b>.iso",
				     .state = MENU_REJECTED,
				     .reason = "no ISO 9660 volume\nfound"};
	all[8] = ways.image;
	stage_texts_make(&t, &fixed, all, ARRAY_SIZE(all));
	check_expected("main.cfg", stage_text(&t, "boot/grub/grub.cfg"));
	check_expected("folder.cfg", stage_text(&t, "old/grub.cfg"));
	check_expected("not-bootable.cfg", stage_text(&t, "boot/not-bootable.cfg"));
	check_expected("main.ipxe", stage_text(&t, "boot.ipxe"));
	check_expected("folder.ipxe", stage_text(&t, "old/boot.ipxe"));
	check_expected("not-bootable.ipxe", stage_text(&t, "boot/not-bootable.ipxe"));
	check_expected("index.html", stage_text(&t, "index.html"));
	check_expected("status", stage_text(&t, "status"));
	tap_ok(stage_text(&t, "old/older/grub.cfg") && stage_text(&t, "old/older/boot.ipxe"), "a folder in a folder");
	tap_ok(t.count == 3 + 2 * 3 + 2, "and nothing else");
	ok(!strcmp(stage_text(&t, "boot/grub/grub.cfg"), stage_text(&t, "grub/grub.cfg")));
	stage_texts_free(&t);

	start.timeout = 20;
	start.start = "old/x86_gentoo_install";
	stage_texts_make(&t, &start, all, ARRAY_SIZE(all));
	check_expected("main-start.cfg", stage_text(&t, "boot/grub/grub.cfg"));
	check_expected("main-start.ipxe", stage_text(&t, "boot.ipxe"));
	stage_texts_free(&t);

	stage_texts_make(&t, &fixed, NULL, 0);
	check_expected("main-empty.cfg", stage_text(&t, "boot/grub/grub.cfg"));
	check_expected("main-empty.ipxe", stage_text(&t, "boot.ipxe"));
	tap_ok(t.count == 5, "without an image there are the main menus, the page and the status");
	stage_texts_free(&t);
	for (size_t i = 0; i < ARRAY_SIZE(s); i++)
		stage_free(&s[i]);
	stage_free(&dracut);
	stage_free(&ways);
}

/* --- the main menu ----------------------------------------------------------------------------- */

static size_t count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

/* Images that are alike but for their names, in the order given. */
static void many_texts(struct stage_texts *t, const struct menu_site *site, struct stage *s, char (*paths)[64],
		       size_t count)
{
	struct menu_image *images = calloc(count, sizeof(*images));

	if (!images)
		abort();
	for (size_t i = 0; i < count; i++) {
		images[i] = s->image;
		images[i].path = paths[i];
	}
	stage_texts_make(t, site, images, count);
	free(images);
}

static void test_order(void)
{
	static const char *const sorted[] = {"'1: ", "'2: ", "'010: ", "'10: ", "'a: ", "'A2: ", "'a10: ", "'b/ (4)' ",
					     "'b-c: "};
	char paths[][64] = {"b-c", "a10", "b/x10", "10", "A2", "2", "b/x9", "1", "a", "b/y/1", "b/a", "010"};
	struct stage_texts t;
	struct stage s;
	const char *main_menu, *at;

	stage_live(&s);
	many_texts(&t, &plain, &s, paths, ARRAY_SIZE(paths));
	at = main_menu = stage_text(&t, "boot/grub/grub.cfg");
	for (size_t i = 0; i < ARRAY_SIZE(sorted); i++) {
		const char *next = strstr(at, sorted[i]);

		if (!tap_ok(next != NULL, "%s comes in its order", sorted[i]))
			printf("# %s\n", main_menu);
		at = next ? next : at;
	}
	at = stage_text(&t, "b/grub.cfg");
	ok(at && strstr(at, "'a: ") < strstr(at, "'x9: ") && strstr(at, "'x9: ") < strstr(at, "'x10: ") &&
	   strstr(at, "'x10: ") < strstr(at, "'y/ (1)'"));
	stage_texts_free(&t);
	stage_free(&s);
}

/* However many there are, the main menu is as long as that of a few. */
static void test_many(void)
{
	enum { MANY = 500 };
	static char paths[MANY + 1][64];
	struct menu_site start = plain;
	struct stage_texts t;
	struct stage s;
	const char *family;

	stage_live(&s);
	for (size_t i = 0; i < MANY; i++)
		snprintf(paths[i], sizeof(paths[i]), "image-%zu", i);
	snprintf(paths[MANY], sizeof(paths[MANY]), "folder/inside");
	many_texts(&t, &plain, &s, paths, MENU_MAIN_MOST);
	ok(count_of(stage_text(&t, "boot/grub/grub.cfg"), "/grub.cfg") == 2 * MENU_MAIN_MOST &&
	   !stage_text(&t, "boot/family/debian-live.cfg"));
	stage_texts_free(&t);

	many_texts(&t, &plain, &s, paths, MANY + 1);
	tap_ok(strlen(stage_text(&t, "boot/grub/grub.cfg")) < 2000 && strlen(stage_text(&t, "boot.ipxe")) < 2000,
	       "the main menus stay small");
	ok(strstr(stage_text(&t, "boot/grub/grub.cfg"), "menuentry 'Debian Live (500)' {\n"
		  "\tconfigfile \"$pxefs_base\"/boot/family/debian-live.cfg\n") != NULL);
	ok(strstr(stage_text(&t, "boot/grub/grub.cfg"), "menuentry 'folder/ (1)' {\n") != NULL);
	family = stage_text(&t, "boot/family/debian-live.cfg");
	ok(family && count_of(family, "menuentry 'image-") == MANY && grub_parses(family));
	ok(strstr(family, "'image-9: ") < strstr(family, "'image-10: "));
	ok(strstr(stage_text(&t, "boot.ipxe"), "\nitem ./boot/family/debian-live.ipxe Debian Live (500)\n") != NULL);
	family = stage_text(&t, "boot/family/debian-live.ipxe");
	ok(family && count_of(family, "\nitem ../../image-") == MANY &&
	   strstr(family, "\n:back\nchain --replace --autofree ../../boot.ipxe ") != NULL);
	stage_texts_free(&t);

	start.start = "image-77";
	start.timeout = 5;
	many_texts(&t, &start, &s, paths, MANY);
	ok(strstr(stage_text(&t, "boot/grub/grub.cfg"),
		  "set default=0\nmenuentry 'image-77: Debian Live' {\n") != NULL);
	ok(strstr(stage_text(&t, "boot/grub/grub.cfg"), "menuentry 'Debian Live (499)' {\n") != NULL);
	stage_texts_free(&t);
	stage_free(&s);
}

/* A folder's name may begin as an option does. */
static void test_folder_dash(void)
{
	char paths[][64] = {"-d/inside"};
	struct stage_texts t;
	struct stage s;

	stage_live(&s);
	many_texts(&t, &plain, &s, paths, ARRAY_SIZE(paths));
	tap_ok(strstr(stage_text(&t, "boot/grub/grub.cfg"), "menuentry ' -d/ (1)' {\n\tconfigfile \"$pxefs_base\"/-d/"),
	       "no option of menuentry's");
	tap_ok(strstr(stage_text(&t, "-d/boot.ipxe"), "\nmenu ./-d/\n"), "no option of iPXE's menu command");
	stage_texts_free(&t);
	stage_free(&s);
}

/* What is started by itself, and what never is. */
static void test_start(void)
{
	static const struct {
		const char *start;
		unsigned timeout;
		const char *grub, *ipxe; /* what must be there */
	} cases[] = {
		{NULL, 0, "\nset default=0\nset timeout=-1\n", "\nchoose target || goto local\n"},
		{NULL, 9, "\nset default='Local disk'\nset timeout=9\n",
		 "\nset pxefs-start local\nchoose --timeout 9000 --default ${pxefs-start} target "},
		{MENU_LOCAL, 0, "\nset default='Local disk'\nset timeout=-1\n",
		 "\nset pxefs-start local\nchoose --default ${pxefs-start} target "},
		{"one", 9, "\nset default='Local disk'\nset timeout=9\n\nset default=0\nmenuentry 'one: ",
		 "\nset pxefs-start local\nset pxefs-start ./one/boot.ipxe\nchoose --timeout 9000 "},
		{"gone", 9, "\nset default='Local disk'\nset timeout=9\n\nmenuentry 'folder/ (1)' ",
		 "\nset pxefs-start local\nchoose --timeout 9000 "},
		{"folder/two", 9, "\nset default=0\nmenuentry 'folder/two: ",
		 "\nset pxefs-start ./folder/two/boot.ipxe\n"},
	};
	char paths[][64] = {"one", "folder/two"};
	struct menu_image images[2];
	struct stage_texts t;
	struct stage s;

	stage_live(&s);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct menu_site site = plain;

		site.start = cases[i].start;
		site.timeout = cases[i].timeout;
		many_texts(&t, &site, &s, paths, ARRAY_SIZE(paths));
		tap_ok(strstr(stage_text(&t, "boot/grub/grub.cfg"), cases[i].grub) &&
			       strstr(stage_text(&t, "boot.ipxe"), cases[i].ipxe),
		       "menu-default=%s,menu-timeout=%u", site.start ? site.start : "", site.timeout);
		tap_ok(grub_parses(stage_text(&t, "boot/grub/grub.cfg")), "GRUB parses it");
		stage_texts_free(&t);
	}
	/* One that this machine cannot boot is not its default. */
	images[0] = s.image;
	images[0].path = "one";
	images[0].cpu = CPU_ARM64;
	images[1] = s.image;
	images[1].path = "two";
	stage_texts_make(&t, &(struct menu_site){.nfs = "/pxe", .start = "one", .timeout = 9}, images, 2);
	ok(strstr(stage_text(&t, "boot/grub/grub.cfg"),
		  "\nif [ \"$pxefs_cpu\" = arm64 ]; then\nset default=0\nmenuentry 'one: Debian Live' {\n") != NULL);
	ok(strstr(stage_text(&t, "boot.ipxe"),
		  "\niseq ${pxefs-cpu} arm64 && set pxefs-start ./one/boot.ipxe ||\n") != NULL);
	stage_texts_free(&t);
	stage_free(&s);
}

/* --- what the administrator says --------------------------------------------------------------- */

static void test_site(void)
{
	static const struct {
		struct menu_site site;
		const char *wrong; /* part of the sentence, or NULL */
	} cases[] = {
		{{NULL, "/pxe", NULL, 0, NULL}, NULL},
		{{"10.0.0.1", "", "", 0, NULL}, NULL},
		{{"10.0.0.1", "/srv/p-x_e+1", "http://host", 0, NULL}, NULL},
		{{NULL, "/pxe", "http://10.0.0.1:65535/a/b/", 0, NULL}, NULL},
		{{"konata", "/pxe", NULL, 0, NULL}, "server=konata"},
		{{"10.0.0.1 init=/x", "/pxe", NULL, 0, NULL}, "server="},
		{{"::1", "/pxe", NULL, 0, NULL}, "server=::1"},
		{{"", "/pxe", NULL, 0, NULL}, "server="},
		{{NULL, "pxe", NULL, 0, NULL}, "nfs=pxe"},
		{{NULL, "/p xe", NULL, 0, NULL}, "nfs="},
		{{NULL, "/pxe,rw", NULL, 0, NULL}, "nfs="},
		{{NULL, "/pxe/", NULL, 0, NULL}, "nfs="},
		{{NULL, "/a/../b", NULL, 0, NULL}, "nfs="},
		{{NULL, NULL, NULL, 0, NULL}, "nfs="},
		{{NULL, "/pxe", "https://host/", 0, NULL}, "http=https://host/"},
		{{NULL, "/pxe", "http://", 0, NULL}, "http="},
		{{NULL, "/pxe", "http:///path", 0, NULL}, "http="},
		{{NULL, "/pxe", "http://a b/", 0, NULL}, "http="},
		{{NULL, "/pxe", "http://a:0/", 0, NULL}, "port"},
		{{NULL, "/pxe", "http://a:65536/", 0, NULL}, "port"},
		{{NULL, "/pxe", "http://a:/", 0, NULL}, "port"},
		{{NULL, "/pxe", "http://user@a/", 0, NULL}, "http="},
		{{NULL, "/pxe", "http://a/$(x)", 0, NULL}, "http="},
		{{NULL, "/pxe", "http://a/b//c", 0, NULL}, "http="},
		{{NULL, "/pxe", "http://a/b'c", 0, NULL}, "http="},
		{{NULL, "/pxe", NULL, 0, MENU_LOCAL}, NULL},
		{{NULL, "/pxe", NULL, 7, "folder/name"}, NULL},
		{{NULL, "/pxe", NULL, 7, "folder/na me"}, "menu-default=folder/na me"},
		{{NULL, "/pxe", NULL, 7, "/name"}, "menu-default="},
		{{NULL, "/pxe", NULL, 7, "a'; reboot; '"}, "menu-default="},
		{{NULL, "/pxe", NULL, 7, ""}, "menu-default="},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct menu_site *c = &cases[i].site;
		struct reason why = {""};
		int r = menu_site_check(c, &why);

		tap_ok(cases[i].wrong ? r == -EINVAL && strstr(why.text, cases[i].wrong) : r == 0,
		       "server %s nfs %s http %s: %s", c->server ? c->server : "-", c->nfs ? c->nfs : "-",
		       c->http ? c->http : "-", r ? why.text : "accepted");
	}
}

static void test_word(void)
{
	static const char *const good[] = {"quiet",
					   "a=b",
					   "---",
					   "nfsroot=1.2.3.4:/x,rsize=1",
					   "gr\xc3\xbc\xc3\x9f",
					   "a#b",
					   "a;b",
					   "[x]*?",
					   "{}",
					   "a|b&c<d>",
					   "%s~^!",
					   "if"};
	static const char *const bad[] = {"",	      "a b",	  "a\tb",	  "a\nb",
					  "a'b",      "a\"b",	  "a\\b",	  "a$b",
					  "${x}",     "\x7f",	  "\x01",	  "\xc3",
					  "\xc3\x28", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
					  "\xff",     "\xc2\xa0", "\xe2\x80\xae", "\xc2\x85",
					  "#x",	      ";",	  "||",		  "&&",
					  "||x"};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		tap_ok(menu_word_carries(good[i]), "the word %s travels", good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		tap_ok(!menu_word_carries(bad[i]), "bad word %zu does not travel", i);
}

static void test_clean(void)
{
	static const struct {
		const char *in, *out;
		size_t cap;
	} cases[] = {
		{NULL, "", 8},
		{"", "", 8},
		{" a\tb\n\n", "a b", 16},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", 16},
		{"a\xff"
		 "b\xc3",
		 "a?b?", 16},
		{"\xe2\x80\xae"
		 "abc",
		 "?abc", 16},
		{"\xed\xa0\x80", "???", 16},
		{"\xc0\x80", "??", 16},
		{"a\xc2\x85"
		 "b",
		 "a b", 16},
		{"1234567", "1234567", 8},
		{"12345678", "1234...", 8},
		{"123\xc3\xbc\xc3\xbc\xc3\xbc", "123...", 8}, /* never half a character */
		{"12345678", "12", 3},
		{"12345678", "", 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char out[16] = "unset";

		menu_clean(out, cases[i].cap, cases[i].in);
		if (!tap_ok(!strcmp(out, cases[i].out), "text %zu comes out as \"%s\"", i, cases[i].out))
			printf("# \"%s\"\n", out);
	}
}

/* An initrd that wants the web server's address and the path there apart gets both; one that knows no port but HTTP's
 * own is offered none on another. */
static void test_http_parts(void)
{
	static const struct {
		const char *url, *words;
	} cases[] = {
		{"", "server:${pxefs-server},directory:/sub/a/iso/x86_64 "},
		{"http://a.b/c/d/", "server:a.b,directory:/c/d/sub/a/iso/x86_64 "},
		{"http://a.b", "server:a.b,directory:/sub/a/iso/x86_64 "},
		{"http://a.b:80", NULL},
		{"http://a.b:8080/c", NULL},
	};
	struct stage s = {.image = {.path = "sub/a", .file = "sub/a.iso", .state = MENU_SERVED,
				    .recipe = recipe_by_id("mageia"), .label = "", .size = 1 << 20}};

	stage_boot(&s, BOOTCFG_LINUX, BOTH, "Install", "kernel/vmlinuz", "initrd/all.rdz",
		   "automatic=method:cdrom quiet");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct menu_site site = {.server = "10.168.100.3", .nfs = "/pxe", .http = cases[i].url};
		char *text = image_text(&site, &s.image, "boot.ipxe");

		tap_ok(strstr(text, "server:${pxefs-server},directory:/pxe/sub/a/iso/x86_64 ") != NULL,
		       "http=%s: over NFS as ever", cases[i].url);
		tap_ok(cases[i].words ? strstr(text, cases[i].words) != NULL : !strstr(text, "method:http,"),
		       "http=%s: %s", cases[i].url, cases[i].words ? cases[i].words : "not over HTTP");
		free(text);
	}
	stage_free(&s);
}

/* An archive that the ISO has itself is loaded as a generated one is: not by GRUB on a BIOS where it is too large. */
static void test_own_archive(void)
{
	static const struct {
		uint64_t mib;
		bool bios;
	} cases[] = {{700, true}, {790, false}, {1100, false}};
	struct menu_archive archive = {.path = "iso/images/pxeboot/rootfs.img", .way = 1};
	struct stage s = {.image = {.path = "core", .file = "core.iso", .state = MENU_SERVED, .label = "",
				    .recipe = recipe_by_id("coreos"), .size = 1 << 30}};
	char *text;

	stage_boot(&s, BOOTCFG_LINUX, BOTH, "Live", "kernel/vmlinuz", "initrd/initrd.img",
		   "coreos.liveiso=x ignition.firstboot");
	s.boots[0].initrd_size = 20 << 20;
	text = image_text(&plain, &s.image, "grub.cfg");
	ok(!strstr(text, "rootfs.img\n") && strstr(text, "Cannot boot over the network"));
	free(text);
	s.image.archives = &archive;
	s.image.archive_count = 1;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		archive.size = cases[i].mib << 20;
		text = image_text(&plain, &s.image, "grub.cfg");
		tap_ok(strstr(text, "/core/initrd/initrd.img \"$pxefs_files\"/core/iso/images/pxeboot/rootfs.img\n") &&
		       !strstr(text, "rootfs_url") && !strstr(text, "GRUB cannot load its") == cases[i].bios,
		       "%u MiB are%s for a BIOS", (unsigned)cases[i].mib, cases[i].bios ? "" : " not");
		free(text);
	}
	stage_free(&s);
}

int main(void)
{
	work_open();
	test_images();
	test_lists();
	test_order();
	test_many();
	test_folder_dash();
	test_start();
	test_site();
	test_word();
	test_clean();
	test_http_parts();
	test_own_archive();
	work_close();
	return tap_done();
}
