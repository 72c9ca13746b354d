/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_readers.h"

/* Menu entries in the making, the words of their kernels, and how entries that say the same become one. */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void bootcfg_entry_clear(struct bootcfg_entry *e)
{
	free(e->title);
	free(e->kernel);
	free(e->source);
	free(e->submenu);
	for (size_t i = 0; i < e->initrd_count; i++) {
		free(e->initrds[i]);
		free(e->module_words[i]);
	}
	for (size_t i = 0; i < e->word_count; i++)
		free(e->words[i]);
	free(e->words);
	*e = (struct bootcfg_entry){0};
}

void bootcfg_draft_clear(struct bootcfg_draft *d)
{
	bootcfg_entry_clear(&d->entry);
	*d = (struct bootcfg_draft){0};
}

/* Control characters, which no word of a kernel and no title has, are left out; C1 of UTF-8 among them,
 * since a terminal may obey it. */
static size_t bootcfg_clean(char *out, const char *in, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)in[i];

		if (c == 0xc2 && i + 1 < len && (unsigned char)in[i + 1] >= 0x80 &&
		    (unsigned char)in[i + 1] < 0xa0)
			i++;
		else if (c >= 0x20 && c != 0x7f)
			out[n++] = in[i];
		else if (c == '\t')
			out[n++] = ' ';
	}
	out[n] = 0;
	return n;
}

/* A cleaned copy of at most BOOTCFG_TITLE_MAX bytes, cut between characters, without blanks around. */
static char *bootcfg_title(struct bootcfg_job *job, const char *text, size_t len)
{
	char *out, *start;
	size_t n;

	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	if (len > 4 * BOOTCFG_TITLE_MAX)
		len = 4 * BOOTCFG_TITLE_MAX;
	out = malloc(len + 1);
	if (!out) {
		job->error = -ENOMEM;
		return NULL;
	}
	n = bootcfg_clean(out, text, len);
	start = out + strspn(out, " ");
	n -= (size_t)(start - out);
	if (n > BOOTCFG_TITLE_MAX) {
		n = BOOTCFG_TITLE_MAX;
		while (n > 0 && ((unsigned char)start[n] & 0xc0) == 0x80)
			n--;
	}
	while (n > 0 && start[n - 1] == ' ')
		n--;
	memmove(out, start, n);
	out[n] = 0;
	return out;
}

void bootcfg_draft_word(struct bootcfg_job *job, struct bootcfg_draft *d, const char *word, size_t len,
			bool vague)
{
	cleanup_free char *copy = NULL;

	if (!bootcfg_spend(job, len + 1))
		return;
	copy = malloc(len + 1);
	if (!copy || array_grow(&d->entry.words, &d->word_room, d->entry.word_count, sizeof(char *))) {
		job->error = -ENOMEM;
		return;
	}
	/* Judged as it comes out: a control character that goes may stand in the middle of "initrd=". One
	 * that is taken out counts against no limit, however long it is. */
	if (!bootcfg_clean(copy, word, len) || !strncmp(copy, "initrd=", 7))
		return;
	if (!range_inside(d->bytes, len + 1, BOOTCFG_WORDS_MAX)) {
		d->broken = true;
		return;
	}
	d->bytes += len + 1;
	if (vague && d->vague_count < BOOTCFG_VAGUE)
		d->vague[d->vague_count++] = d->entry.word_count;
	d->entry.words[d->entry.word_count++] = steal_pointer(copy);
}

/* The kernel's own next_arg(), which knows double quotes alone, and no way to escape one. */
void bootcfg_draft_line(struct bootcfg_job *job, struct bootcfg_draft *d, const char *line, size_t len)
{
	size_t i = 0;

	if (!bootcfg_spend(job, len))
		return;
	while (!d->broken && bootcfg_spend(job, 1)) {
		cleanup_free char *word = NULL;
		size_t start, end, equals = 0, n = 0;
		bool led, quoted;

		while (i < len && is_blank(line[i]))
			i++;
		if (i == len)
			return;
		led = line[i] == '"';
		i += led;
		start = i;
		for (quoted = led; i < len && (quoted || !is_blank(line[i])); i++) {
			if (line[i] == '=' && !equals)
				equals = i - start;
			quoted = quoted != (line[i] == '"');
		}
		end = i;
		word = malloc(end - start + 1);
		if (!word) {
			job->error = -ENOMEM;
			return;
		}
		for (size_t k = start; k < end; k++) {
			bool opens = equals && k == start + equals + 1 && line[k] == '"';

			led = led || opens;
			if (!opens && !(led && k == end - 1 && line[k] == '"'))
				word[n++] = line[k];
		}
		bootcfg_draft_word(job, d, word, n, false);
	}
}

void bootcfg_draft_kernel(struct bootcfg_draft *d, char *path, enum bootcfg_kind kind)
{
	free(d->entry.kernel);
	d->entry.kernel = path;
	d->entry.kind = kind;
	if (!path || !path[1])
		d->broken = true;
}

void bootcfg_draft_initrd(struct bootcfg_job *job, struct bootcfg_draft *d, char *path, const char *words)
{
	cleanup_free char *owned = path;
	cleanup_free char *copy = NULL;
	size_t len = words ? strlen(words) : 0;

	/* A hypervisor has modules with words, a kernel has initrds; each loader refuses the other's. */
	if (!path || !path[1] || d->entry.initrd_count >= BOOTCFG_INITRDS ||
	    (d->entry.kind == BOOTCFG_MULTIBOOT) != !!words ||
	    !range_inside(d->bytes, len + 1, BOOTCFG_WORDS_MAX)) {
		d->broken = true;
		return;
	}
	if (words) {
		copy = malloc(len + 1);
		if (!copy) {
			job->error = -ENOMEM;
			return;
		}
		bootcfg_clean(copy, words, len);
		d->bytes += len + 1;
	}
	d->entry.initrds[d->entry.initrd_count] = steal_pointer(owned);
	d->entry.module_words[d->entry.initrd_count++] = steal_pointer(copy);
}

static bool bootcfg_same_words(const struct bootcfg_entry *a, const struct bootcfg_draft *d, bool vague)
{
	size_t n = 0, skipped = 0;

	for (size_t i = 0; i < d->entry.word_count; i++) {
		if (!vague && skipped < d->vague_count && d->vague[skipped] == i) {
			skipped++;
			continue;
		}
		if (n == a->word_count || strcmp(a->words[n], d->entry.words[i]))
			return false;
		n++;
	}
	return n == a->word_count;
}

static bool bootcfg_same(const struct bootcfg_entry *a, const struct bootcfg_draft *d)
{
	const struct bootcfg_entry *b = &d->entry;

	if (a->kind != b->kind || a->initrd_count != b->initrd_count || strcasecmp(a->kernel, b->kernel) ||
	    strcmp(a->title, b->title))
		return false;
	for (size_t i = 0; i < a->initrd_count; i++)
		if (strcasecmp(a->initrds[i], b->initrds[i]) ||
		    (a->module_words[i] && strcmp(a->module_words[i], b->module_words[i])))
			return false;
	return bootcfg_same_words(a, d, true) || (d->vague_count && bootcfg_same_words(a, d, false));
}

/* The entry's number, or -ENOENT where there is no room for one more; takes what the draft holds. */
static int bootcfg_merge(struct bootcfg_job *job, struct bootcfg_draft *d)
{
	struct bootcfg *out = job->out;

	if (!bootcfg_spend(job, out->count + 1))
		return -ENOENT;
	for (size_t i = 0; i < out->count; i++)
		if (bootcfg_same(&out->entries[i], d)) {
			out->entries[i].platforms |= job->platforms;
			return (int)i;
		}
	if (out->count >= BOOTCFG_ENTRIES) {
		bootcfg_skip(job);
		return -ENOENT;
	}
	if (array_grow(&out->entries, &out->room, out->count, sizeof(*out->entries))) {
		job->error = -ENOMEM;
		return -ENOENT;
	}
	out->entries[out->count] = d->entry;
	d->entry = (struct bootcfg_entry){0};
	return (int)out->count++;
}

int bootcfg_draft_commit(struct bootcfg_job *job, struct bootcfg_draft *d, const char *title,
			 size_t title_len, const char *submenu, const char *source)
{
	struct bootcfg_entry *e = &d->entry;
	int n = -ENOENT;

	if (d->broken || !e->kernel) {
		bootcfg_skip(job);
		goto out;
	}
	if (e->kind == BOOTCFG_LINUX && !e->initrd_count)
		e->kind = BOOTCFG_BINARY;
	e->platforms = job->platforms;
	e->title = bootcfg_title(job, title, title_len);
	if (e->title && !e->title[0]) {
		free(e->title);
		e->title = bootcfg_title(job, e->kernel, strlen(e->kernel));
	}
	e->submenu = bootcfg_title(job, submenu, strlen(submenu));
	e->source = strdup(source);
	if (!e->title || !e->submenu || !e->source)
		job->error = -ENOMEM;
	else
		n = bootcfg_merge(job, d);
	if (n >= 0) {
		job->committed++;
		job->served |= job->platforms;
	}
out:
	bootcfg_draft_clear(d);
	return n;
}

void bootcfg_set_default(struct bootcfg_job *job, int entry)
{
	if (entry < 0 || (size_t)entry >= job->out->count || job->defaulted & job->platforms)
		return;
	job->out->entries[entry].is_default = true;
	job->defaulted |= job->platforms;
}

void bootcfg_set_timeout(struct bootcfg_job *job, unsigned long seconds)
{
	if (!job->out->timeout)
		job->out->timeout = seconds > 86400 ? 86400 : (unsigned)seconds;
}
