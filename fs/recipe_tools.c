/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

/* --- programs that need nothing but themselves ----------------------------------------------- */

static bool match_memtest(const struct volume *v, const struct bootcfg *b)
{
	static const char *const names[] = { "memtest*", "MEMTEST*", "mt86plus*", "MT86PLUS*", NULL };

	if (b->count)
		return recipe_all_entries_named(b, names);
	/* Memtest86+ 6 as its authors and Debian publish it: no menu, one program and a floppy image. */
	return !strncmp(v->label, "MT86PLUS", 8) && recipe_has_path(v, "/boot/floppy.img");
}

/* The same file is a PE program and a bzImage (it starts with MZ and has HdrS at 0x202). */
static const struct recipe_own memtest_own[] = {
	{ "Memtest86+", "/EFI/BOOT/bootx64.efi", BOOTCFG_BINARY, BOOTCFG_BIOS },
	{ "Memtest86+", "/EFI/BOOT/bootx64.efi", BOOTCFG_CHAIN, BOOTCFG_EFI },
	{ "Memtest86+ (32 bit)", "/EFI/BOOT/bootia32.efi", BOOTCFG_BINARY, BOOTCFG_BIOS },
	{ NULL, NULL, 0, 0 }
};

/* ipxe/ipxe: src/util/genfsimg; isolinux starts ipxe.lkrn under a shorter name. */
static bool match_ipxe(const struct volume *v, const struct bootcfg *b)
{
	static const char *const names[] = { "ipxe.*", "IPXE.*", NULL };

	(void)v;
	return recipe_all_entries_named(b, names);
}

static const struct recipe_way alone[] = { { .how = RECIPE_KERNEL }, { .how = RECIPE_UNKNOWN } };

const struct recipe recipe_memtest = {
	.id = "memtest", .title = "Memtest86+", .match = match_memtest, .ways = alone, .own = memtest_own,
	.proof = RECIPE_BOOTED,
};

const struct recipe recipe_ipxe = {
	.id = "ipxe", .title = "iPXE", .match = match_ipxe, .ways = alone,
};
