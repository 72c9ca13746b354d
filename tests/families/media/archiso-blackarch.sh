# SPDX-License-Identifier: GPL-2.0-or-later
# BlackArch of 2020: another base directory, an initrd that its makers left the network hooks out of.

label 'BLACKARCH_202006'
kernel /blackarch/boot/x86_64/vmlinuz 5.6.15-arch1-1
initrd /blackarch/boot/x86_64/archiso.img xz init hooks/archiso hooks/archiso_loop_mnt
squashfs /blackarch/x86_64/airootfs.sfs etc/os-release='ID=blackarch' usr/bin/init
text /isolinux/isolinux.cfg <<'EOF'
DEFAULT blackarch
PROMPT 0
TIMEOUT 300
LABEL blackarch
MENU LABEL Boot BlackArch Linux (x86_64)
LINUX /blackarch/boot/x86_64/vmlinuz
INITRD /blackarch/boot/x86_64/archiso.img
APPEND archisobasedir=blackarch archisolabel=BLACKARCH_202006
EOF
