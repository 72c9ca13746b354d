# SPDX-License-Identifier: GPL-2.0-or-later
# Bluefin's live ISO, made by Titanoboa: dracut without any network for live images.

label 'titanoboa_boot'
kernel /boot/vmlinuz 6.14.6-300.fc42.x86_64
dracut_initrd /boot/initramfs.img zstd 6.14.6-300.fc42.x86_64 dmsquash-live
squashfs /LiveOS/squashfs.img usr/lib/os-release='ID=bluefin' usr/sbin/init
text /boot/grub/grub.cfg <<'EOF'
set default=0
set timeout=10
search --file --set=root /boot/0xff00ee11
menuentry "Boot Bluefin" --class fedora --class gnu-linux --class gnu --class os {
	linux ($root)/boot/vmlinuz quiet rhgb root=live:CDLABEL=titanoboa_boot enforcing=0 rd.live.image
	initrd ($root)/boot/initramfs.img
}
EOF
