/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "indexer.h"
#include "judge.h"
#include "sandbox.h"

#define SANDBOX_NOBODY 65534u /* Linux' own overflow uid, where passwd has neither user */

#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

/* Root by number only, as behind mount.fuse3's drop_privileges: it can neither be another user nor do anything. */
static bool sandbox_powerless(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	return !data[0].permitted && !data[1].permitted;
}

static int sandbox_user(void)
{
	uid_t uid = SANDBOX_NOBODY;
	gid_t gid = SANDBOX_NOBODY;
	const struct passwd *pw;

	if (geteuid() != 0 || sandbox_powerless())
		return 0;
	pw = getpwnam("pxefs");
	if (!pw)
		pw = getpwnam("nobody");
	if (pw && pw->pw_uid != 0) {
		uid = pw->pw_uid;
		gid = pw->pw_gid;
	}
	/* Leaving uid 0 for another drops all capabilities (capabilities(7)). */
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return -errno;
	return 0;
}

static int sandbox_limit(int resource, rlim_t value)
{
	struct rlimit lim;

	if (getrlimit((__rlimit_resource_t)resource, &lim) < 0)
		return -errno;
	if (lim.rlim_max != RLIM_INFINITY && value > lim.rlim_max)
		value = lim.rlim_max;
	lim.rlim_cur = lim.rlim_max = value;
	return setrlimit((__rlimit_resource_t)resource, &lim) < 0 ? -errno : 0;
}

static int sandbox_privileges(void)
{
	int r = sandbox_user();

	if (r)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	return sandbox_limit(RLIMIT_CORE, 0);
}

/* What every process of ours needs once its files are open. */
static const int sandbox_common[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(preadv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(ftruncate),
	SCMP_SYS(close),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom),
	SCMP_SYS(sched_yield),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(uname),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(sysinfo),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
};

static const int sandbox_server_calls[] = {
	SCMP_SYS(memfd_create), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),		SCMP_SYS(poll),
	SCMP_SYS(ppoll),	SCMP_SYS(fcntl),   SCMP_SYS(sched_getaffinity),
};

/* A leak check or a report at exit of a sanitized build; never in a build for use. */
static const int sandbox_sanitizer_calls[] = {
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(prctl),
	SCMP_SYS(getppid),
	SCMP_SYS(wait4),
	SCMP_SYS(readlink),
	SCMP_SYS(getrlimit),
	SCMP_SYS(prlimit64),
	SCMP_SYS(mprotect),
	SCMP_SYS(ioctl),
	SCMP_SYS(dup),
	SCMP_SYS(clone3),
};

static int sandbox_allow(scmp_filter_ctx ctx, const int *calls, size_t count)
{
	int r = 0;

	for (size_t i = 0; i < count && !r; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);
	return r;
}

/* Memory that could be run as code is never made. */
static int sandbox_allow_memory(scmp_filter_ctx ctx)
{
	int r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

	if (!r)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return r;
}

/* abort(3) signals its own process; a neighbour of the same user is none of its business. */
static int sandbox_allow_signal(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
}

/* Threads, not processes. clone3 hides its flags behind a pointer: ENOSYS makes the C library use clone. */
static int sandbox_allow_threads(scmp_filter_ctx ctx)
{
	int r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				 SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

	if (!r)
		r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return r;
}

static int sandbox_seccomp(bool server)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r;

	if (!ctx)
		return -ENOMEM;
	r = sandbox_allow(ctx, sandbox_common, ARRAY_SIZE(sandbox_common));
	if (!r)
		r = sandbox_allow_memory(ctx);
	if (!r)
		r = sandbox_allow_signal(ctx);
	if (!r && server) {
		r = sandbox_allow(ctx, sandbox_server_calls, ARRAY_SIZE(sandbox_server_calls));
		if (!r)
			r = sandbox_allow_threads(ctx);
	}
	if (!r && SANDBOX_SANITIZED && !server)
		r = sandbox_allow(ctx, sandbox_sanitizer_calls, ARRAY_SIZE(sandbox_sanitizer_calls) - 1);
	else if (!r && SANDBOX_SANITIZED)
		r = sandbox_allow(ctx, sandbox_sanitizer_calls, ARRAY_SIZE(sandbox_sanitizer_calls) - 3);
	if (!r)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	return r;
}

/* What reads an image and writes an index, with descriptors up to last. */
static int sandbox_reader(int image_fd, int last, rlim_t memory)
{
	const rlim_t output = (rlim_t)1 << 30;
	struct stat st;
	int r;

	if (fstat(image_fd, &st) < 0)
		return -errno;
	closefrom(last + 1);
	r = sandbox_privileges();
	if (!r)
		r = sandbox_limit(RLIMIT_CPU, 120);
	if (!r)
		r = sandbox_limit(RLIMIT_FSIZE, output);
	if (!r)
		r = sandbox_limit(RLIMIT_NOFILE, (rlim_t)last + 1);
	/* A sanitizer's shadow is 16 TiB of address space. */
	if (!r && !SANDBOX_SANITIZED && st.st_size >= 0)
		r = sandbox_limit(RLIMIT_AS, (rlim_t)st.st_size + memory);
	return r ? r : sandbox_seccomp(false);
}

int sandbox_indexer(int image_fd)
{
	return sandbox_reader(image_fd, INDEXER_FD_OUT, (rlim_t)3 << 30);
}

int sandbox_judge(int image_fd)
{
	return sandbox_reader(image_fd, JUDGE_FD_INDEX, (rlim_t)1 << 30);
}

int sandbox_server(void)
{
	int r = sandbox_privileges();

	return r ? r : sandbox_seccomp(true);
}
