/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <signal.h>

#include "index.h"
#include "job.h"
#include "keeper_private.h"
#include "log.h"
#include "menu.h"

struct keeper_item *keeper_item(struct keeper *k, uint64_t serial)
{
	for (size_t i = 0; i < k->item_count; i++)
		if (k->items[i].serial == serial)
			return &k->items[i];
	return NULL;
}

static struct timespec keeper_later(struct timespec a, struct timespec b)
{
	return timespec_cmp(a, b) < 0 ? b : a;
}

static struct timespec keeper_real(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t;
}

/* Tells of a change of that time, before the change itself. Once clients look, each is later than the one
 * before, also when an older file comes after a younger one or a file is of the future: a folder whose list
 * changes and whose time does not stays in an NFS client's cache. */
void keeper_touch(struct keeper *k, struct timespec when)
{
	struct proto_head head = {.type = PROTO_TOUCH};

	if (k->served && timespec_cmp(when, k->changed) <= 0) {
		when = k->changed;
		if (++when.tv_nsec == 1000000000) {
			when.tv_nsec = 0;
			when.tv_sec++;
		}
		when = keeper_later(when, keeper_real());
	}
	k->changed = keeper_later(k->changed, when);
	head.when_sec = when.tv_sec;
	head.when_nsec = (uint32_t)when.tv_nsec;
	keeper_say(k, &head, "", 0, -1, -1);
}

/* --- telling ---------------------------------------------------------------------------------- */

static void keeper_head(const struct keeper_item *it, enum proto_type type, struct proto_head *head)
{
	*head = (struct proto_head){.type = type,
				    .code = type == PROTO_DROP ? it->changing : it->note,
				    .serial = it->serial,
				    .size = (uint64_t)it->st.st_size,
				    .when_sec = it->when.tv_sec,
				    .when_nsec = (uint32_t)it->when.tv_nsec,
				    .mtime_sec = it->st.st_mtim.tv_sec,
				    .mtime_nsec = (uint32_t)it->st.st_mtim.tv_nsec};
}

/* sv NULL: to all. */
static void keeper_tell(struct keeper *k, struct keeper_server *sv, const struct keeper_item *it,
			enum proto_type type)
{
	cleanup_free char *text = NULL;
	struct proto_head head;
	size_t len = 0;
	int image = -1, index = -1;

	keeper_head(it, type, &head);
	if (type == PROTO_PRESENT) {
		len = strlen(it->path);
		text = strdup(it->path);
		image = it->image;
		index = it->index;
	} else if (type == PROTO_NOTE) {
		int n = asprintf(&text, "%s%c%s", it->path, 0, it->why.text);

		if (n < 0)
			text = NULL;
		len = (size_t)n;
	}
	if (!text && len)
		return;
	if (len > PROTO_TEXT)
		len = PROTO_TEXT;
	if (sv)
		keeper_say_to(k, sv, &head, text, len, image, index);
	else
		keeper_say(k, &head, text, len, image, index);
}

void keeper_tell_items(struct keeper *k, struct keeper_server *sv)
{
	struct proto_head touch = {.type = PROTO_TOUCH,
				   .when_sec = k->changed.tv_sec,
				   .when_nsec = (uint32_t)k->changed.tv_nsec};

	keeper_say_to(k, sv, &touch, "", 0, -1, -1);
	keeper_tell_confs(k, sv);
	for (size_t i = 0; i < k->item_count; i++) {
		const struct keeper_item *it = &k->items[i];

		if (it->state == KEEPER_PRESENT || it->state == KEEPER_OLD)
			keeper_tell(k, sv, it, PROTO_PRESENT);
		keeper_tell_verdict(k, sv, it);
		if (it->state == KEEPER_OLD)
			keeper_tell(k, sv, it, PROTO_WITHDRAWN);
		if (it->state == KEEPER_NOTE)
			keeper_tell(k, sv, it, PROTO_NOTE);
	}
}

/* --- life of an item -------------------------------------------------------------------------- */

static void keeper_item_clear(struct keeper *k, struct keeper_item *it)
{
	if (it->job > 0) {
		/* Its end is still to be collected, by a pid that no item knows then. */
		kill(it->job, SIGKILL);
		k->jobs--;
	}
	keeper_judge_stop(k, it->serial);
	fd_close(&it->job_out);
	fd_close(&it->index);
	fd_close(&it->verdict);
	free(it->path);
}

/* Forgets it and gives its descriptor back. */
static void keeper_item_end(struct keeper *k, struct keeper_item *it)
{
	uint64_t serial = it->serial;
	bool held = it->image >= 0;

	keeper_item_clear(k, it);
	memmove(it, it + 1, (size_t)(&k->items[--k->item_count] - it) * sizeof(*it));
	if (held)
		watch_release(k->watch, serial);
}

void keeper_items_free(struct keeper *k)
{
	for (size_t i = 0; i < k->item_count; i++)
		keeper_item_clear(k, &k->items[i]);
	free(k->items);
	k->items = NULL;
	k->item_count = 0;
}

static struct keeper_item *keeper_item_new(struct keeper *k, const struct watch_event *ev)
{
	struct keeper_item *it;

	if (array_grow(&k->items, &k->item_room, k->item_count, sizeof(*k->items)))
		return NULL;
	it = &k->items[k->item_count];
	*it = (struct keeper_item){
		.serial = ev->serial, .image = ev->fd, .index = -1, .job_out = -1, .verdict = -1, .st = ev->st};
	it->when = keeper_later(ev->st.st_mtim, ev->st.st_ctim);
	it->path = strdup(ev->path);
	if (!it->path)
		return NULL;
	k->item_count++;
	return it;
}

/* Out of the tree. The image goes when the server has said that nobody reads it; without a server, now. */
static void keeper_item_drop(struct keeper *k, struct keeper_item *it)
{
	bool shown = it->state == KEEPER_PRESENT || it->state == KEEPER_OLD;

	if (it->state == KEEPER_DROPPING)
		return;
	keeper_judge_stop(k, it->serial);
	fd_close(&it->verdict);
	if (shown || it->state == KEEPER_NOTE)
		keeper_tell(k, NULL, it, PROTO_DROP);
	if (shown && k->server.pid > 0)
		it->state = KEEPER_DROPPING;
	else
		keeper_item_end(k, it);
}

void keeper_released(struct keeper *k, uint64_t serial)
{
	struct keeper_item *it = keeper_item(k, serial);

	if (it && it->state == KEEPER_DROPPING)
		keeper_item_end(k, it);
}

void keeper_released_all(struct keeper *k)
{
	for (size_t i = k->item_count; i-- > 0;)
		if (k->items[i].state == KEEPER_DROPPING)
			keeper_item_end(k, &k->items[i]);
}

static void keeper_note(struct keeper *k, struct keeper_item *it, enum menu_state note, const char *reason)
{
	it->state = KEEPER_NOTE;
	it->note = note;
	reason_set(&it->why, 0, "%s", reason);
	/* A copy going on is no event worth a line; a file that nobody writes and that is not whole is. */
	if (note == MENU_REJECTED)
		log_warn("\"%s\" is not served: %s", it->path, reason);
	else if (it->image >= 0)
		log_info("\"%s\" is not served yet: %s", it->path, reason);
	else
		log_debug("\"%s\" is incomplete: %s", it->path, reason);
	keeper_touch(k, it->when);
	keeper_tell(k, NULL, it, PROTO_NOTE);
}

static void keeper_publish(struct keeper *k, struct keeper_item *it)
{
	it->state = KEEPER_PRESENT;
	it->judged = index_is_judged(it->index);
	log_info("\"%s\" is served", it->path);
	keeper_touch(k, it->when);
	keeper_tell(k, NULL, it, PROTO_PRESENT);
}

/* --- indexing --------------------------------------------------------------------------------- */

static void keeper_ready(struct keeper *k, struct keeper_item *it)
{
	if (!state_load(k->state, &it->st, &it->index)) {
		it->cached = true;
		keeper_publish(k, it);
		return;
	}
	it->state = KEEPER_QUEUED;
}

void keeper_start_jobs(struct keeper *k)
{
	for (size_t i = 0; i < k->item_count && k->jobs < k->jobs_max; i++) {
		struct keeper_item *it = &k->items[i];
		int r;

		if (it->state != KEEPER_QUEUED)
			continue;
		r = job_index(k->program, it->image, k->log_out, &it->job_out, &it->job);
		if (r) {
			it->job = 0;
			keeper_note(k, it, MENU_REJECTED, strerror(-r));
			continue;
		}
		it->state = KEEPER_INDEXING;
		k->jobs++;
	}
}

bool keeper_job_ended(struct keeper *k, pid_t pid, int status)
{
	struct keeper_item *it = NULL;
	struct reason why = {""};
	int r;

	for (size_t i = 0; i < k->item_count && !it; i++)
		if (k->items[i].job == pid)
			it = &k->items[i];
	if (!it)
		return false;
	it->job = 0;
	k->jobs--;
	r = job_index_done(it->job_out, status, &why);
	if (r) {
		fd_close(&it->job_out);
		keeper_note(k, it, r == -ENODATA ? MENU_INCOMPLETE : MENU_REJECTED, why.text);
	} else {
		it->index = steal_fd(it->job_out);
		state_save(k->state, &it->st, it->index);
		keeper_publish(k, it);
	}
	return true;
}

bool keeper_busy(const struct keeper *k)
{
	for (size_t i = 0; i < k->item_count; i++)
		if (k->items[i].state == KEEPER_QUEUED || k->items[i].state == KEEPER_INDEXING)
			return true;
	return false;
}

void keeper_bad(struct keeper *k, uint64_t serial, const char *why)
{
	struct keeper_item *it = keeper_item(k, serial);

	if (!it || (it->state != KEEPER_PRESENT && it->state != KEEPER_OLD))
		return;
	state_forget(k->state, &it->st);
	fd_close(&it->index);
	fd_close(&it->verdict);
	if (it->state == KEEPER_OLD) {
		keeper_item_end(k, it);
	} else if (it->cached) {
		/* The kept index was damaged; the image may be well. */
		log_warn("\"%s\": kept index not used: %s", it->path, why);
		it->cached = false;
		it->state = KEEPER_QUEUED;
	} else {
		keeper_note(k, it, MENU_REJECTED, why);
	}
}

/* --- the watch's events ----------------------------------------------------------------------- */

/* A note about a path ends when anything new is known about that path. */
static void keeper_forget_note(struct keeper *k, const char *path)
{
	for (size_t i = k->item_count; i-- > 0;)
		if (k->items[i].state == KEEPER_NOTE && k->items[i].image < 0 &&
		    !strcmp(k->items[i].path, path))
			keeper_item_drop(k, &k->items[i]);
}

static void keeper_gone(struct keeper *k, struct keeper_item *it)
{
	if (it->state != KEEPER_PRESENT || !k->o->grace) {
		keeper_touch(k, keeper_real());
		keeper_item_drop(k, it);
		return;
	}
	keeper_judge_stop(k, it->serial);
	it->state = KEEPER_OLD;
	it->when = keeper_real();
	it->until = keeper_ms() / 1000 + k->o->grace;
	keeper_touch(k, it->when);
	log_info("\"%s\" is withdrawn; who reads it can go on for %u s", it->path, k->o->grace);
	keeper_tell(k, NULL, it, PROTO_WITHDRAWN);
}

void keeper_event(void *ctx, const struct watch_event *ev)
{
	struct keeper *k = ctx;
	struct keeper_item *it = keeper_item(k, ev->serial);

	if (ev->role != WATCH_ISO) {
		keeper_conf_event(k, ev);
		return;
	}
	switch (ev->kind) {
	case WATCH_GONE:
		if (it)
			keeper_gone(k, it);
		else
			watch_release(k->watch, ev->serial);
		return;
	case WATCH_CHANGING:
		if (!it) {
			watch_release(k->watch, ev->serial);
			return;
		}
		log_info("\"%s\" is being written: withdrawn at once", it->path);
		keeper_touch(k, keeper_real());
		it->changing = true;
		keeper_item_drop(k, it);
		return;
	default:
		break;
	}
	/* A serial of ours again is the same file with another verdict. */
	if (it)
		keeper_item_drop(k, it);
	keeper_forget_note(k, ev->path);
	it = keeper_item_new(k, ev);
	if (!it) {
		log_err("\"%s\": %s", ev->path, strerror(ENOMEM));
		return;
	}
	if (ev->kind == WATCH_READY)
		keeper_ready(k, it);
	else
		keeper_note(k, it, ev->kind == WATCH_INCOMPLETE ? MENU_INCOMPLETE : MENU_REJECTED,
			    ev->reason);
}

int keeper_grace(struct keeper *k)
{
	int64_t now = keeper_ms() / 1000, next = -1;

	for (size_t i = k->item_count; i-- > 0;) {
		struct keeper_item *it = &k->items[i];

		if (it->state != KEEPER_OLD)
			continue;
		if (it->until <= now) {
			log_info("\"%s\": grace has ended", it->path);
			keeper_touch(k, keeper_real());
			keeper_item_drop(k, it);
		} else if (next < 0 || it->until < next) {
			next = it->until;
		}
	}
	return next < 0 ? -1 : (int)(next - now);
}
