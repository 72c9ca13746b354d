/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "tap.h"

static void test_reason(void)
{
	struct reason why;
	char long_text[400];

	ok(reason_set(NULL, -EBADMSG, "nobody asks") == -EBADMSG);
	ok(reason_set(&why, -EIO, "file \"%s\"", "a\n\033[31mb\x7f") == -EIO);
	tap_ok(strcmp(why.text, "file \"a??[31mb?\"") == 0, "control characters become '?': %s", why.text);
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	reason_set(&why, 0, "%s", long_text);
	ok(strlen(why.text) == sizeof(why.text) - 1);
}

static void test_range(void)
{
	ok(range_inside(0, 0, 0));
	ok(range_inside(0, 10, 10));
	ok(range_inside(10, 0, 10));
	ok(!range_inside(11, 0, 10));
	ok(!range_inside(1, 10, 10));
	ok(!range_inside(UINT64_MAX, 1, UINT64_MAX));
	ok(!range_inside(2, UINT64_MAX - 1, UINT64_MAX));
	ok(range_inside(1, UINT64_MAX - 1, UINT64_MAX));
}

static void test_numbers(void)
{
	static const uint8_t bytes[] = { 0x11, 0x01, 0x82, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8 };

	ok(le16(bytes + 1) == 0x8201);
	ok(le32(bytes + 1) == 0xf4f38201u);
	ok(le64(bytes + 1) == 0xf8f7f6f5f4f38201u);
	ok(timespec_cmp((struct timespec){ 1, 5 }, (struct timespec){ 1, 5 }) == 0);
	ok(timespec_cmp((struct timespec){ 1, 5 }, (struct timespec){ 1, 6 }) == -1);
	ok(timespec_cmp((struct timespec){ 2, 0 }, (struct timespec){ 1, 6 }) == 1);
}

static void test_read_write(void)
{
	char buf[8] = "";
	int fd = memfd_create("test-base", MFD_CLOEXEC), pipe_fds[2];

	if (!tap_ok(fd >= 0, "a temporary file"))
		return;
	ok(write_full(fd, "0123456789", 10) == 0);
	ok(pread_full(fd, buf, 4, 3) == 0 && memcmp(buf, "3456", 4) == 0);
	ok(pread_full(fd, buf, 4, 7) == -ENODATA);
	ok(pread_full(fd, buf, 1, 10) == -ENODATA);
	ok(pread_full(fd, buf, 0, 10) == 0);
	ok(pread_full(fd, buf, 1, (uint64_t)INT64_MAX + 1) == -EINVAL);
	ok(pread_full(-1, buf, 1, 0) == -EBADF);
	ok(write_full(-1, buf, 1) == -EBADF);
	close(fd);
	if (!tap_ok(pipe(pipe_fds) == 0, "a pipe"))
		return;
	ok(pread_full(pipe_fds[0], buf, 1, 0) == -ESPIPE);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

static void test_cleanup(void)
{
	char *kept = NULL;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), number = fd;

	{
		cleanup_free char *text = strdup("text");
		cleanup_fd int inner = fd;

		errno = ENOTTY;
		kept = steal_pointer(text);
		ok(text == NULL);
		ok(inner == number);
	}
	ok(errno == ENOTTY);
	ok(kept && strcmp(kept, "text") == 0);
	ok(fcntl(number, F_GETFD) == -1 && errno == EBADF);
	free(kept);
	fd_close(&fd);
	ok(fd == -1);
	fd_close(&fd);
}

static void test_array(void)
{
	uint32_t *numbers = NULL;
	size_t room = 0, before;
	bool same = true;

	for (size_t i = 0; i < 1000; i++) {
		if (array_grow(&numbers, &room, i, sizeof(*numbers)) != 0)
			break;
		numbers[i] = (uint32_t)i * 7;
	}
	ok(room >= 1000);
	for (size_t i = 0; i < 1000 && room >= 1000; i++)
		same = same && numbers[i] == (uint32_t)i * 7;
	ok(same);
	before = room;
	ok(array_grow(&numbers, &room, SIZE_MAX / 2 + 1, sizeof(*numbers)) == -ENOMEM);
	ok(array_grow(&numbers, &room, SIZE_MAX / 8, sizeof(*numbers)) == -ENOMEM);
	ok(room == before && numbers[999] == 6993);
	free(numbers);
}

int main(void)
{
	test_reason();
	test_range();
	test_numbers();
	test_read_write();
	test_cleanup();
	test_array();
	return tap_done();
}
