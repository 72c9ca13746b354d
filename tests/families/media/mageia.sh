# SPDX-License-Identifier: GPL-2.0-or-later
# Mageia 9, x86_64, classical installer.

label 'Mageia-9-x86_64'
kernel /isolinux/x86_64/vmlinuz 6.4.9-desktop-4.mga9
initrd /isolinux/x86_64/all.rdz xz init sbin/stage1 modules/nfs.ko
squashfs /x86_64/install/stage2/mdkinst.sqfs usr/bin/runinstall2
squashfs /x86_64/install/stage2/rescue.sqfs usr/bin/rescue
empty /x86_64/media/core/media_info/hdlist.cz
text /isolinux/isolinux.cfg <<'EOF'
default linux
timeout 150
label linux
  menu label Start Mageia 9 Install
  kernel x86_64/vmlinuz
  append initrd=x86_64/all.rdz automatic=method:cdrom vga=788 splash quiet
label rescue
  menu label Rescue System
  kernel x86_64/vmlinuz
  append initrd=x86_64/all.rdz rescue audit=0
label harddisk
  localboot 0x80
EOF
text /boot/grub2/grub.cfg <<'EOF'
set default=0
set timeout=15
menuentry "Start Mageia 9 Install" --class install {
	linux /isolinux/x86_64/vmlinuz automatic=method:cdrom vga=788 splash quiet
	initrd /isolinux/x86_64/all.rdz
}
EOF
