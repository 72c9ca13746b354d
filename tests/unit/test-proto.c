/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "proto.h"
#include "tap.h"

/* Messages over a socket pair: what goes in comes out, descriptors never leak, damage is told from an end. */

static int pair[2];
static struct proto_msg msg;

static void begin(void)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		abort();
}

static void end(void)
{
	close(pair[0]);
	close(pair[1]);
}

static unsigned open_files(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int memfd(const char *text)
{
	int fd = memfd_create("proto", MFD_CLOEXEC);

	if (fd < 0 || write_full(fd, text, strlen(text)))
		abort();
	return fd;
}

static bool holds(int fd, const char *text)
{
	char buf[64] = "";

	return fd >= 0 && pread(fd, buf, sizeof(buf) - 1, 0) == (ssize_t)strlen(text) && !strcmp(buf, text) &&
	       fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

static void test_whole(void)
{
	struct proto_head head = {PROTO_PRESENT, 7, UINT64_MAX, 1ull << 40, -5, INT64_MAX, 999999999, 1};
	int a = memfd("first"), b = memfd("second");
	unsigned before;

	begin();
	before = open_files();
	ok(!proto_send(pair[0], &head, "a path", 6, a, b));
	ok(!proto_receive(pair[1], true, &msg) && !memcmp(&msg.head, &head, sizeof(head)));
	ok(msg.text_len == 6 && !strcmp(msg.text, "a path") && holds(msg.fd[0], "first") &&
	   holds(msg.fd[1], "second"));
	proto_drop(&msg);
	ok(msg.fd[0] == -1 && msg.fd[1] == -1 && open_files() == before && holds(a, "first"));
	proto_drop(&msg);
	ok(!proto_send(pair[1], &head, "", 0, a, -1) && !proto_receive(pair[0], false, &msg));
	ok(msg.text_len == 0 && !msg.text[0] && holds(msg.fd[0], "first") && msg.fd[1] == -1);
	proto_drop(&msg);
	ok(!proto_send(pair[0], &head, NULL, 0, -1, -1) && !proto_receive(pair[1], true, &msg) &&
	   msg.fd[0] == -1);
	ok(!proto_send(pair[0], &head, "a\0b", 3, -1, -1) && !proto_receive(pair[1], true, &msg));
	tap_ok(msg.text_len == 3 && !memcmp(msg.text, "a\0b\0", 4),
	       "a text may have a NUL in it, and one behind it");
	close(a);
	close(b);
	end();
}

static void test_sizes(void)
{
	struct proto_head head = {.type = PROTO_NOTE};
	char *text = malloc(PROTO_TEXT + 1);

	begin();
	memset(text, 'x', PROTO_TEXT + 1);
	ok(!proto_send(pair[0], &head, text, PROTO_TEXT, -1, -1) && !proto_receive(pair[1], true, &msg));
	ok(msg.text_len == PROTO_TEXT && strlen(msg.text) == PROTO_TEXT);
	ok(proto_send(pair[0], &head, text, PROTO_TEXT + 1, -1, -1) == -EMSGSIZE);
	tap_ok(proto_receive(pair[1], false, &msg) == -EAGAIN, "what is too long is not sent in part");
	free(text);
	end();
}

static void test_order(void)
{
	struct proto_head head = {.type = PROTO_DROP};
	bool good = true;

	begin();
	for (head.serial = 0; head.serial < 20; head.serial++)
		good = good && !proto_send(pair[0], &head, "x", 1, -1, -1);
	for (uint64_t i = 0; i < 20; i++)
		good = good && !proto_receive(pair[1], false, &msg) && msg.head.serial == i;
	tap_ok(good && proto_receive(pair[1], false, &msg) == -EAGAIN, "in order, each once");
	end();
}

/* Sends bytes that proto_send() would not, with that many descriptors. */
static void send_raw(size_t len, int fds)
{
	char bytes[sizeof(struct proto_head) + PROTO_TEXT + 100] = "";
	struct iovec iov = {bytes, len};
	union {
		char space[CMSG_SPACE(8 * sizeof(int))];
		struct cmsghdr align;
	} control = {.space = {0}};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *c;

	if (fds) {
		m.msg_control = control.space;
		m.msg_controllen = CMSG_SPACE((size_t)fds * sizeof(int));
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN((size_t)fds * sizeof(int));
		for (int i = 0; i < fds; i++)
			memcpy(CMSG_DATA(c) + (size_t)i * sizeof(int), &pair[0], sizeof(int));
	}
	if (sendmsg(pair[0], &m, MSG_NOSIGNAL) < 0)
		abort();
}

static void test_damaged(void)
{
	static const size_t lengths[] = {1, 4, sizeof(struct proto_head) - 1,
					 sizeof(struct proto_head) + PROTO_TEXT + 1};
	unsigned before;

	begin();
	before = open_files();
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		for (int fds = 0; fds <= 8; fds += 2) {
			send_raw(lengths[i], fds);
			tap_ok(proto_receive(pair[1], true, &msg) == -EBADMSG && msg.fd[0] == -1 &&
				       msg.fd[1] == -1,
			       "%zu bytes with %d descriptors", lengths[i], fds);
		}
	send_raw(sizeof(struct proto_head), 3);
	tap_ok(proto_receive(pair[1], true, &msg) == -EBADMSG, "more descriptors than a message has");
	tap_ok(open_files() == before, "nothing of them stays open");
	send_raw(sizeof(struct proto_head), 2);
	ok(!proto_receive(pair[1], true, &msg) && msg.fd[1] >= 0);
	proto_drop(&msg);
	ok(open_files() == before);
	end();
}

static void test_gone(void)
{
	struct proto_head head = {.type = PROTO_GO};

	begin();
	ok(!proto_send(pair[0], &head, "last", 4, -1, -1));
	close(pair[0]);
	tap_ok(!proto_receive(pair[1], true, &msg) && !strcmp(msg.text, "last"),
	       "what was sent before the end arrives");
	ok(proto_receive(pair[1], true, &msg) == -EPIPE && proto_receive(pair[1], false, &msg) == -EPIPE);
	tap_ok(proto_send(pair[1], &head, "", 0, -1, -1) == -EPIPE, "and no signal kills who sends then");
	close(pair[1]);
	ok(proto_send(pair[1], &head, "", 0, -1, -1) == -EBADF &&
	   proto_receive(pair[1], true, &msg) == -EBADF);
	begin();
	ok(!proto_send(pair[0], &head, "unread", 6, -1, -1));
	close(pair[1]);
	ok(proto_send(pair[0], &head, "", 0, -1, -1) == -EPIPE &&
	   proto_receive(pair[0], true, &msg) == -EPIPE);
	close(pair[0]);
}

#define PER_THREAD 500

static void *send_many(void *arg)
{
	struct proto_head head = {.type = PROTO_RELEASED, .serial = *(uint64_t *)arg};
	char text[100];

	for (unsigned i = 0; i < PER_THREAD; i++) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)head.serial);
		head.size = i;
		if (proto_send(pair[0], &head, text, strlen(text), -1, -1))
			abort();
	}
	return NULL;
}

/* The socket is full most of the time, so that sending blocks. */
static void test_threads(void)
{
	static struct proto_msg got;
	uint64_t serial[4], next[4] = {0};
	pthread_t threads[4];
	bool good = true;

	begin();
	for (uint64_t i = 0; i < 4; i++) {
		serial[i] = i;
		if (pthread_create(&threads[i], NULL, send_many, &serial[i]))
			abort();
	}
	for (unsigned i = 0; i < 4 * PER_THREAD && good; i++) {
		good = !proto_receive(pair[1], true, &got) && got.head.serial < 4 &&
		       got.head.size == next[got.head.serial]++ &&
		       strtoull(got.text, NULL, 10) == got.head.serial;
	}
	tap_ok(good, "messages of several threads come whole, and in each one's order");
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	end();
}

int main(void)
{
	test_whole();
	test_sizes();
	test_order();
	test_damaged();
	test_gone();
	test_threads();
	return tap_done();
}
