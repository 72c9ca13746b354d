# SPDX-License-Identifier: GPL-2.0-or-later
# Fedora Server 42, x86_64, DVD: one GRUB menu for both firmwares, the media check its default.

label 'Fedora-S-dvd-x86_64-42'
text /.discinfo <<'EOF'
1744281632.123456
42
x86_64
EOF
text /.treeinfo <<'EOF'
[general]
family = Fedora
version = 42
arch = x86_64
[stage2]
mainimage = images/install.img
EOF
empty /media.repo
kernel /images/pxeboot/vmlinuz 6.14.0-63.fc42.x86_64
dracut_initrd /images/pxeboot/initrd.img early+xz 6.14.0-63.fc42.x86_64 'dmsquash-live livenet nfs anaconda'
squashfs /images/install.img etc/os-release='ID=fedora' usr/sbin/init
file /images/eltorito.img 30000
file /EFI/BOOT/BOOTX64.EFI 2000
file /EFI/BOOT/grubx64.efi 2000
text /repodata/repomd.xml <<'EOF'
<repomd/>
EOF
file /Packages/b/bash-5.2.37-1.fc42.x86_64.rpm 3000
text /boot/grub2/grub.cfg <<'EOF'
set default="1"

function load_video {
  insmod all_video
}

load_video
set gfxpayload=keep
insmod gzio
set timeout=60
search --no-floppy --set=root -l 'Fedora-S-dvd-x86_64-42'

menuentry 'Install Fedora 42' --class fedora --class gnu-linux --class gnu --class os {
	linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=Fedora-S-dvd-x86_64-42 quiet
	initrd /images/pxeboot/initrd.img
}
menuentry 'Test this media & install Fedora 42' --class fedora --class gnu-linux --class gnu --class os {
	linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=Fedora-S-dvd-x86_64-42 rd.live.check quiet
	initrd /images/pxeboot/initrd.img
}
submenu 'Troubleshooting -->' {
	menuentry 'Install Fedora 42 in basic graphics mode' --class fedora --class gnu-linux {
		linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=Fedora-S-dvd-x86_64-42 nomodeset quiet
		initrd /images/pxeboot/initrd.img
	}
	menuentry 'Rescue a Fedora system' --class fedora --class gnu-linux {
		linux /images/pxeboot/vmlinuz inst.stage2=hd:LABEL=Fedora-S-dvd-x86_64-42 inst.rescue quiet
		initrd /images/pxeboot/initrd.img
	}
	menuentry 'Boot first drive' --class fedora --class gnu-linux {
		chainloader (hd0)+1
	}
}
EOF

text /EFI/BOOT/grub.cfg <"$medium/boot/grub2/grub.cfg"
