# SPDX-License-Identifier: GPL-2.0-or-later
# FreeBSD 14.2.

label '14_2_RELEASE_AMD64_CD'
file /boot/kernel/kernel 4000
file /boot/loader.efi 2000
text /boot/defaults/loader.conf <<'EOF'
kernel="kernel"
EOF
text /etc/fstab <<'EOF'
/dev/iso9660/14_2_RELEASE_AMD64_CD / cd9660 ro 0 0
EOF
