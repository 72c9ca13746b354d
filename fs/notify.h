/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_NOTIFY_H
#define PXEFS_NOTIFY_H

/* Tells a service manager a state such as "READY=1\nSTATUS=...", by the datagram protocol of
 * sd_notify(3): to the address in $NOTIFY_SOCKET, if there is one. Errors are ignored, as there. Where the
 * manager does not read, READY=1 waits two seconds at most and anything else is left out. */
void notify_state(const char *state);

#endif
