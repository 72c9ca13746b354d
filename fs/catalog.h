/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_CATALOG_H
#define PXEFS_CATALOG_H

#include "base.h"
#include "image.h"
#include "menu.h"
#include "snapshot.h"

/* All images, by name and by id: what is present, what is withdrawn and in its grace, what was refused.
 * One thread (the control thread) changes it and commits; any thread takes the current snapshot. The one
 * lock guards the pointer to that snapshot and is held for two instructions. */

/* A retired menu is for who is reading it just now: it answers for 10 minutes, and of all that are retired the
 * latest 16 MiB do. */
#define CATALOG_RETIRED_SECONDS 600
#define CATALOG_RETIRED_BYTES (16u << 20)

struct catalog;

struct catalog_config {
	struct menu_site site;
	unsigned grace;       /* seconds that a retired text answers by id; at most CATALOG_RETIRED_SECONDS */
	unsigned volume_bits; /* 0 for all 31; fewer in tests, to make two images want one id */
	/* Called for each text that is retired, with the CLOCK_MONOTONIC second until which it answers; may be NULL. */
	void (*retired)(void *ctx, const struct text *t, int64_t until);
	/* Called with a line, its newline included, to be kept in the state directory; may be NULL. */
	void (*record)(void *ctx, const char *line);
	void *ctx; /* of both */
};

/* What the kernel has to be told after a commit: a name in a folder is something else or gone. The
 * folder's own attributes and listing change with it. */
struct catalog_change {
	uint64_t folder; /* node id */
	char *name;
};

struct catalog_changes {
	struct catalog_change *list;
	size_t count, room;
};

/* An empty one, without a snapshot yet; copies the texts of config->site. 0 or -ENOMEM. */
int catalog_new(const struct catalog_config *config, struct catalog **out);

/* Lets go of all that it holds; snapshots that others hold stay. NULL is nothing. */
void catalog_free(struct catalog *c);

/* The lines that record() was given in earlier lives. What is not understood is ignored. 0 or -ENOMEM. */
int catalog_remember(struct catalog *c, const char *text, size_t len);

/* An image of the watch folder; takes over the reference, also on failure. It gets its volume ids here. 0
 * or -ENOMEM. */
int catalog_add(struct catalog *c, struct image *im);

/* What the judge found out about an image that was added: index_fd (borrowed) goes to image_judged(). Its menu is made
 * anew by the next commit, and nothing else of it changes. 0; -ENOENT for an unknown serial; as image_judged(). */
int catalog_judged(struct catalog *c, uint64_t serial, int index_fd, struct reason *why);

/* To .old/, listed and readable until dropped. Unknown serials are ignored. */
void catalog_withdraw(struct catalog *c, uint64_t serial, struct timespec when);

/* Out of the tree at once, whether image or note. */
void catalog_drop(struct catalog *c, uint64_t serial);

/* Before a drop: somebody has opened the file for writing. A program that only touches it is gone in a moment
 * and the same image is back, so for CATALOG_SUSPENDED_SECONDS from now (CLOCK_MONOTONIC) its ids are not stale
 * but not ready (-ETIMEDOUT), and NFS clients wait. */
#define CATALOG_SUSPENDED_SECONDS 30
void catalog_suspend(struct catalog *c, uint64_t serial, int64_t now);

/* A file that is not served, and why. path is below the watch folder; it and reason are copied. 0 or -ENOMEM. */
int catalog_note(struct catalog *c, uint64_t serial, const char *path, enum menu_state state, const char *reason,
		 uint64_t size);

/* A file that is the administrator's word (conf.h), or with answer set one for an unattended installation, in
 * place of what it said before; data NULL: it is gone. when: it was written. Copies data. 0 or
 * -ENOMEM. */
int catalog_conf(struct catalog *c, const char *path, bool answer, const char *data, size_t size,
		 struct timespec when);

/* The loader directory (loader.h), replacing an earlier one. Takes over the reference, also on failure. 0; -ENOMEM, or
 * -EBADMSG for a damaged pack, and then with the files before the damage. */
int catalog_loader(struct catalog *c, struct blob *pack);

/* A text that an earlier server retired, so that who has it open reads on until then (CLOCK_MONOTONIC seconds).
 * Takes over data, also on failure. 0 or -ENOMEM. */
int catalog_restore(struct catalog *c, const char *path, char *data, size_t size, struct timespec mtime, int64_t until);

/* Whether every ISO of the watch folder has been seen: from the next commit on, an unknown id is stale, not early. */
void catalog_settle(struct catalog *c, bool settled);

/* Latest change in the world that the times of folders and texts may show; never goes back. */
void catalog_touch(struct catalog *c, struct timespec when);

/* Makes the next snapshot from all of the above and shows it. now is CLOCK_MONOTONIC seconds, for the grace
 * of retired texts. changes (may be NULL) is filled by comparison with the snapshot before; the
 * caller tells the kernel, holding nothing, then catalog_changes_free(). 0; -ENOMEM or -EEXIST (names_map()), and the
 * old snapshot stays. */
int catalog_commit(struct catalog *c, int64_t now, struct catalog_changes *changes);

/* Frees what changes holds, not changes; leaves it empty. */
void catalog_changes_free(struct catalog_changes *changes);

/* Seconds from now, a day at most, until a commit would let go of a retired text or of suspended ids; -1 for never. */
int catalog_next(const struct catalog *c, int64_t now);

/* The current snapshot, referenced for the caller; never NULL after the first commit. Any thread. */
struct snapshot *catalog_get(struct catalog *c);

/* Numbers for people: images present, files refused, files incomplete. */
void catalog_count(const struct catalog *c, unsigned *present, unsigned *refused, unsigned *incomplete);

#endif
