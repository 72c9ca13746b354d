# SPDX-License-Identifier: GPL-2.0-or-later
# SystemRescue 12: syslinux that moves to another directory, GRUB whose entries are made by eval.

label 'RESCUE1200'
text /sysresccd/VERSION <<'EOF'
12.00
EOF
kernel /sysresccd/boot/x86_64/vmlinuz 6.12.19-1-lts
archiso_initrd /sysresccd/boot/x86_64/sysresccd.img zstd 6.12.19-1-lts
initrd /sysresccd/boot/intel_ucode.img none kernel/x86/microcode/GenuineIntel.bin=microcode
initrd /sysresccd/boot/amd_ucode.img none kernel/x86/microcode/AuthenticAMD.bin=microcode
squashfs /sysresccd/x86_64/airootfs.sfs etc/os-release='ID=systemrescue' usr/bin/init
empty /sysresccd/x86_64/airootfs.sha512
file /sysresccd/boot/memtest 3000
text /isolinux/isolinux.cfg <<'EOF'
DEFAULT loadconfig
LABEL loadconfig
CONFIG /sysresccd/boot/syslinux/sysresccd.cfg
APPEND /sysresccd/
EOF
text /sysresccd/boot/syslinux/sysresccd.cfg <<'EOF'
DEFAULT select
LABEL select
COM32 boot/syslinux/whichsys.c32
APPEND -pxe- pxe -sys- sys -iso- sys
LABEL pxe
CONFIG boot/syslinux/sysresccd_pxe.cfg
LABEL sys
CONFIG boot/syslinux/sysresccd_sys.cfg
EOF
text /sysresccd/boot/syslinux/sysresccd_sys.cfg <<'EOF'
INCLUDE boot/syslinux/sysresccd_head.cfg
LABEL sysresccd64
TEXT HELP
Boot SystemRescue with the default options
ENDTEXT
MENU DEFAULT
MENU LABEL Boot SystemRescue using ^default options
LINUX boot/x86_64/vmlinuz
INITRD boot/intel_ucode.img,boot/amd_ucode.img,boot/x86_64/sysresccd.img
APPEND archisobasedir=sysresccd archisolabel=RESCUE1200 iomem=relaxed
LABEL sysresccd64_copytoram
MENU LABEL Boot SystemRescue and ^copy system to RAM (copytoram)
LINUX boot/x86_64/vmlinuz
INITRD boot/intel_ucode.img,boot/amd_ucode.img,boot/x86_64/sysresccd.img
APPEND archisobasedir=sysresccd archisolabel=RESCUE1200 iomem=relaxed copytoram
LABEL sysresccd64_checksum
MENU LABEL Boot SystemRescue and ^verify integrity of the medium (checksum)
LINUX boot/x86_64/vmlinuz
INITRD boot/intel_ucode.img,boot/amd_ucode.img,boot/x86_64/sysresccd.img
APPEND archisobasedir=sysresccd archisolabel=RESCUE1200 iomem=relaxed checksum
EOF
text /sysresccd/boot/syslinux/sysresccd_head.cfg <<'EOF'
UI boot/syslinux/vesamenu.c32
MENU TITLE SystemRescue 12.00
TIMEOUT 900
EOF
text /sysresccd/boot/syslinux/sysresccd_pxe.cfg <<'EOF'
LABEL sysresccd_nfs
MENU LABEL SystemRescue over NFS
LINUX boot/x86_64/vmlinuz
INITRD boot/x86_64/sysresccd.img
APPEND archisobasedir=sysresccd archiso_nfs_srv=${pxeserver}:/run/sysresccd/bootmnt
SYSAPPEND 3
EOF
text /boot/grub/grubsrcd.cfg <<'EOF'
set default=0
set timeout=90
search --no-floppy --file --set=root /sysresccd/VERSION
set archiso_param="archisolabel=RESCUE1200"
menuentry "Boot SystemRescue using default options" {
	set gfxpayload=keep
	linux /sysresccd/boot/x86_64/vmlinuz archisobasedir=sysresccd $archiso_param iomem=relaxed
	initrd /sysresccd/boot/intel_ucode.img /sysresccd/boot/amd_ucode.img /sysresccd/boot/x86_64/sysresccd.img
}
menuentry "Boot SystemRescue and verify integrity of the medium (checksum)" {
	linux /sysresccd/boot/x86_64/vmlinuz archisobasedir=sysresccd $archiso_param iomem=relaxed checksum
	initrd /sysresccd/boot/intel_ucode.img /sysresccd/boot/amd_ucode.img /sysresccd/boot/x86_64/sysresccd.img
}
EOF
