# SPDX-License-Identifier: GPL-2.0-or-later
# Alpine 3.22, standard: drivers of virtual cards and no DHCP client in its initrd.

label 'alpine-std 3.22.0 x86_64'
text /.alpine-release <<'EOF'
alpine-std 3.22.0 250530
EOF
kernel /boot/vmlinuz-lts 6.12.31-0-lts
initrd /boot/initramfs-lts gzip init bin/busybox sbin/nlplug-findfs \
	lib/modules/6.12.31-0-lts/kernel/drivers/net/virtio_net.ko.gz
squashfs /boot/modloop-lts modules/6.12.31-0-lts/modules.dep
empty /apks/.boot_repository
empty /apks/x86_64/APKINDEX.tar.gz
text /boot/syslinux/syslinux.cfg <<'EOF'
TIMEOUT 10
PROMPT 1
DEFAULT lts

LABEL lts
MENU LABEL Linux lts
KERNEL /boot/vmlinuz-lts
INITRD /boot/initramfs-lts
FDTDIR /boot/dtbs-lts
APPEND modules=loop,squashfs,sd-mod,usb-storage quiet
EOF
text /boot/grub/grub.cfg <<'EOF'
set timeout=1
menuentry "Linux lts" {
	linux	/boot/vmlinuz-lts modules=loop,squashfs,sd-mod,usb-storage quiet
	initrd	/boot/initramfs-lts
}
EOF
