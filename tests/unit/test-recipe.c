/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe-kit.h"

static const struct sample samples[] = {
	{"Gentoo minimal of 2023",
	 "gentoo-genkernel",
	 "Gentoo Linux - AMD64",
	 {"boot/", "boot/gentoo", "boot/gentoo.igz", "image.squashfs", "livecd", NULL},
	 "L /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot\nB /memtest64.bios"},
	{"Gentoo of the isolinux years",
	 "gentoo-genkernel",
	 "Gentoo Linux x86",
	 {"image.squashfs", "isolinux/", "isolinux/gentoo", "isolinux/gentoo.igz", "livecd", NULL},
	 "L /isolinux/gentoo root=/dev/ram0 init=/linuxrc looptype=squashfs loop=/image.squashfs cdroot "
	 "vga=791"},
	{"a catalyst medium of others",
	 "gentoo-genkernel",
	 "Other",
	 {"boot/", "boot/other", "image.squashfs", "livecd", NULL},
	 "L /boot/other root=/dev/ram0 init=/linuxrc overlayfs looptype=squashfs loop=/image.squashfs "
	 "cdroot"},
	{"Gentoo with dracut",
	 "gentoo-dracut",
	 "Gentoo-amd64-20250101",
	 {"boot/", "boot/gentoo", "image.squashfs", "livecd", NULL},
	 "L /boot/gentoo dokeymap root=live:CDLABEL=Gentoo-amd64-20250101 rd.live.dir=/ cdroot"},
	{"catalyst's marker without a squashfs",
	 "unknown",
	 "X",
	 {"boot/", "boot/gentoo", "livecd", NULL},
	 "L /boot/gentoo cdroot"},
	{"the words without the marker",
	 "unknown",
	 "X",
	 {"boot/", "boot/gentoo", "image.squashfs", NULL},
	 "L /boot/gentoo looptype=squashfs cdroot"},
	{"a squashfs not in the root",
	 "unknown",
	 "X",
	 {"boot/", "boot/image.squashfs", "livecd", NULL},
	 "L /boot/gentoo looptype=squashfs cdroot"},
	{"Debian Live",
	 "debian-live",
	 "d-live 12",
	 {"install/", "install/vmlinuz", "live/", "live/filesystem.squashfs", NULL},
	 "L /live/vmlinuz boot=live components quiet\nL /install/vmlinuz vga=788 --- quiet"},
	{"Grml",
	 "grml",
	 "grml",
	 {"live/", "live/grml64-full/", "live/grml64-full/grml64-full.squashfs", NULL},
	 "L /boot/grml64full/vmlinuz apm=power-off boot=live live-media-path=/live/grml64-full/ nomce"},
	{"a directory beside live/",
	 "unknown",
	 "X",
	 {"liverpool/", "liverpool/filesystem.squashfs", NULL},
	 "L /live/vmlinuz boot=live"},
	{"casper is no live-boot",
	 "ubuntu",
	 "Ubuntu",
	 {"casper/", "casper/filesystem.squashfs", "casper/vmlinuz", NULL},
	 "L /casper/vmlinuz quiet"},
	{"Tails",
	 "tails",
	 "TAILS",
	 {"live/", "live/Tails.module", "live/filesystem.squashfs", NULL},
	 "L /live/vmlinuz boot=live live-media=removable module=Tails"},
	{"TrueNAS SCALE",
	 "truenas-scale",
	 "TRUENAS",
	 {"TrueNAS-SCALE.update", "live/", "live/filesystem.squashfs", "vmlinuz", NULL},
	 "L /vmlinuz boot=live toram=filesystem.squashfs"},
	{"Debian installer",
	 "debian-installer",
	 "Debian 13",
	 {"dists/", "install.amd/", "install.amd/initrd.gz", "install.amd/vmlinuz", NULL},
	 "L /install.amd/vmlinuz vga=788 --- quiet"},
	{"antiX",
	 "antix",
	 "antiX-Live",
	 {"antiX/", "antiX/linuxfs", "antiX/vmlinuz", NULL},
	 "L /antiX/vmlinuz quiet"},
	{"Memtest86+ without a menu",
	 "memtest",
	 "MT86PLUS_64",
	 {"EFI/", "EFI/BOOT/", "EFI/BOOT/bootx64.efi", "boot/", "boot/floppy.img", NULL},
	 ""},
	{"Memtest86+ with GRUB",
	 "memtest",
	 "X",
	 {"boot/", "boot/memtest", NULL},
	 "B /boot/memtest\nC /boot/memtest.efi"},
	{"a memory test beside a system",
	 "unknown",
	 "X",
	 {"boot/", "boot/memtest", NULL},
	 "B /boot/memtest\nL /boot/vmlinuz quiet"},
	{"iPXE", "ipxe", "ISOIMAGE", {"ipxe.krn", "isolinux.cfg", NULL}, "B /ipxe.krn"},
	{"nothing known", "unknown", "DATA", {"readme", NULL}, ""},
};

static void test_table(void)
{
	size_t n = 0;

	for (const struct recipe *r; (r = recipe_at(n)); n++) {
		tap_ok(r->id[0] && strlen(r->id) < 32 &&
			       strspn(r->id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(r->id),
		       "the id \"%s\" fits an index", r->id);
		tap_ok(recipe_by_id(r->id) == r, "%s is found by its id", r->id);
		tap_ok(r->title && *r->title && r->match, "%s has a title and is recognised by something",
		       r->id);
		tap_ok(recipe_how(r) != RECIPE_IMPOSSIBLE || (r->why && strlen(r->why) < 120),
		       "%s says why it cannot", r->id);
		tap_ok(!r->needs == !r->needs_why, "%s says what an entry lacks", r->id);
		for (const char *const *w = r->ways ? r->ways[0].add : NULL; w && *w; w++)
			for (const char *const *other = r->ways[0].add; *other; other++)
				if (w != other)
					tap_ok(strcmp(*w, *other) != 0, "%s adds %s once", r->id, *w);
	}
	ok(n > 1 && recipe_how(recipe_at(n - 1)) == RECIPE_UNKNOWN);
	ok(!recipe_at(n) && !recipe_at(SIZE_MAX));
	ok(recipe_how(recipe_by_id("from-a-later-version")) == RECIPE_UNKNOWN);
	ok(recipe_how(recipe_by_id(NULL)) == RECIPE_UNKNOWN);
	ok(!strcmp(recipe_how_text(RECIPE_NFS), "over NFS"));
	ok(!strcmp(recipe_how_text(RECIPE_IMPOSSIBLE), "not possible"));
}

/* An image that has no menu gets its family's own entries, and only those that it has the files of. */
static void test_entries(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct volume v;
		struct bootcfg b;
		size_t before;

		volume_fill(&v, &samples[i]);
		menu_fill(&b, samples[i].menu);
		before = b.count;
		ok(recipe_entries(recipe_recognise(&v, &b), &v, &b) == 0);
		if (!strcmp(samples[i].label, "MT86PLUS_64")) {
			ok(b.count == 2 && b.entries[0].is_default && !b.entries[1].is_default);
			ok(b.count == 2 && b.entries[0].kind == BOOTCFG_BINARY &&
			   b.entries[0].platforms == BOOTCFG_BIOS);
			ok(b.count == 2 && b.entries[1].kind == BOOTCFG_CHAIN &&
			   b.entries[1].platforms == BOOTCFG_EFI);
			ok(b.count == 2 && !strcmp(b.entries[0].kernel, "/EFI/BOOT/bootx64.efi"));
		} else {
			tap_ok(b.count == before, "%s keeps its own menu", samples[i].what);
		}
		bootcfg_free(&b);
		volume_empty(&v);
	}
}

#define NFS "cdroot real_root=/dev/nfs nfsroot=@server@:@iso@ gk.net.iface=@mac@ net.ifnames=0 nodhcp"
#define NFS_OLD                                                                                              \
	"real_root=/dev/nfs nfsroot=@server@:@iso@,rsize=131072 gk.net.iface=@mac@ net.ifnames=0 nodhcp"
#define NFS_OVER                                                                                             \
	"cdroot=/dev/null real_root=/dev/nfs nfsroot=@server@:@iso@ gk.net.iface=@mac@ net.ifnames=0 nodhcp"
#define LIVE "boot=live netboot=nfs nfsroot=@server@:@iso@ BOOTIF=01-@mac@"

static const struct line lines[] = {
	{"gentoo-genkernel", "L /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot",
	 "dokeymap " NFS " looptype=squashfs loop=/image.squashfs", NULL, 0},
	{"gentoo-genkernel",
	 "L /boot/gentoo dokeymap nodhcp looptype=squashfs loop=/image.squashfs cdroot docache",
	 "dokeymap cdroot real_root=/dev/nfs nfsroot=@server@:@iso@ gk.net.iface=@mac@ net.ifnames=0 nodhcp "
	 "looptype=squashfs loop=/image.squashfs docache",
	 NULL, 0},
	/* genkernel 3: no ip=, a read size; the words of the first menu that this project knew */
	{"gentoo-genkernel",
	 "L /k root=/dev/ram0 init=/linuxrc dokeymap looptype=squashfs loop=/image.squashfs cdroot ip=dhcp "
	 "vga=791",
	 "dokeymap cdroot " NFS_OLD " looptype=squashfs loop=/image.squashfs vga=791", NULL, 0},
	/* an overlay: local disks are not searched, and a copy in memory would be hidden */
	{"gentoo-genkernel", "L /k overlayfs looptype=squashfs loop=/image.squashfs cdroot docache nox",
	 "overlayfs " NFS_OVER " looptype=squashfs loop=/image.squashfs nox", NULL, 0},
	{"gentoo-genkernel", "L /k aufs cdroot=/dev/sr0 looptype=squashfs",
	 "aufs " NFS_OVER " looptype=squashfs", NULL, 0},
	{"gentoo-genkernel", "L /k quiet cdroot real_root=/dev/sda1 nfsroot=6.6.6.6:/evil,rw isoboot=/x.iso",
	 "quiet " NFS, NULL, 0},
	{"gentoo-genkernel", "L /k cdroot console=ttyS0 console=tty0 console=ttyS0",
	 "console=ttyS0 " NFS " console=tty0 console=ttyS0", NULL, 0},
	{"gentoo-genkernel", "L /k cdroot", NFS, NULL, 0},
	{"gentoo-genkernel", "L /k quiet", NULL, "not an entry of the live system", 0},
	{"gentoo-genkernel", "L /k cdroot root=live:CDLABEL=X", NULL, "dracut", 0},
	{"gentoo-genkernel", "L /k cdroot foo=@iso@", NULL, "stands for another", 0},
	{"gentoo-genkernel", "B /memtest64.bios console=ttyS0", "console=ttyS0", NULL, 0},
	{"gentoo-genkernel", "C /kernel/memtest.efi64", "", NULL, 0},
	{"gentoo-genkernel", "B /boot/vmlinuz root=/dev/sda1", NULL, "rest of itself", 0},
	{"gentoo-genkernel", "C /EFI/BOOT/grubx64.efi", NULL, "rest of itself", 0},
	{"gentoo-genkernel", "M /boot/xen.gz", NULL, "hypervisor", 0},
	{"gentoo-dracut", "L /k cdroot root=live:CDLABEL=X",
	 "cdroot root=nfs:@server@:@root@ ip=dhcp rd.neednet=1 BOOTIF=01-@mac@ rd.overlay=1 "
	 "rd.live.overlay.overlayfs=1 nodhcp",
	 NULL, 2},
	{"gentoo-dracut", "B /memtest64.bios", "", NULL, 0},
	{"debian-live",
	 "L /live/vmlinuz boot=live components quiet splash findiso=", LIVE " components quiet splash", NULL, 0},
	{"debian-live",
	 "L /live/vmlinuz boot=live components toram quiet ip= net.ifnames=0 ocs_live_run=ocs-live-general",
	 LIVE " components toram quiet net.ifnames=0 ocs_live_run=ocs-live-general", NULL, 0},
	{"debian-live",
	 "L /k apm=power-off boot=live live-media-path=/live/grml64/ bootid=x nomce live-media=removable",
	 "apm=power-off netboot=nfs nfsroot=@server@:@iso@ BOOTIF=01-@mac@ boot=live "
	 "live-media-path=/live/grml64/ bootid=x nomce",
	 NULL, 0},
	{"debian-live", "L /k boot=live netboot=cifs fetch=http://x/y root=/dev/ram BOOTIF=eth0", LIVE, NULL, 0},
	{"debian-live", "L /k --- boot=live quiet",
	 "netboot=nfs nfsroot=@server@:@iso@ BOOTIF=01-@mac@ --- boot=live quiet", NULL, 0},
	{"debian-live", "L /install/vmlinuz vga=788 --- quiet", NULL, "installer", 0},
	{"memtest", "B /boot/anything console=ttyS0", "console=ttyS0", NULL, 0},
	{"unknown", "L /k quiet", NULL, "no family", 0},
	{"unknown", "B /memtest", NULL, "no family", 0},
};

int main(void)
{
	test_table();
	check_samples(samples, ARRAY_SIZE(samples));
	test_entries();
	check_lines(lines, ARRAY_SIZE(lines));
	words_free(NULL);
	return tap_done();
}
