/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_MENU_QUOTE_H
#define PXEFS_MENU_QUOTE_H

#include "base.h"

/* Hostile text into the languages that the menus are written in. Private to the menu writers. */

/* Room for a title; longer ones are cut. */
#define MENU_TITLE 240

/* Copies text into out as well-formed UTF-8 on one line, cut to cap bytes with the NUL at a character's
 * end ("..." says so): bytes that are no UTF-8 and characters that change the direction or the line
 * become '?', control characters blanks; blanks at both ends go. text may be NULL. */
void menu_clean(char *out, size_t cap, const char *text);

/* One word of GRUB's language, in single quotes, that is exactly the cleaned text. A leading '-' gets
 * a blank before it, or menuentry takes it for an option. */
void menu_put_grub(FILE *f, const char *text);

/* The rest of a comment line of GRUB's or iPXE's: cleaned, without backslashes. */
void menu_put_comment(FILE *f, const char *text);

/* A kernel word that menu_word_carries() has passed, bare or in single quotes. */
void menu_put_grub_word(FILE *f, const char *word);

/* Text at the end of an iPXE command, behind a word that is no option. Where iPXE would see a setting, the
 * end of the command, a comment or a continued line in it, a harmless character stands instead. */
void menu_put_ipxe(FILE *f, const char *text);

/* Text or an attribute's value in HTML. */
void menu_put_html(FILE *f, const char *text);

/* True for a relative path made of A-Z a-z 0-9 . _ + - and single slashes, without "." and "..": nothing
 * in it means anything to GRUB, iPXE, NFS, TFTP or a URL. */
bool menu_path_carries(const char *path);

#endif
