# SPDX-License-Identifier: GPL-2.0-or-later
# Mageia 9 Plasma, live.

label 'Mageia-9-Plasma-LIVE'
kernel /boot/vmlinuz 6.4.9-desktop-4.mga9
initrd /boot/cdrom/initrd.gz gzip init usr/lib/dracut-lib.sh usr/sbin/mgalive-root 'lib->usr/lib' 'sbin->usr/sbin'
squashfs /loopbacks/distrib-lzma.sqfs etc/os-release='ID=mageia' sbin/init
text /boot/grub2/grub.cfg <<'EOF'
set default=0
menuentry "Boot Mageia Live" {
	linux /boot/vmlinuz root=mgalive:LABEL=Mageia-9-Plasma-LIVE splash quiet rd.luks=0 rd.lvm=0 rd.md=0 rd.dm=0 vga=788
	initrd /boot/cdrom/initrd.gz
}
EOF
