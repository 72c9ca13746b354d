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
	bool malformed;
};

static const struct grub_truth grub_true = {true, true};

static bool grub_tester_is(const struct grub_tester *t, size_t at, const char *word)
{
	return at < t->end && !strcmp(t->w->v[at].text, word);
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
	long x = strtol(a, NULL, 10), y = strtol(b, NULL, 10);
	int order = strcmp(a, b);

	if (!strcmp(op, "=") || !strcmp(op, "=="))
		return !order;
	if (!strcmp(op, "!="))
		return order;
	if (!strcmp(op, "<"))
		return order < 0;
	if (!strcmp(op, ">"))
		return order > 0;
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
	static const char *const operators[] = {"=",   "==",  "!=",  "<",   ">",  "-eq",
						"-ne", "-lt", "-le", "-gt", "-ge"};

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (!strcmp(op, operators[i]))
			return true;
	return false;
}

static struct grub_truth grub_test_or(struct grub_tester *t, unsigned depth);

static struct grub_truth grub_test_one(struct grub_tester *t, unsigned depth)
{
	size_t left = t->end - t->at;
	const struct grub_word *w;
	struct grub_truth r;

	if (!left) {
		t->malformed = true;
		return (struct grub_truth){false, t->w->known};
	}
	w = &t->w->v[t->at];
	if (left >= 3 && grub_test_operator(w[1].text)) {
		t->at += 3;
		return (struct grub_truth){grub_test_compare(w[1].text, w[0].text, w[2].text),
					   w[0].known && w[2].known};
	}
	if (grub_tester_is(t, t->at, "(") && depth < GRUB_TEST_DEPTH) {
		t->at++;
		r = grub_test_or(t, depth + 1);
		if (grub_tester_is(t, t->at, ")"))
			t->at++;
		else
			t->malformed = true;
		return r;
	}
	if (left >= 2 && w->text[0] == '-' && w->text[1] && strchr("nzefsd", w->text[1]) && !w->text[2]) {
		t->at += 2;
		switch (w->text[1]) {
		case 'n':
			return (struct grub_truth){w[1].text[0], w[1].known};
		case 'z':
			return (struct grub_truth){!w[1].text[0], w[1].known};
		}
		return grub_test_file(t, w->text[1], &w[1]);
	}
	t->at++;
	return (struct grub_truth){w->text[0], w->known};
}

static struct grub_truth grub_test_and(struct grub_tester *t, unsigned depth)
{
	struct grub_truth all = grub_true;

	do {
		bool negated = false;
		struct grub_truth r;

		for (; grub_tester_is(t, t->at, "!"); t->at++)
			negated = !negated;
		r = grub_test_one(t, depth);
		r.value ^= negated;
		/* False for certain is false whatever stands beside it. */
		if (all.known && !all.value)
			continue;
		if (r.known && !r.value)
			all = r;
		else
			all = (struct grub_truth){all.value && r.value, all.known && r.known};
	} while (t->at < t->end && grub_tester_is(t, t->at, "-a") && t->at++ < t->end);
	return all;
}

static struct grub_truth grub_test_or(struct grub_tester *t, unsigned depth)
{
	struct grub_truth any = {false, true};

	do {
		struct grub_truth r = grub_test_and(t, depth);

		if (any.known && any.value)
			continue;
		if (r.known && r.value)
			any = r;
		else
			any = (struct grub_truth){any.value || r.value, any.known && r.known};
	} while (t->at < t->end && grub_tester_is(t, t->at, "-o") && t->at++ < t->end);
	return any;
}

struct grub_truth grub_test(struct bootcfg_job *job, const struct grub_words *w, size_t first, size_t end)
{
	struct grub_tester t = {job, w, first, end, false};
	struct grub_truth r;

	if (first >= end)
		return (struct grub_truth){false, w->known};
	r = grub_test_or(&t, 0);
	if (t.malformed || t.at != t.end)
		r = (struct grub_truth){false, w->known};
	return r;
}
