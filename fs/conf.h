/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_CONF_H
#define PXEFS_CONF_H

#include "base.h"

/* What the administrator says of an image, in NAME.conf beside NAME.iso, or of all images below a folder, in that
 * folder's pxefs.conf: an INI file,
 *
 *	title = Rescue system of the lab    how menus call it
 *	hidden = yes                        served, but in no main menu
 *	default = Live system (amd64)       title of the entry that its menu starts
 *	timeout = 5                         seconds until then; "never"
 *	way = http                          preferred: nfs, http, memory
 *	append = console=ttyS0,115200       kernel words put behind those of every entry
 *	remove = quiet splash vga=*         words taken out; '*' at the end: all that begin so
 *	answer = lab.answer.ks              file for an unattended installation, in this folder or one above it
 *
 *	[entry serial]                      an entry more; the word behind "entry" only tells several apart
 *	title = Live system, serial line
 *	kernel = /live/vmlinuz              paths in the ISO
 *	initrd = /live/initrd.img
 *	append = boot=live netboot=nfs nfsroot=@server@:@iso@ console=ttyS0
 *
 * A value goes on in the next line when that is indented. Words and titles are as hostile as an ISO's: they are
 * quoted and judged by the menus like those. Pure: text in, a structure out. */

#define CONF_FILE_MAX   65536u     /* bytes of a file */
#define CONF_ANSWER_MAX (1u << 20) /* of one for an unattended installation */
#define CONF_ENTRIES  32u
#define CONF_WORDS    256u   /* of one list */
#define CONF_INITRDS  8u

enum conf_way { CONF_WAY_ANY, CONF_WAY_NFS, CONF_WAY_HTTP, CONF_WAY_MEMORY };
enum conf_flag { CONF_UNSAID, CONF_NO, CONF_YES };

#define CONF_TIMEOUT_UNSAID (-2)
#define CONF_TIMEOUT_NEVER  (-1)

/* NULL-terminated list of owned words; NULL where nothing was said. */
struct conf_entry {
	char *name;  /* "entry serial" */
	char *title, *kernel; /* never NULL in a parsed file; kernel is absolute */
	char **initrds; /* absolute paths */
	char **words;
};

struct conf {
	char *title, *default_title, *answer; /* NULL: not said */
	enum conf_flag hidden;
	enum conf_way way;
	int timeout; /* seconds, or CONF_TIMEOUT_... */
	char **append, **remove;
	struct conf_entry *entries;
	size_t entry_count;
};

/* Bytes of an answer file's name before what makes it one: of NAME.answer and NAME.answer.EXT, in any case, those of
 * NAME. 0 for any other name. */
size_t conf_answer_stem(const char *name);

/* Parses len bytes of text, which need not end in a NUL. The answer is a name for conf_answer_stem(), without '/'.
 * 0 (owned by the caller, conf_free); -EINVAL with a sentence that names the line or the key; -ENOMEM. */
int conf_parse(const char *text, size_t len, struct conf **out, struct reason *why);

/* What a folder says (or NULL) with what is nearer (or NULL) over it: of single values the nearer wins; words to
 * append and to remove are those of both, the farther first; entries are those of both. A copy, owned by the
 * caller. 0 or -ENOMEM. */
int conf_merge(const struct conf *far, const struct conf *near, struct conf **out);

/* Frees it; NULL is nothing. */
void conf_free(struct conf *c);

#endif
