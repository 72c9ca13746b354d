/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_OPTIONS_H
#define PXEFS_OPTIONS_H

#include "base.h"
#include "menu.h"

/* The command line, as pxefs(8) describes it. */

enum options_mode { OPTIONS_MOUNT, OPTIONS_LIST, OPTIONS_DUMP, OPTIONS_EXPLAIN, OPTIONS_HELP, OPTIONS_VERSION };

struct options {
	enum options_mode mode;
	bool foreground, debug, single;
	bool symfollow;
	char *watch;  /* absolute; of --explain the ISO */
	char *mount;  /* absolute and resolved, or "/dev/fd/N" from mount.fuse3 */
	char *source; /* WATCHDIR as given: what mountinfo shows */
	char *server, *nfs, *http; /* nfs is set: the mount point by default, "" for "/"; http may be "" */
	char *loader; /* absolute */
	char *state;  /* absolute, or "": nothing is kept */
	char *context; /* SELinux options for mount(2), joined, or NULL */
	unsigned timeout, grace, poll; /* seconds */
	unsigned menu_timeout; /* seconds; 0: the main menu waits for ever */
	char *menu_default;    /* an image's path in the tree, MENU_LOCAL, or NULL */
};

/* Fills o from the command line. 0; -EINVAL with one line for people in *why; -ENOMEM. o is to be freed either
 * way. Reads the file system where paths are resolved and compared: a WATCHDIR, loader or state directory
 * below MOUNTPOINT, or MOUNTPOINT below WATCHDIR, is refused. */
int options_parse(int argc, char *const argv[], struct options *o, struct reason *why);

/* Frees what o holds, not o. */
void options_free(struct options *o);

/* What of it the menus are told; the texts stay o's. */
struct menu_site options_menu_site(const struct options *o);

/* What --help prints: one option a line, at most 80 columns. */
void options_help(FILE *f);

#endif
