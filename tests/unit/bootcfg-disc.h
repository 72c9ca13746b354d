/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TEST_BOOTCFG_DISC_H
#define PXEFS_TEST_BOOTCFG_DISC_H

/* A made-up disc for the menu readers: paths with texts, found in any case as on an ISO; and what must be
 * true of every result, whatever the texts were. */

#include <strings.h>

#include "bootcfg.h"

#define DISC_FILES 256

struct disc_file {
	char *path, *text; /* text NULL: there, but no menu */
	size_t len;
};

struct disc {
	struct disc_file files[DISC_FILES];
	size_t count;
	unsigned reads;
	int fail;	  /* what every read says, if not 0 */
	size_t list_size; /* of every listing, if not 0: bytes without an end */
};

static inline void disc_add(struct disc *d, const char *path, const char *text, size_t len)
{
	struct disc_file *f = &d->files[d->count];

	if (d->count == DISC_FILES)
		return;
	f->path = strdup(path);
	f->text = text ? malloc(len + 1) : NULL;
	f->len = len;
	if (f->text) {
		memcpy(f->text, text, len);
		f->text[len] = 0;
	}
	d->count++;
}

static inline void disc_free(struct disc *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->files[i].path);
		free(d->files[i].text);
	}
	*d = (struct disc){ .count = 0 };
}

static inline const struct disc_file *disc_find(const struct disc *d, const char *path)
{
	for (size_t i = 0; i < d->count; i++)
		if (!strcasecmp(d->files[i].path, path))
			return &d->files[i];
	return NULL;
}

static inline int disc_read(void *ctx, const char *path, char **text, size_t *len)
{
	struct disc *d = ctx;
	const struct disc_file *f = disc_find(d, path);

	d->reads++;
	if (d->fail)
		return d->fail;
	if (!f || !f->text)
		return -ENOENT;
	/* Exactly as large as it is, so that a sanitizer sees a read past the end. */
	*text = malloc(f->len + 1);
	if (!*text)
		return -ENOMEM;
	memcpy(*text, f->text, f->len + 1);
	*len = f->len;
	return 0;
}

static inline bool disc_exists(void *ctx, const char *path)
{
	return disc_find(ctx, path);
}

static inline int disc_name_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline int disc_list(void *ctx, const char *path, char **names, size_t *len)
{
	const struct disc *d = ctx;
	size_t n = strlen(path), count = 0;
	char *found[DISC_FILES], *text = NULL;
	FILE *f;

	n -= n > 0 && path[n - 1] == '/';
	for (size_t i = 0; i < d->count; i++) {
		const char *name = d->files[i].path;
		size_t size;

		if (strncasecmp(name, path, n) || name[n] != '/' || !name[n + 1])
			continue;
		name += n + 1;
		size = strcspn(name, "/");
		found[count++] = strndup(name, size + (name[size] == '/'));
	}
	if (!count)
		return disc_find(d, path) ? -ENOTDIR : -ENOENT;
	if (d->list_size) {
		for (size_t i = 0; i < count; i++)
			free(found[i]);
		*names = malloc(d->list_size);
		*len = d->list_size;
		memset(*names, 'x', *len);
		return 0;
	}
	qsort(found, count, sizeof(*found), disc_name_order);
	f = open_memstream(&text, len);
	for (size_t i = 0; i < count; i++) {
		if (!i || strcmp(found[i], found[i - 1]))
			fwrite(found[i], 1, strlen(found[i]) + 1, f);
	}
	fclose(f);
	for (size_t i = 0; i < count; i++)
		free(found[i]);
	*names = realloc(text, *len); /* exactly as large as it is */
	return 0;
}

static inline int disc_boot(struct disc *d, struct bootcfg *b)
{
	struct bootcfg_files files = { d, disc_read, disc_exists, disc_list };

	return bootcfg_read(&files, b);
}

static inline bool disc_sound_text(const char *s, size_t most)
{
	if (!s || strlen(s) > most)
		return false;
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

static inline bool disc_sound_path(const char *s)
{
	return disc_sound_text(s, 1023) && s[0] == '/' && s[1] && !strstr(s, "//") && !strstr(s, "/../");
}

/* What is wrong with b, or NULL. */
static inline const char *disc_unsound(const struct bootcfg *b)
{
	unsigned defaults = 0;

	if (b->count > 256 || b->timeout > 86400)
		return "a limit";
	for (size_t i = 0; i < b->count; i++) {
		const struct bootcfg_entry *e = &b->entries[i];
		size_t bytes = 0;

		if (!disc_sound_text(e->title, 256) || !*e->title || !disc_sound_text(e->submenu, 256))
			return "a title";
		if (!disc_sound_path(e->kernel) || !disc_sound_path(e->source) ||
		    e->initrd_count > BOOTCFG_INITRDS)
			return "a path";
		if (!e->platforms || e->platforms & ~3u || (unsigned)e->kind > BOOTCFG_CHAIN)
			return "a platform or kind";
		defaults += e->is_default;
		for (size_t k = 0; k < e->initrd_count; k++) {
			if (!disc_sound_path(e->initrds[k]))
				return "an initrd";
			if ((e->kind == BOOTCFG_MULTIBOOT) != !!e->module_words[k])
				return "module words";
			if (e->module_words[k] && !disc_sound_text(e->module_words[k], 4096))
				return "module words' text";
		}
		if ((e->kind == BOOTCFG_LINUX) > (e->initrd_count > 0))
			return "a kind";
		for (size_t k = 0; k < e->word_count; k++) {
			if (!disc_sound_text(e->words[k], 4096) || !*e->words[k] ||
			    !strncmp(e->words[k], "initrd=", 7))
				return "a word";
			bytes += strlen(e->words[k]) + 1;
		}
		if (bytes > 4096)
			return "the words together";
	}
	return defaults > 2 ? "the defaults" : NULL; /* one for each platform */
}

#endif
