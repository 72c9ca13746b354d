/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- archiso ------------------------------------------------------------------------------------- */
/* archlinux/mkinitcpio-archiso: docs/README.bootparams, hooks/archiso, archiso_pxe_common, archiso_pxe_nfs,
 * archiso_pxe_http; archlinux/archiso: configs/releng/syslinux/archiso_pxe-linux.cfg, the entries that the media
 * themselves have for a server that has the disc. archisobasedir= is the ISO's own word and stays. */

static bool is_archiso(const struct bootcfg *b)
{
	return recipe_any_entry(b, "archisobasedir=*", NULL) || recipe_any_entry(b, "archisosearchuuid=*", NULL) ||
	       recipe_any_entry(b, "archisolabel=*", NULL) || recipe_any_entry(b, "archisodevice=*", NULL);
}

static bool has_airootfs(const struct volume *v)
{
	return recipe_has_named(v, NULL, "airootfs.sfs") || recipe_has_named(v, NULL, "airootfs.erofs");
}

static bool match_archiso(const struct volume *v, const struct bootcfg *b)
{
	return has_airootfs(v) && is_archiso(b);
}

static bool match_systemrescue(const struct volume *v, const struct bootcfg *b)
{
	return match_archiso(v, b) && recipe_any_entry(b, "archisobasedir=sysresccd", NULL);
}

static const char *const archiso_drop[] = {
	/* What names the medium: the hook looks for it before it asks whether one is mounted already. */
	"archisosearchuuid=*", "archisosearchfilename=*", "archisolabel=*", "archisodevice=*", "archiso_nfs_srv=*",
	"archiso_nfs_opt=*", "archiso_http_srv=*", "archiso_nbd_*", "img_dev=*", "img_label=*", "img_loop=*",
	/* A signature that only official media have, checked with a key that only their netboot initrds have. */
	"cms_verify=*", "verify=*",
	"copytoram", "copytoram=*", "ip=*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};
/* The hooks do nothing without ip=. Over NFS the image is copied to memory unless copytoram=n says no, and the
 * network is then given back; without a copy the running system must leave the address alone. What an ISO's own
 * copytoram= says is about a disc, so that it goes. The client is klibc's
 * nfsmount: NFSv3, and the server's address in digits. archiso_http_srv= ends in a slash. */
static const char *const archiso_nfs[] = { "archiso_nfs_srv=@server@:@iso@", "ip=dhcp", "BOOTIF=01-@mac@", NULL };
static const char *const archiso_stay[] = {
	"archiso_nfs_srv=@server@:@iso@", "copytoram=n", "ip=dhcp", "BOOTIF=01-@mac@", NULL
};
static const char *const archiso_http[] = { "archiso_http_srv=@http@/iso/", "ip=dhcp", "BOOTIF=01-@mac@", NULL };

/* archlinux/archiso: configs/releng/airootfs/root/.automated_script.sh: a program that the running system fetches and
 * starts, archinstall with a configuration for example. Media of other profiles pass over the word. */
static const char *const archiso_script[] = { "script=@http@/@answer@", NULL };

/* archinstall's own configuration, fetched and handed over by such a script. The media have curl and archinstall
 * (configs/releng/packages.x86_64); archlinux/archinstall: docs/installing/guided.rst, archinstall/lib/args.py. */
static const char archinstall_script[] =
	"#!/bin/sh\n"
	"# Installs as the configuration beside this script says.\n"
	"answer=/tmp/pxefs-answer.json url=\n"
	"for word in $(cat /proc/cmdline); do\n"
	"	case $word in\n"
	"	script=*)\n"
	"		url=${word#script=}\n"
	"		break\n"
	"		;;\n"
	"	esac\n"
	"done\n"
	"if ! curl -sSfL --retry 10 --retry-connrefused -o \"$answer\" \"${url%/*}/answer.json\"; then\n"
	"	echo \"pxefs: ${url%/*}/answer.json could not be fetched; archinstall has not been started\" >&2\n"
	"	exit 1\n"
	"fi\n"
	"exec archinstall --config \"$answer\" --silent\n";

static const char *const archinstall_words[] = { "script=@http@/answer.sh", NULL };
static const struct recipe_answer archinstall_answer = { ".json", archinstall_words, "answer.sh", archinstall_script };

#define ARCHISO_WAYS(answered, answered_as) (const struct recipe_way[]){ \
	{ .how = RECIPE_NFS, .needs = INITRD_ARCHISO | INITRD_ARCHISO_NFS, \
	  .lacks = "its initrd lacks archiso's hook for NFS", .drop = archiso_drop, .add = archiso_nfs, \
	  .answer = answered, .answer_as = answered_as, .adjust = recipe_refuse_check, .memory_mib = 1024, \
	  .memory_copies = 1 }, \
	{ .how = RECIPE_HTTP, .needs = INITRD_ARCHISO | INITRD_ARCHISO_HTTP, \
	  .lacks = "its initrd lacks archiso's hook for HTTP", .drop = archiso_drop, .add = archiso_http, \
	  .answer = answered, .answer_as = answered_as, .adjust = recipe_refuse_check, .memory_mib = 1024, \
	  .memory_copies = 1 }, \
	{ .how = RECIPE_NFS, .title = "over NFS, not copied to memory", .needs = INITRD_ARCHISO | INITRD_ARCHISO_NFS, \
	  .lacks = "its initrd lacks archiso's hook for NFS", .drop = archiso_drop, .add = archiso_stay, \
	  .answer = answered, .answer_as = answered_as, .adjust = recipe_refuse_check }, \
	{ .how = RECIPE_UNKNOWN }, \
}

const struct recipe recipe_systemrescue = {
	.id = "systemrescue", .title = "SystemRescue", .match = match_systemrescue, .needs = "archiso*",
	.needs_why = "not an entry of the live system",
	.usual = INITRD_ARCHISO | INITRD_ARCHISO_NFS | INITRD_ARCHISO_HTTP, .ways = ARCHISO_WAYS(NULL, NULL),
	.proof = RECIPE_READ, .examples = "SystemRescue since 6",
	.sources = "SystemRescue manual: PXE network booting; mkinitcpio-archiso: README.bootparams",
};

const struct recipe recipe_archiso = {
	.id = "archiso", .title = "Arch Linux (archiso)", .match = match_archiso, .needs = "archiso*",
	.needs_why = "not an entry of the live system",
	.usual = INITRD_ARCHISO | INITRD_ARCHISO_NFS | INITRD_ARCHISO_HTTP,
	.ways = ARCHISO_WAYS(archiso_script, &archinstall_answer),
	.proof = RECIPE_EMULATED, .examples = "Arch Linux, EndeavourOS, CachyOS, BlackArch, ArcoLinux, Archcraft",
	.sources = "mkinitcpio-archiso: README.bootparams, hooks; archlinux/archiso: configs/releng",
};

/* --- SystemRescueCd, the Gentoo years ---------------------------------------------------------------- */

/* Up to 5: its manual's "PXE network booting": netboot=nfs://ADDRESS:/PATH of a tree that has sysrcd.dat, or
 * netboot=http://.../sysrcd.dat; each starts DHCP by itself. */
static bool match_sysrcd(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/sysrcd.dat") && recipe_has_named(v, NULL, "initram.igz");
}

static const char *const sysrcd_drop[] = {
	"netboot=*", "isoloop=*", "cdroot", "subdir=*", "root=*", "checkcd", "skipmount=*", "BOOT_IMAGE=*", NULL
};
static const char *const sysrcd_nfs[] = { "netboot=nfs://@server@:@iso@", NULL };
static const char *const sysrcd_http[] = { "netboot=@http@/iso/sysrcd.dat", NULL };

const struct recipe recipe_sysrcd = {
	.id = "systemrescuecd", .title = "SystemRescueCd (before 6)", .match = match_sysrcd,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .drop = sysrcd_drop, .add = sysrcd_nfs },
		{ .how = RECIPE_HTTP, .drop = sysrcd_drop, .add = sysrcd_http, .memory_mib = 512, .memory_copies = 1 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "SystemRescueCd 1 to 5",
	.sources = "SystemRescueCd manual: PXE network booting",
};

/* --- Manjaro ------------------------------------------------------------------------------------------ */

/* manjaro/manjaro-tools: initcpio/hooks/miso, miso_pxe_common, miso_pxe_nfs, miso_pxe_http. A profile may leave the
 * network hooks out, so that editions differ. */
static bool match_miso(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_named(v, NULL, "rootfs.sfs") &&
	       (recipe_any_entry(b, "misobasedir=*", NULL) || recipe_any_entry(b, "misolabel=*", NULL));
}

static const char *const miso_drop[] = {
	"misolabel=*", "misodevice=*", "miso_nfs_srv=*", "miso_nfs_opt=*", "miso_http_srv=*", "miso_nbd_*",
	"img_dev=*", "img_loop=*", "verify=*", "copytoram", "copytoram=*", "ip=*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};
static const char *const miso_nfs[] = { "miso_nfs_srv=@server@:@iso@", "ip=dhcp", "BOOTIF=01-@mac@", NULL };
static const char *const miso_stay[] = {
	"miso_nfs_srv=@server@:@iso@", "copytoram=n", "ip=dhcp", "BOOTIF=01-@mac@", NULL
};
/* Its hook wants the words "200 OK" of HTTP/1.1. */
static const char *const miso_http[] = { "miso_http_srv=@http@/iso/", "ip=dhcp", "BOOTIF=01-@mac@", NULL };

const struct recipe recipe_miso = {
	.id = "manjaro", .title = "Manjaro", .match = match_miso, .needs = "miso*",
	.needs_why = "not an entry of the live system", .usual = INITRD_MISO | INITRD_MISO_NFS | INITRD_MISO_HTTP,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .needs = INITRD_MISO | INITRD_MISO_NFS,
		  .lacks = "its makers left the hook for NFS out of its initrd", .drop = miso_drop, .add = miso_nfs,
		  .adjust = recipe_refuse_check, .memory_mib = 1024, .memory_copies = 1 },
		{ .how = RECIPE_HTTP, .needs = INITRD_MISO | INITRD_MISO_HTTP,
		  .lacks = "its makers left the hook for HTTP out of its initrd", .drop = miso_drop,
		  .add = miso_http, .adjust = recipe_refuse_check, .memory_mib = 1024, .memory_copies = 1 },
		{ .how = RECIPE_NFS, .title = "over NFS, not copied to memory", .needs = INITRD_MISO | INITRD_MISO_NFS,
		  .lacks = "its makers left the hook for NFS out of its initrd", .drop = miso_drop, .add = miso_stay,
		  .adjust = recipe_refuse_check },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Manjaro, and others made with manjaro-tools",
	.sources = "manjaro/manjaro-tools: initcpio/hooks; netbootxyz: live-manjaro.ipxe",
};

/* --- forks with words of their own ---------------------------------------------------------------------- */

static bool match_forks(const struct volume *v, const struct bootcfg *b)
{
	(void)v;
	return recipe_any_entry(b, "parabolaisobasedir=*", NULL) || recipe_any_entry(b, "parabolaisolabel=*", NULL) ||
	       recipe_any_entry(b, "hyperisobasedir=*", NULL) || recipe_any_entry(b, "hyperisolabel=*", NULL) ||
	       recipe_any_entry(b, "kdeosisobasedir=*", NULL) || recipe_any_entry(b, "kdeosisolabel=*", NULL);
}

const struct recipe recipe_archiso_forks = {
	.id = "archiso-forks", .title = "Parabola, Hyperbola, KaOS", .match = match_forks,
	.why = "its fork of archiso has words of its own, and its network ones were not found in any source",
	.examples = "Parabola, Hyperbola, KaOS",
};
