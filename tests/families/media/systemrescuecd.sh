# SPDX-License-Identifier: GPL-2.0-or-later
# SystemRescueCd 5.3: the Gentoo years, two kernels.

label 'sysrcd-5.3.2'
kernel /isolinux/rescue64 4.14.78-std532-amd64
kernel /isolinux/rescue32 4.14.78-std532-i586
initrd /isolinux/initram.igz xz init sbin/udhcpc lib/modules/4.14.78/kernel/fs/nfs/nfs.ko
squashfs /sysrcd.dat etc/gentoo-release='Gentoo' sbin/init
empty /sysrcd.md5
text /isolinux/isolinux.cfg <<'EOF'
DEFAULT rescue64
UI vesamenu.c32
TIMEOUT 900
LABEL rescue64
MENU LABEL 1. SystemRescueCd with default options
LINUX rescue64
INITRD initram.igz
APPEND scandelay=1
LABEL rescue64_docache
MENU LABEL 2. SystemRescueCd with all files cached to memory
LINUX rescue64
INITRD initram.igz
APPEND docache
LABEL local
LOCALBOOT 0x80
EOF
