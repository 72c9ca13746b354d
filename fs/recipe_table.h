/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_RECIPE_TABLE_H
#define PXEFS_RECIPE_TABLE_H

#include "recipe.h"

/* Between the rows (recipe_gentoo.c and its siblings; in order in recipe_table.c) and what works on any row
 * (recipe.c); nobody else's. */

extern const struct recipe *const recipe_table[]; /* the last row matches everything */
extern const size_t recipe_table_count;

/* The rows, by the file of their kin. */
extern const struct recipe recipe_pentoo, recipe_gentoo_genkernel, recipe_gentoo_dracut;
extern const struct recipe recipe_tails, recipe_truenas_scale, recipe_grml, recipe_clonezilla, recipe_gparted;
extern const struct recipe recipe_kali, recipe_parrot, recipe_devuan, recipe_finnix, recipe_lmde, recipe_sparky;
extern const struct recipe recipe_q4os, recipe_pureos, recipe_debian_live, recipe_live_boot;
extern const struct recipe recipe_pop_os, recipe_linux_mint, recipe_zorin, recipe_elementary, recipe_neon;
extern const struct recipe recipe_rescuezilla, recipe_ubuntu_server_2204, recipe_ubuntu_server, recipe_ubuntu_layered;
extern const struct recipe recipe_ubuntu_isolinux, recipe_ubuntu;
extern const struct recipe recipe_proxmox_ve, recipe_proxmox_backup, recipe_proxmox_mail, recipe_proxmox_datacenter;
extern const struct recipe recipe_xcp_ng, recipe_openmediavault, recipe_debian_installer, recipe_ubuntu_installer;
extern const struct recipe recipe_debian_netboot;
extern const struct recipe recipe_coreos, recipe_qubes, recipe_anaconda, recipe_anaconda_boot, recipe_anaconda_loader;
extern const struct recipe recipe_titanoboa, recipe_void, recipe_solus, recipe_openmandriva, recipe_artix;
extern const struct recipe recipe_artix_old, recipe_calculate, recipe_kairos, recipe_kiwi_live, recipe_dracut_live;
extern const struct recipe recipe_systemrescue, recipe_archiso, recipe_sysrcd, recipe_miso, recipe_archiso_forks;
extern const struct recipe recipe_agama_offline, recipe_agama, recipe_linuxrc, recipe_linuxrc_net;
extern const struct recipe recipe_mageia, recipe_mageia_32, recipe_mageia_live;
extern const struct recipe recipe_alpine, recipe_slackware, recipe_liveslak, recipe_slax, recipe_porteus;
extern const struct recipe recipe_tinycore_cde, recipe_tinycore, recipe_4mlinux, recipe_fatdog, recipe_slitaz;
extern const struct recipe recipe_antix, recipe_nixos, recipe_guix, recipe_puppy, recipe_knoppix, recipe_pclinuxos;
extern const struct recipe recipe_android;
extern const struct recipe recipe_freebsd, recipe_openbsd, recipe_netbsd, recipe_esxi, recipe_windows;
extern const struct recipe recipe_shredos, recipe_dban, recipe_memtest, recipe_passmark, recipe_ipxe;
extern const struct recipe recipe_efi_shell, recipe_supergrub, recipe_ubcd, recipe_dos;

/* True when v has a file or directory there; case does not count. */
bool recipe_has_path(const struct volume *v, const char *path);

/* True when a pattern of the NULL-terminated list (which may be NULL) fits; "name=*" fits any word that
 * starts so. */
bool recipe_word_listed(const char *word, const char *const *list);

/* True when one of the entry's words fits the pattern. */
bool recipe_entry_has(const struct bootcfg_entry *e, const char *pattern);

/* True for the programs that need nothing of their medium: memory tests, iPXE, the EFI shell. */
bool recipe_is_self_contained(const char *kernel);

/* A squashfs by its name: deep is below that directory at any depth, else directly in it; "" is the root. */
bool recipe_has_squashfs(const struct volume *v, const char *dir, bool deep);

/* True when there is an entry with an initrd that carries a word fitting with and none fitting without (which may
 * be NULL). */
bool recipe_any_entry(const struct bootcfg *b, const char *with, const char *without);

/* True when there are entries and each is a program by itself whose base name fits the list. */
bool recipe_all_entries_named(const struct bootcfg *b, const char *const *names);

/* A regular file by its base name, in any case: "name", "name*" or "*name"; directly in that directory ("" is the
 * root), or anywhere where dir is NULL. */
bool recipe_has_named(const struct volume *v, const char *dir, const char *pattern);

/* True when an entry's title has text in it; case does not count. */
bool recipe_any_title(const struct bootcfg *b, const char *text);

/* True when the volume identifier starts so; case does not count. Where nothing else tells one distribution from
 * another that is made by the same tools. */
bool recipe_label_starts(const struct volume *v, const char *text);

/* The same, or that its own word about itself (.disk/info) starts so. */
bool recipe_says(const struct volume *v, const struct bootcfg *b, const char *text);

/* -EOPNOTSUPP with text as the reason when one of the words (NULL-terminated) fits the list, else 0. */
int recipe_refuse(char *const *words, const char *const *list, const char *text, struct reason *why);

/* The same for words that make a system check its own medium before it starts: there is no disc to check, and the
 * check reads all of it. For recipe_way.adjust. */
int recipe_refuse_check(const struct bootcfg_entry *e, char **words, size_t *count, struct reason *why);

/* Puts a copy of text in the word's place. 0 or -ENOMEM, the word then as it was. */
int recipe_word_replace(char **word, const char *text);

/* dracut's ways to a live image on a server (recipe_dracut.c), for those who name where it lies and what else they drop
 * and add. */
#define RECIPE_DRACUT_NFS \
	.how = RECIPE_NFS, .needs = INITRD_DMSQUASH | INITRD_LIVENET | INITRD_DRACUT_NFS, \
	.lacks = "its initrd cannot take a live image from NFS"
#define RECIPE_DRACUT_HTTP \
	.how = RECIPE_HTTP, .needs = INITRD_DMSQUASH | INITRD_LIVENET, \
	.lacks = "its initrd cannot take a live image from a web server"
#define RECIPE_DRACUT_NET "rd.live.overlay.overlayfs=1", "ip=dhcp", "rd.neednet=1", "BOOTIF=01-@mac@"

/* An archive with the squashfs under the name that root=live:/image.squashfs.img has for it (recipe_dracut.c). */
extern const struct recipe_member recipe_dracut_squashfs[];

/* What follows the last '/'; "" for NULL. */
const char *recipe_base_name(const char *path);

#endif
