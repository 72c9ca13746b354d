/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* Ubuntu's live media and what is built on casper: casper(7); casper: scripts/casper, scripts/casper-bottom,
 * casper-md5check; initramfs-tools: scripts/functions. */

/* --- recognition ----------------------------------------------------------------------------- */

/* Menus say boot=casper up to 20.04 and with those who made their own; since then the initrd says it by itself. */
static bool match_casper(const struct volume *v, const struct bootcfg *b)
{
	if (recipe_has_squashfs(v, "casper", false))
		return true;
	return recipe_any_entry(b, "boot=casper", NULL) && recipe_any_entry(b, "live-media-path=*", NULL);
}

/* One squashfs is the whole system; since 23.04 there are layers, "minimal.standard.live.squashfs" on top. */
static bool is_layered(const struct volume *v)
{
	return recipe_has_squashfs(v, "casper", false) && !recipe_has_path(v, "/casper/filesystem.squashfs");
}

/* Up to 20.04 isolinux started them on a BIOS, and Mint still has it. */
static bool has_isolinux(const struct volume *v)
{
	return recipe_has_path(v, "/isolinux/isolinux.cfg");
}

/* Number of the release in what a medium says of itself, "Ubuntu-Server 22.04.4 LTS amd64": 2204; 0 where there is
 * none. */
static unsigned release_in(const char *text)
{
	const char *p = text + strcspn(text, "0123456789");
	char *end;
	unsigned long year = strtoul(p, &end, 10), month = 0;

	if (*p && *end == '.')
		month = strtoul(end + 1, NULL, 10);
	return year && year < 100 && month < 13 ? (unsigned)(year * 100 + month) : 0;
}

static bool match_casper_isolinux(const struct volume *v, const struct bootcfg *b)
{
	return match_casper(v, b) && has_isolinux(v);
}

static bool match_casper_whole(const struct volume *v, const struct bootcfg *b)
{
	return match_casper(v, b) && !has_isolinux(v) && !is_layered(v);
}

static bool match_casper_layered(const struct volume *v, const struct bootcfg *b)
{
	return match_casper(v, b) && !has_isolinux(v) && is_layered(v);
}

static bool match_server(const struct volume *v, const struct bootcfg *b)
{
	return match_casper_layered(v, b) && recipe_has_named(v, "casper", "ubuntu-server-minimal*");
}

/* casper learnt iso-url= in 22.10; before it was url=. Nothing else on the medium tells. */
static bool match_server_2204(const struct volume *v, const struct bootcfg *b)
{
	unsigned release = release_in(*b->about ? b->about : v->label);

	return match_server(v, b) && release && release < 2210;
}

static bool match_pop_os(const struct volume *v, const struct bootcfg *b)
{
	return match_casper(v, b) && recipe_any_entry(b, "live-media-path=/casper_pop-os*", NULL);
}

/* "Linux Mint 21.3 Cinnamon 64-bit"; 20 is the first one whose casper has url=. */
static bool is_mint(const char *text)
{
	static const char name[] = "Linux Mint ";
	size_t n = sizeof(name) - 1;

	return !strncasecmp(text, name, n) && text[n] >= '2' && strspn(text + n, "0123456789") == 2;
}

static bool match_mint(const struct volume *v, const struct bootcfg *b)
{
	return match_casper(v, b) && !is_layered(v) && (is_mint(v->label) || is_mint(b->about));
}

static bool match_zorin(const struct volume *v, const struct bootcfg *b)
{
	return match_casper_whole(v, b) && recipe_says(v, b, "Zorin");
}

static bool match_elementary(const struct volume *v, const struct bootcfg *b)
{
	return match_casper_whole(v, b) && recipe_says(v, b, "elementary");
}

static bool match_neon(const struct volume *v, const struct bootcfg *b)
{
	return match_casper_whole(v, b) &&
	       (recipe_says(v, b, "neon") || recipe_says(v, b, "KDE neon"));
}

static bool match_rescuezilla(const struct volume *v, const struct bootcfg *b)
{
	return match_casper_whole(v, b) && recipe_says(v, b, "Rescuezilla");
}

/* --- words ----------------------------------------------------------------------------------- */

/* live-media-path= is a path inside the medium and stays, as does layerfs-path=, a name within that. */
#define CASPER_MEDIUM                                                                                        \
	"findiso=*", "fromiso=*", "isofrom=*", "iso-scan/filename=*", "iso-chooser-menu", "live-media=*",    \
	"bootfrom=*", "netboot", "netboot=*", "nfsroot=*", "root=*", "url=*", "iso-url=*", "ip", "ip=*",       \
	"BOOTIF=*", "BOOT_IMAGE=*"

static const char *const nfs_drop[] = { CASPER_MEDIUM, NULL };
static const char *const url_drop[] = { CASPER_MEDIUM, "toram", "todisk=*", "ramdisk_size=*", NULL };

/* ip=: since 19.10 casper starts the network only where that word is. fsck.mode=skip: else casper-md5check
 * reads all of the medium. noprompt: nobody has to remove a disc and press a key at the end. */
#define CASPER_NETWORK "boot=casper", "ip=dhcp", "BOOTIF=01-@mac@", "fsck.mode=skip", "noprompt"

static const char *const nfs_add[] = { "netboot=nfs", "nfsroot=@server@:@iso@", CASPER_NETWORK, NULL };

/* Of 18.04 to 20.04 and what is built on them, systemd cannot mount its tmp.mount over casper's own and stops in its
 * emergency shell (Launchpad 1755863). */
static const char *const nfs_mask_add[] = {
	"netboot=nfs", "nfsroot=@server@:@iso@", CASPER_NETWORK, "systemd.mask=tmp.mount", NULL
};

/* The name must end in .iso. cloud-init takes url= for its own where it is there (Launchpad 1937319), so both
 * words are only for media without it. */
static const char *const url_add[] = { "url=@http@/image.iso", "iso-url=@http@/image.iso", CASPER_NETWORK, NULL };
static const char *const iso_url_add[] = { "iso-url=@http@/image.iso", CASPER_NETWORK, NULL };

/* root=: what the initrd was built with is not looked for; cloud-config-url=: cloud-init asks nobody else. */
#define SERVER_NETWORK "root=/dev/ram0", "ramdisk_size=3500000", "cloud-config-url=/dev/null"

static const char *const server_add[] = { "iso-url=@http@/image.iso", CASPER_NETWORK, SERVER_NETWORK, NULL };
static const char *const server_2204_add[] = { "url=@http@/image.iso", CASPER_NETWORK, SERVER_NETWORK, NULL };

/* canonical/autoinstall-documentation: the installer of servers, and of desktops since 23.04, takes what cloud-init
 * brings: user-data, with meta-data beside it. The word "autoinstall" spares its question whether to go on. */
static const char *const autoinstall[] = { "autoinstall", "ds=nocloud-net;s=@http@/", NULL };

/* The check of the medium is an entry of its own up to 20.04. (An installer beside the live system is told by its
 * initrd: since menus do not say boot=casper, no word tells.) */
static int adjust_casper(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	static const char *const checks[] = { "integrity-check", NULL };

	(void)e;
	(void)count;
	return recipe_refuse(words, checks, "it checks its medium first, and there is no disc to check", why);
}

/* --- rows ------------------------------------------------------------------------------------ */

#define CASPER_USUAL (INITRD_CASPER | INITRD_NFS_CLIENT | INITRD_NFS_MODULE | INITRD_NET_DRIVERS)

#define WAY_NFS(words, answered)                                                                             \
	{ .how = RECIPE_NFS, .needs = INITRD_CASPER | INITRD_NFS_CLIENT | INITRD_NET_DRIVERS,                \
	  .lacks = "its initrd is not casper's, or has no NFS client or no network drivers",                 \
	  .drop = nfs_drop, .add = words, .answer = answered, .answer_name = "user-data",                    \
	  .adjust = adjust_casper }

#define WAY_URL(words, answered)                                                                             \
	{ .how = RECIPE_HTTP, .title = "ISO copied to memory", .needs = INITRD_CASPER | INITRD_NET_DRIVERS,  \
	  .lacks = "its initrd is not casper's, or has no network drivers", .drop = url_drop, .add = words,  \
	  .answer = answered, .answer_name = "user-data", .adjust = adjust_casper, .memory_mib = 2048,       \
	  .memory_copies = 1 }

static const struct recipe_way whole_ways[] = {
	WAY_NFS(nfs_add, NULL), WAY_URL(url_add, NULL), { .how = RECIPE_UNKNOWN }
};
static const struct recipe_way mint_ways[] = {
	WAY_NFS(nfs_mask_add, NULL), WAY_URL(url_add, NULL), { .how = RECIPE_UNKNOWN }
};
static const struct recipe_way isolinux_ways[] = { WAY_NFS(nfs_mask_add, NULL), { .how = RECIPE_UNKNOWN } };
static const struct recipe_way layered_ways[] = {
	WAY_NFS(nfs_add, autoinstall), WAY_URL(iso_url_add, autoinstall), { .how = RECIPE_UNKNOWN }
};
static const struct recipe_way server_ways[] = {
	WAY_NFS(nfs_add, autoinstall), WAY_URL(server_add, autoinstall), { .how = RECIPE_UNKNOWN }
};
static const struct recipe_way server_2204_ways[] = {
	WAY_NFS(nfs_add, autoinstall), WAY_URL(server_2204_add, autoinstall), { .how = RECIPE_UNKNOWN }
};

const struct recipe recipe_pop_os = {
	.id = "pop-os", .title = "Pop!_OS", .match = match_pop_os, .usual = CASPER_USUAL, .ways = whole_ways,
	.proof = RECIPE_READ, .examples = "Pop!_OS up to 24.04", .sources = "casper(7); pop-os/iso: data/grub/grub.cfg",
};

const struct recipe recipe_linux_mint = {
	.id = "linux-mint", .title = "Linux Mint", .match = match_mint, .usual = CASPER_USUAL, .ways = mint_ways,
	.proof = RECIPE_READ, .examples = "Linux Mint 20 to 22", .sources = "casper(7); casper: scripts/casper",
};

const struct recipe recipe_zorin = {
	.id = "zorin", .title = "Zorin OS", .match = match_zorin, .usual = CASPER_USUAL, .ways = whole_ways,
	.proof = RECIPE_READ, .examples = "Zorin OS", .sources = "casper(7); casper: scripts/casper",
};

const struct recipe recipe_elementary = {
	.id = "elementary", .title = "elementary OS", .match = match_elementary, .usual = CASPER_USUAL,
	.ways = whole_ways, .proof = RECIPE_READ, .examples = "elementary OS",
	.sources = "casper(7); casper: scripts/casper",
};

const struct recipe recipe_neon = {
	.id = "neon", .title = "KDE neon", .match = match_neon, .usual = CASPER_USUAL, .ways = whole_ways,
	.proof = RECIPE_READ, .examples = "KDE neon", .sources = "casper(7); casper: scripts/casper",
};

const struct recipe recipe_rescuezilla = {
	.id = "rescuezilla", .title = "Rescuezilla", .match = match_rescuezilla, .usual = CASPER_USUAL,
	.ways = whole_ways, .proof = RECIPE_READ, .examples = "Rescuezilla",
	.sources = "casper(7); rescuezilla/rescuezilla: src/livecd/image/boot/grub/grub.cfg",
};

const struct recipe recipe_ubuntu_server_2204 = {
	.id = "ubuntu-server-2204", .title = "Ubuntu Server", .match = match_server_2204, .usual = CASPER_USUAL,
	.ways = server_2204_ways, .proof = RECIPE_READ, .examples = "Ubuntu Server 22.04",
	.sources = "casper(7); netbootxyz: ubuntu.ipxe.j2",
};

const struct recipe recipe_ubuntu_server = {
	.id = "ubuntu-server", .title = "Ubuntu Server", .match = match_server, .usual = CASPER_USUAL,
	.ways = server_ways, .proof = RECIPE_READ, .examples = "Ubuntu Server since 22.10",
	.sources = "casper(7); netbootxyz: ubuntu.ipxe.j2",
};

const struct recipe recipe_ubuntu_layered = {
	.id = "ubuntu-layered", .title = "Ubuntu", .match = match_casper_layered, .usual = CASPER_USUAL,
	.ways = layered_ways, .proof = RECIPE_READ, .examples = "Ubuntu and its flavours since 23.04",
	.sources = "casper(7); casper: scripts/casper",
};

const struct recipe recipe_ubuntu_isolinux = {
	.id = "ubuntu-isolinux", .title = "Ubuntu (with isolinux)", .match = match_casper_isolinux,
	.usual = CASPER_USUAL, .ways = isolinux_ways, .proof = RECIPE_READ,
	.examples = "Ubuntu, its flavours and derivatives up to 20.04", .sources = "casper(7); casper: scripts/casper",
};

const struct recipe recipe_ubuntu = {
	.id = "ubuntu", .title = "Ubuntu (casper)", .match = match_casper_whole, .usual = CASPER_USUAL,
	.ways = whole_ways, .proof = RECIPE_EMULATED, .examples = "Ubuntu flavours 20.10 to 22.10, and derivatives",
	.sources = "casper(7); casper: scripts/casper",
};
