/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg-disc.h"
#include "tap.h"

/* What isolinux and GRUB understand, a construct a row: a menu and what it gives, an entry a line, as
 * "[default!]title@submenu kernel initrd,initrd: words|words". */

#define ISO  "/isolinux/isolinux.cfg"
#define GRUB "/boot/grub/grub.cfg"
#define EFI  "/EFI/BOOT/grub.cfg"
#define BODY "{ linux /k; initrd /i; }\n"

static const struct row {
	const char *what, *path, *text, *expect;
} rows[] = {
	/* isolinux */
	{"keywords in any case, hot key gone", ISO, "LaBeL a\nmEnU lAbEl Boot ^Me ^^ \nKERNEL k\nAPPEND x\n",
	 "Boot Me ^@ /isolinux/k: x\n"},
	{"initrd= in APPEND, the last one, a list", ISO,
	 "label a\nkernel /k\nappend initrd=no a initrd=/i,j b\n", "a@ /k /i,/isolinux/j: a|b\n"},
	{"INITRD before initrd=", ISO, "label a\nlinux /k\nappend initrd=/no x\ninitrd /i , /j\n",
	 "a@ /k /i,/j: x\n"},
	{"global APPEND", ISO,
	 "append g h\nlabel a\nkernel /k\nlabel b\nkernel /k\nappend -\nlabel c\nkernel /k\n"
	 "append own\n",
	 "a@ /k: g|h\nb@ /k\nc@ /k: own\n"},
	{"words behind the kernel", ISO, "label a\nlinux /k one two\nappend three\n",
	 "a@ /k: one|two|three\n"},
	{"quotes as the kernel has them", ISO, "label a\nlinux /k\nappend a=\"b c\" 'd e' \"f\"g\n",
	 "a@ /k: a=b c|'d|e'|f\"g\n"},
	{"quotes that the kernel takes off", ISO,
	 "label a\nlinux /k\nappend a=\"b\" \"c=d\" \"e f\" g=\"\" h=\" \" \"i=\"j\"\" k=l\"m n\"o \"=p\"\n",
	 "a@ /k: a=b|c=d|e f|g=|h= |i=j\"|k=l\"m n\"o|=p\n"},
	{"a quote never closed", ISO, "label a\nlinux /k\nappend a \"b c\nlabel b\nlinux /k\n",
	 "a@ /k: a|b c\nb@ /k\n"},
	{"DEFAULT before MENU DEFAULT", ISO,
	 "default a\nlabel a\nlinux /k\nlabel b\nmenu default\nlinux /j\n", "!a@ /k\nb@ /j\n"},
	{"MENU DEFAULT where DEFAULT is a menu", ISO,
	 "default vesamenu.c32\nlabel a\nlinux /k\nlabel b\nmenu default\nlinux /j\n", "a@ /k\n!b@ /j\n"},
	{"DEFAULT is the local disk", ISO,
	 "default b\nlabel a\nmenu default\nlinux /k\nlabel b\nlocalboot 0\n", "a@ /k\n"},
	{"whichsys.c32 before and behind what it leads to", ISO,
	 "label a\nconfig /a.cfg\nlabel b\ncom32 whichsys.c32\nappend -iso- c x -pxe- a -sys- d\n"
	 "label c\nmenu hide\nlinux /k\nlabel d\nlinux /j\n",
	 "c@ /k\nd@ /j\n"},
	{"KERNEL is a file and never a label", ISO, "label a\nkernel b\nlabel b\nlinux /k\n",
	 "a@ /isolinux/b\nb@ /k\n"},
	{"modules that lead to one another", ISO,
	 "label a\ncom32 ifcpu64.c32\nappend b\nlabel b\ncom32 ifcpu64.c32\nappend a -- b\nlabel c\nlinux /k\n",
	 "c@ /k\n"},
	{"ifcpu64.c32 with the default and the title", ISO,
	 "default a\nlabel a\nmenu label Both\nkernel ifcpu64.c32\nappend b -- c\nlabel c\nmenu hide\nlinux /no\n"
	 "label b\nmenu hide\nlinux /k\ninitrd /i\n",
	 "!Both@ /k /i\n"},
	{"MENU INCLUDE with a tag, INCLUDE without", ISO,
	 "menu include /none.cfg ^Tag\ninclude /none.cfg tag\nlabel a\nlinux /k\n", "a@ /k\n"},
	{"a title behind the sub-menu's labels", ISO,
	 "menu begin x\nlabel a\nlinux /k\nlabel b\nmenu label B\nlinux /k\nmenu separator\nmenu title T\nmenu end\n",
	 "a@T /k\nB@T /k\n"},
	{"words that are none of ours", ISO,
	 "serial 0 115200\nsay x\nallowoptions 0\nmenu color title * #fff *\nipappend 3\nlabel a\nsysappend 0x3\n"
	 "fdtdir /dtb\nmenu passwd x\nmenu indent 2\nlinux /k\nmenu help x\nf1 y\nF12 z\nmenu goto q\n",
	 "a@ /k\n"},
	{"DEFAULT with words", ISO, "default B x y\nlabel a\nlinux /k\nlabel b\nlinux /j\n",
	 "a@ /k\n!b@ /j\n"},
	{"ONTIMEOUT where DEFAULT is a menu", ISO, "default menu.c32\nontimeout b\nlabel b\nlinux /j\n",
	 "!b@ /j\n"},
	{"DEFAULT is a kernel", ISO, "default bzImage initrd=rootfs.gz rw\n",
	 "!bzImage@ /isolinux/bzImage /isolinux/rootfs.gz: rw\n"},
	{"sub-menus", ISO,
	 "menu title T\nmenu begin one\nmenu title ^One\nlabel a\nlinux /k\nmenu begin\n"
	 "menu title Two\nlabel b\nmenu default\nlinux /k\nmenu end\nlabel c\nlinux /k\nmenu end\nlabel "
	 "d\nlinux /k\n",
	 "a@One /k\nb@One > Two /k\nc@One /k\nd@ /k\n"},
	{"too many MENU END", ISO, "menu end\nmenu end\nlabel a\nlinux /k\n", "a@ /k\n"},
	{"text is no menu", ISO, "label a\ntext help\nlabel b\nlinux /j\n EndText\nlinux /k\n", "a@ /k\n"},
	{"boot sectors, modules and the disk are none", ISO,
	 "label a\nkernel x.img\nlabel b\nkernel x.bin\nlabel c\n"
	 "kernel chain.c32\nappend hd0\nlabel d\nlocalboot 0\nlabel e\nfdimage x\nlabel f\nkernel "
	 "/boot/memdisk\n"
	 "append initrd=x.img\nlabel g\ncom32 reboot.c32\nlabel h\nkernel pxelinux.0\n",
	 ""},
	{"LINUX is a kernel whatever its name", ISO, "label a\nlinux x.img\n", "a@ /isolinux/x.img\n"},
	{"a label names a kernel that is there", ISO, "label vmlinuz\nlabel nothere\nmenu disable\n",
	 "vmlinuz@ /isolinux/vmlinuz\n"},
	{"hidden", ISO, "default b\nlabel a\nmenu hide\nlinux /k\nlabel b\nmenu hide\nlinux /j\n",
	 "!b@ /j\n"},
	{"linux.c32", ISO, "label a\ncom32 linux.c32\nappend /k initrd=/i x\n", "a@ /k /i: x\n"},
	{"mboot.c32", ISO, "label a\nkernel mboot.c32\nappend xen.gz a b --- /k c  d --- /i\n",
	 "a@ /isolinux/xen.gz /k=c  d,/i=: a|b\n"},
	{"mboot.c32 with a file of its own", ISO, "label a\nkernel mboot.c32\nappend -c boot.cfg\n", ""},
	{"no end of line", ISO, "label a\nlinux /k", "a@ /k\n"},
	{"DOS and tabs and a NUL", ISO, "\tlabel\ta\r\n\tlinux\t/k\r\n\tappend\tx\r\n", "a@ /k: x\n"},
	{"paths as DOS writes them", ISO,
	 "label a\nlinux \\x\\k\ninitrd y\\i,..\\j\nlabel b\nkernel \\boot\\memdisk\nappend initrd=x.img\n",
	 "a@ /x/k /isolinux/y/i,/j\n"},
	{"dots in paths", ISO, "label a\nlinux ../../x/./k\ninitrd ::/i//j\n", "a@ /x/k /i/j\n"},

	/* GRUB */
	{"quotes", GRUB,
	 "menuentry 'a \"b\"'\" c 'd' \\$\\\"\"\\ e { linux /k 'x y' \"p q\"r s\\ t; initrd /i; }\n",
	 "a \"b\" c 'd' $\" e@ /k /i: x y|p qr|s t\n"},
	{"a line goes on", GRUB, "menuentry a \\\n--class b \\\r\n{ linux /k x\\\ny \\\n\tz; initrd /i; }\n",
	 "a@ /k /i: xy|z\n"},
	{"escaped line in quotes", GRUB, "menuentry \"a\\\nb\" " BODY, "ab@ /k /i\n"},
	{"\\x stays", GRUB, "menuentry a { linux /k a\\x20b c\\d \"e\\f\"; initrd /i; }\n",
	 "a@ /k /i: a\\x20b|cd|e\\f\n"},
	{"to be translated", GRUB, "menuentry $\"a\" " BODY, "a@ /k /i\n"},
	{"options of entries", GRUB,
	 "menuentry --class x --id=y --hotkey z --unrestricted --users '' 'a' " BODY
	 "hiddenentry b --id c " BODY,
	 "a@ /k /i\nb@ /k /i\n"},
	{"block on the next line", GRUB, "menuentry a\n\n" BODY "menuentry b\nmenuentry c " BODY,
	 "a@ /k /i\nc@ /k /i\n"},
	{"comments", GRUB, "# menuentry no " BODY "menuentry a#b { #c }\nlinux /k #d\ninitrd /i\n}\n",
	 "a#b@ /k /i\n"},
	{"variables", GRUB,
	 "set x=1\ny=${x}2$x\nexport x\nmenuentry \"$y\" { linux /k $x a$y \"$z\" $z ${z} w=$z; "
	 "initrd /i; }\n",
	 "121@ /k /i: 1|a121|w=\n"},
	{"a value is split, a quoted one is not", GRUB,
	 "set x='a  b'\nmenuentry e { linux /k $x \"$x\"; initrd /i; }\n", "e@ /k /i: a|b|a  b\n"},
	{"unset", GRUB, "set x=1\nunset x\nmenuentry a$x " BODY, "a@ /k /i\n"},
	{"not a variable", GRUB, "menuentry a { linux /k $ $- ${ ; initrd /i; }\n}\n", ""},
	{"what an entry sets is gone after it", GRUB,
	 "set x=1\nmenuentry a { set x=2; set default=7\n linux /k $x; "
	 "initrd /i; }\nsubmenu s { set x=3\nmenuentry b$x " BODY "}\nmenuentry c$x " BODY "set default=c1\n",
	 "a@ /k /i: 2\nb3@s /k /i\n!c1@ /k /i\n"},
	{"sub-menus", GRUB,
	 "submenu 'A' { submenu \"B\" { menuentry b " BODY "}\nmenuentry a " BODY "}\nmenuentry c " BODY,
	 "b@A > B /k /i\na@A /k /i\nc@ /k /i\n"},
	{"default by number", GRUB,
	 "set default=2\nmenuentry a { reboot; }\nsubmenu s { menuentry x " BODY "}\n"
	 "menuentry b " BODY,
	 "x@s /k /i\n!b@ /k /i\n"},
	{"default below a sub-menu", GRUB,
	 "set default='s>1'\nsubmenu t --id s { menuentry x " BODY "menuentry y " BODY "}\n",
	 "x@t /k /i\n!y@t /k /i\n"},
	{"default by id", GRUB,
	 "default=q\nmenuentry a --id p " BODY "menuentry b $menuentry_id_option 'q' " BODY,
	 "a@ /k /i\n!b@ /k /i\n"},
	{"default with '>>'", GRUB, "default=\"a >> b\"\nmenuentry 'a >> b' " BODY, "!a >> b@ /k /i\n"},
	{"no default, but a countdown", GRUB, "set timeout=5\nmenuentry a " BODY "menuentry b " BODY,
	 "!a@ /k /i\nb@ /k /i\n"},
	{"a countdown to what does not boot from the disc", GRUB,
	 "set timeout=5\nmenuentry a { reboot; }\nmenuentry b " BODY, "b@ /k /i\n"},
	{"no default, and none that counts", GRUB, "set timeout=-1\nmenuentry a " BODY, "a@ /k /i\n"},
	{"default of nothing", GRUB, "set default=${saved_entry}\nmenuentry a " BODY, "a@ /k /i\n"},
	{"platform", EFI,
	 "if [ \"x$grub_platform\" = xefi ]; then menuentry a " BODY "else\nmenuentry b " BODY "fi\n",
	 "a@ /k /i\n"},
	{"platform and processor", EFI,
	 "if [ $grub_platform = pc -o $grub_cpu == i386 ]; then menuentry a " BODY
	 "elif test ! $grub_cpu != x86_64 -a ( -n a -a -z '' ); then\nmenuentry b " BODY
	 "else menuentry c " BODY "fi;menuentry d " BODY,
	 "b@ /k /i\nd@ /k /i\n"},
	{"conditions in conditions", EFI,
	 "if [ a = b ]; then if true; then menuentry a " BODY "fi\nelse if false; then "
	 "menuentry b " BODY "elif true; then menuentry c " BODY "fi; fi\n",
	 "c@ /k /i\n"},
	{"files that are there and are not", EFI,
	 "if [ -e (cd)/isolinux/vmlinuz ]; then menuentry a " BODY "fi\n"
	 "if [ -f /nothere ]; then menuentry b " BODY "fi\n",
	 "a@ /k /i\n"},
	{"numbers", EFI,
	 "if [ 3 -gt 12 ]; then menuentry a " BODY "elif [ 3 -le 03 ]; then menuentry b " BODY "fi\n",
	 "b@ /k /i\n"},
	{"what is not known: both branches' entries", EFI,
	 "if [ \"$x\" = y ]; then set z=1\nmenuentry a " BODY "else set z=2\n"
	 "menuentry b " BODY "fi\nmenuentry c$z " BODY,
	 "a@ /k /i\nb@ /k /i\nc2@ /k /i\n"},
	{"what is not known: inside an entry", EFI,
	 "menuentry a { if [ \"$x\" ]; then linux /no; else linux /k; fi; initrd /i; }\n"
	 "menuentry b { if [ \"$x\" ]; then linux /k; fi; initrd /i; }\n"
	 "menuentry c { if cmd; then linux /k; else linux /no; initrd /no; fi; initrd /i; }\n",
	 "a@ /k /i\nb@ /k /i\nc@ /k /i\n"},
	/* grub-emu 2.06 was asked what it says of each. */
	{"a word that vanished leaves a test of what is left", EFI,
	 "menuentry a { if [ $x ]; then linux /k; else linux /no; fi; initrd /i; }\n"
	 "menuentry b { if [ $x = y ]; then linux /k; else linux /no; fi; initrd /i; }\n"
	 "menuentry c { if [ ! $x ]; then linux /k; else linux /no; fi; initrd /i; }\n",
	 "a@ /k /i\nb@ /k /i\nc@ /k /i\n"},
	{"tests side by side", EFI,
	 "if [ a = a b = c ]; then menuentry a " BODY "fi\nif [ a = a b = b ]; then menuentry b " BODY
	 "fi\nif [ '' -o ]; then menuentry c " BODY "fi\nif [ ! '' b ]; then menuentry d " BODY
	 "fi\nif [ ]; then menuentry e " BODY "fi\nif [ '!' = '!' -a 0x10 -eq 16 ]; then menuentry f " BODY
	 "fi\nif [ ! '' '' ]; then menuentry g " BODY "fi\n",
	 "b@ /k /i\nc@ /k /i\nd@ /k /i\ne@ /k /i\nf@ /k /i\n"},
	{"known to be false whatever stands beside it", EFI,
	 "if [ \"$x\" = 1 -a $grub_platform = pc ]; then menuentry a " BODY
	 "fi\nif [ x$x = x1 -o $grub_platform = efi ]; then menuentry b " BODY "else menuentry c " BODY
	 "fi\n",
	 "b@ /k /i\n"},
	{"for", GRUB, "for x in a 'b c' $y d; do for z in 1 2\ndo\nmenuentry $x$z " BODY "done; done\n",
	 "a1@ /k /i\na2@ /k /i\nb@ /k /i\nd1@ /k /i\nd2@ /k /i\n"},
	{"for over files", GRUB,
	 "for x in /isolinux/*z (cd)/ISO*/bz?mage /none/*; do menuentry $x { linux $x; }; done\n",
	 "/isolinux/vmlinuz@ /isolinux/vmlinuz\n(cd)/isolinux/bzImage@ /isolinux/bzImage\n/none/*@ /none/*\n"},
	{"no pattern inside quotes", GRUB,
	 "p='/isolinux/*z'\nmenuentry a { linux /k '/isolinux/*z' \"$p\" \\*; initrd $p; }\n",
	 "a@ /k /isolinux/vmlinuz: /isolinux/*z|/isolinux/*z|*\n"},
	{"source of what a pattern finds", GRUB, "source /boot/grub/other.*\nsource $prefix/grub.c*\nmenuentry a " BODY,
	 "a@ /k /i\n"},
	{"directories", EFI,
	 "if [ -d /isolinux ]; then menuentry a " BODY "fi\nif [ -d /isolinux/vmlinuz ]; then menuentry b " BODY
	 "fi\nif [ -e (cd)/ISOLINUX ]; then menuentry c " BODY "fi\nif [ -f /isolinux ]; then menuentry d " BODY
	 "fi\nif [ ! -d ($x)/none ]; then menuentry e " BODY "fi\n",
	 "a@ /k /i\nc@ /k /i\ne@ /k /i\n"},
	{"a command that is a variable", GRUB,
	 "set l=linux\nif [ $grub_cpu = arm64 ]; then set l=no; fi\nmenuentry a { $l /k; ${l}efi /k; initrd /i; }\n",
	 "a@ /k /i\n"},
	{"while and until: once", GRUB,
	 "while true; do menuentry a " BODY "done\nuntil true; do menuentry b " BODY
	 "done\nwhile false; do menuentry c " BODY "done\n",
	 "a@ /k /i\n"},
	{"functions", GRUB,
	 "function f\n{ menuentry \"$1\" \"$2\" { linux /$2 $# $@; initrd /i; }\n}\nf a b c\n"
	 "function f { true; }\nf no\n",
	 "a@ /b /i: 2|a|b\n"},
	{"eval", GRUB, "x='menuentry a { linux /k $y; initrd /i; }'\neval \"y=1;\" $x\n", "a@ /k /i: 1\n"},
	{"devices of a disc in a file", GRUB,
	 "loopback loop $iso\nset root=(loop)\nmenuentry a { linux (loop)/k; initrd $root/i (cd0)/j; }\n"
	 "root=cd0\nmenuentry b { linux ($root)/k; initrd (${root})/i; }\n",
	 "a@ /k /i,/j\nb@ /k /i\n"},
	{"devices in paths", GRUB,
	 "set root=(hd0,1)\nmenuentry a { linux ($root)/k; initrd ($u)/i $prefix/j (cd0)l; }\n",
	 "a@ /k /i,/boot/grub/j,/l\n"},
	{"the other spellings", EFI,
	 "menuentry a { linuxefi /k; initrdefi /i; }\nmenuentry b { linux16 /k; initrd16 /i; }\n"
	 "menuentry c { linux32 /k; initrd32 /i /j; }\n",
	 "a@ /k /i\nc@ /k /i,/j\n"},
	{"multiboot", EFI,
	 "menuentry a { multiboot2 --quirk-a /x y; module2 --nounzip /k  a \"b c\"; module /i; }\n",
	 "a@ /x /k=a \"b c\",/i=: y\n"},
	{"modules of a kernel, initrds of a hypervisor", EFI,
	 "menuentry a { linux /k; module /i; }\n"
	 "menuentry b { multiboot /k; initrd /i; }\n",
	 ""},
	{"chainloader", EFI,
	 "menuentry a { chainloader (hd0)+1; }\nmenuentry b { chainloader /nothere.efi; }\n"
	 "menuentry c { chainloader ($root)/isolinux/vmlinuz x; }\nmenuentry d { chainloader +1; }\n",
	 "c@ /isolinux/vmlinuz: x\n"},
	{"the later kernel", GRUB,
	 "menuentry a { linux /no x; initrd /no; linux /k; initrd /no; initrd /i; }\n", "a@ /k /i\n"},
	{"no initrd, no kernel, no title", GRUB,
	 "menuentry a { linux /k; }\nmenuentry b { reboot; }\nmenuentry c\n"
	 "menuentry '' { linux /k x; }\nmenuentry\n",
	 "a@ /k\n/k@ /k: x\n"},
	{"initrds that are not files", GRUB,
	 "menuentry a { linux /k; initrd /i newc:x:/y; }\n"
	 "menuentry b { linux /k; initrd $unknown; }\nmenuentry c { linux /k; initrd $unknown /i; }\n",
	 "c@ /k /i\n"},
	{"no menu, just a kernel", GRUB, "linux /k x\ninitrd /i\nboot\n", "/k@ /k /i: x\n"},
	{"memdisk", GRUB, "menuentry a { linux16 /boot/memdisk iso; initrd16 /i; }\n", ""},
	{"other kernels", GRUB, "menuentry a { kfreebsd /k; }\nmenuentry b { knetbsd /k; }\n", ""},
	{"torn scripts go on", GRUB,
	 "}\nfi\ndone\nmenuentry a { if true; then linux /k; initrd /i; }\nmenuentry b " BODY
	 "; ; & | menuentry c " BODY,
	 "a@ /k /i\nb@ /k /i\nc@ /k /i\n"},
	{"a quote never closed", GRUB, "menuentry a " BODY "menuentry 'b { linux /k\n", "a@ /k /i\n"},
	{"words with quotes and blanks, as GRUB has them", GRUB,
	 "menuentry a { linux /k a=\"b c\" 'd'=\"e\" f=\\\"g\\\" \"h=i j\" k=''; initrd /i; }\n",
	 "a@ /k /i: a=b c|d=e|f=\"g\"|h=i j|k=\n"},
	{"a byte order mark", GRUB, "\xef\xbb\xbfmenuentry a " BODY, "a@ /k /i\n"},
	{"the same twice", GRUB,
	 "menuentry a " BODY "submenu s { menuentry a " BODY "}\nmenuentry a { linux /k f=$x; "
	 "initrd /i; }\nmenuentry a { linux /k f=; initrd /i; }\n",
	 "a@ /k /i\na@ /k /i: f=\n"},
};

static char *print(const struct bootcfg *b)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	for (size_t i = 0; i < b->count; i++) {
		const struct bootcfg_entry *e = &b->entries[i];

		fprintf(f, "%s%s@%s %s", e->is_default ? "!" : "", e->title, e->submenu, e->kernel);
		for (size_t k = 0; k < e->initrd_count; k++)
			fprintf(f, "%c%s%s%s", k ? ',' : ' ', e->initrds[k], e->module_words[k] ? "=" : "",
				e->module_words[k] ? e->module_words[k] : "");
		for (size_t k = 0; k < e->word_count; k++)
			fprintf(f, "%s%s", k ? "|" : ": ", e->words[k]);
		fputc('\n', f);
	}
	fclose(f);
	return text;
}

static void try(const struct row *row)
{
	static struct disc d;
	cleanup_free char *got = NULL;
	struct bootcfg b;
	const char *wrong;

	disc_add(&d, row->path, row->text, strlen(row->text));
	disc_add(&d, "/isolinux/vmlinuz", NULL, 0);
	disc_add(&d, "/isolinux/bzImage", NULL, 0);
	if (!disc_boot(&d, &b)) {
		got = print(&b);
		wrong = disc_unsound(&b);
		bootcfg_free(&b);
		if (!tap_ok(got && !strcmp(got, row->expect), "%s: %s", row->path, row->what))
			printf("# expected:\n%s# read:\n%s", row->expect, got ? got : "");
		if (wrong)
			tap_ok(false, "%s: unsound: %s", row->what, wrong);
	}
	disc_free(&d);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		try(&rows[i]);
	return tap_done();
}
