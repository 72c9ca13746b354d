/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <time.h>

#include "bootcfg-disc.h"
#include "tap.h"

/* Menus that mean harm: whatever they say, reading ends soon, within the limits that the header gives, and
 * what comes out is sound. */

#define MIB (1u << 20)
#define SECONDS                                                                                              \
	20 /* of this process' own time, with sanitizers on a slow machine; without it takes a tenth */

static struct disc disc;
static char words255[256];

/* Text made of head, body as often as it goes into size, and tail. */
static void add_many(const char *path, const char *head, const char *body, size_t size, const char *tail)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fputs(head, f);
	for (size_t n = strlen(body), at = 0; at + n + strlen(head) + strlen(tail) <= size; at += n)
		fputs(body, f);
	fputs(tail, f);
	fclose(f);
	disc_add(&disc, path, text, len);
	free(text);
}

/* Reads the disc, and empties it. */
static bool boot(const char *what, struct bootcfg *b)
{
	clock_t begin = clock();
	int r = disc_boot(&disc, b);
	double took = (double)(clock() - begin) / CLOCKS_PER_SEC;
	const char *wrong = r ? "fails" : disc_unsound(b);

	if (took >= SECONDS)
		wrong = "takes too long";
	disc_free(&disc);
	return tap_ok(!wrong, "%.60s%s%s (%u ms)", what, wrong ? ": " : "", wrong ? wrong : "",
		      (unsigned)(took * 1000));
}

static void repeated(void)
{
	static const struct {
		const char *head, *body, *tail;
	} grub[] = {
		{"", "{", ""},
		{"", "}", ""},
		{"", "{}", ""},
		{"", "$", ""},
		{"", "${", ""},
		{"", "\\", ""},
		{"", "\"", ""},
		{"", "'", ""},
		{"", "\"\\\n", ""},
		{"", "#", ""},
		{"", "a", ""},
		{"", " ", ""},
		{"", ";", ""},
		{"", "\\\n", ""},
		{"", "\\\r\n", ""},
		{"", "a ", ""},
		{"", "a\n", ""},
		{"", "if ", ""},
		{"", "if a; then ", ""},
		{"", "if a; then b; else ", ""},
		{"if ", "elif a; then ", ""},
		{"", "then ", ""},
		{"", "fi ", ""},
		{"", "else ", ""},
		{"", "if a; fi; ", ""},
		{"", "while a; do ", ""},
		{"", "for a in b; do ", ""},
		{"", "for ", ""},
		{"for a in ", "b ", "; do c; done"},
		{"", "for a in 1 2; do ", ""},
		{"", "for a in 1 2; do menuentry $a { linux /k; }; ", ""},
		{"", "function f { ", ""},
		{"", "function f {}\n", ""},
		{"", "function ", ""},
		{"function f { f; f; }\n", "f;", ""},
		{"function f { f; f; }\nfunction g { f; f; }\n", "g;", ""},
		{"function f {\n#", "x",
		 "\n}\nfor a in 1 2 3 4 5 6 7 8 9; do for b in 1 2 3 4 5 6 7 8 9; do for c in 1 2 3 4 "
		 "5 6 7 8 9; do for d in 1 2 3 4 5 6 7 8 9; do for e in 1 2 3 4 5 6 7 8 9; do f; done; "
		 "done; "
		 "done; done; done"},
		{"", "menuentry a { ", ""},
		{"", "submenu a { ", ""},
		{"", "menuentry a\n", ""},
		{"", "menuentry\n", ""},
		{"", "submenu aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa { menuentry a { linux /k; initrd /i; }; ",
		 ""},
		{"menuentry a { linux /k ", "x ", "; initrd /i; }"},
		{"menuentry a { linux /k; initrd ", "/i ", "; }"},
		{"menuentry ", "a ", "{ linux /k $10000000000000000000 $9; initrd /i; }"},
		{"", "menuentry $RANDOM { linux /k; initrd /i; }\n", ""},
		{"a=x\n", "a=$a$a\n", "menuentry a { linux /k $a; initrd /i; }"},
		{"", "a=$a$@\n", ""},
		{"", "set a=b c=d e=f\n", ""},
		{"a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", "eval $a $a $a\n", ""},
		{"a='eval \"$a\"'\n", "eval $a\n", ""},
		{"a='eval $a; eval $a'\n", "eval \"$a\"\n", ""},
		{"a='function f { eval \"$a\"; }; f; f'\n", "eval \"$a\"\n", ""},
		{"", "eval \"menuentry a { linux /k; }\"\n", ""},
		{"[ ", "( ", ""},
		{"[ ", "! ", "]"},
		{"[ ", "a -a ", "]"},
		{"[ ", "-o ", "]"},
		{"", "[ -e /a ]\n", ""},
		{"", "[ -d /boot ]\n", ""},
		{"", "/boot/* ", "; menuentry a { linux /k; }"},
		{"", "/*/*/*/*/*", ""},
		{"for x in /", "*?", "*x; do menuentry $x { linux $x; }; done"},
		{"for x in /boot/grub/", "*a", "; do menuentry $x { linux $x; }; done"},
		{"for x in /boot/grub/", "?", "; do menuentry $x { linux $x; }; done"},
		{"x=/boot/grub/*\n", "x=\"$x $x\"\n", "menuentry a { linux $x; }"},
		{"", "blscfg\n", ""},
		{"blsdir=/boot/grub\n", "blscfg\n", ""},
		{"[ ", "( a = b ) -o ", "]"},
		{"", "[\n", ""},
		{"", "source /boot/grub/grub.cfg\n", ""},
		{"", "source /a\n", ""},
		{"", "configfile /boot/grub/grub.cfg\n", ""},
		{"", "menuentry a { configfile /boot/grub/grub.cfg\n", ""},
		{"", "linux /k\ninitrd /i\n", ""},
		{"linux /", "a/../", ""},
		{"linux /", "a", ""},
		{"linux /", "../", ""},
		{"linux (", "(", ""},
		{"multiboot /k\n", "module /k a\n", ""},
		{"multiboot /k\nmodule /m ", "a ", ""},
		{"default=", ">", ""},
		{"default='", "a>", "'\nmenuentry a { linux /k; }"},
		{"timeout=", "9", ""},
		{"", "\xff\x80", ""},
		{"menuentry '", "\xc2\x9b\x01", "' { linux /k; initrd /i; }"},
		{"if a; then ", "b=1 c=2\nunset b\n", "fi"},
		{"submenu s { ", "if a; then b=1; else b=2; fi\n", "}"},
	};
	static const struct {
		const char *head, *body, *tail;
	} isolinux[] = {
		{"", "a", ""},
		{"", " ", ""},
		{"", "\n", ""},
		{"", "#", ""},
		{"", "label\n", ""},
		{"", "label a\n", ""},
		{"", "label a\nlinux /k\n", ""},
		{"label a\nlinux ", "k", ""},
		{"label a\nlinux /k\nappend ", "a ", ""},
		{"label a\nlinux /k\nappend ", "a", ""},
		{"label a\nlinux /k\nappend ", "initrd=a ", ""},
		{"label a\nlinux /k\nappend initrd=", ",", ""},
		{"label a\nlinux /k\nappend ", "\"", ""},
		{"label a\nlinux /k\ninitrd ", "a,", ""},
		{"label a\nkernel mboot.c32\nappend ", "--- ", ""},
		{"label a\nkernel mboot.c32\nappend ", "a --- ", ""},
		{"label a\ncom32 whichsys.c32\nappend ", "-pxe- a ", ""},
		{"", "label a\nconfig isolinux.cfg\n", ""},
		{"", "menu begin\n", ""},
		{"", "menu begin\nlabel a\nlinux /k\n", ""},
		{"", "menu end\n", ""},
		{"", "include isolinux.cfg\n", ""},
		{"", "include nothere\n", ""},
		{"", "config nothere\n", ""},
		{"menu begin\nmenu title ", "^", "\nlabel a\nlinux /k\n"},
		{"", "text\n", ""},
		{"timeout ", "9", ""},
		{"label a\nmenu label ", "\xc3\xa4", "\nlinux /k\n"},
		{"label a\nmenu label ", "^", "\nlinux /k\n"},
		{"default ", "a", "\nlabel a\nmenu hide\nlinux /k\n"},
		{"ui ", "menu.c32 ", ""},
		{"", "ui menu.c32 a\n", ""},
		{"ui menu.c32", " isolinux.cfg", ""},
		{"", "menu include isolinux.cfg x\n", ""},
		{"", "menu include nothere x\n", ""},
		{"label a\ncom32 ifcpu64.c32\nappend ", "a -- ", "\n"},
		{"label a\ncom32 whichsys.c32\nappend ", "-iso- a ", "\n"},
		{"", "label a\ncom32 ifcpu64\nappend a b c\n", ""},
		{"", "label x\nkernel nosuffix\n", ""},
		{"label a\nlinux /k\nappend ", "\"=\"", ""},
	};
	static const struct {
		const char *head, *body, *tail;
	} bls[] = {
		{"", "a", ""},
		{"", " ", ""},
		{"", "#", ""},
		{"", "linux /k\n", ""},
		{"linux /k\n", "title x\n", ""},
		{"linux /k\n", "options x\n", ""},
		{"linux /k\noptions ", "initrd=/i ", ""},
		{"linux /k\noptions ", "\"", ""},
		{"linux /k\n", "initrd /i\n", ""},
		{"linux ", "\\", ""},
		{"linux ", "/k/..", "/k"},
		{"linux /k\ntitle ", "\xc3\xa4", ""},
		{"linux /k\nversion ", "1.", ""},
		{"", "default *a*a*a*b\n", ""},
		{"", "timeout 9\n", ""},
		{"", "efi /k\nlinux /k\n", ""},
	};
	struct bootcfg b;
	char what[128];

	for (size_t i = 0; i < ARRAY_SIZE(grub); i++) {
		add_many("/boot/grub/grub.cfg", grub[i].head, grub[i].body, MIB, grub[i].tail);
		snprintf(what, sizeof(what), "GRUB: %.20s%zu: %.30s", grub[i].head, i, grub[i].body);
		for (char *p = what; *p; p++)
			*p = *p == '\n' || *p == '\r' || *p == '#' || *p & 0x80 || *p == 1 ? '.' : *p;
		if (boot(what, &b))
			bootcfg_free(&b);
	}
	for (size_t i = 0; i < ARRAY_SIZE(isolinux); i++) {
		add_many("/isolinux/isolinux.cfg", isolinux[i].head, isolinux[i].body, MIB, isolinux[i].tail);
		snprintf(what, sizeof(what), "isolinux: %.20s%zu: %.30s", isolinux[i].head, i,
			 isolinux[i].body);
		for (char *p = what; *p; p++)
			*p = *p == '\n' || *p == '\r' || *p == '#' || *p & 0x80 ? '.' : *p;
		if (boot(what, &b))
			bootcfg_free(&b);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bls); i++) {
		add_many("/loader/entries/a.conf", bls[i].head, bls[i].body, MIB, bls[i].tail);
		add_many("/loader/loader.conf", "", bls[i].body, MIB, "");
		snprintf(what, sizeof(what), "loader: %.20s%zu: %.30s", bls[i].head, i, bls[i].body);
		for (char *p = what; *p; p++)
			*p = *p == '\n' || *p == '#' ? '.' : *p;
		if (boot(what, &b))
			bootcfg_free(&b);
	}
	/* A long line that every entry looks at. */
	add_many("/isolinux/isolinux.cfg", "append ", "x ", MIB / 2, "");
	add_many("/isolinux/more.cfg", "", "label a\nlinux /k\n", MIB, "");
	disc.files[0].text[MIB / 2 - 24] = 0;
	disc.files[0].len = MIB / 2 - 24;
	add_many("/syslinux.cfg", "include isolinux/isolinux.cfg\ninclude isolinux/more.cfg\n", "x", 100, "");
	if (boot("isolinux: every entry has a long APPEND", &b))
		bootcfg_free(&b);
}

static void limits(void)
{
	char name[64], text[256], *words = NULL;
	struct bootcfg b;
	size_t len;
	FILE *f;

	/* 300 entries. */
	f = open_memstream(&words, &len);
	for (int i = 0; i < 300; i++)
		fprintf(f, "menuentry e%d { linux /k; initrd /i; }\n", i);
	fclose(f);
	disc_add(&disc, "/EFI/BOOT/grub.cfg", words, len);
	free(words);
	if (boot("300 entries", &b)) {
		ok(b.count == 256);
		ok(b.skipped == 44);
		ok(!strcmp(b.entries[255].title, "e255"));
		bootcfg_free(&b);
	}

	/* Files that include one another 20 deep, each with an entry, and all of them twice. */
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "/isolinux/%s%d.cfg", "f", i);
		snprintf(text, sizeof(text), "label e%d\nlinux /k\ninclude f%d.cfg\ninclude f%d.cfg\n", i,
			 i + 1, i + 1);
		disc_add(&disc, i ? name : "/isolinux/isolinux.cfg", text, strlen(text));
	}
	if (boot("files 20 deep", &b)) {
		ok(b.count == 17);
		ok(b.skipped == 2);
		bootcfg_free(&b);
	}
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "/f%d", i);
		snprintf(text, sizeof(text), "menuentry e%d { linux /k; }\nsource /f%d\n", i, i + 1);
		disc_add(&disc, i ? name : "/EFI/BOOT/grub.cfg", text, strlen(text));
	}
	if (boot("GRUB's files 20 deep", &b)) {
		ok(b.count == 17);
		ok(b.skipped == 1);
		bootcfg_free(&b);
	}

	/* More files than are kept, and more bytes. */
	f = open_memstream(&words, &len);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "/f%d", i);
		snprintf(text, sizeof(text), "menuentry e%d { linux /k; }\n", i);
		disc_add(&disc, name, text, strlen(text));
		fprintf(f, "source /f%d\n", i);
	}
	fclose(f);
	disc_add(&disc, "/EFI/BOOT/grub.cfg", words, len);
	free(words);
	if (boot("100 files", &b)) {
		ok(b.count == 63);
		ok(b.skipped == 37);
		bootcfg_free(&b);
	}
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "/f%d", i);
		snprintf(text, sizeof(text), "menuentry e%d { linux /k; }\n#", i);
		add_many(name, text, "x", MIB, "");
	}
	add_many("/EFI/BOOT/grub.cfg", "for x in 0 1 2 3 4 5 6 7; do source /f$x; done", "\n", 64, "");
	if (boot("8 files of 1 MiB", &b)) {
		ok(b.count == 3);
		ok(b.skipped == 5);
		bootcfg_free(&b);
	}
	add_many("/EFI/BOOT/grub.cfg", "menuentry a { linux /k; }\n", "\n", MIB + 1, "");
	if (boot("a menu of over 1 MiB", &b)) {
		ok(b.count == 0);
		ok(b.skipped == 1);
		bootcfg_free(&b);
	}
}

/* Of an entry: words, initrds, title, path. Too much of something is no entry; a title is cut. */
static void entry_limits(void)
{
	struct bootcfg b;

	add_many("/EFI/BOOT/grub.cfg", "menuentry a { initrd /i\nlinux /k ", "word1234 ", 4096,
		 "\n initrd /i; }\n");
	if (boot("words of nearly 4 KiB", &b)) {
		ok(b.count == 1 && b.entries[0].word_count > 440);
		bootcfg_free(&b);
	}
	add_many("/EFI/BOOT/grub.cfg", "menuentry a { linux /k ", "word1234 ", 4160, "\n initrd /i; }\n");
	if (boot("words of over 4 KiB", &b)) {
		ok(b.count == 0 && b.skipped == 1);
		bootcfg_free(&b);
	}
	add_many("/EFI/BOOT/grub.cfg", "menuentry a { linux /k ", "w", 20000, "\n initrd /i; }\n");
	if (boot("a word of 20 KB", &b)) {
		ok(b.count == 0 && b.skipped == 1);
		bootcfg_free(&b);
	}
	add_many("/isolinux/isolinux.cfg", "label a\nlinux /k\nappend ", "w", 20000, "\n");
	if (boot("isolinux: a word of 20 KB", &b)) {
		ok(b.count == 0 && b.skipped == 1);
		bootcfg_free(&b);
	}
	add_many("/isolinux/isolinux.cfg", "label a\nlinux /k\ninitrd /i", ",/i", 27 + 15 * 3, "\n");
	if (boot("16 initrds", &b)) {
		ok(b.count == 1 && b.entries[0].initrd_count == 16);
		bootcfg_free(&b);
	}
	add_many("/isolinux/isolinux.cfg", "label a\nlinux /k\ninitrd /i", ",/i", 27 + 16 * 3, "\n");
	if (boot("17 initrds", &b)) {
		ok(b.count == 0 && b.skipped == 1);
		bootcfg_free(&b);
	}
	add_many("/EFI/BOOT/grub.cfg", "menuentry 'x", "\xc3\xa4", 1000, "' { linux /k; initrd /i; }\n");
	if (boot("a long title", &b)) {
		ok(b.count == 1 && strlen(b.entries[0].title) == 255);
		bootcfg_free(&b);
	}
	add_many("/EFI/BOOT/grub.cfg", "menuentry 'x", "\x1b[\xc2\x9b\x7f", 200,
		 "' { linux /k a\x07z; initrd /i; }\n");
	if (boot("control characters", &b)) {
		ok(b.count == 1 && strspn(b.entries[0].title + 1, "[") == strlen(b.entries[0].title) - 1);
		ok(b.count == 1 && !strcmp(b.entries[0].words[0], "az"));
		bootcfg_free(&b);
	}
	add_many("/EFI/BOOT/grub.cfg", "menuentry a { linux /k\x07; initrd /i; }\n", "\n", 50,
		 "menuentry b { linux /; }\n");
	if (boot("paths that are none", &b)) {
		ok(b.count == 0 && b.skipped == 2);
		bootcfg_free(&b);
	}
	add_many("/EFI/BOOT/grub.cfg", "menuentry a { linux /", "kk/", 1100, "; initrd /i; }\n");
	if (boot("a path of over 1 KiB", &b)) {
		ok(b.count == 0 && b.skipped == 1);
		bootcfg_free(&b);
	}
}

/* Directories with many names, with names that harm, and with one that is too large. */
static void directories(void)
{
	char name[300], text[64];
	struct bootcfg b;

	for (int i = 0; i < 250; i++) {
		snprintf(name, sizeof(name), "/d/%d%.*s", i, i, words255);
		disc_add(&disc, name, NULL, 0);
	}
	add_many("/EFI/BOOT/grub.cfg", "for x in /d/* /d/*; do menuentry $x { linux $x; }; done", "\n", 100, "");
	if (boot("a pattern with 250 matches, twice", &b)) {
		ok(b.count == 250);
		ok(b.skipped == 0);
		bootcfg_free(&b);
	}
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "/loader/entries/%d.conf", i);
		snprintf(text, sizeof(text), "title t%d\nlinux /loader/entries/1.conf\n", i);
		disc_add(&disc, name, text, strlen(text));
	}
	if (boot("100 entries of systemd-boot", &b)) {
		ok(b.count == 64);
		ok(b.skipped == 36);
		bootcfg_free(&b);
	}
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = {"/d/a\x1b[1mb", "/d/-rf", "/d/a;reboot"};

		disc_add(&disc, names[i], NULL, 0);
	}
	add_many("/EFI/BOOT/grub.cfg", "for x in /d/*; do menuentry $x { linux $x $x; }; done", "\n", 100, "");
	if (boot("names that harm", &b)) {
		ok(b.count == 2);
		ok(b.count == 2 && !strcmp(b.entries[1].kernel, "/d/a;reboot"));
		bootcfg_free(&b);
	}
	disc.list_size = BOOTCFG_LIST_MAX + 1;
	add_many("/EFI/BOOT/grub.cfg", "for x in /EFI/*; do menuentry $x { linux $x; }; done", "\n", 100, "");
	if (boot("a listing that is larger than it may be", &b)) {
		ok(b.count == 1);
		ok(b.count == 1 && !strcmp(b.entries[0].kernel, "/EFI/*"));
		bootcfg_free(&b);
	}
	disc.list_size = 5;
	add_many("/EFI/BOOT/grub.cfg", "for x in /EFI/*; do menuentry $x { linux $x; }; done", "\n", 100, "");
	if (boot("a listing without its last NUL", &b)) {
		ok(b.count == 1);
		bootcfg_free(&b);
	}
}

static void failing(void)
{
	struct bootcfg b = {.count = 99};

	add_many("/boot/grub/grub.cfg", "menuentry a { linux /k; initrd /i; }", "\n", 64, "");
	disc.fail = -ENOMEM;
	tap_ok(disc_boot(&disc, &b) == -ENOMEM, "no memory is said");
	tap_ok(b.count == 99 && !b.entries, "and the result is not touched");
	disc.fail = -EIO;
	tap_ok(!disc_boot(&disc, &b) && !b.count && b.skipped, "a menu that cannot be read is counted");
	bootcfg_free(&b);
	disc.fail = 0;
	disc.reads = 0;
	tap_ok(!disc_boot(&disc, &b) && b.count == 1, "the same menu, readable");
	tap_ok(disc.reads == 2, "a file is read once, for both platforms; and .disk/info is asked for");
	bootcfg_free(&b);
	bootcfg_free(&b);
	disc_free(&disc);
	tap_ok(!disc_boot(&disc, &b) && !b.count && !b.skipped, "no menu is no error");
	bootcfg_free(&b);
}

int main(void)
{
	memset(words255, 'x', sizeof(words255) - 1);
	repeated();
	limits();
	entry_limits();
	directories();
	failing();
	return tap_done();
}
