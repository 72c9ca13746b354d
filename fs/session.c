/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "log.h"
#include "session.h"

#define SESSION_MAGIC	 "PXEFSLOT"
#define SESSION_VERSION	 1u
#define SESSION_INIT_MAX 4096
/* libfuse asks for 1 MiB and a page (FUSE_MAX_MAX_PAGES * page + header); only what is read is ever touched.
 */
#define SESSION_SLOT_SIZE ((1u << 20) + (1u << 16))
#define SESSION_HEAD_SIZE 16384
/* A request that has ended that many servers gets EIO instead of a fourth one. */
#define SESSION_TRIES 3

struct session_shared {
	char magic[8];
	uint32_t version, slot_count;
	uint64_t slot_size;
	uint32_t init_len;
	uint32_t tries[SESSION_SLOTS];	/* how often that slot's request was begun */
	uint8_t init[SESSION_INIT_MAX]; /* the kernel's INIT request */
};

struct session_worker {
	struct session *session;
	unsigned slot;
	pthread_t thread;
	bool started;
};

struct session {
	struct fuse_session *fuse;
	int device, ended;
	struct session_shared *shared;
	void *ctx;
	bool swallow;
	atomic_uint running;
	struct session_worker workers[SESSION_SLOTS];
};

static size_t session_shared_size(void)
{
	return SESSION_HEAD_SIZE + (size_t)SESSION_SLOTS * SESSION_SLOT_SIZE;
}

int session_slots(int *out)
{
	cleanup_fd int fd = memfd_create("pxefs-slots", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct session_shared head = {
		.version = SESSION_VERSION, .slot_count = SESSION_SLOTS, .slot_size = SESSION_SLOT_SIZE};
	int r;

	_Static_assert(sizeof(struct session_shared) <= SESSION_HEAD_SIZE,
		       "the head must fit before the slots");
	if (fd < 0 || ftruncate(fd, (off_t)session_shared_size()) < 0)
		return -errno;
	memcpy(head.magic, SESSION_MAGIC, sizeof(head.magic));
	r = write_full(fd, &head, sizeof(head));
	if (r)
		return r;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -errno;
	*out = steal_fd(fd);
	return 0;
}

static struct fuse_in_header *session_slot(struct session *s, unsigned i)
{
	return (struct fuse_in_header *)((uint8_t *)s->shared + SESSION_HEAD_SIZE +
					 (size_t)i * SESSION_SLOT_SIZE);
}

/* --- libfuse's way to the device -------------------------------------------------------------- */

static ssize_t session_writev(int fd, struct iovec *iov, int count, void *userdata)
{
	const struct session *s = userdata;
	ssize_t n = 0;

	if (!s->swallow)
		return writev(fd, iov, count);
	/* INIT is being replayed: the kernel has had its answer, and this one goes nowhere. */
	for (int i = 0; i < count; i++)
		n += (ssize_t)iov[i].iov_len;
	return n;
}

static ssize_t session_read(int fd, void *buf, size_t len, void *userdata)
{
	(void)userdata;
	return read(fd, buf, len);
}

static void session_log(enum fuse_log_level level, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static void session_log(enum fuse_log_level level, const char *fmt, va_list ap)
{
	char line[512];

	(void)level;
	vsnprintf(line, sizeof(line), fmt, ap);
	line[strcspn(line, "\n")] = 0;
	log_debug("%s", line);
}

int session_open(int device, int slots, const struct fuse_lowlevel_ops *ops, size_t ops_size, void *ctx,
		 struct session **out)
{
	struct session *s = calloc(1, sizeof(*s));
	char name[] = "pxefs", *argv[] = {name, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	const struct fuse_custom_io io = {.writev = session_writev, .read = session_read};
	struct stat st;
	void *map;
	int r = -ENOMEM;

	if (!s) {
		close(device);
		return -ENOMEM;
	}
	s->device = device;
	s->ctx = ctx;
	s->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	map = mmap(NULL, session_shared_size(), PROT_READ | PROT_WRITE, MAP_SHARED, slots, 0);
	if (s->ended < 0 || map == MAP_FAILED)
		goto fail;
	s->shared = map;
	r = -EPROTO;
	/* The size first: behind its end a map faults. */
	if (fstat(slots, &st) < 0 || st.st_size != (off_t)session_shared_size() ||
	    memcmp(s->shared->magic, SESSION_MAGIC, sizeof(s->shared->magic)) ||
	    s->shared->version != SESSION_VERSION || s->shared->slot_count != SESSION_SLOTS ||
	    s->shared->slot_size != SESSION_SLOT_SIZE)
		goto fail;
	fuse_set_log_func(session_log);
	s->fuse = fuse_session_new(&args, ops, ops_size, s);
	fuse_opt_free_args(&args);
	r = s->fuse ? fuse_session_custom_io(s->fuse, &io, device) : -ENOMEM;
	if (r)
		goto fail;
	*out = s;
	return 0;
fail:
	if (s->fuse)
		fuse_session_destroy(s->fuse);
	if (s->shared)
		munmap(s->shared, session_shared_size());
	fd_close(&s->ended);
	fd_close(&s->device);
	free(s);
	return r;
}

/* --- requests --------------------------------------------------------------------------------- */

/* Answers what stands in a slot, and clears it. */
static void session_process(struct session *s, unsigned i)
{
	struct fuse_in_header *in = session_slot(s, i);
	struct fuse_buf buf = {.mem = in, .size = in->len};

	s->shared->tries[i]++;
	fuse_session_process_buf(s->fuse, &buf);
	s->shared->tries[i] = 0;
	/* Last: from here on a successor finds nothing to do. */
	atomic_signal_fence(memory_order_seq_cst);
	in->len = 0;
}

/* A length of a request that can be: slots are ours, but what died may have died anywhere. */
static bool session_occupied(struct session *s, unsigned i)
{
	uint32_t len = session_slot(s, i)->len;

	return len >= sizeof(struct fuse_in_header) && len <= SESSION_SLOT_SIZE;
}

static void session_give_up(struct session *s, unsigned i)
{
	struct fuse_in_header *in = session_slot(s, i);
	struct fuse_out_header out = {.len = sizeof(out), .error = -EIO, .unique = in->unique};

	log_err("a request of kind %u has ended the server %u times: it gets an I/O error", in->opcode,
		s->shared->tries[i]);
	(void)!write(s->device, &out, sizeof(out));
	s->shared->tries[i] = 0;
	in->len = 0;
}

static void session_replay(struct session *s)
{
	for (unsigned i = 0; i < SESSION_SLOTS; i++) {
		if (!session_occupied(s, i))
			continue;
		if (s->shared->tries[i] >= SESSION_TRIES)
			session_give_up(s, i);
		else
			session_process(s, i);
	}
}

/* Reads one request into slot i. 1 when there is one, 0 to try again, -errno at the end. */
static int session_take(struct session *s, unsigned i)
{
	struct fuse_in_header *in = session_slot(s, i);
	ssize_t n;

	in->len = 0;
	n = read(s->device, in, SESSION_SLOT_SIZE);
	if (n < 0)
		/* ENOENT: the request was interrupted while it was handed over. */
		return errno == EINTR || errno == EAGAIN || errno == ENOENT ? 0 : -errno;
	if (n == 0)
		return -ENODEV;
	if ((size_t)n < sizeof(*in) || in->len != (uint32_t)n) {
		in->len = 0;
		return 0;
	}
	return 1;
}

static void *session_work(void *arg)
{
	struct session_worker *w = arg;
	struct session *s = w->session;

	for (;;) {
		int r = session_take(s, w->slot);

		if (r < 0) {
			if (r != -ENODEV)
				log_err("/dev/fuse: %s", strerror(-r));
			break;
		}
		if (r > 0)
			session_process(s, w->slot);
	}
	if (atomic_fetch_sub(&s->running, 1) == 1) {
		const uint64_t one = 1;

		(void)!write(s->ended, &one, sizeof(one));
	}
	return NULL;
}

/* The first request of a connection is INIT. It is kept before it is answered, so that a death in between is
 * a request in slot 0 like any other. */
static int session_init(struct session *s)
{
	struct fuse_in_header *in = session_slot(s, 0);
	bool fresh = session_occupied(s, 0) && in->opcode == FUSE_INIT;

	if (!fresh && s->shared->init_len) {
		cleanup_free void *copy = malloc(s->shared->init_len);
		struct fuse_buf buf = {.mem = copy, .size = s->shared->init_len};

		if (!copy)
			return -ENOMEM;
		memcpy(copy, s->shared->init, s->shared->init_len);
		s->swallow = true;
		fuse_session_process_buf(s->fuse, &buf);
		s->swallow = false;
		return 0;
	}
	while (!fresh) {
		int r = session_take(s, 0);

		if (r < 0)
			return r;
		fresh = r > 0;
	}
	if (in->opcode != FUSE_INIT || in->len > SESSION_INIT_MAX)
		return -EPROTO;
	memcpy(s->shared->init, in, in->len);
	s->shared->init_len = in->len;
	session_process(s, 0);
	return 0;
}

int session_start(struct session *s, unsigned workers)
{
	int r = session_init(s);

	if (r)
		return r;
	session_replay(s);
	if (workers < 1)
		workers = 1;
	if (workers > SESSION_SLOTS)
		workers = SESSION_SLOTS;
	atomic_store(&s->running, workers);
	for (unsigned i = 0; i < workers; i++) {
		struct session_worker *w = &s->workers[i];

		w->session = s;
		w->slot = i;
		r = pthread_create(&w->thread, NULL, session_work, w);
		if (r) {
			atomic_fetch_sub(&s->running, workers - i);
			log_warn("%u of %u threads: %s", i, workers, strerror(r));
			return i ? 0 : -r;
		}
		w->started = true;
	}
	return 0;
}

int session_ended(const struct session *s)
{
	return s->ended;
}

void *session_context(fuse_req_t req)
{
	const struct session *s = fuse_req_userdata(req);

	return s->ctx;
}

struct fuse_session *session_fuse(struct session *s)
{
	return s->fuse;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < SESSION_SLOTS; i++)
		if (s->workers[i].started)
			pthread_join(s->workers[i].thread, NULL);
	fuse_session_destroy(s->fuse);
	munmap(s->shared, session_shared_size());
	fd_close(&s->ended);
	free(s);
}
