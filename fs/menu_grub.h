/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_GRUB_H
#define PXEFS_MENU_GRUB_H

#include "base.h"

/* What all texts for GRUB have in common. Private to the menu writers. */

/* Sets pxefs_base from where GRUB was loaded, unless the menu that loaded this one has set it. */
void menu_grub_base(FILE *f);

/* An entry that only tells something: there is no other place where a menu can. */
void menu_grub_message(const char *text, FILE *f);

#endif
