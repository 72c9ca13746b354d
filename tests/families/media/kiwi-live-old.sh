# SPDX-License-Identifier: GPL-2.0-or-later
# openSUSE Leap 15.1 Rescue CD, live: kiwi's own module from before it knew HTTP.

label 'openSUSE_Leap_15.1_Rescue_CD'
kernel /boot/x86_64/loader/linux 4.12.14-lp151.28-default
initrd /boot/x86_64/loader/initrd xz init usr/lib/dracut-lib.sh usr/lib/kiwi-live-lib.sh usr/sbin/kiwi-live-root \
	usr/sbin/ifup 'lib->usr/lib' 'sbin->usr/sbin'
squashfs /LiveOS/squashfs.img LiveOS/rootfs.img=ext4
text /boot/grub2/grub.cfg <<'EOF'
set default=0
set timeout=10
menuentry "openSUSE Leap 15.1 Rescue CD" --class os --unrestricted {
	linux ($root)/boot/x86_64/loader/linux splash=silent quiet root=live:CDLABEL=openSUSE_Leap_15.1_Rescue_CD rd.live.image rd.live.overlay.cowfs=ext4
	initrd ($root)/boot/x86_64/loader/initrd
}
EOF
