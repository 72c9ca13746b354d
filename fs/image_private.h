/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PXEFS_IMAGE_PRIVATE_H
#define PXEFS_IMAGE_PRIVATE_H

#include "image.h"

/* Between the files of image_open(); nobody else's. */

/* Makes the archives of an image that has its map and its index, and lists for the menus those that the family's
 * ways still ask for; the listing's recipe is known. 0 or -ENOMEM; what was made is the image's also then. */
int image_archives_make(struct image *im);

/* Frees them and their part of the listing. */
void image_archives_free(struct image *im);

#endif
