/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "../unit/bootcfg-disc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is the menus of a disc, one text or several: a line "@@PATH" begins the file of that name, and
 * what stands before the first, if anything, is GRUB's menu and isolinux' too. A result that breaks a promise
 * of the header is a crash. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct disc *d = calloc(1, sizeof(*d));
	const char *text = (const char *)data, *end = text + size, *next, *line;
	char path[256] = "/boot/grub/grub.cfg";
	struct bootcfg b;

	if (!d)
		return 0;
	disc_add(d, "/boot/vmlinuz", NULL, 0);
	disc_add(d, "/isolinux/vmlinuz", NULL, 0);
	for (bool first = true; text < end || first; first = false, text = next) {
		next = text < end ? memmem(text, (size_t)(end - text), "@@/", 3) : NULL;
		if (!next)
			next = end;
		if (next > text || !first)
			disc_add(d, path, text, (size_t)(next - text));
		if (next > text && first)
			disc_add(d, "/isolinux/isolinux.cfg", text, (size_t)(next - text));
		if (next == end)
			break;
		line = next + 2;
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		snprintf(path, sizeof(path), "%.*s", (int)(next - line < 200 ? next - line : 200), line);
	}
	if (!disc_boot(d, &b)) {
		if (disc_unsound(&b))
			abort();
		bootcfg_free(&b);
		bootcfg_free(&b);
	}
	disc_free(d);
	free(d);
	return 0;
}
