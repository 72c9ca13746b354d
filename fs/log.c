/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdarg.h>
#include <syslog.h>

#include "log.h"

static enum log_target log_where = LOG_TARGET_STDERR;
static bool log_debugging;

void log_open(enum log_target target, bool debug)
{
	log_where = target;
	log_debugging = debug;
	if (target == LOG_TARGET_SYSLOG)
		openlog("pxefs", LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

static void log_line(int priority, const char *line)
{
	char out[1100];
	int len;

	if (log_where == LOG_TARGET_SYSLOG) {
		syslog(priority, "%s", line);
		return;
	}
	if (log_where == LOG_TARGET_PREFIXED)
		len = snprintf(out, sizeof(out), "<%d>%s\n", priority, line);
	else
		len = snprintf(out, sizeof(out), "pxefs: %s\n", line);
	/* One write a line, so that lines of several threads do not mix. */
	if (len > 0)
		(void)!write(STDERR_FILENO, out, (size_t)len);
}

static void log_va(int priority, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void log_va(int priority, const char *fmt, va_list ap)
{
	char line[1024];

	vsnprintf(line, sizeof(line), fmt, ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	log_line(priority, line);
}

void log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_va(LOG_ERR, fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_va(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_va(LOG_INFO, fmt, ap);
	va_end(ap);
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	if (!log_debugging)
		return;
	va_start(ap, fmt);
	log_va(LOG_DEBUG, fmt, ap);
	va_end(ap);
}

void log_forward(const char *tag, const char *text, size_t len)
{
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;
		int priority = LOG_ERR; /* what has no prefix is a sanitizer's or the C library's last word */
		const char *line = text;
		size_t line_len = n;
		char out[1024];

		if (n >= 3 && text[0] == '<' && text[1] >= '0' && text[1] <= '7' && text[2] == '>') {
			priority = text[1] - '0';
			line += 3;
			line_len -= 3;
		}
		snprintf(out, sizeof(out), "%s%s%.*s", tag, *tag ? ": " : "", (int)line_len, line);
		for (char *p = out; *p; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				*p = '?';
		if (line_len > 0 && (priority != LOG_DEBUG || log_debugging))
			log_line(priority, out);
		if (!end)
			break;
		text = end + 1;
		len -= n + 1;
	}
}
