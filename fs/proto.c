/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include "proto.h"

union proto_control {
	char space[CMSG_SPACE(2 * sizeof(int))];
	struct cmsghdr align;
};

int proto_send(int sock, const struct proto_head *head, const void *text, size_t len, int fd0, int fd1)
{
	struct proto_head copy = *head;
	struct iovec iov[2] = {{&copy, sizeof(copy)}, {(void *)(uintptr_t)text, len}};
	union proto_control control = {.space = {0}};
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = len ? 2 : 1};
	int fds[2] = {fd0, fd1};
	size_t n = fd0 < 0 ? 0 : fd1 < 0 ? 1 : 2;

	if (len > PROTO_TEXT)
		return -EMSGSIZE;
	if (n) {
		struct cmsghdr *c;

		m.msg_control = control.space;
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	}
	while (sendmsg(sock, &m, MSG_NOSIGNAL) < 0) {
		if (errno == ECONNRESET)
			return -EPIPE;
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static void proto_take_fds(struct msghdr *m, struct proto_msg *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(msg->fd, CMSG_DATA(c), (n > 2 ? 2 : n) * sizeof(int));
	}
}

int proto_receive(int sock, bool wait, struct proto_msg *msg)
{
	struct iovec iov[2] = {{&msg->head, sizeof(msg->head)}, {msg->text, PROTO_TEXT}};
	union proto_control control;
	struct msghdr m = {.msg_iov = iov,
			   .msg_iovlen = 2,
			   .msg_control = control.space,
			   .msg_controllen = sizeof(control.space)};
	ssize_t n;

	msg->fd[0] = msg->fd[1] = -1;
	do
		n = recvmsg(sock, &m, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
	while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return -EPIPE;
	if (n < 0)
		return -errno;
	proto_take_fds(&m, msg);
	if ((size_t)n < sizeof(msg->head) || m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		proto_drop(msg);
		return -EBADMSG;
	}
	msg->text_len = (size_t)n - sizeof(msg->head);
	msg->text[msg->text_len] = 0;
	return 0;
}

void proto_drop(struct proto_msg *msg)
{
	fd_close(&msg->fd[0]);
	fd_close(&msg->fd[1]);
}
