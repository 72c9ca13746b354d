/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bootcfg_grub.h"

/* Paths as GRUB writes them, and its test command. */

#define GRUB_TEST_DEPTH 16

char *grub_path(struct bootcfg_job *job, const char *text)
{
	const char *end;

	if (*text == '(') {
		/* "((cd0))/x" is "($root)/x" after "root=(cd0)", which GRUB takes as "cd0". */
		end = memrchr(text, ')', strcspn(text, "/"));
		if (!end)
			return NULL;
		text = end + 1;
		/* "(hd0)+1" is a list of blocks. */
		if (!*text || *text == '+' || (*text >= '0' && *text <= '9'))
			return NULL;
	}
	if (*text == '+' || !*text)
		return NULL;
	return bootcfg_path(job, "/", text, strlen(text));
}

struct grub_tester {
	struct bootcfg_job *job;
	const struct grub_words *w;
	size_t at, end;
};

static const struct grub_truth grub_true = {true, true};
static const struct grub_truth grub_false = {false, true};

/* False for certain is false whatever stands beside it. */
static struct grub_truth grub_and(struct grub_truth a, struct grub_truth b)
{
	if ((a.known && !a.value) || (b.known && !b.value))
		return grub_false;
	return (struct grub_truth){a.value && b.value, a.known && b.known};
}

static struct grub_truth grub_or(struct grub_truth a, struct grub_truth b)
{
	if ((a.known && a.value) || (b.known && b.value))
		return grub_true;
	return (struct grub_truth){a.value || b.value, a.known && b.known};
}

static bool grub_test_directory(struct grub_tester *t, const char *path)
{
	cleanup_free char *names = NULL;
	size_t len;

	return !bootcfg_list(t->job, path, &names, &len);
}

/* -e, -f, -s and -d. */
static struct grub_truth grub_test_file(struct grub_tester *t, char op, const struct grub_word *w)
{
	cleanup_free char *path = grub_path(t->job, w->text);
	bool there = path && op != 'd' && bootcfg_exists(t->job, path);

	if (path && !there && (op == 'd' || op == 'e'))
		there = grub_test_directory(t, path);
	return (struct grub_truth){there, w->known};
}

static bool grub_test_compare(const char *op, const char *a, const char *b)
{
	long x = strtol(a, NULL, 0), y = strtol(b, NULL, 0);
	int order = strcmp(a, b);

	if (!strcmp(op, "=") || !strcmp(op, "=="))
		return !order;
	if (!strcmp(op, "!="))
		return order;
	if (!strcmp(op, "<"))
		return order < 0;
	if (!strcmp(op, "<="))
		return order <= 0;
	if (!strcmp(op, ">"))
		return order > 0;
	if (!strcmp(op, ">="))
		return order >= 0;
	if (!strcmp(op, "-eq"))
		return x == y;
	if (!strcmp(op, "-ne"))
		return x != y;
	if (!strcmp(op, "-lt"))
		return x < y;
	if (!strcmp(op, "-le"))
		return x <= y;
	return !strcmp(op, "-gt") ? x > y : x >= y;
}

static bool grub_test_operator(const char *op)
{
	static const char *const operators[] = {"=",   "==",  "!=",  "<",   "<=",  ">",	 ">=",
						"-eq", "-ne", "-lt", "-le", "-gt", "-ge"};

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (!strcmp(op, operators[i]))
			return true;
	return false;
}

/* A test of three words, or of two; false where there is none, and the word means something else. */
static bool grub_test_one(struct grub_tester *t, struct grub_truth *r)
{
	const struct grub_word *w = &t->w->v[t->at];
	size_t left = t->end - t->at;

	if (left >= 3 && grub_test_operator(w[1].text)) {
		*r = (struct grub_truth){grub_test_compare(w[1].text, w[0].text, w[2].text),
					 w[0].known && w[2].known};
		t->at += 3;
		return true;
	}
	if (left < 2 || w->text[0] != '-' || !w->text[1] || !strchr("nzefsd", w->text[1]) || w->text[2])
		return false;
	if (w->text[1] == 'n')
		*r = (struct grub_truth){w[1].text[0], w[1].known};
	else if (w->text[1] == 'z')
		*r = (struct grub_truth){!w[1].text[0], w[1].known};
	else
		*r = grub_test_file(t, w->text[1], &w[1]);
	t->at += 2;
	return true;
}

/* As GRUB has it: tests that stand beside one another are all to be true, with or without "-a"; none at all are. */
static struct grub_truth grub_test_list(struct grub_tester *t, unsigned depth)
{
	struct grub_truth any = grub_false, all = grub_true, r;
	bool negated = false;

	while (t->at < t->end) {
		const struct grub_word *w = &t->w->v[t->at];

		if (!grub_test_one(t, &r)) {
			t->at++;
			if (!strcmp(w->text, ")"))
				break;
			if (!strcmp(w->text, "-a"))
				continue;
			if (!strcmp(w->text, "!")) {
				negated = !negated;
				continue;
			}
			if (!strcmp(w->text, "-o")) {
				any = grub_or(any, all);
				all = grub_true;
				continue;
			}
			if (!strcmp(w->text, "(") && depth < GRUB_TEST_DEPTH)
				r = grub_test_list(t, depth + 1);
			else
				r = (struct grub_truth){w->text[0], w->known};
		}
		r.value ^= negated;
		negated = false;
		all = grub_and(all, r);
	}
	return grub_or(any, all);
}

struct grub_truth grub_test(struct bootcfg_job *job, const struct grub_words *w, size_t first, size_t end)
{
	struct grub_tester t = {job, w, first, end};
	struct grub_truth r = grub_test_list(&t, 0);
	bool gone = !w->known;

	/* What is not known and not there either is a word that vanished, and could have been any. */
	for (size_t i = first; i < end; i++)
		gone = gone && w->v[i].known;
	r.known = r.known && !gone;
	return r;
}
