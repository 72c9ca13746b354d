# SPDX-License-Identifier: GPL-2.0-or-later
# Slackware 15.0, 64 bit, installer.

label 'SlackDVD'
kernel /kernels/huge.s/bzImage 5.15.19
initrd /isolinux/initrd.img xz init sbin/probe usr/lib/setup/setup
empty /slackware64/PACKAGES.TXT
text /isolinux/isolinux.cfg <<'EOF'
default huge.s
prompt 1
timeout 1200
label huge.s
  kernel /kernels/huge.s/bzImage
  append initrd=initrd.img load_ramdisk=1 prompt_ramdisk=0 rw printk.time=0 SLACK_KERNEL=huge.s
EOF
text /EFI/BOOT/grub.cfg <<'EOF'
set timeout=5
menuentry "Slackware 15.0 huge.s kernel" {
	linux /kernels/huge.s/bzImage load_ramdisk=1 prompt_ramdisk=0 rw printk.time=0 SLACK_KERNEL=huge.s
	initrd /isolinux/initrd.img
}
EOF
