/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <strings.h>

#include "bootcfg.h"
#include "bootcfg_readers.h"

#define BOTH (BOOTCFG_BIOS | BOOTCFG_EFI)

struct bootcfg_place {
	const char *path;
	void (*read)(struct bootcfg_job *job, const char *path, const char *prefix);
	unsigned platforms;
	const char *prefix;
	bool last_resort; /* only when no menu of GRUB's gave an entry */
};

/* isolinux stands before GRUB, because what it gives decides whom GRUB's menus are for. */
static const struct bootcfg_place bootcfg_places[] = {
	{ "/boot/isolinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/isolinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/boot/syslinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/syslinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/boot/isolinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/isolinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/boot/syslinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/syslinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/boot/x86_64/loader/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/boot/i386/loader/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL, false },
	{ "/boot/grub/grub.cfg", bootcfg_read_grub, BOTH, "/boot/grub", false },
	{ "/boot/grub2/grub.cfg", bootcfg_read_grub, BOTH, "/boot/grub2", false },
	{ "/grub/grub.cfg", bootcfg_read_grub, BOTH, "/grub", false },
	{ "/grub2/grub.cfg", bootcfg_read_grub, BOTH, "/grub2", false },
	{ "/boot/grub/grubsrcd.cfg", bootcfg_read_grub, BOTH, "/boot/grub", false },
	{ "/EFI/BOOT/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/EFI/BOOT", false },
	{ "/EFI/debian/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/EFI/debian", false },
	{ "/EFI/ubuntu/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/EFI/ubuntu", false },
	{ "/EFI/fedora/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/EFI/fedora", false },
	{ "/EFI/redhat/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/EFI/redhat", false },
	{ "/EFI/centos/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/EFI/centos", false },
	{ "/EFI/xenserver/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/EFI/xenserver", false },
	{ "/boot/grub/x86_64-efi/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/boot/grub", false },
	{ "/boot/grub/arm64-efi/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/boot/grub", false },
	/* Its words are for another loader that has the ISO as a file on a disk. */
	{ "/boot/grub/loopback.cfg", bootcfg_read_grub, BOTH, "/boot/grub", true },
};

/* --- the job ---------------------------------------------------------------------------------- */

bool bootcfg_spend(struct bootcfg_job *job, size_t n)
{
	if (job->error || !job->budget)
		return false;
	if (job->budget <= n) {
		job->budget = 0;
		bootcfg_skip(job);
		return false;
	}
	job->budget -= n;
	return true;
}

void bootcfg_skip(struct bootcfg_job *job)
{
	if (job->out->skipped < UINT32_MAX)
		job->out->skipped++;
}

bool bootcfg_exists(struct bootcfg_job *job, const char *path)
{
	return bootcfg_spend(job, 1024) && job->files->exists(job->files->ctx, path);
}

static int bootcfg_load(struct bootcfg_job *job, const char *path, struct bootcfg_text *t)
{
	cleanup_free char *text = NULL;
	cleanup_free char *name = NULL;
	size_t len = 0;
	int r;

	if (job->text_count >= BOOTCFG_TEXTS)
		return -EFBIG;
	r = job->files->read(job->files->ctx, path, &text, &len);
	if (r)
		return r;
	if (len > BOOTCFG_TEXT_MAX || len > BOOTCFG_TEXTS_BYTES - job->text_bytes || !bootcfg_spend(job, len))
		return -EFBIG;
	name = strdup(path);
	if (!name)
		return -ENOMEM;
	for (size_t i = 0; i < len; i++)
		if (!text[i])
			text[i] = ' ';
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		memset(text, ' ', 3);
	*t = (struct bootcfg_text){ steal_pointer(name), steal_pointer(text), len, false };
	job->text_bytes += len;
	return 0;
}

int bootcfg_open(struct bootcfg_job *job, const char *path, unsigned depth, const struct bootcfg_text **text)
{
	struct bootcfg_text *t = NULL;
	int r;

	if (depth > BOOTCFG_DEPTH)
		return -ELOOP;
	if (!bootcfg_spend(job, 1024))
		return -EFBIG;
	/* Any case is one file, as it is for the callee. */
	for (size_t i = 0; i < job->text_count && !t; i++)
		if (!strcasecmp(job->texts[i].path, path))
			t = &job->texts[i];
	if (!t) {
		r = bootcfg_load(job, path, &job->texts[job->text_count]);
		if (r == -ENOMEM)
			job->error = r;
		if (r)
			return r;
		t = &job->texts[job->text_count++];
	}
	if (t->seen)
		return -EALREADY;
	t->seen = true;
	*text = t;
	return 0;
}

/* --- paths ------------------------------------------------------------------------------------ */

/* Appends the components of part to out, which holds *n bytes and no trailing slash. */
static bool bootcfg_join(char out[BOOTCFG_PATH_MAX], size_t *n, const char *part, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t start, size;

		while (i < len && part[i] == '/')
			i++;
		for (start = i; i < len && part[i] != '/'; i++)
			if ((unsigned char)part[i] < 0x20 || part[i] == 0x7f)
				return false;
		size = i - start;
		if (!size || (size == 1 && part[start] == '.'))
			continue;
		if (size == 2 && part[start] == '.' && part[start + 1] == '.') {
			while (*n > 0 && out[--*n] != '/')
				;
			continue;
		}
		if (!range_inside(*n, size + 2, BOOTCFG_PATH_MAX))
			return false;
		out[(*n)++] = '/';
		memcpy(out + *n, part + start, size);
		*n += size;
	}
	return true;
}

static char *bootcfg_path_in(struct bootcfg_job *job, const char *dir, size_t dir_len, const char *name,
			     size_t len)
{
	char out[BOOTCFG_PATH_MAX];
	size_t n = 0;
	char *path;

	if (!bootcfg_spend(job, len + dir_len))
		return NULL;
	if ((!len || name[0] != '/') && !bootcfg_join(out, &n, dir, dir_len))
		return NULL;
	if (!bootcfg_join(out, &n, name, len))
		return NULL;
	if (!n)
		out[n++] = '/';
	path = strndup(out, n);
	if (!path)
		job->error = -ENOMEM;
	return path;
}

char *bootcfg_path(struct bootcfg_job *job, const char *dir, const char *name, size_t len)
{
	return bootcfg_path_in(job, dir, strlen(dir), name, len);
}

char *bootcfg_path_beside(struct bootcfg_job *job, const char *path, const char *name, size_t len)
{
	const char *slash = strrchr(path, '/');

	return bootcfg_path_in(job, path, slash ? (size_t)(slash - path) : 0, name, len);
}

/* --- drafts and entries ----------------------------------------------------------------------- */

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
	*e = (struct bootcfg_entry){ 0 };
}

void bootcfg_draft_clear(struct bootcfg_draft *d)
{
	bootcfg_entry_clear(&d->entry);
	*d = (struct bootcfg_draft){ 0 };
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
	/* Judged as it comes out: a control character that goes may stand in the middle of "initrd=". One that is
	 * taken out counts against no limit, however long it is. */
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

	if (a->kind != b->kind || a->initrd_count != b->initrd_count || strcmp(a->kernel, b->kernel) ||
	    strcmp(a->title, b->title))
		return false;
	for (size_t i = 0; i < a->initrd_count; i++)
		if (strcmp(a->initrds[i], b->initrds[i]) ||
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
	d->entry = (struct bootcfg_entry){ 0 };
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
	job->committed += n >= 0;
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

/* --- the walk --------------------------------------------------------------------------------- */

/* The one place that decides whom a menu is for. An ISO that has isolinux boots BIOS machines with it and has
 * GRUB for the others; without it, GRUB boots both. */
static unsigned bootcfg_place_platforms(const struct bootcfg_job *job, const struct bootcfg_place *p)
{
	if (p->read == bootcfg_read_grub && job->isolinux)
		return p->platforms & BOOTCFG_EFI;
	return p->platforms;
}

static void bootcfg_run(struct bootcfg_job *job, const struct bootcfg_place *p, unsigned platforms)
{
	for (size_t i = 0; i < job->text_count; i++)
		job->texts[i].seen = false;
	job->platforms = platforms;
	p->read(job, p->path, p->prefix);
}

int bootcfg_read(const struct bootcfg_files *files, struct bootcfg *out)
{
	struct bootcfg b = { 0 };
	cleanup_free struct bootcfg_job *job = calloc(1, sizeof(*job));
	bool grub = false;
	int r;

	if (!job)
		return -ENOMEM;
	job->files = files;
	job->out = &b;
	job->budget = BOOTCFG_BUDGET;
	for (size_t i = 0; i < ARRAY_SIZE(bootcfg_places); i++) {
		const struct bootcfg_place *p = &bootcfg_places[i];
		unsigned platforms = bootcfg_place_platforms(job, p);
		size_t before = job->committed;

		if ((p->last_resort && grub) || !bootcfg_exists(job, p->path))
			continue;
		/* Once a platform, since a GRUB menu asks where it runs. */
		if (platforms & BOOTCFG_BIOS)
			bootcfg_run(job, p, BOOTCFG_BIOS);
		if (platforms & BOOTCFG_EFI)
			bootcfg_run(job, p, BOOTCFG_EFI);
		if (job->committed > before && p->read == bootcfg_read_isolinux)
			job->isolinux = true;
		if (job->committed > before && p->read == bootcfg_read_grub)
			grub = true;
	}
	r = job->error;
	for (size_t i = 0; i < job->text_count; i++) {
		free(job->texts[i].path);
		free(job->texts[i].text);
	}
	if (r) {
		bootcfg_free(&b);
		return r;
	}
	*out = b;
	return 0;
}

void bootcfg_free(struct bootcfg *b)
{
	for (size_t i = 0; i < b->count; i++)
		bootcfg_entry_clear(&b->entries[i]);
	free(b->entries);
	*b = (struct bootcfg){ 0 };
}
