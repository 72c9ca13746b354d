# SPDX-License-Identifier: GPL-2.0-or-later
# Arch Linux of November 2026: syslinux through several files, systemd-boot's entries, loopback.cfg for others' GRUB.

label 'ARCH_202611'
text /arch/version <<'EOF'
2026.11.01
EOF
kernel /arch/boot/x86_64/vmlinuz-linux 6.17.7-arch1-1
archiso_initrd /arch/boot/x86_64/initramfs-linux.img early+zstd 6.17.7-arch1-1
squashfs /arch/x86_64/airootfs.sfs etc/os-release='ID=arch' usr/bin/init
empty /arch/x86_64/airootfs.sha512
empty /arch/x86_64/airootfs.sfs.cms.sig
empty /boot/2026-11-01-10-11-12-00.uuid
file /boot/memtest86+/memtest 3000
file /boot/memtest86+/memtest.efi 3000
file /shellx64.efi 2000
text /boot/syslinux/syslinux.cfg <<'EOF'
DEFAULT select
LABEL select
COM32 whichsys.c32
APPEND -pxe- pxe -sys- sys -iso- sys
LABEL pxe
CONFIG archiso_pxe.cfg
LABEL sys
CONFIG archiso_sys.cfg
EOF
text /boot/syslinux/archiso_sys.cfg <<'EOF'
INCLUDE archiso_head.cfg
DEFAULT arch
TIMEOUT 150
INCLUDE archiso_sys-linux.cfg
INCLUDE archiso_tail.cfg
EOF
text /boot/syslinux/archiso_head.cfg <<'EOF'
SERIAL 0 115200
UI vesamenu.c32
MENU TITLE Arch Linux
EOF
text /boot/syslinux/archiso_sys-linux.cfg <<'EOF'
LABEL arch
TEXT HELP
Boot the Arch Linux install medium on BIOS.
ENDTEXT
MENU LABEL Arch Linux install medium (x86_64, BIOS)
LINUX /arch/boot/x86_64/vmlinuz-linux
INITRD /arch/boot/x86_64/initramfs-linux.img
APPEND archisobasedir=arch archisosearchuuid=2026-11-01-10-11-12-00
LABEL archspeech
MENU LABEL Arch Linux install medium (x86_64, BIOS) with ^speech
LINUX /arch/boot/x86_64/vmlinuz-linux
INITRD /arch/boot/x86_64/initramfs-linux.img
APPEND archisobasedir=arch archisosearchuuid=2026-11-01-10-11-12-00 accessibility=on
EOF
text /boot/syslinux/archiso_tail.cfg <<'EOF'
LABEL existing
MENU LABEL Boot existing OS
COM32 chain.c32
APPEND hd0 0
LABEL memtest
MENU LABEL Run Memtest86+ (RAM test)
LINUX /boot/memtest86+/memtest
LABEL hdt
MENU LABEL Hardware Information (HDT)
COM32 hdt.c32
LABEL reboot
MENU LABEL Reboot
COM32 reboot.c32
EOF
text /boot/syslinux/archiso_pxe.cfg <<'EOF'
INCLUDE archiso_head.cfg
INCLUDE archiso_pxe-linux.cfg
EOF
text /boot/syslinux/archiso_pxe-linux.cfg <<'EOF'
LABEL arch_nfs
MENU LABEL Arch Linux install medium (x86_64, NFS)
LINUX ::/arch/boot/x86_64/vmlinuz-linux
INITRD ::/arch/boot/x86_64/initramfs-linux.img
APPEND archisobasedir=arch archiso_nfs_srv=${pxeserver}:/run/archiso/bootmnt cms_verify=y
SYSAPPEND 3
EOF
text /boot/grub/loopback.cfg <<'EOF'
search --no-floppy --set=archiso_img_dev --file "${iso_path}"
probe --set archiso_img_dev_uuid --fs-uuid "${archiso_img_dev}"
menuentry "Arch Linux install medium (x86_64, ${grub_platform})" --class arch --id 'archlinux' {
	linux /arch/boot/x86_64/vmlinuz-linux archisobasedir=arch img_dev=UUID=${archiso_img_dev_uuid} img_loop="${iso_path}"
	initrd /arch/boot/x86_64/initramfs-linux.img
}
EOF
text /loader/loader.conf <<'EOF'
timeout 15
default 01-archiso-linux.conf
EOF
text /loader/entries/01-archiso-linux.conf <<'EOF'
title    Arch Linux install medium (x86_64, UEFI)
sort-key 01
linux    /arch/boot/x86_64/vmlinuz-linux
initrd   /arch/boot/x86_64/initramfs-linux.img
options  archisobasedir=arch archisosearchuuid=2026-11-01-10-11-12-00
EOF
text /loader/entries/02-archiso-speech-linux.conf <<'EOF'
title    Arch Linux install medium (x86_64, UEFI) with speech
sort-key 02
linux    /arch/boot/x86_64/vmlinuz-linux
initrd   /arch/boot/x86_64/initramfs-linux.img
options  archisobasedir=arch archisosearchuuid=2026-11-01-10-11-12-00 accessibility=on
EOF
text /loader/entries/03-archiso-memtest86+x64.conf <<'EOF'
title    Memtest86+
sort-key 03
efi      /boot/memtest86+/memtest.efi
architecture x64
EOF
