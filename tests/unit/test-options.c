/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <limits.h>
#include <sys/stat.h>

#include "options.h"
#include "tap.h"

/* The command line: every option, what mount(8) and mount.fuse3 add, wrong usage in one line, and where
 * places may not lie. Works in a directory of its own with watch/, mnt/, mnt/inside/, other/, file.iso, and
 * links to them. */

#define ARGS_MOST 16

static char top[PATH_MAX];

/* Splits at blanks; "@" is the directory. */
static int parse(struct options *o, struct reason *why, const char *line)
{
	static char words[ARGS_MOST][PATH_MAX + 512];
	char *argv[ARGS_MOST + 1], copy[2048], *save = NULL;
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	snprintf(words[argc], sizeof(words[0]), "pxefs");
	argv[argc] = words[argc];
	argc++;
	for (char *w = strtok_r(copy, " ", &save); w && argc < ARGS_MOST; w = strtok_r(NULL, " ", &save)) {
		char *out = words[argc];

		for (; *w; w++)
			out += sprintf(out, "%.*s", *w == '@' ? PATH_MAX : 1, *w == '@' ? top : w);
		*out = 0;
		argv[argc] = words[argc];
		argc++;
	}
	argv[argc] = NULL;
	why->text[0] = 0;
	return options_parse(argc, argv, o, why);
}

static bool is_path(const char *have, const char *below)
{
	char want[PATH_MAX + 256];

	snprintf(want, sizeof(want), "%s/%s", top, below);
	return have && !strcmp(have, want);
}

static bool is_text(const char *have, const char *want)
{
	return have && want ? !strcmp(have, want) : have == want;
}

/* --- what is right ----------------------------------------------------------------------------- */

static void test_plain(void)
{
	struct options o;
	struct reason why;

	ok(!parse(&o, &why, "watch mnt") && o.mode == OPTIONS_MOUNT && !why.text[0]);
	ok(is_path(o.watch, "watch") && is_path(o.mount, "mnt") && is_text(o.source, "watch"));
	tap_ok(is_path(o.nfs, "mnt"), "clients mount the mount point unless told otherwise");
	ok(!o.foreground && !o.debug && !o.single && !o.symfollow && !o.server && !o.http && !o.context);
	ok(o.timeout == 86400 && o.grace == 86400 && o.poll == 2 && o.loader && o.loader[0] == '/');
	options_free(&o);
	ok(!o.watch && !o.mount && !o.nfs);
	options_free(&o);
	ok(!parse(&o, &why, "-f -s watch mnt") && o.foreground && o.single && !o.debug);
	options_free(&o);
	ok(!parse(&o, &why, "-d watch mnt") && o.foreground && o.debug);
	options_free(&o);
	ok(!parse(&o, &why, "-fds watch mnt") && o.foreground && o.debug && o.single);
	options_free(&o);
	ok(!parse(&o, &why, "@/watch/ @/mnt// -o server=10.0.0.1 -f") && o.foreground &&
	   is_path(o.mount, "mnt"));
	ok(is_path(o.watch, "watch") && is_text(o.server, "10.0.0.1"));
	options_free(&o);
	ok(!parse(&o, &why, "link/../watch ./mnt/.") && is_path(o.mount, "mnt"));
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt-link") && is_path(o.mount, "mnt") && is_path(o.nfs, "mnt"));
	options_free(&o);
	tap_ok(!parse(&o, &why, "not-there-yet mnt") && is_path(o.watch, "not-there-yet"),
	       "WATCHDIR may come later");
	options_free(&o);
	ok(!parse(&o, &why, "watch /dev/fd/7") && is_text(o.mount, "/dev/fd/7") && is_text(o.nfs, "/pxe"));
	options_free(&o);
	ok(!parse(&o, &why, "-- watch mnt"));
	options_free(&o);
}

static void test_values(void)
{
	struct options o;
	struct reason why;

	ok(!parse(
		&o, &why,
		"watch mnt -o server=192.0.2.7,nfs=/srv/pxe/,http,loader=other,state=other/state,symfollow"));
	ok(is_text(o.server, "192.0.2.7") && is_text(o.nfs, "/srv/pxe") && is_text(o.http, "") &&
	   o.symfollow);
	ok(is_path(o.loader, "other") && is_path(o.state, "other/state"));
	options_free(&o);
	ok(!parse(&o, &why,
		  "watch mnt -o timeout=0 -o grace=7,poll=2147483647 -ohttp=http://192.0.2.7:8080/pxe"));
	ok(o.timeout == 0 && o.grace == 7 && o.poll == INT_MAX &&
	   is_text(o.http, "http://192.0.2.7:8080/pxe"));
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt -o state=,loader=") && is_text(o.state, "") && is_text(o.loader, ""));
	options_free(&o);
	tap_ok(!parse(&o, &why, "watch mnt -o grace=1,grace=2,server=10.1.1.1,server=10.2.2.2") &&
		       o.grace == 2 && is_text(o.server, "10.2.2.2"),
	       "the last one counts");
	options_free(&o);
	tap_ok(!parse(&o, &why, "watch mnt -o nfs=/") && is_text(o.nfs, ""),
	       "the tree may be the root of the export");
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt -o nfs=/a") && is_text(o.nfs, "/a"));
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt") && o.menu_timeout == 0 && !o.menu_default);
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt -o menu-timeout=30,menu-default=folder/name") && o.menu_timeout == 30 &&
	   is_text(o.menu_default, "folder/name"));
	ok(options_menu_site(&o).timeout == 30 && is_text(options_menu_site(&o).start, "folder/name") &&
	   is_text(options_menu_site(&o).nfs, o.nfs));
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt -o menu-default=local") && is_text(o.menu_default, "local"));
	options_free(&o);
}

static void test_escapes(void)
{
	struct options o;
	struct reason why;

	ok(!parse(&o, &why, "watch mnt -o loader=@/with\\,comma,grace=5") &&
	   is_path(o.loader, "with,comma") && o.grace == 5);
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt -o loader=@/with\\\\back") && is_path(o.loader, "with\\back"));
	options_free(&o);
	ok(!parse(&o, &why, "watch mnt -o ,,grace=5,,") && o.grace == 5);
	options_free(&o);
	tap_ok(parse(&o, &why, "watch mnt -o server=1.2.3.4\\,grace=5") == -EINVAL,
	       "an escaped comma ends no option");
	options_free(&o);
}

/* What fstab lines have, and what mount.fuse3 and systemd add. None changes anything. */
static void test_mount_words(void)
{
	static const char words[] =
		"rw,ro,dev,suid,exec,nodev,nosuid,noexec,atime,noatime,relatime,norelatime,strictatime,"
		"nostrictatime,diratime,nodiratime,sync,async,dirsync,mand,nomand,lazytime,nolazytime,"
		"silent,loud,iversion,noiversion,nosymfollow,defaults,auto,noauto,user,user=joe,nouser,"
		"users,nousers,owner,noowner,group,nogroup,_netdev,nofail,comment=x,x-systemd.automount,"
		"x-systemd.requires-mounts-for=/srv/iso,X-mount.mkdir,allow_other,default_permissions,"
		"fsname=x,subtype=pxefs,max_read=131072";
	struct options o, plain;
	struct reason why;
	char line[2048], word[64];
	unsigned refused = 0;

	for (const char *p = words; *p; p += strcspn(p, ",") + (p[strcspn(p, ",")] == ',')) {
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, ","), p);
		snprintf(line, sizeof(line), "watch mnt -o %s", word);
		if (parse(&o, &why, line)) {
			printf("# %s: %s\n", word, why.text);
			refused++;
		}
		options_free(&o);
	}
	tap_ok(!refused, "mount(8)'s words are accepted");
	snprintf(line, sizeof(line), "watch mnt -o %s", words);
	ok(!parse(&o, &why, line) && !parse(&plain, &why, "watch mnt"));
	ok(!o.symfollow && !o.foreground && o.timeout == plain.timeout && is_text(o.nfs, plain.nfs) &&
	   !o.context);
	options_free(&o);
	options_free(&plain);
	ok(!parse(&o, &why, "watch mnt -o context=system_u:object_r:x:s0,rw,rootcontext=y"));
	ok(o.context && strstr(o.context, "context=system_u:object_r:x:s0") &&
	   strstr(o.context, "rootcontext=y"));
	options_free(&o);
}

static void test_modes(void)
{
	struct options o;
	struct reason why;

	ok(!parse(&o, &why, "--list watch") && o.mode == OPTIONS_LIST && is_path(o.watch, "watch") &&
	   !o.mount);
	tap_ok(is_text(o.nfs, "/pxe"), "without a mount, paths are those of a tree at /pxe");
	options_free(&o);
	ok(!parse(&o, &why, "watch --dump -o server=10.0.0.1,nfs=/x") && o.mode == OPTIONS_DUMP &&
	   is_text(o.nfs, "/x"));
	options_free(&o);
	ok(!parse(&o, &why, "--explain file.iso") && o.mode == OPTIONS_EXPLAIN &&
	   is_path(o.watch, "file.iso"));
	options_free(&o);
	ok(!parse(&o, &why, "-h") && o.mode == OPTIONS_HELP);
	options_free(&o);
	ok(!parse(&o, &why, "--help") && o.mode == OPTIONS_HELP);
	options_free(&o);
	ok(!parse(&o, &why, "-V") && o.mode == OPTIONS_VERSION);
	options_free(&o);
	ok(!parse(&o, &why, "--version") && o.mode == OPTIONS_VERSION);
	options_free(&o);
}

static void test_state(void)
{
	struct options o;
	struct reason why;

	setenv("XDG_STATE_HOME", "/x/state", 1);
	setenv("HOME", "/h/joe", 1);
	ok(!parse(&o, &why, "watch mnt") && o.state && o.state[0] == '/');
	if (geteuid() == 0) {
		ok(strcmp(o.state, "/x/state/pxefs") && strcmp(o.state, "/h/joe/.local/state/pxefs"));
	} else {
		ok(is_text(o.state, "/x/state/pxefs"));
		options_free(&o);
		setenv("XDG_STATE_HOME", "relative", 1);
		ok(!parse(&o, &why, "watch mnt") && is_text(o.state, "/h/joe/.local/state/pxefs"));
		options_free(&o);
		unsetenv("XDG_STATE_HOME");
		unsetenv("HOME");
		ok(!parse(&o, &why, "watch mnt") && is_text(o.state, ""));
	}
	options_free(&o);
}

/* --- what is wrong ----------------------------------------------------------------------------- */

static const struct {
	const char *line, *says;
} wrong[] = {
	{"", "WATCHDIR"},
	{"watch", "WATCHDIR and MOUNTPOINT"},
	{"watch mnt other", "WATCHDIR and MOUNTPOINT"},
	{"--list", "WATCHDIR"},
	{"--list watch mnt", "WATCHDIR"},
	{"--explain", "FILE.iso"},
	{"-x watch mnt", "-x"},
	{"-fx watch mnt", "-x"},
	{"-xf watch mnt", "-x"},
	{"--what watch mnt", "--what"},
	{"--list=watch", "--list=watch"},
	{"watch mnt -o", "-o"},
	{"watch mnt -o nonsense", "nonsense"},
	{"watch mnt -o nonsense=5", "nonsense"},
	{"watch mnt -o Server=10.0.0.1", "Server"},
	{"watch mnt -o server", "server wants a value: server=ADDR"},
	{"watch mnt -o server=", "server wants a value"},
	{"watch mnt -o server=host.example", "host.example"},
	{"watch mnt -o server=::1", "IPv4"},
	{"watch mnt -o nfs", "nfs=PATH"},
	{"watch mnt -o nfs=", "nfs wants a value"},
	{"watch mnt -o nfs=relative", "absolute"},
	{"watch mnt -o nfs=/a/../b", "nfs=/a/../b"},
	{"watch mnt -o http=https://x/", "http://"},
	{"watch mnt -o http=http://", "host"},
	{"watch mnt -o timeout", "timeout=SECONDS"},
	{"watch mnt -o timeout=", "number of seconds"},
	{"watch mnt -o menu-timeout=never", "number of seconds"},
	{"watch mnt -o menu-default=", "menu-default wants a value"},
	{"watch mnt -o menu-default", "menu-default"},
	{"watch mnt -o menu-default=a;b", "menu-default=a;b"},
	{"watch mnt -o menu-default=../x", "menu-default=../x"},
	{"watch mnt -o timeout=-1", "number of seconds"},
	{"watch mnt -o timeout=+1", "number of seconds"},
	{"watch mnt -o timeout=1s", "number of seconds"},
	{"watch mnt -o timeout=0x10", "number of seconds"},
	{"watch mnt -o grace=2147483648", "number of seconds"},
	{"watch mnt -o poll=99999999999999999999", "number of seconds"},
	{"watch mnt -o symfollow=yes", "symfollow takes no value"},
	{"watch absent", "MOUNTPOINT absent"},
	{"watch file.iso", "not a directory"},
	{"file.iso mnt", "not a directory"},
	/* places */
	{"mnt/inside mnt", "below MOUNTPOINT"},
	{"mnt mnt", "below MOUNTPOINT"},
	{"mnt-link mnt", "below MOUNTPOINT"},
	{"watch mnt-link/../watch/sub", "below WATCHDIR"},
	{"watch watch/sub", "below WATCHDIR"},
	{". mnt", "below WATCHDIR"},
	{"/ mnt", "below WATCHDIR"},
	{"mnt/not/there mnt", "below MOUNTPOINT"},
	{"mnt-link/not/there mnt", "below MOUNTPOINT"},
	{"watch mnt -o loader=mnt/inside", "loader directory"},
	{"watch mnt -o loader=mnt", "loader directory"},
	{"watch mnt -o loader=mnt-link/new", "loader directory"},
	{"watch mnt -o state=mnt/inside", "state directory"},
	{"watch mnt -o state=mnt/not/there", "state directory"},
	{"watch mnt -o state=mnt-link/not/there", "state directory"},
	{"watch mnt -o state=other/none/../../mnt/x", "state directory"},
	{"watch mnt -o state=./mnt/./x", "state directory"},
};

static void test_wrong(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct options o;
		struct reason why;
		int r = parse(&o, &why, wrong[i].line);

		tap_ok(r == -EINVAL && strstr(why.text, wrong[i].says) && !strchr(why.text, '\n'),
		       "\"%s\": %d, %s", wrong[i].line, r, why.text);
		options_free(&o);
	}
}

/* Beside is not below, and what begins alike is not the same. */
static void test_beside(void)
{
	static const char *const lines[] = {"watch-more watch", "watch mnt -o state=mnt-2,loader=mnt2",
					    "watch mnt -o state=watch/.state",
					    "watch mnt -o state=mnt/../other"};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct options o;
		struct reason why;
		int r = parse(&o, &why, lines[i]);

		tap_ok(r == 0, "\"%s\": %s", lines[i], why.text);
		options_free(&o);
	}
}

static void test_help(void)
{
	static const char *const names[] = {"server=", "nfs=",	"http[=",    "loader=", "state=", "timeout=",
					    "grace=",  "poll=", "symfollow", "--list",	"--dump", "--explain",
					    "-f",      "-d",	"-s",	     "-h",	"-V"};
	char *text = NULL;
	size_t size, widest = 0;
	FILE *f = open_memstream(&text, &size);

	options_help(f);
	fclose(f);
	for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
		widest = strcspn(p, "\n") > widest ? strcspn(p, "\n") : widest;
	tap_ok(widest <= 80 && size > 500, "help is at most 80 columns wide (%zu)", widest);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		tap_ok(strstr(text, names[i]) != NULL, "help has %s", names[i]);
	free(text);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s/test-options.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir) || chdir(dir) || !getcwd(top, sizeof(top)))
		tap_skip("no temporary directory");
	if (system("mkdir -p watch/sub watch-more mnt/inside mnt-2 mnt2 other && : >file.iso && ln -s mnt "
		   "mnt-link && "
		   "ln -s other link"))
		tap_skip("no files can be made");
	test_plain();
	test_values();
	test_escapes();
	test_mount_words();
	test_modes();
	test_state();
	test_wrong();
	test_beside();
	test_help();
	if (chdir("/") || system("true"))
		return 1;
	snprintf(dir, sizeof(dir), "rm -r '%.4000s'", top);
	if (system(dir))
		printf("# %s stays\n", top);
	return tap_done();
}
