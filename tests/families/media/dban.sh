# SPDX-License-Identifier: GPL-2.0-or-later
# DBAN 2.3: a kernel with all in it, BIOS alone.

label 'DBAN'
kernel /dban.bzi 3.10.10
text /isolinux.cfg <<'EOF'
DEFAULT vesamenu.c32
PROMPT 1
LABEL dban
  KERNEL dban.bzi
  APPEND nuke="dwipe" silent vga=785
LABEL autonuke
  KERNEL dban.bzi
  APPEND nuke="dwipe --autonuke" silent vga=785
LABEL dod
  KERNEL dban.bzi
  APPEND nuke="dwipe --autonuke --method dod522022m" silent vga=785
EOF
