# SPDX-License-Identifier: GPL-2.0-or-later
# CentOS 7, x86_64, DVD: the second stage where live media have their root, a label with escaped blanks, and a kickstart
# that somebody put on the disc.

label 'CentOS 7 x86_64'
empty /.treeinfo
kernel /images/pxeboot/vmlinuz 3.10.0-1160.el7.x86_64
kernel /isolinux/vmlinuz 3.10.0-1160.el7.x86_64
dracut_initrd /images/pxeboot/initrd.img xz 3.10.0-1160.el7.x86_64 'dmsquash-live livenet nfs anaconda'
dracut_initrd /isolinux/initrd.img xz 3.10.0-1160.el7.x86_64 'dmsquash-live livenet nfs anaconda'
squashfs /LiveOS/squashfs.img LiveOS/rootfs.img=ext4
empty /repodata/repomd.xml
text /ks.cfg <<'EOF'
text
EOF
text /isolinux/isolinux.cfg <<'EOF'
default vesamenu.c32
timeout 600
menu title CentOS 7
label linux
  menu label ^Install CentOS 7
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=CentOS\x207\x20x86_64 quiet
label lab
  menu label Install by ^kickstart
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=CentOS\x207\x20x86_64 inst.ks=hd:LABEL=CentOS\x207\x20x86_64:/ks.cfg
label far
  menu label Install by a kickstart ^elsewhere
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=CentOS\x207\x20x86_64 inst.ks=hd:sda1:/a;b.cfg
label check
  menu label Test this ^media & install CentOS 7
  menu default
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=CentOS\x207\x20x86_64 rd.live.check quiet
EOF
