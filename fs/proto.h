/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_PROTO_H
#define PXEFS_PROTO_H

#include <sys/stat.h>

#include "base.h"

/* What keeper and server say to each other: one SOCK_SEQPACKET message each, a fixed head, a text, and up to
 * two descriptors. The keeper tells a new server everything that it told the one before, in the same order,
 * so a server's state is a function of these messages. */

enum proto_type {
	/* keeper to server */
	PROTO_STATE = 1, /* fd: the file of state_names(), to read and append to; first if at all */
	PROTO_LOADER,	 /* fd: a loader pack */
	PROTO_PRESENT,	 /* fds: image, index; serial, when, st; text: path */
	PROTO_WITHDRAWN, /* serial, when: to .old/ */
	PROTO_DROP,	 /* serial: out at once; code 1: it may be back in a moment; answered by RELEASED when
			    nobody reads it any more */
	PROTO_NOTE,	 /* serial, code (enum menu_state), size; text: path NUL reason */
	PROTO_SETTLED,	 /* code: 1 when every ISO has been seen */
	PROTO_TOUCH,	 /* when */
	PROTO_OLD_TEXT,	 /* what RETIRED said to the keeper */
	PROTO_CONF,	 /* fd: bytes of a file that is the administrator's word, or none when it is gone; code
			    (enum watch_role), size, when; text: path */
	PROTO_JUDGED,	 /* fd: what the judge made of an index that was told with PRESENT; serial; answered by TAKEN
			    or UNFIT */
	PROTO_GO,	 /* all is said: answer READY */
	PROTO_START,	 /* take requests: nobody else does any more; answered by SERVING */
	/* server to keeper */
	PROTO_READY,	/* the state so far is committed */
	PROTO_SERVING,	/* the kernel's INIT is answered, workers run */
	PROTO_RELEASED, /* serial */
	PROTO_BAD,	/* serial; text: why the index was not accepted */
	PROTO_TAKEN,	/* serial: the judged index is in use */
	PROTO_UNFIT,	/* serial; text: why the judged index was not accepted. The one before stays in use */
	PROTO_STATUS,	/* text for the service manager */
	PROTO_RETIRED,	/* fd: a generated text that is shown no more; when, serial (CLOCK_MONOTONIC seconds
			 * until which it answers by id); size; text: its path. Kept for the next server */
};

struct proto_head {
	uint32_t type, code;
	uint64_t serial, size;
	int64_t when_sec, mtime_sec;
	uint32_t when_nsec, mtime_nsec;
};

#define PROTO_TEXT 8192

struct proto_msg {
	struct proto_head head;
	char text[PROTO_TEXT + 1]; /* always followed by a NUL */
	size_t text_len;
	int fd[2]; /* -1 for none; the receiver owns them */
};

/* Sends one; fds are borrowed, -1 for none. Blocks while the peer is slow. 0, -EPIPE when it is gone, -EMSGSIZE for
 * more than PROTO_TEXT bytes of text, or -errno.
 * Thread-safe. */
int proto_send(int sock, const struct proto_head *head, const void *text, size_t len, int fd0, int fd1);

/* Receives one. 0; -EPIPE when the peer is gone; -EAGAIN when nothing is there and wait is not set; -EBADMSG for one
 * that is too short or too long; or -errno. */
int proto_receive(int sock, bool wait, struct proto_msg *msg);

/* Closes what descriptors a message still holds. */
void proto_drop(struct proto_msg *msg);

#endif
