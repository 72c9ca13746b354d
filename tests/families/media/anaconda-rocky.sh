# SPDX-License-Identifier: GPL-2.0-or-later
# Rocky Linux 9, x86_64, DVD: isolinux and GRUB for EFI, two repositories.

label 'Rocky-9-5-x86_64-dvd'
empty /.treeinfo
kernel /images/pxeboot/vmlinuz 5.14.0-503.14.1.el9_5.x86_64
dracut_initrd /images/pxeboot/initrd.img early+gzip 5.14.0-503.14.1.el9_5.x86_64 'dmsquash-live livenet nfs anaconda'
kernel /isolinux/vmlinuz 5.14.0-503.14.1.el9_5.x86_64
dracut_initrd /isolinux/initrd.img early+gzip 5.14.0-503.14.1.el9_5.x86_64 'dmsquash-live livenet nfs anaconda'
kernel /isolinux/memtest memtest
squashfs /images/install.img LiveOS/rootfs.img=ext4
empty /BaseOS/repodata/repomd.xml
empty /AppStream/repodata/repomd.xml
text /isolinux/isolinux.cfg <<'EOF'
default vesamenu.c32
timeout 600
menu title Rocky Linux 9.5
label linux
  menu label ^Install Rocky Linux 9.5
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=Rocky-9-5-x86_64-dvd quiet
label check
  menu label Test this ^media & install Rocky Linux 9.5
  menu default
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=Rocky-9-5-x86_64-dvd rd.live.check quiet
menu separator
menu begin ^Troubleshooting
  menu title Troubleshooting
  label vesa
    menu label Install Rocky Linux 9.5 in ^text mode
    kernel vmlinuz
    append initrd=initrd.img inst.stage2=hd:LABEL=Rocky-9-5-x86_64-dvd inst.text nomodeset quiet
  label memtest
    menu label Run a ^memory test
    kernel memtest
  label local
    menu label Boot from ^local drive
    localboot 0xffff
menu end
EOF
text /EFI/BOOT/grub.cfg <<'EOF'
set default="1"
set timeout=60
search --no-floppy --set=root -l 'Rocky-9-5-x86_64-dvd'
menuentry 'Install Rocky Linux 9.5' --class fedora --class gnu-linux --class gnu --class os {
	linuxefi /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=Rocky-9-5-x86_64-dvd quiet
	initrdefi /images/pxeboot/initrd.img
}
menuentry 'Test this media & install Rocky Linux 9.5' --class fedora --class gnu-linux --class gnu --class os {
	linuxefi /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=Rocky-9-5-x86_64-dvd rd.live.check quiet
	initrdefi /images/pxeboot/initrd.img
}
EOF
