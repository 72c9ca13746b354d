# SPDX-License-Identifier: GPL-2.0-or-later
# Super Grub2 Disk.

label 'SUPER_GRUB2_DISK'
text /boot/grub/grub.cfg <<'EOF'
source /boot/grub/sgd/main.cfg
EOF
text /boot/grub/sgd/main.cfg <<'EOF'
menuentry "Boot manually... - Operating Systems" {
	configfile /boot/grub/sgd/osdetect.cfg
}
EOF
text /boot/grub/sgd/osdetect.cfg <<'EOF'
for file in (*)/boot/vmlinuz*; do
	menuentry "$file" "$file" { linux "$2" }
done
EOF
