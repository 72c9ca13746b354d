/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/wait.h>

#include "fuse-wire.h"

/* The hand-over: servers that die in the middle of requests, each a process of its own, and the one that
 * comes after them over the same connection and the same memory. */

static struct world world;
static struct ops_context ctx = {.timeout = 5};

/* --- servers that die -------------------------------------------------------------------------- */

static void die_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	(void)req;
	(void)parent;
	(void)name;
	_exit(7);
}

static void die_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)req;
	(void)ino;
	(void)fi;
	_exit(7);
}

static void die_init(void *userdata, struct fuse_conn_info *conn)
{
	(void)userdata;
	(void)conn;
	_exit(7);
}

/* The answer is out, the slot not yet cleared. */
static void die_later(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	ops_table.getattr(req, ino, fi);
	_exit(7);
}

static atomic_uint inside;
static unsigned wanted;

/* Ends the server when so many requests are in it. */
static void die_together(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)req;
	(void)ino;
	(void)fi;
	if (atomic_fetch_add(&inside, 1) + 1 == wanted)
		_exit(7);
	for (;;)
		pause();
}

/* What happens in the child: a server with these ops, until it dies or the connection ends. */
static _Noreturn void server_life(int device, int slots, const struct fuse_lowlevel_ops *ops,
				  unsigned workers)
{
	struct pollfd p = {.events = POLLIN};
	struct session *s;

	if (session_open(device, slots, ops, sizeof(*ops), &ctx, &s) || session_start(s, workers))
		_exit(8);
	p.fd = session_ended(s);
	poll(&p, 1, WIRE_PATIENCE);
	_exit(0);
}

static pid_t server(struct wire *w, int device, const struct fuse_lowlevel_ops *ops, unsigned workers)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	disc_need(pid >= 0);
	if (pid == 0) {
		close(w->kernel);
		server_life(device, w->slots, ops, workers);
	}
	return pid;
}

static int server_end(pid_t pid)
{
	int status;

	disc_need(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static uint64_t init_unique;

/* A new connection whose first server, with these ops, has answered INIT and is through with it. */
static pid_t begin(struct wire *w, int *device, const struct fuse_lowlevel_ops *ops, unsigned workers)
{
	pid_t pid;

	*device = wire_open(w);
	pid = server(w, *device, ops, workers);
	init_unique = wire_send_init(w, WIRE_KERNEL_FLAGS);
	disc_need(wire_receive(w) && !w->head.error && w->init.flags & FUSE_EXPORT_SUPPORT);
	disc_need(!wire_ask(w, FUSE_STATFS, 1, NULL, 0));
	return pid;
}

/* The answer to that request. One before it may come a second time, where its server died behind the first,
 * but never that to INIT. */
static bool answered(struct wire *w, uint64_t asked)
{
	do
		if (!wire_receive(w) || w->head.unique == init_unique)
			return false;
	while (w->head.unique < asked);
	return w->head.unique == asked;
}

/* The server that is to stay, in this process; it takes over the connection. */
static void take_over(struct wire *w, int device)
{
	disc_need(!session_open(device, w->slots, &ops_table, sizeof(ops_table), &ctx, &w->s));
	disc_need(!session_start(w->s, 2));
}

static bool serves(struct wire *w)
{
	uint64_t x = world_id(&world, "x");

	return !wire_lookup(w, 1, "x") && w->entry.nodeid == x && !wire_getattr(w, x) &&
	       wire_getattr(w, 99) == -ESTALE;
}

static uint64_t send_getattr(struct wire *w, uint64_t node)
{
	struct fuse_getattr_in in = {.getattr_flags = 0};

	return wire_send(w, FUSE_GETATTR, node, &in, sizeof(in));
}

static void test_one_death(void)
{
	struct fuse_lowlevel_ops ops = ops_table;
	struct wire w;
	int device;
	uint64_t asked;
	pid_t pid;

	ops.lookup = die_lookup;
	pid = begin(&w, &device, &ops, 2);
	ok(!wire_getattr(&w, 1));
	asked = wire_send(&w, FUSE_LOOKUP, 1, "x", 2);
	ok(server_end(pid) == 7 && !wire_receive_within(&w, 0));
	take_over(&w, device);
	tap_ok(answered(&w, asked) && !w.head.error && w.entry.nodeid == world_id(&world, "x"),
	       "the next server answers what the dead one left, and not INIT again");
	ok(serves(&w) && !wire_receive_within(&w, 0));
	wire_close(&w);
}

/* What is sent while nobody is there waits in the connection. */
static void test_gap(void)
{
	struct wire w;
	int device;
	uint64_t asked;
	pid_t pid = begin(&w, &device, &ops_table, 1);

	kill(pid, SIGKILL);
	ok(server_end(pid) == -SIGKILL);
	asked = send_getattr(&w, 1);
	take_over(&w, device);
	ok(answered(&w, asked) && !w.head.error && serves(&w));
	wire_close(&w);
}

static void test_many_slots(void)
{
	struct fuse_lowlevel_ops ops = ops_table;
	struct wire w;
	int device;
	uint64_t asked[5];
	unsigned got = 0;
	pid_t pid;

	wanted = ARRAY_SIZE(asked);
	ops.getattr = die_together;
	pid = begin(&w, &device, &ops, 6);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++)
		asked[i] = send_getattr(&w, 1);
	ok(server_end(pid) == 7);
	take_over(&w, device);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		disc_need(answered(&w, asked[0]) || w.head.unique > asked[0]);
		for (size_t k = 0; k < ARRAY_SIZE(asked); k++)
			got += w.head.unique == asked[k] ? 1u << 4 * k : 0;
	}
	tap_ok(got == 0x11111, "all of five requests are answered, each once, by two workers");
	ok(serves(&w));
	wire_close(&w);
}

static void test_three_deaths(void)
{
	struct fuse_lowlevel_ops ops = ops_table;
	struct wire w;
	int device;
	uint64_t asked;
	pid_t pid;

	ops.getattr = die_getattr;
	pid = begin(&w, &device, &ops, 1);
	asked = send_getattr(&w, 1);
	ok(server_end(pid) == 7 && server_end(server(&w, device, &ops, 1)) == 7);
	tap_ok(server_end(server(&w, device, &ops, 1)) == 7, "it ends a third one");
	pid = server(&w, device, &ops, 1);
	tap_ok(answered(&w, asked) && w.head.error == -EIO && !w.len,
	       "and the fourth answers it with an error and lives");
	ok(!wire_lookup(&w, 1, "x"));
	asked = send_getattr(&w, 1);
	ok(server_end(pid) == 7);
	take_over(&w, device);
	tap_ok(answered(&w, asked) && !w.head.error, "the next request in that slot begins anew");
	ok(serves(&w));
	wire_close(&w);
}

static void test_death_in_init(void)
{
	struct fuse_lowlevel_ops ops = ops_table;
	struct wire w;
	int device = wire_open(&w);
	pid_t pid;

	ops.init = die_init;
	pid = server(&w, device, &ops, 1);
	wire_send_init(&w, WIRE_KERNEL_FLAGS);
	ok(server_end(pid) == 7 && !wire_receive_within(&w, 0));
	take_over(&w, device);
	tap_ok(wire_receive(&w) && !w.head.error && w.init.flags & FUSE_EXPORT_SUPPORT,
	       "INIT is answered by the next");
	ok(serves(&w) && !wire_receive_within(&w, 0));
	wire_close(&w);
}

static void test_answered_twice(void)
{
	struct fuse_lowlevel_ops ops = ops_table;
	struct wire w;
	int device;
	uint64_t asked;
	pid_t pid;

	ops.getattr = die_later;
	pid = begin(&w, &device, &ops, 1);
	asked = send_getattr(&w, 1);
	ok(answered(&w, asked) && !w.head.error && server_end(pid) == 7);
	take_over(&w, device);
	tap_ok(answered(&w, asked) && !w.head.error, "at worst an answer comes twice");
	ok(serves(&w) && !wire_receive_within(&w, 0));
	wire_close(&w);
}

/* Server after server, each answering; the kernel sees one. */
static void test_upgrades(void)
{
	struct wire w;
	int device;
	pid_t pid = begin(&w, &device, &ops_table, 3);
	bool good = true;

	for (int i = 0; i < 5 && good; i++) {
		good = serves(&w);
		kill(pid, SIGKILL);
		good = good && server_end(pid) == -SIGKILL;
		pid = server(&w, device, &ops_table, 1 + (unsigned)i);
	}
	tap_ok(good && serves(&w), "five servers, one connection");
	kill(pid, SIGKILL);
	server_end(pid);
	take_over(&w, device);
	ok(serves(&w));
	wire_close(&w);
}

/* --- beginnings and ends ----------------------------------------------------------------------- */

static bool closed(int fd)
{
	return fcntl(fd, F_GETFD) < 0 && errno == EBADF;
}

static void test_open(void)
{
	struct wire w;
	struct session *s = NULL;
	int device = wire_open(&w), empty = memfd_create("empty", MFD_CLOEXEC);
	uint32_t version = 77;

	ok(session_open(dup(device), empty, &ops_table, sizeof(ops_table), &ctx, &s) == -EPROTO && !s);
	disc_need(!ftruncate(empty, 65536));
	ok(session_open(dup(device), empty, &ops_table, sizeof(ops_table), &ctx, &s) == -EPROTO && !s);
	disc_need(pwrite(w.slots, &version, 4, 8) == 4);
	tap_ok(session_open(device, w.slots, &ops_table, sizeof(ops_table), &ctx, &s) == -EPROTO && !s,
	       "slots of another version are not used");
	ok(closed(device));
	close(empty);
	close(w.slots);
	close(w.kernel);
}

static void test_ends(void)
{
	struct pollfd p = {.events = POLLIN};
	struct wire w;
	int device = wire_open(&w);

	disc_need(!session_open(device, w.slots, &ops_table, sizeof(ops_table), &ctx, &w.s));
	close(w.kernel);
	tap_ok(session_start(w.s, 1) == -ENODEV, "unmounted before INIT");
	session_close(w.s);
	ok(closed(device));
	session_close(NULL);
	close(w.slots);

	device = wire_open(&w);
	disc_need(!session_open(device, w.slots, &ops_table, sizeof(ops_table), &ctx, &w.s));
	send_getattr(&w, 1);
	tap_ok(session_start(w.s, 1) == -EPROTO, "what comes first is INIT, or nothing is served");
	wire_close(&w);

	wire_serve(&w, &ctx, 1000);
	p.fd = session_ended(w.s);
	ok(poll(&p, 1, 0) == 0 && serves(&w) && session_fuse(w.s));
	shutdown(w.kernel, SHUT_RDWR);
	tap_ok(poll(&p, 1, WIRE_PATIENCE) == 1, "when the tree is unmounted the last worker says so");
	wire_close(&w);
}

/* Packets that no kernel sends are not taken for requests. */
static void test_odd_packets(void)
{
	struct fuse_in_header in = {.len = 4000, .opcode = FUSE_GETATTR, .unique = 5, .nodeid = 1};
	struct wire w;

	wire_serve(&w, &ctx, 2);
	disc_need(write(w.kernel, &in, sizeof(in)) == sizeof(in) && write(w.kernel, &in, 10) == 10);
	in.len = 3;
	disc_need(write(w.kernel, &in, sizeof(in)) == sizeof(in));
	tap_ok(serves(&w) && !wire_receive_within(&w, 0), "a length that is not the packet's");
	wire_close(&w);
}

int main(void)
{
	world_open(&world, 31);
	catalog_settle(world.c, true);
	world_add(&world, 1, "x.iso", 1, 10);
	world_commit(&world);
	ctx.catalog = world.c;
	test_open();
	test_ends();
	test_odd_packets();
	test_one_death();
	test_gap();
	test_many_slots();
	test_three_deaths();
	test_death_in_init();
	test_answered_twice();
	test_upgrades();
	world_close(&world);
	return tap_done();
}
