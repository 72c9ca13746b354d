# SPDX-License-Identifier: GPL-2.0-or-later
# PCLinuxOS KDE.

label 'PCLinuxOS'
kernel /isolinux/vmlinuz 6.6.8-pclos1
initrd /isolinux/initrd.gz gzip linuxrc
squashfs /livecd.sqfs etc/pclinuxos-release='PCLinuxOS' sbin/init
text /isolinux/isolinux.cfg <<'EOF'
default livecd
label livecd
  menu label LiveCD
  kernel vmlinuz
  append livecd=livecd initrd=initrd.gz root=/dev/rd/3 acpi=on vga=788 fstab=rw,auto
EOF
