/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "initrd.h"
#include "recipe-kit.h"

/* Red Hat's kin, Arch, SUSE, small systems and tools: what is told apart by little, and words from media that mean no
 * good. What a whole medium of each gives is in tests/families. */

static const struct sample samples[] = {
	{"an installer with packages", "anaconda", "X",
	 {"BaseOS/", "BaseOS/repodata/", "BaseOS/repodata/repomd.xml", "images/", "images/install.img",
	  "images/pxeboot/", "images/pxeboot/vmlinuz", NULL},
	 "L /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=X quiet"},
	{"an installer without", "anaconda-boot", "X",
	 {"images/", "images/install.img", "images/pxeboot/", "images/pxeboot/vmlinuz", NULL},
	 "L /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=X quiet"},
	{"EL 7, whose second stage lies where live media have their root", "anaconda", "X",
	 {"LiveOS/", "LiveOS/squashfs.img", "images/", "images/pxeboot/", "repodata/", "repodata/repomd.xml", NULL},
	 "L /isolinux/vmlinuz inst.stage2=hd:LABEL=X quiet"},
	{"live media in the same places", "dracut-live", "X",
	 {"LiveOS/", "LiveOS/squashfs.img", "images/", "images/pxeboot/", "images/pxeboot/vmlinuz", NULL},
	 "L /images/pxeboot/vmlinuz root=live:CDLABEL=X rd.live.image"},
	{"EL 6 says nothing of its medium", "anaconda-loader", "X",
	 {".discinfo", "images/", "images/install.img", "isolinux/", "isolinux/initrd.img", "repodata/",
	  "repodata/repomd.xml", NULL},
	 "L /isolinux/vmlinuz"},
	{"the layout of an installer and an unknown menu", "unknown", "X",
	 {"images/", "images/install.img", "images/pxeboot/", "repodata/", "repodata/repomd.xml", NULL},
	 "L /images/pxeboot/vmlinuz quiet"},
	{"Xen before Anaconda", "qubes", "X",
	 {"images/", "images/install.img", "images/pxeboot/", "images/pxeboot/xen-4.17.gz", NULL},
	 "M /images/pxeboot/xen-4.17.gz console=none | inst.stage2=hd:LABEL=X quiet | "},
	{"CoreOS", "coreos", "X", {"images/", "images/pxeboot/", "images/pxeboot/rootfs.img", NULL},
	 "L /images/pxeboot/vmlinuz coreos.liveiso=X"},
	{"CoreOS' minimal ISO has no root", "unknown", "X", {"images/", "images/pxeboot/", NULL},
	 "L /images/pxeboot/vmlinuz coreos.liveiso=X"},
	{"a live system of kiwi's own", "kiwi-live", "X", {"LiveOS/", "LiveOS/squashfs.img", NULL},
	 "L /boot/x86_64/loader/linux root=live:CDLABEL=X rd.live.image rd.live.overlay.cowfs=ext4"},
	{"one of kiwi's with dracut's module", "dracut-live", "X", {"LiveOS/", "LiveOS/squashfs.img", NULL},
	 "L /boot/x86_64/loader/linux root=live:CDLABEL=X rd.live.image"},
	{"Agama's lines have no root", "agama", "X",
	 {"LiveOS/", "LiveOS/squashfs.img", "boot/", "boot/x86_64/", "boot/x86_64/loader/",
	  "boot/x86_64/loader/linux", NULL},
	 "L /boot/x86_64/loader/linux splash=silent"},
	{"Agama with what it installs", "agama-offline", "X",
	 {"LiveOS/", "LiveOS/squashfs.img", "boot/", "boot/x86_64/", "boot/x86_64/loader/",
	  "boot/x86_64/loader/linux", "install/", NULL},
	 "L /boot/x86_64/loader/linux splash=silent"},
	{"linuxrc with packages", "suse-linuxrc", "X",
	 {"boot/", "boot/x86_64/", "boot/x86_64/root", "repodata/", "repodata/repomd.xml", NULL},
	 "L /boot/x86_64/loader/linux splash=silent"},
	{"linuxrc without", "suse-linuxrc-net", "X", {"boot/", "boot/x86_64/", "boot/x86_64/root", NULL},
	 "L /boot/x86_64/loader/linux splash=silent"},
	{"archiso under any name", "archiso", "X", {"any/", "any/x86_64/", "any/x86_64/airootfs.erofs", NULL},
	 "L /any/boot/vmlinuz archisobasedir=any archisosearchuuid=x"},
	{"archiso's words without its image", "unknown", "X", {"arch/", NULL}, "L /k archisobasedir=arch"},
	{"SystemRescue", "systemrescue", "X",
	 {"sysresccd/", "sysresccd/x86_64/", "sysresccd/x86_64/airootfs.sfs", NULL},
	 "L /k archisobasedir=sysresccd archisolabel=X"},
	{"SliTaz has a rootfs.gz, too", "slitaz", "X",
	 {"boot/", "boot/bzImage", "boot/modules.gz", "boot/rootfs.gz", NULL},
	 "L /boot/bzImage rw root=/dev/null"},
	{"Tiny Core in two parts", "tinycore", "X",
	 {"boot/", "boot/modules.gz", "boot/rootfs.gz", "boot/vmlinuz", NULL},
	 "L /boot/vmlinuz quiet"},
	{"a rootfs.gz alone", "unknown", "X", {"boot/", "boot/rootfs.gz", NULL}, "L /boot/bzImage quiet"},
	{"liveslak under another name", "liveslak", "X",
	 {"salix/", "salix/system/", "salix/system/0050-core.sxz", NULL},
	 "L /boot/generic load_ramdisk=1"},
	{"a note about UDF", "windows", "X", {"README.TXT", NULL}, ""},
	{"a note beside something", "unknown", "X", {"README.TXT", "data.bin", NULL}, ""},
	{"a memory test under a new name", "memtest", "X", {"boot/", NULL}, "B /boot/mt86p_800_x86_64"},
	{"DBAN", "dban", "X", {"dban.bzi", "isolinux.cfg", NULL}, "B /dban.bzi nuke=dwipe"},
	{"a DOS disc with a Linux beside it", "unknown", "X", {"isolinux/", "isolinux/memdisk", NULL},
	 "L /vmlinuz quiet"},
};

#define LIVENET_NFS (INITRD_JUDGED | INITRD_DMSQUASH | INITRD_LIVENET | INITRD_DRACUT_NFS)
#define LIVE "rd.live.overlay.overlayfs=1 ip=dhcp rd.neednet=1 BOOTIF=01-@mac@"

static const struct line lines[] = {
	{"anaconda", "L /k root=live:x inst.repo=cdrom method=http://6.6.6.6/ rd.live.ram=1 ip=1.2.3.4 --- quiet",
	 "inst.repo=nfs:@server@:@iso@ ip=dhcp BOOTIF=01-@mac@ --- quiet", NULL, 0},
	{"anaconda", "L /k inst.stage2=hd:LABEL=X rd.live.check", NULL, "checks its medium", 0},
	{"anaconda", "L /k inst.stage2=hd:LABEL=X rd.live.check=1", NULL, "checks its medium", 1},
	{"anaconda", "L /k inst.ks=cdrom:/a/b.cfg", "inst.ks=nfs:@server@:@iso@/a/b.cfg inst.repo=nfs:@server@:@iso@ "
	 "ip=dhcp BOOTIF=01-@mac@", NULL, 0},
	{"anaconda", "L /k inst.ks=hd:LABEL=X:/a/b.cfg", "inst.ks=@http@/iso/a/b.cfg inst.repo=@http@/iso "
	 "ip=dhcp BOOTIF=01-@mac@", NULL, 1},
	{"anaconda", "L /k inst.ks=hd:LABEL=X:/a;reboot", NULL, "kickstart", 0},
	{"anaconda", "L /k inst.ks=hd:LABEL=X", NULL, "kickstart", 0},
	{"anaconda", "L /k inst.ks=hd:LABEL=X:/@root@", NULL, "stands for another", 0},
	{"anaconda", "M /xen.gz console=none | inst.stage2=hd:LABEL=X | ", NULL, "hypervisor", 0},
	{"qubes", "M /xen.gz console=none | inst.stage2=hd:LABEL=X rd.live.check | ", NULL, "checks its medium", 0},
	{"coreos", "L /k coreos.live.rootfs_url=http://6.6.6.6/x coreos.liveiso=X", "coreos.live.rootfs_url="
	 "@http@/iso/images/pxeboot/rootfs.img ignition.firstboot ignition.platform.id=metal ip=dhcp rd.neednet=1 "
	 "BOOTIF=01-@mac@", NULL, 0},
	{"coreos", "L /k quiet", NULL, "not an entry", 0},
	{"dracut-live", "L /k root=live:CDLABEL=X rd.live.dir=/x rd.live.overlay=LABEL=evil rd.overlay=1 netroot=x ro",
	 "ro root=live:nfs://@server@@iso@/LiveOS/squashfs.img rd.live.image " LIVE, NULL, 0},
	{"dracut-live", "L /k root=live:CDLABEL=X rd.live.image quiet", "rd.live.image "
	 "root=live:/image.squashfs.img rd.live.overlay.overlayfs=1 quiet", NULL, 4},
	{"dracut-live", "L /k root=UUID=x", NULL, "not an entry", 0},
	{"kairos", "L /k cdroot root=live:CDLABEL=X rd.cos.disable", "rd.cos.disable "
	 "root=live:nfs://@server@@iso@/rootfs.squashfs netboot " LIVE, NULL, 0},
	{"archiso", "L /k archisobasedir=any archisodevice=/dev/sda img_dev=/x img_loop=/y checksum=y", NULL,
	 "checks its medium", 0},
	{"archiso", "L /k archisobasedir=any archisodevice=/dev/sda img_dev=/x img_loop=/y cms_verify=y copytoram",
	 "archisobasedir=any archiso_http_srv=@http@/iso/ ip=dhcp BOOTIF=01-@mac@", NULL, 1},
	{"manjaro", "L /k misobasedir=manjaro misolabel=X copytoram=n",
	 "misobasedir=manjaro miso_nfs_srv=@server@:@iso@ ip=dhcp BOOTIF=01-@mac@", NULL, 0},
	{"suse-linuxrc", "L /k install=cd:/ instsys=disk:/x mediacheck=0",
	 "mediacheck=0 install=nfs://@server@@iso@ netsetup=dhcp BOOTIF=01-@mac@", NULL, 0},
	{"suse-linuxrc", "L /k mediacheck=1", NULL, "checks its medium", 1},
	{"alpine", "L /boot/vmlinuz-virt modules=loop alpine_dev=cdrom",
	 "modules=loop ip=dhcp alpine_repo=@http@/iso/apks BOOTIF=01-@mac@ modloop=@http@/iso/boot/modloop-virt", NULL,
	 0},
	{"alpine", "L /boot/vmlinuz-$(reboot) quiet", NULL, "not called as", 0},
	{"alpine", "L /boot/vmlinuz quiet", NULL, "not called as", 0},
	{"slax", "L /k ip=1.2.3.4::: from=/dev/sda1 quiet", "quiet from=@http@/image.iso", NULL, 0},
	{"liveslak", "L /k nfsroot=6.6.6.6:/x nic=auto:eth0:static quiet", "quiet nfsroot=@server@:@iso@ luksvol= nop",
	 NULL, 0},
	{"tinycore-desktop", "L /k loglevel=3", NULL, "no extensions", 0},
	{"tinycore-desktop", "L /k loglevel=3", "loglevel=3", NULL, 1},
	{"mageia", "L /k automatic=method:cdrom vga=788",
	 "vga=788 automatic=method:nfs,interface:auto,network:dhcp,server:@server@,directory:@iso@/x86_64", NULL, 0},
	{"shredos", "L /k quiet nwipe_options=--autonuke", NULL, "without a question", 0},
	{"dban", "B /dban.bzi nuke=dwipe silent", "nuke=dwipe silent", NULL, 0},
};

/* What menus offer follows what initrds can do. */
static void test_check(void)
{
	static const struct {
		const char *id;
		size_t way;
		uint64_t can;
		bool possible;
	} checks[] = {
		{"dracut-live", 0, 0, false},
		{"dracut-live", 1, 0, true},
		{"dracut-live", 0, LIVENET_NFS, true},
		{"dracut-live", 0, INITRD_JUDGED | INITRD_DMSQUASH | INITRD_DRACUT_NFS, false},
		/* The copy in memory has one way for each age of dracut, and an initrd has one age. */
		{"dracut-live", 2, LIVENET_NFS, false},
		{"dracut-live", 3, LIVENET_NFS, true},
		{"dracut-live", 2, LIVENET_NFS | INITRD_OVERLAYFS, true},
		{"dracut-live", 3, LIVENET_NFS | INITRD_OVERLAYFS, false},
		{"dracut-live", 4, INITRD_JUDGED | INITRD_DMSQUASH, true},
		{"dracut-live", 4, INITRD_JUDGED | INITRD_DMSQUASH | INITRD_LIVENET, false},
		{"dracut-live", 5, INITRD_JUDGED | INITRD_KIWI_LIVE, false},
		{"kiwi-live", 0, INITRD_JUDGED | INITRD_KIWI_LIVE | INITRD_KIWI_HTTP, true},
		{"kiwi-live", 0, INITRD_JUDGED | INITRD_DMSQUASH | INITRD_LIVENET, false},
		{"kiwi-live", 2, INITRD_JUDGED | INITRD_DMSQUASH | INITRD_LIVENET, true},
		{"archiso", 0, 0, true},
		{"archiso", 0, INITRD_JUDGED | INITRD_ARCHISO | INITRD_ARCHISO_HTTP, false},
		{"alpine", 0, 0, false},
		{"alpine", 0, INITRD_JUDGED | INITRD_ALPINE | INITRD_ALPINE_NET, true},
		{"liveslak", 0, INITRD_JUDGED | INITRD_LIVESLAK, false},
		{"anaconda", 0, INITRD_JUDGED | INITRD_DRACUT, false},
		{"anaconda-loader", 0, INITRD_JUDGED | INITRD_DRACUT, false},
		{"anaconda-loader", 0, INITRD_JUDGED, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		const struct recipe *r = recipe_by_id(checks[i].id);
		struct reason why = {""};
		int got = recipe_way_check(r, &r->ways[checks[i].way], checks[i].can, &why);

		tap_ok(got == (checks[i].possible ? 0 : -EOPNOTSUPP), "%s: way %zu by %llx", checks[i].id,
		       checks[i].way, (unsigned long long)checks[i].can);
	}
}

int main(void)
{
	check_samples(samples, ARRAY_SIZE(samples));
	check_lines(lines, ARRAY_SIZE(lines));
	test_check();
	ok(recipe_by_id("shredos")->wipes && recipe_by_id("dban")->wipes && !recipe_by_id("archiso")->wipes);
	return tap_done();
}
