# SPDX-License-Identifier: GPL-2.0-or-later
# Solus Budgie: dracut without a network.

label 'SolusLiveBudgie'
kernel /boot/kernel 6.12.9-311.current
dracut_initrd /boot/initrd.img xz 6.12.9-311.current dmsquash-live
squashfs /LiveOS/squashfs.img LiveOS/rootfs.img=ext4
text /isolinux/isolinux.cfg <<'EOF'
default vesamenu.c32
timeout 100
menu title Solus Linux Live Session
label live
  menu label Start Solus
  menu default
  kernel /boot/kernel
  append initrd=/boot/initrd.img root=live:CDLABEL=SolusLiveBudgie ro rd.luks=0 rd.md=0 quiet splash --
label local
  menu label Boot from local drive
  localboot 0xffff
EOF
