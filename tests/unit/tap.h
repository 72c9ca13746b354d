/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_TAP_H
#define PXEFS_TAP_H

/* The Test Anything Protocol for unit tests: each point is a line "ok N - what" or "not ok N - what" on
 * stdout, and the plan comes last, so that a test that dies half-way is an error. One file per
 * program includes this. */

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
	unsigned run, failed;
} tap;

/* One test point; fmt says what is tested. Returns cond, so that "if (!tap_ok(...)) return;" can leave. */
__attribute__((format(printf, 2, 3))) static inline bool tap_ok(bool cond, const char *fmt, ...)
{
	va_list ap;

	tap.run++;
	tap.failed += !cond;
	printf("%sok %u - ", cond ? "" : "not ", tap.run);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	return cond;
}

#define ok(cond) tap_ok((cond), "%s:%d: %s", __FILE__, __LINE__, #cond)

/* Skips the whole test program, and leaves. Only before the first point. */
__attribute__((noreturn)) static inline void tap_skip(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	exit(0);
}

/* Prints the plan; main() returns what this returns. */
static inline int tap_done(void)
{
	printf("1..%u\n", tap.run);
	if (tap.failed)
		printf("# %u of %u failed\n", tap.failed, tap.run);
	return tap.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
