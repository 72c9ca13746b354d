/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"
#include "tap.h"

/* More than any queue of datagrams that a kernel is set up with. */
#define MANY 5000

/* A manager's socket, in the abstract name space, and its name in the environment. */
static int manager_open(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char name[64];

	snprintf(name, sizeof(name), "@pxefs-test-notify-%d", (int)getpid());
	memcpy(at.sun_path + 1, name + 1, strlen(name) - 1);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))))
		tap_skip("no socket in the abstract name space");
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static bool manager_hears(int fd, const char *what)
{
	char text[64];
	ssize_t n = recv(fd, text, sizeof(text), 0);

	return n == (ssize_t)strlen(what) && !memcmp(text, what, (size_t)n);
}

int main(void)
{
	char text[64];
	int fd = manager_open(), heard = 0;

	/* One that hangs must end the test, not the patience of who runs it. */
	alarm(60);
	notify_state("READY=1");
	ok(manager_hears(fd, "READY=1"));
	for (int i = 0; i < MANY; i++)
		notify_state("STATUS=one image");
	tap_ok(true, "a manager that does not read holds nobody up");
	while (recv(fd, text, sizeof(text), 0) > 0)
		heard++;
	tap_ok(heard > 0 && heard < MANY, "%d of %d states fitted into its queue", heard, MANY);
	notify_state("STATUS=two images");
	ok(manager_hears(fd, "STATUS=two images"));
	close(fd);
	notify_state("STATUS=nobody there");
	setenv("NOTIFY_SOCKET", "relative", 1);
	notify_state("READY=1");
	unsetenv("NOTIFY_SOCKET");
	notify_state("READY=1");
	tap_ok(true, "no manager is no error");
	return tap_done();
}
