# SPDX-License-Identifier: GPL-2.0-or-later
# TinyCore: a desktop in extensions; a core without NFS.

label 'TinyCorePure64'
kernel /boot/vmlinuz64 6.12.11-tinycore64
initrd /boot/corepure64.gz gzip init etc/init.d/tc-config bin/busybox
squashfs /cde/optional/Xorg-7.7.tcz usr/local/bin/Xorg
text /cde/onboot.lst <<'EOF'
Xorg-7.7.tcz
EOF
text /boot/isolinux/isolinux.cfg <<'EOF'
default vesamenu.c32
timeout 100
label tc
  menu label ^Boot TinyCorePure64
  kernel /boot/vmlinuz64
  initrd /boot/corepure64.gz
  append loglevel=3 cde
label mc
  menu label Boot Core (command line only)
  kernel /boot/vmlinuz64
  initrd /boot/corepure64.gz
  append loglevel=3
EOF
