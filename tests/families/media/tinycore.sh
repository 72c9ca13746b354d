# SPDX-License-Identifier: GPL-2.0-or-later
# Core 16: nothing but its core.

label 'Core'
kernel /boot/vmlinuz 6.12.11-tinycore
initrd /boot/core.gz gzip init etc/init.d/tc-config bin/busybox
text /boot/isolinux/isolinux.cfg <<'EOF'
prompt 1
default core
timeout 300
label core
  kernel /boot/vmlinuz
  initrd /boot/core.gz
  append loglevel=3
EOF
