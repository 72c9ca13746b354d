# SPDX-License-Identifier: GPL-2.0-or-later
# Kairos: GRUB with its kernel in boot/, the squashfs in the root directory, the words of a disc.

label 'COS_LIVE'
kernel /boot/kernel 6.8.0-51-generic
dracut_initrd /boot/initrd zstd 6.8.0-51-generic 'dmsquash-live livenet'
squashfs /rootfs.squashfs etc/os-release='ID=kairos' usr/sbin/init
text /boot/grub2/grub.cfg <<'EOF'
search --no-floppy --file --set=root /boot/kernel
set default=0
set timeout=10
menuentry "Kairos" --class os --unrestricted {
	echo Loading kernel...
	linux ($root)/boot/kernel cdroot root=live:CDLABEL=COS_LIVE rd.live.dir=/ rd.live.squashimg=rootfs.squashfs net.ifnames=1 console=tty1 console=ttyS0 rd.cos.disable vga=795 nomodeset install-mode
	echo Loading initrd...
	initrd ($root)/boot/initrd
}
menuentry "Kairos (manual)" --class os --unrestricted {
	linux ($root)/boot/kernel cdroot root=live:CDLABEL=COS_LIVE rd.live.dir=/ rd.live.squashimg=rootfs.squashfs net.ifnames=1 console=tty1 console=ttyS0 rd.cos.disable
	initrd ($root)/boot/initrd
}
EOF
