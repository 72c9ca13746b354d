/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MOUNT_H
#define PXEFS_MOUNT_H

#include "options.h"

/* The mount itself. Root mounts by mount(2), because the options that matter (nosymfollow) are newer than
 * libfuse's tables; a user mounts through fusermount3, by libfuse, without allow_other and nosymfollow. */

struct mount;

/* Mounts as o says and opens the connection; nobody answers it yet, so nothing of ours may touch the mount
 * point from here on. 0; -errno with a sentence in *why. */
int mount_open(const struct options *o, struct mount **out, struct reason *why);

/* The connection, owned by the mount. */
int mount_device(const struct mount *m);

/* Lets the kernel read ahead 2 MiB at a time, two requests of 1 MiB, the largest there are (the INIT reply can only
 * lower it): /sys/class/bdi/<device>/read_ahead_kb, the device number from mountinfo, because stat() of the
 * mount would ask ourselves. Failing is not an error: reads are slower. */
void mount_read_ahead(const struct mount *m);

/* Unmounts, lazily when busy, and frees. detached tells that the tree is unmounted already. */
void mount_close(struct mount *m, bool detached);

#endif
