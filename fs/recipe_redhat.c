/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- installers: Anaconda ---------------------------------------------------------------------- */
/* rhinstaller/anaconda: docs/user-guide/boot-options.rst, dracut/parse-anaconda-repo.sh, anaconda-netroot.sh,
 * anaconda-lib.sh. Its dracut module asks for livenet, nfs and img-lib, so every such initrd has them. */

static bool is_anaconda(const struct volume *v, const struct bootcfg *b)
{
	static const char *const words[] = { "inst.stage2=*", "inst.repo=*", "stage2=*", "repo=*" };

	/* EL 7 has its second stage where live media have their root. */
	if (!recipe_has_path(v, "/images/install.img") && !recipe_has_path(v, "/LiveOS/squashfs.img"))
		return false;
	if (!recipe_has_path(v, "/images/pxeboot") && !recipe_has_path(v, "/isolinux"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (recipe_any_entry(b, words[i], NULL))
			return true;
	return false;
}

/* Packages, an OSTree repository or a container to install are on the disc; a boot.iso has none of them. */
static bool has_repository(const struct volume *v)
{
	return recipe_has_named(v, NULL, "repomd.xml") || recipe_has_path(v, "/ostree/repo") ||
	       recipe_has_path(v, "/container");
}

static bool match_anaconda(const struct volume *v, const struct bootcfg *b)
{
	return is_anaconda(v, b) && has_repository(v);
}

static bool match_anaconda_boot(const struct volume *v, const struct bootcfg *b)
{
	return is_anaconda(v, b);
}

static const char *const anaconda_drop[] = {
	/* A root= would make Anaconda's initrd ignore its own words. The ones without "inst." are EL 7's. */
	"inst.stage2=*", "inst.repo=*", "stage2=*", "repo=*", "method=*", "root=*", "iso-scan/filename=*",
	"inst.stage2.all", "rd.live.ram", "rd.live.ram=*", "ip=*", "rd.neednet*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};
/* inst.repo= is stage 2 and packages in one. Without a version the client takes NFSv3. The second stage is
 * read over NFS; rd.live.ram=1 copies it, which helps where the system's network start cuts NFS off. */
static const char *const repo_nfs[] = { "inst.repo=nfs:@server@:@iso@", "ip=dhcp", "BOOTIF=01-@mac@", NULL };
static const char *const repo_http[] = { "inst.repo=@http@/iso", "ip=dhcp", "BOOTIF=01-@mac@", NULL };
static const char *const repo_ram[] = {
	"inst.repo=nfs:@server@:@iso@", "rd.live.ram=1", "ip=dhcp", "BOOTIF=01-@mac@", NULL
};
static const char *const stage2_nfs[] = { "inst.stage2=nfs:@server@:@iso@", "ip=dhcp", "BOOTIF=01-@mac@", NULL };
static const char *const stage2_http[] = { "inst.stage2=@http@/iso", "ip=dhcp", "BOOTIF=01-@mac@", NULL };
static const char *const stage2_ram[] = {
	"inst.stage2=nfs:@server@:@iso@", "rd.live.ram=1", "ip=dhcp", "BOOTIF=01-@mac@", NULL
};

/* A kickstart of the administrator's. */
static const char *const answer_nfs[] = { "inst.ks=nfs:@server@:@dir@/@answer@", NULL };
static const char *const answer_http[] = { "inst.ks=@http@/@answer@", NULL };

/* A kickstart that an author put on the disc: "inst.ks=hd:LABEL=x:/ks.cfg" and "inst.ks=cdrom:/ks.cfg". */
static int adjust_anaconda(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	static const char path_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-/";
	int r = recipe_refuse_check(e, words, count, why);
	bool http = false;

	for (size_t i = 0; i < *count; i++)
		http = http || recipe_word_has(words[i], "@http@");
	for (size_t i = 0; i < *count && !r; i++) {
		const char *path = strrchr(words[i], ':');
		cleanup_free char *word = NULL;

		if (strncmp(words[i], "inst.ks=hd:", 11) && strncmp(words[i], "inst.ks=cdrom:", 14))
			continue;
		/* What stands beside a placeholder goes into menus unquoted. */
		if (path[1] != '/' || path[1 + strspn(path + 1, path_bytes)])
			return reason_set(why, -EOPNOTSUPP, "its kickstart is on a disc that is not there");
		if (asprintf(&word, "inst.ks=%s%s", http ? "@http@/iso" : "nfs:@server@:@iso@", path + 1) < 0) {
			word = NULL;
			return -ENOMEM;
		}
		r = recipe_word_replace(&words[i], word);
	}
	return r;
}

/* Over HTTP the second stage is in memory, so it is with rd.live.ram=1: docs/user-guide/boot-options.rst. Before 101
 * dracut copies it to a file system of a fifth of the memory (recipe_dracut.c), and it has up to 1 GB. */
#define ANACONDA_WAYS(kind, hypervisor) (const struct recipe_way[]){ \
	{ .how = RECIPE_NFS, .needs = INITRD_ANACONDA, .lacks = "its initrd is not Anaconda's", \
	  .multiboot = hypervisor, .drop = anaconda_drop, .add = kind##_nfs, .answer = answer_nfs, \
	  .adjust = adjust_anaconda }, \
	{ .how = RECIPE_HTTP, .needs = INITRD_ANACONDA, .lacks = "its initrd is not Anaconda's", \
	  .multiboot = hypervisor, .drop = anaconda_drop, .add = kind##_http, .answer = answer_http, \
	  .adjust = adjust_anaconda, .memory_mib = 3072 }, \
	{ .how = RECIPE_NFS, .title = "over NFS, installer copied to memory", .needs = INITRD_ANACONDA, \
	  .lacks = "its initrd is not Anaconda's", .multiboot = hypervisor, .drop = anaconda_drop, \
	  .add = kind##_ram, .answer = answer_nfs, .adjust = adjust_anaconda, .memory_mib = 5120 }, \
	{ .how = RECIPE_UNKNOWN }, \
}

const struct recipe recipe_anaconda = {
	.id = "anaconda", .title = "Fedora / RHEL installer (Anaconda)", .match = match_anaconda,
	.usual = INITRD_DRACUT | INITRD_ANACONDA, .ways = ANACONDA_WAYS(repo, false), .proof = RECIPE_READ,
	.examples = "Fedora Server, Silverblue and kin, RHEL, CentOS, Rocky, AlmaLinux, Oracle Linux, openEuler: DVDs",
	.sources = "rhinstaller/anaconda: boot-options.rst, parse-anaconda-repo.sh, anaconda-netroot.sh",
};

const struct recipe recipe_anaconda_boot = {
	.id = "anaconda-boot", .title = "Fedora / RHEL network installer (Anaconda)", .match = match_anaconda_boot,
	.why = "it takes its packages from a mirror on the internet",
	.usual = INITRD_DRACUT | INITRD_ANACONDA, .ways = ANACONDA_WAYS(stage2, false), .proof = RECIPE_READ,
	.examples = "boot.iso and netinst media of Fedora, CentOS Stream, Rocky, AlmaLinux, Oracle Linux",
	.sources = "rhinstaller/anaconda: boot-options.rst, parse-anaconda-repo.sh, anaconda-netroot.sh",
};

/* --- Qubes OS ----------------------------------------------------------------------------------- */

/* QubesOS/qubes-lorax-templates: Xen is the kernel, and Anaconda's words are those of its first module. */
static bool match_qubes(const struct volume *v, const struct bootcfg *b)
{
	bool hypervisor = false;

	for (size_t i = 0; i < b->count; i++)
		hypervisor = hypervisor || b->entries[i].kind == BOOTCFG_MULTIBOOT;
	return hypervisor && recipe_has_path(v, "/images/install.img") &&
	       recipe_has_named(v, "images/pxeboot", "xen*");
}

const struct recipe recipe_qubes = {
	.id = "qubes", .title = "Qubes OS installer", .match = match_qubes,
	.usual = INITRD_DRACUT | INITRD_ANACONDA, .ways = ANACONDA_WAYS(repo, true), .proof = RECIPE_READ,
	.examples = "Qubes OS",
	.sources = "QubesOS/qubes-lorax-templates; rhinstaller/anaconda: boot-options.rst",
};

/* --- EL 6, Fedora 16 and before ------------------------------------------------------------------ */

/* Anaconda's own loader in place of dracut: method= is stage 2 and packages in one (RHEL 6 Installation
 * Guide, "Boot Options"; anaconda: docs/command-line.txt of that time). */
static const char *const loader_drop[] = {
	"method=*", "repo=*", "stage2=*", "ip=*", "BOOTIF=*", "ksdevice=*", "BOOT_IMAGE=*", NULL
};
static const char *const loader_nfs[] = { "method=nfs:@server@:@iso@", "ip=dhcp", NULL };
static const char *const loader_http[] = { "method=@http@/iso", "ip=dhcp", NULL };
static const char *const loader_answer_nfs[] = { "ks=nfs:@server@:@dir@/@answer@", NULL };
static const char *const loader_answer_http[] = { "ks=@http@/@answer@", NULL };

static bool match_anaconda_loader(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_path(v, "/images/install.img") && recipe_has_path(v, "/isolinux/initrd.img") &&
	       recipe_has_path(v, "/.discinfo") && recipe_has_named(v, NULL, "repomd.xml") &&
	       !recipe_any_entry(b, "root=*", NULL) && !recipe_any_entry(b, "coreos.*", NULL);
}

const struct recipe recipe_anaconda_loader = {
	.id = "anaconda-loader", .title = "RHEL 6 installer (Anaconda)", .match = match_anaconda_loader,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_NFS, .unless = INITRD_DRACUT, .lacks = "its initrd is dracut's", .drop = loader_drop,
		  .add = loader_nfs, .answer = loader_answer_nfs, .adjust = recipe_refuse_check },
		{ .how = RECIPE_HTTP, .unless = INITRD_DRACUT, .lacks = "its initrd is dracut's",
		  .drop = loader_drop, .add = loader_http, .answer = loader_answer_http,
		  .adjust = recipe_refuse_check, .memory_mib = 1024 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "RHEL 6, CentOS 6, Fedora up to 16",
	.sources = "RHEL 6 Installation Guide: Boot Options",
};

/* --- CoreOS -------------------------------------------------------------------------------------- */

/* coreos/fedora-coreos-config: overlay.d/05core/.../35coreos-live: live-generator, coreos-livepxe-rootfs.sh. The
 * rootfs is an archive that the initrd fetches over HTTP and HTTPS alone, or finds unpacked in itself where the boot
 * loader brought it along; coreos.liveiso= would have it on a disc. */
static const char *const coreos_drop[] = {
	"coreos.liveiso=*", "coreos.live.rootfs_url=*", "ip=*", "rd.neednet*", "BOOTIF=*", "BOOT_IMAGE=*", NULL
};
static const char *const coreos_http[] = {
	"coreos.live.rootfs_url=@http@/iso/images/pxeboot/rootfs.img", "ignition.firstboot",
	"ignition.platform.id=metal", "ip=dhcp", "rd.neednet=1", "BOOTIF=01-@mac@", NULL
};

/* The same archive behind the initrd needs no word (coreos docs: "Booting live FCOS via PXE"), and no network. */
static const char *const coreos_memory[] = { "ignition.firstboot", "ignition.platform.id=metal", NULL };

/* Ignition runs in the live system; one that installs is told so by its own content. */
static const char *const coreos_answer[] = { "ignition.config.url=@http@/@answer@", NULL };

static bool match_coreos(const struct volume *v, const struct bootcfg *b)
{
	return recipe_has_path(v, "/images/pxeboot/rootfs.img") && recipe_any_entry(b, "coreos.liveiso=*", NULL);
}

const struct recipe recipe_coreos = {
	.id = "coreos", .title = "Fedora CoreOS", .match = match_coreos, .needs = "coreos.liveiso=*",
	.needs_why = "not an entry of the live system", .usual = INITRD_DRACUT | INITRD_COREOS,
	.ways = (const struct recipe_way[]){
		{ .how = RECIPE_HTTP, .needs = INITRD_COREOS, .lacks = "its initrd cannot take its root from a server",
		  .drop = coreos_drop, .add = coreos_http, .answer = coreos_answer, .memory_mib = 4096 },
		{ .how = RECIPE_MEMORY, .title = "copied to memory", .needs = INITRD_COREOS,
		  .lacks = "its initrd does not look for its root in memory", .drop = coreos_drop,
		  .add = coreos_memory, .answer = coreos_answer, .initrd = "images/pxeboot/rootfs.img",
		  .memory_mib = 2048, .memory_copies = 2 },
		{ .how = RECIPE_UNKNOWN },
	},
	.proof = RECIPE_READ, .examples = "Fedora CoreOS, RHEL CoreOS, CentOS Stream CoreOS: live ISOs",
	.sources = "coreos/fedora-coreos-config: 35coreos-live; coreos docs: live boot over PXE",
};
