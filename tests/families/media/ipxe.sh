# SPDX-License-Identifier: GPL-2.0-or-later
# iPXE's own ISO.

label 'iPXE'
kernel /ipxe.krn ipxe
text /isolinux.cfg <<'EOF'
TIMEOUT 30
DEFAULT label1
LABEL label1
MENU LABEL ipxe.krn
KERNEL ipxe.krn
EOF
