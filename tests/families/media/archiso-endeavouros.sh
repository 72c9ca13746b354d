# SPDX-License-Identifier: GPL-2.0-or-later
# EndeavourOS: EROFS, systemd-boot for EFI, syslinux for BIOS, and a line that says copytoram=n itself.

label 'EOS_202502'
kernel /arch/boot/x86_64/vmlinuz-linux 6.13.1-arch1-1
archiso_initrd /arch/boot/x86_64/initramfs-linux.img zstd 6.13.1-arch1-1
file /arch/x86_64/airootfs.erofs 1300000
printf '\342\341\365\340' | dd of="$medium/arch/x86_64/airootfs.erofs" bs=1 seek=1024 conv=notrunc status=none
text /boot/syslinux/syslinux.cfg <<'EOF'
DEFAULT arch
TIMEOUT 150
UI vesamenu.c32
LABEL arch
MENU LABEL EndeavourOS x86_64 BIOS (Default)
LINUX /arch/boot/x86_64/vmlinuz-linux
INITRD /arch/boot/x86_64/initramfs-linux.img
APPEND archisobasedir=arch archisosearchuuid=2025-02-08-10-10-22-00 cow_spacesize=10G copytoram=n module_blacklist=pcspkr,nvidia,nvidia_modeset nvme_load=yes
EOF
text /loader/loader.conf <<'EOF'
timeout 15
default archiso-x86_64-linux.conf
EOF
text /loader/entries/archiso-x86_64-linux.conf <<'EOF'
title    EndeavourOS x86_64 UEFI Default
linux    /arch/boot/x86_64/vmlinuz-linux
initrd   /arch/boot/x86_64/initramfs-linux.img
options  archisobasedir=arch archisosearchuuid=2025-02-08-10-10-22-00 cow_spacesize=10G copytoram=n module_blacklist=pcspkr,nvidia,nvidia_modeset nvme_load=yes
EOF
