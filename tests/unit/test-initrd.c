/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "initrd-kit.h"
#include "initrd_private.h"
#include "tap.h"

/* What names tell, through every compression and in any company; and what damage and limits leave of it. */

/* --- names ------------------------------------------------------------------------------------- */

static const struct {
	const char *names;
	uint64_t can;
} told[] = {
	{"scripts/live", INITRD_LIVE_BOOT},
	{"usr/bin/live-boot", INITRD_LIVE_BOOT},
	{"scripts/casper", INITRD_CASPER},
	{"scripts/nfs usr/bin/nfsmount", INITRD_INITRAMFS_NFS | INITRD_NFS_CLIENT},
	{"./linuxrc ./etc/initrd.defaults", INITRD_GENKERNEL},
	{"linuxrc", 0},
	{"etc/initrd.defaults", 0},
	{"usr/lib/dracut-lib.sh", INITRD_DRACUT},
	{"usr/sbin/dmsquash-live-root", INITRD_DMSQUASH},
	{"usr/bin/dmsquash-live-root", INITRD_DMSQUASH},
	{"sbin/livenetroot", INITRD_LIVENET},
	{"lib/nfs-lib.sh", INITRD_DRACUT_NFS},
	{"lib/dracut-lib.sh sbin/ifup", INITRD_DRACUT | INITRD_DRACUT_NET},
	{"sbin/ifup", 0},
	{"lib/dracut-lib.sh usr/sbin/NetworkManager", INITRD_DRACUT},
	{"lib/dracut-lib.sh usr/sbin/NetworkManager usr/libexec/nm-initrd-generator",
	 INITRD_DRACUT | INITRD_DRACUT_NET | INITRD_NM_GENERATOR},
	{"lib/dracut-lib.sh usr/sbin/NetworkManager usr/lib/NetworkManager/nm-initrd-generator",
	 INITRD_DRACUT | INITRD_DRACUT_NET | INITRD_NM_GENERATOR},
	{"lib/dracut-lib.sh usr/lib/systemd/systemd-networkd", INITRD_DRACUT},
	{"lib/dracut-lib.sh usr/lib/systemd/systemd-networkd usr/lib/systemd/systemd-network-generator",
	 INITRD_DRACUT | INITRD_DRACUT_NET},
	{"lib/dracut-lib.sh usr/sbin/connmand", INITRD_DRACUT | INITRD_DRACUT_NET},
	{"lib/dracut/hooks/mount/01-mount-overlayfs.sh", 0},
	{"usr/lib/dracut/hooks/pre-pivot/10-mount-overlayfs.sh", INITRD_OVERLAYFS},
	{"var/lib/dracut/hooks/pre-pivot/10-mount-overlayfs.sh", INITRD_OVERLAYFS},
	{"usr/lib/kiwi-live-lib.sh", INITRD_KIWI_LIVE},
	{"usr/lib/anaconda-lib.sh", INITRD_ANACONDA},
	{"usr/sbin/coreos-livepxe-rootfs", INITRD_COREOS},
	{"sbin/mgalive-root", INITRD_MGALIVE},
	{"hooks/archiso hooks/archiso_pxe_common", INITRD_ARCHISO},
	{"hooks/archiso_pxe_nfs hooks/archiso_pxe_http", INITRD_ARCHISO_NFS | INITRD_ARCHISO_HTTP},
	{"hooks/miso hooks/miso_pxe_nfs", INITRD_MISO | INITRD_MISO_NFS},
	{"hooks/miso_pxe_http", INITRD_MISO_HTTP},
	{"scripts/early_setup", INITRD_LINUXRC},
	{"sbin/debian-installer", INITRD_DI},
	{"usr/lib/debian-installer/retriever/net-retriever", INITRD_DI_NET},
	{"usr/lib/debian-installer/retriever/media-retriever", 0},
	{"var/lib/dpkg/info/cdrom-detect.postinst var/lib/dpkg/info/cdrom-detect.templates", INITRD_DI_DISC},
	{"var/lib/dpkg/info/iso-scan.postinst", 0},
	{"lib/debian-installer-startup.d/S30initrd-preseed", INITRD_DI_PRESEED},
	{"lib/debian-installer-startup.d/S32env-preseed", 0},
	{"sbin/nlplug-findfs", INITRD_ALPINE},
	{"sbin/nlplug-findfs usr/share/udhcpc/default.script", INITRD_ALPINE | INITRD_ALPINE_NET},
	{"usr/share/udhcpc/default.script", 0},
	{"usr/sbin/mount.nfs", INITRD_NFS_CLIENT},
	{"lib/modules/6.1.0/kernel/fs/nfs/nfs.ko", INITRD_NFS_MODULE},
	{"usr/lib/modules/6.1.0/kernel/fs/nfs/nfs.ko.zst", INITRD_NFS_MODULE},
	{"lib/modules/6.4/initrd/nfs.ko", INITRD_NFS_MODULE},
	{"lib/modules/6.1.0/kernel/fs/nfs/nfsv3.ko lib/modules/6.1.0/nfs.kobold srv/nfs.ko", 0},
	{"bin/busybox lib/modules/6.1.0/kernel/fs/nfs/nfs.ko.xz", INITRD_NFS_MODULE | INITRD_NFS_CLIENT},
	{"bin/busybox", 0},
	{"lib/modules/6.1.0/kernel/drivers/net/ethernet/intel/e1000/e1000.ko", INITRD_NET_DRIVERS},
	{"lib/modules/2.6.32/kernel/drivers/net/tg3.ko", INITRD_NET_DRIVERS},
	{"lib/modules/6.4/initrd/igb.ko.gz", INITRD_NET_DRIVERS},
	{"lib/modules/6.1.0/kernel/drivers/net/virtio_net.ko lib/modules/6.1.0/kernel/drivers/net/dummy.ko", 0},
	/* what only looks like one */
	{"scripts/live-premount scripts/casper.old home/scripts/live usr/usr/scripts/live", 0},
	{"/scripts/live", INITRD_LIVE_BOOT},
	{"././scripts/live", INITRD_LIVE_BOOT},
	{"usr", 0},
	{"", 0},
};

static void test_names(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(told); i++) {
		struct bytes b = archive_of(told[i].names);
		uint64_t can = judged(&b);

		tap_ok(can == (told[i].can | INITRD_JUDGED), "\"%s\": %#llx", told[i].names, (unsigned long long)can);
		bytes_free(&b);
	}
}

static void test_kinds(void)
{
	struct bytes b = {0};

	member(&b, "scripts/live", S_IFDIR | 0755, "");
	member(&b, "scripts/early_setup", S_IFDIR | 0755, "");
	member(&b, "etc/linuxrc.d", S_IFREG | 0755, "");
	trailer(&b);
	tap_ok(judged(&b) == INITRD_JUDGED, "a directory is no script, and a file no directory");
	bytes_free(&b);
	member(&b, "etc/linuxrc.d", S_IFDIR | 0755, "");
	member(&b, "scripts/casper", S_IFLNK | 0777, "elsewhere");
	trailer(&b);
	tap_ok(judged(&b) == (INITRD_JUDGED | INITRD_LINUXRC | INITRD_CASPER), "linuxrc.d is one; a link counts");
	bytes_free(&b);
}

static void test_can_names(void)
{
	uint64_t all = 0, bit = 0;
	unsigned i = 0;
	bool good = true;

	for (const char *name; (name = initrd_can_name(i, &bit)); i++) {
		good = good && *name && bit && !(bit & (bit - 1)) && !(all & bit);
		all |= bit;
	}
	tap_ok(good && all == (INITRD_ALL & ~INITRD_JUDGED), "each bit has a name, and one alone: %u", i);
	ok(!initrd_can_name(i + 1, &bit) && !initrd_can_name(UINT32_MAX, &bit));
}

/* --- contents ---------------------------------------------------------------------------------- */

static void test_text(const char *name, uint32_t mode, const char *text, uint64_t can, const char *what)
{
	struct bytes b = {0};
	uint64_t got;

	member(&b, name, mode, text);
	trailer(&b);
	got = judged(&b);
	tap_ok(got == (can | INITRD_JUDGED), "%s: %#llx", what, (unsigned long long)got);
	bytes_free(&b);
}

static void test_texts(void)
{
	static const char slak[] = "LIVEMAIN=\"liveslak\"\ncase $ARG in\nnfsroot=*) ;;\n";
	uint32_t file = S_IFREG | 0755;

	test_text("init", file, "mount /cdrom /proxmox.iso", INITRD_PROXMOX, "Proxmox' init");
	test_text("init", file, "[ -f /$P ] && PDRV=rootfs,rootfs,/$P", INITRD_PUPPY, "Puppy's init");
	test_text("init", file, "mount -t rootfs rootfs / && PDRV=sda1,vfat,/$P", 0, "an older one");
	test_text("./init", file, slak, INITRD_LIVESLAK, "liveslak's init");
	test_text("init", file, "LIVEMAIN=x", 0, "liveslak's from before it knew NFS");
	test_text("init", file, "nfsroot=", 0, "another init that knows nfsroot=");
	test_text("init", S_IFLNK | 0777, "/proxmox.iso", 0, "a link's text is no script");
	test_text("bin/init", file, "/proxmox.iso", 0, "another file");
	test_text("lib/modules/6.6.30/modules.builtin", file,
		  "kernel/net/sunrpc/sunrpc.ko\nkernel/fs/nfs/nfs.ko\nkernel/drivers/net/ethernet/a/b.ko",
		  INITRD_NFS_MODULE | INITRD_NET_DRIVERS, "what is built in, the last line without its end");
	test_text("lib/modules/6.6.30/modules.builtin", file, "kernel/fs/nfs/nfs_acl.ko\n\nkernel/fs/nfsd/nfsd.ko\n", 0,
		  "what is built in and is none of it");
	test_text("lib/modules/6.6.30/modules.order", file, "kernel/fs/nfs/nfs.ko\n", 0, "the list of what is not");
	test_text("sbin/dmsquash-live-root", file, "case $fs in squashfs) ;;", INITRD_DMSQUASH, "dracut without EROFS");
	test_text("usr/sbin/dmsquash-live-root", file, "case $fs in squashfs|erofs) ;;",
		  INITRD_DMSQUASH | INITRD_EROFS, "dracut with EROFS");
}

static void test_text_sizes(void)
{
	char *long_line = malloc(INITRD_TEXT_MAX + 16);
	size_t n;

	bytes_need(long_line);
	memset(long_line, 'x', INITRD_TEXT_MAX);
	strcpy(long_line + INITRD_TEXT_MAX - 12, "proxmox.iso");
	for (n = 0; n < 4; n++)
		test_text("init", S_IFREG, long_line + INITRD_TEXT_MAX - 12 - n, INITRD_PROXMOX, "of any length");
	test_text("init", S_IFREG, long_line, INITRD_PROXMOX, "the longest");
	strcpy(long_line + INITRD_TEXT_MAX - 12, "...proxmox.iso");
	test_text("init", S_IFREG, long_line, 0, "a longer one is not looked through");
	free(long_line);
}

/* --- compression ------------------------------------------------------------------------------- */

static const struct {
	const char *filter, *options;
} filters[] = {
	{"none", NULL},		    {"gzip", NULL},	 {"bzip2", NULL},
	{"lzma", NULL},		    {"xz", NULL},	 {"xz", "xz:compression-level=0"},
	{"zstd", NULL},		    {"lz4", NULL},	 {"lz4", "lz4:!stream-checksum,lz4:block-checksum"},
	{"lz4", "lz4:block-dependence"}, {"lz4-legacy", NULL},
};

/* Many members, so that a part of them is in every buffer; they do not compress to nothing. */
static struct bytes large_archive(const char *last)
{
	struct bytes b = {0};
	char name[64], data[400];
	uint32_t state = 1;

	for (unsigned i = 0; i < 2000; i++) {
		for (size_t k = 0; k < sizeof(data); k++) {
			state = state * 1664525 + 1013904223;
			data[k] = (char)(state >> 24);
		}
		snprintf(name, sizeof(name), "lib/firmware/blob-%u", i);
		member_as(&b, "070701", name, S_IFREG | 0644, data, sizeof(data));
	}
	member(&b, last, S_IFREG | 0644, "");
	trailer(&b);
	return b;
}

static void test_filters(void)
{
	struct bytes first = archive_of("scripts/live"), large = large_archive("scripts/casper"), early = microcode();

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		struct bytes p = packed(&first, filters[i].filter, filters[i].options),
			     q = packed(&large, filters[i].filter, filters[i].options), b = {0};
		const char *name = filters[i].filter;

		tap_ok(judged(&p) == (INITRD_JUDGED | INITRD_LIVE_BOOT), "%s: a small archive", name);
		tap_ok(judged(&q) == (INITRD_JUDGED | INITRD_CASPER), "%s: a large archive, its last member", name);
		bytes_add(&b, early.p, early.size);
		bytes_add(&b, q.p, q.size);
		tap_ok(judged(&b) == (INITRD_JUDGED | INITRD_CASPER), "%s: behind microcode", name);
		bytes_zeros(&b, 7);
		tap_ok(judged(&b) == (INITRD_JUDGED | INITRD_CASPER), "%s: and zeros in the end", name);
		bytes_free(&b);
		bytes_free(&p);
		bytes_free(&q);
	}
	bytes_free(&first);
	bytes_free(&large);
	bytes_free(&early);
}

/* Every format behind every other, with zeros in between or without. */
static void test_company(void)
{
	struct bytes first = archive_of("scripts/live"), second = archive_of("scripts/casper"),
		     third = archive_of("scripts/nfs");

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		for (size_t k = 0; k < ARRAY_SIZE(filters); k++) {
			struct bytes p = packed(&first, filters[i].filter, filters[i].options),
				     q = packed(&second, filters[k].filter, filters[k].options);
			bool good = true;

			for (unsigned zeros = 0; zeros < 9; zeros += 4) {
				struct bytes b = {0};
				uint64_t can;

				bytes_add(&b, p.p, p.size);
				bytes_zeros(&b, zeros ? zeros + (-b.size & 3) : 0);
				bytes_add(&b, q.p, q.size);
				bytes_zeros(&b, -b.size & 3);
				bytes_add(&b, third.p, third.size);
				can = judged(&b);
				good = good && can == (INITRD_JUDGED | INITRD_LIVE_BOOT | INITRD_CASPER |
						       INITRD_INITRAMFS_NFS);
				bytes_free(&b);
			}
			tap_ok(good, "%s, then %s, then a plain one", filters[i].filter, filters[k].filter);
			bytes_free(&p);
			bytes_free(&q);
		}
	bytes_free(&first);
	bytes_free(&second);
	bytes_free(&third);
}

/* A module that is compressed itself lies in the initrd with its own end. */
static void test_nested(void)
{
	struct bytes inner = archive_of("scripts/nfs"), b = {0}, p;

	for (size_t i = 1; i < ARRAY_SIZE(filters); i++) {
		struct bytes module = packed(&inner, filters[i].filter, filters[i].options);

		member_as(&b, "070701", "lib/modules/1/x.ko.xz", S_IFREG | 0644, module.p, module.size);
		bytes_free(&module);
	}
	member(&b, "scripts/live", S_IFREG | 0644, "");
	trailer(&b);
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		p = packed(&b, filters[i].filter, filters[i].options);
		tap_ok(judged(&p) == (INITRD_JUDGED | INITRD_LIVE_BOOT), "%s: files that are compressed are data",
		       filters[i].filter);
		bytes_free(&p);
	}
	p = packed(&b, "gzip", NULL);
	bytes_free(&b);
	b = packed(&p, "gzip", NULL);
	tap_ok(judged(&b) == INITRD_CUT, "nothing is unpacked twice");
	bytes_free(&p);
	bytes_free(&b);
	bytes_free(&inner);
}

/* --- limits and damage -------------------------------------------------------------------------- */

static void test_limit(void)
{
	struct bytes large = large_archive("scripts/casper");

	for (size_t i = 1; i < ARRAY_SIZE(filters); i++) {
		struct bytes p = packed(&large, filters[i].filter, filters[i].options);

		tap_ok(judged_limit(&p, large.size) == (INITRD_JUDGED | INITRD_CASPER) &&
			       judged_limit(&p, large.size - 1) & INITRD_CUT && judged_limit(&p, 0) == INITRD_CUT,
		       "%s: the limit is the unpacked size", filters[i].filter);
		bytes_free(&p);
	}
	tap_ok(judged_limit(&large, 0) == (INITRD_JUDGED | INITRD_CASPER), "what is not packed has none");
	bytes_free(&large);
}

static void test_bombs(void)
{
	struct bytes nothing = archive_of(""), one = packed(&nothing, "gzip", NULL), b = {0}, zeros = {0}, p;

	for (unsigned i = 0; i < 1000; i++) {
		bytes_add(&b, one.p, one.size);
		bytes_zeros(&b, 1);
	}
	tap_ok(judged(&b) == INITRD_CUT, "very many parts");
	bytes_free(&b);
	bytes_free(&one);
	bytes_free(&nothing);
	bytes_zeros(&zeros, 4u << 20);
	for (size_t i = 1; i < ARRAY_SIZE(filters); i++) {
		if (!strcmp(filters[i].filter, "lz4-legacy"))
			continue;
		p = packed(&zeros, filters[i].filter, filters[i].options);
		tap_ok(p.size < 200000 && judged_limit(&p, 1u << 20) == INITRD_CUT, "%s: a bomb", filters[i].filter);
		bytes_free(&p);
	}
	bytes_free(&zeros);
	for (unsigned i = 0; i < 3; i++)
		member(&b, "scripts/live", S_IFREG, "");
	trailer(&b);
	/* Its dictionary, said to be 3 GiB and 128 MiB. */
	p = packed(&b, "lzma", NULL);
	memcpy(p.p + 1, "\0\0\0\xc0", 4);
	ok(judged(&p) == INITRD_CUT);
	memcpy(p.p + 1, "\0\0\0\x08", 4);
	ok(judged(&p) == (INITRD_JUDGED | INITRD_LIVE_BOOT));
	bytes_free(&p);
	/* Behind the stream header: block header size, flags, filter, size of its properties, these. */
	p = packed(&b, "xz", NULL);
	ok(p.size > 17 && p.p[14] == 0x21 && p.p[15] == 1 && p.p[16] <= 30 && initrd_xz_size(p.p, p.size) == p.size);
	p.p[16] = 40;
	ok(initrd_xz_size(p.p, p.size) == 0 && judged(&p) == INITRD_CUT);
	bytes_free(&p);
	bytes_free(&b);
}

static void test_cut(void)
{
	const uint64_t all = INITRD_LIVE_BOOT | INITRD_CASPER | INITRD_DRACUT_NFS;
	struct bytes small = archive_of("scripts/live scripts/casper lib/nfs-lib.sh");

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		struct bytes p = packed(&small, filters[i].filter, filters[i].options);
		unsigned wrong = 0;

		for (size_t n = 1; n < p.size; n++) {
			uint8_t *copy = malloc(n);
			struct bytes b = {copy, n, 0};
			uint64_t can;

			bytes_need(copy);
			memcpy(copy, p.p, n);
			can = judged(&b);
			/* A plain archive may lack its trailer, and the kernel takes it. Of some formats the end may
			 * be missing, behind all data. */
			wrong += can & INITRD_JUDGED && strcmp(filters[i].filter, "none") && (can & all) != all;
			wrong += !(can & INITRD_JUDGED) == !(can & INITRD_CUT);
			free(copy);
		}
		tap_ok(!wrong, "%s: cut anywhere it is seen to be", filters[i].filter);
		bytes_free(&p);
	}
	bytes_free(&small);
}

static void test_flips(void)
{
	struct bytes small = archive_of("scripts/live scripts/casper lib/nfs-lib.sh");

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		struct bytes p = packed(&small, filters[i].filter, filters[i].options);
		unsigned wrong = 0;

		for (size_t bit = 0; bit < p.size * 8; bit++) {
			uint64_t can;

			p.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
			can = judged(&p);
			p.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
			wrong += !(can & INITRD_CUT) == !(can & INITRD_JUDGED) || can & ~INITRD_ALL;
		}
		tap_ok(!wrong, "%s: any bit may be wrong", filters[i].filter);
		bytes_free(&p);
	}
	bytes_free(&small);
}

static void test_headers(void)
{
	struct bytes b = {0};
	char *name = malloc(INITRD_NAME_MAX + 2);

	member_as(&b, "070702", "scripts/live", S_IFREG, "", 0);
	trailer(&b);
	tap_ok(judged(&b) == (INITRD_JUDGED | INITRD_LIVE_BOOT), "the format with sums");
	bytes_free(&b);
	member_as(&b, "070707", "scripts/live", S_IFREG, "", 0);
	tap_ok(judged(&b) == INITRD_CUT, "an old format");
	bytes_free(&b);
	member(&b, "scripts/live", S_IFREG, "");
	memcpy(b.p + 94, "0000000x", 8);
	tap_ok(judged(&b) == INITRD_CUT, "a number that is none");
	memcpy(b.p + 94, "00000000", 8);
	tap_ok(judged(&b) == INITRD_CUT, "a name of no length");
	memcpy(b.p + 94, "0000000C", 8);
	tap_ok(judged(&b) == INITRD_CUT, "a name without its end, as GRUB 2.06 writes it");
	memcpy(b.p + 94, "FFFFFFFF", 8);
	tap_ok(judged(&b) == INITRD_CUT, "a name of 4 GiB");
	bytes_free(&b);
	bytes_need(name);
	memset(name, 'n', INITRD_NAME_MAX + 1);
	name[INITRD_NAME_MAX + 1] = 0;
	for (size_t n = INITRD_NAME_MAX - 2; n <= INITRD_NAME_MAX + 1; n++) {
		member(&b, name + INITRD_NAME_MAX + 1 - n, S_IFREG, "data");
		member(&b, "scripts/live", S_IFREG, "");
		trailer(&b);
		tap_ok(judged(&b) == (INITRD_JUDGED | INITRD_LIVE_BOOT), "a name of %zu bytes, and what follows", n);
		bytes_free(&b);
	}
	free(name);
	tap_ok(judged(&b) == INITRD_JUDGED, "an empty initrd can do nothing");
	bytes_zeros(&b, 5000);
	tap_ok(judged(&b) == INITRD_JUDGED, "neither can zeros");
	bytes_add(&b, "junk", 4);
	tap_ok(judged(&b) == INITRD_CUT, "and junk is cut off");
	bytes_free(&b);
}

/* Whatever the size of the pieces, the walk sees the same. */
static void test_pieces(void)
{
	struct bytes b = {0};

	for (unsigned i = 0; i < 5; i++)
		member(&b, &"filler"[i], S_IFREG, &"some data"[i]);
	member(&b, "init", S_IFREG, "find /proxmox.iso");
	trailer(&b);
	bytes_zeros(&b, 13);
	member(&b, "scripts/live", S_IFREG, "");
	trailer(&b);
	for (size_t piece = 1; piece < 300; piece += piece < 16 ? 1 : 37) {
		struct initrd_walk w = {0};
		size_t at = 0, took = 1;

		while (at < b.size && took) {
			took = initrd_walk_feed(&w, b.p + at, b.size - at < piece ? b.size - at : piece);
			at += took;
		}
		tap_ok(at == b.size && !w.bad && w.state == INITRD_BETWEEN && w.members == 9 &&
			       w.marks == (INITRD_PROXMOX | INITRD_LIVE_BOOT),
		       "in pieces of %zu", piece);
		free(w.text);
	}
	bytes_free(&b);
}

int main(void)
{
	test_names();
	test_kinds();
	test_can_names();
	test_texts();
	test_text_sizes();
	test_filters();
	test_company();
	test_nested();
	test_limit();
	test_bombs();
	test_cut();
	test_flips();
	test_headers();
	test_pieces();
	return tap_done();
}
