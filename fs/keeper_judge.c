/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <signal.h>
#include <sys/wait.h>

#include "job.h"
#include "keeper_private.h"
#include "log.h"

/* What an image's initrds can do takes seconds to find out, and the image is served before that, by what its layout
 * tells. So one judge at a time works through the served images when nothing else is to be done. What it found
 * goes to the server; when the server has taken it, it becomes the image's index, is kept in the
 * state directory, and the next mount needs no judge. */

/* Its processor time has a limit (sandbox.c); this is for a disk that does not answer. */
#define KEEPER_JUDGE_MS 900000

static void keeper_judge_clear(struct keeper *k)
{
	fd_close(&k->judge.out);
	k->judge = (struct keeper_judge){.out = -1};
}

void keeper_judge_stop(struct keeper *k, uint64_t serial)
{
	if (k->judge.pid <= 0 || k->judge.serial != serial)
		return;
	/* Its end is still to be collected, by a pid that nobody knows then. */
	kill(k->judge.pid, SIGKILL);
	keeper_judge_clear(k);
}

static void keeper_judge_start(struct keeper *k, struct keeper_item *it)
{
	int r = job_judge(k->program, it->image, it->index, it->judge_failed, k->log_out, &k->judge.out, &k->judge.pid);

	if (r) {
		log_warn("\"%s\": its initrds are not judged: %s", it->path, strerror(-r));
		k->judge.pid = 0;
		it->judged = true;
		return;
	}
	k->judge.serial = it->serial;
	k->judge.until = keeper_ms() + KEEPER_JUDGE_MS;
}

static bool keeper_judge_wanted(const struct keeper_item *it)
{
	return it->state == KEEPER_PRESENT && !it->judged && it->verdict < 0;
}

/* Whom an image waits for has both processors and the disk to itself. */
static void keeper_judge_hold(struct keeper *k, bool hold)
{
	if (hold == k->judge.stopped)
		return;
	kill(k->judge.pid, hold ? SIGSTOP : SIGCONT);
	k->judge.stopped = hold;
	k->judge.until = keeper_ms() + KEEPER_JUDGE_MS;
}

void keeper_judge(struct keeper *k)
{
	bool hold = !k->served || keeper_busy(k);

	if (k->judge.pid > 0) {
		keeper_judge_hold(k, hold);
		if (!hold && !k->judge.late && keeper_ms() >= k->judge.until) {
			k->judge.late = true;
			kill(k->judge.pid, SIGKILL);
		}
		return;
	}
	for (size_t i = 0; !hold && i < k->item_count && k->judge.pid <= 0; i++)
		if (keeper_judge_wanted(&k->items[i]))
			keeper_judge_start(k, &k->items[i]);
}

int64_t keeper_judge_wait(const struct keeper *k)
{
	int64_t now = keeper_ms();

	if (k->judge.pid <= 0 || k->judge.stopped || k->judge.late)
		return -1;
	return k->judge.until > now ? k->judge.until - now : 0;
}

bool keeper_judge_ended(struct keeper *k, pid_t pid, int status)
{
	struct keeper_item *it;
	struct reason why = {""};

	if (pid != k->judge.pid)
		return false;
	it = keeper_item(k, k->judge.serial);
	if (it && job_judge_done(k->judge.out, status, &why)) {
		/* A disk may answer the next time, so that is not kept. Whatever else it was would be so again,
		 * so the next judge says that without a look. */
		it->judged = k->judge.late || it->judge_failed;
		it->judge_failed = true;
		log_warn("\"%s\": its initrds are not judged: %s", it->path,
			 k->judge.late ? "that took too long" : why.text);
	} else if (it) {
		struct timespec now;

		it->verdict = steal_fd(k->judge.out);
		clock_gettime(CLOCK_REALTIME, &now);
		keeper_touch(k, now);
		keeper_tell_verdict(k, NULL, it);
	}
	keeper_judge_clear(k);
	return true;
}

void keeper_tell_verdict(struct keeper *k, struct keeper_server *sv, const struct keeper_item *it)
{
	struct proto_head head = {.type = PROTO_JUDGED, .serial = it->serial};

	if (it->verdict < 0)
		return;
	if (sv)
		keeper_say_to(k, sv, &head, "", 0, it->verdict, -1);
	else
		keeper_say(k, &head, "", 0, it->verdict, -1);
}

void keeper_verdict(struct keeper *k, uint64_t serial, const char *why)
{
	struct keeper_item *it = keeper_item(k, serial);

	/* Another server's answer came first, or the image has gone. */
	if (!it || it->verdict < 0)
		return;
	it->judged = true;
	if (why) {
		log_warn("\"%s\": its initrds are not judged: %s", it->path, why);
		fd_close(&it->verdict);
		return;
	}
	fd_close(&it->index);
	it->index = steal_fd(it->verdict);
	if (it->state == KEEPER_PRESENT)
		state_save(k->state, &it->st, it->index);
	log_info("\"%s\": its initrds are judged", it->path);
}
