# SPDX-License-Identifier: GPL-2.0-or-later
# Fatdog64: all of it in a large initrd.

label 'Fatdog64'
kernel /vmlinuz 6.6.23
initrd /initrd none init fd64.sfs=squashfs
text /isolinux.cfg <<'EOF'
default fatdog
timeout 50
label fatdog
  menu label Start Fatdog64 with default options
  kernel vmlinuz
  append rootfstype=ramfs initrd=initrd
EOF
