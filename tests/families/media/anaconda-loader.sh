# SPDX-License-Identifier: GPL-2.0-or-later
# CentOS 6, x86_64, DVD: Anaconda's own loader, whose menu says nothing of the medium.

label 'CentOS_6.10_Final'
text /.discinfo <<'EOF'
1530000000.00
CentOS-6 (Final)
x86_64
EOF
empty /.treeinfo
kernel /isolinux/vmlinuz 2.6.32-754.el6.x86_64
initrd /isolinux/initrd.img lzma init sbin/loader sbin/init etc/arch='x86_64'
squashfs /images/install.img usr/bin/anaconda
empty /repodata/repomd.xml
text /isolinux/isolinux.cfg <<'EOF'
default vesamenu.c32
timeout 600
menu title Welcome to CentOS 6.10!
label linux
  menu label ^Install or upgrade an existing system
  menu default
  kernel vmlinuz
  append initrd=initrd.img
label vesa
  menu label Install system with ^basic video driver
  kernel vmlinuz
  append initrd=initrd.img nomodeset
label rescue
  menu label ^Rescue installed system
  kernel vmlinuz
  append initrd=initrd.img rescue
label local
  menu label Boot from ^local drive
  localboot 0xffff
EOF
