# SPDX-License-Identifier: GPL-2.0-or-later
# Void Linux, x86_64: dracut without systemd and without a network, its root in ext3 in the squashfs.

label 'VOID_LIVE'
kernel /boot/vmlinuz 6.12.41_1
dracut_initrd /boot/initrd zstd 6.12.41_1 dmsquash-live
file /boot/memtest.bin 3000
file /boot/memtest.efi 3000
squashfs /LiveOS/squashfs.img LiveOS/ext3fs.img=ext3
text /boot/isolinux/isolinux.cfg <<'EOF'
UI vesamenu.c32
PROMPT 0
TIMEOUT 100
ONTIMEOUT linux
LABEL linux
MENU LABEL Void Linux 6.12.41_1 x86_64
KERNEL /boot/vmlinuz
APPEND initrd=/boot/initrd root=live:CDLABEL=VOID_LIVE ro init=/sbin/init rd.luks=0 rd.md=0 rd.dm=0 loglevel=4 gpt add_efi_memmap vconsole.unicode=1 vconsole.keymap=us locale.LANG=en_US.UTF-8
LABEL linuxram
MENU LABEL Void Linux 6.12.41_1 x86_64 (RAM)
KERNEL /boot/vmlinuz
APPEND initrd=/boot/initrd root=live:CDLABEL=VOID_LIVE ro init=/sbin/init rd.luks=0 rd.md=0 rd.dm=0 loglevel=4 rd.live.ram
LABEL memtest
MENU LABEL Run Memtest86+ (RAM test)
LINUX /boot/memtest.bin
LABEL c
MENU LABEL Boot first HD found by BIOS
COM32 chain.c32
APPEND hd0
EOF
text /boot/grub/grub.cfg <<'EOF'
source /boot/grub/grub_void.cfg
EOF
text /boot/grub/grub_void.cfg <<'EOF'
set timeout=15
set default=linux
if [ "$grub_platform" = "efi" ]; then
	insmod efi_gop
fi
search --no-floppy --set=voidlive -l VOID_LIVE
menuentry "Void Linux 6.12.41_1 x86_64" --id "linux" {
	set gfxpayload="keep"
	linux (${voidlive})/boot/vmlinuz \
		root=live:CDLABEL=VOID_LIVE ro init=/sbin/init \
		rd.luks=0 rd.md=0 rd.dm=0 loglevel=4 gpt add_efi_memmap \
		vconsole.unicode=1 vconsole.keymap=us locale.LANG=en_US.UTF-8
	initrd (${voidlive})/boot/initrd
}
if [ "${grub_platform}" = "efi" ]; then
	menuentry "Run Memtest86+ (RAM test)" --id memtest {
		linux (${voidlive})/boot/memtest.efi
	}
fi
EOF
