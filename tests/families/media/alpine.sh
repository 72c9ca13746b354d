# SPDX-License-Identifier: GPL-2.0-or-later
# Alpine 3.22, standard: drivers of virtual cards and no DHCP client in its initrd.

alpine_medium 'alpine-std 3.22.0 x86_64' lib/modules/6.12.31-0-lts/kernel/drivers/net/virtio_net.ko.gz
