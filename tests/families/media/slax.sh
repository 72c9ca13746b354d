# SPDX-License-Identifier: GPL-2.0-or-later
# Slax 12, 64 bit.

label 'Slax'
kernel /slax/boot/vmlinuz 6.1.0-9-amd64
initrd /slax/boot/initrfs.img xz init lib/livekitlib bin/@mount.httpfs2 bin/busybox \
	lib/modules/6.1.0-9-amd64/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko
squashfs /slax/01-core.sb etc/slax-version='12.0.0' sbin/init
squashfs /slax/02-firmware.sb lib/firmware/x
text /slax/boot/isolinux.cfg <<'EOF'
PROMPT 0
TIMEOUT 40
UI vesamenu.c32
MENU LABEL default
LABEL default
MENU LABEL Run Slax (Persistent changes)
KERNEL /slax/boot/vmlinuz
APPEND vga=normal initrd=/slax/boot/initrfs.img load_ramdisk=1 prompt_ramdisk=0 rw printk.time=0 consoleblank=0 slax.flags=perch,automount
LABEL live
MENU LABEL Run Slax (Copy to RAM)
KERNEL /slax/boot/vmlinuz
APPEND vga=normal initrd=/slax/boot/initrfs.img load_ramdisk=1 prompt_ramdisk=0 rw printk.time=0 consoleblank=0 slax.flags=toram
EOF
