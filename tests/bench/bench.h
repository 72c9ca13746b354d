/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BENCH_H
#define PXEFS_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* What the parts of the benchmark's helper share; bench.c begins with the commands. */

#define BENCH_MIB ((uint64_t)1 << 20)
#define BENCH_PATIENCE_S 60

/* Says what is wrong and leaves. */
__attribute__((format(printf, 1, 2), noreturn)) void die(const char *fmt, ...);

/* Seconds of CLOCK_MONOTONIC. */
double now(void);

/* The pause between two looks at something that is to come. */
void nap(void);

/* A decimal number, or the end. */
uint64_t number(const char *s);

/* The next of a sequence that its state decides. */
uint64_t noise(uint64_t *state);

int open_or_die(const char *path, int flags);
uint64_t size_of(const char *path);

/* Of n values, which it sorts. */
double median(double *v, size_t n);

/* Drives a file's pages out of memory. */
void evict(const char *path);

/* The commands: what they are given after their name; 2 is wrong usage. */
int run_drop(int argc, char *argv[]);
int run_start(int argc, char *argv[]);
int run_memory(int argc, char *argv[]);
int run_read(int argc, char *argv[]);
int run_cold(int argc, char *argv[]);

#endif
