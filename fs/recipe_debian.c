/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- Debian Live and what is built on live-boot ---------------------------------------------- */
/* live-boot(7); live-boot: components/9990-*.sh; klibc: usr/kinit/nfsmount. grml/grml-live puts its squashfs
 * one directory deeper and says so in live-media-path=, which is a path inside the medium and stays. */

static bool match_live(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_squashfs(v, "live", true) && recipe_any_entry(b, "boot=live", NULL);
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

static const char *const live_drop[] = {
	"findiso=*", "isofrom=*", "fromiso=*", "iso-scan/filename=*", "img_dev=*", "img_loop=*",
	"live-media=*", "bootfrom=*", "netboot", "netboot=*", "nfsroot=*", "nfsopts=*", "root=*",
	"fetch=*", "httpfs=*", "ftpfs=*", "iscsi=*",
	/* live-boot asks DHCP by itself as soon as netboot= is there; Clonezilla's empty ip= means
	 * "take /etc/network/interfaces from the medium". */
	"ip", "ip=*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};

static const char *const live_add[] = {
	"netboot=nfs", "nfsroot=@server@:@iso@",
	/* live-boot cuts up to the first dash and takes colons for the rest. */
	"BOOTIF=01-@mac@", NULL
};

/* --- installers and live systems that only know local media ---------------------------------- */

static bool match_debian_installer(const struct volume *v, const struct bootcfg *b)
{
	static const char *const initrds[] = {
		"/install.amd/initrd.gz", "/install.a64/initrd.gz", "/install.386/initrd.gz"
	};

	(void)b;
	for (size_t i = 0; i < ARRAY_SIZE(initrds); i++)
		if (recipe_has_path(v, initrds[i]))
			return recipe_has_path(v, "/dists");
	return false;
}

const struct recipe recipe_tails = {
	.id = "tails", .title = "Tails", .match = match_tails,
	.why = "its initrd has no network drivers, by its authors' choice",
};

const struct recipe recipe_truenas_scale = {
	.id = "truenas-scale", .title = "TrueNAS SCALE", .match = match_truenas,
	.why = "its installer looks for its own files on local drives alone",
};

const struct recipe recipe_debian_live = {
	.id = "debian-live", .title = "Debian Live", .match = match_live, .needs = "boot=live",
	.needs_why = "not an entry of the live system: an installer looks for its medium on local drives alone",
	.usual = INITRD_LIVE_BOOT,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .needs = INITRD_LIVE_BOOT, .lacks = "its initrd is not live-boot's",
		  .drop = live_drop, .add = live_add },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_BOOTED, .examples = "Debian Live, Kali, Parrot, Clonezilla, GParted, Grml, Finnix, Devuan",
	.sources = "live-boot(7); live-boot: components/9990-netboot.sh",
};

const struct recipe recipe_debian_installer = {
	.id = "debian-installer", .title = "Debian installer", .match = match_debian_installer,
	.why = "its initrd has no network drivers: the installer's netboot initrd is not on the image",
};
