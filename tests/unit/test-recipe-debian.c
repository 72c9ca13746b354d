/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe-kit.h"

/* Debian, Ubuntu and their kin: what is told apart by little, and words from media that mean no good. */

static const struct sample samples[] = {
	{"Pentoo",
	 "pentoo",
	 "Pentoo",
	 {"boot/", "boot/pentoo", "image.squashfs", "livecd", NULL},
	 "L /boot/pentoo cdroot"},
	{"two squashfs",
	 "live-boot",
	 "X",
	 {"live/", "live/filesystem.squashfs", "live/other.squashfs", NULL},
	 "L /live/vmlinuz boot=live"},
	{"one of another name",
	 "live-boot",
	 "X",
	 {"live/", "live/my.squashfs", NULL},
	 "L /live/vmlinuz boot=live"},
	{"one more below",
	 "live-boot",
	 "Kali Live",
	 {"live/", "live/a/", "live/a/b.squashfs", "live/filesystem.squashfs", NULL},
	 "L /live/vmlinuz boot=live"},
	{"Kali by its words",
	 "kali",
	 "X",
	 {"live/", "live/filesystem.squashfs", NULL},
	 "L /live/vmlinuz boot=live hostname=kali"},
	{"Devuan by its label",
	 "devuan",
	 "devuan_daedalus",
	 {"live/", "live/filesystem.squashfs", NULL},
	 "L /live/vmlinuz boot=live"},
	{"a label is not enough",
	 "unknown",
	 "Kali Live",
	 {"live/", "live/filesystem.squashfs", NULL},
	 "L /live/vmlinuz quiet"},
	{"a hypervisor alone",
	 "debian-live",
	 "X",
	 {"live/", "live/filesystem.squashfs", NULL},
	 "M /live/xen.gz dom0_mem=1G | boot=live quiet | "},
	{"a hypervisor of another system",
	 "unknown",
	 "X",
	 {"live/", "live/filesystem.squashfs", NULL},
	 "M /live/xen.gz boot=live | boot=lively xboot=live | boot=live"},
	{"TrueNAS before Debian Live",
	 "truenas-scale",
	 "X",
	 {"TrueNAS-SCALE.update", "live/", "live/filesystem.squashfs", NULL},
	 "L /vmlinuz boot=live"},
	{"Ubuntu of 22.10",
	 "ubuntu",
	 "Ubuntu 22.10 amd64",
	 {"casper/", "casper/filesystem.squashfs", NULL},
	 "L /casper/vmlinuz quiet"},
	{"Ubuntu of 20.04",
	 "ubuntu-isolinux",
	 "Ubuntu 20.04",
	 {"casper/", "casper/filesystem.squashfs", "isolinux/", "isolinux/isolinux.cfg", NULL},
	 "L /casper/vmlinuz quiet"},
	{"Ubuntu in layers",
	 "ubuntu-layered",
	 "Ubuntu 24.04",
	 {"casper/", "casper/minimal.squashfs", "casper/minimal.standard.squashfs", NULL},
	 "L /casper/vmlinuz"},
	{"Ubuntu Server",
	 "ubuntu-server",
	 "Ubuntu-Server 22.10",
	 {"casper/", "casper/ubuntu-server-minimal.squashfs", NULL},
	 "L /casper/vmlinuz"},
	{"Ubuntu Server of 22.04",
	 "ubuntu-server-2204",
	 "Ubuntu-Server 22.04.5 LTS amd64",
	 {"casper/", "casper/ubuntu-server-minimal.squashfs", NULL},
	 "L /casper/vmlinuz"},
	{"Ubuntu Server without a number",
	 "ubuntu-server",
	 "Ubuntu-Server",
	 {"casper/", "casper/ubuntu-server-minimal.squashfs", NULL},
	 "L /casper/vmlinuz"},
	{"Ubuntu Server with a strange number",
	 "ubuntu-server",
	 "Ubuntu 99999999999999999999.04",
	 {"casper/", "casper/ubuntu-server-minimal.squashfs", NULL},
	 "L /casper/vmlinuz"},
	{"Linux Mint 20",
	 "linux-mint",
	 "Linux Mint 20 Cinnamon",
	 {"casper/", "casper/filesystem.squashfs", NULL},
	 "L /casper/vmlinuz boot=casper"},
	{"Linux Mint 19",
	 "ubuntu-isolinux",
	 "Linux Mint 19.3 Cinnamon",
	 {"casper/", "casper/filesystem.squashfs", "isolinux/", "isolinux/isolinux.cfg", NULL},
	 "L /casper/vmlinuz boot=casper"},
	{"Linux Mint 2",
	 "ubuntu",
	 "Linux Mint 2",
	 {"casper/", "casper/filesystem.squashfs", NULL},
	 "L /casper/vmlinuz"},
	{"casper elsewhere",
	 "ubuntu",
	 "X",
	 {"os/", "os/filesystem.squashfs", NULL},
	 "L /os/vmlinuz boot=casper live-media-path=/os"},
	{"casper nowhere",
	 "unknown",
	 "X",
	 {"os/", "os/filesystem.squashfs", NULL},
	 "L /os/vmlinuz boot=casper"},
	{"OpenMediaVault",
	 "openmediavault",
	 "openmediavault 7",
	 {"dists/", "install.amd/", "install.amd/initrd.gz", NULL},
	 "L /install.amd/vmlinuz quiet"},
	{"Ubuntu's old installer",
	 "ubuntu-installer",
	 "Ubuntu-Server 16.04",
	 {"dists/", "install/", "install/initrd.gz", NULL},
	 "L /install/vmlinuz quiet"},
	{"mini.iso", "debian-netboot", "ISOIMAGE", {"initrd.gz", "linux", NULL}, "L /linux quiet"},
	{"kernel and initrd beside a system",
	 "unknown",
	 "X",
	 {"initrd.gz", "linux", "root.squashfs", NULL},
	 "L /linux quiet"},
	{"Proxmox VE",
	 "proxmox-ve",
	 "PVE",
	 {"boot/", "boot/initrd.img", "boot/linux26", "pve-base.squashfs", NULL},
	 "L /boot/linux26 rw"},
	{"XCP-ng",
	 "xcp-ng",
	 "XCP-ng 8.3",
	 {".treeinfo", "boot/", "boot/vmlinuz", "boot/xen.gz", "install.img", NULL},
	 "M /boot/xen.gz | | "},
};

#define NFS    "netboot=nfs nfsroot=@server@:@iso@ BOOTIF=01-@mac@"
#define FETCH  "fetch=@http@/iso/live/"
#define ROOT   "boot=nfs root=/dev/nfs nfsroot=@server@:@root@ ro ip=dhcp BOOTIF=01-@mac@"
#define CASPER "boot=casper ip=dhcp BOOTIF=01-@mac@ fsck.mode=skip noprompt"
#define DRACUT "rd.live.overlay.overlayfs=1 ip=dhcp rd.neednet=1 BOOTIF=01-@mac@ nodhcp"
#define ODD    "the path of its squashfs"

static const struct line lines[] = {
	{"gentoo-genkernel", "L /k dokeymap looptype=squashfs loop=/image.squashfs cdroot docache",
	 "dokeymap looptype=squashfs loop=/image.squashfs cdroot", NULL, 1},
	{"gentoo-genkernel", "L /k root=/dev/ram0 init=/linuxrc cdroot", NULL, "genkernel 3", 1},
	{"gentoo-genkernel", "L /k overlayfs cdroot", NULL, "overlay", 1},
	{"gentoo-dracut",
	 "L /k nodhcp root=live:CDLABEL=X rd.live.dir=/ rd.live.squashimg=image.squashfs cdroot",
	 "nodhcp root=nfs:@server@:@root@ ip=dhcp rd.neednet=1 BOOTIF=01-@mac@ rd.overlay=1 "
	 "rd.live.overlay.overlayfs=1 cdroot",
	 NULL, 2},
	{"gentoo-dracut", "L /k root=live:CDLABEL=X rd.live.ram=1 cdroot", NULL, "copy in memory", 2},
	{"gentoo-dracut",
	 "L /k root=live:CDLABEL=X rd.live.ram=1 ip=eth0:dhcp rd.live.overlay=/dev/sda1 cdroot",
	 "cdroot root=live:/image.squashfs.img rd.live.overlay.overlayfs=1", NULL, 3},
	{"gentoo-dracut", "L /k quiet", NULL, "not an entry of the live system", 1},
	{"gentoo-dracut", "L /k root=live:CDLABEL=X rd.live.dir=/a/b/ rd.live.squashimg=c.squashfs rd.live.ram=1",
	 "rd.live.ram=1 root=live:nfs://@server@@iso@/a/b/c.squashfs " DRACUT, NULL, 0},
	{"gentoo-dracut", "L /k rd.live.squashimg=c.squashfs root=live:CDLABEL=X rd.live.ram=1 quiet",
	 "quiet root=live:@http@/iso/c.squashfs " DRACUT, NULL, 1},
	{"gentoo-dracut", "L /k root=live:CDLABEL=X rd.live.squashimg=$x", NULL, "cannot stand in a URL", 0},
	{"gentoo-dracut", "L /k root=live:CDLABEL=X rd.live.squashimg=", NULL, "cannot stand in a URL", 1},
	{"debian-live", "L /k boot=live toram=filesystem.squashfs ip= quiet",
	 "boot=live " FETCH "filesystem.squashfs BOOTIF=01-@mac@ quiet", NULL, 1},
	{"debian-live", "L /k boot=live components rw findiso=/x.iso", "components " ROOT, NULL, 2},
	{"debian-live", "L /k boot=live verify-checksums", NULL, "checks its medium", 0},
	{"debian-live", "L /k boot=live verify-checksums=md5", NULL, "checks its medium", 1},
	{"debian-live", "M /xen.gz console=vga | boot=live quiet findiso= | ", "boot=live " NFS " quiet",
	 NULL, 0},
	{"debian-live", "M /xen.gz boot=live | root=/dev/sda1 | boot=live", NULL,
	 "not an entry of the live system", 0},
	{"debian-live", "M /xen.gz", NULL, "not an entry of the live system", 0},
	{"grml", "L /k boot=live live-media-path=/live/grml64-full/ toram=x",
	 "boot=live " FETCH
	 "grml64-full/grml64-full.squashfs BOOTIF=01-@mac@ live-media-path=/live/grml64-full/",
	 NULL, 1},
	{"grml", "L /k boot=live live-media-path=live/grml64",
	 "boot=live " FETCH "grml64/grml64.squashfs BOOTIF=01-@mac@ "
	 "live-media-path=live/grml64",
	 NULL, 1},
	{"grml", "L /k boot=live", NULL, ODD, 1},
	{"grml", "L /k boot=live live-media-path=", NULL, ODD, 1},
	{"grml", "L /k boot=live live-media-path=/live/", NULL, ODD, 1},
	{"grml", "L /k boot=live live-media-path=/live/../../etc/", NULL, ODD, 1},
	{"grml", "L /k boot=live live-media-path=/live/..", NULL, ODD, 1},
	{"grml", "L /k boot=live live-media-path=/live/a/b/", NULL, ODD, 1},
	{"grml", "L /k boot=live live-media-path=/other/grml/", NULL, ODD, 1},
	{"grml", "L /k boot=live live-media-path=/live/a123456789012345678901234567890123/", NULL, ODD, 1},
	{"ubuntu", "L /casper/vmlinuz --- quiet splash",
	 "netboot=nfs nfsroot=@server@:@iso@ " CASPER " --- quiet splash", NULL, 0},
	{"ubuntu",
	 "L /k boot=casper netboot=cifs url=http://x/y.iso live-media=/dev/sda1 toram root=/dev/sda1 "
	 "ip=frommedia",
	 "boot=casper url=@http@/image.iso iso-url=@http@/image.iso ip=dhcp BOOTIF=01-@mac@ fsck.mode=skip "
	 "noprompt",
	 NULL, 1},
	{"ubuntu", "L /k boot=casper integrity-check", NULL, "checks its medium", 0},
	{"ubuntu-isolinux", "L /k boot=casper",
	 "boot=casper netboot=nfs nfsroot=@server@:@iso@ ip=dhcp BOOTIF=01-@mac@ "
	 "fsck.mode=skip noprompt systemd.mask=tmp.mount",
	 NULL, 0},
	{"ubuntu-server-2204", "L /k ---",
	 "url=@http@/image.iso " CASPER " root=/dev/ram0 ramdisk_size=3500000 "
	 "cloud-config-url=/dev/null ---",
	 NULL, 1},
	{"proxmox-ve", "L /boot/linux26 ro ramdisk_size=16777216 rw quiet", "ramdisk_size=16777216 rw quiet",
	 NULL, 0},
	{"proxmox-ve", "L /boot/pve/vmlinuz root=/dev/mapper/pve-root", NULL, "not an entry of the installer",
	 0},
	{"xcp-ng", "M /boot/xen.gz dom0_mem=8G | console=hvc0 console=tty0 | ", "console=hvc0 console=tty0",
	 NULL, 0},
	{"tails", "L /k boot=live", NULL, "no network drivers", 0},
	{"ubuntu-installer", "L /k quiet", "quiet", NULL, 0},
};

/* What an initrd lacks is told; what is not judged yet is taken for the usual. */
static void test_check(void)
{
	const struct recipe *live = recipe_by_id("debian-live"), *gentoo = recipe_by_id("gentoo-dracut");
	const uint64_t root = INITRD_DRACUT_NFS | INITRD_DRACUT_NET | INITRD_OVERLAYFS;
	struct reason why = {""};

	ok(recipe_way_check(live, &live->ways[0], 0, &why) == 0);
	ok(recipe_way_check(live, &live->ways[0], INITRD_CUT, &why) == 0);
	ok(recipe_way_check(live, &live->ways[0], INITRD_JUDGED, &why) == -EOPNOTSUPP &&
	   strstr(why.text, "live-boot"));
	ok(recipe_way_check(live, &live->ways[1], INITRD_JUDGED | INITRD_LIVE_BOOT, &why) == -EOPNOTSUPP);
	ok(recipe_way_check(live, &live->ways[1], INITRD_JUDGED | INITRD_LIVE_BOOT | INITRD_NET_DRIVERS,
			    &why) == 0);
	ok(recipe_way_check(gentoo, &gentoo->ways[2], 0, &why) == -EOPNOTSUPP);
	ok(recipe_way_check(gentoo, &gentoo->ways[3], 0, &why) == 0);
	ok(recipe_way_check(gentoo, &gentoo->ways[2], INITRD_JUDGED | root, &why) == 0);
	ok(recipe_way_check(gentoo, &gentoo->ways[2], INITRD_JUDGED | (root & ~INITRD_OVERLAYFS), &why) ==
	   -EOPNOTSUPP);
	ok(gentoo->ways[3].archive && gentoo->ways[3].archive[0].kind == RECIPE_MEMBER_ROOT &&
	   !strcmp(gentoo->ways[3].archive[0].name, "image.squashfs.img"));
}

/* What the menu leaves out comes behind it, where both of its files are there. */
static void test_beside(void)
{
	static const struct sample disc = {
		"Ubuntu Server 18.04",
		"ubuntu-installer",
		"Ubuntu-Server 18.04",
		{"dists/", "install/", "install/initrd.gz", "install/netboot/",
		 "install/netboot/ubuntu-installer/", "install/netboot/ubuntu-installer/amd64/",
		 "install/netboot/ubuntu-installer/amd64/initrd.gz",
		 "install/netboot/ubuntu-installer/amd64/linux", "install/netboot/ubuntu-installer/i386/",
		 "install/netboot/ubuntu-installer/i386/linux", NULL},
		"L /install/vmlinuz quiet"};
	const uint64_t disc_can = INITRD_JUDGED | INITRD_DI, net_can = disc_can | INITRD_DI_NET;
	struct reason why = {""};
	const struct recipe *r;
	struct volume v;
	struct bootcfg b;

	volume_fill(&v, &disc);
	menu_fill(&b, disc.menu);
	r = recipe_recognise(&v, &b);
	ok(!strcmp(r->id, disc.id) && recipe_entries(r, &v, &b) == 0);
	ok(b.count == 2 && b.entries[1].initrd_count == 1 && !b.entries[1].is_default);
	ok(b.count == 2 && !strcmp(b.entries[1].kernel, "/install/netboot/ubuntu-installer/amd64/linux") &&
	   !strcmp(b.entries[1].initrds[0], "/install/netboot/ubuntu-installer/amd64/initrd.gz"));
	ok(recipe_way_check(r, &r->ways[0], 0, &why) == -EOPNOTSUPP && strstr(why.text, "disc"));
	ok(recipe_way_check(r, &r->ways[0], disc_can, &why) == -EOPNOTSUPP);
	ok(recipe_way_check(r, &r->ways[0], net_can, &why) == 0);
	bootcfg_free(&b);
	volume_empty(&v);
}

int main(void)
{
	check_samples(samples, ARRAY_SIZE(samples));
	check_lines(lines, ARRAY_SIZE(lines));
	test_check();
	test_beside();
	return tap_done();
}
