/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_FUSE_WIRE_H
#define PXEFS_FUSE_WIRE_H

/* The kernel's side of a FUSE connection, over a socket: requests as the kernel writes them, and what comes
 * back. */

#include <linux/fuse.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "catalog-kit.h"
#include "ops.h"
#include "session.h"

#define WIRE_PATIENCE 20000   /* ms */
#define WIRE_MOST     140000u /* bytes of an answer; more does not go through a socket */

struct wire {
	int kernel, slots; /* our end of the connection; the shared memory */
	struct session *s;
	uint64_t unique;
	struct fuse_out_header head; /* of the last answer */
	size_t len;		     /* of what follows it */
	union {
		uint8_t bytes[WIRE_MOST];
		char text[WIRE_MOST];
		struct fuse_init_out init;
		struct fuse_entry_out entry;
		struct fuse_attr_out attr;
		struct fuse_open_out open;
		struct fuse_getxattr_out xattr;
		struct fuse_statfs_out statfs;
		struct fuse_notify_inval_entry_out inval_entry;
		struct fuse_notify_inval_inode_out inval_inode;
	};
};

/* Both ends; the other one is what a server takes over. */
static inline int wire_open(struct wire *w)
{
	int pair[2];

	*w = (struct wire){.unique = 1};
	disc_need(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	disc_need(!session_slots(&w->slots));
	w->kernel = pair[0];
	return pair[1];
}

/* As when the tree is unmounted. */
static inline void wire_close(struct wire *w)
{
	close(w->kernel);
	session_close(w->s);
	close(w->slots);
}

/* Sends a request and gives its number. */
static inline uint64_t wire_send(struct wire *w, uint32_t opcode, uint64_t node, const void *arg, size_t len)
{
	struct fuse_in_header in = {.len = (uint32_t)(sizeof(in) + len), .opcode = opcode, .nodeid = node};
	struct iovec iov[2] = {{&in, sizeof(in)}, {(void *)(uintptr_t)arg, len}};

	in.unique = w->unique += 2;
	disc_need(writev(w->kernel, iov, len ? 2 : 1) == (ssize_t)in.len);
	return in.unique;
}

/* The next answer; false when none comes within ms. */
static inline bool wire_receive_within(struct wire *w, int ms)
{
	struct pollfd p = {.fd = w->kernel, .events = POLLIN};
	struct iovec iov[2] = {{&w->head, sizeof(w->head)}, {w->bytes, sizeof(w->bytes)}};
	ssize_t n;

	if (poll(&p, 1, ms) != 1)
		return false;
	n = readv(w->kernel, iov, 2);
	if (n < (ssize_t)sizeof(w->head) || (size_t)n != w->head.len)
		return false;
	w->len = (size_t)n - sizeof(w->head);
	return true;
}

static inline bool wire_receive(struct wire *w)
{
	return wire_receive_within(w, WIRE_PATIENCE);
}

/* One request, its answer: the error, 0 or negative, or 1 when what came is no answer to it. A second answer
 * to an earlier request is passed over, as the kernel does, because a server that ended may have sent the
 * first. */
static inline int wire_ask(struct wire *w, uint32_t opcode, uint64_t node, const void *arg, size_t len)
{
	uint64_t unique = wire_send(w, opcode, node, arg, len);

	do
		if (!wire_receive(w))
			return 1;
	while (w->head.unique && w->head.unique < unique);
	return w->head.unique != unique || w->head.error > 0 || (w->head.error && w->len) ? 1 : w->head.error;
}

static inline uint64_t wire_send_init(struct wire *w, uint32_t flags)
{
	struct fuse_init_in in = {.major = 7, .minor = 31, .max_readahead = 131072, .flags = flags};

	return wire_send(w, FUSE_INIT, 0, &in, sizeof(in));
}

#define WIRE_KERNEL_FLAGS                                                                                    \
	(FUSE_ASYNC_READ | FUSE_EXPORT_SUPPORT | FUSE_BIG_WRITES | FUSE_SPLICE_WRITE | FUSE_SPLICE_MOVE |    \
	 FUSE_SPLICE_READ | FUSE_AUTO_INVAL_DATA | FUSE_DO_READDIRPLUS | FUSE_READDIRPLUS_AUTO |             \
	 FUSE_ASYNC_DIO | FUSE_WRITEBACK_CACHE | FUSE_PARALLEL_DIROPS | FUSE_HANDLE_KILLPRIV |               \
	 FUSE_POSIX_ACL | FUSE_MAX_PAGES | FUSE_CACHE_SYMLINKS | FUSE_NO_OPENDIR_SUPPORT |                   \
	 FUSE_EXPLICIT_INVAL_DATA | FUSE_ATOMIC_O_TRUNC)

/* A server over a catalog, answering. */
static inline void wire_serve(struct wire *w, struct ops_context *ctx, unsigned workers)
{
	int device = wire_open(w);

	disc_need(!session_open(device, w->slots, &ops_table, sizeof(ops_table), ctx, &w->s));
	wire_send_init(w, WIRE_KERNEL_FLAGS);
	disc_need(!session_start(w->s, workers) && wire_receive(w) && !w->head.error);
}

static inline int wire_lookup(struct wire *w, uint64_t dir, const char *name)
{
	return wire_ask(w, FUSE_LOOKUP, dir, name, strlen(name) + 1);
}

static inline int wire_getattr(struct wire *w, uint64_t node)
{
	struct fuse_getattr_in in = {.getattr_flags = 0};

	return wire_ask(w, FUSE_GETATTR, node, &in, sizeof(in));
}

/* READ, READDIR and READDIRPLUS. */
static inline int wire_read(struct wire *w, uint32_t opcode, uint64_t node, uint64_t off, uint32_t size)
{
	struct fuse_read_in in = {.offset = off, .size = size};

	return wire_ask(w, opcode, node, &in, sizeof(in));
}

static inline int wire_open_node(struct wire *w, uint32_t opcode, uint64_t node, uint32_t flags)
{
	struct fuse_open_in in = {.flags = flags};

	return wire_ask(w, opcode, node, &in, sizeof(in));
}

static inline int wire_getxattr(struct wire *w, uint64_t node, const char *name, uint32_t size)
{
	struct {
		struct fuse_getxattr_in in;
		char name[64];
	} arg = {.in = {.size = size}};

	snprintf(arg.name, sizeof(arg.name), "%s", name);
	return wire_ask(w, FUSE_GETXATTR, node, &arg, sizeof(arg.in) + strlen(arg.name) + 1);
}

#endif
