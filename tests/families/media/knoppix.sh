# SPDX-License-Identifier: GPL-2.0-or-later
# Knoppix 9: a compressed loop image.

label 'KNOPPIX'
kernel /boot/isolinux/linux64 5.10.10-64
initrd /boot/isolinux/minirt.gz gzip init knoppix.sh
file /KNOPPIX/KNOPPIX 200000
text /boot/isolinux/isolinux.cfg <<'EOF'
default knoppix64
timeout 300
label knoppix64
  kernel linux64
  append initrd=minirt.gz lang=en apm=power-off nomce tz=localtime loglevel=1
EOF
