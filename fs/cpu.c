/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cpu.h"

/* Linux: Documentation/arch/x86/boot.rst, arch/arm64/booting.rst, arch/riscv/boot-image-header.rst,
 * arch/loongarch (a PE header alone); PE/COFF: machine types; UEFI 2.10, 3.5.1.1: names on removable media. */
static const struct {
	unsigned bit;
	uint16_t machine; /* PE */
	const char *loader, *name;
} cpu_table[] = {
	{ CPU_I386, 0x014c, "bootia32.efi", "x86, 32 bit" },
	{ CPU_X86_64, 0x8664, "bootx64.efi", "x86, 64 bit" },
	{ CPU_ARM64, 0xaa64, "bootaa64.efi", "ARM, 64 bit" },
	{ CPU_RISCV64, 0x5064, "bootriscv64.efi", "RISC-V, 64 bit" },
	{ CPU_LOONGARCH64, 0x6264, "bootloongarch64.efi", "LoongArch, 64 bit" },
};

#define X86_MAGIC	 0x202
#define X86_VERSION	 0x206
#define X86_XLOADFLAGS	 0x236
#define X86_SETUP_END	 0x238
#define X86_HAS_FLAGS	 0x020c /* the protocol's version that brought xloadflags */
#define X86_KERNEL_64	 1u

unsigned cpu_of_program(const void *head, size_t len)
{
	const uint8_t *p = head;
	uint32_t pe;

	/* An x86 kernel is a PE program, too; what it says for itself is more. Old ones do not say. */
	if (len >= X86_SETUP_END && !memcmp(p + X86_MAGIC, "HdrS", 4)) {
		if (le16(p + X86_VERSION) < X86_HAS_FLAGS)
			return CPU_X86;
		return le16(p + X86_XLOADFLAGS) & X86_KERNEL_64 ? CPU_X86_64 : CPU_I386;
	}
	if (len >= 64 && !memcmp(p + 56, "ARM\x64", 4))
		return CPU_ARM64;
	if (len >= 64 && !memcmp(p + 56, "RSC\x05", 4))
		return CPU_RISCV64;
	if (len < 64 || memcmp(p, "MZ", 2))
		return 0;
	pe = le32(p + 0x3c);
	if (!range_inside(pe, 6, len) || memcmp(p + pe, "PE\0", 4))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(cpu_table); i++)
		if (le16(p + pe + 4) == cpu_table[i].machine)
			return cpu_table[i].bit;
	return 0;
}

unsigned cpu_of_loader(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(cpu_table); i++)
		if (!strcasecmp(name, cpu_table[i].loader))
			return cpu_table[i].bit;
	return 0;
}

const char *cpu_name(size_t i, unsigned *bit)
{
	if (i >= ARRAY_SIZE(cpu_table))
		return NULL;
	*bit = cpu_table[i].bit;
	return cpu_table[i].name;
}
