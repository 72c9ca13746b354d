# SPDX-License-Identifier: GPL-2.0-or-later
# An Alpine medium made with the network features in its initrd.

alpine_medium 'alpine-lab 3.22.0 x86_64' usr/share/udhcpc/default.script \
	lib/modules/6.12.31-0-lts/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.gz
