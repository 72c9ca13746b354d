/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "../unit/fuse-wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is requests to a session that is running: a byte of opcode, one that chooses a node that there
 * is, eight that change its id, one for the length of the arguments, the arguments. What the kernel sees to
 * is seen to here too: arguments are complete, names end, and sizes are at most what INIT agreed on. Behind
 * each request one that is known must be answered rightly. */

#define ARGUMENTS 256u

static const uint32_t opcodes[] = {
	FUSE_LOOKUP,  FUSE_GETATTR,	 FUSE_READLINK,	 FUSE_OPEN,	 FUSE_READ,   FUSE_OPENDIR,
	FUSE_READDIR, FUSE_READDIRPLUS,	 FUSE_GETXATTR,	 FUSE_LISTXATTR, FUSE_STATFS, FUSE_RELEASE,
	FUSE_FORGET,  FUSE_BATCH_FORGET, FUSE_SETATTR,	 FUSE_MKDIR,	 FUSE_WRITE,  FUSE_CREATE,
	FUSE_UNLINK,  FUSE_RENAME2,	 FUSE_FSYNC,	 FUSE_FLUSH,	 FUSE_ACCESS, FUSE_INTERRUPT,
	FUSE_LSEEK,   FUSE_POLL,	 FUSE_FALLOCATE, FUSE_IOCTL,	 FUSE_GETLK,  FUSE_SETXATTR,
	FUSE_BMAP,    FUSE_REMOVEXATTR,
};

static struct world world;
static struct ops_context ctx = {.timeout = 5};
static struct wire wire;
static uint64_t nodes[16];
static size_t node_count;

static void setup(void)
{
	static const char *const paths[] = {
		"",	      "boot",		".old",		"status",
		"x",	      "x/kernel",	"x/image.iso",	"x/iso",
		"x/iso/boot", "x/iso/link",	"x/iso/pieces", "x/iso/zisofs.txt",
		"x/grub.cfg", "x/initrd/initrd"};
	char path[32];

	world_open(&world, 31);
	catalog_settle(world.c, true);
	world_add(&world, 1, "x.iso", 1, 10);
	world_add(&world, 2, "old.iso", 2, 10);
	world_commit(&world);
	nodes[node_count++] = world_id(&world, "old");
	world_withdraw(&world, 2, 20);
	world_commit(&world);
	disc_need(nodes[0] == world_id(&world, world_old(nodes[0], path)));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		nodes[node_count++] = world_id(&world, paths[i]);
		disc_need(nodes[node_count - 1]);
	}
	ctx.catalog = world.c;
	wire_serve(&wire, &ctx, 1);
}

static void end(void)
{
	wire_close(&wire);
	world_close(&world);
}

static void limit(uint32_t opcode, uint8_t arg[ARGUMENTS])
{
	struct fuse_read_in *in = (void *)arg;
	struct fuse_getxattr_in *xattr = (void *)arg;

	if (opcode == FUSE_READ || opcode == FUSE_READDIR || opcode == FUSE_READDIRPLUS)
		in->size &= 0x1ffff; /* what a socket carries */
	if (opcode == FUSE_GETXATTR || opcode == FUSE_LISTXATTR)
		xattr->size &= 0xffff;
	if (opcode == FUSE_BATCH_FORGET)
		((struct fuse_batch_forget_in *)(void *)arg)->count &= 7;
}

/* The one worker has been through with everything before when this is answered. */
static void require_service(void)
{
	struct fuse_getattr_in in = {.getattr_flags = 0};
	uint64_t unique = wire_send(&wire, FUSE_GETATTR, nodes[1], &in, sizeof(in));

	do
		disc_need(wire_receive(&wire) && wire.head.unique <= unique && wire.head.error <= 0);
	while (wire.head.unique != unique);
	disc_need(!wire.head.error && wire.attr.attr.ino == nodes[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!node_count) {
		setup();
		atexit(end);
	}
	while (size >= 11) {
		uint8_t arg[ARGUMENTS] __attribute__((aligned(8))) = {0};
		uint32_t opcode = opcodes[data[0] % ARRAY_SIZE(opcodes)];
		uint64_t node = nodes[data[1] % node_count] ^ le64(data + 2);
		size_t len = data[10];

		data += 11;
		size -= 11;
		len = len < size ? len : size;
		memcpy(arg, data, len);
		arg[ARGUMENTS - 1] = 0;
		data += len;
		size -= len;
		limit(opcode, arg);
		wire_send(&wire, opcode, node, arg, sizeof(arg));
		require_service();
	}
	return 0;
}
