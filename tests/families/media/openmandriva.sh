# SPDX-License-Identifier: GPL-2.0-or-later
# OpenMandriva Lx, live.

label 'OpenMandrivaLx.6.0-plasma'
kernel /boot/vmlinuz0 6.14.2-desktop-1omv2590
dracut_initrd /boot/liveinitrd.img zstd 6.14.2-desktop-1omv2590 dmsquash-live
squashfs /LiveOS/squashfs.img usr/lib/os-release='ID=openmandriva' usr/sbin/init
text /boot/grub/grub.cfg <<'EOF'
set default=0
set timeout=10
function load_stuff {
	linux /boot/vmlinuz0 root=live:LABEL=OpenMandrivaLx.6.0-plasma rd.live.image rd.live.overlay.overlayfs=1 quiet $@
	initrd /boot/liveinitrd.img
}
menuentry "Start OpenMandriva Lx live" {
	load_stuff rhgb splash=silent
}
menuentry "Start OpenMandriva Lx live in basic graphics mode" {
	load_stuff nomodeset
}
EOF
