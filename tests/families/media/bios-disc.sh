# SPDX-License-Identifier: GPL-2.0-or-later
# FreeDOS 1.3: a floppy image and memdisk.

label 'FD13LIVE'
file /isolinux/memdisk 1000
file /isolinux/fdlive.img 3000
text /freedos/packages/readme.txt <<'EOF'
FreeDOS
EOF
text /isolinux/isolinux.cfg <<'EOF'
default live
label live
menu label Use FreeDOS in Live Environment mode
kernel memdisk
append initrd=fdlive.img
EOF
