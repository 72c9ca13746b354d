/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "recipe_table.h"

/* Debian Live and what is built on live-boot: live-boot(7); live-boot: components/9990-*.sh; initramfs-tools:
 * scripts/nfs, scripts/functions; klibc: usr/kinit/nfsmount. */

/* --- recognition ----------------------------------------------------------------------------- */

/* A word of a hypervisor's kernel, its first module. */
static bool module_says(const struct bootcfg_entry *e, const char *word)
{
	const char *words = e->kind == BOOTCFG_MULTIBOOT && e->initrd_count ? e->module_words[0] : NULL;
	size_t n = strlen(word);

	for (const char *p = words; p && (p = strstr(p, word)); p += n)
		if ((p == words || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

static bool match_live(const struct volume *v, const struct bootcfg *b)
{
	bool live = recipe_any_entry(b, "boot=live", NULL);

	for (size_t i = 0; i < b->count && !live; i++)
		live = module_says(&b->entries[i], "boot=live");
	return live && recipe_has_squashfs(v, "live", true);
}

/* As live-build makes it: the whole system in one squashfs, with a name that fetch= can be given. */
static bool match_whole(const struct volume *v, const struct bootcfg *b)
{
	size_t squashfs = 0;

	if (!match_live(v, b) || !recipe_has_path(v, "/live/filesystem.squashfs"))
		return false;
	for (size_t i = 1; i < v->count; i++) {
		const char *path = v->entries[i].path;

		squashfs += S_ISREG(v->entries[i].mode) && !strncasecmp(path, "live/", 5) &&
			    strlen(path) > strlen("live/.squashfs") && text_ends(path, ".squashfs");
	}
	return squashfs == 1;
}

/* Tails takes network drivers out of its initrd and blocks them, by design. */
static bool match_tails(const struct volume *v, const struct bootcfg *b)
{
	return match_live(v, b) && recipe_has_path(v, "/live/Tails.module");
}

/* truenas/scale-build: conf/cd-files/sbin/mount-cd */
static bool match_truenas(const struct volume *v, const struct bootcfg *b)
{
	return match_live(v, b) && recipe_has_path(v, "/TrueNAS-SCALE.update");
}

/* grml/grml-live puts its squashfs one directory deeper, /live/<name>/<name>.squashfs, and says so in
 * live-media-path=, which is a path inside the medium and stays. */
static bool match_grml(const struct volume *v, const struct bootcfg *b)
{
	return match_live(v, b) && recipe_has_named(v, NULL, "grml*") && recipe_any_entry(b, "live-media-path=*", NULL);
}

/* stevenshiau/clonezilla: sbin/ocs-live-*, sbin/create-gparted-live */
static bool match_clonezilla(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && recipe_has_path(v, "/Clonezilla-Live-Version");
}

static bool match_gparted(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && recipe_has_path(v, "/GParted-Live-Version");
}

static bool match_kali(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && (recipe_any_entry(b, "hostname=kali", NULL) || recipe_says(v, b, "Kali"));
}

static bool match_parrot(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && (recipe_any_entry(b, "hostname=parrot", NULL) || recipe_says(v, b, "Parrot"));
}

static bool match_devuan(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && (recipe_any_entry(b, "username=devuan", NULL) || recipe_says(v, b, "Devuan"));
}

static bool match_finnix(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && recipe_says(v, b, "Finnix");
}

static bool match_lmde(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && recipe_says(v, b, "LMDE");
}

static bool match_sparky(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && recipe_says(v, b, "Sparky");
}

static bool match_q4os(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && recipe_says(v, b, "Q4OS");
}

static bool match_pureos(const struct volume *v, const struct bootcfg *b)
{
	return match_whole(v, b) && recipe_says(v, b, "PureOS");
}

/* --- words ----------------------------------------------------------------------------------- */

/* What says where the medium is. */
#define LIVE_MEDIUM                                                                                          \
	"findiso=*", "isofrom=*", "fromiso=*", "iso-scan/filename=*", "img_dev=*", "img_loop=*",             \
	"live-media=*", "live-media-offset=*", "bootfrom=*", "netboot", "netboot=*", "nfsroot=*", "nfsopts=*", \
	"root=*", "fetch=*", "httpfs=*", "ftpfs=*", "iscsi=*",                                               \
	/* live-boot asks DHCP by itself as soon as netboot= or fetch= is there; its ip= is of a form of its  \
	 * own, and Clonezilla's empty one means "take /etc/network/interfaces from the medium". */          \
	"ip", "ip=*", "BOOTIF=*", "BOOT_IMAGE=*"

static const char *const live_drop[] = { LIVE_MEDIUM, NULL };

static const char *const live_add[] = {
	"netboot=nfs", "nfsroot=@server@:@iso@",
	/* live-boot cuts up to the first dash and takes colons for the rest. */
	"BOOTIF=01-@mac@", NULL
};

/* fetch= has put the squashfs into memory already. */
static const char *const fetch_drop[] = { LIVE_MEDIUM, "toram", "toram=*", "todisk=*", NULL };

/* The name's end decides what it is taken for: 9990-mount-http.sh. */
static const char *const fetch_add[] = {
	"fetch=@http@/iso/live/filesystem.squashfs", "BOOTIF=01-@mac@", NULL
};

/* initramfs-tools' own root over NFS, without live-boot, which then leaves the words for its live system alone. */
static const char *const root_drop[] = { LIVE_MEDIUM, "boot=*", "toram", "toram=*", "todisk=*", "rw", "ro", NULL };

static const char *const root_add[] = {
	"boot=nfs", "root=/dev/nfs", "nfsroot=@server@:@root@", "ro", "ip=dhcp", "BOOTIF=01-@mac@", NULL
};

/* Of an image that starts its kernel under a hypervisor, not every entry has to be of the live system. */
static int adjust_live(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	static const char *const checks[] = {
		"verify-checksums", "verify-checksums=*", "live-boot.verify-checksums*", NULL
	};

	(void)count;
	if (e->kind == BOOTCFG_MULTIBOOT && !module_says(e, "boot=live"))
		return reason_set(why, -EOPNOTSUPP, "not an entry of the live system");
	return recipe_refuse(words, checks, "it checks its medium first, and there is no disc to check", why);
}

/* /live/<name>/ of live-media-path= has the squashfs <name>.squashfs in it. */
static int adjust_grml_fetch(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	static const char key[] = "live-media-path=", odd[] = "the path of its squashfs is not told by its words";
	const char *path = NULL, *name;
	char url[160];
	size_t n;
	int r = adjust_live(e, words, count, why);

	if (r)
		return r;
	for (size_t i = 0; i < e->word_count; i++)
		if (!strncmp(e->words[i], key, sizeof(key) - 1))
			path = e->words[i] + sizeof(key) - 1;
	if (!path)
		return reason_set(why, -EOPNOTSUPP, odd);
	path += strspn(path, "/");
	if (strncmp(path, "live/", 5))
		return reason_set(why, -EOPNOTSUPP, odd);
	name = path + 5;
	n = strcspn(name, "/");
	if (!n || n > 32 || name[n + strspn(name + n, "/")] || name[0] == '.')
		return reason_set(why, -EOPNOTSUPP, odd);
	snprintf(url, sizeof(url), "fetch=@http@/iso/live/%.*s/%.*s.squashfs", (int)n, name, (int)n, name);
	for (size_t i = 0; i < *count; i++)
		if (!strncmp(words[i], "fetch=", 6))
			return recipe_word_replace(&words[i], url);
	return 0;
}

/* --- rows ------------------------------------------------------------------------------------ */

#define LIVE_USUAL                                                                                           \
	(INITRD_LIVE_BOOT | INITRD_INITRAMFS_NFS | INITRD_NFS_CLIENT | INITRD_NFS_MODULE | INITRD_NET_DRIVERS)

#define WAY_NFS                                                                                              \
	{ .how = RECIPE_NFS, .needs = INITRD_LIVE_BOOT | INITRD_NFS_CLIENT | INITRD_NET_DRIVERS,             \
	  .lacks = "its initrd is not live-boot's, or has no NFS client or no network drivers",              \
	  .multiboot = true, .drop = live_drop, .add = live_add, .adjust = adjust_live }

#define WAY_FETCH(adjusted)                                                                                  \
	{ .how = RECIPE_HTTP, .title = "squashfs copied to memory", .needs = INITRD_LIVE_BOOT | INITRD_NET_DRIVERS, \
	  .lacks = "its initrd is not live-boot's, or has no network drivers", .multiboot = true,            \
	  .drop = fetch_drop, .add = fetch_add, .adjust = adjusted, .memory_mib = 512, .memory_copies = 1 }

/* Nothing can be written there: for looking at a system more than for working in it. */
#define WAY_ROOT                                                                                             \
	{ .how = RECIPE_NFS, .title = "root/ as NFS root, read-only",                                        \
	  .needs = INITRD_INITRAMFS_NFS | INITRD_NFS_CLIENT | INITRD_NET_DRIVERS,                            \
	  .lacks = "its initrd is not of initramfs-tools, or has no NFS client or no network drivers",       \
	  .multiboot = true, .drop = root_drop, .add = root_add, .adjust = adjust_live }

static const struct recipe_way debian_ways[] = {
	WAY_NFS, WAY_FETCH(adjust_live), WAY_ROOT, { .how = RECIPE_UNKNOWN }
};
/* Those have programs of their own that start with the system and need to write. */
static const struct recipe_way kin_ways[] = { WAY_NFS, WAY_FETCH(adjust_live), { .how = RECIPE_UNKNOWN } };
static const struct recipe_way grml_ways[] = { WAY_NFS, WAY_FETCH(adjust_grml_fetch), { .how = RECIPE_UNKNOWN } };
static const struct recipe_way other_ways[] = { WAY_NFS, { .how = RECIPE_UNKNOWN } };

#define LIVE_ROW                                                                                             \
	.needs = "boot=live",                                                                                \
	.needs_why = "not an entry of the live system: an installer looks for its medium on local drives alone", \
	.usual = LIVE_USUAL

const struct recipe recipe_tails = {
	.id = "tails", .title = "Tails", .match = match_tails, .examples = "Tails",
	.why = "its initrd has no network drivers, by its authors' choice",
	.sources = "beta-tester/RPi-PXE-Server: patch-tails.sh",
};

/* What TrueNAS installs is a file beside its live system. The installer takes it from /cdrom, where a service of the
 * live system mounts the first drive that has it (truenas/scale-build: conf/cd-files/sbin/mount-cd, mount-cd.service;
 * truenas/truenas-installer: install.py). So the medium is bound there before that system starts, and the service, for
 * which nothing waits, is masked. initramfs-tools reads conf/conf.d/ first of all; what it then runs is listed in a
 * file ORDER, which may be there or not. The system's own systemd-networkd asks DHCP on every card and would drop the
 * address that the initrd got, on which NFS depends (systemd.network(5): KeepConfiguration=). */
static const char truenas_conf[] =
	"mkdir -p /scripts/live-bottom\n"
	"echo '. /pxefs-cdrom' >>/scripts/live-bottom/ORDER\n";

static const char truenas_hook[] =
	"if [ -e /run/live/medium/TrueNAS-SCALE.update ] && mkdir -p \"${rootmnt}/cdrom\" &&\n"
	"	mount -o bind /run/live/medium \"${rootmnt}/cdrom\"; then\n"
	"	echo 'pxefs: the medium is in /cdrom'\n"
	"else\n"
	"	echo 'pxefs: the medium could not be bound to /cdrom, and the installer will miss it'\n"
	"	sleep 20\n"
	"fi\n"
	"mkdir -p /run/systemd/network/99-wildcard.network.d\n"
	"printf '[Network]\\nKeepConfiguration=yes\\n' >/run/systemd/network/99-wildcard.network.d/pxefs.conf\n";

static const struct recipe_member truenas_archive[] = {
	{ RECIPE_MEMBER_TEXT, "pxefs-cdrom", truenas_hook },
	{ RECIPE_MEMBER_TEXT, "conf/conf.d/pxefs", truenas_conf },
	{ RECIPE_MEMBER_END, NULL, NULL },
};

static const char *const truenas_add[] = {
	"netboot=nfs", "nfsroot=@server@:@iso@", "BOOTIF=01-@mac@", "systemd.mask=mount-cd.service", NULL
};

/* Its toram= is about the disc: the file to install would not be copied. */
static const struct recipe_way truenas_ways[] = {
	{ .how = RECIPE_NFS, .needs = INITRD_LIVE_BOOT | INITRD_NFS_CLIENT | INITRD_NET_DRIVERS,
	  .lacks = "its initrd is not live-boot's, or has no NFS client or no network drivers", .drop = fetch_drop,
	  .add = truenas_add, .adjust = adjust_live, .archive = truenas_archive },
	{ .how = RECIPE_UNKNOWN },
};

const struct recipe recipe_truenas_scale = {
	.id = "truenas-scale", .title = "TrueNAS SCALE", .match = match_truenas, LIVE_ROW, .ways = truenas_ways,
	.proof = RECIPE_READ, .examples = "TrueNAS SCALE",
	.sources = "truenas/scale-build: conf/cd-files; truenas/truenas-installer: install.py; live-boot(7)",
};

const struct recipe recipe_debian_live = {
	.id = "debian-live", .title = "Debian Live", .match = match_whole, LIVE_ROW, .ways = debian_ways,
	.proof = RECIPE_BOOTED, .examples = "Debian Live, Redo Rescue, Emmabuntus, and others made by live-build",
	.sources = "live-boot(7); live-boot: components/9990-netboot.sh, 9990-mount-http.sh",
};

/* With squashfs of other names, or several: which of them belong together is told by *.module files on the medium,
 * which fetch= does not get. */
const struct recipe recipe_live_boot = {
	.id = "live-boot", .title = "live system (live-boot)", .match = match_live, LIVE_ROW, .ways = other_ways,
	.proof = RECIPE_READ, .examples = "media with several squashfs in /live",
	.sources = "live-boot(7); live-boot: components/9990-overlay.sh",
};

const struct recipe recipe_grml = {
	.id = "grml", .title = "Grml", .match = match_grml, LIVE_ROW, .ways = grml_ways,
	.proof = RECIPE_READ, .examples = "Grml", .sources = "grml/grml-live: config/media-files, netboot.cfg",
};

const struct recipe recipe_clonezilla = {
	.id = "clonezilla", .title = "Clonezilla", .match = match_clonezilla, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "Clonezilla", .sources = "stevenshiau/clonezilla: sbin/ocs-live-boot-menu",
};

const struct recipe recipe_gparted = {
	.id = "gparted", .title = "GParted Live", .match = match_gparted, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "GParted Live", .sources = "stevenshiau/clonezilla: sbin/create-gparted-live",
};

const struct recipe recipe_kali = {
	.id = "kali", .title = "Kali Linux", .match = match_kali, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "Kali Live", .sources = "live-boot(7); netbootxyz: kali.ipxe.j2",
};

const struct recipe recipe_parrot = {
	.id = "parrot", .title = "Parrot", .match = match_parrot, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "Parrot Security, Home", .sources = "live-boot(7)",
};

const struct recipe recipe_devuan = {
	.id = "devuan", .title = "Devuan Live", .match = match_devuan, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "Devuan desktop-live, minimal-live", .sources = "live-boot(7)",
};

const struct recipe recipe_finnix = {
	.id = "finnix", .title = "Finnix", .match = match_finnix, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "Finnix", .sources = "live-boot(7)",
};

const struct recipe recipe_lmde = {
	.id = "lmde", .title = "Linux Mint Debian Edition", .match = match_lmde, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "LMDE", .sources = "live-boot(7)",
};

const struct recipe recipe_sparky = {
	.id = "sparkylinux", .title = "SparkyLinux", .match = match_sparky, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "SparkyLinux", .sources = "live-boot(7)",
};

const struct recipe recipe_q4os = {
	.id = "q4os", .title = "Q4OS", .match = match_q4os, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "Q4OS", .sources = "live-boot(7)",
};

const struct recipe recipe_pureos = {
	.id = "pureos", .title = "PureOS", .match = match_pureos, LIVE_ROW, .ways = kin_ways,
	.proof = RECIPE_READ, .examples = "PureOS", .sources = "live-boot(7)",
};
