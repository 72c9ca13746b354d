# SPDX-License-Identifier: GPL-2.0-or-later
# Memtest86+ 5.01: isolinux, BIOS alone.

label 'MEMTEST86'
kernel /boot/memtest memtest86
text /isolinux/isolinux.cfg <<'EOF'
default memtest
timeout 30
label memtest
  kernel /boot/memtest
EOF
