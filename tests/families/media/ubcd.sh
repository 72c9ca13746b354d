# SPDX-License-Identifier: GPL-2.0-or-later
# Ultimate Boot CD 5.

label 'UBCD'
file /ubcd/boot/mhdd32/mhdd32.img 1000
file /boot/syslinux/memdisk 1000
text /boot/syslinux/syslinux.cfg <<'EOF'
DEFAULT menu.c32
LABEL mhdd
MENU LABEL MHDD
KERNEL memdisk
INITRD /ubcd/boot/mhdd32/mhdd32.img
EOF
