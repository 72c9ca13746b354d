/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "bootcfg-disc.h"
#include "tap.h"

/* Menus as distributions write them. A family is a directory of tests/fixtures/menus: iso/ has the menu files
 * at their places, "files" names what else is on the disc, "expect" says what must be read (PXEFS_UPDATE=1 writes
 * it anew, to be reviewed). With an argument, prints what is read of that family. */

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

static int not_hidden(const struct dirent *de)
{
	return de->d_name[0] != '.';
}

static void load_tree(struct disc *d, const char *dir, size_t root)
{
	char path[PATH_MAX];
	struct dirent **names;
	int count = scandir(dir, &names, not_hidden, alphasort);
	size_t len;

	for (int i = 0; i < count; i++) {
		struct stat st;
		char *text;

		if (snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name) < (int)sizeof(path) &&
		    !stat(path, &st)) {
			if (S_ISDIR(st.st_mode)) {
				load_tree(d, path, root);
			} else if ((text = slurp(path, &len))) {
				disc_add(d, path + root, text, len);
				free(text);
			}
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static void family_path(char path[PATH_MAX], const char *family, const char *file)
{
	const char *top = getenv("TOP_SRCDIR");

	snprintf(path, PATH_MAX, "%s/tests/fixtures/menus/%s/%s", top ? top : ".", family, file);
}

static bool load_family(struct disc *d, const char *family, char **expect)
{
	char path[PATH_MAX], *save = NULL;
	cleanup_free char *files = NULL;
	size_t len;

	family_path(path, family, "iso");
	load_tree(d, path, strlen(path));
	family_path(path, family, "files");
	files = slurp(path, &len);
	if (!files || !d->count)
		return false;
	for (char *line = strtok_r(files, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (line[0] == '/')
			disc_add(d, line, NULL, 0);
	family_path(path, family, "expect");
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
	if (b->foreign)
		fprintf(f, "foreign %s\n", b->foreign);
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

static void update(const char *family, const char *text)
{
	char path[PATH_MAX];
	FILE *f;

	family_path(path, family, "expect");
	f = fopen(path, "we");
	if (!f)
		return;
	fputs(text, f);
	fclose(f);
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
		if (got && getenv("PXEFS_UPDATE"))
			update(name, got);
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
	char path[PATH_MAX];
	struct dirent **names;
	int count;

	if (argc > 1)
		return print_family(argv[1]);
	family_path(path, "", "");
	count = scandir(path, &names, not_hidden, alphasort);
	tap_ok(count > 0, "there are families");
	for (int i = 0; i < count; i++) {
		family(names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return tap_done();
}
