/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <arpa/inet.h>

#include "menu_quote.h"
#include "menu_row.h"

/* --- what the administrator said --------------------------------------------------------------- */

static bool host_is_name(const char *host, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!(host[i] >= 'a' && host[i] <= 'z') && !(host[i] >= 'A' && host[i] <= 'Z') &&
		    !(host[i] >= '0' && host[i] <= '9') && host[i] != '-' && host[i] != '.')
			return false;
	return len > 0;
}

static bool port_is_number(const char *port, size_t len)
{
	unsigned long n = 0;

	for (size_t i = 0; i < len; i++) {
		if (port[i] < '0' || port[i] > '9' || n > 65535)
			return false;
		n = n * 10 + (unsigned long)(port[i] - '0');
	}
	return n > 0 && n <= 65535;
}

int menu_url_parse(const char *text, struct menu_url *url, struct reason *why)
{
	const char *host = text + 7, *slash, *colon;
	size_t host_len, path_len;

	if (strncmp(text, "http://", 7))
		return reason_set(why, -EINVAL, "http=%s: GRUB loads from http:// URLs alone", text);
	slash = host + strcspn(host, "/");
	host_len = (size_t)(slash - host);
	colon = memchr(host, ':', host_len);
	if (!host_is_name(host, colon ? (size_t)(colon - host) : host_len) || host_len >= sizeof(url->host))
		return reason_set(why, -EINVAL, "http=%s: no host name or IPv4 address behind http://", text);
	if (colon && !port_is_number(colon + 1, (size_t)(slash - colon) - 1))
		return reason_set(why, -EINVAL, "http=%s: the port is no number from 1 to 65535", text);
	path_len = strlen(slash);
	if (path_len && slash[path_len - 1] == '/')
		path_len--;
	if (path_len >= sizeof(url->path))
		return reason_set(why, -EINVAL, "http=: the URL's path is longer than %zu bytes",
				  sizeof(url->path) - 1);
	snprintf(url->host, sizeof(url->host), "%.*s", (int)host_len, host);
	snprintf(url->path, sizeof(url->path), "%.*s", (int)path_len, slash);
	if (path_len && !menu_path_carries(url->path + 1))
		return reason_set(why, -EINVAL, "http=%s: only letters, digits and ._+-/ can be in the path", text);
	return 0;
}

void menu_http_base(const struct menu_site *site, const char *server, char out[static MENU_HTTP_ROOM])
{
	struct menu_url url;

	if (site->http && *site->http && !menu_url_parse(site->http, &url, NULL))
		snprintf(out, MENU_HTTP_ROOM, "http://%s%s", url.host, url.path);
	else
		snprintf(out, MENU_HTTP_ROOM, "http://%s", server);
}

int menu_site_check(const struct menu_site *site, struct reason *why)
{
	struct in_addr address;
	struct menu_url url;

	if (site->server && inet_pton(AF_INET, site->server, &address) != 1)
		return reason_set(why, -EINVAL, "server=%s: not an IPv4 address; most initrds cannot resolve names",
				  site->server);
	if (!site->nfs)
		return reason_set(why, -EINVAL, "nfs=: no path");
	if (site->nfs[0] && (site->nfs[0] != '/' || !menu_path_carries(site->nfs + 1)))
		return reason_set(why, -EINVAL, "nfs=%s: not an absolute path of letters, digits and ._+-/ alone",
				  site->nfs);
	if (strlen(site->nfs) > MENU_PATH_MAX)
		return reason_set(why, -EINVAL, "nfs=: the path is longer than %u bytes", MENU_PATH_MAX);
	if (site->start && strcmp(site->start, MENU_LOCAL) && !menu_path_carries(site->start))
		return reason_set(why, -EINVAL, "menu-default=%s: no image in the tree can be called so; see status",
				  site->start);
	if (site->start && strlen(site->start) > MENU_PATH_MAX)
		return reason_set(why, -EINVAL, "menu-default=: longer than %u bytes", MENU_PATH_MAX);
	return site->http && *site->http ? menu_url_parse(site->http, &url, why) : 0;
}

/* --- status ------------------------------------------------------------------------------------ */

/* Never empty, and without a tab or a newline in it, so that cut(1) and awk(1) find the columns. */
static void status_field(FILE *f, const char *text, char end)
{
	char clean[512];

	menu_clean(clean, sizeof(clean), text);
	fprintf(f, "%s%c", clean[0] ? clean : "-", end);
}

void menu_status_image(const struct menu_image *image, const struct menu_plan *plan, FILE *f)
{
	static const char *const states[] = {
		[MENU_SERVED] = "served", [MENU_INCOMPLETE] = "incomplete", [MENU_REJECTED] = "rejected",
	};

	status_field(f, image->path && *image->path ? image->path : image->file, '\t');
	status_field(f, image->state < ARRAY_SIZE(states) ? states[image->state] : NULL, '\t');
	status_field(f, image->state == MENU_SERVED && image->recipe ? image->recipe->id : NULL, '\t');
	status_field(f, plan->boots, '\t');
	status_field(f, plan->note.text, '\n');
}

/* --- the texts of an image --------------------------------------------------------------------- */

const struct menu_image_text menu_image_texts[MENU_IMAGE_TEXTS] = {
	{ "grub.cfg", menu_image_grub },
	{ "boot.ipxe", menu_image_ipxe },
};
