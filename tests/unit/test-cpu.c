/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cpu.h"
#include "tap.h"

/* Headers of kernels and EFI programs, put together by hand from what their formats say, and cut off anywhere. */

static uint8_t head[CPU_HEAD];

static void put16(size_t at, unsigned value)
{
	head[at] = (uint8_t)value;
	head[at + 1] = (uint8_t)(value >> 8);
}

static void x86(unsigned version, unsigned flags)
{
	memset(head, 0, sizeof(head));
	memcpy(head + 0x202, "HdrS", 4);
	put16(0x206, version);
	put16(0x236, flags);
}

static void pe(size_t at, unsigned machine)
{
	memset(head, 0, sizeof(head));
	memcpy(head, "MZ", 2);
	put16(0x3c, (unsigned)at & 0xffff);
	put16(0x3e, (unsigned)(at >> 16));
	if (at + 6 <= sizeof(head)) {
		memcpy(head + at, "PE\0", 4);
		put16(at + 4, machine);
	}
}

/* At whatever length it is cut off, it is that, or not known. */
static void check(const char *what, unsigned wanted)
{
	bool sound = true;

	for (size_t len = 0; len < sizeof(head); len++) {
		uint8_t *copy = malloc(len ? len : 1);
		unsigned cpu;

		if (!copy)
			abort();
		memcpy(copy, head, len);
		cpu = cpu_of_program(copy, len);
		sound &= cpu == 0 || cpu == wanted;
		free(copy);
	}
	tap_ok(cpu_of_program(head, sizeof(head)) == wanted && sound, "%s", what);
}

int main(void)
{
	unsigned bit, seen = 0;
	size_t i = 0;

	x86(0x020f, 1);
	check("a 64-bit x86 kernel", CPU_X86_64);
	x86(0x020f, 0);
	check("a 32-bit x86 kernel", CPU_I386);
	x86(0x020b, 0);
	check("an x86 kernel that is older than what says which", CPU_X86);
	pe(0x80, 0x8664);
	memcpy(head + 0x202, "HdrS", 4);
	put16(0x206, 0x020f);
	tap_ok(cpu_of_program(head, sizeof(head)) == CPU_I386, "what a kernel says counts before its PE header");
	memset(head, 0, sizeof(head));
	memcpy(head + 56, "ARM\x64", 4);
	check("a kernel for 64-bit ARM", CPU_ARM64);
	memcpy(head + 56, "RSC\x05", 4);
	check("a kernel for RISC-V", CPU_RISCV64);
	pe(0x80, 0x8664);
	check("an EFI program for x86-64", CPU_X86_64);
	pe(0x40, 0x014c);
	check("an EFI program for 32-bit x86", CPU_I386);
	pe(sizeof(head) - 6, 0xaa64);
	check("an EFI program for 64-bit ARM, its header at the end", CPU_ARM64);
	pe(0x80, 0x6264);
	check("an EFI program for LoongArch", CPU_LOONGARCH64);
	pe(0x80, 0x0200);
	check("an EFI program for something else", 0);
	pe(sizeof(head) - 5, 0x8664);
	check("a PE header that is not all there", 0);
	pe(0xfffffff0, 0x8664);
	check("one far outside", 0);
	memset(head, 0x1f, sizeof(head));
	check("a packed kernel", 0);

	ok(cpu_of_loader("BOOTX64.EFI") == CPU_X86_64 && cpu_of_loader("bootaa64.efi") == CPU_ARM64);
	ok(cpu_of_loader("BootIA32.efi") == CPU_I386 && !cpu_of_loader("grubx64.efi") && !cpu_of_loader(""));
	for (; cpu_name(i, &bit); i++)
		seen |= bit;
	tap_ok(seen == CPU_ALL && i == 5, "each has a name");
	return tap_done();
}
