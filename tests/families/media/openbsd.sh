# SPDX-License-Identifier: GPL-2.0-or-later
# OpenBSD 7.8.

label 'OpenBSD/amd64 7.8 Install CD'
file /7.8/amd64/bsd.rd 4000
file /7.8/amd64/BOOTX64.EFI 2000
file /7.8/amd64/cdboot 1000
text /etc/boot.conf <<'EOF'
set image /7.8/amd64/bsd.rd
EOF
