/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <poll.h>

#include "keeper_private.h"
#include "log.h"

/* What children print comes as lines through one pipe and goes where our own messages go. */
void keeper_log(struct keeper *k)
{
	ssize_t n = read(k->log_in, k->log_line + k->log_len, sizeof(k->log_line) - k->log_len);
	char *end;

	if (n <= 0)
		return;
	k->log_len += (size_t)n;
	end = memrchr(k->log_line, '\n', k->log_len);
	if (!end && k->log_len == sizeof(k->log_line))
		end = k->log_line + k->log_len - 1;
	if (!end)
		return;
	log_forward("", k->log_line, (size_t)(end - k->log_line) + 1);
	k->log_len -= (size_t)(end - k->log_line) + 1;
	memmove(k->log_line, end + 1, k->log_len);
}

/* Takes one message of a server and keeps it for keeper_pending(). */
int keeper_hear(struct keeper *k, struct keeper_server *sv)
{
	struct keeper_pending *p;
	int r = proto_receive(sv->sock, false, &k->msg);

	if (r)
		return r;
	if (k->msg.head.type == PROTO_RETIRED && sv == &k->server)
		keeper_text_add(k, &k->msg);
	proto_drop(&k->msg);
	if (k->msg.head.type == PROTO_RETIRED)
		return 0;
	if (array_grow(&k->pending, &k->pending_room, k->pending_count, sizeof(*k->pending)))
		return -ENOMEM;
	p = &k->pending[k->pending_count++];
	p->type = k->msg.head.type;
	p->serial = k->msg.head.serial;
	p->from_next = sv == &k->next;
	reason_set(&p->text, 0, "%s", k->msg.text);
	return 0;
}

void keeper_say_to(struct keeper *k, struct keeper_server *sv, const struct proto_head *head,
		   const void *text, size_t len, int fd0, int fd1)
{
	while (sv->sock >= 0) {
		struct pollfd p[2] = {{sv->sock, POLLIN | POLLOUT, 0}, {k->log_in, POLLIN, 0}};

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return;
		if (p[1].revents)
			keeper_log(k);
		if (p[0].revents & POLLIN && keeper_hear(k, sv) == -EPIPE)
			return;
		if (p[0].revents & (POLLHUP | POLLERR))
			return;
		if (p[0].revents & POLLOUT) {
			int r = proto_send(sv->sock, head, text, len, fd0, fd1);

			if (r && r != -EPIPE)
				log_err("a message to the server: %s", strerror(-r));
			return;
		}
	}
}

void keeper_say(struct keeper *k, const struct proto_head *head, const void *text, size_t len, int fd0,
		int fd1)
{
	keeper_say_to(k, &k->server, head, text, len, fd0, fd1);
	keeper_say_to(k, &k->next, head, text, len, fd0, fd1);
}

void keeper_order(struct keeper *k, struct keeper_server *sv, enum proto_type type, uint32_t code,
			 int fd)
{
	struct proto_head head = {.type = type, .code = code};

	if (sv)
		keeper_say_to(k, sv, &head, "", 0, fd, -1);
	else
		keeper_say(k, &head, "", 0, fd, -1);
}
