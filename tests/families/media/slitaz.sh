# SPDX-License-Identifier: GPL-2.0-or-later
# SliTaz: its root in several initrds, whose order counts.

label 'SliTaz'
kernel /boot/bzImage 3.16.55-slitaz
for n in 4 3 2 1; do
	initrd "/boot/rootfs$n.gz" lzma "root$n/init"
done
text /boot/isolinux/isolinux.cfg <<'EOF'
default slitaz
timeout 40
label slitaz
  menu label SliTaz GNU/Linux
  kernel /boot/bzImage
  append initrd=/boot/rootfs4.gz,/boot/rootfs3.gz,/boot/rootfs2.gz,/boot/rootfs1.gz rw root=/dev/null video=-32 autologin
EOF
