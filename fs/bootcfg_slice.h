/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BOOTCFG_SLICE_H
#define PXEFS_BOOTCFG_SLICE_H

#include <strings.h>

#include "base.h"

/* Pieces of a menu's text, neither owned nor ended by a NUL. Comparisons ignore case, as isolinux does. */

struct slice {
	const char *p;
	size_t len;
};

/* True for what separates words in a line. */
static inline bool slice_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes the next blank-separated word off *rest; empty at the end. */
static inline struct slice slice_word(struct slice *rest)
{
	struct slice w;

	while (rest->len > 0 && slice_blank(*rest->p)) {
		rest->p++;
		rest->len--;
	}
	w = *rest;
	w.len = 0;
	if (!rest->len)
		return w; /* whose p may be NULL, which nothing may be added to */
	while (w.len < rest->len && !slice_blank(w.p[w.len]))
		w.len++;
	rest->p += w.len;
	rest->len -= w.len;
	return w;
}

/* Without the blanks at both ends. */
static inline struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && slice_blank(*s.p)) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && slice_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* True when it is that word. */
static inline bool slice_is(struct slice s, const char *word)
{
	return s.len == strlen(word) && !strncasecmp(s.p, word, s.len);
}

/* True when both are the same and not empty. */
static inline bool slice_same(struct slice a, struct slice b)
{
	return a.len == b.len && a.len && !strncasecmp(a.p, b.p, a.len);
}

/* True when it ends so. */
static inline bool slice_ends(struct slice s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len >= n && !strncasecmp(s.p + s.len - n, suffix, n);
}

/* The file's name without directories. */
static inline struct slice slice_base(struct slice s)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
			return (struct slice){ s.p + i, s.len - i };
	return s;
}

#endif
