/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "conf.h"
#include "keeper_private.h"
#include "log.h"

static void keeper_conf_tell(struct keeper *k, struct keeper_server *sv, const struct keeper_conf *c, bool gone)
{
	struct proto_head head = {.type = PROTO_CONF,
				  .code = c->role,
				  .serial = c->serial,
				  .size = c->size,
				  .when_sec = c->when.tv_sec,
				  .when_nsec = (uint32_t)c->when.tv_nsec};

	if (sv)
		keeper_say_to(k, sv, &head, c->path, strlen(c->path), gone ? -1 : c->fd, -1);
	else
		keeper_say(k, &head, c->path, strlen(c->path), gone ? -1 : c->fd, -1);
}

void keeper_tell_confs(struct keeper *k, struct keeper_server *sv)
{
	for (size_t i = 0; i < k->conf_count; i++)
		keeper_conf_tell(k, sv, &k->confs[i], false);
}

/* A copy, because the file may be cut or written while the server parses it. */
static int keeper_copy(int from, uint64_t size)
{
	cleanup_free char *bytes = malloc(size + 1);
	cleanup_fd int fd = memfd_create("pxefs-conf", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r = bytes && fd >= 0 ? pread_full(from, bytes, size, 0) : -ENOMEM;

	if (!r)
		r = write_full(fd, bytes, size);
	if (!r && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		r = -errno;
	return r ? r : steal_fd(fd);
}

static void keeper_conf_add(struct keeper *k, const struct watch_event *ev)
{
	uint64_t most = ev->role == WATCH_CONF ? CONF_FILE_MAX : CONF_ANSWER_MAX;
	struct keeper_conf c = {.serial = ev->serial, .role = ev->role, .size = (uint64_t)ev->st.st_size};

	/* A byte too many is enough for the server to refuse it, and to say so in status. */
	if (c.size > most)
		c.size = most + 1;
	c.when = timespec_cmp(ev->st.st_mtim, ev->st.st_ctim) < 0 ? ev->st.st_ctim : ev->st.st_mtim;
	c.fd = keeper_copy(ev->fd, c.size);
	c.path = strdup(ev->path);
	if (c.fd < 0 || !c.path || array_grow(&k->confs, &k->conf_room, k->conf_count, sizeof(*k->confs))) {
		log_warn("\"%s\" is not used: %s", ev->path, strerror(c.fd < 0 ? -c.fd : ENOMEM));
		fd_close(&c.fd);
		free(c.path);
		return;
	}
	k->confs[k->conf_count++] = c;
	log_info("\"%s\" is read", c.path);
	keeper_touch(k, c.when);
	keeper_conf_tell(k, NULL, &c, false);
}

static void keeper_conf_end(struct keeper *k, uint64_t serial)
{
	struct timespec now;

	for (size_t i = 0; i < k->conf_count; i++) {
		struct keeper_conf *c = &k->confs[i];

		if (c->serial != serial)
			continue;
		clock_gettime(CLOCK_REALTIME, &now);
		keeper_touch(k, now);
		keeper_conf_tell(k, NULL, c, true);
		fd_close(&c->fd);
		free(c->path);
		memmove(c, c + 1, (size_t)(&k->confs[--k->conf_count] - c) * sizeof(*c));
		return;
	}
}

void keeper_conf_event(struct keeper *k, const struct watch_event *ev)
{
	switch (ev->kind) {
	case WATCH_READY:
		keeper_conf_end(k, ev->serial);
		keeper_conf_add(k, ev);
		break;
	case WATCH_GONE:
	case WATCH_CHANGING:
		/* The bytes are a copy: a writer need not wait. */
		keeper_conf_end(k, ev->serial);
		watch_release(k->watch, ev->serial);
		break;
	case WATCH_REFUSED:
		log_warn("\"%s\" is not used: %s", ev->path, ev->reason);
		break;
	default:
		log_debug("\"%s\" is not used now: %s", ev->path, ev->reason);
	}
}

void keeper_confs_free(struct keeper *k)
{
	for (size_t i = 0; i < k->conf_count; i++) {
		fd_close(&k->confs[i].fd);
		free(k->confs[i].path);
	}
	free(k->confs);
	k->confs = NULL;
	k->conf_count = 0;
}
