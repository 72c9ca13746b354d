# SPDX-License-Identifier: GPL-2.0-or-later
# Guix System 1.4: the store is plain files.

label 'GUIX_IMAGE'
kernel /gnu/store/x-linux-libre-5.15/bzImage 5.15.49-gnu
initrd /gnu/store/y-raw-initrd/initrd.cpio.gz gzip init
text /boot/grub/grub.cfg <<'EOF'
set timeout=5
menuentry "GNU with Linux-Libre 5.15" {
	search --label --set GUIX_IMAGE
	linux /gnu/store/x-linux-libre-5.15/bzImage root=31393730-3031-3031-3139-333131313833 gnu.system=/gnu/store/z-system gnu.load=/gnu/store/z-system/boot
	initrd /gnu/store/y-raw-initrd/initrd.cpio.gz
}
EOF
