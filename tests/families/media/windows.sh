# SPDX-License-Identifier: GPL-2.0-or-later
# Windows: what the ISO 9660 side of its disc has.

label 'CCCOMA_X64FRE_EN-US_DV9'
text /README.TXT <<'EOF'
This disc contains a "UDF" file system and requires an operating system
that supports the ISO-13346 "UDF" file system specification.
EOF
