/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#define FUSE_USE_VERSION 312
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <sys/mount.h>

#include "log.h"
#include "mount.h"

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256 /* linux/mount.h, kernel 5.10 */
#endif

struct mount {
	char *point;
	int device;
	bool given;		   /* by mount.fuse3 as /dev/fd/N: not ours to unmount */
	struct fuse_session *user; /* mounted through fusermount3 */
};

/* "a,b" to "a\,b" would be needed by none of these values: they are numbers. */
static int mount_root(const struct options *o, struct mount *m, struct reason *why)
{
	unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | (o->symfollow ? 0 : MS_NOSYMFOLLOW);
	cleanup_free char *data = NULL;

	m->device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (m->device < 0)
		return reason_set(why, -errno, "/dev/fuse: %s%s", strerror(errno),
				  errno == ENOENT || errno == ENODEV ? " (is the kernel's fuse module there?)"
								     : "");
	if (asprintf(&data, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions%s",
		     m->device, o->context ? o->context : "") < 0) {
		data = NULL;
		return -ENOMEM;
	}
	if (mount(o->source, o->mount, "fuse.pxefs", flags, data) < 0)
		return reason_set(why, -errno, "cannot mount on %s: %s", o->mount, strerror(errno));
	return 0;
}

static int mount_user(const struct options *o, struct mount *m, struct reason *why)
{
	static const struct fuse_lowlevel_ops none;
	char name[] = "pxefs", opt[] = "-oro,nosuid,nodev,subtype=pxefs,default_permissions";
	cleanup_free char *source = NULL;
	char *argv[] = {name, opt, NULL, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(3, argv);

	if (asprintf(&source, "-ofsname=%s", o->source) < 0) {
		source = NULL;
		return -ENOMEM;
	}
	argv[2] = source;
	m->user = fuse_session_new(&args, &none, sizeof(none), NULL);
	fuse_opt_free_args(&args);
	if (!m->user)
		return -ENOMEM;
	if (fuse_session_mount(m->user, o->mount))
		return reason_set(why, -EPERM, "cannot mount on %s as a user: see fusermount3(1)", o->mount);
	m->device = fuse_session_fd(m->user);
	return 0;
}

int mount_open(const struct options *o, struct mount **out, struct reason *why)
{
	struct mount *m = calloc(1, sizeof(*m));
	int r;

	if (!m)
		return -ENOMEM;
	m->device = -1;
	m->point = strdup(o->mount);
	if (!m->point)
		r = -ENOMEM;
	else if (!strncmp(o->mount, "/dev/fd/", 8)) {
		m->given = true;
		m->device = atoi(o->mount + 8);
		r = fcntl(m->device, F_SETFD, FD_CLOEXEC) < 0
			    ? reason_set(why, -errno, "%s: %s", o->mount, strerror(errno))
			    : 0;
	} else {
		r = geteuid() == 0 ? mount_root(o, m, why) : mount_user(o, m, why);
	}
	if (r) {
		if (m->user)
			fuse_session_destroy(m->user);
		else
			fd_close(&m->device);
		free(m->point);
		free(m);
		return r;
	}
	*out = m;
	return 0;
}

int mount_device(const struct mount *m)
{
	return m->device;
}

/* Octal escapes of mountinfo (proc(5)) back to bytes, in place. */
static void mount_unescape(char *s)
{
	char *out = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' &&
		    s[3] <= '7') {
			*out++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 3;
		} else {
			*out++ = *s;
		}
	}
	*out = 0;
}

static int mount_number(const char *point, unsigned *major, unsigned *minor)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	cleanup_free char *line = NULL;
	size_t room = 0;
	int r = -ENOENT;

	if (!f)
		return -errno;
	/* The last line for a mount point is the one on top. */
	while (getline(&line, &room, f) > 0) {
		unsigned ma, mi;
		int at = 0;
		char *end;

		if (sscanf(line, "%*u %*u %u:%u %*s %n", &ma, &mi, &at) != 2 || !at)
			continue;
		end = strchr(line + at, ' ');
		if (!end)
			continue;
		*end = 0;
		mount_unescape(line + at);
		if (strcmp(line + at, point))
			continue;
		*major = ma;
		*minor = mi;
		r = 0;
	}
	fclose(f);
	return r;
}

void mount_read_ahead(const struct mount *m)
{
	unsigned major = 0, minor = 0;
	char path[64];
	cleanup_fd int fd = -1;

	if (m->given || m->user || mount_number(m->point, &major, &minor))
		return;
	snprintf(path, sizeof(path), "/sys/class/bdi/%u:%u/read_ahead_kb", major, minor);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* Two of the largest requests: while a reader takes one in, the server makes the next, and two threads unpack
	 * for a reader who is alone. */
	if (fd < 0 || write_full(fd, "2048\n", 5))
		log_info("%s: %s; reads go 128 KiB at a time", path, strerror(errno));
}

void mount_close(struct mount *m, bool detached)
{
	if (!m)
		return;
	if (m->user) {
		if (!detached)
			fuse_session_unmount(m->user);
		fuse_session_destroy(m->user);
	} else {
		if (!detached && !m->given && umount2(m->point, 0) < 0 && errno == EBUSY) {
			log_warn("%s is in use: detached, its last users get errors", m->point);
			umount2(m->point, MNT_DETACH);
		}
		fd_close(&m->device);
	}
	free(m->point);
	free(m);
}
