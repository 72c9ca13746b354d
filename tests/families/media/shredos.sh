# SPDX-License-Identifier: GPL-2.0-or-later
# ShredOS: kernel and initrd of buildroot's; somebody has put an entry in that asks nothing.

label 'SHREDOS'
kernel /boot/bzImage 6.6.22
initrd /boot/initrd none init usr/bin/nwipe
kernel /boot/memtest memtest86
text /isolinux/isolinux.cfg <<'EOF'
default menu.c32
prompt 0
timeout 150
menu title ShredOS
label shredos
    menu label ShredOS
    menu default
    kernel /boot/bzImage
    append initrd=/boot/initrd console=tty3 loglevel=3
label shredos-auto
    menu label ShredOS, all disks
    kernel /boot/bzImage
    append initrd=/boot/initrd console=tty3 loglevel=3 nwipe_options=--autonuke
label memtest86-usb-keyboards
    menu label Memtest86+ (USB Keyboards)
    kernel /boot/memtest
    append keyboard=both
EOF
text /boot/grub/grub.cfg <<'EOF'
set default="0"
set timeout="5"
menuentry "ShredOS" {
    linux /boot/bzImage console=tty3 loglevel=3
    initrd /boot/initrd
}
menuentry "ShredOS (nomodeset)" {
    linux /boot/bzImage console=tty3 loglevel=3 nomodeset
    initrd /boot/initrd
}
EOF
