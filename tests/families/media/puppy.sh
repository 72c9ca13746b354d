# SPDX-License-Identifier: GPL-2.0-or-later
# FossaPup 9.5.

label 'fossapup64'
kernel /vmlinuz 5.4.53
initrd /initrd.gz gzip init='[ -f "/$P_DEF_FN" ] && PDRV="rootfs,rootfs,/$P_DEF_FN"' DISTRO_SPECS
squashfs /puppy_fossapup64_9.5.sfs etc/DISTRO_SPECS='puppy' sbin/init
squashfs /adrv_fossapup64_9.5.sfs usr/bin/browser
squashfs /fdrv_fossapup64_9.5.sfs lib/firmware/
squashfs /zdrv_fossapup64_9.5.sfs lib/modules/
squashfs /devx_fossapup64_9.5.sfs usr/bin/cc
text /grub.cfg <<'EOF'
menuentry "Puppy fossapup64 9.5" {
	linux /vmlinuz pmedia=cd
	initrd /initrd.gz
}
EOF
text /isolinux.cfg <<'EOF'
default puppy
label puppy
  menu label fossapup64
  kernel vmlinuz
  append initrd=initrd.gz pmedia=cd pfix=fsck
EOF
