# SPDX-License-Identifier: GPL-2.0-or-later
# openSUSE Leap 15.6, x86_64, DVD: isolinux without titles, GRUB for EFI.

label 'openSUSE-Leap-15.6-DVD-x86_64'
kernel /boot/x86_64/loader/linux 6.4.0-150600.21-default
linuxrc_initrd /boot/x86_64/loader/initrd early+xz 6.4.0-150600.21-default
squashfs /boot/x86_64/root usr/bin/yast2 etc/os-release='ID=opensuse-leap'
squashfs /boot/x86_64/common usr/bin/env
text /boot/x86_64/config <<'EOF'
root: root common
EOF
empty /media.1/media
empty /CHECKSUMS
empty /repodata/repomd.xml
file /EFI/BOOT/memtest.efi 3000
text /boot/x86_64/loader/isolinux.cfg <<'EOF'
default harddisk
label linux
  kernel linux
  append initrd=initrd splash=silent showopts
label rescue
  kernel linux
  append initrd=initrd splash=silent rescue=1 showopts
label mediachk
  kernel linux
  append initrd=initrd splash=silent mediacheck=1 showopts
label harddisk
  localboot 0x80
ui gfxboot bootlogo message
implicit 1
gfxboot bootlogo
prompt 1
timeout 600
EOF
text /EFI/BOOT/grub.cfg <<'EOF'
set timeout=60
set default=1
menuentry 'Boot from Hard Disk' --class opensuse --class gnu-linux --class gnu --class os {
	exit
}
menuentry 'Installation' --class opensuse --class gnu-linux --class gnu --class os {
	set gfxpayload=keep
	echo 'Loading kernel ...'
	linux /boot/x86_64/loader/linux splash=silent
	echo 'Loading initial ramdisk ...'
	initrd /boot/x86_64/loader/initrd
}
submenu 'More ...' {
	menuentry 'Rescue System' --class opensuse {
		linux /boot/x86_64/loader/linux splash=silent rescue=1
		initrd /boot/x86_64/loader/initrd
	}
	menuentry 'Check Installation Media' --class opensuse {
		linux /boot/x86_64/loader/linux splash=silent mediacheck=1
		initrd /boot/x86_64/loader/initrd
	}
	menuentry 'Memory Test' --class opensuse {
		linux /EFI/BOOT/memtest.efi
	}
}
EOF
