# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by boot.sh before the server's disk is made: the Gentoo-like medium once more, with a menu whose titles and
# words want to be commands of GRUB's or iPXE's. ${x} in them is empty where it is looked at: what is shown of a title
# has it, what a command says has not.

xorriso -osirrox on -indev "$gentoo_iso" -extract / "$tmp/hostile" >"$tmp/.xorriso" 2>&1
chmod -R u+w "$tmp/hostile"
cat >"$tmp/hostile/boot/grub/grub.cfg" <<'MENU'
set default=0
set timeout=10

menuentry "'; set hostile=1; echo PWN\${x}ED; reboot; '" {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot console=tty0 console=ttyS0 \
		'a;reboot' 'b|halt' 'c&d' '{e}' '<f>' 'g`reboot`' '[h]*' '?' '~i' '!j' '%2f%s' '}' 'if' '--help' \
		'k=(hd0)' 'l#m' 'grüß' '@n'
	initrd /boot/gentoo.igz
}
menuentry '$(reboot) `reboot` && reboot || halt; } { # <b>%s</b>' {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot console=tty0 console=ttyS0
	initrd /boot/gentoo.igz
}
menuentry "lines
set hostile=2
reboot" {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot console=tty0 console=ttyS0
	initrd /boot/gentoo.igz
}
menuentry '"; halt; " \n\x1b[2J ${net_default_server} $prefix \' {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot console=tty0 console=ttyS0
	initrd /boot/gentoo.igz
}
menuentry 'A quote gets lost' {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot 'x"y'
	initrd /boot/gentoo.igz
}
menuentry 'A setting is filled in' {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot 'x=${net0/mac}'
	initrd /boot/gentoo.igz
}
menuentry 'A command ends' {
	linux /boot/gentoo dokeymap looptype=squashfs loop=/image.squashfs cdroot '&&' reboot
	initrd /boot/gentoo.igz
}
MENU
hostile_file="0 it's \$(reboot) \"x\" && ;"
hostile=0_it_s___reboot___x______
xorriso -as mkisofs -quiet -R -J -iso-level 3 -V "Gentoo-amd64-20240526" -o "$tmp/srv/later/hostile.iso" \
	"$tmp/hostile" >"$tmp/.xorriso" 2>&1
rm -rf "$tmp/hostile"
# As a word of the server's shell.
hostile_there="'/srv/iso/$(printf '%s' "$hostile_file" | sed "s/'/'\\\\''/g")'"
