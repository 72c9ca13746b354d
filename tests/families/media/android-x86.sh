# SPDX-License-Identifier: GPL-2.0-or-later
# Android-x86 9.

label 'Android-x86'
kernel /kernel 4.19.110-android-x86_64
initrd /initrd.img gzip init
initrd /ramdisk.img gzip init.rc
squashfs /system.sfs system.img=ext4
text /isolinux/isolinux.cfg <<'EOF'
default vesamenu.c32
label livem
  menu label Live CD - ^Run Android-x86 without installation
  kernel /kernel
  append initrd=/initrd.img root=/dev/ram0 androidboot.selinux=permissive quiet SRC= DATA=
EOF
