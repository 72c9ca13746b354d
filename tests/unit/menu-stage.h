/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_STAGE_H
#define PXEFS_MENU_STAGE_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cpu.h"
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
		.recipe = recipe_by_id("gentoo-genkernel"), .has_root = true,
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

__attribute__((unused)) static void stage_isolinux(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "old/x86_gentoo_install",
		.file = "old/x86 gentoo install.iso",
		.state = MENU_SERVED,
		.recipe = recipe_by_id("gentoo-genkernel"), .has_root = true,
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

__attribute__((unused)) static void stage_live(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "debian-live-12",
		.file = "debian-live-12.iso",
		.state = MENU_SERVED,
		.recipe = recipe_by_id("debian-live"), .has_root = true,
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

/* Families made for these tests: one without a way, and one with a way of each kind. */
__attribute__((unused)) static const struct recipe closed = {
	.id = "closed", .title = "Closed family", .why = "its initrd has no network",
};

static const char *const ways_nfs[] = {"root=nfs", "nfs=@server@:@iso@", "BOOTIF=01-@mac@", NULL};
static const char *const ways_http[] = {"fetch=@http@/image.iso", "BOOTIF=01-@mac@", NULL};
static const char *const ways_memory[] = {"root=ram", "size=@kib@", NULL};
static const char *const ways_drop[] = {"medium=*", "rd.live.check", NULL};

static const struct recipe_member ways_archive[] = {
	{RECIPE_MEMBER_IMAGE, "image.iso", NULL}, {RECIPE_MEMBER_END, NULL, NULL}
};

static const struct recipe_way ways_ways[] = {
	{.how = RECIPE_NFS, .add = ways_nfs, .drop = ways_drop, .multiboot = true},
	{.how = RECIPE_HTTP, .add = ways_http, .drop = ways_drop, .memory_mib = 512, .memory_copies = 1},
	{.how = RECIPE_MEMORY,
	 .title = "copied to memory",
	 .add = ways_memory,
	 .drop = ways_drop,
	 .archive = ways_archive,
	 .memory_copies = 2},
	{.how = RECIPE_UNKNOWN},
};

static const struct recipe ways_recipe = {.id = "ways", .title = "Family with ways", .ways = ways_ways};

static const struct menu_archive ways_archives[] = {
	{.path = "initrd/generated/image.iso.cpio", .size = UINT64_C(1000) << 20, .way = 2},
};

/* Its default checks the medium; the hypervisor can be booted by the first way alone; one entry's initrd is too large
 * for GRUB on a BIOS. */
__attribute__((unused)) static void stage_ways(struct stage *s)
{
	struct menu_boot *b;

	memset(s, 0, sizeof(*s));
	s->image = (struct menu_image){
		.path = "ways",
		.file = "ways.iso",
		.state = MENU_SERVED,
		.recipe = &ways_recipe,
		.label = "WAYS",
		.size = (UINT64_C(950) << 20) + 1,
		.cpu = CPU_X86_64,
		.archives = ways_archives,
		.archive_count = 1,
	};
	stage_boot(s, BOOTCFG_LINUX, BOTH, "Check and start", "kernel/linux", "initrd/initrd",
		   "medium=LABEL rd.live.check quiet");
	stage_boot(s, BOOTCFG_LINUX, BOTH, "Start", "kernel/linux", "initrd/initrd", "medium=LABEL quiet");
	b = stage_boot(s, BOOTCFG_LINUX, BOTH, "Start with everything", "kernel/linux", "initrd/everything", "quiet");
	b->initrd_size = UINT64_C(801) << 20;
	b = stage_boot(s, BOOTCFG_MULTIBOOT, BOTH, "Hypervisor", "kernel/xen.gz", "initrd/linux", "dom0_mem=1G x;y");
	s->initrds[3][1] = "initrd/initrd";
	b->initrd_count = b->entry.initrd_count = 2;
	b->entry.module_words[0] = (char *)(uintptr_t) "medium=LABEL quiet";
	b->entry.module_words[1] = (char *)(uintptr_t) "its own {words}";
}

/* --- running things ---------------------------------------------------------------------------- */

static char work[64];

__attribute__((unused)) static bool have_program(const char *name)
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

__attribute__((unused)) static bool grub_parses(const char *text)
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

/* Texts of all images, as menu_texts() gives them. */
#define STAGE_TEXTS 64

struct stage_texts {
	char *path[STAGE_TEXTS], *text[STAGE_TEXTS];
	size_t count;
};

static int stage_put(void *ctx, const char *path, char *data, size_t size)
{
	struct stage_texts *t = ctx;

	if (t->count == STAGE_TEXTS || strlen(data) != size)
		abort();
	t->path[t->count] = xstrdup(path);
	t->text[t->count++] = data;
	return 0;
}

/* Of images in any order. */
__attribute__((unused)) static void stage_texts_make(struct stage_texts *t, const struct menu_site *site,
						     const struct menu_image *images, size_t count)
{
	struct menu_row **rows = calloc(count + 1, sizeof(*rows));

	t->count = 0;
	if (!rows)
		abort();
	for (size_t i = 0; i < count; i++)
		if (menu_row_make(site, &images[i], &rows[i]))
			abort();
	qsort(rows, count, sizeof(struct menu_row *), menu_row_cmp);
	if (menu_texts(site, (const struct menu_row *const *)rows, count, stage_put, t))
		abort();
	for (size_t i = 0; i < count; i++)
		menu_row_free(rows[i]);
	free(rows);
}

__attribute__((unused)) static void stage_texts_free(struct stage_texts *t)
{
	while (t->count) {
		free(t->path[--t->count]);
		free(t->text[t->count]);
	}
}

/* The text at that path, or NULL. */
__attribute__((unused)) static const char *stage_text(const struct stage_texts *t, const char *path)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->path[i], path))
			return t->text[i];
	return NULL;
}

/* A text of one image, by its name in the image's directory. */
__attribute__((unused)) static char *image_text(const struct menu_site *site, const struct menu_image *image,
						const char *name)
{
	char *text = NULL;
	size_t len = 0, i = 0;
	FILE *f = open_memstream(&text, &len);

	while (i < MENU_IMAGE_TEXTS && strcmp(menu_image_texts[i].name, name))
		i++;
	if (!f || i == MENU_IMAGE_TEXTS || menu_image_texts[i].write(site, image, f) || ferror(f) || fclose(f))
		abort();
	return text;
}

__attribute__((unused)) static const struct menu_site plain = {.nfs = "/pxe"};
__attribute__((unused)) static const struct menu_site fixed = {.server = "10.168.100.3", .nfs = "/pxe"};
__attribute__((unused)) static const struct menu_site http = {.nfs = "/pxe", .http = ""};
__attribute__((unused)) static const struct menu_site url = {
	.server = "10.168.100.3", .nfs = "/pxe", .http = "http://boot.example:8080/pxe/"};

__attribute__((unused)) static void work_open(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(work, sizeof(work), "%.40s/pxefs-menu-XXXXXX",
		 tmp && *tmp && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (!mkdtemp(work))
		tap_skip("no temporary directory can be made");
	if (!have_program("grub-script-check"))
		printf("# grub-script-check is not installed: not all of this is tested\n");
}

__attribute__((unused)) static void work_close(void)
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
