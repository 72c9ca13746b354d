# SPDX-License-Identifier: GPL-2.0-or-later
# Leap 16.0, online installer: dracut's live module, the root named inside the initrd alone.

label 'Install-Leap-16.0-x86_64'
kernel /boot/x86_64/loader/linux 6.12.0-160000.5-default
dracut_initrd /boot/x86_64/loader/initrd early+xz 6.12.0-160000.5-default 'dmsquash-live livenet' \
	etc/cmdline.d/10-liveroot.conf='root=live:LABEL=Install-Leap-16.0-x86_64'
squashfs /LiveOS/squashfs.img LiveOS/rootfs.img=ext4
text /boot/grub2/grub.cfg <<'EOF'
set default=0
set timeout=10
search --file --set=root /boot/0x0badcafe
menuentry "Install Leap 16.0" --class os --unrestricted {
	linux ($root)/boot/x86_64/loader/linux ${extra_cmdline} ${isoboot} splash=silent ${plymouth} ${live_options}
	initrd ($root)/boot/x86_64/loader/initrd
}
menuentry "Failsafe -- Install Leap 16.0" --class os --unrestricted {
	linux ($root)/boot/x86_64/loader/linux ide=nodma apm=off noresume edd=off nomodeset 3
	initrd ($root)/boot/x86_64/loader/initrd
}
submenu "More ..." {
	menuentry "Check Installation Medium" --class os --unrestricted {
		linux ($root)/boot/x86_64/loader/linux mediacheck=1 plymouth.enable=0
		initrd ($root)/boot/x86_64/loader/initrd
	}
	menuentry "Rescue System" --class os --unrestricted {
		linux ($root)/boot/x86_64/loader/linux splash=silent systemd.unit=rescue.target
		initrd ($root)/boot/x86_64/loader/initrd
	}
}
EOF
