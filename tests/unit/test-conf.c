/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "conf.h"
#include "tap.h"

static const char whole[] =
	"# the lab's\n"
	"title = Rescue system\n"
	"  of the lab\n"
	"hidden = yes\n"
	"default: Live system (amd64)\n"
	"timeout = 5\n"
	"way = http\n"
	"append = console=tty0\n"
	"\tconsole=ttyS0,115200 ds=nocloud;s=x\n"
	"remove = quiet vga=*\n"
	"append = last\n"
	"answer = lab.answer.ks\n"
	"\n"
	"[entry a]\n"
	"title = Serial\n"
	"kernel = /live/vmlinuz\n"
	"initrd = /ucode.img /live/initrd.img\n"
	"append = boot=live @server@:@iso@\n"
	"[entry b]\n"
	"kernel = /memtest\n"
	"title = Memory\n";

static bool list_is(char *const *words, const char *wanted)
{
	char joined[512] = "";

	for (; words && *words; words++)
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s|", *words);
	if (strcmp(joined, wanted))
		printf("# got %s\n", joined);
	return !strcmp(joined, wanted);
}

static void test_whole(void)
{
	struct reason why = { "" };
	struct conf *c = NULL;

	if (!tap_ok(!conf_parse(whole, strlen(whole), &c, &why), "a file with everything: %s", why.text))
		return;
	ok(!strcmp(c->title, "Rescue system of the lab"));
	ok(!strcmp(c->default_title, "Live system (amd64)"));
	ok(c->hidden == CONF_YES && c->timeout == 5 && c->way == CONF_WAY_HTTP);
	ok(!strcmp(c->answer, "lab.answer.ks"));
	ok(list_is(c->append, "console=tty0|console=ttyS0,115200|ds=nocloud;s=x|last|"));
	ok(list_is(c->remove, "quiet|vga=*|"));
	ok(c->entry_count == 2);
	ok(!strcmp(c->entries[0].title, "Serial") && !strcmp(c->entries[0].kernel, "/live/vmlinuz"));
	ok(list_is(c->entries[0].initrds, "/ucode.img|/live/initrd.img|"));
	ok(list_is(c->entries[0].words, "boot=live|@server@:@iso@|"));
	ok(!strcmp(c->entries[1].kernel, "/memtest") && !c->entries[1].words);
	conf_free(c);
}

static const struct {
	const char *text, *why;
} refused[] = {
	{ "titel = x\n", "titel" },
	{ "title =\n", "title" },
	{ "title\n", "line 1" },
	{ "hidden = maybe\n", "maybe" },
	{ "timeout = -1\n", "-1" },
	{ "timeout = 5s\n", "5s" },
	{ "timeout = 99999999999999999999\n", "timeout" },
	{ "way = smb\n", "smb" },
	{ "answer = ../etc/shadow\n", "answer" },
	{ "answer = .hidden.answer\n", "answer" },
	{ "answer = lab.ks\n", "lab.ks" },
	{ "[image]\ntitle = x\n", "[image]" },
	{ "[entry a]\ntitle = x\n", "kernel" },
	{ "[entry a]\nkernel = /x\n", "title" },
	{ "[entry a]\ntitle = x\nkernel = boot/x\n", "kernel" },
	{ "[entry a]\ntitle = x\nkernel = /x\ninitrd = y\n", "initrd" },
	{ "[entry a]\nhidden = yes\n", "hidden" },
};

static void test_refused(void)
{
	static const char nothing[] = "append =\nremove =\n[entry a]\ntitle = x\nkernel = /k\ninitrd =\nappend =\n";
	char text[CONF_FILE_MAX + 2], longest[256];
	struct reason why;
	struct conf *c = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		int r = conf_parse(refused[i].text, strlen(refused[i].text), &c, &why);

		if (!tap_ok(r == -EINVAL && !c && strstr(why.text, refused[i].why),
			    "refused with the cause, case %zu", i))
			printf("# %d \"%s\"\n", r, why.text);
	}
	ok(conf_parse("a\0b", 3, &c, &why) == -EINVAL && strstr(why.text, "text"));
	memset(text, '\n', sizeof(text));
	ok(conf_parse(text, CONF_FILE_MAX + 1, &c, &why) == -EINVAL);
	ok(conf_parse(text, CONF_FILE_MAX, &c, &why) == 0 && c && !c->title);
	conf_free(c);
	c = NULL;
	/* A longer line would reach the parser in two pieces, the second perhaps a key of its own. */
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, "title = ", 8);
	ok(conf_parse(longest, 197, &c, &why) == 0 && strlen(c->title) == 189);
	conf_free(c);
	c = NULL;
	ok(conf_parse(longest, 198, &c, &why) == -EINVAL && !c && strstr(why.text, "line 1 is longer"));
	/* Nothing said is nothing. */
	ok(conf_parse(nothing, strlen(nothing), &c, &why) == 0);
	ok(c && !c->append && c->entry_count == 1 && !c->entries[0].initrds && !c->entries[0].words);
	conf_free(c);
	c = NULL;
	ok(conf_parse("", 0, &c, &why) == 0 && c->timeout == CONF_TIMEOUT_UNSAID && c->hidden == CONF_UNSAID);
	conf_free(c);
}

static void test_limits(void)
{
	static char text[CONF_FILE_MAX];
	struct reason why;
	struct conf *c = NULL;
	size_t n = 0;

	for (unsigned i = 0; i <= CONF_WORDS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "append = w%u\n", i);
	ok(conf_parse(text, n, &c, &why) == -EINVAL && strstr(why.text, "more than"));
	n = 0;
	for (unsigned i = 0; i <= CONF_ENTRIES; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "[entry %u]\ntitle = t\nkernel = /k\n", i);
	ok(conf_parse(text, n, &c, &why) == -EINVAL && strstr(why.text, "more than"));
}

static struct conf *parsed(const char *text)
{
	struct reason why;
	struct conf *c = NULL;

	if (conf_parse(text, strlen(text), &c, &why))
		tap_ok(false, "%s: %s", text, why.text);
	return c;
}

static void test_merge(void)
{
	struct conf *far = parsed("title = Far\ntimeout = never\nappend = a b\nway = nfs\n"
				  "[entry x]\ntitle = X\nkernel = /x\n");
	struct conf *near = parsed("title = Near\nhidden = no\nappend = c\nremove = d\n"
				   "[entry x]\ntitle = Y\nkernel = /y\n");
	struct conf *both = NULL;

	ok(conf_merge(far, near, &both) == 0);
	ok(!strcmp(both->title, "Near") && both->timeout == CONF_TIMEOUT_NEVER && both->way == CONF_WAY_NFS);
	ok(both->hidden == CONF_NO);
	ok(list_is(both->append, "a|b|c|") && list_is(both->remove, "d|"));
	ok(both->entry_count == 2 && !strcmp(both->entries[0].title, "X") && !strcmp(both->entries[1].title, "Y"));
	conf_free(both);
	ok(conf_merge(NULL, NULL, &both) == 0 && !both->title && both->timeout == CONF_TIMEOUT_UNSAID);
	conf_free(both);
	ok(conf_merge(NULL, near, &both) == 0 && !strcmp(both->title, "Near"));
	conf_free(both);
	conf_free(far);
	conf_free(near);
	conf_free(NULL);
}

int main(void)
{
	test_whole();
	test_refused();
	test_limits();
	test_merge();
	return tap_done();
}
