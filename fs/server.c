/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>

#include "catalog.h"
#include "conf.h"
#include "loader.h"
#include "log.h"
#include "ops.h"
#include "proto.h"
#include "sandbox.h"
#include "server.h"
#include "session.h"
#include "watch.h"

#define SERVER_NAMES_MAX (64 << 20)

struct server {
	struct catalog *catalog;
	struct catalog_config config;
	struct ops_context ops;
	struct session *session;
	int state_fd;
	unsigned threads;
	bool debug, serving, keeper_gone, dirty;
	struct proto_msg msg;
};

static int64_t server_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void server_say(enum proto_type type, uint64_t serial, const char *text)
{
	struct proto_head head = {.type = type, .serial = serial};

	proto_send(SERVER_FD_KEEPER, &head, text, strlen(text), -1, -1);
}

static int server_arguments(struct server *sv, int argc, char *const argv[])
{
	bool protocol = false;

	for (int i = 1; i < argc; i++) {
		const char *value = strchr(argv[i], '=');
		size_t key = value ? (size_t)(value - argv[i]) : 0;

		if (!value++)
			continue;
#define SERVER_KEY(name) (key == strlen(name) && !strncmp(argv[i], name, key))
		if (SERVER_KEY("protocol"))
			protocol = !strcmp(value, SERVER_PROTOCOL);
		else if (SERVER_KEY("server"))
			sv->config.site.server = value;
		else if (SERVER_KEY("nfs"))
			sv->config.site.nfs = value;
		else if (SERVER_KEY("http"))
			sv->config.site.http = value;
		else if (SERVER_KEY("menu-timeout"))
			sv->config.site.timeout = (unsigned)strtoul(value, NULL, 10);
		else if (SERVER_KEY("menu-default"))
			sv->config.site.start = value;
		else if (SERVER_KEY("timeout"))
			sv->ops.timeout = (double)strtoul(value, NULL, 10);
		else if (SERVER_KEY("grace"))
			sv->config.grace = (unsigned)strtoul(value, NULL, 10);
		else if (SERVER_KEY("threads"))
			sv->threads = (unsigned)strtoul(value, NULL, 10);
		else if (SERVER_KEY("debug"))
			sv->debug = !strcmp(value, "1");
#undef SERVER_KEY
	}
	return protocol ? 0 : -EPROTO;
}

/* --- what the keeper says --------------------------------------------------------------------- */

static void server_record(void *ctx, const char *line)
{
	const struct server *sv = ctx;
	int r;

	if (sv->state_fd < 0)
		return;
	/* O_APPEND: one write is one line. */
	r = write_full(sv->state_fd, line, strlen(line));
	if (r)
		log_warn("a name cannot be recorded: %s", strerror(-r));
}

static int server_remember(struct server *sv)
{
	off_t end = lseek(sv->state_fd, 0, SEEK_END);
	cleanup_free char *text = NULL;
	int r;

	if (end <= 0 || end > SERVER_NAMES_MAX)
		return 0;
	text = malloc((size_t)end);
	if (!text)
		return -ENOMEM;
	r = pread_full(sv->state_fd, text, (size_t)end, 0);
	return r ? r : catalog_remember(sv->catalog, text, (size_t)end);
}

/* The keeper holds it for the next server: a client may have it open across a crash. */
static void server_retired(void *ctx, const struct text *t, int64_t until)
{
	struct proto_head head = {.type = PROTO_RETIRED,
				  .serial = (uint64_t)until,
				  .size = t->size,
				  .when_sec = t->mtime.tv_sec,
				  .when_nsec = (uint32_t)t->mtime.tv_nsec};
	cleanup_fd int fd = memfd_create("pxefs-text", MFD_CLOEXEC);

	(void)ctx;
	/* A loader file is read from its directory again. */
	if (t->blob || fd < 0 || write_full(fd, t->one.bytes, t->size))
		return;
	proto_send(SERVER_FD_KEEPER, &head, t->path, strlen(t->path), fd, -1);
}

static void server_old_text(struct server *sv, const struct proto_msg *m)
{
	cleanup_free char *data = NULL;

	if (m->fd[0] < 0 || m->head.size > CATALOG_RETIRED_BYTES)
		return;
	data = malloc(m->head.size + 1);
	if (!data || pread_full(m->fd[0], data, m->head.size, 0))
		return;
	catalog_restore(sv->catalog, m->text, steal_pointer(data), m->head.size,
			(struct timespec){.tv_sec = m->head.when_sec, .tv_nsec = m->head.when_nsec},
			(int64_t)m->head.serial);
}

static void server_released(void *ctx, uint64_t serial)
{
	(void)ctx;
	server_say(PROTO_RELEASED, serial, "");
}

static struct timespec server_when(const struct proto_head *h)
{
	return (struct timespec){.tv_sec = h->when_sec, .tv_nsec = h->when_nsec};
}

static void server_present(struct server *sv, struct proto_msg *m)
{
	struct stat st = {.st_size = (off_t)m->head.size,
			  .st_mtim = {.tv_sec = m->head.mtime_sec, .tv_nsec = m->head.mtime_nsec}};
	struct reason why = {""};
	struct image *im;
	int r = -EBADMSG;

	if (m->fd[0] >= 0 && m->fd[1] >= 0)
		r = image_open(m->head.serial, m->text, steal_fd(m->fd[0]), &st, m->fd[1],
			       server_when(&m->head), &im, &why);
	if (!r) {
		im->released = server_released;
		r = catalog_add(sv->catalog, im);
	}
	if (r) {
		if (!why.text[0])
			reason_set(&why, r, "%s", strerror(-r));
		server_say(PROTO_BAD, m->head.serial, why.text);
	}
}

static void server_judged(struct server *sv, const struct proto_msg *m)
{
	struct reason why = {""};
	int r = m->fd[0] < 0 ? -EBADMSG : catalog_judged(sv->catalog, m->head.serial, m->fd[0], &why);

	if (r && !why.text[0])
		reason_set(&why, r, "%s", strerror(-r));
	server_say(r ? PROTO_UNFIT : PROTO_TAKEN, m->head.serial, why.text);
}

static void server_note(struct server *sv, const struct proto_msg *m)
{
	size_t path = strlen(m->text);
	const char *reason = path < m->text_len ? m->text + path + 1 : "";

	catalog_note(sv->catalog, m->head.serial, m->text,
		     m->head.code == MENU_INCOMPLETE ? MENU_INCOMPLETE : MENU_REJECTED, reason, m->head.size);
}

static void server_conf(struct server *sv, const struct proto_msg *m)
{
	cleanup_free char *data = NULL;

	if (m->fd[0] >= 0) {
		if (m->head.size > CONF_ANSWER_MAX + 1)
			return;
		data = malloc(m->head.size + 1);
		if (!data || pread_full(m->fd[0], data, m->head.size, 0))
			return;
	}
	if (catalog_conf(sv->catalog, m->text, m->head.code == WATCH_ANSWER, data, m->head.size,
			 server_when(&m->head)))
		log_warn("\"%s\" is not used: %s", m->text, strerror(ENOMEM));
}

static void server_loader(struct server *sv, struct proto_msg *m)
{
	struct blob *pack;

	if (m->fd[0] < 0 || loader_open(m->fd[0], &pack))
		log_warn("the loader directory could not be taken over");
	else if (catalog_loader(sv->catalog, pack))
		log_warn("the loader directory is damaged");
}

static int server_commit(struct server *sv)
{
	struct catalog_changes changes = {0};
	unsigned present, refused, incomplete;
	char status[128];
	int r = catalog_commit(sv->catalog, server_now(), &changes);

	if (r) {
		/* The last snapshot goes on serving; the next message tries again. */
		log_err("the tree could not be renewed: %s", strerror(-r));
	} else {
		sv->dirty = false;
		if (sv->serving)
			ops_notify(sv->session, &changes);
		catalog_count(sv->catalog, &present, &refused, &incomplete);
		snprintf(status, sizeof(status), "%u image%s, %u rejected, %u incomplete", present,
			 present == 1 ? "" : "s", refused, incomplete);
		server_say(PROTO_STATUS, 0, status);
	}
	catalog_changes_free(&changes);
	return r;
}

/* Asked before the sandbox, because the C library opens files to count. */
static unsigned server_threads(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	/* Threads wait for disks more than they compute. */
	return cpus < 2 ? 4 : cpus > SESSION_SLOTS / 2 ? SESSION_SLOTS : (unsigned)cpus * 2;
}

static int server_start(struct server *sv)
{
	int r = session_start(sv->session, sv->threads);

	if (r)
		return r;
	sv->serving = true;
	server_say(PROTO_SERVING, 0, "");
	return 0;
}

static int server_message(struct server *sv, struct proto_msg *m)
{
	switch (m->head.type) {
	case PROTO_STATE:
		sv->state_fd = steal_fd(m->fd[0]);
		return sv->state_fd >= 0 ? server_remember(sv) : 0;
	case PROTO_LOADER:
		server_loader(sv, m);
		break;
	case PROTO_PRESENT:
		server_present(sv, m);
		break;
	case PROTO_JUDGED:
		server_judged(sv, m);
		break;
	case PROTO_WITHDRAWN:
		catalog_withdraw(sv->catalog, m->head.serial, server_when(&m->head));
		break;
	case PROTO_DROP:
		if (m->head.code)
			catalog_suspend(sv->catalog, m->head.serial, server_now());
		catalog_drop(sv->catalog, m->head.serial);
		break;
	case PROTO_NOTE:
		server_note(sv, m);
		break;
	case PROTO_CONF:
		server_conf(sv, m);
		break;
	case PROTO_SETTLED:
		catalog_settle(sv->catalog, m->head.code);
		break;
	case PROTO_OLD_TEXT:
		server_old_text(sv, m);
		break;
	case PROTO_TOUCH:
		/* A time alone changes nothing that is shown, and what it belongs to is the next message. */
		catalog_touch(sv->catalog, server_when(&m->head));
		return 0;
	case PROTO_GO:
		if (!server_commit(sv))
			server_say(PROTO_READY, 0, "");
		return 0;
	case PROTO_START:
		return server_start(sv);
	default:
		log_debug("unknown message %u from the keeper", m->head.type);
		return 0;
	}
	sv->dirty = true;
	return 0;
}

/* All messages that are there, then one commit for them together. */
static int server_listen(struct server *sv, bool wait)
{
	int r;

	for (;;) {
		r = proto_receive(SERVER_FD_KEEPER, wait, &sv->msg);
		if (r)
			break;
		wait = false;
		r = server_message(sv, &sv->msg);
		proto_drop(&sv->msg);
		if (r)
			return r;
	}
	if (r == -EPIPE && !sv->keeper_gone) {
		sv->keeper_gone = true;
		if (sv->serving)
			log_err("the keeper is gone: what is there stays served, changes of the folder are "
				"not seen any more");
	}
	if (r == -EBADMSG)
		log_err("a damaged message from the keeper");
	if (sv->dirty && sv->serving)
		server_commit(sv);
	return sv->keeper_gone && !sv->serving ? -EPIPE : 0;
}

static int server_loop(struct server *sv)
{
	int r = 0;

	while (!r) {
		struct pollfd p[2] = {{sv->keeper_gone ? -1 : SERVER_FD_KEEPER, POLLIN, 0},
				      {session_ended(sv->session), POLLIN, 0}};
		int next = sv->serving ? catalog_next(sv->catalog, server_now()) : -1;

		if (poll(p, 2, next < 0 ? -1 : next * 1000) < 0 && errno != EINTR)
			return -errno;
		if (p[1].revents)
			return 0;
		if (next == 0)
			sv->dirty = true;
		r = server_listen(sv, false);
	}
	return r;
}

int server_main(int argc, char *const argv[])
{
	struct server *sv = calloc(1, sizeof(*sv));
	int r;

	if (!sv)
		return EXIT_FAILURE;
	sv->state_fd = -1;
	r = server_arguments(sv, argc, argv);
	log_open(LOG_TARGET_PREFIXED, sv->debug);
	signal(SIGPIPE, SIG_IGN);
	if (r) {
		log_err("this program and the running pxefs are of versions too different for a change in "
			"flight: unmount and mount");
		return EXIT_FAILURE;
	}
	if (!sv->threads)
		sv->threads = server_threads();
	sv->config.record = server_record;
	sv->config.retired = server_retired;
	sv->config.ctx = sv;
	r = session_open(SERVER_FD_DEVICE, SERVER_FD_SLOTS, &ops_table, sizeof(ops_table), &sv->ops,
			 &sv->session);
	if (!r)
		r = sandbox_server();
	if (!r)
		r = catalog_new(&sv->config, &sv->catalog);
	sv->ops.catalog = sv->catalog;
	if (!r)
		r = server_loop(sv);
	if (r)
		log_err("server: %s", strerror(-r));
	/* Memory goes with the process; workers may be in the middle of a last reply. */
	_exit(r ? EXIT_FAILURE : EXIT_SUCCESS);
}
