/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg.h"
#include "bootcfg_readers.h"

#define BOTH (BOOTCFG_BIOS | BOOTCFG_EFI)

struct bootcfg_place {
	const char *path; /* '*' is any one name */
	void (*read)(struct bootcfg_job *job, const char *path, const char *prefix);
	unsigned platforms;
	const char *prefix; /* NULL: the directory that path lies in */
};

/* In the order in which loaders look, so the first that gives an entry for a platform is what that platform's
 * machines see. */
static const struct bootcfg_place bootcfg_places[] = {
	{"/boot/isolinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/boot/isolinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/isolinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/isolinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/boot/syslinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/boot/syslinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/syslinux/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/syslinux/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	/* An isolinux.bin that was told to look beside itself: SUSE's, linux-live's. */
	{"/boot/*/loader/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/*/boot/isolinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	{"/*/boot/syslinux.cfg", bootcfg_read_isolinux, BOOTCFG_BIOS, NULL},
	/* A GRUB that is for EFI alone. */
	{"/EFI/BOOT/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, NULL},
	{"/EFI/*/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, NULL},
	{"/boot/grub/*-efi/grub.cfg", bootcfg_read_grub, BOOTCFG_EFI, "/boot/grub"},
	{"/boot/grub/grub.cfg", bootcfg_read_grub, BOTH, NULL},
	{"/boot/grub2/grub.cfg", bootcfg_read_grub, BOTH, NULL},
	{"/grub/grub.cfg", bootcfg_read_grub, BOTH, NULL},
	{"/grub2/grub.cfg", bootcfg_read_grub, BOTH, NULL},
	{"/boot/grub/grubsrcd.cfg", bootcfg_read_grub, BOTH, NULL},
	{"/grub.cfg", bootcfg_read_grub, BOTH, NULL},
	{"/loader/entries", bootcfg_read_bls, BOOTCFG_EFI, NULL},
	{"/boot/grub/loopback.cfg", bootcfg_read_grub, BOTH, NULL},
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

/* A list that GRUB's directory for a platform always has. */
#define GRUB_FOR(platform) "/boot/grub/" platform "/moddep.lst"

bool bootcfg_arm(struct bootcfg_job *job)
{
	if (bootcfg_exists(job, "/EFI/BOOT/BOOTX64.EFI"))
		return false;
	if (bootcfg_exists(job, "/EFI/BOOT/BOOTAA64.EFI"))
		return true;
	/* Debian's mini.iso has its EFI program in the boot image alone. */
	return bootcfg_exists(job, GRUB_FOR("arm64-efi")) && !bootcfg_exists(job, GRUB_FOR("x86_64-efi")) &&
	       !bootcfg_exists(job, GRUB_FOR("i386-efi")) && !bootcfg_exists(job, GRUB_FOR("i386-pc"));
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
	*t = (struct bootcfg_text){steal_pointer(name), steal_pointer(text), len, false};
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

/* Menus written for firmwares or under DOS have the other one; in no name that a menu finds is either. */
static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* Appends the components of part to out, which holds *n bytes and no trailing slash. */
static bool bootcfg_join(char out[BOOTCFG_PATH_MAX], size_t *n, const char *part, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t start, size;

		while (i < len && is_slash(part[i]))
			i++;
		for (start = i; i < len && !is_slash(part[i]); i++)
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
	if ((!len || !is_slash(name[0])) && !bootcfg_join(out, &n, dir, dir_len))
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

/* --- the walk --------------------------------------------------------------------------------- */

static void bootcfg_run(struct bootcfg_job *job, const struct bootcfg_place *p, const char *path)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *dir = strndup(path, slash > path ? (size_t)(slash - path) : 1);

	if (!dir) {
		job->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < job->text_count; i++)
		job->texts[i].seen = false;
	p->read(job, path, p->prefix ? p->prefix : dir);
}

/* True for a place that the table names without a '*', which was read before. */
static bool bootcfg_named(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(bootcfg_places); i++)
		if (!strcasecmp(bootcfg_places[i].path, path))
			return true;
	return false;
}

/* Reads the first place with an entry for the platform. What GRUB's menu says for BIOS is nobody's on a disc
 * for ARM machines. */
static void bootcfg_walk(struct bootcfg_job *job, enum bootcfg_platform platform)
{
	bool no_grub = platform == BOOTCFG_BIOS && bootcfg_arm(job);

	job->platforms = platform;
	for (size_t i = 0; i < ARRAY_SIZE(bootcfg_places); i++) {
		const struct bootcfg_place *p = &bootcfg_places[i];
		struct bootcfg_names found = {0};

		if (!(p->platforms & platform) || (no_grub && p->read == bootcfg_read_grub))
			continue;
		if (strchr(p->path, '*'))
			bootcfg_glob(job, p->path, &found);
		else if (p->read == bootcfg_read_bls || bootcfg_exists(job, p->path))
			bootcfg_run(job, p, p->path);
		for (size_t k = 0; k < found.count && !(job->served & platform); k++)
			if (!bootcfg_named(found.v[k]))
				bootcfg_run(job, p, found.v[k]);
		bootcfg_names_free(&found);
		if (job->served & platform)
			return;
	}
}

static int bootcfg_about(const struct bootcfg_files *files, char out[BOOTCFG_ABOUT])
{
	cleanup_free char *text = NULL;
	size_t len, n = 0;
	int r = files->read(files->ctx, "/.disk/info", &text, &len);

	if (r)
		return r == -ENOMEM ? r : 0;
	while (n < len && n < BOOTCFG_ABOUT - 1 && (unsigned char)text[n] >= ' ' && text[n] != 0x7f)
		n++;
	memcpy(out, text, n);
	out[n] = '\0';
	return 0;
}

int bootcfg_read(const struct bootcfg_files *files, struct bootcfg *out)
{
	struct bootcfg b = {0};
	cleanup_free struct bootcfg_job *job = calloc(1, sizeof(*job));
	int r;

	if (!job)
		return -ENOMEM;
	job->files = files;
	job->out = &b;
	job->budget = BOOTCFG_BUDGET;
	bootcfg_walk(job, BOOTCFG_BIOS);
	bootcfg_walk(job, BOOTCFG_EFI);
	r = job->error ? job->error : bootcfg_about(files, b.about);
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
	for (size_t i = 0; i < b->count; i++) {
		struct bootcfg_draft d = {.entry = b->entries[i]};

		bootcfg_draft_clear(&d);
	}
	free(b->entries);
	*b = (struct bootcfg){0};
}
