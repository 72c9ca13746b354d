# SPDX-License-Identifier: GPL-2.0-or-later
# Pop!_OS 22.04: casper in a directory of another name, which its words say.

label 'Pop_OS 22.04 amd64 Intel'
text /.disk/info <<'TEXT'
Pop_OS 22.04 LTS "Jammy Jellyfish" - Release amd64 (20231115)
TEXT
text /.disk/casper-uuid-generic <<'TEXT'
9c4ae8cb-2e33-4a0f-8a5f-6a3d4b2f1e00
TEXT
kernel /casper_pop-os_22.04_amd64_intel_debug_29/vmlinuz.efi 6.5.4-76060504-generic
casper_initrd /casper_pop-os_22.04_amd64_intel_debug_29/initrd.gz early+gzip 6.5.4-76060504-generic
squashfs /casper_pop-os_22.04_amd64_intel_debug_29/filesystem.squashfs etc/os-release='ID=pop' usr/sbin/init
link /casper casper_pop-os_22.04_amd64_intel_debug_29
text /boot/grub/grub.cfg <<'MENU'
set timeout=10
menuentry "Try or Install Pop_OS" {
	linux	/casper_pop-os_22.04_amd64_intel_debug_29/vmlinuz.efi boot=casper live-media-path=/casper_pop-os_22.04_amd64_intel_debug_29 hostname=pop-os username=pop-os noprompt --- quiet splash
	initrd	/casper_pop-os_22.04_amd64_intel_debug_29/initrd.gz
}
MENU
