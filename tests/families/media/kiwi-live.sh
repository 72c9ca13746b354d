# SPDX-License-Identifier: GPL-2.0-or-later
# openSUSE Leap 15.6 KDE, live: kiwi's own module in the initrd, new enough for HTTP.

label 'openSUSE_Leap_15.6_KDE_Live'
kernel /boot/x86_64/loader/linux 6.4.0-150600.21-default
initrd /boot/x86_64/loader/initrd early+xz init usr/lib/dracut-lib.sh usr/lib/kiwi-live-lib.sh usr/sbin/kiwi-live-root \
	usr/bin/curl usr/sbin/ifup 'lib->usr/lib' 'sbin->usr/sbin' 'bin->usr/bin'
squashfs /LiveOS/squashfs.img LiveOS/rootfs.img=ext4
text /boot/grub2/grub.cfg <<'EOF'
set default=0
set timeout=10
search --file --set=root /boot/0x9c8b7a6d
menuentry "openSUSE Leap 15.6 KDE Live" --class os --unrestricted {
	linux ($root)/boot/x86_64/loader/linux ${extra_cmdline} ${isoboot} splash=silent quiet root=live:CDLABEL=openSUSE_Leap_15.6_KDE_Live rd.live.image rd.live.overlay.persistent rd.live.overlay.cowfs=ext4
	initrd ($root)/boot/x86_64/loader/initrd
}
menuentry "Mediacheck" --class os --unrestricted {
	linux ($root)/boot/x86_64/loader/linux mediacheck=1 plymouth.enable=0 root=live:CDLABEL=openSUSE_Leap_15.6_KDE_Live rd.live.image
	initrd ($root)/boot/x86_64/loader/initrd
}
EOF
