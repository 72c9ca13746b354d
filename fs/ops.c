/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/statvfs.h>

#include "ops.h"
#include "tree.h"

/* Names and attributes that may change are short-lived, and dropped by notification besides: nfsd looks
 * through these caches too. */
#define OPS_SHORT 1.0

static struct snapshot *ops_begin(fuse_req_t req, const struct ops_context **ctx)
{
	*ctx = session_context(req);
	return catalog_get((*ctx)->catalog);
}

static double ops_life(const struct ops_context *ctx, enum tree_life life)
{
	return life == TREE_LONG ? ctx->timeout : OPS_SHORT;
}

static void ops_entry(const struct ops_context *ctx, const struct tree_node *node, struct fuse_entry_param *e)
{
	*e = (struct fuse_entry_param){.ino = node->id,
				       .generation = node->generation,
				       .attr = node->st,
				       .attr_timeout = ops_life(ctx, node->attr_life),
				       .entry_timeout = ops_life(ctx, node->name_life)};
}

static void ops_init(void *userdata, struct fuse_conn_info *conn)
{
	const unsigned wanted = FUSE_CAP_EXPORT_SUPPORT | FUSE_CAP_ASYNC_READ | FUSE_CAP_PARALLEL_DIROPS |
				FUSE_CAP_READDIRPLUS | FUSE_CAP_READDIRPLUS_AUTO | FUSE_CAP_CACHE_SYMLINKS |
				FUSE_CAP_EXPLICIT_INVAL_DATA;

	(void)userdata;
	/* Data never changes below an id, so a new time is no reason to drop pages. No splice: replies go
	 * from the map with one copy, which is faster at 1 MiB. */
	conn->want = wanted & conn->capable;
	conn->max_background = 64;
	conn->congestion_threshold = 48;
	conn->time_gran = 1;
}

static void ops_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	struct fuse_entry_param e = {0};
	struct tree_node node;
	int r = tree_lookup(s, parent, name, &node);

	if (!r) {
		ops_entry(ctx, &node, &e);
		fuse_reply_entry(req, &e);
	} else if (r == -ENOENT && tree_fixed(s, parent)) {
		/* Absent for ever: the kernel may remember that. */
		e.entry_timeout = ctx->timeout;
		fuse_reply_entry(req, &e);
	} else {
		fuse_reply_err(req, -r);
	}
	snapshot_put(s);
}

static void ops_forget(fuse_req_t req, fuse_ino_t ino, uint64_t count)
{
	(void)ino;
	(void)count;
	fuse_reply_none(req);
}

static void ops_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *list)
{
	(void)count;
	(void)list;
	fuse_reply_none(req);
}

static void ops_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	struct tree_node node;
	int r = tree_node(s, ino, &node);

	(void)fi;
	if (r)
		fuse_reply_err(req, -r);
	else
		fuse_reply_attr(req, &node.st, ops_life(ctx, node.attr_life));
	snapshot_put(s);
}

static void ops_readlink(fuse_req_t req, fuse_ino_t ino)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	cleanup_free char *target = NULL;
	int r = tree_readlink(s, ino, &target);

	if (r)
		fuse_reply_err(req, -r);
	else
		fuse_reply_readlink(req, target);
	snapshot_put(s);
}

static void ops_open_any(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi, bool dir)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	struct tree_node node;
	int r = tree_node(s, ino, &node);

	if (!r && (fi->flags & O_ACCMODE) != O_RDONLY)
		r = -EROFS;
	if (!r && S_ISDIR(node.st.st_mode) != dir)
		r = dir ? -ENOTDIR : -EISDIR;
	if (r) {
		fuse_reply_err(req, -r);
	} else {
		fi->keep_cache = 1;
		fi->cache_readdir = dir && tree_fixed(s, ino);
		fuse_reply_open(req, fi);
	}
	snapshot_put(s);
}

static void ops_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	ops_open_any(req, ino, fi, false);
}

static void ops_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	ops_open_any(req, ino, fi, true);
}

static void ops_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	(void)fi;
	fuse_reply_err(req, 0);
}

static void ops_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off, struct fuse_file_info *fi)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	struct tree_bytes bytes;
	int r = off < 0 ? -EINVAL : tree_read(s, ino, (uint64_t)off, size, &bytes);

	(void)fi;
	if (r) {
		fuse_reply_err(req, -r);
	} else {
		/* A page that the ISO has lost makes the kernel's copy fail, and the reader gets EIO. */
		fuse_reply_iov(req, bytes.run, bytes.count);
		tree_bytes_free(&bytes);
	}
	snapshot_put(s);
}

struct ops_listing {
	fuse_req_t req;
	const struct ops_context *ctx;
	bool plus;
	char *buf;
	size_t used, room;
};

static int ops_list_one(void *arg, const char *name, const struct tree_node *node, uint64_t off)
{
	struct ops_listing *l = arg;
	size_t n;

	if (l->plus) {
		struct fuse_entry_param e;

		ops_entry(l->ctx, node, &e);
		/* The kernel looks at the attributes of no dot, and one that cannot be read is only named. */
		if (off < 3 || !node->st.st_nlink)
			e.ino = 0;
		n = fuse_add_direntry_plus(l->req, l->buf + l->used, l->room - l->used, name, &e, (off_t)off);
	} else {
		n = fuse_add_direntry(l->req, l->buf + l->used, l->room - l->used, name, &node->st,
				      (off_t)off);
	}
	if (n > l->room - l->used)
		return 1;
	l->used += n;
	return 0;
}

static void ops_list(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off, bool plus)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	struct ops_listing l = {.req = req, .ctx = ctx, .plus = plus, .buf = malloc(size), .room = size};
	int r = l.buf ? off < 0 ? -EINVAL : tree_readdir(s, ino, (uint64_t)off, plus, ops_list_one, &l)
		      : -ENOMEM;

	/* What was listed before an error is worth having; the error comes again at the next call. */
	if (r && !l.used)
		fuse_reply_err(req, -r);
	else
		fuse_reply_buf(req, l.buf, l.used);
	free(l.buf);
	snapshot_put(s);
}

static void ops_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off, struct fuse_file_info *fi)
{
	(void)fi;
	ops_list(req, ino, size, off, false);
}

static void ops_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off, struct fuse_file_info *fi)
{
	(void)fi;
	ops_list(req, ino, size, off, true);
}

static void ops_statfs(fuse_req_t req, fuse_ino_t ino)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	struct statvfs st = {.f_bsize = 4096, .f_frsize = 4096, .f_namemax = 255};

	(void)ino;
	st.f_blocks = s->bytes / 4096;
	fuse_reply_statfs(req, &st);
	snapshot_put(s);
}

/* ENODATA and never ENOSYS: the kernel remembers ENOSYS for the whole mount. */

static void ops_xattr_reply(fuse_req_t req, int r, const char *buf, size_t len, size_t size)
{
	if (r)
		fuse_reply_err(req, -r);
	else if (size == 0)
		fuse_reply_xattr(req, len);
	else
		fuse_reply_buf(req, buf, len);
}

static void ops_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	cleanup_free char *buf = malloc(size + 1);
	size_t len = 0;
	int r = buf ? tree_getxattr(s, ino, name, size ? buf : NULL, size, &len) : -ENOMEM;

	ops_xattr_reply(req, r, buf, len, size);
	snapshot_put(s);
}

static void ops_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	const struct ops_context *ctx;
	struct snapshot *s = ops_begin(req, &ctx);
	cleanup_free char *buf = malloc(size + 1);
	size_t len = 0;
	int r = buf ? tree_listxattr(s, ino, size ? buf : NULL, size, &len) : -ENOMEM;

	ops_xattr_reply(req, r, buf, len, size);
	snapshot_put(s);
}

const struct fuse_lowlevel_ops ops_table = {
	.init = ops_init,
	.lookup = ops_lookup,
	.forget = ops_forget,
	.forget_multi = ops_forget_multi,
	.getattr = ops_getattr,
	.readlink = ops_readlink,
	.open = ops_open,
	.read = ops_read,
	.release = ops_release,
	.opendir = ops_opendir,
	.readdir = ops_readdir,
	.readdirplus = ops_readdirplus,
	.releasedir = ops_release,
	.statfs = ops_statfs,
	.getxattr = ops_getxattr,
	.listxattr = ops_listxattr,
};

void ops_notify(struct session *s, const struct catalog_changes *changes)
{
	struct fuse_session *se = session_fuse(s);

	/* ENOENT, not cached, is the usual answer. */
	for (size_t i = 0; i < changes->count; i++)
		fuse_lowlevel_notify_inval_entry(se, changes->list[i].folder, changes->list[i].name,
						 strlen(changes->list[i].name));
	for (size_t i = 0; i < changes->count; i++)
		if (i == 0 || changes->list[i].folder != changes->list[i - 1].folder)
			fuse_lowlevel_notify_inval_inode(se, changes->list[i].folder, 0, 0);
}
