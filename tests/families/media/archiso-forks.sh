# SPDX-License-Identifier: GPL-2.0-or-later
# Parabola: a fork of archiso under its own name.

label 'PARA_202205'
kernel /parabola/boot/x86_64/vmlinuz 5.17.1-gnu
initrd /parabola/boot/x86_64/parabolaiso.img xz init hooks/parabolaiso hooks/parabolaiso_pxe_nfs
squashfs /parabola/x86_64/root-image.fs.sfs root-image.fs=ext4
text /isolinux/isolinux.cfg <<'EOF'
DEFAULT parabola
LABEL parabola
MENU LABEL Boot Parabola GNU/Linux-libre (x86_64)
LINUX /parabola/boot/x86_64/vmlinuz
INITRD /parabola/boot/x86_64/parabolaiso.img
APPEND parabolaisobasedir=parabola parabolaisolabel=PARA_202205
EOF
