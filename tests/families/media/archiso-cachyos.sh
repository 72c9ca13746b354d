# SPDX-License-Identifier: GPL-2.0-or-later
# CachyOS: GRUB, two kernels, words of its own about memory and drivers.

label 'COS_202510'
for k in cachyos cachyos-lts; do
	kernel "/arch/boot/x86_64/vmlinuz-linux-$k" "6.17.1-$k"
	archiso_initrd "/arch/boot/x86_64/initramfs-linux-$k.img" zstd "6.17.1-$k"
done
squashfs /arch/x86_64/airootfs.sfs etc/os-release='ID=cachyos' usr/bin/init
text /boot/grub/grub.cfg <<'EOF'
insmod part_gpt
search --no-floppy --set=root --file "/boot/2025-10-01-00-00-00-00.uuid"
default=cachyos
timeout=15
timeout_style=menu
menuentry "CachyOS default" --class arch --class gnu-linux --class gnu --class os --id 'cachyos' {
	set gfxpayload=keep
	linux /arch/boot/x86_64/vmlinuz-linux-cachyos archisobasedir=arch archisosearchuuid=2025-10-01-00-00-00-00 cow_spacesize=10G copytoram=auto module_blacklist=pcspkr i915.modeset=1 amdgpu.modeset=1 nvme_load=yes
	initrd /arch/boot/x86_64/initramfs-linux-cachyos.img
}
menuentry "CachyOS LTS" --class arch --class gnu-linux --class gnu --class os {
	set gfxpayload=keep
	linux /arch/boot/x86_64/vmlinuz-linux-cachyos-lts archisobasedir=arch archisosearchuuid=2025-10-01-00-00-00-00 cow_spacesize=10G copytoram=auto module_blacklist=pcspkr
	initrd /arch/boot/x86_64/initramfs-linux-cachyos-lts.img
}
if [ "${grub_platform}" == "efi" ]; then
	menuentry "UEFI Firmware Settings" --id 'uefi-firmware' {
		fwsetup
	}
fi
EOF
