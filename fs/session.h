/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SESSION_H
#define PXEFS_SESSION_H

#define FUSE_USE_VERSION 312
#include <fuse_lowlevel.h>

#include "base.h"

/* The kernel connection, its slots and its hand-over. Each worker reads a request from /dev/fuse straight
 * into its slot, which is memory shared with the keeper, and clears the slot when the reply is out. A server
 * that dies leaves its requests there; the next one takes the same descriptor, replays the kernel's INIT to
 * its library (the answer is not sent: the kernel has one), replays the slots, and no client notices. A reply
 * that the dead one had sent already is ENOENT to the kernel and harmless. There is no clone_fd: requests
 * on a cloned descriptor end when it closes (kernel fs/fuse/dev.c, fuse_dev_release). */

#define SESSION_SLOTS 32

struct session;

/* Makes the shared memory: a memfd, owned by the caller. 0 or -errno. */
int session_slots(int *fd);

/* Takes over device (a mounted /dev/fuse, or in tests a SOCK_SEQPACKET socket), also on failure; slots is borrowed. ops
 * is libfuse's; they find ctx by session_context(). 0; -EPROTO when the slots are of another layout (an older
 * keeper's); -ENOMEM; or what libfuse says. */
int session_open(int device, int slots, const struct fuse_lowlevel_ops *ops, size_t ops_size, void *ctx,
		 struct session **out);

/* The ctx of session_open(), in an op. */
void *session_context(fuse_req_t req);

/* Answers INIT, or replays it, and everything that stands in the slots; then starts that many workers, each
 * with a slot. 0 or -errno: -ENODEV when unmounted before. Blocks until the kernel's INIT is there. */
int session_start(struct session *s, unsigned workers);

/* A descriptor that becomes readable when the last worker has ended, because the tree was unmounted. */
int session_ended(const struct session *s);

/* For notifications (fuse_lowlevel_notify_*). */
struct fuse_session *session_fuse(struct session *s);

/* Waits for the workers, which end when the device does. */
void session_close(struct session *s);

#endif
