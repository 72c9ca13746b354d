/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "judge.h"
#include "sandbox-attempts.h"
#include "sandbox.h"
#include "tap.h"

/* The sandbox from inside: a process locks itself in as the indexer and as the server do, and tries what a
 * broken one would. Each attempt is made outside first, so that a refusal is known to be the sandbox's. */

/* --- what must go on working ------------------------------------------------------------------- */

static int work_pread(void)
{
	char buf[16];

	return pread(INDEXER_FD_IMAGE, buf, 16, 4096) == 16 && buf[0] == 'i' ? 0 : EIO;
}

static int work_map(void)
{
	char *p = mmap(NULL, IMAGE_BYTES, PROT_READ, MAP_SHARED, INDEXER_FD_IMAGE, 0);
	int r;

	if (p == MAP_FAILED)
		return errno;
	r = p[IMAGE_BYTES - 1] == 'i' ? said(madvise(p, IMAGE_BYTES, MADV_RANDOM)) : EIO;
	munmap(p, IMAGE_BYTES);
	return r;
}

static int work_memory(void)
{
	char *p = malloc(96 << 20);

	if (!p)
		return ENOMEM;
	memset(p, 1, 96 << 20);
	p = realloc(p, 128 << 20);
	free(p);
	return p ? 0 : ENOMEM;
}

static int work_write(void)
{
	return write(INDEXER_FD_OUT, "index", 5) == 5 && ftruncate(INDEXER_FD_OUT, 0) == 0 &&
			       lseek(INDEXER_FD_OUT, 0, SEEK_SET) == 0
		       ? 0
		       : errno;
}

static int work_clock(void)
{
	struct timespec t;
	struct stat st;

	return clock_gettime(CLOCK_REALTIME, &t) == 0 && fstat(INDEXER_FD_IMAGE, &st) == 0 &&
			       st.st_size == IMAGE_BYTES
		       ? 0
		       : EIO;
}

static void *thread_body(void *arg)
{
	*(char *)arg = 1;
	return malloc(1 << 20);
}

static int work_threads(void)
{
	for (int i = 0; i < 8; i++) {
		pthread_t t;
		char ran = 0;
		void *got = NULL;
		int r = pthread_create(&t, NULL, thread_body, &ran);

		if (r)
			return r;
		pthread_join(t, &got);
		free(got);
		if (!ran)
			return EIO;
	}
	return 0;
}

/* A descriptor comes over a socket that was there before, and is read and mapped. GATE is the socket. */
static int work_receive(void)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} u;
	char byte;
	struct iovec io = {&byte, 1};
	struct msghdr m = {
		.msg_iov = &io, .msg_iovlen = 1, .msg_control = u.buf, .msg_controllen = sizeof(u.buf)};
	struct pollfd p = {GATE, POLLIN, 0};
	struct cmsghdr *c;
	int fd = -1;

	if (poll(&p, 1, 10000) != 1 || recvmsg(GATE, &m, 0) != 1)
		return errno ? errno : EIO;
	c = CMSG_FIRSTHDR(&m);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return EBADMSG;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	if (pread(fd, &byte, 1, 0) != 1 || byte != 'i')
		return EIO;
	close(fd);
	m = (struct msghdr){.msg_iov = &io, .msg_iovlen = 1};
	return sendmsg(GATE, &m, 0) == 1 ? 0 : errno;
}

static const struct {
	const char *what;
	int (*call)(void);
	bool server_only;
} works[] = {
	{"reads the image", work_pread, false},
	{"maps the image", work_map, false},
	{"has memory", work_memory, false},
	{"writes its result", work_write, false},
	{"has a clock and sizes", work_clock, false},
	{"makes threads", work_threads, true},
	{"takes a descriptor and answers", work_receive, true},
};

/* --- the process ------------------------------------------------------------------------------- */

static void place(int from, int to)
{
	if (from == to)
		fcntl(to, F_SETFD, 0);
	else if (dup2(from, to) < 0)
		_exit(101);
}

/* Who reads images: an indexer, or a judge, which has one descriptor more. */
static int (*reader)(int image_fd) = sandbox_indexer;

static const char *reader_name(void)
{
	return reader == sandbox_judge ? "the judge" : "the indexer";
}

static void locked_in(bool server)
{
	size_t n = sizeof(attempts) / sizeof(attempts[0]);

	shared->status = server ? sandbox_server() : reader(INDEXER_FD_IMAGE);
	if (shared->status)
		_exit(0);
	shared->uid = getuid();
	for (size_t i = 0; i < n; i++)
		if (attempted(i, server))
			shared->result[1][i] = attempts[i].call();
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++)
		if (server || !works[i].server_only)
			shared->works[i] = works[i].call();
}

/* Lives from here on by the sandbox's rules, so whatever it allocated stays. The parent looks at it through
 * /proc between the two bytes that go over the gate. */
static pid_t start(bool server, int image, int gate)
{
	int out = memfd_create("out", 0);
	pid_t pid = fork();
	char byte = 0;

	if (pid) {
		close(out);
		return pid;
	}
	place(image, 20);
	place(out, 21);
	place(gate, 22);
	place(20, INDEXER_FD_IMAGE);
	place(21, INDEXER_FD_OUT);
	place(22, GATE);
	place(INDEXER_FD_IMAGE, EXTRA);
	place(INDEXER_FD_IMAGE, JUDGE_FD_INDEX);
	close_range(EXTRA + 1, ~0u, 0);
	locked_in(server);
	if (!server)
		shared->works[ROOM - 1] = pread(EXTRA, &byte, 1, 0) < 0 ? errno : 0;
	shared->third = pread(JUDGE_FD_INDEX, &byte, 1, 0) == 1;
	(void)!write(GATE, "1", 1);
	(void)!read(GATE, &byte, 1);
	syscall(SYS_exit_group, 0);
	_exit(0);
}

/* Attempts outside, each in a process of its own, because some change it for good. */
static void outside(int image, int gate)
{
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int out = memfd_create("out", 0);
		pid_t pid = fork();

		if (pid == 0) {
			place(image, 20);
			place(out, 21);
			place(gate, 22);
			place(20, INDEXER_FD_IMAGE);
			place(21, INDEXER_FD_OUT);
			place(22, GATE);
			shared->result[0][i] = attempts[i].call();
			_exit(0);
		}
		close(out);
		waitpid(pid, NULL, 0);
	}
}

static void proc_field(pid_t pid, const char *field, char *out, size_t room)
{
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	snprintf(out, room, "?");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, field, strlen(field)) && line[strlen(field)] == ':') {
			char *value = line + strlen(field) + 1;

			value += strspn(value, " \t");
			value[strcspn(value, "\n")] = 0;
			snprintf(out, room, "%s", value);
		}
	if (f)
		fclose(f);
}

static void look(pid_t pid, const char *who)
{
	char v[512];

	proc_field(pid, "NoNewPrivs", v, sizeof(v));
	tap_ok(!strcmp(v, "1"), "%s gains no privileges (%s)", who, v);
	proc_field(pid, "Seccomp", v, sizeof(v));
	tap_ok(!strcmp(v, "2"), "%s is filtered (%s)", who, v);
	proc_field(pid, "CapEff", v, sizeof(v));
	tap_ok(strspn(v, "0") == strlen(v), "%s has no capabilities (%s)", who, v);
	proc_field(pid, "CapPrm", v, sizeof(v));
	tap_ok(strspn(v, "0") == strlen(v), "%s could take no capabilities (%s)", who, v);
	if (geteuid())
		return;
	tap_ok(shared->uid != 0, "%s is not root (%u)", who, (unsigned)shared->uid);
	proc_field(pid, "Groups", v, sizeof(v));
	tap_ok(strspn(v, " ") == strlen(v), "%s is in no other group (%s)", who, v);
}

static void send_image(int gate, int image)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} u = {.buf = ""};
	struct iovec io = {(void *)(uintptr_t) "x", 1};
	struct msghdr m = {
		.msg_iov = &io, .msg_iovlen = 1, .msg_control = u.buf, .msg_controllen = sizeof(u.buf)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &image, sizeof(int));
	(void)!sendmsg(gate, &m, 0);
}

static void test(bool server, int image)
{
	const char *who = server ? "the server" : reader_name();
	int pair[2];
	char byte;
	pid_t pid;

	if (!ok(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0))
		return;
	memset(shared->result[1], 0, sizeof(shared->result[1]));
	memset(shared->works, 0, sizeof(shared->works));
	if (server)
		send_image(pair[0], image);
	pid = start(server, image, pair[1]);
	close(pair[1]);
	if (server)
		(void)!read(pair[0], &byte, 1); /* its answer */
	tap_ok(read(pair[0], &byte, 1) == 1 && !shared->status, "%s locks itself in: %s", who,
	       strerror(-shared->status));
	look(pid, who);
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int before = shared->result[0][i], now = shared->result[1][i];

		if (attempted(i, server))
			tap_ok(now == EPERM || now == ENOSYS, "%s cannot %s: %s%s", who, attempts[i].what,
			       strerror(now), before ? " (nor could it outside)" : "");
	}
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++)
		if (server || !works[i].server_only)
			tap_ok(!shared->works[i], "%s %s: %s", who, works[i].what,
			       strerror(shared->works[i]));
	if (!server)
		tap_ok(shared->works[ROOM - 1] == EBADF, "%s has no descriptor but its own: %s", who,
		       strerror(shared->works[ROOM - 1]));
	if (!server)
		tap_ok(shared->third == (reader == sandbox_judge), "the judge, and not the indexer, has a third one");
	(void)!write(pair[0], "x", 1);
	close(pair[0]);
	waitpid(pid, NULL, 0);
}

/* A call by another architecture's numbers goes around a filter that does not look at the architecture. */
static void test_foreign(int image)
{
#if defined(__x86_64__)
	for (int x32 = 0; x32 < 2; x32++) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0) {
			place(image, INDEXER_FD_IMAGE);
			if (reader(INDEXER_FD_IMAGE))
				_exit(102);
			if (x32) {
				errno = 0;
				syscall(0x40000000L + SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY);
				syscall(SYS_exit_group, errno == EPERM || errno == ENOSYS ? 0 : 103);
			} else {
				long r = 20; /* getpid of i386 */

				__asm__ volatile("int $0x80" : "+a"(r) : : "memory");
				syscall(SYS_exit_group, r == -EPERM || r == -ENOSYS ? 0 : 103);
			}
		}
		waitpid(pid, &status, 0);
		tap_ok((WIFSIGNALED(status) && (WTERMSIG(status) == SIGSYS || WTERMSIG(status) == SIGSEGV)) ||
			       (WIFEXITED(status) && WEXITSTATUS(status) == 0),
		       "%s makes no calls of %s: status %#x", reader_name(), x32 ? "x32" : "i386",
		       (unsigned)status);
	}
#else
	(void)image;
#endif
}

/* What eats memory, time or disk is stopped by limits. */
static void test_limits(int image)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int out = memfd_create("out", 0);

		signal(SIGXFSZ, SIG_IGN);
		place(image, 20);
		place(out, 21);
		place(20, INDEXER_FD_IMAGE);
		place(21, INDEXER_FD_OUT);
		if (reader(INDEXER_FD_IMAGE))
			_exit(102);
		if (!SANITIZED && mmap(NULL, 8ul << 30, PROT_READ,
				       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED)
			syscall(SYS_exit_group, 103);
		if (pwrite(INDEXER_FD_OUT, "x", 1, 4l << 30) == 1 || ftruncate(INDEXER_FD_OUT, 4l << 30) == 0)
			syscall(SYS_exit_group, 104);
		syscall(SYS_exit_group, 0);
	}
	waitpid(pid, &status, 0);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	       "%s's memory and its result have a limit: status %#x", reader_name(), (unsigned)status);
}

int main(void)
{
	char image_bytes[IMAGE_BYTES];
	int image = memfd_create("image", 0), gate[2], hold[2];
	pid_t victim;
	char byte;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(image_bytes, 'i', sizeof(image_bytes));
	if (shared == MAP_FAILED || image < 0 || write(image, image_bytes, IMAGE_BYTES) != IMAGE_BYTES ||
	    pipe(gate) < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, hold) < 0)
		tap_skip("no memory for a test");
	/* Somebody of the same user, who could be signalled. */
	victim = fork();
	if (victim == 0) {
		close(hold[0]);
		if (sandbox_server())
			_exit(1);
		(void)!write(hold[1], "1", 1);
		(void)!read(hold[1], &byte, 1);
		_exit(0);
	}
	shared->victim = victim;
	close(hold[1]);
	ok(read(hold[0], &byte, 1) == 1);
	outside(image, gate[0]);
	tap_ok(shared->result[0][0] == 0 && shared->result[0][3] == 0 && shared->result[0][7] == 0,
	       "outside, all of this is possible: %s, %s, %s", strerror(shared->result[0][0]),
	       strerror(shared->result[0][3]), strerror(shared->result[0][7]));
	test(false, image);
	test(true, image);
	for (int i = 0; i < 2; i++) {
		if (i) {
			reader = sandbox_judge;
			test(false, image);
		}
		test_foreign(image);
		test_limits(image);
	}
	close(hold[0]);
	waitpid(victim, NULL, 0);
	return tap_done();
}
