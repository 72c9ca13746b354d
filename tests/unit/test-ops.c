/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fuse-wire.h"

/* Requests as the kernel writes them, through a session and its workers, and the answers byte by byte. */

#define TIMEOUT 1234

static struct world world;
static struct wire wire;

static bool attr_is(const struct fuse_attr *a, const struct stat *st)
{
	return a->ino == st->st_ino && a->mode == st->st_mode && a->size == (uint64_t)st->st_size &&
	       a->nlink == st->st_nlink && a->uid == st->st_uid && a->mtime == (uint64_t)st->st_mtim.tv_sec &&
	       a->mtimensec == (uint32_t)st->st_mtim.tv_nsec && a->ctime == a->mtime &&
	       a->blocks == (uint64_t)st->st_blocks;
}

/* --- INIT -------------------------------------------------------------------------------------- */

static void test_init(struct ops_context *ctx)
{
	struct wire w;
	int device = wire_open(&w);

	disc_need(!session_open(device, w.slots, &ops_table, sizeof(ops_table), ctx, &w.s));
	wire_send_init(&w, WIRE_KERNEL_FLAGS);
	ok(!session_start(w.s, 2) && wire_receive(&w) && !w.head.error);
	ok(w.init.major == 7 && w.init.minor >= 12 && w.init.time_gran == 1 && w.init.max_background == 64);
	tap_ok(w.init.flags & FUSE_EXPORT_SUPPORT, "export support is negotiated");
	/* FUSE_PARALLEL_DIROPS is wanted too, but libfuse 3.14 never says so to the kernel. */
	ok(w.init.flags & FUSE_ASYNC_READ && w.init.flags & FUSE_READDIRPLUS_AUTO &&
	   w.init.flags & FUSE_DO_READDIRPLUS);
	ok(w.init.flags & FUSE_EXPLICIT_INVAL_DATA && w.init.flags & FUSE_CACHE_SYMLINKS);
	ok(!(w.init.flags &
	     (FUSE_AUTO_INVAL_DATA | FUSE_WRITEBACK_CACHE | FUSE_POSIX_ACL | FUSE_HANDLE_KILLPRIV)));
	wire_close(&w);

	device = wire_open(&w);
	disc_need(!session_open(device, w.slots, &ops_table, sizeof(ops_table), ctx, &w.s));
	wire_send_init(&w, 0);
	ok(!session_start(w.s, 1) && wire_receive(&w) && !w.head.error);
	tap_ok(!(w.init.flags & FUSE_EXPORT_SUPPORT), "a kernel that offers nothing is asked for nothing");
	wire_close(&w);
}

/* --- names ------------------------------------------------------------------------------------- */

static bool entry_is(const char *path, unsigned name_life, unsigned attr_life)
{
	struct tree_node n;

	return !world_node(world.s, path, &n) && wire.len == sizeof(wire.entry) &&
	       wire.entry.nodeid == n.id && wire.entry.generation == n.generation &&
	       wire.entry.entry_valid == name_life && wire.entry.attr_valid == attr_life &&
	       attr_is(&wire.entry.attr, &n.st);
}

static void test_lookup(void)
{
	uint64_t x = world_id(&world, "x"), iso = world_id(&world, "x/iso"),
		 kernel = world_id(&world, "x/kernel/vmlinuz");
	uint64_t gone = x + (1ull << 32),
		 names[] = {0, gone, UINT64_MAX, x | 1ull << 63, x | 9, 1ull << 32 | 7};

	ok(!wire_lookup(&wire, 1, "x") && entry_is("x", 1, TIMEOUT));
	ok(!wire_lookup(&wire, 1, "status") && entry_is("status", 1, TIMEOUT));
	ok(!wire_lookup(&wire, 1, "boot") && entry_is("boot", 1, 1));
	ok(!wire_lookup(&wire, x, "grub.cfg") && entry_is("x/grub.cfg", 1, TIMEOUT));
	ok(!wire_lookup(&wire, x, "iso") && entry_is("x/iso", TIMEOUT, TIMEOUT));
	ok(!wire_lookup(&wire, iso, "link") && entry_is("x/iso/link", TIMEOUT, TIMEOUT));
	tap_ok(!wire_lookup(&wire, 1, ".") && entry_is("", 1, 1), "LOOKUP . of the root");
	tap_ok(!wire_lookup(&wire, 1, "..") && entry_is("", 1, 1), "LOOKUP .. of the root");
	tap_ok(!wire_lookup(&wire, kernel, ".") && entry_is("x/kernel/vmlinuz", TIMEOUT, TIMEOUT),
	       "LOOKUP . of a file");
	tap_ok(!wire_lookup(&wire, iso, "..") && entry_is("x", 1, TIMEOUT), "LOOKUP .. of a directory");
	ok(wire_lookup(&wire, kernel, "..") == -ENOTDIR && wire_lookup(&wire, kernel, "a") == -ENOTDIR);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		tap_ok(wire_lookup(&wire, names[i], ".") == -ESTALE &&
			       wire_lookup(&wire, names[i], "..") == -ESTALE &&
			       wire_lookup(&wire, names[i], "x") == -ESTALE &&
			       wire_getattr(&wire, names[i]) == -ESTALE,
		       "%llx is stale", (unsigned long long)names[i]);
	ok(wire_lookup(&wire, 1, "nothing") == -ENOENT && wire_lookup(&wire, 1, "") == -ENOENT);
	tap_ok(!wire_lookup(&wire, iso, "nothing at all") && wire.entry.nodeid == 0 &&
		       wire.entry.entry_valid == TIMEOUT,
	       "what an image does not have, it will never have");
}

static void test_getattr(void)
{
	static const char *const paths[] = {"",		  "boot",	  "status",	"x",
					    "x/iso/boot", "x/iso/pieces", "x/image.iso"};
	struct tree_node n;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		disc_need(!world_node(world.s, paths[i], &n));
		tap_ok(!wire_getattr(&wire, n.id) && attr_is(&wire.attr.attr, &n.st) &&
			       wire.attr.attr_valid == (n.attr_life == TREE_LONG ? TIMEOUT : 1),
		       "attributes of \"%s\"", paths[i]);
	}
}

/* --- listings ---------------------------------------------------------------------------------- */

struct listed {
	unsigned count, wrong;
	uint64_t off;
};

static void take_entry(struct listed *l, uint64_t dir, const struct fuse_dirent *d,
		       const struct fuse_entry_out *plus)
{
	char name[256];
	struct tree_node n = {.id = 0};

	memcpy(name, d->name, d->namelen);
	name[d->namelen] = 0;
	l->wrong += !!tree_lookup(world.s, dir, name, &n) || d->ino != n.id || d->type != n.st.st_mode >> 12;
	l->wrong += d->off <= l->off || (l->count >= 2 && d->off < 3);
	l->off = d->off;
	if (plus && l->count < 2)
		l->wrong += plus->nodeid != 0;
	else if (plus)
		l->wrong += plus->nodeid != n.id || plus->generation != n.generation ||
			    !attr_is(&plus->attr, &n.st);
	l->count++;
}

/* Lists with answers of at most size bytes, and gives how many requests it took. */
static unsigned list_all(uint64_t dir, bool plus, uint32_t size, struct listed *l)
{
	size_t head = plus ? FUSE_NAME_OFFSET_DIRENTPLUS : FUSE_NAME_OFFSET;
	unsigned asked = 0;

	*l = (struct listed){.off = 0};
	do {
		asked++;
		l->wrong += !!wire_read(&wire, plus ? FUSE_READDIRPLUS : FUSE_READDIR, dir, l->off, size);
		l->wrong += wire.len > size;
		for (size_t at = 0; at + head <= wire.len;) {
			const struct fuse_direntplus *p = (const void *)(wire.bytes + at);
			const struct fuse_dirent *d = plus ? &p->dirent : (const void *)(wire.bytes + at);

			take_entry(l, dir, d, plus ? &p->entry_out : NULL);
			at += FUSE_DIRENT_ALIGN(head + d->namelen);
		}
	} while (wire.len && !l->wrong);
	return asked;
}

static void test_readdir(void)
{
	static const struct {
		const char *path;
		unsigned count;
	} dirs[] = {{"", 10},	      {"x", 8},	  {"x/iso", 9}, {"x/kernel", 3}, {"x/iso/nothing", 2},
		    {"boot/grub", 3}, {".old", 2}};
	struct listed l;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		uint64_t id = world_id(&world, dirs[i].path);

		tap_ok(list_all(id, false, 65536, &l) == 2 && !l.wrong && l.count == dirs[i].count,
		       "READDIR of \"%s\": %u entries, %u wrong", dirs[i].path, l.count, l.wrong);
		tap_ok(list_all(id, false, 64, &l) > dirs[i].count / 2 && !l.wrong &&
			       l.count == dirs[i].count,
		       "the same in small answers");
		tap_ok(list_all(id, true, 65536, &l) == 2 && !l.wrong && l.count == dirs[i].count,
		       "READDIRPLUS of \"%s\": %u entries, %u wrong", dirs[i].path, l.count, l.wrong);
		tap_ok(list_all(id, true, 200, &l) > dirs[i].count / 2 && !l.wrong &&
			       l.count == dirs[i].count,
		       "the same in small answers");
	}
	ok(wire_read(&wire, FUSE_READDIR, world_id(&world, "x/iso/pieces"), 0, 4096) == -ENOTDIR);
	ok(wire_read(&wire, FUSE_READDIRPLUS, world_id(&world, "status"), 0, 4096) == -ENOTDIR);
	ok(wire_read(&wire, FUSE_READDIR, 1, UINT64_MAX, 4096) == -EINVAL);
	ok(!wire_read(&wire, FUSE_READDIR, 1, 0, 10) && wire.len == 0);
	ok(wire_read(&wire, FUSE_READDIR, 99, 0, 4096) == -ESTALE &&
	   wire_read(&wire, FUSE_READDIRPLUS, 99, 5, 4096) == -ESTALE);
}

/* --- bytes and links --------------------------------------------------------------------------- */

static void test_read(void)
{
	uint64_t id = world_id(&world, "x/iso/pieces"), state = 3;
	struct tree_bytes all;
	uint8_t want[5 * DISC_PIECE];
	size_t at = 0;
	bool good = true;

	disc_need(!tree_read(world.s, id, 0, sizeof(want), &all));
	for (int i = 0; i < all.count; at += all.run[i++].iov_len)
		memcpy(want + at, all.run[i].iov_base, all.run[i].iov_len);
	tree_bytes_free(&all);
	for (unsigned i = 0; i < 300 && good; i++) {
		uint64_t off = disc_random(&state) % (sizeof(want) + 10);
		uint32_t len = (uint32_t)(disc_random(&state) % 20000);
		size_t there = off >= sizeof(want) ? 0 : sizeof(want) - off < len ? sizeof(want) - off : len;

		good = !wire_read(&wire, FUSE_READ, id, off, len) && wire.len == there &&
		       !memcmp(wire.bytes, want + off, there);
	}
	tap_ok(good, "300 reads anywhere in a file");
	ok(!wire_read(&wire, FUSE_READ, world_id(&world, "x/image.iso"), DISC_SIZE - 4096, 131072) &&
	   wire.len == 4096);
	ok(wire_read(&wire, FUSE_READ, id, 1ull << 63, 10) == -EINVAL);
	ok(wire_read(&wire, FUSE_READ, 1, 0, 10) == -EISDIR &&
	   wire_read(&wire, FUSE_READ, 99, 0, 10) == -ESTALE);
	ok(wire_read(&wire, FUSE_READ, world_id(&world, "x/iso/zisofs.txt"), 0, 10) == -EIO);
	ok(!wire_ask(&wire, FUSE_READLINK, world_id(&world, "x/iso/link"), NULL, 0) &&
	   wire.len == strlen(DISC_TARGET) && !memcmp(wire.bytes, DISC_TARGET, wire.len));
	ok(wire_ask(&wire, FUSE_READLINK, id, NULL, 0) == -EINVAL &&
	   wire_ask(&wire, FUSE_READLINK, 99, NULL, 0) == -ESTALE);
}

static void test_open(void)
{
	uint64_t file = world_id(&world, "x/kernel/vmlinuz"), iso = world_id(&world, "x/iso");

	ok(!wire_open_node(&wire, FUSE_OPEN, file, O_RDONLY) && wire.open.open_flags & FOPEN_KEEP_CACHE);
	ok(wire_open_node(&wire, FUSE_OPEN, file, O_RDWR) == -EROFS &&
	   wire_open_node(&wire, FUSE_OPEN, file, O_WRONLY) == -EROFS);
	ok(wire_open_node(&wire, FUSE_OPEN, world_id(&world, "status"), O_WRONLY | O_TRUNC) == -EROFS);
	ok(wire_open_node(&wire, FUSE_OPEN, iso, O_RDONLY) == -EISDIR &&
	   wire_open_node(&wire, FUSE_OPEN, 99, O_RDONLY) == -ESTALE);
	ok(!wire_open_node(&wire, FUSE_OPENDIR, iso, O_RDONLY) && wire.open.open_flags & FOPEN_CACHE_DIR);
	tap_ok(!wire_open_node(&wire, FUSE_OPENDIR, 1, O_RDONLY) && !(wire.open.open_flags & FOPEN_CACHE_DIR),
	       "the kernel does not keep listings that change");
	ok(wire_open_node(&wire, FUSE_OPENDIR, file, O_RDONLY) == -ENOTDIR);
	ok(wire_open_node(&wire, FUSE_OPENDIR, 99, O_RDONLY) == -ESTALE);
}

static void test_xattr(void)
{
	uint64_t ids[] = {1, world_id(&world, "status"), world_id(&world, "x"),
			  world_id(&world, "x/iso/pieces")};
	struct fuse_getxattr_in list = {.size = 0};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		ok(wire_getxattr(&wire, ids[i], "security.capability", 100) == -ENODATA);
		ok(wire_getxattr(&wire, ids[i], "system.posix_acl_access", 0) == -ENODATA);
		ok(wire_getxattr(&wire, ids[i], "user.x", 10) == -ENODATA);
		list.size = 0;
		ok(!wire_ask(&wire, FUSE_LISTXATTR, ids[i], &list, sizeof(list)) && wire.xattr.size == 0);
		list.size = 100;
		ok(!wire_ask(&wire, FUSE_LISTXATTR, ids[i], &list, sizeof(list)) && wire.len == 0);
	}
	ok(wire_getxattr(&wire, 99, "user.x", 10) == -ESTALE);
}

/* --- the rest ---------------------------------------------------------------------------------- */

static void test_silent(void)
{
	struct fuse_forget_in one = {.nlookup = 3};
	struct {
		struct fuse_batch_forget_in in;
		struct fuse_forget_one list[2];
	} many = {.in = {.count = 2}, .list = {{1, 1}, {99, 1}}};
	uint64_t x = world_id(&world, "x");

	wire_send(&wire, FUSE_FORGET, x, &one, sizeof(one));
	wire_send(&wire, FUSE_FORGET, 99, &one, sizeof(one));
	wire_send(&wire, FUSE_BATCH_FORGET, 0, &many, sizeof(many));
	tap_ok(!wire_getattr(&wire, x), "FORGET is answered with nothing, and forgets nothing");
}

static void test_plain(void)
{
	struct fuse_release_in release = {.fh = 0};

	ok(!wire_ask(&wire, FUSE_RELEASE, world_id(&world, "status"), &release, sizeof(release)) &&
	   wire.len == 0);
	ok(!wire_ask(&wire, FUSE_RELEASEDIR, 1, &release, sizeof(release)) && wire.len == 0);
	ok(!wire_ask(&wire, FUSE_STATFS, 1, NULL, 0) && wire.statfs.st.blocks == 2 * DISC_SIZE / 4096);
	ok(wire.statfs.st.bfree == 0 && wire.statfs.st.bavail == 0 && wire.statfs.st.namelen == 255);
}

static void test_writes(void)
{
	static const struct {
		uint32_t opcode;
		const char *name;
	} writes[] = {{FUSE_SETATTR, "SETATTR"}, {FUSE_SYMLINK, "SYMLINK"},
		      {FUSE_MKNOD, "MKNOD"},	 {FUSE_MKDIR, "MKDIR"},
		      {FUSE_UNLINK, "UNLINK"},	 {FUSE_RMDIR, "RMDIR"},
		      {FUSE_RENAME, "RENAME"},	 {FUSE_LINK, "LINK"},
		      {FUSE_WRITE, "WRITE"},	 {FUSE_SETXATTR, "SETXATTR"},
		      {FUSE_CREATE, "CREATE"},	 {FUSE_FALLOCATE, "FALLOCATE"},
		      {FUSE_RENAME2, "RENAME2"}, {FUSE_REMOVEXATTR, "REMOVEXATTR"},
		      {9999, "nothing known"}};
	char arg[256] = "";

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		tap_ok(wire_ask(&wire, writes[i].opcode, world_id(&world, "x/iso"), arg, sizeof(arg)) < 0,
		       "%s is refused", writes[i].name);
}

static void test_change(struct ops_context *ctx)
{
	uint64_t x = world_id(&world, "x"), kernel = world_id(&world, "x/kernel/vmlinuz");
	bool entry = false, inode = false;
	size_t count;

	(void)ctx;
	world_withdraw(&world, 1, 100);
	world_commit(&world);
	count = world.changes.count;
	ops_notify(wire.s, &world.changes);
	ok(wire_lookup(&wire, 99, ".") == 1);
	for (size_t i = 0; i < 4 * count && wire.head.unique == 0; i++) {
		entry = entry ||
			(wire.head.error == FUSE_NOTIFY_INVAL_ENTRY && wire.inval_entry.parent == 1 &&
			 !strcmp((char *)wire.bytes + sizeof(wire.inval_entry), "x"));
		inode = inode || (wire.head.error == FUSE_NOTIFY_INVAL_INODE && wire.inval_inode.ino == 1);
		wire_receive(&wire);
	}
	tap_ok(entry && inode, "the kernel is told of a name that is gone, and of its folder");
	ok(wire.head.error == -ESTALE);
	ok(wire_lookup(&wire, 1, "x") == -ENOENT && !wire_getattr(&wire, x) && !wire_getattr(&wire, kernel));
	ok(!wire_read(&wire, FUSE_READ, kernel, 0, 5000) && wire.len == 5000);
	catalog_drop(world.c, 1);
	world_commit(&world);
	ok(wire_getattr(&wire, x) == -ESTALE && wire_read(&wire, FUSE_READ, kernel, 0, 10) == -ESTALE);
	catalog_settle(world.c, false);
	world_commit(&world);
	tap_ok(wire_getattr(&wire, x) == -ETIMEDOUT && wire_lookup(&wire, x, ".") == -ETIMEDOUT,
	       "clients wait for what may still come");
}

int main(void)
{
	struct ops_context ctx = {.timeout = TIMEOUT};

	world_open(&world, 31);
	catalog_settle(world.c, true);
	world_add(&world, 1, "x.iso", 1, 10);
	world_add(&world, 2, "sub/y.iso", 2, 10);
	world_commit(&world);
	ctx.catalog = world.c;
	test_init(&ctx);
	wire_serve(&wire, &ctx, 3);
	test_lookup();
	test_getattr();
	test_readdir();
	test_read();
	test_open();
	test_xattr();
	test_silent();
	test_plain();
	test_writes();
	test_change(&ctx);
	wire_close(&wire);
	world_close(&world);
	return tap_done();
}
