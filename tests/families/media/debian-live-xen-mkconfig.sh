# SPDX-License-Identifier: GPL-2.0-or-later
# The same with the entry that Debian's 20_linux_xen writes: words that depend on the firmware, and one for nobody before
# each kernel's own.

xen_live_medium <<'MENU'
set default=0
set timeout=5
menuentry 'Debian GNU/Linux, with Xen 4.17-amd64 and Linux 6.1.0-27-amd64' --class debian --class xen {
	insmod part_gpt
	echo	'Loading Xen 4.17-amd64 ...'
	if [ "$grub_platform" = "pc" -o "$grub_platform" = "" ]; then
		xen_rm_opts=
	else
		xen_rm_opts="no-real-mode edd=off"
	fi
	multiboot2	/live/xen-4.17-amd64.gz placeholder dom0_mem=1024M com1=115200,8n1 console=com1,vga ${xen_rm_opts}
	echo	'Loading Linux 6.1.0-27-amd64 ...'
	module2	/live/vmlinuz-6.1.0-27-amd64 placeholder boot=live components quiet console=hvc0
	echo	'Loading initial ramdisk ...'
	module2	--nounzip	/live/initrd.img-6.1.0-27-amd64
}
MENU
