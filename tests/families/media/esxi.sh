# SPDX-License-Identifier: GPL-2.0-or-later
# VMware ESXi 8: names in capitals, without Rock Ridge.

label 'ESXI-8.0U3'
text /BOOT.CFG <<'EOF'
bootstate=0
title=Loading ESXi installer
timeout=5
prefix=
kernel=/b.b00
kernelopt=runweasel cdromBoot
modules=/jumpstrt.gz --- /useropts.gz
EOF
file /B.B00 3000
file /JUMPSTRT.GZ 100
file /MBOOT.C32 1000
file /EFI/BOOT/BOOTX64.EFI 1000
text /ISOLINUX.CFG <<'EOF'
DEFAULT menu.c32
TIMEOUT 80
LABEL install
  KERNEL mboot.c32
  APPEND -c boot.cfg
LABEL hddboot
  LOCALBOOT 0x80
EOF
