# SPDX-License-Identifier: GPL-2.0-or-later
# netboot.xyz: iPXE with a script inside.

label 'iPXE'
kernel /netboot.xyz.lkrn ipxe
text /isolinux.cfg <<'EOF'
DEFAULT netboot.xyz
LABEL netboot.xyz
MENU LABEL netboot.xyz
KERNEL netboot.xyz.lkrn
EOF
