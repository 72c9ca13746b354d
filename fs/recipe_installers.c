/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* Installers that are no live system: Debian's and Ubuntu's, Proxmox', XCP-ng's. */

/* --- debian-installer ------------------------------------------------------------------------ */
/* Its initrd for discs has no network drivers and looks for a disc; the one for the network fetches the installer
 * and the system from a mirror, and no initrd of it has an NFS client (xobs/debian-installer: build/pkg-lists). So the
 * disc comes along in memory: before its first question the installer reads /preseed.cfg of the initramfs (preseed:
 * initrd-preseed), whose command mounts the image where the disc would be, and what looks for the disc leaves it at
 * that (cdrom-detect: postinst). The initrd has the file system of discs and no loop device; the kernel's module is in
 * one of the installer's packages on the image, made for that kernel. */

static const char di_preseed[] = "d-i preseed/early_command string sh /pxefs.sh\n";

/* What the search for a disc would have ordered beside is ordered here: apt's sources of the new system. The directory
 * is what tells that part that the disc cannot be taken out and put in. */
static const char di_script[] =
	"fail()\n"
	"{\n"
	"	for to in /dev/console /dev/tty1; do\n"
	"		printf '\\n\\n*** pxefs: %s.\\n' \"$1\" >$to\n"
	"		printf '*** The installer will look for a disc, and find none.\\n\\n' >$to\n"
	"	done 2>/dev/null\n"
	"	logger -t pxefs \"$1\"\n"
	"	sleep 20\n"
	"	exit 1\n"
	"}\n"
	"mkdir -p /cdrom\n"
	"if ! modprobe -q loop; then\n"
	"	for package in /pxefs.loop-modules-\"$(uname -r)\"-di_*.udeb; do\n"
	"		[ -e \"$package\" ] || fail \"the image has no loop module for its kernel $(uname -r)\"\n"
	"		udpkg --unpack \"$package\" || fail \"$package cannot be unpacked\"\n"
	"	done\n"
	"	depmod -a\n"
	"	modprobe loop || fail 'its kernel does not take its loop module'\n"
	"fi\n"
	"rm -f /pxefs.loop-modules-*.udeb\n"
	"modprobe -q isofs\n"
	"[ -e /pxefs.iso ] || fail 'the image did not come along: is there memory enough?'\n"
	"mount -t iso9660 -o loop,ro,exec /pxefs.iso /cdrom || fail 'the image in memory cannot be mounted'\n"
	"logger -t pxefs 'the image in memory is the disc in /cdrom'\n"
	"mkdir -p /hd-media\n"
	"anna-install apt-mirror-setup\n"
	"if [ -e /cdrom/.disk/base_installable ]; then\n"
	"	anna-install apt-cdrom-setup\n"
	"else\n"
	"	anna-install choose-mirror\n"
	"fi\n"
	"exit 0\n";

static const struct recipe_member di_archive[] = {
	{ RECIPE_MEMBER_IMAGE, "pxefs.iso", NULL },
	{ RECIPE_MEMBER_FILES, "pxefs.", "pool/*/loop-modules-*-di_*.udeb" },
	{ RECIPE_MEMBER_TEXT, "pxefs.sh", di_script },
	{ RECIPE_MEMBER_TEXT, "preseed.cfg", di_preseed },
	{ RECIPE_MEMBER_END, NULL, NULL },
};

/* preseed(7) of Debian's installation guide: the network is set up before the file is asked for. */
static const char *const preseed[] = { "auto=true", "priority=critical", "url=@http@/@answer@", NULL };

static const struct recipe_way di_ways[] = {
	{ .how = RECIPE_MEMORY, .title = "ISO copied to memory",
	  .needs = INITRD_DI | INITRD_DI_DISC | INITRD_DI_PRESEED,
	  .lacks = "its initrd is not that of Debian's installer for discs", .answer = preseed,
	  .archive = di_archive, .memory_mib = 512, .memory_copies = 2 },
	{ .how = RECIPE_UNKNOWN },
};

#define DI_ROW                                                                                               \
	.usual = INITRD_DI | INITRD_DI_DISC | INITRD_DI_PRESEED, .ways = di_ways,                             \
	.sources = "xobs/debian-installer: build/pkg-lists/cdrom; Debian's packages cdrom-detect, preseed"

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

static bool match_openmediavault(const struct volume *v, const struct bootcfg *b)
{
	return match_debian_installer(v, b) && recipe_says(v, b, "openmediavault");
}

static bool match_ubuntu_installer(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/install/initrd.gz") && recipe_has_path(v, "/dists") &&
	       !recipe_has_path(v, "/casper") && !recipe_has_path(v, "/live");
}

/* mini.iso: kernel and initrd of the installer for the network, and nothing else. */
static bool match_debian_netboot(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/linux") && recipe_has_path(v, "/initrd.gz") && !recipe_has_path(v, "/dists") &&
	       !recipe_has_squashfs(v, "", true);
}

const struct recipe recipe_openmediavault = {
	.id = "openmediavault", .title = "OpenMediaVault", .match = match_openmediavault, .examples = "OpenMediaVault",
	DI_ROW, .proof = RECIPE_READ,
};

const struct recipe recipe_debian_installer = {
	.id = "debian-installer", .title = "Debian installer", .match = match_debian_installer,
	.examples = "Debian netinst, CD, DVD; Kali and Devuan installers",
	DI_ROW, .proof = RECIPE_EMULATED,
};

/* Beside the installer for discs these media have the one for the network, for those who serve the disc. */
#define UBUNTU_NETBOOT(arch, platforms)                                                                      \
	{ "Install from a mirror", "/install/netboot/ubuntu-installer/" arch "/linux", BOOTCFG_LINUX, platforms, \
	  "/install/netboot/ubuntu-installer/" arch "/initrd.gz", true }

static const struct recipe_own ubuntu_netboot[] = {
	UBUNTU_NETBOOT("amd64", BOOTCFG_BIOS | BOOTCFG_EFI), UBUNTU_NETBOOT("i386", BOOTCFG_BIOS | BOOTCFG_EFI),
	UBUNTU_NETBOOT("arm64", BOOTCFG_EFI), { NULL, NULL, 0, 0, NULL, false }
};

const struct recipe recipe_ubuntu_installer = {
	.id = "ubuntu-installer", .title = "Ubuntu installer (before casper)", .match = match_ubuntu_installer,
	.why = "it installs from a mirror, not from this server",
	.usual = INITRD_DI, /* so that the menu's own entries, for discs, are never offered */
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_KERNEL, .needs = INITRD_DI_NET, .lacks = "its initrd looks for a disc",
		  .answer = preseed },
		{ .how = RECIPE_UNKNOWN },
	},
	.own = ubuntu_netboot, .proof = RECIPE_READ, .examples = "Ubuntu Server up to 18.04, alternate CDs",
	.sources = "robinsmidsrod: gist 2343741",
};

const struct recipe recipe_debian_netboot = {
	.id = "debian-netboot", .title = "Debian or Ubuntu installer (mini.iso)", .match = match_debian_netboot,
	.why = "it installs from a mirror, not from this server", .usual = INITRD_DI | INITRD_DI_NET,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_KERNEL, .needs = INITRD_DI_NET,
		  .lacks = "its initrd is not that of Debian's installer for the network", .answer = preseed },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_BOOTED, .examples = "mini.iso of Debian, Kali, Ubuntu up to 20.04",
	.sources = "Debian's package debian-installer-12-netboot-amd64",
};

/* --- Proxmox --------------------------------------------------------------------------------- */
/* proxmox/pve-installer: unconfigured.sh, proxmox-auto-install-assistant/src/main.rs; morph027/pve-iso-2-pxe. The init
 * in its initrd looks for its medium on drives and for the file /proxmox.iso in the initramfs. */

static bool match_proxmox(const struct volume *v)
{
	return recipe_has_path(v, "/boot/linux26") && recipe_has_path(v, "/boot/initrd.img");
}

static bool match_proxmox_ve(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return match_proxmox(v) && recipe_has_path(v, "/pve-base.squashfs");
}

static bool match_proxmox_backup(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return match_proxmox(v) && recipe_has_path(v, "/pbs-base.squashfs");
}

static bool match_proxmox_mail(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return match_proxmox(v) && recipe_has_path(v, "/pmg-base.squashfs");
}

static bool match_proxmox_datacenter(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return match_proxmox(v) && recipe_has_path(v, "/pdm-base.squashfs");
}

static const char *const proxmox_drop[] = { "BOOT_IMAGE=*", "ro", NULL };
static const char *const proxmox_add[] = { "ramdisk_size=16777216", "rw", NULL };

static int adjust_proxmox(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	(void)words;
	(void)count;
	/* The rescue entry starts the kernel that is on the machine's own disks. */
	if (strcmp(recipe_base_name(e->kernel), "linux26"))
		return reason_set(why, -EOPNOTSUPP, "not an entry of the installer");
	return 0;
}

static const struct recipe_member proxmox_archive[] = {
	{ RECIPE_MEMBER_IMAGE, "proxmox.iso", NULL }, { RECIPE_MEMBER_END, NULL, NULL }
};

/* proxmox/pve-installer: proxmox-fetch-answer/src/main.rs, proxmox-auto-installer/src/utils.rs (AutoInstSettings); the
 * medium is on /cdrom. The sign is what proxmox-auto-install-assistant asks for, too: since 8.2. */
static const struct recipe_graft proxmox_graft = {
	.sign = "/auto-installer-capable", .name = "auto-installer-mode.toml", .text = "mode = \"iso\"\n",
};
static const char *const proxmox_answer[] = { "proxmox-start-auto-installer", NULL };

static const struct recipe_way proxmox_ways[] = {
	{ .how = RECIPE_MEMORY, .title = "ISO copied to memory", .needs = INITRD_PROXMOX,
	  .lacks = "its initrd does not look for the image in memory", .drop = proxmox_drop, .add = proxmox_add,
	  .adjust = adjust_proxmox, .archive = proxmox_archive, .answer = proxmox_answer, .answer_name = "answer.toml",
	  .graft = &proxmox_graft, .memory_mib = 1024, .memory_copies = 2 },
	{ .how = RECIPE_UNKNOWN },
};

#define PROXMOX_ROW                                                                                          \
	.usual = INITRD_PROXMOX, .ways = proxmox_ways, .proof = RECIPE_READ,                                 \
	.sources = "proxmox/pve-installer: unconfigured.sh; morph027/pve-iso-2-pxe"

const struct recipe recipe_proxmox_ve = {
	.id = "proxmox-ve", .title = "Proxmox VE", .match = match_proxmox_ve, PROXMOX_ROW, .examples = "Proxmox VE",
};

const struct recipe recipe_proxmox_backup = {
	.id = "proxmox-backup", .title = "Proxmox Backup Server", .match = match_proxmox_backup, PROXMOX_ROW,
	.examples = "Proxmox Backup Server",
};

const struct recipe recipe_proxmox_mail = {
	.id = "proxmox-mail", .title = "Proxmox Mail Gateway", .match = match_proxmox_mail, PROXMOX_ROW,
	.examples = "Proxmox Mail Gateway",
};

const struct recipe recipe_proxmox_datacenter = {
	.id = "proxmox-datacenter", .title = "Proxmox Datacenter Manager", .match = match_proxmox_datacenter,
	PROXMOX_ROW, .examples = "Proxmox Datacenter Manager",
};

/* --- XCP-ng and XenServer -------------------------------------------------------------------- */
/* xcp-ng/create-install-image: templates/iso; xcp-ng/host-installer: doc/parameters.txt, doc/answerfile.txt.
 * Hypervisor, kernel and an initramfs with all of the installer, which then asks where its packages are and takes
 * http:// and NFS; it finds .treeinfo in iso/. No word gives it the place without answering everything else, too. */

static bool match_xcp_ng(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/install.img") && recipe_has_path(v, "/boot/xen.gz") &&
	       recipe_has_path(v, "/boot/vmlinuz") && recipe_has_path(v, "/.treeinfo");
}

/* The network comes up by itself where the file is at a URL. */
static const char *const xcp_answer[] = { "answerfile=@http@/@answer@", "install", NULL };

const struct recipe recipe_xcp_ng = {
	.id = "xcp-ng", .title = "XCP-ng / XenServer", .match = match_xcp_ng,
	.why = "its installer asks for its packages: they are this image's iso/, over NFS or HTTP",
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_KERNEL, .multiboot = true, .answer = xcp_answer },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "XCP-ng 8, XenServer 8",
	.sources = "xcp-ng/create-install-image: templates/iso; xcp-ng/host-installer: doc",
};
