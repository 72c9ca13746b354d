/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_SERVER_H
#define PXEFS_SERVER_H

/* The server process: no file of its own, no privileges; what the keeper tells it becomes the catalog, and
 * what the kernel asks is answered from there. */

/* Descriptors that the process is started with. */
enum server_fd { SERVER_FD_KEEPER = 3, SERVER_FD_DEVICE = 4, SERVER_FD_SLOTS = 5 };

/* argv[1...] are "key=value": protocol, server, nfs, http, menu-timeout, menu-default, timeout, grace, threads, debug;
 * other keys are ignored. Ends the process, with status 0 when the tree was unmounted; returns an exit status where it
 * could not begin. */
int server_main(int argc, char *const argv[]);

/* The version of these arguments and of proto.h. A server that knows another one leaves at once, and the keeper
 * goes on with the server that it has. */
#define SERVER_PROTOCOL "2"

#endif
