# SPDX-License-Identifier: GPL-2.0-or-later
# Porteus 5.

label 'Porteus'
kernel /boot/syslinux/vmlinuz 6.5.5-porteus
initrd /boot/syslinux/initrd.xz xz linuxrc
squashfs /porteus/base/000-kernel.xzm lib/modules/x
squashfs /porteus/base/001-core.xzm etc/porteus-version=5 sbin/init
text /boot/syslinux/isolinux.cfg <<'EOF'
PROMPT 0
TIMEOUT 90
LABEL graphical
MENU LABEL Graphics mode
KERNEL vmlinuz
APPEND initrd=initrd.xz changes=/porteus
EOF
