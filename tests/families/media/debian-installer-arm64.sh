# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's netinst, arm64, with packages of two kernels.

debian_disc_medium arm64 'Debian 12.8.0 arm64 n' \
	'Debian GNU/Linux 12.8.0 "Bookworm" - Official arm64 NETINST with firmware 20241109-11:05' 6.1.0-27 6.1.115-1
text /pool/main/l/linux-signed-arm64/loop-modules-6.1.0-26-arm64-di_6.1.112-1_arm64.udeb <<'TEXT'
the older module
TEXT
