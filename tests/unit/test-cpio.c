/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include "cpio.h"
#include "tap.h"

/* Archives byte for byte against one that is written out, against libarchive's reader, and against cpio(1) where
 * there is one; then names and sizes that no archive can have. */

static void need(bool good)
{
	if (!good)
		abort();
}

static int one_size(const char *name, uint64_t file_size, uint64_t *size, struct reason *why)
{
	struct cpio_file f = {.name = name, .size = file_size};

	return cpio_size(&f, 1, size, why);
}

/* The archive of one file. */
static int one_make(const char *name, const struct segment *file, size_t count, struct cpio **out, struct reason *why)
{
	struct cpio_file f = {.name = name, .segments = file, .count = count};

	for (size_t i = 0; i < count; i++)
		if (__builtin_add_overflow(f.size, file[i].length, &f.size))
			f.size = UINT64_MAX;
	return cpio_make(&f, 1, out, why);
}

/* All bytes of an archive, owned by the caller. */
static uint8_t *flat(const struct cpio *c, size_t *size)
{
	uint8_t *bytes = malloc(c->size + 1);
	size_t at = 0;

	need(bytes);
	for (size_t i = 0; i < c->count; i++) {
		const struct segment *s = &c->segments[i];

		need(s->length && at + s->length <= c->size);
		if (s->bytes)
			memcpy(bytes + at, s->bytes, s->length);
		else
			memset(bytes + at, 0, s->length);
		at += s->length;
	}
	need(at == c->size);
	*size = at;
	return bytes;
}

/* --- written out ------------------------------------------------------------------------------- */

#define HEADER(inode, mode, links, size, name) \
	"070701" inode mode "00000000" "00000000" links "00000000" size "00000000" "00000000" "00000000" "00000000" \
	name "00000000"
#define TRAILER HEADER("00000000", "00000000", "00000001", "00000000", "0000000B") "TRAILER!!!\0" "\0\0\0"

static void same(const char *name, const char *content, const void *want, size_t want_size)
{
	struct segment s = {(const uint8_t *)content, strlen(content)};
	struct cpio *c = NULL;
	uint8_t *got;
	size_t size;
	uint64_t said = 0;

	need(!one_make(name, &s, 1, &c, NULL));
	got = flat(c, &size);
	tap_ok(size == want_size && !memcmp(got, want, size), "\"%s\" is as written out", name);
	ok(!one_size(name, s.length, &said, NULL) && said == size);
	free(got);
	cpio_free(c);
}

static void test_written_out(void)
{
	static const char plain[] = HEADER("00000001", "000081A4", "00000001", "00000005", "00000002") "a\0"
				    "hello\0\0\0" TRAILER;
	static const char whole[] = HEADER("00000001", "000081A4", "00000001", "00000004", "00000003") "ab\0" "\0\0\0"
				    "four" TRAILER;
	static const char empty[] =
		HEADER("00000001", "000081A4", "00000001", "00000000", "00000005") "none\0\0" TRAILER;
	static const char deep[] = HEADER("00000001", "000041ED", "00000002", "00000000", "00000005") "conf\0\0"
				   HEADER("00000002", "000041ED", "00000002", "00000000", "0000000C")
				   "conf/conf.d\0" "\0\0"
				   HEADER("00000003", "000081A4", "00000001", "00000003", "0000000E")
				   "conf/conf.d/x\0"
				   "x=1\0" TRAILER;

	/* Less the NUL that C puts behind the text. */
	same("a", "hello", plain, sizeof(plain) - 1);
	same("ab", "four", whole, sizeof(whole) - 1);
	same("none", "", empty, sizeof(empty) - 1);
	same("conf/conf.d/x", "x=1", deep, sizeof(deep) - 1);
}

/* Several files in one archive, one of them empty and one of several pieces. */
static void test_several(void)
{
	static const char want[] = HEADER("00000001", "000081A4", "00000001", "00000005", "00000002") "a\0"
				   "hello\0\0\0"
				   HEADER("00000002", "000081A4", "00000001", "00000000", "00000005") "none\0\0"
				   HEADER("00000003", "000041ED", "00000002", "00000000", "00000005") "conf\0\0"
				   HEADER("00000004", "000081A4", "00000001", "00000004", "00000007")
				   "conf/x\0" "\0\0\0"
				   "x=1\n" TRAILER;
	struct segment hello = {(const uint8_t *)"hello", 5};
	struct segment pieces[] = {{(const uint8_t *)"x", 1}, {NULL, 0}, {(const uint8_t *)"=1\n", 3}};
	struct cpio_file files[] = {{"a", 5, &hello, 1}, {"none", 0, NULL, 0}, {"conf/x", 4, pieces, 3}};
	struct reason why = {""};
	struct cpio *c = NULL;
	uint64_t said = 77;
	uint8_t *got;
	size_t size;

	ok(!cpio_size(files, 3, &said, NULL) && said == sizeof(want) - 1);
	need(!cpio_make(files, 3, &c, NULL));
	got = flat(c, &size);
	tap_ok(size == sizeof(want) - 1 && !memcmp(got, want, size), "three files are as written out");
	ok(c->count == 7 && c->segments[1].bytes == hello.bytes);
	free(got);
	cpio_free(c);
	c = NULL;
	files[2].size = 5;
	ok(cpio_make(files, 3, &c, &why) == -EINVAL && !c && strstr(why.text, "conf/x"));
	files[2].size = 4;
	files[1].name = "none/";
	ok(cpio_make(files, 3, &c, NULL) == -EINVAL && !c);
	files[1] = (struct cpio_file){"none", CPIO_FILE_MAX + 1ull, NULL, 0};
	ok(cpio_make(files, 3, &c, NULL) == -EFBIG && !c);
	ok(!cpio_make(NULL, 0, &c, NULL) && c->count == 1 && c->size == sizeof(TRAILER) - 1);
	cpio_free(c);
}

/* --- read by others ---------------------------------------------------------------------------- */

/* What libarchive finds at the end of the archive, after dirs directories. */
static bool reads_back(const uint8_t *bytes, size_t size, const char *name, const uint8_t *want, size_t want_size,
		       unsigned dirs)
{
	struct archive *a = archive_read_new();
	uint8_t *content = malloc(want_size + 1);
	struct archive_entry *e;
	unsigned seen = 0;
	bool good = true;

	need(a && content && !archive_read_support_format_cpio(a));
	need(!archive_read_open_memory(a, bytes, size));
	for (; seen < dirs && good; seen++) {
		good = archive_read_next_header(a, &e) == ARCHIVE_OK && archive_entry_mode(e) == (S_IFDIR | 0755) &&
		       archive_entry_nlink(e) == 2 && archive_entry_ino(e) == seen + 1 &&
		       !strncmp(archive_entry_pathname(e), name, strlen(archive_entry_pathname(e)));
	}
	good = good && archive_read_next_header(a, &e) == ARCHIVE_OK && !strcmp(archive_entry_pathname(e), name) &&
	       archive_entry_mode(e) == (S_IFREG | 0644) && archive_entry_nlink(e) == 1 && !archive_entry_uid(e) &&
	       !archive_entry_gid(e) && !archive_entry_mtime(e) && archive_entry_ino(e) == dirs + 1 &&
	       archive_entry_size(e) == (int64_t)want_size &&
	       archive_read_data(a, content, want_size + 1) == (la_ssize_t)want_size &&
	       !memcmp(content, want, want_size) && archive_read_next_header(a, &e) == ARCHIVE_EOF &&
	       archive_filter_bytes(a, 0) <= (int64_t)size;
	if (!good)
		printf("# %s of %zu bytes: %s\n", name, want_size,
		       archive_error_string(a) ? archive_error_string(a) : "");
	archive_read_free(a);
	free(content);
	return good;
}

static uint8_t noise[40000];

/* The file in three pieces, the middle one zeros, with empty ones between. */
static bool round_trip(const char *name, size_t size, unsigned dirs)
{
	size_t a = size / 3, b = size / 4;
	struct segment pieces[] = {{noise, a}, {noise, 0}, {NULL, b}, {NULL, 0}, {noise + a + b, size - a - b}};
	uint8_t *want = malloc(size + 1), *got;
	struct cpio *c = NULL;
	size_t got_size;
	bool good;

	need(want && !one_make(name, pieces, ARRAY_SIZE(pieces), &c, NULL));
	memcpy(want, noise, size);
	memset(want + a, 0, b);
	got = flat(c, &got_size);
	good = c->count <= 5 && got_size % 4 == 0 && reads_back(got, got_size, name, want, size, dirs);
	/* The pieces are handed on, not copied. */
	good = good && (!a || c->segments[1].bytes == noise);
	cpio_free(c);
	free(got);
	free(want);
	return good;
}

static void test_round_trips(void)
{
	static const size_t sizes[] = {0,   1,    2,	3,    4,    5,	  6,	 7,	8,     9,    511,
				       512, 513, 2047, 2048, 2049, 4095, 4096, 39997, 39998, 39999, 40000};
	char name[CPIO_NAME_MAX + 1];
	unsigned good = 0, run = 0;

	for (size_t n = 1; n <= CPIO_NAME_MAX; n += n < 12 ? 1 : 27) {
		memset(name, 'n', n);
		name[n] = 0;
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++, run++)
			good += round_trip(name, sizes[i], 0);
	}
	tap_ok(good == run && run > 400, "names and files of %u lengths are read back by libarchive (%u)", run, good);
	good = run = 0;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++, run += 3)
		good += round_trip("a/b", sizes[i], 1) + round_trip("var/lib/dracut/hooks/x.sh", sizes[i], 4) +
			round_trip("a/bc/def/ghij/klmno/p", sizes[i], 5);
	tap_ok(good == run, "and those in directories (%u of %u)", good, run);
	ok(round_trip("proxmox.iso", 100, 0) && round_trip("image.squashfs.img", 40000, 0) &&
	   round_trip("grün", 5, 0));
}

/* What cpio(1) lists of two archives, one after the other as a boot loader puts them. */
static void test_command(void)
{
	struct segment s = {noise, 4099};
	struct cpio *first = NULL, *second = NULL;
	char command[] = "TZ=UTC LC_ALL=C cpio -itvn --quiet 2>&1 <XXXXXXXXXXXXXXXXXXXXXXXX";
	char path[] = "/tmp/test-cpio-XXXXXX";
	char text[4096];
	uint8_t *bytes;
	size_t size, len;
	FILE *f;
	int fd;

	if (system("cpio --version >/dev/null 2>&1")) {
		printf("# no cpio(1) here\n");
		return;
	}
	fd = mkstemp(path);
	need(fd >= 0 && !one_make("etc/issue", &s, 1, &first, NULL) && !one_make("b", &s, 1, &second, NULL));
	bytes = flat(first, &size);
	need(!write_full(fd, bytes, size));
	free(bytes);
	snprintf(strchr(command, '<') + 1, sizeof(path), "%s", path);
	f = popen(command, "r");
	need(f);
	len = fread(text, 1, sizeof(text) - 1, f);
	text[len] = 0;
	ok(pclose(f) == 0);
	tap_ok(strstr(text, "drwxr-xr-x   2 0        0               0 Jan  1  1970 etc\n") == text &&
		       strstr(text, "-rw-r--r--   1 0        0            4099 Jan  1  1970 etc/issue\n") &&
		       strchr(strchr(text, '\n') + 1, '\n')[1] == 0,
	       "cpio lists the directory and the file, and nothing else");
	printf("# %s", text);
	bytes = flat(second, &size);
	need(!write_full(fd, bytes, size));
	free(bytes);
	ok((first->size + second->size) % 4 == 0);
	close(fd);
	unlink(path);
	cpio_free(first);
	cpio_free(second);
}

/* --- limits ------------------------------------------------------------------------------------ */

static void test_sizes(void)
{
	struct segment huge = {NULL, CPIO_FILE_MAX};
	struct segment over[] = {{NULL, CPIO_FILE_MAX}, {NULL, 1}};
	struct segment wraps[] = {{NULL, UINT64_MAX}, {NULL, 2}, {NULL, 1}};
	struct cpio *c = NULL;
	struct reason why = {""};
	uint64_t size = 77;

	/* Header, name, 4 GiB - 1, one byte of padding, the end. */
	ok(!one_size("x", CPIO_FILE_MAX, &size, &why) && size == 112 + (1ull << 32) + 124);
	ok(!one_make("x", &huge, 1, &c, &why) && c->size == size && c->count == 3);
	ok(!memcmp(c->segments[0].bytes + 54, "FFFFFFFF", 8) && c->segments[1].length == CPIO_FILE_MAX &&
	   c->segments[2].length == 125);
	cpio_free(c);
	c = NULL;
	size = 77;
	ok(one_size("big", CPIO_FILE_MAX + 1ull, &size, &why) == -EFBIG && size == 77 && strstr(why.text, "4 GiB") &&
	   strstr(why.text, "big"));
	ok(one_make("x", over, 2, &c, &why) == -EFBIG && one_make("x", wraps, 3, &c, &why) == -EFBIG && !c);
	ok(one_size("x", UINT64_MAX, &size, NULL) == -EFBIG && size == 77);
	ok(!one_make("x", NULL, 0, &c, NULL) && c->count == 2 && c->size == 112 + 124);
	cpio_free(c);
	cpio_free(NULL);
}

static void test_names(void)
{
	static const char *const bad[] = {"",	   "/",	   "/x",     "x/",	   "a//b",	   ".",
					  "..",	   "./x",  "a/./b",  "a/..",	   "../x",	   "a/../b",
					  "tab\t", "\177", "esc\033", "TRAILER!!!", "TRAILER!!!/x", "new\nline"};
	static const char *const good[] = {"x", "...", "..x", ".x", "a/b", "a/...", "a b", "TRAILER!!", "TRAILER!!!!",
					   "x/TRAILER!!!", "gr\303\274n"};
	char name[CPIO_NAME_MAX + 2];
	struct cpio *c = NULL;
	struct reason why;
	uint64_t size = 77;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		why.text[0] = 0;
		tap_ok(!cpio_name_ok(bad[i]) && one_size(bad[i], 1, &size, &why) == -EINVAL && size == 77 &&
			       why.text[0] && one_make(bad[i], NULL, 0, &c, NULL) == -EINVAL && !c,
		       "bad name %zu is refused", i);
	}
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		tap_ok(cpio_name_ok(good[i]), "\"%s\" is a name", good[i]);
	memset(name, 'n', sizeof(name));
	name[CPIO_NAME_MAX + 1] = 0;
	ok(!cpio_name_ok(name));
	name[CPIO_NAME_MAX] = 0;
	ok(cpio_name_ok(name));
}

int main(void)
{
	uint32_t state = 1;

	for (size_t i = 0; i < sizeof(noise); i++) {
		state = state * 1664525u + 1013904223u;
		noise[i] = (uint8_t)(state >> 24);
	}
	test_written_out();
	test_several();
	test_round_trips();
	test_command();
	test_sizes();
	test_names();
	return tap_done();
}
