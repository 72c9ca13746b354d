# SPDX-License-Identifier: GPL-2.0-or-later
# Calculate Linux Desktop: dracut, the squashfs in the root directory.

label 'CLD-20250101'
kernel /boot/vmlinuz 6.6.74-calculate
dracut_initrd /boot/initrd xz 6.6.74-calculate dmsquash-live
squashfs /livecd.squashfs etc/os-release='ID=calculate' sbin/init
text /boot/grub/grub.cfg <<'EOF'
set default=0
set timeout=5
menuentry "Calculate Linux Desktop" {
	linux /boot/vmlinuz root=live:LABEL=CLD-20250101 rd.live.squashimg=livecd.squashfs iso-scan/filename=${isofile} calculate=video:modesetting quiet splash
	initrd /boot/initrd
}
EOF
