/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_BOOTCFG_GRUB_H
#define PXEFS_BOOTCFG_GRUB_H

#include "bootcfg_readers.h"

/* The GRUB 2 reader: tokens, variables and words (bootcfg_grub_words.c); paths and test
 * (bootcfg_grub_test.c); which commands run (bootcfg_grub_flow.c); other files (bootcfg_grub_files.c); what
 * commands do (bootcfg_grub.c). It runs a menu's script far enough to see its entries. Private to these. A
 * word here is as GRUB's parser makes it, without the quotes that it took off. What GRUB hands to a kernel is
 * the words joined by blanks, and one with a blank in it in double quotes, which the kernel takes off again:
 * the same word. GRUB's versions differ in whether '"', "'" and '\\' in a word get a '\\' before them; such a
 * word stays as it is, and the menus' writers refuse it. */

#define GRUB_VARS 256
#define GRUB_VALUE_MAX                                                                                       \
	8192 /* bytes of a word or a value; over BOOTCFG_WORDS_MAX, so what was cut is refused */
#define GRUB_WORDS_MAX 65536 /* bytes of one command's words */
#define GRUB_UNDO_MAX  8192

/* A place in a text that outlives the reader's run. */
struct grub_cursor {
	const char *text;
	size_t len, pos;
	const char *path; /* of the file, for entries */
};

enum grub_token { GRUB_END, GRUB_WORD, GRUB_SEPARATOR, GRUB_OPEN, GRUB_CLOSE };

/* A word as written, quotes and all. */
struct grub_raw {
	const char *p;
	size_t len;
};

/* known is false when a variable took part whose value is not known at this time: one that the menu
 * has not set. Its text is then as if that were empty. */
struct grub_word {
	char *text;
	bool known;
};

struct grub_words {
	struct grub_word *v;
	size_t count, room, bytes;
	bool known; /* of all, those that vanished because they were empty among them */
};

struct grub_var {
	char *name, *value;
	bool known;
};

/* Variables. Between grub_env_mark() and grub_env_undo() what is set is remembered, because a menu's entries
 * and the branches not taken leave nothing behind. */
struct grub_env {
	struct bootcfg_job *job;
	struct grub_var vars[GRUB_VARS];
	size_t count;
	struct grub_var *undo; /* earlier values; value NULL where there was none */
	size_t undo_count, undo_room, undo_bytes;
	unsigned marks;
};

/* What a command or a condition says. Where known is false, value is what it says if everything unknown is
 * empty and every unknown command succeeds: what most likely happens when the disc is booted. */
struct grub_truth {
	bool value, known;
};

/* The next token, GRUB_END also when the budget is used up; a word's text is in *raw. Comments and continued
 * lines are passed over. */
enum grub_token grub_token(struct bootcfg_job *job, struct grub_cursor *c, struct grub_raw *raw);

/* True for that word, written without quotes. */
bool grub_raw_is(struct grub_raw raw, const char *word);

/* NULL when there is none of the name. */
const struct grub_var *grub_env_get(const struct grub_env *env, const char *name, size_t len);

/* Sets a variable, or unsets it where value is NULL. Where there is no room or no budget, nothing is changed. */
void grub_env_set(struct grub_env *env, const char *name, size_t len, const char *value, bool known);

/* Begins to remember; the mark is for the grub_env_undo() that takes back all that was set since. They nest. */
size_t grub_env_mark(struct grub_env *env);
void grub_env_undo(struct grub_env *env, size_t mark);

/* Frees what env holds, not env. */
void grub_env_free(struct grub_env *env);

/* Appends what raw expands to: one word, several where an unquoted value has blanks in it or where an
 * unquoted '*' or '?' makes it a pattern that files of the disc match, or none. args are the positional
 * parameters, $1 being args->v[0]; may be NULL. */
void grub_expand(struct grub_env *env, const struct grub_words *args, struct grub_raw raw,
		 struct grub_words *out);

/* Frees what w holds, not w. */
void grub_words_free(struct grub_words *w);

/* A path of GRUB's without its device, made absolute; NULL as bootcfg_path(), and for lists of blocks. */
char *grub_path(struct bootcfg_job *job, const char *text);

/* The test command over words [first, end). */
struct grub_truth grub_test(struct bootcfg_job *job, const struct grub_words *w, size_t first, size_t end);

#define GRUB_NEST	64 /* blocks, conditions and calls inside one another */
#define GRUB_FUNCTIONS	256
#define GRUB_ITEMS	1024
#define GRUB_EVALS	256
#define GRUB_EVAL_BYTES (1u << 20)

/* What may end a list of commands. */
enum grub_end {
	GRUB_AT_END = 0,
	GRUB_AT_CLOSE = 1,
	GRUB_AT_THEN = 2,
	GRUB_AT_ELIF = 4,
	GRUB_AT_ELSE = 8,
	GRUB_AT_FI = 16,
	GRUB_AT_DO = 32,
	GRUB_AT_DONE = 64,
};

struct grub_function {
	struct grub_raw name;
	struct grub_cursor body;
};

/* What a menu shows, bootable or not: "set default" counts them all. */
struct grub_item {
	int parent; /* the sub-menu that it is in, or -1 */
	int entry;  /* number in the result, or negative */
	bool counts;
	char *title, *id;
};

/* A menu entry while its body runs, or what stands outside of any. */
struct grub_boot {
	struct bootcfg_draft draft;
	bool elsewhere; /* starts something that is not on the disc or not on this platform: no entry, not
			   counted */
};

struct grub {
	struct bootcfg_job *job;
	struct grub_env env;
	struct grub_function functions[GRUB_FUNCTIONS];
	size_t function_count;
	struct grub_item items[GRUB_ITEMS];
	size_t item_count;
	char *evals[GRUB_EVALS];
	size_t eval_count, eval_bytes;
	const struct grub_words *args;
	const char *path; /* of the file that the command stands in */
	struct grub_boot *boot;
	const char *submenu;
	int parent; /* item of the sub-menu */
	int item;   /* item of the entry whose body runs, or -1 */
	unsigned nest, files;
	unsigned unlikely; /* inside a branch that is most likely not taken */
};

/* Runs commands, or where live is false passes over them, until one of ends, which is taken, or until the
 * text or the block around them ends. What the last command said. */
struct grub_truth grub_list(struct grub *g, struct grub_cursor *c, unsigned ends, bool live,
			    enum grub_end *end);

/* Runs a command that is no keyword, and one that has a body: menuentry and submenu, whose '{' has been read.
 */
struct grub_truth grub_command(struct grub *g, const struct grub_cursor *c, const struct grub_words *w);
void grub_entry(struct grub *g, struct grub_cursor *c, const struct grub_words *w, bool submenu);

/* The titles of the sub-menus around with one more; NULL for want of memory. Owned by the caller. */
char *grub_submenu_title(struct grub *g, const char *title);

/* Runs the file at path, an absolute one. */
void grub_file(struct grub *g, const char *path);

/* Commands; w->v[0] is the command's own name. */
void grub_source(struct grub *g, const struct grub_words *w);
void grub_configfile(struct grub *g, const struct grub_words *w);
void grub_eval(struct grub *g, const struct grub_words *w);
void grub_blscfg(struct grub *g, const struct grub_words *w);

#endif
