/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "loader.h"
#include "log.h"
#include "tap.h"

/* Packs of a loader directory: what goes in, what is left out, and packs that are damaged. */

static char top[PATH_MAX];

__attribute__((format(printf, 1, 2))) static void run(const char *fmt, ...)
{
	char command[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	if (system(command)) {
		printf("Bail out! %s\n", command);
		exit(1);
	}
}

struct listing {
	char text[65536]; /* "path=content " in the order of the pack */
	size_t files, bytes;
	struct timespec mtime; /* of the last */
	int stop;	       /* what to return */
};

static int list_one(void *ctx, const char *path, size_t offset, size_t size, struct timespec mtime,
		    struct blob *pack)
{
	struct listing *l = ctx;
	size_t used = strlen(l->text);

	l->files++;
	l->bytes += size;
	l->mtime = mtime;
	if (!range_inside(offset, size, pack->size))
		abort();
	if (used + strlen(path) + 30 < sizeof(l->text))
		snprintf(l->text + used, sizeof(l->text) - used, "%s=%.*s ", path,
			 (int)(size < 20 ? size : 20), (const char *)pack->map + offset);
	return l->stop;
}

static int list_fd(int fd, struct listing *l)
{
	struct blob *pack;
	int r = loader_open(fd, &pack);

	*l = (struct listing){.stop = l->stop};
	if (r)
		return r;
	r = loader_each(pack, list_one, l);
	blob_put(pack);
	return r;
}

static struct listing list;

static bool pack_is(const char *dir, const char *want)
{
	int fd = -1, r = loader_pack(dir, &fd);

	if (!r)
		r = list_fd(fd, &list);
	if (fd >= 0)
		close(fd);
	if (r || strcmp(list.text, want))
		printf("# %d, \"%s\"\n", r, list.text);
	return !r && !strcmp(list.text, want);
}

/* --- what goes in ------------------------------------------------------------------------------ */

static void test_empty(void)
{
	int fd = -1;
	struct stat st;

	tap_ok(pack_is("absent", ""), "an absent directory is an empty pack");
	run("mkdir none");
	ok(pack_is("none", "") && list.files == 0);
	ok(!loader_pack("none", &fd) && !fstat(fd, &st) && st.st_size == 0);
	close(fd);
	run("echo x >file");
	tap_ok(pack_is("file", ""), "a file is no directory");
}

static void test_tree(void)
{
	int fd;

	run("mkdir -p a/i386-pc a/x86_64-efi/deep && printf core >a/grub.pxe && printf m >a/i386-pc/b.mod && "
	    "printf n >a/i386-pc/a.mod && : >a/empty && printf d >a/x86_64-efi/deep/x+y-z_0 && touch -d "
	    "@1234567890.5 "
	    "a/x86_64-efi/deep/x+y-z_0");
	ok(pack_is("a", "empty= grub.pxe=core i386-pc/a.mod=n i386-pc/b.mod=m x86_64-efi/deep/x+y-z_0=d "));
	ok(list.mtime.tv_sec == 1234567890 && list.mtime.tv_nsec == 500000000);
	ok(!loader_pack("a", &fd) && fcntl(fd, F_GET_SEALS) & F_SEAL_WRITE &&
	   fcntl(fd, F_GET_SEALS) & F_SEAL_SHRINK);
	run("printf changed >a/grub.pxe");
	list.stop = -EXDEV;
	tap_ok(list_fd(fd, &list) == -EXDEV && list.files == 1, "what stops the listing is what it returns");
	list.stop = 0;
	ok(!list_fd(fd, &list) && strstr(list.text, "grub.pxe=core "));
	close(fd);
}

/* Equal directories give equal packs, whatever order the disk has them in. */
static void test_equal(void)
{
	struct stat s1, s2;
	int one = -1, two = -1;

	run("mkdir p q && for i in 1 2 3 4 5 6 7 8 9; do printf $i >p/$i; done && for i in 9 3 1 7 5 8 2 6 "
	    "4; do "
	    "printf $i >q/$i; done && touch -d @1000000000 p/* q/*");
	ok(!loader_pack("p", &one) && !loader_pack("q", &two) && !fstat(one, &s1) && !fstat(two, &s2));
	if (ok(s1.st_size == s2.st_size && s1.st_size > 0)) {
		void *a = mmap(NULL, (size_t)s1.st_size, PROT_READ, MAP_SHARED, one, 0);
		void *b = mmap(NULL, (size_t)s1.st_size, PROT_READ, MAP_SHARED, two, 0);

		ok(!memcmp(a, b, (size_t)s1.st_size));
		munmap(a, (size_t)s1.st_size);
		munmap(b, (size_t)s1.st_size);
	}
	close(one);
	close(two);
}

static void test_names(void)
{
	char longer[260];

	run("mkdir -p odd/.hidden odd/'with blank' odd/good && printf 1 >odd/.dot && printf 2 >odd/'a b' && "
	    "printf 3 "
	    ">odd/semi\\;colon && printf 4 >odd/'with blank'/x && printf 5 >odd/.hidden/x && printf 6 "
	    ">odd/good/x && "
	    "printf 7 >\"$(printf 'odd/\\303\\244')\" && printf 8 >\"$(printf 'odd/new\\nline')\" && mkfifo "
	    "odd/fifo && "
	    "printf 9 >odd/ok");
	ok(pack_is("odd", "good/x=6 ok=9 "));
	memset(longer, 'n', 255);
	longer[255] = 0;
	run("mkdir long && printf x >long/%s && printf y >long/short", longer);
	tap_ok(pack_is("long", "short=y "), "a path over 200 bytes is left out");
	run("mkdir -p d/1/2/3/4/5/6/7 && for p in d d/1 d/1/2/3/4/5 d/1/2/3/4/5/6 d/1/2/3/4/5/6/7; do printf "
	    "x >$p/f; done");
	tap_ok(pack_is("d", "1/2/3/4/5/6/f=x 1/2/3/4/5/f=x 1/f=x f=x "), "six levels");
}

static void test_links(void)
{
	run("mkdir -p in/sub out && printf s >in/sub/real && printf o >out/secret && ln -s sub/real in/good "
	    "&& "
	    "ln -s %s/in/sub in/subdir && ln -s ../out/secret in/bad1 && ln -s /etc/hostname in/bad2 && ln "
	    "-s nowhere in/bad3 && "
	    "ln -s ../out in/bad4 && ln -s bad6 in/bad5 && ln -s bad5 in/bad6 && ln -s sub/../../out/secret "
	    "in/bad7 && "
	    "ln -s ../in/sub/real in/good2 && printf s >inside && ln -s ../inside in/bad8",
	    top);
	ok(pack_is("in", "good=s good2=s sub/real=s subdir/real=s "));
	run("ln -s in linked");
	tap_ok(pack_is("linked", "good=s good2=s sub/real=s subdir/real=s "),
	       "the directory itself may be a link");
	run("mkdir loop && printf f >loop/f && ln -s . loop/self && ln -s ../loop loop/up");
	tap_ok(pack_is("loop", "f=f "), "a link to the directory itself adds nothing");
	run("mkdir -p cycle/a && printf f >cycle/a/f && ln -s ../a cycle/a/again");
	ok(!strncmp(pack_is("cycle", "") ? "" : list.text, "a/again/", 8) && list.files <= 7);
	if (geteuid() != 0) {
		run("mkdir shut && printf 1 >shut/a && printf 2 >shut/b && chmod 0 shut/a");
		tap_ok(pack_is("shut", "b=2 "), "what cannot be read is left out");
	}
}

static void test_large(void)
{
	run("mkdir big && printf x >big/a && truncate -s 67108865 big/b && printf z >big/c");
	tap_ok(pack_is("big", "a=x c=z "), "a file over 64 MiB is left out");
	run("rm big/b && truncate -s 67108864 big/b");
	ok(!pack_is("big", "") && list.files == 3 && list.bytes == 67108864 + 2);
	run("for i in 1 2 3 4; do truncate -s 67108864 big/d$i; done");
	tap_ok(!pack_is("big", "") && list.bytes <= 256u << 20 && list.files >= 5, "256 MiB in all (%zu)",
	       list.bytes);
	run("rm -r big");
}

static void test_watch(void)
{
	struct pollfd p = {.events = POLLIN};
	static const char *const changes[] = {"printf x >w/new",  "printf y >w/sub/deep/f",
					      "mv w/new w/newer", "rm w/newer",
					      "mkdir w/dir",	  "rm -r w/sub"};
	int fd = 7;

	loader_watch("absent", &fd);
	ok(fd == -1);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		run("rm -rf w && mkdir -p w/sub/deep && : >w/newer && : >w/new");
		loader_watch("w", &fd);
		p.fd = fd;
		if (!ok(fd >= 0))
			return;
		ok(poll(&p, 1, 0) == 0);
		run("%s", changes[i]);
		tap_ok(poll(&p, 1, 10000) == 1, "\"%s\" is seen", changes[i]);
		close(fd);
	}
}

/* --- damaged packs ----------------------------------------------------------------------------- */

static int list_bytes(const void *bytes, size_t size)
{
	int fd = memfd_create("pack", MFD_CLOEXEC), r;

	if (fd < 0 || write_full(fd, bytes, size))
		abort();
	r = list_fd(fd, &list);
	close(fd);
	return r;
}

static void test_damaged(void)
{
	unsigned good = 0, bad = 0, other = 0, cut = 0;
	uint64_t state = 88172645463325252ull;
	uint8_t *bytes, *copy;
	struct stat st;
	int fd = -1;

	if (!ok(!loader_pack("a", &fd) && !fstat(fd, &st)))
		return;
	bytes = malloc((size_t)st.st_size);
	copy = malloc((size_t)st.st_size);
	if (pread_full(fd, bytes, (size_t)st.st_size, 0))
		abort();
	close(fd);
	ok(!list_bytes(bytes, (size_t)st.st_size) && list.files == 5);
	for (size_t n = 1; n < (size_t)st.st_size; n++) {
		int r = list_bytes(bytes, n);

		cut += r == -EBADMSG || (!r && list.files < 5);
	}
	tap_ok(cut == st.st_size - 1, "a pack cut anywhere is shorter or refused");
	for (unsigned i = 0; i < 5000; i++) {
		int r;

		memcpy(copy, bytes, (size_t)st.st_size);
		for (int k = 0; k < 1 + (int)(i % 3); k++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			copy[state % (size_t)st.st_size] ^= (uint8_t)(1u << (state >> 40) % 8);
		}
		r = list_bytes(copy, (size_t)st.st_size);
		good += !r;
		bad += r == -EBADMSG;
		other += r && r != -EBADMSG;
	}
	tap_ok(good && bad && !other, "flipped bits are harmless or refused (%u, %u)", good, bad);
	ok(loader_open(-1, &(struct blob *){NULL}) < 0);
	free(bytes);
	free(copy);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s/test-loader.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir) || chdir(dir) || !getcwd(top, sizeof(top)))
		tap_skip("no temporary directory");
	test_empty();
	test_tree();
	test_equal();
	test_names();
	test_links();
	test_watch();
	test_damaged();
	test_large();
	if (chdir("/"))
		return 1;
	run("rm -r '%s'", top);
	return tap_done();
}
