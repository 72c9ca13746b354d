/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_LOG_H
#define PXEFS_LOG_H

#include "base.h"

/* Where messages go: in the foreground to stderr, in the background to syslog (LOG_DAEMON). The
 * server and the indexers write to stderr with systemd's "<N>" prefix (sd-daemon(3)), which is a
 * pipe to the keeper, and the keeper passes each line on. */

enum log_target { LOG_TARGET_STDERR, LOG_TARGET_SYSLOG, LOG_TARGET_PREFIXED };

/* Chooses the target; before the first call it is stderr. debug lets log_debug() through. */
void log_open(enum log_target target, bool debug);

/* One event, one line, without a newline at the end; names are quoted by the caller with "%s" in
 * double quotes. Control characters come out as '?'. Never fails. */
void log_err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Passes on what a child wrote: text of len bytes, any number of whole lines, each with an optional
 * "<N>" prefix. tag names the child. */
void log_forward(const char *tag, const char *text, size_t len);

#endif
