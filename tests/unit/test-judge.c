/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog-kit.h"
#include "initrd-kit.h"
#include "judge.h"

/* From the bytes of an image to its menu: which initrds are judged, what becomes of the index, what of the image that
 * is published already. */

#define LATER (DISC_MTIME + 500)
#define WHEN  ((struct timespec){.tv_sec = LATER, .tv_nsec = 123})

/* --- the index --------------------------------------------------------------------------------- */

static int opened(const void *bytes, size_t size, uint64_t image_size, struct index **x)
{
	int fd = disc_memfd(bytes, size), r;
	struct reason why = {""};

	r = index_open(fd, image_size, x, &why);
	if (r)
		printf("# %s\n", why.text);
	close(fd);
	return r;
}

/* The judged copy of an index as a descriptor, owned by the caller. */
static int copy_of(const struct index *x, const uint64_t *can, struct timespec when)
{
	int fd = memfd_create("judged", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	disc_need(fd >= 0 && !index_write_judged(x, can, when, fd));
	return fd;
}

static void test_copy(void)
{
	const uint64_t can[2] = {0, INITRD_JUDGED | INITRD_LIVE_BOOT};
	struct index *x, *y;
	struct disc d;
	size_t size;
	uint8_t *bytes;
	int fd, was;

	disc_init(&d, 1);
	disc_fill(&d);
	bytes = disc_index(&d, &size);
	disc_need(!opened(bytes, size, d.size, &x));
	was = disc_memfd(bytes, size);
	fd = copy_of(x, can, WHEN);
	ok(!index_is_judged(was) && index_is_judged(fd) && !index_is_judged(-1));
	disc_need(!index_open(fd, d.size, &y, NULL));
	ok(y->header->judged == LATER && y->header->judged_nsec == 123);
	ok(y->files[0].can == 0 && y->files[1].can == can[1] && x->files[1].can == 0);
	ok(index_same_but_judged(x, y) && index_same_but_judged(y, x) && index_same_but_judged(x, x));
	index_close(y);
	close(was);
	close(fd);
	/* Any other byte makes another index of it. */
	was = 0;
	for (size_t i = 0; i < size; i++) {
		struct reason why;
		struct index z;

		bytes[i] ^= 1;
		was += !index_check(bytes, size, d.size, &z, &why) && index_same_but_judged(x, &z) &&
		       z.header->judged == x->header->judged && z.header->judged_nsec == x->header->judged_nsec;
		bytes[i] ^= 1;
	}
	tap_ok(!was, "an index with another byte is another index: %d", was);
	index_close(x);
	free(bytes);
	disc_free(&d);
}

static struct index_file *draft_files(struct disc *d)
{
	return d->draft.section[INDEX_FILES].data;
}

static bool accepted(struct disc *d)
{
	struct reason why = {""};
	struct index x;
	size_t size;
	uint8_t *bytes = disc_index(d, &size);
	int r = index_check(bytes, size, d->size, &x, &why);

	free(bytes);
	return !r;
}

static void test_checks(void)
{
	struct disc d;

	disc_init(&d, 1);
	disc_fill(&d);
	ok(accepted(&d));
	draft_files(&d)[1].can = INITRD_JUDGED;
	tap_ok(!accepted(&d), "a judgement before anybody judged");
	d.draft.header.judged = 1;
	ok(accepted(&d));
	draft_files(&d)[1].can = INITRD_ALL + 1;
	tap_ok(!accepted(&d), "a bit that does not exist");
	draft_files(&d)[1].can = INITRD_ALL;
	ok(accepted(&d));
	draft_files(&d)[0].can = INITRD_JUDGED;
	tap_ok(!accepted(&d), "a kernel is not judged");
	draft_files(&d)[0].can = 0;
	d.draft.header.judged_nsec = 1000000000;
	tap_ok(!accepted(&d), "a moment that does not exist");
	d.draft.header.judged_nsec = 999999999;
	d.draft.header.judged = -1;
	tap_ok(!accepted(&d), "a time before 1970");
	disc_free(&d);
}

/* --- the judge --------------------------------------------------------------------------------- */

static void put(struct disc *d, uint64_t at, const struct bytes *b, size_t room)
{
	disc_need(b->size <= room && range_inside(at, b->size, d->size));
	memset(d->bytes + at, 0, room);
	memcpy(d->bytes + at, b->p, b->size);
}

static void test_judge(void)
{
	struct bytes live = archive_of("scripts/live"), casper = archive_of("scripts/casper"), half;
	uint32_t a, copy, b, unused, pieces, apart, kernel, files[8], n = 0;
	uint64_t can[8] = {0};
	struct index_extent *x;
	struct index *index;
	struct disc d;
	size_t size;
	uint8_t *bytes;

	disc_init(&d, 1);
	disc_entry(&d, 0, "", S_IFDIR | 0755);
	a = disc_file(&d, 0, "a", 1, 4096);
	apart = disc_file(&d, 0, "apart", 2, 2048);
	b = disc_file(&d, 0, "b", 1, 4096);
	copy = disc_file(&d, 0, "copy", 1, 4096);
	pieces = disc_file(&d, 0, "pieces", 2, 2048);
	unused = disc_file(&d, 0, "unused", 1, 4096);
	kernel = disc_file(&d, 0, "vmlinuz", 1, 4096);
	disc_children(&d);
	x = d.draft.section[INDEX_EXTENTS].data;
	x[disc_at(&d, copy)->first] = x[disc_at(&d, a)->first];
	x[disc_at(&d, pieces)->first + 1].offset = x[disc_at(&d, pieces)->first].offset + 2048;
	put(&d, x[disc_at(&d, a)->first].offset, &live, 4096);
	put(&d, x[disc_at(&d, b)->first].offset, &casper, 4096);
	put(&d, x[disc_at(&d, unused)->first].offset, &casper, 4096);
	put(&d, x[disc_at(&d, apart)->first].offset, &casper, 2048);
	memcpy(d.bytes + x[disc_at(&d, kernel)->first].offset + 0x202, "HdrS", 4);
	half = archive_of("scripts/nfs");
	bytes_zeros(&half, 2048 - half.size);
	bytes_add(&half, live.p, live.size);
	put(&d, x[disc_at(&d, pieces)->first].offset, &half, 4096);

	files[n++] = disc_boot_file(&d, INDEX_DIR_KERNEL, "kernel", a);
	files[n++] = disc_boot_file(&d, INDEX_DIR_INITRD, "a", a);
	files[n++] = disc_boot_file(&d, INDEX_DIR_INITRD, "apart", apart);
	files[n++] = disc_boot_file(&d, INDEX_DIR_INITRD, "b", b);
	files[n++] = disc_boot_file(&d, INDEX_DIR_INITRD, "copy", copy);
	files[n++] = disc_boot_file(&d, INDEX_DIR_INITRD, "pieces", pieces);
	files[n++] = disc_boot_file(&d, INDEX_DIR_INITRD, "unused", unused);
	files[n++] = disc_boot_file(&d, INDEX_DIR_INITRD, "vmlinuz", kernel);
	for (uint32_t i = 1; i < 8; i++)
		if (i != 6)
			disc_boot(&d, "Try it", files[0], files[i]);
	bytes = disc_index(&d, &size);
	disc_need(!opened(bytes, size, d.size, &index));
	judge_index(index, d.bytes, d.size, can);
	tap_ok(!can[0], "a kernel is not judged");
	ok(can[1] == (INITRD_JUDGED | INITRD_LIVE_BOOT) && can[3] == (INITRD_JUDGED | INITRD_CASPER));
	tap_ok(can[2] == INITRD_CUT, "a file in pieces that lie apart is not seen to its end");
	tap_ok(can[4] == can[1], "the same bytes under another name");
	tap_ok(can[5] == (INITRD_JUDGED | INITRD_INITRAMFS_NFS | INITRD_LIVE_BOOT), "pieces that touch are one");
	tap_ok(!can[6], "what nothing boots with is left alone");
	tap_ok(can[7] == INITRD_JUDGED, "a kernel among initrds, as hypervisors have it, brings nothing");
	memset(can, 0, sizeof(can));
	judge_skip(index, can);
	ok(!can[0] && can[1] == INITRD_CUT && can[6] == INITRD_CUT);
	index_close(index);
	free(bytes);
	disc_free(&d);
	bytes_free(&live);
	bytes_free(&casper);
	bytes_free(&half);
}

/* --- the published image ------------------------------------------------------------------------ */

/* What a judge would hand in for the image that stands at path. */
static int verdict(const struct world *w, const char *path, uint64_t can)
{
	const struct snapshot *s = w->s;

	for (size_t i = 0; i < s->place_count; i++)
		if (!strcmp(s->places[i].path, path)) {
			const uint64_t all[2] = {0, can};

			return copy_of(s->places[i].image->index, all, WHEN);
		}
	disc_need(false);
	return -1;
}

static void test_published(void)
{
	struct world w;
	struct reason why = {""};
	struct timespec text, dir;
	uint64_t x, grub, kernel, initrd;
	char *before, *after;
	int fd, error;

	world_open(&w, 31);
	catalog_settle(w.c, true);
	world_add(&w, 1, "x.iso", 1, 10);
	world_add(&w, 2, "y.iso", 2, 10);
	world_commit(&w);
	x = world_id(&w, "x");
	grub = world_id(&w, "x/grub.cfg");
	kernel = world_id(&w, "x/kernel/vmlinuz");
	initrd = world_id(&w, "x/iso/boot/initrd");
	text = world_time(&w, "x/grub.cfg");
	dir = world_time(&w, "x");
	before = world_read(&w, "x/grub.cfg");
	tap_ok(strstr(before, "netboot=nfs"), "it is offered by what its family's usually can");

	/* As expected: nothing changes that anybody could see. */
	fd = verdict(&w, "x", INITRD_JUDGED | INITRD_LIVE_BOOT | INITRD_NFS_CLIENT | INITRD_NFS_MODULE |
				      INITRD_NET_DRIVERS | INITRD_INITRAMFS_NFS);
	ok(!catalog_judged(w.c, 1, fd, &why));
	close(fd);
	world_commit(&w);
	tap_ok(!w.changes.count && world_id(&w, "x/grub.cfg") == grub, "a verdict as expected changes nothing");

	/* Not as expected. */
	fd = verdict(&w, "x", INITRD_JUDGED | INITRD_CASPER);
	ok(!catalog_judged(w.c, 1, fd, &why));
	world_commit(&w);
	after = world_read(&w, "x/grub.cfg");
	tap_ok(!strstr(after, "netboot=nfs"), "another verdict is another menu");
	ok(world_id(&w, "x/grub.cfg") != grub && world_changed(&w, x, "grub.cfg"));
	free(after);
	after = world_read_id(w.s, grub, &error);
	tap_ok(after && !strcmp(before, after), "who reads the old one reads on");
	ok(world_id(&w, "x") == x && world_id(&w, "x/kernel/vmlinuz") == kernel &&
	   world_id(&w, "x/iso/boot/initrd") == initrd);
	ok(!world_changed(&w, NODE_ROOT, "x") && !world_changed(&w, NODE_ROOT, "y") && !w.released_count);
	tap_ok(timespec_cmp(text, world_time(&w, "x/grub.cfg")) < 0 && world_time(&w, "x/grub.cfg").tv_sec == LATER,
	       "the new menu is younger");
	tap_ok(timespec_cmp(dir, world_time(&w, "x")) < 0, "and so is the directory that it is in");
	ok(world_time(&w, "y").tv_sec == DISC_MTIME && world_time(&w, "x/iso/boot").tv_sec == DISC_MTIME);
	ok(world_says(&w, "y/grub.cfg", "netboot=nfs"));
	free(before);
	free(after);

	/* Nonsense, and another image's. */
	ok(catalog_judged(w.c, 9, fd, &why) == -ENOENT);
	ok(catalog_judged(w.c, 2, fd, &why) == -EBADMSG && strstr(why.text, "another image"));
	close(fd);
	fd = disc_memfd("nonsense", 8);
	ok(catalog_judged(w.c, 2, fd, &why) == -EBADMSG);
	close(fd);
	world_commit(&w);
	tap_ok(!w.changes.count && world_says(&w, "y/grub.cfg", "netboot=nfs"), "what is refused changes nothing");
	world_close(&w);
}

/* The index that was kept is the judged one: the image comes with its verdict. */
static void test_kept(void)
{
	struct image *im;
	struct disc d;

	disc_init(&d, 1);
	disc_fill(&d);
	im = disc_open(&d, 1, "x.iso", 10);
	ok(im->listing.boot_count == 1 && im->listing.boots[0].can == 0 && !im->judged.tv_sec);
	image_put(im);
	d.draft.header.judged = 77;
	draft_files(&d)[1].can = INITRD_JUDGED | INITRD_CASPER;
	im = disc_open(&d, 1, "x.iso", 10);
	ok(im->listing.boots[0].can == (INITRD_JUDGED | INITRD_CASPER) && im->judged.tv_sec == 77);
	image_put(im);
	disc_free(&d);
}

/* Several initrds: what any can do, judged if all are. */
static void test_together(void)
{
	static const struct {
		uint64_t can[2], together;
	} cases[] = {
		{{0, 0}, 0},
		{{INITRD_JUDGED, 0}, 0},
		{{INITRD_JUDGED, INITRD_JUDGED | INITRD_CASPER}, INITRD_JUDGED | INITRD_CASPER},
		{{INITRD_JUDGED | INITRD_NFS_MODULE, INITRD_JUDGED | INITRD_CASPER},
		 INITRD_JUDGED | INITRD_CASPER | INITRD_NFS_MODULE},
		{{INITRD_JUDGED, INITRD_CUT | INITRD_CASPER}, INITRD_CUT | INITRD_CASPER},
		{{INITRD_CUT, INITRD_CUT}, INITRD_CUT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct index_boot *boot;
		struct image *im;
		struct disc d;
		uint32_t f;

		disc_init(&d, 1);
		disc_fill(&d);
		d.draft.header.judged = 1;
		draft_files(&d)[1].can = cases[i].can[0];
		f = disc_boot_file(&d, INDEX_DIR_INITRD, "second", DISC_EMPTY);
		draft_files(&d)[2].can = cases[i].can[1];
		boot = d.draft.section[INDEX_BOOTS].data;
		disc_need(boot->initrd_first + 1 == index_draft_add(&d.draft, INDEX_REFS, &f));
		boot->initrd_count = 2;
		im = disc_open(&d, 1, "x.iso", 10);
		tap_ok(im->listing.boots[0].can == cases[i].together, "together: case %zu", i);
		image_put(im);
		/* Without any there is nothing to wait for. */
		boot = d.draft.section[INDEX_BOOTS].data;
		boot->initrd_count = 0;
		im = disc_open(&d, 1, "x.iso", 10);
		ok(im->listing.boots[0].can == INITRD_JUDGED);
		image_put(im);
		disc_free(&d);
	}
}

int main(void)
{
	test_copy();
	test_checks();
	test_judge();
	test_published();
	test_kept();
	test_together();
	return tap_done();
}
