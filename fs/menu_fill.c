/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu_fill.h"
#include "menu_quote.h"

/* --- the tree's URL ---------------------------------------------------------------------------- */

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

/* --- placeholders ------------------------------------------------------------------------------ */

/* Whether word begins with the placeholder, which is gone over then. */
static bool takes(const char **word, const char *placeholder)
{
	size_t n = strlen(placeholder);

	if (strncmp(*word, placeholder, n))
		return false;
	*word += n;
	return true;
}

void menu_put_filled(FILE *f, const char *word, const struct menu_fill *fill)
{
	const char *host = !strncmp(fill->http, "http://", 7) ? fill->http + 7 : "";
	size_t host_len = strcspn(host, "/");

	while (*word) {
		if (takes(&word, "@server@"))
			fputs(fill->server, f);
		else if (takes(&word, "@mac@"))
			fputs(fill->mac, f);
		else if (takes(&word, "@iso@"))
			fprintf(f, "%s/%s/iso", fill->nfs, fill->path);
		else if (takes(&word, "@root@"))
			fprintf(f, "%s/%s/root", fill->nfs, fill->path);
		else if (takes(&word, "@dir@"))
			fprintf(f, "%s/%s", fill->nfs, fill->path);
		else if (takes(&word, "@http@"))
			fprintf(f, "%s/%s", fill->http, fill->path);
		else if (takes(&word, "@http-host@"))
			fprintf(f, "%.*s", (int)host_len, host);
		else if (takes(&word, "@http-path@"))
			fprintf(f, "%s/%s", host + host_len, fill->path);
		else if (takes(&word, "@answer@"))
			fputs(fill->answer ? fill->answer : "", f);
		else if (takes(&word, "@kib@"))
			fprintf(f, "%llu", (unsigned long long)fill->kib);
		else {
			if (fill->escape && strchr(";&|<>(){}'\"\\$*?[]~#", *word))
				fputc('\\', f);
			fputc(*word++, f);
		}
	}
}
