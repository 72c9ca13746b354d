# SPDX-License-Identifier: GPL-2.0-or-later
# AlmaLinux 9 KDE, live, as livemedia-creator makes it: nfs-utils is part of the system, so its initrd can take NFS.

label 'AlmaLinux-9_5-x86_64-Live-KDE'
kernel /images/pxeboot/vmlinuz 5.14.0-503.11.1.el9_5.x86_64
dracut_initrd /images/pxeboot/initrd.img early+gzip 5.14.0-503.11.1.el9_5.x86_64 'dmsquash-live livenet nfs'
squashfs /LiveOS/squashfs.img LiveOS/rootfs.img=ext4
text /EFI/BOOT/grub.cfg <<'EOF'
set default="1"
set timeout=60
search --no-floppy --set=root -l 'AlmaLinux-9_5-x86_64-Live-KDE'
menuentry 'Start AlmaLinux Live 9.5' --class fedora --class gnu-linux --class gnu --class os {
	linuxefi /images/pxeboot/vmlinuz root=live:CDLABEL=AlmaLinux-9_5-x86_64-Live-KDE rd.live.image quiet rhgb
	initrdefi /images/pxeboot/initrd.img
}
menuentry 'Test this media & start AlmaLinux Live 9.5' --class fedora --class gnu-linux --class gnu --class os {
	linuxefi /images/pxeboot/vmlinuz root=live:CDLABEL=AlmaLinux-9_5-x86_64-Live-KDE rd.live.image rd.live.check quiet
	initrdefi /images/pxeboot/initrd.img
}
EOF
