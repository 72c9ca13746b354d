/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_STAGE_H
#define PXEFS_MENU_STAGE_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "menu.h"
#include "tap.h"

/* What the tests of the menus share: images put together by hand, a directory to work in, programs run
 * there, menus written into memory. One file per program includes this. */

/* --- images ------------------------------------------------------------------------------------ */

#define BOOTS 16
#define WORDS 64

struct stage {
	struct menu_boot boots[BOOTS];
	char *words[BOOTS][WORDS];
	const char *initrds[BOOTS][2];
	char *store[BOOTS];
	struct menu_image image;
};

static char *xstrdup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		abort();
	return copy;
}

/* words is one text, split at blanks. */
static struct menu_boot *stage_boot(struct stage *s, enum bootcfg_kind kind, unsigned platforms,
				    const char *title, const char *kernel, const char *initrd,
				    const char *words)
{
	size_t n = s->image.boot_count++;
	struct menu_boot *b = &s->boots[n];
	char *save = NULL;

	s->store[n] = xstrdup(words);
	b->entry = (struct bootcfg_entry){
		.kind = kind,
		.platforms = platforms,
		.is_default = n == 0,
		.words = s->words[n],
		.title = (char *)(uintptr_t)title,
		.kernel = (char *)(uintptr_t)kernel,
		.source = (char *)(uintptr_t) "/boot/grub/grub.cfg",
		.submenu = (char *)(uintptr_t) "",
	};
	b->kernel = kernel;
	if (initrd) {
		s->initrds[n][0] = initrd;
		b->initrds = s->initrds[n];
		b->initrd_count = 1;
	}
	for (char *w = strtok_r(s->store[n], " ", &save); w && b->entry.word_count < WORDS;
	     w = strtok_r(NULL, " ", &save))
		b->entry.words[b->entry.word_count++] = w;
	s->image.boots = s->boots;
	return b;
}

static void stage_free(struct stage *s)
{
	for (size_t i = 0; i < BOOTS; i++)
		free(s->store[i]);
	memset(s, 0, sizeof(*s));
}

#define BOTH (BOOTCFG_BIOS | BOOTCFG_EFI)
#define GENKERNEL_WORDS "dokeymap looptype=squashfs loop=/image.squashfs cdroot"
#define ISOLINUX_WORDS                                                                                       \
	"root=/dev/ram0 init=/linuxrc dokeymap looptype=squashfs loop=/image.squashfs cdroot vga=791"

__attribute__((unused)) static void stage_genkernel(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "install-amd64-minimal-20230903T170202Z",
		.file = "install-amd64-minimal-20230903T170202Z.iso",
		.state = MENU_SERVED,
		.recipe = recipe_by_id("gentoo-genkernel"),
		.label = "Gentoo Linux - AMD64",
		.size = 487063552,
	};
	stage_boot(s, BOOTCFG_LINUX, BOTH, "Boot LiveCD (kernel: gentoo)", "kernel/gentoo",
		   "initrd/gentoo.igz", GENKERNEL_WORDS);
	stage_boot(s, BOOTCFG_LINUX, BOTH, "Boot LiveCD (kernel: gentoo) (cached)", "kernel/gentoo",
		   "initrd/gentoo.igz", GENKERNEL_WORDS " docache");
	stage_boot(s, BOOTCFG_BINARY, BOOTCFG_BIOS, "Memtest86+ 64bit BIOS", "kernel/memtest64.bios", NULL,
		   "");
	stage_boot(s, BOOTCFG_CHAIN, BOOTCFG_EFI, "Memtest86+ 64bit UEFI", "kernel/memtest.efi64", NULL, "");
}

static void stage_isolinux(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "old/x86_gentoo_install",
		.file = "old/x86 gentoo install.iso",
		.state = MENU_SERVED,
		.recipe = recipe_by_id("gentoo-genkernel"),
		.label = "Gentoo Linux x86",
		.size = 151000000,
	};
	stage_boot(s, BOOTCFG_BINARY, BOOTCFG_BIOS, "memtest86", "kernel/memtest86", NULL, "");
	s->boots[0].entry.is_default = false;
	stage_boot(s, BOOTCFG_LINUX, BOOTCFG_BIOS, "gentoo", "kernel/gentoo", "initrd/gentoo.igz",
		   ISOLINUX_WORDS);
	s->boots[1].entry.is_default = true;
	stage_boot(s, BOOTCFG_LINUX, BOOTCFG_BIOS, "gentoo-nofb", "kernel/gentoo", "initrd/gentoo.igz",
		   "root=/dev/ram0 init=/linuxrc dokeymap looptype=squashfs loop=/image.squashfs cdroot");
}

static void stage_live(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "debian-live-12",
		.file = "debian-live-12.iso",
		.state = MENU_SERVED,
		.recipe = recipe_by_id("debian-live"),
		.label = "d-live 12 st amd64",
		.size = 1500000000,
	};
	stage_boot(s, BOOTCFG_LINUX, BOTH, "Live system (amd64)", "kernel/vmlinuz-6.1.0-28-amd64",
		   "initrd/initrd.img-6.1.0-28-amd64", "boot=live components quiet splash findiso=");
	stage_boot(s, BOOTCFG_LINUX, BOTH, "Live system (amd64 fail-safe mode)",
		   "kernel/vmlinuz-6.1.0-28-amd64", "initrd/initrd.img-6.1.0-28-amd64",
		   "boot=live components memtest noapic noapm nodma nomce nosplash vga=788");
	stage_boot(s, BOOTCFG_LINUX, BOTH, "Start installer", "kernel/vmlinuz", "initrd/initrd.gz",
		   "vga=788 --- quiet");
	s->boots[2].entry.submenu = (char *)(uintptr_t) "Advanced install options ...";
	/* The menu of the other firmware, with the words that are taken out: the same entry after that. */
	s->boots[0].entry.platforms = BOOTCFG_BIOS;
	stage_boot(s, BOOTCFG_LINUX, BOOTCFG_EFI, "Live system (amd64)", "kernel/vmlinuz-6.1.0-28-amd64",
		   "initrd/initrd.img-6.1.0-28-amd64", "boot=live components quiet splash");
	s->boots[3].entry.is_default = true;
}

/* --- running things ---------------------------------------------------------------------------- */

static char work[64];

static bool have_program(const char *name)
{
	char *path = xstrdup(getenv("PATH") ? getenv("PATH") : ""), *save = NULL;
	bool found = false;

	for (char *dir = strtok_r(path, ":", &save); dir && !found; dir = strtok_r(NULL, ":", &save)) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", dir, name);
		found = access(file, X_OK) == 0;
	}
	free(path);
	return found;
}

static void write_file(const char *name, const char *text)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", work, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

/* Exit status of a program run in the work directory; what it writes is in *out when that is asked for. */
static int run(const char *const argv[], char **out)
{
	char buf[4096];
	size_t len = 0;
	FILE *f = out ? open_memstream(out, &len) : NULL;
	int fds[2], status = -1;
	pid_t pid;

	if (pipe(fds))
		abort();
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDONLY);

		if (chdir(work) || dup2(null, 0) < 0 || dup2(fds[1], 1) < 0 || dup2(fds[1], 2) < 0)
			_exit(126);
		close(fds[0]);
		setenv("TERM", "dumb", 1);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(fds[1]);
	for (ssize_t n; (n = read(fds[0], buf, sizeof(buf))) > 0;)
		if (f)
			fwrite(buf, 1, (size_t)n, f);
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	if (f)
		fclose(f);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool grub_parses(const char *text)
{
	static const char *const argv[] = {"grub-script-check", "checked.cfg", NULL};
	char *out = NULL;
	int r;

	if (!have_program(argv[0]))
		return true;
	write_file("checked.cfg", text);
	r = run(argv, &out);
	if (r)
		printf("# grub-script-check: %s\n", out);
	free(out);
	return r == 0;
}

/* --- writing ----------------------------------------------------------------------------------- */

enum kind { IMAGE_GRUB, MAIN_GRUB, MAIN_IPXE, HTML, STATUS };

static char *menu_text(enum kind kind, const struct menu_site *site, const struct menu_image *images,
		       size_t count)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int r = -EINVAL;

	if (!f)
		abort();
	switch (kind) {
	case IMAGE_GRUB:
		r = menu_image_grub(site, images, f);
		break;
	case MAIN_GRUB:
		r = menu_main_grub(site, images, count, f);
		break;
	case MAIN_IPXE:
		r = menu_main_ipxe(site, images, count, f);
		break;
	case HTML:
		r = menu_html(site, images, count, f);
		break;
	case STATUS:
		r = menu_status(site, images, count, f);
		break;
	}
	if (r || ferror(f) || fclose(f))
		abort();
	return text;
}

__attribute__((unused)) static const struct menu_site plain = {.nfs = "/pxe"};
__attribute__((unused)) static const struct menu_site fixed = {.server = "10.168.100.3", .nfs = "/pxe"};
__attribute__((unused)) static const struct menu_site http = {.nfs = "/pxe", .http = ""};
__attribute__((unused)) static const struct menu_site url = {
	.server = "10.168.100.3", .nfs = "/pxe", .http = "http://boot.example:8080/pxe/"};

static void work_open(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(work, sizeof(work), "%.40s/pxefs-menu-XXXXXX",
		 tmp && *tmp && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (!mkdtemp(work))
		tap_skip("no temporary directory can be made");
	if (!have_program("grub-script-check"))
		printf("# grub-script-check is not installed: not all of this is tested\n");
}

static void work_close(void)
{
	static const char *const names[] = {"checked.cfg", "device.map", "grub.cfg"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", work, names[i]);
		unlink(path);
	}
	rmdir(work);
}

#endif
