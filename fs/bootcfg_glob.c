/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_readers.h"

/* Directories of the ISO: what is in one, and which paths a pattern means. */

#define GLOB_DEPTH	4		 /* components with '*' or '?' in one pattern */
#define GLOB_LIST_SPENT BOOTCFG_LIST_MAX /* what a listing costs of the job's budget, however short it is */

int bootcfg_list(struct bootcfg_job *job, const char *path, char **names, size_t *len)
{
	cleanup_free char *text = NULL;
	size_t n = 0;
	int r;

	if (!bootcfg_spend(job, GLOB_LIST_SPENT))
		return -EFBIG;
	r = job->files->list(job->files->ctx, path, &text, &n);
	if (r == -ENOMEM)
		job->error = r;
	if (r)
		return r;
	if (n > BOOTCFG_LIST_MAX || (n && text[n - 1]))
		return -EBADMSG;
	*names = steal_pointer(text);
	*len = n;
	return 0;
}

static char glob_fold(char c, bool any_case)
{
	return any_case && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Where a '*' has taken too little, the last one takes one more: earlier ones need not be tried again. */
bool bootcfg_match(const char *pattern, size_t pattern_len, const char *name, size_t len, bool any_case)
{
	size_t p = 0, n = 0, star = SIZE_MAX, taken = 0;

	while (n < len) {
		if (p < pattern_len && pattern[p] == '*') {
			star = p++;
			taken = n;
		} else if (p < pattern_len && (pattern[p] == '?' || glob_fold(pattern[p], any_case) ==
									    glob_fold(name[n], any_case))) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++taken;
		} else {
			return false;
		}
	}
	while (p < pattern_len && pattern[p] == '*')
		p++;
	return p == pattern_len;
}

/* --- patterns --------------------------------------------------------------------------------- */

static void glob_at(struct bootcfg_job *job, const char *dir, const char *rest, unsigned depth,
		    struct bootcfg_names *out);

/* Adds path, which is taken over. */
static void glob_add(struct bootcfg_job *job, char *path, struct bootcfg_names *out)
{
	if (out->count == BOOTCFG_MATCHES) {
		bootcfg_skip(job);
		free(path);
	} else if (array_grow(&out->v, &out->room, out->count, sizeof(*out->v))) {
		job->error = -ENOMEM;
		free(path);
	} else {
		out->v[out->count++] = path;
	}
}

/* Goes on below each name of the directory that the component matches. True when there was one. */
static bool glob_names(struct bootcfg_job *job, const char *dir, const char *names, size_t len,
		       const char *pattern, bool loose, unsigned depth, struct bootcfg_names *out)
{
	size_t pattern_len = strcspn(pattern, "/");
	const char *rest = pattern + pattern_len, *next;
	bool any = false;

	for (const char *name = names; name < names + len; name = next) {
		size_t n = strlen(name);
		bool folder = n > 0 && name[n - 1] == '/';
		char *path;

		next = name + n + 1;
		n -= folder;
		if (loose && n > 2 && !memcmp(name + n - 2, ";1", 2))
			n -= 2;
		if (!bootcfg_spend(job, n + pattern_len + n * pattern_len / 32 + 1))
			return any;
		if ((*rest && !folder) || !bootcfg_match(pattern, pattern_len, name, n, loose))
			continue;
		any = true;
		path = bootcfg_path(job, dir, name, n);
		if (path && *rest) {
			glob_at(job, path, rest, depth + 1, out);
			free(path);
		} else if (path) {
			glob_add(job, path, out);
		}
	}
	return any;
}

/* rest begins with a slash. */
static void glob_at(struct bootcfg_job *job, const char *dir, const char *rest, unsigned depth,
		    struct bootcfg_names *out)
{
	cleanup_free char *base = NULL;
	cleanup_free char *names = NULL;
	size_t wild, at, len;

	while (rest[1] == '/')
		rest++;
	wild = at = strcspn(rest, "*?");
	while (at > 0 && rest[at - 1] != '/')
		at--;
	if (!rest[wild]) {
		base = bootcfg_path(job, dir, rest + 1, wild - 1);
		if (base && bootcfg_exists(job, base))
			glob_add(job, steal_pointer(base), out);
		return;
	}
	base = bootcfg_path(job, dir, rest + 1, at - 1);
	if (!base)
		return;
	if (depth == GLOB_DEPTH) {
		bootcfg_skip(job);
		return;
	}
	if (!bootcfg_list(job, base, &names, &len) &&
	    !glob_names(job, base, names, len, rest + at, false, depth, out))
		glob_names(job, base, names, len, rest + at, true, depth, out);
}

void bootcfg_glob(struct bootcfg_job *job, const char *pattern, struct bootcfg_names *out)
{
	if (*pattern == '/')
		glob_at(job, "/", pattern, 0, out);
}

void bootcfg_names_free(struct bootcfg_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->v[i]);
	free(names->v);
	*names = (struct bootcfg_names){0};
}
