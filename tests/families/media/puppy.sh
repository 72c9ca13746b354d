# SPDX-License-Identifier: GPL-2.0-or-later
# FossaPup 9.5.

label 'fossapup64'
kernel /vmlinuz 5.4.53
initrd /initrd.gz gzip init DISTRO_SPECS
squashfs /puppy_fossapup64_9.5.sfs etc/DISTRO_SPECS='puppy' sbin/init
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
