# SPDX-License-Identifier: GPL-2.0-or-later
# Fedora CoreOS' live ISO: a long comment where kernel words are put in later.

label 'fedora-coreos-42.20260801.3.0'
kernel /images/pxeboot/vmlinuz 6.15.8-200.fc42.x86_64
dracut_initrd /images/pxeboot/initrd.img early+zstd 6.15.8-200.fc42.x86_64 livenet usr/sbin/coreos-livepxe-rootfs
file /images/ignition.img 262144
initrd /images/pxeboot/rootfs.img none root.squashfs=squashfs etc/coreos-live-rootfs
empty /coreos/igninfo.json
text /isolinux/isolinux.cfg <<'EOF'
serial 0
default vesamenu.c32
timeout 50
menu title Fedora CoreOS
label linux
  menu label ^Fedora CoreOS (Live)
  menu default
  kernel /images/pxeboot/vmlinuz
  append initrd=/images/pxeboot/initrd.img,/images/ignition.img coreos.liveiso=fedora-coreos-42.20260801.3.0 ignition.firstboot ignition.platform.id=metal
EOF
printf '%08192d COREOS_KARG_EMBED_AREA\n' 0 | tr 0 '#' >>"$medium/isolinux/isolinux.cfg"
text /EFI/fedora/grub.cfg <<'EOF'
set default="1"
set timeout=5
menuentry 'Fedora CoreOS (Live)' --class fedora --class gnu-linux --class gnu --class os {
	linux /images/pxeboot/vmlinuz coreos.liveiso=fedora-coreos-42.20260801.3.0 ignition.firstboot ignition.platform.id=metal
	initrd /images/pxeboot/initrd.img /images/ignition.img
}
EOF
