/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg-disc.h"
#include "bootcfg_bls.h"
#include "tap.h"

/* Boot Loader Specification entries: the order of versions, what a file says, the order of files, which is
 * the default. */

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

/* Each is lower than the next. */
static const char *const versions[] = {
	"~1",	   "",		"-a",	   "122.1",   "123~rc1-1", "123",   "123-a",  "123-a.1", "123-1",
	"123-1.1", "123^post1", "123.a-1", "123.1-1", "123a-1",	   "124-1", "124-12", "0125",
};

static const struct {
	const char *a, *b;
} equal[] = {
	{"", ""},	{"1", "01"}, {"1.02", "1.2"},	     {"1_2", "1+2"},	       {"a", "a"},
	{"1", "1\x01"}, {"_", ""},   {"6.1.0-9", "6.1.0-9"}, {"1.0~rc1", "1.00~rc01"},
};

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void orders(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++)
		for (size_t k = 0; k < ARRAY_SIZE(versions); k++) {
			int want = (i > k) - (i < k);

			tap_ok(sign(bls_version_order(slice_of(versions[i]), slice_of(versions[k]))) == want,
			       "\"%s\" %c \"%s\"", versions[i], "<=>"[want + 1], versions[k]);
		}
	for (size_t i = 0; i < ARRAY_SIZE(equal); i++)
		tap_ok(!bls_version_order(slice_of(equal[i].a), slice_of(equal[i].b)), "pair %zu is equal",
		       i);
}

/* Files as "NAME:text" (the text with ';' for newlines), and what they give, an entry a line as
 * "[default!]title kernel initrd,initrd: words|words". */
static const struct row {
	const char *what, *files[6], *expect;
	unsigned skipped;
} rows[] = {
	{"a file",
	 {"a.conf:title A B ;linux /k;initrd /i;initrd /j;options a=1;options  b  c"},
	 "!A B /k /i,/j: a=1|b|c\n",
	 0},
	{"tabs, comments, keys of others, DOS",
	 {"a.conf:# c\r;\ttitle\tA\r;grub_class x\r;linux\t/k\r;devicetree /d"},
	 "!A /k\n",
	 0},
	{"no title", {"a.conf:linux /k"}, "!a /k\n", 0},
	{"an EFI program", {"a.conf:title A;efi /k;options x;initrd /i"}, "!A /k: x\n", 0},
	{"a unified kernel image", {"a.conf:uki \\EFI\\Linux\\u.efi"}, "!a /EFI/Linux/u.efi\n", 0},
	{"initrd= in the options",
	 {"a.conf:linux /k;initrd /i;options a initrd=\\j b"},
	 "!a /k /i,/j: a|b\n",
	 0},
	{"quotes in the options", {"a.conf:linux /k;options a=\"b c\" d"}, "!a /k: a=b c|d\n", 0},
	{"nothing to start, and two things",
	 {"a.conf:title A", "b.conf:linux /k;efi /k", "c.conf:uki-url http://x/y"},
	 "",
	 3},
	{"a kernel that is not there", {"a.conf:linux /none"}, "", 1},
	{"other machines",
	 {"a.conf:linux /k;architecture aa64", "b.conf:architecture X64;linux /k"},
	 "!b /k\n",
	 0},
	{"files that are no entries",
	 {"a.txt:linux /k", ".b.conf:linux /k", "auto-c.conf:linux /k", ".conf:linux /k"},
	 "",
	 0},
	{"names in any case", {"A.CONF:linux /k"}, "!A /k\n", 0},
	{"by name, the newest first",
	 {"a-9.conf:linux /k", "a-10.conf:linux /k", "a-10~rc1.conf:linux /k"},
	 "!a-10 /k\na-10~rc1 /k\na-9 /k\n",
	 0},
	{"sort keys before names",
	 {"z.conf:linux /k", "y.conf:linux /k;sort-key b", "x.conf:linux /k;sort-key a;version 1",
	  "w.conf:linux /k;sort-key a;version 2"},
	 "!w /k\nx /k\ny /k\nz /k\n",
	 0},
	{"machines apart",
	 {"a.conf:linux /k;sort-key a;machine-id 2;version 1", "b.conf:linux /k;sort-key a;machine-id 1"},
	 "!b /k\na /k\n",
	 0},
	{"counted boots",
	 {"a+0-3.conf:linux /k", "b+2.conf:linux /k", "c+x.conf:linux /k", "+1.conf:linux /k"},
	 "!+1 /k\nc+x /k\nb /k\na /k\n",
	 0},
	{"titles that are the same",
	 {"a.conf:title T;version 1;linux /k", "b.conf:title T;linux /k", "c.conf:title U;linux /k"},
	 "!U /k\nT (b) /k\nT (1) /k\n",
	 0},
	{"the default",
	 {"loader.conf:timeout 7;default b.conf", "a.conf:linux /k", "b.conf:linux /k"},
	 "!b /k\na /k\n",
	 0},
	{"the default without its suffix, in another case",
	 {"loader.conf:default A", "a.conf:linux /k"},
	 "!a /k\n",
	 0},
	{"the default is a pattern",
	 {"loader.conf:default a-*", "b.conf:linux /k", "a-1.conf:linux /k", "a-2.conf:linux /k"},
	 "b /k\n!a-2 /k\na-1 /k\n",
	 0},
	{"one character",
	 {"loader.conf:default ?-2.conf", "a-1.conf:linux /k", "a-2.conf:linux /k"},
	 "!a-2 /k\na-1 /k\n",
	 0},
	{"no default", {"loader.conf:default @saved", "a.conf:linux /k", "b.conf:linux /k"}, "!b /k\na /k\n", 0},
	{"no default, and the menu waits",
	 {"loader.conf:timeout menu-force", "a.conf:linux /k", "b.conf:linux /k"},
	 "b /k\na /k\n",
	 0},
	{"a default, and the menu waits",
	 {"loader.conf:timeout menu-force;default a.conf", "a.conf:linux /k", "b.conf:linux /k"},
	 "b /k\n!a /k\n",
	 0},
	{"too many initrds",
	 {"a.conf:linux /k;initrd 1;initrd 2;initrd 3;initrd 4;initrd 5;initrd 6;initrd 7;initrd 8;initrd "
	  "9;initrd 10;"
	  "initrd 11;initrd 12;initrd 13;initrd 14;initrd 15;initrd 16;initrd 17"},
	 "",
	 1},
};

static char *print(const struct bootcfg *b)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (size_t i = 0; f && i < b->count; i++) {
		const struct bootcfg_entry *e = &b->entries[i];

		fprintf(f, "%s%s %s", e->is_default ? "!" : "", e->title, e->kernel);
		for (size_t k = 0; k < e->initrd_count; k++)
			fprintf(f, "%c%s", k ? ',' : ' ', e->initrds[k]);
		for (size_t k = 0; k < e->word_count; k++)
			fprintf(f, "%s%s", k ? "|" : ": ", e->words[k]);
		fputc('\n', f);
	}
	if (f)
		fclose(f);
	return text;
}

static void add(struct disc *d, const char *file)
{
	const char *colon = strchr(file, ':');
	cleanup_free char *text = strdup(colon + 1);
	bool config = !strncmp(file, "loader.conf:", 12);
	char path[128];

	snprintf(path, sizeof(path), "/loader/%s%.*s", config ? "" : "entries/", (int)(colon - file), file);
	for (char *p = text; *p; p++)
		if (*p == ';')
			*p = '\n';
	disc_add(d, path, text, strlen(text));
}

static void try(const struct row *row)
{
	static struct disc d;
	cleanup_free char *got = NULL;
	struct bootcfg b;
	const char *wrong;

	disc_add(&d, "/k", NULL, 0);
	disc_add(&d, "/EFI/Linux/u.efi", NULL, 0);
	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i]; i++)
		add(&d, row->files[i]);
	if (!disc_boot(&d, &b)) {
		got = print(&b);
		wrong = disc_unsound(&b);
		if (!tap_ok(got && !strcmp(got, row->expect) && b.skipped == row->skipped && !wrong, "%s%s%s",
			    row->what, wrong ? ": " : "", wrong ? wrong : ""))
			printf("# expected, %u skipped:\n%s# read, %u skipped:\n%s", row->skipped,
			       row->expect, b.skipped, got ? got : "");
		for (size_t i = 0; i < b.count; i++)
			if (b.entries[i].platforms != BOOTCFG_EFI)
				tap_ok(false, "%s: is for EFI alone", row->what);
		bootcfg_free(&b);
	}
	disc_free(&d);
}

/* Where other menus are. */
static void beside(void)
{
	static const char entry[] = "title L\nlinux /k\ninitrd /i\n",
			  menu[] = "menuentry G { linux /k x; initrd /i; }\n";
	static const struct {
		const char *what, *path, *expect;
	} cases[] = {
		{"GRUB's menu for EFI comes first", "/EFI/BOOT/grub.cfg", "G /k /i: x\n"},
		{"GRUB's menu for both comes first", "/boot/grub/grub.cfg", "G /k /i: x\n"},
		{"loopback.cfg is for BIOS then", "/boot/grub/loopback.cfg", "G /k /i: x\n!L /k /i\n"},
	};
	struct bootcfg b;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static struct disc d;
		cleanup_free char *got = NULL;

		disc_add(&d, "/k", NULL, 0);
		disc_add(&d, "/loader/entries/l.conf", entry, strlen(entry));
		disc_add(&d, cases[i].path, menu, strlen(menu));
		if (tap_ok(!disc_boot(&d, &b), "%s: is read", cases[i].what)) {
			got = print(&b);
			if (!tap_ok(got && !strcmp(got, cases[i].expect), "%s", cases[i].what))
				printf("# read:\n%s", got ? got : "");
			bootcfg_free(&b);
		}
		disc_free(&d);
	}
}

static void patterns(void)
{
	static const struct {
		const char *pattern, *name;
		bool any_case, match;
	} cases[] = {
		{"", "", false, true},
		{"*", "", false, true},
		{"?", "", false, false},
		{"*", "abc", false, true},
		{"a*", "abc", false, true},
		{"*c", "abc", false, true},
		{"*b", "abc", false, false},
		{"a?c", "abc", false, true},
		{"a?", "abc", false, false},
		{"*b*b*", "abcb", false, true},
		{"*b*b*b", "abcb", false, false},
		{"A*", "abc", false, false},
		{"A*", "abc", true, true},
		{"a**c", "abc", false, true},
		{"*.cfg", "x.cfg.cfg", false, true},
		{"[a]", "a", false, false},
		{"\xc3*", "\xc3\xa4", false, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		tap_ok(bootcfg_match(cases[i].pattern, strlen(cases[i].pattern), cases[i].name,
				     strlen(cases[i].name), cases[i].any_case) == cases[i].match,
		       "pattern %zu", i);
}

int main(void)
{
	orders();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		try(&rows[i]);
	beside();
	patterns();
	return tap_done();
}
