# SPDX-License-Identifier: GPL-2.0-or-later
# Part of boot.sh: an ISO as Debian's live-build makes it, by its own first menu entry, to a login prompt. Its menu names no
# serial console; a unit in the system reads the screen's (tests/fixtures/live-build.sh).

check "official: the ISO is dropped" on server 60 'mv /srv/later/official-live.iso /srv/iso/'
check "official: and served" await server 120 'grep "^official-live	served	debian-live	over NFS" /pxe/status'
on server 30 'cat /pxe/official-live/grub.cfg' | sed 's/^/# /'
table_begin
pxe_client_start official 52:54:00:00:00:10
check "official: it is in the main menu" wait_screen official 300 'official-live: Debian Live'
leads official "its own menu" 'fail-safe mode' home down down ret
chooses official "its first entry" ret
check "official: the first virtual console shows a login prompt" wait_screen official 1200 pxefs-live-end
live_facts official >facts
sed 's/^/# /' facts
check "official: as Debian's live systems do" grep -qE '^tty1: .* login: ' facts
check "official: the words of its own menu are in its kernel line" grep -qE ' components quiet splash' facts
check "official: the medium is the ISO's tree over NFS" \
	grep -qE "^$server:/pxe/official-live/iso /run/live/medium nfs ro,.*vers=3" facts
check "official: the squashfs in it is what the loop device reads" \
	grep -qE '^/sys/block/loop0/loop/backing_file .*/live/filesystem.squashfs$' facts
check "official: and is the root's lower layer" \
	grep -qE '^overlay / overlay .*lowerdir=/run/live/rootfs/filesystem.squashfs' facts
table_row "$pressed" official-live "Debian Live by live-build" "$bios_client" TFTP "squashfs of \`iso/\`, NFSv3"
machine_end official
