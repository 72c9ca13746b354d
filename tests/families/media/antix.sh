# SPDX-License-Identifier: GPL-2.0-or-later
# MX Linux 23.

label 'MX-Live'
kernel /antiX/vmlinuz 6.1.0-17-amd64
initrd /antiX/initrd.gz gzip init live/lib/live-init-utils.sh
squashfs /antiX/linuxfs etc/os-release='ID=debian' sbin/init
text /boot/isolinux/isolinux.cfg <<'EOF'
default live
label live
  menu label MX-23.1 x64
  kernel /antiX/vmlinuz
  append quiet splasht nosplash initrd=/antiX/initrd.gz
EOF
