# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made: a medium with Proxmox' layout, which takes the file of an
# unattended installation into its own root directory.
(
	. "$TOP_SRCDIR/tests/families/functions.sh"
	medium=$tmp/medium
	mkdir "$medium"
	. "$TOP_SRCDIR/tests/families/media/proxmox-ve.sh"
	for n in $(seq 100); do
		echo "$n" >"$medium/zz-a-file-with-a-rather-long-name-of-its-own-$n"
	done
	make_iso "$medium" "$tmp/srv/later/answered.iso" -R -J -V PVE
	rm -rf "$medium" "$medium.label"
)
