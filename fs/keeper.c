/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "job.h"
#include "keeper_private.h"
#include "loader.h"
#include "log.h"
#include "menu.h"
#include "notify.h"
#include "server.h"
#include "session.h"

/* How long the mount may wait for images that are indexed for the first time. */
#define KEEPER_PATIENCE_MS 10000
/* A server that lives shorter than this was not helped by a restart. */
#define KEEPER_SHORT_LIFE_MS 1000
#define KEEPER_FIRST_TRIES   3
/* A server that has been told everything and is not ready by then hangs. Ready is a matter of milliseconds.
 */
#define KEEPER_HANG_MS 60000

int64_t keeper_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the server ------------------------------------------------------------------------------- */

static char *keeper_argument(const char *key, const char *value)
{
	char *s;

	return asprintf(&s, "%s=%s", key, value) < 0 ? NULL : s;
}

static int keeper_spawn(struct keeper *k, struct keeper_server *sv)
{
	char timeout[16], grace[16], menu_timeout[16], *argv[14] = {NULL};
	const int big = 4 << 20;
	size_t n = 0;
	int pair[2], fds[3], r;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	for (int i = 0; i < 2; i++)
		setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
	snprintf(timeout, sizeof(timeout), "%u", k->o->timeout);
	snprintf(grace, sizeof(grace), "%u", k->o->grace);
	snprintf(menu_timeout, sizeof(menu_timeout), "%u", k->o->menu_timeout);
	argv[n++] = strdup(JOB_SERVER);
	argv[n++] = keeper_argument("protocol", SERVER_PROTOCOL);
	argv[n++] = keeper_argument("nfs", k->o->nfs);
	argv[n++] = keeper_argument("timeout", timeout);
	argv[n++] = keeper_argument("grace", grace);
	argv[n++] = keeper_argument("threads", k->o->single ? "1" : "0");
	argv[n++] = keeper_argument("debug", k->o->debug ? "1" : "0");
	if (k->o->server)
		argv[n++] = keeper_argument("server", k->o->server);
	if (k->o->http)
		argv[n++] = keeper_argument("http", k->o->http);
	argv[n++] = keeper_argument("menu-timeout", menu_timeout);
	if (k->o->menu_default)
		argv[n++] = keeper_argument("menu-default", k->o->menu_default);
	fds[SERVER_FD_KEEPER - 3] = pair[1];
	fds[SERVER_FD_DEVICE - 3] = mount_device(k->mount);
	fds[SERVER_FD_SLOTS - 3] = k->slots;
	/* What is on disk may be half an upgrade, or a build that does not run here; what we are made of
	 * does. So where one dies at once, the next is of the other. */
	r = job_start(k->crashes % 2 ? "/proc/self/exe" : k->program, JOB_SERVER, argv, fds, 3, k->log_out,
		      false, &sv->pid);
	for (size_t i = 0; i < n; i++)
		free(argv[i]);
	close(pair[1]);
	if (r) {
		close(pair[0]);
		return r;
	}
	sv->sock = pair[0];
	sv->ready = sv->serving = false;
	sv->started = keeper_ms();
	return 0;
}

/* Starts a server and tells it everything. */
static int keeper_prepare(struct keeper *k, struct keeper_server *sv)
{
	int names, r = keeper_spawn(k, sv);

	if (r)
		return r;
	if (!state_names(k->state, &names)) {
		keeper_order(k, sv, PROTO_STATE, 0, names);
		close(names);
	}
	if (k->loader >= 0)
		keeper_order(k, sv, PROTO_LOADER, 0, k->loader);
	keeper_tell_texts(k, sv);
	keeper_tell_items(k, sv);
	keeper_order(k, sv, PROTO_SETTLED, k->settled, -1);
	keeper_order(k, sv, PROTO_GO, 0, -1);
	return 0;
}

static void keeper_server_clear(struct keeper_server *sv)
{
	fd_close(&sv->sock);
	*sv = (struct keeper_server){.sock = -1};
}

/* SIGHUP: the next server is made ready beside the running one, then the running one ends. */
static void keeper_upgrade(struct keeper *k)
{
	int r;

	if (k->next.pid || !k->server.serving) {
		log_warn("a new server is being started already");
		return;
	}
	log_info("starting a new server from %s", k->program);
	r = keeper_prepare(k, &k->next);
	if (r)
		log_err("no new server, the old one goes on: %s", strerror(-r));
}

/* What the dead server said concerns nobody, and what the next one said is the running one's word now. */
static void keeper_pending_moved(struct keeper *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->pending_count; i++)
		if (k->pending[i].from_next) {
			k->pending[n] = k->pending[i];
			k->pending[n++].from_next = false;
		}
	k->pending_count = n;
}

static void keeper_server_ended(struct keeper *k, int status)
{
	bool replaced = k->next.pid > 0 && k->next.ready;

	if (!replaced && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		k->unmounted = true;
		return;
	}
	if (!replaced) {
		if (WIFSIGNALED(status))
			log_err("the server was ended by signal %d (%s); a new one takes over",
				WTERMSIG(status), strsignal(WTERMSIG(status)));
		else
			log_err("the server ended with status %d; a new one takes over", WEXITSTATUS(status));
		k->crashes = !k->server.ready || keeper_ms() - k->server.started < KEEPER_SHORT_LIFE_MS
				     ? k->crashes + 1
				     : 0;
	}
	keeper_server_clear(&k->server);
	keeper_pending_moved(k);
	if (k->next.pid > 0) {
		k->server = k->next;
		k->next = (struct keeper_server){.sock = -1};
		keeper_released_all(k);
		if (k->server.ready)
			keeper_order(k, &k->server, PROTO_START, 0, -1);
		return;
	}
	keeper_released_all(k);
	/* At once; one that keeps dying at once gets a little more time each time, up to 2 s. */
	k->restart_at = keeper_ms() + (k->crashes < 2 ? 0 : k->crashes < 20 ? (k->crashes - 1) * 100 : 2000);
}

static void keeper_status(struct keeper *k, const char *text)
{
	cleanup_free char *state = NULL;

	(void)k;
	if (asprintf(&state, "STATUS=%s", text) < 0)
		state = NULL;
	if (state)
		notify_state(state);
}

static void keeper_pending(struct keeper *k, void (*serving)(void *ctx), void *ctx)
{
	for (size_t i = 0; i < k->pending_count; i++) {
		struct keeper_pending p = k->pending[i];
		struct keeper_server *sv = p.from_next ? &k->next : &k->server;

		switch (p.type) {
		case PROTO_READY:
			sv->ready = true;
			if (!p.from_next)
				keeper_order(k, sv, PROTO_START, 0, -1);
			else if (k->server.pid > 0)
				kill(k->server.pid, SIGKILL);
			break;
		case PROTO_SERVING:
			sv->serving = k->served = true;
			k->crashes = 0;
			mount_read_ahead(k->mount);
			serving(ctx);
			break;
		case PROTO_RELEASED:
			/* One that is being prepared reads nothing yet. */
			if (!p.from_next)
				keeper_released(k, p.serial);
			break;
		case PROTO_BAD:
			keeper_bad(k, p.serial, p.text.text);
			break;
		case PROTO_TAKEN:
			keeper_verdict(k, p.serial, NULL);
			break;
		case PROTO_UNFIT:
			keeper_verdict(k, p.serial, p.text.text);
			break;
		case PROTO_STATUS:
			if (!p.from_next)
				keeper_status(k, p.text.text);
			break;
		default:
			break;
		}
	}
	k->pending_count = 0;
}

/* --- the loader directory --------------------------------------------------------------------- */

static void keeper_loader(struct keeper *k)
{
	int fd, r;

	fd_close(&k->loader_events);
	if (!*k->o->loader)
		return;
	/* Watched before it is read, so that no change falls in between. */
	loader_watch(k->o->loader, &k->loader_events);
	r = loader_pack(k->o->loader, &fd);
	if (r) {
		log_warn("loader directory \"%s\": %s", k->o->loader, strerror(-r));
		return;
	}
	if (k->loader >= 0) {
		struct timespec now;

		clock_gettime(CLOCK_REALTIME, &now);
		keeper_touch(k, now);
	}
	fd_close(&k->loader);
	k->loader = fd;
	keeper_order(k, NULL, PROTO_LOADER, 0, k->loader);
}

/* --- the loop --------------------------------------------------------------------------------- */

static void keeper_scan(struct keeper *k)
{
	int r = watch_run(k->watch, keeper_event, k);

	if (r && !k->folder_missing)
		log_warn("\"%s\": %s; waiting for it", k->o->watch, strerror(-r));
	if (!r && k->folder_missing)
		log_info("\"%s\" is there again", k->o->watch);
	k->folder_missing = r != 0;
	keeper_start_jobs(k);
	if (!k->settled && watch_settled(k->watch) && !keeper_busy(k)) {
		struct timespec t = watch_changed(k->watch);
		struct proto_head head = {
			.type = PROTO_TOUCH, .when_sec = t.tv_sec, .when_nsec = (uint32_t)t.tv_nsec};

		k->settled = true;
		if (timespec_cmp(k->changed, t) < 0)
			k->changed = t;
		keeper_say(k, &head, "", 0, -1, -1);
		keeper_order(k, NULL, PROTO_SETTLED, 1, -1);
	}
}

static void keeper_prune(struct keeper *k)
{
	cleanup_free struct stat *st = calloc(k->item_count + 1, sizeof(*st));

	if (!st || !k->settled || k->pruned)
		return;
	for (size_t i = 0; i < k->item_count; i++)
		st[i] = k->items[i].st;
	state_prune(k->state, st, k->item_count);
	k->pruned = true;
}

static void keeper_children(struct keeper *k, struct reason *why, int *r)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == k->server.pid) {
			if (k->server.sock >= 0)
				while (!keeper_hear(k, &k->server))
					;
			keeper_server_ended(k, status);
			/* Once it has served, it is worth trying for ever: the mount is somebody's root. */
			if (!k->served && k->crashes >= KEEPER_FIRST_TRIES) {
				*r = reason_set(why, -EIO, "the server does not start; see the log");
				return;
			}
		} else if (pid == k->next.pid) {
			log_err("the new server ended before it was ready; the old one goes on");
			keeper_server_clear(&k->next);
		} else {
			if (!keeper_judge_ended(k, pid, status))
				keeper_job_ended(k, pid, status);
		}
	}
}

static void keeper_signals(struct keeper *k, struct reason *why, int *r)
{
	struct signalfd_siginfo si;

	while (read(k->signals, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGHUP)
			keeper_upgrade(k);
		else if (si.ssi_signo == SIGCHLD)
			keeper_children(k, why, r);
		else
			k->stopping = true;
	}
}

/* The first server starts when all that is known is ready, or after a while. */
static bool keeper_may_start(const struct keeper *k, int64_t begun)
{
	if (k->server.pid > 0)
		return false;
	if (k->restart_at)
		return keeper_ms() >= k->restart_at;
	return !keeper_busy(k) || keeper_ms() - begun >= KEEPER_PATIENCE_MS;
}

/* One that hangs is ended, and then dealt with like one that has crashed. */
static void keeper_hung(struct keeper *k)
{
	struct keeper_server *all[] = {&k->server, &k->next};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i]->pid > 0 && !all[i]->ready && keeper_ms() - all[i]->started > KEEPER_HANG_MS) {
			log_err("a server was not ready after %d s and is ended", KEEPER_HANG_MS / 1000);
			kill(all[i]->pid, SIGKILL);
			all[i]->started = keeper_ms();
		}
}

static int keeper_wait(const struct keeper *k, int64_t begun, int grace)
{
	int64_t now = keeper_ms(), wait = watch_timeout(k->watch), judge = keeper_judge_wait(k);

	if (grace >= 0 && (wait < 0 || (int64_t)grace * 1000 < wait))
		wait = (int64_t)grace * 1000;
	if (k->server.pid <= 0) {
		int64_t start = k->restart_at ? k->restart_at : begun + KEEPER_PATIENCE_MS;

		start = start > now ? start - now : 0;
		if (wait < 0 || start < wait)
			wait = start;
	}
	if (((k->server.pid > 0 && !k->server.ready) || k->next.pid > 0) && (wait < 0 || wait > 1000))
		wait = 1000;
	if (judge >= 0 && (wait < 0 || judge < wait))
		wait = judge;
	/* A loader directory that is absent is looked for now and then. */
	if (k->loader_events < 0 && *k->o->loader && (wait < 0 || wait > 5000))
		wait = 5000;
	return (int)wait;
}

static int keeper_loop(struct keeper *k, void (*serving)(void *ctx), void *ctx, struct reason *why)
{
	int64_t begun = keeper_ms();
	int r = 0;

	keeper_scan(k);
	while (!r && !k->stopping && !k->unmounted) {
		struct pollfd p[6];
		int grace = keeper_grace(k);

		keeper_hung(k);
		if (keeper_may_start(k, begun)) {
			k->restart_at = 0;
			r = keeper_prepare(k, &k->server);
			if (r)
				return reason_set(why, r, "cannot start a server: %s", strerror(-r));
		}
		if (k->pending_count == 0) {
			p[0] = (struct pollfd){k->signals, POLLIN, 0};
			p[1] = (struct pollfd){watch_fd(k->watch), POLLIN, 0};
			p[2] = (struct pollfd){k->log_in, POLLIN, 0};
			p[3] = (struct pollfd){k->server.sock, POLLIN, 0};
			p[4] = (struct pollfd){k->next.sock, POLLIN, 0};
			p[5] = (struct pollfd){k->loader_events, POLLIN, 0};
			if (poll(p, 6, keeper_wait(k, begun, grace)) < 0 && errno != EINTR)
				return reason_set(why, -errno, "poll: %s", strerror(errno));
			if (p[2].revents)
				keeper_log(k);
			if (p[3].revents & POLLIN)
				keeper_hear(k, &k->server);
			if (p[4].revents & POLLIN)
				keeper_hear(k, &k->next);
			if (p[0].revents)
				keeper_signals(k, why, &r);
			if (p[5].revents ||
			    (k->loader_events < 0 && *k->o->loader && !access(k->o->loader, X_OK)))
				keeper_loader(k);
		}
		keeper_pending(k, serving, ctx);
		keeper_scan(k);
		keeper_judge(k);
		keeper_prune(k);
		/* The watch's own ticks bring us here often enough. */
		keeper_texts_end(k);
	}
	return r;
}

/* --- life ------------------------------------------------------------------------------------- */

static void keeper_limits(void)
{
	struct rlimit lim;

	/* Two descriptors an image. */
	if (!getrlimit(RLIMIT_NOFILE, &lim)) {
		if (geteuid() == 0 && lim.rlim_max < 1 << 17)
			lim.rlim_max = 1 << 17;
		lim.rlim_cur = lim.rlim_max;
		setrlimit(RLIMIT_NOFILE, &lim);
	}
}

static int keeper_open(struct keeper *k, struct reason *why)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int pipefd[2], r;
	sigset_t set;

	k->jobs_max = cpus < 1 ? 1 : cpus > 8 ? 8 : (unsigned)cpus;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	k->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (k->signals < 0 || pipe2(pipefd, O_CLOEXEC) < 0)
		return reason_set(why, -errno, "%s", strerror(errno));
	k->log_in = pipefd[0];
	k->log_out = pipefd[1];
	keeper_limits();
	r = job_program(&k->program);
	if (!r)
		r = session_slots(&k->slots);
	if (!r)
		r = watch_open(k->o->watch, k->o->poll, &k->watch);
	if (r)
		return reason_set(why, r, "%s", strerror(-r));
	r = state_open(k->o->state, k->o->watch, &k->state);
	if (r)
		log_warn("state directory \"%s\": %s; indexes are not kept", k->o->state, strerror(-r));
	return mount_open(k->o, &k->mount, why);
}

/* The processes of ours end with us, whatever they are doing. */
static void keeper_end(struct keeper *k)
{
	struct keeper_server *all[] = {&k->server, &k->next};

	mount_close(k->mount, k->unmounted);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (all[i]->pid > 0) {
			kill(all[i]->pid, SIGKILL);
			while (waitpid(all[i]->pid, NULL, 0) < 0 && errno == EINTR)
				;
		}
		fd_close(&all[i]->sock);
	}
	keeper_items_free(k);
	keeper_confs_free(k);
	keeper_texts_free(k);
	watch_close(k->watch);
	state_close(k->state);
	fd_close(&k->slots);
	fd_close(&k->signals);
	fd_close(&k->log_in);
	fd_close(&k->log_out);
	fd_close(&k->loader);
	fd_close(&k->loader_events);
	free(k->pending);
	free(k->program);
	free(k);
}

int keeper_run(const struct options *o, void (*serving)(void *ctx), void *ctx, struct reason *why)
{
	struct keeper *k = calloc(1, sizeof(*k));
	int r;

	if (!k)
		return -ENOMEM;
	k->o = o;
	k->slots = k->signals = k->log_in = k->log_out = k->loader = k->loader_events = -1;
	k->server.sock = k->next.sock = k->judge.out = -1;
	r = keeper_open(k, why);
	if (!r) {
		keeper_loader(k);
		r = keeper_loop(k, serving, ctx, why);
	}
	notify_state("STOPPING=1");
	keeper_end(k);
	return r;
}
