# SPDX-License-Identifier: GPL-2.0-or-later
# openSUSE Tumbleweed, network installer: linuxrc's system and no packages.

label 'openSUSE-Tumbleweed-NET-x86_64'
kernel /boot/x86_64/loader/linux 6.11.0-1-default
linuxrc_initrd /boot/x86_64/loader/initrd early+xz 6.11.0-1-default
squashfs /boot/x86_64/root usr/bin/yast2
empty /media.1/media
empty /CHECKSUMS
text /EFI/BOOT/grub.cfg <<'EOF'
set timeout=60
set default=0
menuentry 'Installation' --class opensuse --class gnu-linux --class gnu --class os {
	linux /boot/x86_64/loader/linux splash=silent
	initrd /boot/x86_64/loader/initrd
}
EOF
