# SPDX-License-Identifier: GPL-2.0-or-later
# Manjaro KDE: four squashfs, GRUB whose entries take their words from the arguments of menuentry.

label 'MANJARO_KDE_2501'
kernel /boot/vmlinuz-x86_64 6.12.4-1-MANJARO
initrd /boot/initramfs-x86_64.img zstd init hooks/miso hooks/miso_loop_mnt hooks/miso_pxe_common hooks/miso_pxe_http \
	hooks/miso_pxe_nbd hooks/miso_pxe_nfs usr/bin/nfsmount 'bin->usr/bin'
for layer in rootfs desktopfs mhwdfs livefs; do
	squashfs "/manjaro/x86_64/$layer.sfs" etc/layer="$layer"
	empty "/manjaro/x86_64/$layer.md5"
done
text /boot/grub/grub.cfg <<'EOF'
insmod part_gpt
function is_efi {
 if [ "${grub_platform}" = "efi" ]; then
  return 0
 fi
 return 1
}
source /boot/grub/variable.cfg
for kopt in "${clinput}" "${bootlang}" "${keyboard}" "${timezone}"; do
 if [ -n "${kopt}" ]; then
  kopts="${kopts} ${kopt}"
 fi
done
source /boot/grub/kernels.cfg
menuentry --class=reboot "Reboot" {reboot}
EOF
text /boot/grub/variable.cfg <<'EOF'
timeout=-1
EOF
text /boot/grub/kernels.cfg <<'EOF'
if cpuid -l; then
havekernel="Y"
title=""
for kopt in x86_64 $kopts  misobasedir=manjaro misolabel=MANJARO_KDE_2501 quiet systemd.show_status=1 driver=free nouveau.modeset=1 i915.modeset=1 radeon.modeset=1; do
 if [ -n "$title" ] ; then
  title="$title $kopt";
 else
  title="$kopt";
 fi;
done
menuentry "From CD/DVD/ISO: manjaro-x86_64 " --class=manjaro-x86_64 "$title" {# set arguments above with the editor
linux /boot/vmlinuz-$2
initrd /boot/initramfs-x86_64.img
}
fi
EOF
