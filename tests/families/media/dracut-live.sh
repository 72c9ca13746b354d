# SPDX-License-Identifier: GPL-2.0-or-later
# Fedora Workstation 42, live, as kiwi makes it: EROFS under the old name, an initrd without NFS.

label 'Fedora-WS-Live-42'
kernel /boot/x86_64/loader/linux 6.14.0-63.fc42.x86_64
dracut_initrd /boot/x86_64/loader/initrd early+zstd 6.14.0-63.fc42.x86_64 'dmsquash-live livenet'
# An EROFS superblock's magic number at 1024.
file /LiveOS/squashfs.img 1300000
printf '\342\341\365\340' | dd of="$medium/LiveOS/squashfs.img" bs=1 seek=1024 conv=notrunc status=none
text /boot/0x1a2b3c4d <<'EOF'
0x1a2b3c4d
EOF
text /boot/grub2/grub.cfg <<'EOF'
set default=0
if [ "$grub_platform" == "efi" ]; then
	function load_video {
		insmod efi_gop
		insmod all_video
	}
	set basicgfx="nomodeset"
else
	function load_video {
		insmod all_video
	}
	set basicgfx="nomodeset vga=791"
fi
load_video
set gfxpayload=keep
set timeout=60
search --file --set=root /boot/0x1a2b3c4d
if [ -n "${iso_path}" ]; then
	isoboot="iso-scan/filename=${iso_path}"
fi
menuentry "Start Fedora-Workstation-Live" --class fedora --class gnu-linux --class gnu --class os {
	linux ($root)/boot/x86_64/loader/linux ${extra_cmdline} ${isoboot} quiet rhgb root=live:CDLABEL=Fedora-WS-Live-42 rd.live.image
	initrd ($root)/boot/x86_64/loader/initrd
}
menuentry "Test this media & start Fedora-Workstation-Live" --class fedora --class gnu-linux --class gnu --class os {
	linux ($root)/boot/x86_64/loader/linux ${extra_cmdline} ${isoboot} quiet rhgb root=live:CDLABEL=Fedora-WS-Live-42 rd.live.image rd.live.check
	initrd ($root)/boot/x86_64/loader/initrd
}
submenu "Troubleshooting -->" {
	menuentry "Start Fedora-Workstation-Live in basic graphics mode" --class fedora --class gnu-linux --class gnu --class os {
		linux ($root)/boot/x86_64/loader/linux ${extra_cmdline} ${isoboot} quiet rhgb root=live:CDLABEL=Fedora-WS-Live-42 rd.live.image ${basicgfx}
		initrd ($root)/boot/x86_64/loader/initrd
	}
}
EOF
