/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu-hostile.h"

/* Menus run by GRUB itself, where the distribution has grub-emu: what reaches its commands. */

/* Stand in for what an emulator cannot do: each tells its arguments, one a line. */
static const char grub_doubles[] =
	"function tell { echo \"CALL<$#>\"; for a in \"$@\"; do echo \"ARG<$a>\"; done; }\n"
	"function linux { tell linux \"$@\"; }\n"
	"function linux16 { tell linux16 \"$@\"; exit; }\n"
	"function initrd { tell initrd \"$@\"; exit; }\n"
	"function multiboot2 { tell multiboot2 \"$@\"; }\n"
	"function module2 { tell module2 \"$@\"; }\n";

/* What GRUB says when it runs text with these settings before it and then, by itself, its entry number
 * entry. */
static char *grub_runs(const char *settings, const char *text, const char *entry)
{
	static const char *const argv[] = {"timeout", "30", "grub-emu", "-d", ".", "-m", "device.map", NULL};
	char *out = NULL, *cfg;

	if (asprintf(&cfg, "%s%s\n%s\nset default=%s\nset timeout=0\n", grub_doubles, settings, text, entry) <
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
	struct stage_texts t;
	char *text, *menu, *script = NULL, *out;
	size_t len = 0;
	FILE *f = open_memstream(&script, &len);

	stage_texts_make(&t, &plain, NULL, 0);
	text = xstrdup(stage_text(&t, "boot/grub/grub.cfg"));
	stage_texts_free(&t);
	menu = strstr(text, "set default=");
	if (!f || !menu)
		abort();
	*menu = '\0'; /* what stands before the entries, once for each prefix */
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		fprintf(f, "set prefix='%s'\nset pxefs_base=\n%s\necho \"BASE%zu<$pxefs_base>\"\n",
			cases[i][0], text, i);
	fputs("exit\n", f);
	fclose(f);
	out = grub_runs("insmod test\ninsmod regexp\ninsmod echo\n", script, "0");
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
	text = image_text(&plain, &s.image, "grub.cfg");
	out = grub_runs(grub_net, text, "0");
	ok(told(out, live) && told(out, live_initrd));
	free(out);
	free(text);
	text = image_text(&fixed, &s.image, "grub.cfg");
	out = grub_runs("set pxefs_base='(tftp)/t'\n", text, "0");
	ok(told(out, no_mac));
	free(out);
	free(text);
	text = image_text(&http, &s.image, "grub.cfg");
	out = grub_runs(grub_net, text, "0");
	ok(told(out, over_http));
	free(out);
	free(text);
	stage_free(&s);

	/* GRUB 1.99: its own variable for the server, none for the card or the platform. The default is
	 * the entry after the memory test. */
	stage_isolinux(&s);
	text = image_text(&plain, &s.image, "grub.cfg");
	ok(strstr(text, "set default=1\n") != NULL);
	out = grub_runs("set pxe_default_server=10.1.1.1\nset prefix='(pxe)/boot/grub'\nset grub_platform=\n",
			text, "1");
	ok(told(out, old));
	free(out);
	out = grub_runs(
		"set pxe_default_server=10.1.1.1\nset prefix='(pxe)/boot/grub'\nset grub_platform=pc\n", text,
		"0");
	ok(told(out, memtest));
	free(out);
	free(text);
	stage_free(&s);
}

/* A sub-menu is run with what was exported alone. The hypervisor's own words and its modules' arrive as they are. */
static void test_grub_ways(void)
{
	static const char *const over_http[] = {"linux",
						"(http,10.9.8.7)/ways/kernel/linux",
						"quiet",
						"fetch=http://10.9.8.7/ways/image.iso",
						"BOOTIF=01-52:54:00:ab:cd:ef",
						NULL};
	static const char *const archive[] = {"initrd", "(http,10.9.8.7)/ways/initrd/initrd",
					      "(http,10.9.8.7)/ways/initrd/generated/image.iso.cpio", NULL};
	static const char *const xen[] = {"multiboot2", "(http,10.9.8.7)/ways/kernel/xen.gz", "dom0_mem=1G",
					  "x;y", NULL};
	static const char *const dom0[] = {"module2",
					   "(http,10.9.8.7)/ways/initrd/linux",
					   "quiet",
					   "root=nfs",
					   "nfs=10.9.8.7:/pxe/ways/iso",
					   "BOOTIF=01-52:54:00:ab:cd:ef",
					   NULL};
	static const char *const module[] = {"module2", "--nounzip", "(http,10.9.8.7)/ways/initrd/initrd",
					     "its", "own", "{words}", NULL};
	struct stage s;
	char *text, *out;

	stage_ways(&s);
	text = image_text(&http, &s.image, "grub.cfg");
	/* On this platform the entries are Check and start, Start, Hypervisor, and the sub-menu. */
	out = grub_runs(grub_net, text, "'3>0'");
	ok(told(out, over_http));
	free(out);
	out = grub_runs(grub_net, text, "2");
	ok(told(out, xen) && told(out, dom0) && told(out, module));
	free(out);
	out = grub_runs("set grub_platform=efi\nset net_default_server=10.9.8.7\n", text, "'4>1'");
	ok(told(out, archive));
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
	text = image_text(&plain, &s.image, "grub.cfg");
	out = grub_runs(grub_net, text, "0");
	ok(told(out, args));
	free(out);
	free(text);
	stage_free(&s);
}

/* What an answer file is told by has a placeholder beside what means something to GRUB. */
static void test_grub_answer(void)
{
	static const char *const server[] = {
		"linux", "(http,10.9.8.7)/noble/kernel/vmlinuz", "netboot=nfs",
		"nfsroot=10.9.8.7:/pxe/noble/iso", "boot=casper", "ip=dhcp", "BOOTIF=01-52:54:00:ab:cd:ef",
		"fsck.mode=skip", "noprompt", "autoinstall", "ds=nocloud-net;s=http://10.9.8.7/noble/",
		"---", "quiet", NULL
	};
	struct stage s;
	char *text, *out;

	memset(&s, 0, sizeof(s));
	s.image = (struct menu_image){
		.path = "noble", .file = "noble.iso", .state = MENU_SERVED, .label = "", .answer = "user-data",
		.recipe = recipe_by_id("ubuntu-server"), .size = 1 << 30,
	};
	stage_boot(&s, BOOTCFG_LINUX, BOTH, "Install", "kernel/vmlinuz", "initrd/initrd", "--- quiet");
	text = image_text(&http, &s.image, "grub.cfg");
	out = grub_runs(grub_net, text, "0");
	ok(told(out, server));
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
		char *text, *out, entry[16];
		int n = 0;

		stage_hostile(&s, titles[at], NULL, "kernel/linux");
		for (size_t i = at + 1; i < ARRAY_SIZE(titles) && n < BOOTS - 2; i++, n++)
			stage_boot(&s, BOOTCFG_LINUX, BOTH, titles[i], "kernel/linux", "initrd/initrd",
				   "boot=live");
		stage_boot(&s, BOOTCFG_LINUX, BOTH, "' 'last", "kernel/last", "initrd/initrd",
			   "boot=live first last");
		text = image_text(&plain, &s.image, "grub.cfg");
		snprintf(entry, sizeof(entry), "%d", n + 1);
		out = grub_runs(grub_net, text, entry);
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
	if (!have_program("grub-emu") || !have_program("timeout")) {
		work_close();
		tap_skip("grub-emu is not installed");
	}
	hostile_fill();
	test_grub_base();
	test_grub_lines();
	test_grub_ways();
	test_grub_words();
	test_grub_answer();
	test_grub_titles();
	work_close();
	return tap_done();
}
