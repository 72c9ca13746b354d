/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_CPU_H
#define PXEFS_CPU_H

#include "base.h"

/* Which processors a kernel or an EFI program is for, by its own header. */

enum cpu {
	CPU_I386 = 1,
	CPU_X86_64 = 2,
	CPU_ARM64 = 4,
	CPU_RISCV64 = 8,
	CPU_LOONGARCH64 = 16,
};

#define CPU_X86 ((unsigned)(CPU_I386 | CPU_X86_64))
#define CPU_ALL (CPU_X86 | CPU_ARM64 | CPU_RISCV64 | CPU_LOONGARCH64)

/* Bytes of a file's beginning that cpu_of_program() looks at, if it has so many. */
#define CPU_HEAD 4096u

/* One bit of enum cpu for the program that begins with these len bytes: Linux' x86 boot protocol, the header of
 * its images for other processors, or a PE header. 0 where none of them is there (a compressed kernel). The bytes
 * may be hostile. */
unsigned cpu_of_program(const void *head, size_t len);

/* The bit for an EFI loader's base name on removable media (BOOTX64.EFI, in any case), or 0. */
unsigned cpu_of_loader(const char *name);

/* For people ("x86, 64 bit"), and the bit it is for; NULL past the end. */
const char *cpu_name(size_t i, unsigned *bit);

#endif
