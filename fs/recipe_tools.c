/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "recipe_table.h"

static const struct recipe_way alone[] = { { .how = RECIPE_KERNEL }, { .how = RECIPE_UNKNOWN } };

/* --- memory tests ------------------------------------------------------------------------------------ */

static bool match_memtest(const struct volume *v, const struct bootcfg *b)
{
	static const char *const names[] = {
		"memtest*", "MEMTEST*", "mt86p*", "MT86P*", "mt86plus*", "MT86PLUS*", NULL
	};

	if (b->count)
		return recipe_all_entries_named(b, names);
	/* Memtest86+ 6 as its authors and Debian publish it: no menu, one program and a floppy image. */
	return !strncmp(v->label, "MT86PLUS", 8) && recipe_has_path(v, "/boot/floppy.img");
}

/* The same file is a PE program and a bzImage (it starts with MZ and has HdrS at 0x202). */
static const struct recipe_own memtest_own[] = {
	{ "Memtest86+", "/EFI/BOOT/bootx64.efi", BOOTCFG_BINARY, BOOTCFG_BIOS, NULL, false },
	{ "Memtest86+", "/EFI/BOOT/bootx64.efi", BOOTCFG_CHAIN, BOOTCFG_EFI, NULL, false },
	{ "Memtest86+ (32 bit)", "/EFI/BOOT/bootia32.efi", BOOTCFG_BINARY, BOOTCFG_BIOS, NULL, false },
	{ NULL, NULL, 0, 0, NULL, false }
};

const struct recipe recipe_memtest = {
	.id = "memtest", .title = "Memtest86+", .match = match_memtest, .ways = alone, .own = memtest_own,
	.proof = RECIPE_BOOTED, .examples = "Memtest86+ 5 (BIOS), 6 and later",
	.sources = "memtest86plus: README; Debian's memtest86+",
};

/* Of another house: its boot loader reads its program and settings from the drive that it came from. */
static bool match_passmark(const struct volume *v, const struct bootcfg *b)
{
	return !b->count && (recipe_has_path(v, "/EFI/BOOT/mt86.png") || recipe_label_starts(v, "MemTest86"));
}

const struct recipe recipe_passmark = {
	.id = "memtest86-passmark", .title = "MemTest86 (PassMark)", .match = match_passmark,
	.why = "its program reads the rest of itself from the drive that it was started from",
	.examples = "MemTest86 by PassMark",
};

/* --- boot loaders ------------------------------------------------------------------------------------ */

/* ipxe/ipxe: src/util/genfsimg; isolinux starts ipxe.lkrn under a shorter name. netboot.xyz' ISO is iPXE with a
 * script inside. */
static bool match_ipxe(const struct volume *v, const struct bootcfg *b)
{
	static const char *const names[] = { "ipxe.*", "IPXE.*", "netboot.xyz*", "NETBOOT*", NULL };

	(void)v;
	return recipe_all_entries_named(b, names);
}

const struct recipe recipe_ipxe = {
	.id = "ipxe", .title = "iPXE", .match = match_ipxe, .ways = alone, .proof = RECIPE_BOOTED,
	.examples = "iPXE, netboot.xyz", .sources = "ipxe/ipxe: src/util/genfsimg",
};

/* pbatard/UEFI-Shell and others put the shell where firmware looks, and nothing else. */
static bool match_efi_shell(const struct volume *v, const struct bootcfg *b)
{
	return !b->count && (recipe_label_starts(v, "UEFI_SHELL") || recipe_label_starts(v, "UEFI-SHELL") ||
			     recipe_label_starts(v, "EFI_SHELL"));
}

static const struct recipe_own efi_shell_own[] = {
	{ "UEFI shell", "/EFI/BOOT/bootx64.efi", BOOTCFG_CHAIN, BOOTCFG_EFI, NULL, false },
	{ "UEFI shell (ARM)", "/EFI/BOOT/bootaa64.efi", BOOTCFG_CHAIN, BOOTCFG_EFI, NULL, false },
	{ NULL, NULL, 0, 0, NULL, false }
};

const struct recipe recipe_efi_shell = {
	.id = "uefi-shell", .title = "UEFI shell", .match = match_efi_shell, .ways = alone, .own = efi_shell_own,
	.proof = RECIPE_READ, .examples = "UEFI Shell ISOs", .sources = "UEFI Shell specification; GRUB: chainloader",
};

static bool match_supergrub(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/boot/grub/sgd");
}

const struct recipe recipe_supergrub = {
	.id = "supergrub2", .title = "Super Grub2 Disk", .match = match_supergrub,
	.why = "it is a program in GRUB's own language that looks for its files on the disc, which GRUB has not here",
	.examples = "Super Grub2 Disk, Rescatux' menu of it",
};

/* --- tools that wipe disks --------------------------------------------------------------------------- */

/* What would begin without a question is left out, whoever asks for it. */
static int refuse_automatic(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why)
{
	(void)e;
	(void)count;
	for (; *words; words++)
		if (strstr(*words, "autonuke"))
			return reason_set(why, -EOPNOTSUPP, "it wipes every disk without a question");
	return 0;
}

/* PartialVolume/shredos.x86_64: board/shredos/iso: all of it is in the kernel, or in kernel and initrd. */
static bool match_shredos(const struct volume *v, const struct bootcfg *b)
{
	(void)v;
	return recipe_any_title(b, "ShredOS");
}

static const struct recipe_way wipe[] = {
	{ .how = RECIPE_KERNEL, .adjust = refuse_automatic },
	{ .how = RECIPE_UNKNOWN },
};

const struct recipe recipe_shredos = {
	.id = "shredos", .title = "ShredOS (wipes disks)", .match = match_shredos, .ways = wipe, .wipes = true,
	.proof = RECIPE_READ, .examples = "ShredOS",
	.sources = "PartialVolume/shredos.x86_64: board/shredos/iso",
};

static bool match_dban(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_named(v, NULL, "dban.bzi");
}

const struct recipe recipe_dban = {
	.id = "dban", .title = "DBAN (wipes disks)", .match = match_dban, .ways = wipe, .wipes = true,
	.proof = RECIPE_READ, .examples = "Darik's Boot and Nuke",
	.sources = "DBAN: isolinux.cfg; netbootxyz: dban.ipxe",
};

/* --- BIOS discs ---------------------------------------------------------------------------------------- */

static bool match_ubcd(const struct volume *v, const struct bootcfg *b)
{
	(void)b;
	return recipe_has_path(v, "/ubcd");
}

const struct recipe recipe_ubcd = {
	.id = "ubcd", .title = "Ultimate Boot CD", .match = match_ubcd,
	.why = "its tools are floppy images and COM32 programs, which syslinux starts and GRUB does not",
	.examples = "Ultimate Boot CD",
};

/* All that its menus start is COM32 or memdisk, so that no entry was read; or there is no menu, and El Torito
 * starts a floppy image. */
static bool match_dos(const struct volume *v, const struct bootcfg *b)
{
	static const char *const marks[] = { "/freedos", "/fdos", "/FDSETUP", "/KERNEL.SYS" };

	if (b->count)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (recipe_has_path(v, marks[i]))
			return true;
	return recipe_has_named(v, NULL, "hdt.c32") || recipe_has_named(v, NULL, "memdisk");
}

const struct recipe recipe_dos = {
	.id = "bios-disc", .title = "DOS or BIOS tool", .match = match_dos,
	.why = "a BIOS disc of floppy images or COM32 programs, which GRUB does not start",
	.examples = "FreeDOS, Hardware Detection Tool (HDT)",
};
