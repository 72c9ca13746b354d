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

static void check_expected(const char *name, enum kind kind, const struct menu_site *site,
			   const struct menu_image *images, size_t count)
{
	char *text = menu_text(kind, site, images, count), *expected;
	const char *top = getenv("srcdir");

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
	if (kind == IMAGE_GRUB || kind == MAIN_GRUB)
		tap_ok(grub_parses(text), "%s passes grub-script-check", name);
	free(expected);
	free(text);
}

static void test_expected(void)
{
	struct stage s[3], dracut;
	struct menu_image all[8];

	stage_genkernel(&s[0]);
	stage_isolinux(&s[1]);
	stage_live(&s[2]);
	check_expected("genkernel.cfg", IMAGE_GRUB, &plain, &s[0].image, 1);
	check_expected("genkernel-server.cfg", IMAGE_GRUB, &fixed, &s[0].image, 1);
	check_expected("genkernel-isolinux.cfg", IMAGE_GRUB, &fixed, &s[1].image, 1);
	check_expected("live.cfg", IMAGE_GRUB, &plain, &s[2].image, 1);
	check_expected("live-http.cfg", IMAGE_GRUB, &http, &s[2].image, 1);
	check_expected("live-url.cfg", IMAGE_GRUB, &url, &s[2].image, 1);

	stage_genkernel(&dracut);
	dracut.image.path = "gentoo-dracut";
	dracut.image.file = "gentoo-dracut.iso";
	dracut.image.recipe = recipe_by_id("gentoo-dracut");
	check_expected("dracut.cfg", IMAGE_GRUB, &fixed, &dracut.image, 1);

	all[0] = s[2].image;
	all[1] = dracut.image;
	all[2] = s[0].image;
	all[3] = s[1].image;
	all[4] = s[2].image;
	all[4].path = "old/older/debian-live-9";
	all[5] = (struct menu_image){.path = "unknown",
				     .file = "unknown.iso",
				     .state = MENU_SERVED,
				     .size = 1023,
				     .recipe = recipe_by_id("unknown"),
				     .label = "",
				     .zisofs_count = 2};
	all[6] = (struct menu_image){.path = "",
				     .file = "half\tcopied.iso",
				     .state = MENU_INCOMPLETE,
				     .reason = "the file is shorter than its volume"};
	all[7] = (struct menu_image){.path = NULL,
				     .file = "<b>broken</b>.iso",
				     .state = MENU_REJECTED,
				     .reason = "no ISO 9660 volume\nfound"};
	check_expected("main.cfg", MAIN_GRUB, &fixed, all, ARRAY_SIZE(all));
	check_expected("main-empty.cfg", MAIN_GRUB, &fixed, NULL, 0);
	check_expected("boot.ipxe", MAIN_IPXE, &plain, all, ARRAY_SIZE(all));
	check_expected("boot-url.ipxe", MAIN_IPXE, &url, &s[2].image, 1);
	check_expected("index.html", HTML, &fixed, all, ARRAY_SIZE(all));
	check_expected("status", STATUS, &fixed, all, ARRAY_SIZE(all));
	for (size_t i = 0; i < ARRAY_SIZE(s); i++)
		stage_free(&s[i]);
	stage_free(&dracut);
}

/* --- what the administrator says --------------------------------------------------------------- */

static void test_site(void)
{
	static const struct {
		struct menu_site site;
		const char *wrong; /* part of the sentence, or NULL */
	} cases[] = {
		{{NULL, "/pxe", NULL}, NULL},
		{{"10.0.0.1", "", ""}, NULL},
		{{"10.0.0.1", "/srv/p-x_e+1", "http://host"}, NULL},
		{{NULL, "/pxe", "http://10.0.0.1:65535/a/b/"}, NULL},
		{{"konata", "/pxe", NULL}, "server=konata"},
		{{"10.0.0.1 init=/x", "/pxe", NULL}, "server="},
		{{"::1", "/pxe", NULL}, "server=::1"},
		{{"", "/pxe", NULL}, "server="},
		{{NULL, "pxe", NULL}, "nfs=pxe"},
		{{NULL, "/p xe", NULL}, "nfs="},
		{{NULL, "/pxe,rw", NULL}, "nfs="},
		{{NULL, "/pxe/", NULL}, "nfs="},
		{{NULL, "/a/../b", NULL}, "nfs="},
		{{NULL, NULL, NULL}, "nfs="},
		{{NULL, "/pxe", "https://host/"}, "http=https://host/"},
		{{NULL, "/pxe", "http://"}, "http="},
		{{NULL, "/pxe", "http:///path"}, "http="},
		{{NULL, "/pxe", "http://a b/"}, "http="},
		{{NULL, "/pxe", "http://a:0/"}, "port"},
		{{NULL, "/pxe", "http://a:65536/"}, "port"},
		{{NULL, "/pxe", "http://a:/"}, "port"},
		{{NULL, "/pxe", "http://user@a/"}, "http="},
		{{NULL, "/pxe", "http://a/$(x)"}, "http="},
		{{NULL, "/pxe", "http://a/b//c"}, "http="},
		{{NULL, "/pxe", "http://a/b'c"}, "http="},
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

int main(void)
{
	work_open();
	test_expected();
	test_site();
	test_word();
	test_clean();
	work_close();
	return tap_done();
}
