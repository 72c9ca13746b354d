# SPDX-License-Identifier: GPL-2.0-or-later
# The Hardware Detection Tool's own disc.

label 'HDT'
file /isolinux/hdt.c32 1000
text /isolinux/isolinux.cfg <<'EOF'
DEFAULT hdt
LABEL hdt
COM32 hdt.c32
EOF
