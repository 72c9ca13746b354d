/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "menu.h"
#include "menu_quote.h"

/* One character of UTF-8 (RFC 3629), at most up to the text's NUL: its length, or 0 where there is none. */
static size_t utf8_next(const char *text, uint32_t *code)
{
	const unsigned char *s = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 :
		     s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
	uint32_t c = len == 1 ? s[0] : len ? s[0] & (0x7fu >> len) : 0;

	if (!len || !s[0])
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*code = c;
	return len;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Characters that make what is read differ from what is written: marks and overrides of direction,
 * separators of lines, the byte order mark, tags. */
static bool is_deceptive(uint32_t c)
{
	return c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

void menu_clean(char *out, size_t cap, const char *text)
{
	size_t n = 0, fits = 0; /* fits: the last end of a character that leaves room for "..." */

	if (!cap)
		return;
	while (text && *text) {
		uint32_t c = 0;
		size_t len = utf8_next(text, &c), bytes = len ? len : 1;
		const char *from = text;

		text += bytes;
		if (!len || is_deceptive(c))
			from = "?", bytes = 1;
		else if (is_control(c))
			from = " ", bytes = 1;
		if (n == 0 && *from == ' ')
			continue;
		if (n + bytes >= cap) {
			if (cap >= 4) {
				memcpy(out + fits, "...", 3);
				n = fits + 3;
			}
			break;
		}
		memcpy(out + n, from, bytes);
		n += bytes;
		if (n + 3 < cap)
			fits = n;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

void menu_put_grub(FILE *f, const char *text)
{
	char clean[MENU_TITLE];

	menu_clean(clean, sizeof(clean), text);
	fputs(clean[0] == '-' ? "' " : "'", f);
	for (const char *p = clean; *p; p++) {
		if (*p == '\'')
			fputs("'\\''", f);
		else
			fputc(*p, f);
	}
	fputc('\'', f);
}

void menu_put_comment(FILE *f, const char *text)
{
	char clean[MENU_TITLE];

	menu_clean(clean, sizeof(clean), text);
	for (const char *p = clean; *p; p++)
		fputc(*p == '\\' ? '/' : *p, f);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("._+-", c));
}

void menu_put_grub_word(FILE *f, const char *word)
{
	const char *p = word;

	while (is_plain(*p) || (*p && strchr("/=:,@%", *p)))
		p++;
	fprintf(f, *p ? "'%s'" : "%s", word);
}

void menu_put_ipxe(FILE *f, const char *text)
{
	char clean[MENU_TITLE], before = ' ';

	menu_clean(clean, sizeof(clean), text);
	for (const char *p = clean; *p; before = *p++) {
		bool starts = before == ' ';

		if (*p == '$' && p[1] == '{')
			fputc('_', f);
		else if (*p == '\\')
			fputc('/', f);
		else if (starts && strchr("#;|&", *p))
			fputc(*p == '&' ? '+' : '_', f);
		else
			fputc(*p, f);
	}
}

void menu_put_html(FILE *f, const char *text)
{
	char clean[1024];

	menu_clean(clean, sizeof(clean), text);
	for (const char *p = clean; *p; p++) {
		switch (*p) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		case '\'':
			fputs("&#39;", f);
			break;
		default:
			fputc(*p, f);
		}
	}
}

bool menu_path_carries(const char *path)
{
	const char *part = path;

	if (!path || !*path)
		return false;
	for (const char *p = path;; p++) {
		if (*p && *p != '/') {
			if (!is_plain(*p))
				return false;
			continue;
		}
		if (p == part || (part[0] == '.' && (p - part == 1 || (p - part == 2 && part[1] == '.'))))
			return false;
		if (!*p)
			return true;
		part = p + 1;
	}
}

bool menu_word_carries(const char *word)
{
	uint32_t c = 0;
	size_t len;

	if (!*word || *word == '#' || *word == ';' || !strncmp(word, "||", 2) || !strncmp(word, "&&", 2))
		return false;
	for (; *word; word += len) {
		len = utf8_next(word, &c);
		if (!len || is_control(c) || is_blank(c) || is_deceptive(c))
			return false;
		if (c == '"' || c == '\'' || c == '\\' || c == '$')
			return false;
	}
	return true;
}
