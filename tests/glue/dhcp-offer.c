/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a DHCP server offers to a network card of a given kind:
 *
 *	dhcp-offer INTERFACE ARCHITECTURE [CLASS]
 *
 * asks on INTERFACE as firmware of ARCHITECTURE (RFC 4578's number) does, with vendor class CLASS ("PXEClient"
 * unless given), and prints "ADDRESS FILE CLASS" of the first offer: the server to fetch from, the boot file, the
 * offer's own vendor class; "-" for what it lacks. An offer of a boot server without a file, as a proxy makes it, is
 * followed as firmware does: its first service is asked for at port 4011, and that answer is printed. 1 when no
 * answer comes in three seconds. */
#include "config.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define DHCP_FIXED 240 /* the fixed part and the cookie */
#define DHCP_FILE  108
#define DHCP_ROOM  1500

static const uint8_t cookie[] = {99, 130, 83, 99};
static const uint8_t transaction[] = {0x70, 0x78, 0x65, 0x66};
static const uint8_t hardware[] = {0x02, 0, 0, 0, 0x70, 0x78};

static size_t option_put(uint8_t *p, size_t at, uint8_t code, const void *value, uint8_t size)
{
	p[at] = code;
	p[at + 1] = size;
	memcpy(p + at + 2, value, size);
	return at + 2 + size;
}

/* A message of this type (1 discover, 3 request); service is option 43 of a request, or NULL. */
static size_t message(uint8_t *p, uint8_t type, unsigned arch, const char *class, const uint8_t *service)
{
	const uint8_t wanted[] = {1, 3, 43, 60, 66, 67};
	char words[64];
	size_t at = DHCP_FIXED;
	int n = snprintf(words, sizeof(words), "%s:Arch:%05u:UNDI:003016", class, arch);

	memset(p, 0, DHCP_ROOM);
	p[0] = 1; /* request, Ethernet */
	p[1] = 1;
	p[2] = sizeof(hardware);
	memcpy(p + 4, transaction, sizeof(transaction));
	p[10] = type == 1 ? 0x80 : 0; /* an offer comes by broadcast */
	memcpy(p + 28, hardware, sizeof(hardware));
	memcpy(p + DHCP_FIXED - sizeof(cookie), cookie, sizeof(cookie));
	at = option_put(p, at, 53, &type, 1);
	at = option_put(p, at, 55, wanted, sizeof(wanted));
	at = option_put(p, at, 60, words, (uint8_t)n);
	at = option_put(p, at, 93, (const uint8_t[]){(uint8_t)(arch >> 8), (uint8_t)arch}, 2);
	at = option_put(p, at, 94, "\1\3\20", 3);
	at = option_put(p, at, 97, "\0pxefs pxefs pxef", 17);
	if (service)
		at = option_put(p, at, 43, service, 7);
	p[at++] = 255;
	return at < 300 ? 300 : at;
}

/* Finds an option among those from at on; 0 or its value's length, with *value where it is. */
static size_t option_find(const uint8_t *p, size_t at, size_t size, uint8_t code, const uint8_t **value)
{
	while (at + 1 < size && p[at] != 255) {
		size_t length = p[at + 1];

		if (!p[at]) {
			at++;
			continue;
		}
		if (at + 2 + length > size)
			return 0;
		*value = p + at + 2;
		if (p[at] == code)
			return length;
		at += 2 + length;
	}
	return 0;
}

static char *option_text(const uint8_t *p, size_t size, uint8_t code)
{
	const uint8_t *value;
	size_t length = option_find(p, DHCP_FIXED, size, code, &value);

	return length ? strndup((const char *)value, length) : NULL;
}

static int offer_print(const uint8_t *p, size_t size)
{
	char *file = p[DHCP_FILE] ? strndup((const char *)p + DHCP_FILE, 128) : option_text(p, size, 67);
	char *class = option_text(p, size, 60), address[INET_ADDRSTRLEN];

	if (!inet_ntop(AF_INET, p + 20, address, sizeof(address)))
		return 1;
	printf("%s %s %s\n", address, file ? file : "-", class ? class : "-");
	free(file);
	free(class);
	return 0;
}

static int open_port(const char *interface)
{
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_port = htons(68)};
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) < 0 ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0) {
		perror(interface);
		exit(2);
	}
	return fd;
}

/* Sends size bytes and waits for the answer to them, a second a try; its size, or 0. */
static size_t ask(int fd, uint8_t *p, size_t size, const struct sockaddr_in *to)
{
	for (int try = 0; try < 3; try++) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		uint8_t answer[DHCP_ROOM];

		if (sendto(fd, p, size, 0, (const struct sockaddr *)to, sizeof(*to)) < 0) {
			perror("sendto");
			exit(2);
		}
		while (poll(&wait, 1, 1000) > 0) {
			ssize_t n = recv(fd, answer, sizeof(answer), 0);

			if (n > DHCP_FIXED && answer[0] == 2 && !memcmp(answer + 4, transaction, sizeof(transaction))) {
				memcpy(p, answer, (size_t)n);
				return (size_t)n;
			}
		}
	}
	return 0;
}

/* Asks the boot server of an offer for the first service of its menu, where it has one. */
static size_t follow(int fd, uint8_t *p, size_t size, const char *interface, unsigned arch, const char *class)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(4011)};
	uint8_t service[] = {71, 4, 0, 0, 0, 0, 255};
	const uint8_t *vendor, *menu;
	size_t length = option_find(p, DHCP_FIXED, size, 43, &vendor), n;
	struct ifreq own = {0};

	if (option_find(p, DHCP_FIXED, size, 54, &menu) != sizeof(to.sin_addr))
		return 0;
	memcpy(&to.sin_addr, menu, sizeof(to.sin_addr));
	n = length ? option_find(vendor, 0, length, 9, &menu) : 0;
	if (n > 2)
		memcpy(service + 2, menu, 2);
	size = message(p, 3, arch, class, n > 2 ? service : NULL);
	snprintf(own.ifr_name, sizeof(own.ifr_name), "%s", interface);
	if (ioctl(fd, SIOCGIFADDR, &own) < 0) {
		perror(interface);
		exit(2);
	}
	memcpy(p + 12, &((struct sockaddr_in *)&own.ifr_addr)->sin_addr, 4);
	return ask(fd, p, size, &to);
}

int main(int argc, char *argv[])
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(67), .sin_addr = {INADDR_BROADCAST}};
	const char *class = argc > 3 ? argv[3] : "PXEClient";
	uint8_t p[DHCP_ROOM];
	unsigned arch;
	size_t size;
	char *file;
	int fd;

	if (argc < 3 || argc > 4 || strlen(class) > 20) {
		fprintf(stderr, "usage: dhcp-offer INTERFACE ARCHITECTURE [CLASS]\n");
		return 2;
	}
	arch = (unsigned)strtoul(argv[2], NULL, 10) & 0xffff;
	fd = open_port(argv[1]);
	size = ask(fd, p, message(p, 1, arch, class, NULL), &to);
	file = size ? option_text(p, size, 67) : NULL;
	if (size && !p[DHCP_FILE] && !file) {
		char *offered = option_text(p, size, 60);

		if (offered && !strcmp(offered, "PXEClient"))
			size = follow(fd, p, size, argv[1], arch, class);
		free(offered);
	}
	free(file);
	return size ? offer_print(p, size) : 1;
}
