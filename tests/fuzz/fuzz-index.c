/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "../unit/disc-kit.h"
#include "../unit/tree-walk.h"
#include "catalog.h"

#define LARGEST (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An image that is all zeros but its volume descriptors, which nobody reads here. */
static int zeros(uint64_t size)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	disc_need(fd >= 0 && !ftruncate(fd, (off_t)size));
	return fd;
}

/* What the check lets through is published, and all of its tree is asked for. */
static void publish(const uint8_t *data, size_t size, uint64_t image_size)
{
	struct stat st = {.st_size = (off_t)image_size};
	struct catalog_config config = {.site = {.nfs = "/pxe"}};
	struct catalog *c;
	struct image *im;
	struct snapshot *s;
	struct walk w = {0};
	int index = disc_memfd(data, size);
	int r = image_open(1, "x.iso", zeros(image_size), &st, index, (struct timespec){.tv_sec = 1}, &im,
			   NULL);

	close(index);
	if (r) {
		disc_need(r == -ENOMEM);
		return;
	}
	disc_need(!catalog_new(&config, &c) && !catalog_add(c, im));
	disc_need(!catalog_commit(c, 0, NULL));
	s = catalog_get(c);
	walk_tree(&w, s, 4000);
	disc_need(!w.wrong);
	walk_free(&w);
	snapshot_put(s);
	catalog_free(c);
}

/* The input is an index; the sizes that its header says are made right, so that more is looked at. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free uint8_t *copy = malloc(size + 1);
	struct index_header *h = (struct index_header *)copy;
	struct reason why = {""};
	struct index x;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	disc_need(!index_check(copy, size, LARGEST, &x, &why) || why.text[0]);
	if (size < sizeof(*h))
		return 0;
	h->total = size;
	if (!h->image_size || h->image_size > LARGEST)
		h->image_size = LARGEST;
	if (!index_check(copy, size, h->image_size, &x, &why))
		publish(copy, size, h->image_size);
	return 0;
}
