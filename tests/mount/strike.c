/* SPDX-License-Identifier: GPL-2.0-or-later */
/* strike PARENT NAME SIGNAL: waits, at most ten seconds, until PARENT has a child whose argv[0] is NAME, and
 * sends it the signal at once. For processes that live too short for a shell to find. Prints the process's
 * id. */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool is_called(long pid, const char *name)
{
	char path[64], text[256] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/cmdline", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (!fread(text, 1, sizeof(text) - 1, f))
		text[0] = 0;
	fclose(f);
	return !strcmp(text, name);
}

static long child_called(long parent, const char *name)
{
	long pid, found = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", parent, parent);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (!found && fscanf(f, "%ld", &pid) == 1)
		if (is_called(pid, name))
			found = pid;
	fclose(f);
	return found;
}

int main(int argc, char *argv[])
{
	time_t until = time(NULL) + 10;

	if (argc != 4) {
		fputs("strike PARENT NAME SIGNAL\n", stderr);
		return 2;
	}
	while (time(NULL) < until) {
		long pid = child_called(atol(argv[1]), argv[2]);

		if (pid > 0 && !kill((pid_t)pid, atoi(argv[3]))) {
			printf("%ld\n", pid);
			return 0;
		}
	}
	fprintf(stderr, "strike: no %s came\n", argv[2]);
	return EXIT_FAILURE;
}
