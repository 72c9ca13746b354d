/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "bootcfg-disc.h"
#include "tap.h"

/* Menus as distributions write them. A family is a directory of tests/fixtures/menus: iso/ has the menu files
 * at their places, "files" names what else is on the disc, "expect" says what must be read. With an
 * argument, prints what is read of that family. */

static const char *const families[] = {
	"arch",	       "centos7",      "clonezilla",	 "coreos",	    "debian-installer",
	"debian-live", "fedora-kiwi",  "functions",	 "gentoo-dracut",   "gentoo-genkernel",
	"opensuse",    "systemrescue", "ubuntu-desktop", "ubuntu-isolinux", "void",
	"xcp-ng",
};

static char *slurp(const char *path, size_t *len)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st) < 0)
		return NULL;
	text = malloc((size_t)st.st_size + 1);
	if (!text || pread_full(fd, text, (size_t)st.st_size, 0)) {
		free(text);
		return NULL;
	}
	*len = (size_t)st.st_size;
	text[*len] = 0;
	return text;
}

static void load_tree(struct disc *d, const char *dir, size_t root)
{
	char path[PATH_MAX];
	struct dirent *de;
	DIR *stream = opendir(dir);
	size_t len;

	while (stream && (de = readdir(stream))) {
		struct stat st;
		char *text;

		if (de->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", dir, de->d_name) >= (int)sizeof(path) ||
		    stat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode)) {
			load_tree(d, path, root);
		} else if ((text = slurp(path, &len))) {
			disc_add(d, path + root, text, len);
			free(text);
		}
	}
	if (stream)
		closedir(stream);
}

static bool load_family(struct disc *d, const char *family, char **expect)
{
	const char *top = getenv("TOP_SRCDIR");
	char dir[PATH_MAX - 16], path[PATH_MAX], *save = NULL;
	cleanup_free char *files = NULL;
	size_t len;

	snprintf(dir, sizeof(dir), "%s/tests/fixtures/menus/%s", top ? top : ".", family);
	snprintf(path, sizeof(path), "%s/iso", dir);
	load_tree(d, path, strlen(path));
	snprintf(path, sizeof(path), "%s/files", dir);
	files = slurp(path, &len);
	if (!files || !d->count)
		return false;
	for (char *line = strtok_r(files, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (line[0] == '/')
			disc_add(d, line, NULL, 0);
	snprintf(path, sizeof(path), "%s/expect", dir);
	*expect = slurp(path, &len);
	return true;
}

static void print_words(FILE *f, char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(f, strchr(words[i], ' ') ? " [%s]" : " %s", words[i]);
	fputc('\n', f);
}

static char *print(const struct bootcfg *b)
{
	static const char *const kinds[] = {"linux", "multiboot", "binary", "chain"};
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	fprintf(f, "# SPDX-License-Identifier: GPL-2.0-or-later\ntimeout %u\nskipped %u\n", b->timeout,
		b->skipped);
	for (size_t i = 0; i < b->count; i++) {
		const struct bootcfg_entry *e = &b->entries[i];

		fprintf(f, "\n%s\n", e->title);
		if (*e->submenu)
			fprintf(f, "\tin %s\n", e->submenu);
		fprintf(f, "\t%s for%s%s%s\n", kinds[e->kind], e->platforms & BOOTCFG_BIOS ? " BIOS" : "",
			e->platforms & BOOTCFG_EFI ? " EFI" : "", e->is_default ? ", default" : "");
		fprintf(f, "\tfrom %s\n\tkernel %s\n", e->source, e->kernel);
		if (e->word_count) {
			fputs("\twords", f);
			print_words(f, e->words, e->word_count);
		}
		for (size_t k = 0; k < e->initrd_count; k++)
			fprintf(f, "\tinitrd %s%s%s\n", e->initrds[k], e->module_words[k] ? " with " : "",
				e->module_words[k] ? e->module_words[k] : "");
	}
	fclose(f);
	return text;
}

static void show(const char *what, const char *text)
{
	const char *end;

	printf("# %s:\n", what);
	for (; text && *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		printf("#   %.*s\n", (int)(end - text), text);
	}
}

static void family(const char *name)
{
	static struct disc d;
	cleanup_free char *expect = NULL;
	cleanup_free char *got = NULL;
	struct bootcfg b;
	const char *wrong;
	bool same;

	if (!tap_ok(load_family(&d, name, &expect), "%s: the fixture is there", name))
		return;
	if (tap_ok(!disc_boot(&d, &b), "%s: is read", name)) {
		got = print(&b);
		same = got && expect && !strcmp(got, expect);
		if (!tap_ok(same, "%s: what is read is what is expected", name)) {
			show("expected", expect);
			show("read", got);
		}
		wrong = disc_unsound(&b);
		tap_ok(!wrong, "%s: the result is sound%s%s", name, wrong ? ": " : "", wrong ? wrong : "");
		bootcfg_free(&b);
	}
	disc_free(&d);
}

static int print_family(const char *name)
{
	static struct disc d;
	cleanup_free char *expect = NULL;
	cleanup_free char *got = NULL;
	struct bootcfg b;

	if (!load_family(&d, name, &expect) || disc_boot(&d, &b))
		return EXIT_FAILURE;
	got = print(&b);
	fputs(got ? got : "", stdout);
	bootcfg_free(&b);
	disc_free(&d);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return print_family(argv[1]);
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		family(families[i]);
	return tap_done();
}
