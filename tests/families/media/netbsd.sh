# SPDX-License-Identifier: GPL-2.0-or-later
# NetBSD 10.

label 'NETBSD_10_0'
file /netbsd 4000
file /amd64/binary/kernel/netbsd-INSTALL.gz 3000
text /boot.cfg <<'EOF'
menu=Install NetBSD:boot netbsd
EOF
