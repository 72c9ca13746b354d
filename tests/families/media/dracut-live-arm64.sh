# SPDX-License-Identifier: GPL-2.0-or-later
# A Fedora spin for aarch64, live, kiwi's layout.

label 'Fedora-KDE-Live-42'
kernel /boot/aarch64/loader/linux 6.14.0-63.fc42.aarch64 arm64
dracut_initrd /boot/aarch64/loader/initrd zstd 6.14.0-63.fc42.aarch64 'dmsquash-live livenet'
squashfs /LiveOS/squashfs.img etc/os-release='ID=fedora' usr/sbin/init
file /EFI/BOOT/BOOTAA64.EFI 2000
text /boot/grub2/grub.cfg <<'EOF'
set default=0
set timeout=60
search --file --set=root /boot/0x5e6f7a8b
menuentry "Start Fedora-KDE-Live" --class fedora --class gnu-linux --class gnu --class os {
	linux ($root)/boot/aarch64/loader/linux quiet rhgb root=live:CDLABEL=Fedora-KDE-Live-42 rd.live.image
	initrd ($root)/boot/aarch64/loader/initrd
}
EOF
