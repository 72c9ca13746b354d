# SPDX-License-Identifier: GPL-2.0-or-later
# 4MLinux: all of it in the initrd.

label '4MLinux'
kernel /boot/bzImage 6.6.8
initrd /boot/initrd.gz gzip init bin/busybox
text /isolinux/isolinux.cfg <<'EOF'
default 4MLinux
prompt 0
timeout 50
label 4MLinux
  menu label 4MLinux (VESA)
  kernel /boot/bzImage
  append initrd=/boot/initrd.gz root=/dev/ram0 vga=normal
EOF
