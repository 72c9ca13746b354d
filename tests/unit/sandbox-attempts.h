/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SANDBOX_ATTEMPTS_H
#define PXEFS_SANDBOX_ATTEMPTS_H

/* What a broken process of ours would try, for test-sandbox.c: a table of calls that are made outside
 * and inside. Each says 0 when it was done, or would have been but for a made-up argument, else errno. */

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "indexer.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { IMAGE_BYTES = 8192, GATE = 0, EXTRA = 9, ROOM = 64 };

/* Seen by parent and child. */
static struct shared {
	pid_t victim;
	int status;	     /* of sandbox_*() */
	int result[2][ROOM]; /* errno, or 0: outside, inside */
	bool third;	     /* descriptor 5 is there */
	int works[ROOM];
	uid_t uid;
} * shared;

static int said(long r)
{
	if (r < 0)
		return errno;
	return 0;
}

static int said_fd(long r)
{
	if (r < 0)
		return errno;
	close((int)r);
	return 0;
}

/* A new process leaves at once; -1 stands for "was made". */
static int said_process(long pid)
{
	if (pid < 0)
		return errno;
	if (pid == 0)
		syscall(SYS_exit, 0);
	waitpid((pid_t)pid, NULL, __WALL);
	return 0;
}

static int try_open(void)
{
	return said_fd(syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY));
}
static int try_open_old(void)
{
#ifdef SYS_open
	return said_fd(syscall(SYS_open, "/dev/null", O_RDONLY));
#else
	return EPERM;
#endif
}
static int try_openat2(void)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = {O_RDONLY, 0, 0};

	return said_fd(syscall(SYS_openat2, AT_FDCWD, "/dev/null", &how, sizeof(how)));
}
static int try_socket(void)
{
	return said_fd(socket(AF_INET, SOCK_DGRAM, 0));
}
static int try_socket_unix(void)
{
	return said_fd(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int try_netlink(void)
{
	return said_fd(socket(AF_NETLINK, SOCK_RAW, 0));
}
static int try_socketpair(void)
{
	int pair[2];
	int r = said(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));

	if (!r) {
		close(pair[0]);
		close(pair[1]);
	}
	return r;
}
static int try_fork(void)
{
	return said_process(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}
static int try_fork_old(void)
{
#ifdef SYS_fork
	return said_process(syscall(SYS_fork));
#else
	return EPERM;
#endif
}
static int try_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return said_process(pid);
}
static int try_clone3(void)
{
	struct clone_args args = {.exit_signal = SIGCHLD};

	return said_process(syscall(SYS_clone3, &args, sizeof(args)));
}
static int try_execve(void)
{
	char *none[] = {NULL};

	/* Nothing is there to be run, so that outside it only says so. */
	return said(execve("/nonexistent/program", none, none)) == ENOENT ? 0 : errno;
}
static int try_execveat(void)
{
	char *none[] = {NULL};

	return said(syscall(SYS_execveat, AT_FDCWD, "/nonexistent/program", none, none, 0)) == ENOENT ? 0
												      : errno;
}
static int try_ptrace(void)
{
	return said(syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0));
}
static int try_kill(void)
{
	return said(syscall(SYS_kill, shared->victim, 0));
}
static int try_tgkill(void)
{
	return said(syscall(SYS_tgkill, shared->victim, shared->victim, 0));
}
static int try_tkill(void)
{
	return said(syscall(SYS_tkill, shared->victim, 0));
}
static int try_sigqueue(void)
{
	return said(sigqueue(shared->victim, 0, (union sigval){.sival_int = 0}));
}
static int try_pidfd(void)
{
	return said_fd(syscall(SYS_pidfd_open, shared->victim, 0));
}
static int try_read_other(void)
{
	char buf[1];
	struct iovec here = {buf, 1}, there = {shared, 1};

	return said(syscall(SYS_process_vm_readv, getpid(), &here, 1, &there, 1, 0));
}
static int try_limit_other(void)
{
	struct rlimit lim;

	return said(syscall(SYS_prlimit64, shared->victim, RLIMIT_CORE, NULL, &lim));
}
static int try_map_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return errno;
	munmap(p, 4096);
	return 0;
}
static int try_map_image_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, INDEXER_FD_IMAGE, 0);

	if (p == MAP_FAILED)
		return errno;
	munmap(p, 4096);
	return 0;
}
static int try_protect_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r;

	if (p == MAP_FAILED)
		return 0;
	r = said(mprotect(p, 4096, PROT_READ | PROT_EXEC));
	munmap(p, 4096);
	return r;
}
static int try_pkey_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r;

	if (p == MAP_FAILED)
		return 0;
	r = said(syscall(SYS_pkey_mprotect, p, 4096, PROT_READ | PROT_EXEC, -1));
	munmap(p, 4096);
	return r;
}
/* After READ_IMPLIES_EXEC every readable map would be code. */
static int try_personality(void)
{
	return said(syscall(SYS_personality, 0xffffffff));
}
static int try_memfd(void)
{
	return said_fd(syscall(SYS_memfd_create, "x", 0));
}
static int try_uring(void)
{
	char params[256] = {0};

	return said_fd(syscall(SYS_io_uring_setup, 1, params));
}
static int try_bpf(void)
{
	return said(syscall(SYS_bpf, -1, NULL, 0)) == EINVAL ? 0 : errno;
}
static int try_perf(void)
{
	return said(syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0)) == EFAULT ? 0 : errno;
}
static int try_userfaultfd(void)
{
	return said_fd(syscall(SYS_userfaultfd, O_CLOEXEC));
}
static int try_unshare(void)
{
	return said(unshare(CLONE_FS));
}
static int try_unshare_user(void)
{
	return said(syscall(SYS_unshare, CLONE_NEWUSER));
}
static int try_setns(void)
{
	return said(syscall(SYS_setns, -1, 0)) == EBADF ? 0 : errno;
}
static int try_mount(void)
{
	return said(syscall(SYS_mount, "none", "/nonexistent", "tmpfs", 0, 0)) == ENOENT ? 0 : errno;
}
static int try_unlink(void)
{
	return said(unlinkat(AT_FDCWD, "/nonexistent/x", 0)) == ENOENT ? 0 : errno;
}
static int try_rename(void)
{
	return said(renameat(AT_FDCWD, "/nonexistent/x", AT_FDCWD, "/nonexistent/y")) == ENOENT ? 0 : errno;
}
static int try_mkdir(void)
{
	return said(mkdirat(AT_FDCWD, "/nonexistent/x", 0700)) == ENOENT ? 0 : errno;
}
static int try_chmod(void)
{
	return said(fchmod(INDEXER_FD_OUT, 0777));
}
static int try_chdir(void)
{
	return said(chdir("/"));
}
static int try_readlink(void)
{
	char buf[16];

	return said(readlinkat(AT_FDCWD, "/proc/self/exe", buf, sizeof(buf)));
}
static int try_getdents(void)
{
	char buf[256];

	return said(syscall(SYS_getdents64, INDEXER_FD_IMAGE, buf, sizeof(buf))) == ENOTDIR ? 0 : errno;
}
static int try_inotify(void)
{
	return said_fd(syscall(SYS_inotify_init1, 0));
}
static int try_keys(void)
{
	return said(syscall(SYS_keyctl, 0, -3, 0)) == EPERM ? EPERM : 0;
}
static int try_ioctl(void)
{
	int n;

	return said(ioctl(GATE, 0x541b /* FIONREAD */, &n));
}
static int try_prctl(void)
{
	return said(prctl(PR_SET_NAME, "x", 0, 0, 0));
}
static int try_filter(void)
{
	return said(syscall(SYS_seccomp, 2 /* SECCOMP_GET_ACTION_AVAIL */, 0, "\0\0\0\0"));
}
static int try_module(void)
{
	return said(syscall(SYS_delete_module, "nonexistent", 0)) == ENOENT ? 0 : errno;
}
static int try_setuid(void)
{
	return said(syscall(SYS_setresuid, -1, -1, -1));
}

enum { ALWAYS, PLAIN_ONLY, INDEXER_ONLY, INDEXER_PLAIN };

static int try_fcntl(void)
{
	return said(fcntl(INDEXER_FD_OUT, F_GETFL));
}
static int try_poll(void)
{
	return said(poll(NULL, 0, 0));
}
static int try_send(void)
{
	return said(send(INDEXER_FD_OUT, "", 0, 0)) == ENOTSOCK ? 0 : errno;
}
static int try_affinity(void)
{
	cpu_set_t set;

	return said(sched_getaffinity(0, sizeof(set), &set));
}
static int try_thread_clone(void)
{
	/* Refused before the kernel looks at it, or it says that a thread needs CLONE_VM too. */
	return said(syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0)) == EINVAL ? 0 : errno;
}

static const struct {
	const char *what;
	int (*call)(void);
	int where; /* a sanitizer's own needs are let through in a sanitized build */
} attempts[] = {
	{"open a file (openat)", try_open, ALWAYS},
	{"open a file (open)", try_open_old, ALWAYS},
	{"open a file (openat2)", try_openat2, ALWAYS},
	{"make an Internet socket", try_socket, ALWAYS},
	{"make a local socket", try_socket_unix, ALWAYS},
	{"make a netlink socket", try_netlink, ALWAYS},
	{"make a pair of sockets", try_socketpair, ALWAYS},
	{"make a process (clone)", try_fork, ALWAYS},
	{"make a process (fork)", try_fork_old, ALWAYS},
	{"make a process (vfork)", try_vfork, ALWAYS},
	{"make a process (clone3)", try_clone3, PLAIN_ONLY},
	{"run a program (execve)", try_execve, ALWAYS},
	{"run a program (execveat)", try_execveat, ALWAYS},
	{"trace", try_ptrace, ALWAYS},
	{"signal another process (kill)", try_kill, ALWAYS},
	{"signal another process (tgkill)", try_tgkill, ALWAYS},
	{"signal another process (tkill)", try_tkill, ALWAYS},
	{"signal another process (rt_sigqueueinfo)", try_sigqueue, ALWAYS},
	{"get hold of another process", try_pidfd, ALWAYS},
	{"read a process' memory", try_read_other, ALWAYS},
	{"see another process' limits", try_limit_other, PLAIN_ONLY},
	{"map memory as code", try_map_code, ALWAYS},
	{"map the image as code", try_map_image_code, ALWAYS},
	{"turn memory into code", try_protect_code, PLAIN_ONLY},
	{"turn memory into code by a key", try_pkey_code, ALWAYS},
	{"change what a readable map is", try_personality, ALWAYS},
	{"make a file of memory", try_memfd, INDEXER_ONLY},
	{"use io_uring", try_uring, ALWAYS},
	{"use bpf", try_bpf, ALWAYS},
	{"use perf", try_perf, ALWAYS},
	{"handle page faults", try_userfaultfd, ALWAYS},
	{"leave its namespaces", try_unshare, ALWAYS},
	{"make a user namespace", try_unshare_user, ALWAYS},
	{"enter a namespace", try_setns, ALWAYS},
	{"mount", try_mount, ALWAYS},
	{"remove a file", try_unlink, ALWAYS},
	{"rename a file", try_rename, ALWAYS},
	{"make a directory", try_mkdir, ALWAYS},
	{"change a mode", try_chmod, ALWAYS},
	{"change its directory", try_chdir, ALWAYS},
	{"read a link", try_readlink, ALWAYS},
	{"list a directory", try_getdents, ALWAYS},
	{"watch files", try_inotify, ALWAYS},
	{"use keys", try_keys, ALWAYS},
	{"control a device", try_ioctl, PLAIN_ONLY},
	{"change what it is", try_prctl, PLAIN_ONLY},
	{"change its filter", try_filter, ALWAYS},
	{"unload a module", try_module, ALWAYS},
	{"change its user", try_setuid, ALWAYS},
	{"make a thread", try_thread_clone, INDEXER_ONLY},
	{"change a descriptor", try_fcntl, INDEXER_ONLY},
	{"wait for descriptors", try_poll, INDEXER_ONLY},
	{"send", try_send, INDEXER_ONLY},
	{"look at its processors", try_affinity, INDEXER_PLAIN},
};
_Static_assert(sizeof(attempts) / sizeof(attempts[0]) <= ROOM, "room for results");

static bool attempted(size_t i, bool server)
{
	int where = attempts[i].where;

	if (SANITIZED && (where == PLAIN_ONLY || where == INDEXER_PLAIN))
		return false;
	return !server || where == ALWAYS || where == PLAIN_ONLY;
}

#endif
